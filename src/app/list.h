/* list.h - how a list becomes SQL; shared by query.c, list_sql.c, list_cursor.c, list.c. */
#ifndef ENT_APP_LIST_H
#define ENT_APP_LIST_H

#include "app/record.h"

enum { ENT_LIST_ARGS_MAX = 8000 }; /* 1,000 values in up to seven parts, and what sorting needs */

/* A SELECT in the making. */
struct ent_listing {
	struct ent_call *call;
	const struct ent_type *type;
	struct ent_text sql;
	struct ent_value *args; /* ENT_LIST_ARGS_MAX, allocated before the text begins */
	size_t count;
	const struct ent_kept *kept; /* its column stands for its field; NULL: the field's SQL */
	ent_str word;                /* the one that is in it */
	bool is_narrow; /* a reference or a text is given: words do not choose the index */
	const struct ent_kept *overdue; /* only records whose word may be another by now */
};

/* The SQL of a DERIVED field; NULL if it has none. */
const struct ent_derived *ent_derived_of(const struct ent_type *type,
                                         const struct ent_field *field);

/* Turn the values of LIKE conditions into patterns; before the text begins. */
void ent_list_patterns(struct ent_filter *filters, struct ent_arena *arena);
/* A pattern for LIKE … ESCAPE '!', with its wildcards taken literally. */
ent_str ent_list_like(ent_str text, const char *before, const char *after, struct ent_arena *arena);

/* What of the type is kept, if the query asks for it. */
const struct ent_kept *ent_list_kept(const struct ent_type *type, const struct ent_query *query);
/* May a record with this word be in the list, as far as filters of the kept field say? */
bool ent_list_has_word(const struct ent_kept *kept, const struct ent_query *query, ent_str word);

void ent_list_add(struct ent_listing *b, const char *text);
/* " AND <column> IN (…)": the accounts that this caller is bound to; nothing for one who is not. */
void ent_list_scope(const struct ent_principal *who, const char *column, struct ent_text *sql);
/* FROM the table as t, or those of its records that are overdue. */
void ent_list_from(struct ent_listing *b);
/* WHERE: row scope, filters, search. */
void ent_list_where(struct ent_listing *b, const struct ent_query *query, ent_str pattern);
/* A sort key that is never null: nulls come last going up. */
void ent_list_sort_key(struct ent_listing *b, const struct ent_field *field);
/* AND (a, b, id) is beyond the cursor's `keys`. */
void ent_list_beyond(struct ent_listing *b, const struct ent_query *query,
                     const struct ent_value *keys);
void ent_list_order_by(struct ent_listing *b, const struct ent_query *query);

/* The SELECT of a first page and what it is bound to. */
ent_str ent_list_sql(struct ent_call *call, const struct ent_type *type,
                     const struct ent_query *query, const struct ent_value **args, size_t *count);

/* Tells queries apart, so that a cursor is used with its own only. */
uint32_t ent_list_mark(const struct ent_type *type, const struct ent_query *query);
ent_str ent_cursor_make(const struct ent_value *keys, size_t count, uint32_t mark,
                        struct ent_arena *arena);
/* The keys of the query's cursor, one more than it has sorts; false if it is not its own. */
ENT_CHECK bool ent_cursor_read(const struct ent_query *query, uint32_t mark, struct ent_value *keys,
                               struct ent_arena *arena);

#endif
