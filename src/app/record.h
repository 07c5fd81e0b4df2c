/* record.h - what all entities have in common: read, create, change, delete, list.
 *
 * Each entity has a line in entity.c: its permissions and the few functions that
 * are its own. Everything else here works from the descriptor.
 */
#ifndef ENT_APP_RECORD_H
#define ENT_APP_RECORD_H

#include "app/app.h"

/* SQL for a field that is no column, for filters and sorting; "$now" stands for the
 * instant of the call. A test compares it with the pure function. */
struct ent_derived {
	const char *field;
	const char *sql;
};

/* What holds wherever a DERIVED field has one of these words (parted by blanks): said besides, as
 * an index has it. */
struct ent_implied {
	const char *field, *words, *sql;
};

/* The words that a DERIVED field had when the record was last looked at, stored and indexed: they
 * hold until the instant of another column (null: for ever). Lists go by them, and by the SQL of
 * the field for records whose instant has come; so they are right at every instant. `sort`: a field
 * whose only index is one behind the word, so that all that are sorted by it are put together of
 * those of each word. `until` NULL: the field is a column, and lists go by it only for `sort`. */
struct ent_kept {
	const char *field, *column, *until, *sort;
};

struct ent_entity {
	const struct ent_type *type;
	bool creatable, updatable, deletable;
	const struct ent_derived *derived; /* ends with a NULL field */
	const struct ent_kept *kept;       /* of one of them, or NULL */
	const struct ent_implied *implied; /* ends with a NULL field */

	/* The first of a create: whose it is, where that follows from what it belongs to. */
	enum ent_code (*prepare)(struct ent_call *call, void *object, struct ent_error *error);
	/* Normalise and judge what was given: notes issues. `before` is NULL on create. */
	enum ent_code (*check)(struct ent_call *call, const void *before, void *object,
	                       const struct ent_set *given, struct ent_error *error);
	/* Instead of a plain insert, update or delete; `before` as it is stored. */
	enum ent_code (*create)(struct ent_call *call, void *object, struct ent_error *error);
	enum ent_code (*update)(struct ent_call *call, const void *before, void *object,
	                        struct ent_error *error);
	enum ent_code (*remove)(struct ent_call *call, const void *object, struct ent_error *error);
	/* Fill in DERIVED fields and children of loaded objects. */
	enum ent_code (*decorate)(struct ent_call *call, const struct ent_list *objects,
	                          struct ent_error *error);
};

/* NULL if the type is no entity of its own. */
const struct ent_entity *ent_entity_of(const struct ent_type *type);

/* What a change can say instead of the version that it is made to: whatever is there, or one
 * of call->versions. */
enum { ENT_VERSION_ANY = 0, ENT_VERSION_LISTED = -1 };

/* PRECONDITION_FAILED unless the record has the version that was asked for. */
ENT_CHECK enum ent_code ent_record_expect(const struct ent_call *call, int64_t version,
                                          int64_t present, struct ent_error *error);

/* ---- use cases: they ask for the permission "<type>.<verb>" first ------------ */

ENT_CHECK enum ent_code ent_record_get(struct ent_call *call, const struct ent_type *type,
                                       ent_id id, void *out, struct ent_error *error);

/* `object` as read from the border; filled up with what the server makes. */
ENT_CHECK enum ent_code ent_record_create(struct ent_call *call, const struct ent_type *type,
                                          void *object, const struct ent_set *given,
                                          struct ent_error *error);

/* A change: `patch` puts the new values into *object, which holds the present ones,
 * and notes what is wrong. PRECONDITION_FAILED if it is not of that `version`. */
typedef enum ent_code ent_patch(void *arg, struct ent_arena *arena, void *object,
                                struct ent_set *given, struct ent_error *error);
ENT_CHECK enum ent_code ent_record_update(struct ent_call *call, const struct ent_type *type,
                                          ent_id id, int64_t version, ent_patch *patch, void *arg,
                                          void *out, struct ent_error *error);

/* Say besides what else is wrong with a record: *error has issues of fields that could not be read,
 * which are as in *before, or none where that is NULL. Adds what their checks note on the others
 * without having looked at those. Never ENT_OK: as ent_noted(), or STORAGE, BUSY. */
ENT_CHECK enum ent_code ent_record_faults(struct ent_call *call, const struct ent_type *type,
                                          const void *before, void *object,
                                          const struct ent_set *given, struct ent_error *error);

ENT_CHECK enum ent_code ent_record_delete(struct ent_call *call, const struct ent_type *type,
                                          ent_id id, int64_t version, struct ent_error *error);

/* The id of the record with this external id, or none. */
ENT_CHECK enum ent_code ent_record_external(struct ent_call *call, const struct ent_type *type,
                                            ent_str system, ent_str external_id, ent_id *out,
                                            struct ent_error *error);

/* Notes if only one of external_system and external_id is given, or another record has them. */
ENT_CHECK enum ent_code ent_record_check_external(struct ent_call *call,
                                                  const struct ent_type *type,
                                                  const struct ent_record *before,
                                                  const struct ent_record *object,
                                                  struct ent_error *error);

/* ---- for use cases -------------------------------------------------------------- */

/* Load with children, without permission but with row scope, undecorated. NOT_FOUND. */
ENT_CHECK enum ent_code ent_record_load(struct ent_call *call, const struct ent_type *type,
                                        ent_id id, void *out, struct ent_error *error);
/* Load a record to change it: takes its account's lock before it reads. */
ENT_CHECK enum ent_code ent_record_hold(struct ent_call *call, const struct ent_type *type,
                                        ent_id id, int64_t version, void *out,
                                        struct ent_error *error);
/* Insert with children and an event ("<type>.<verb>"); makes id, version, instants. */
ENT_CHECK enum ent_code ent_record_insert(struct ent_call *call, const struct ent_type *type,
                                          void *object, const char *verb, struct ent_error *error);
/* Write what differs from `before`, children too, with an event; raises the version.
 * Nothing differs: nothing is written. */
ENT_CHECK enum ent_code ent_record_save(struct ent_call *call, const struct ent_type *type,
                                        const void *before, void *object, const char *verb,
                                        struct ent_error *error);
ENT_CHECK enum ent_code ent_record_remove(struct ent_call *call, const struct ent_type *type,
                                          const void *object, struct ent_error *error);
/* Read the rows of every CHILDREN field of `objects` (one query a kind). */
ENT_CHECK enum ent_code ent_record_children(struct ent_call *call, const struct ent_type *type,
                                            const struct ent_list *objects,
                                            struct ent_error *error);
/* Write the rows of every CHILDREN field that differ from `before` (NULL: there are none);
 * adds the fields that did to *changed. ent_record_insert() and _save() do it. */
ENT_CHECK enum ent_code ent_record_save_children(struct ent_call *call,
                                                 const struct ent_type *type,
                                                 const void *before, void *object,
                                                 struct ent_set *changed,
                                                 struct ent_error *error);
ENT_CHECK enum ent_code ent_record_decorate(struct ent_call *call, const struct ent_type *type,
                                            void *object, struct ent_error *error);
/* Let the caches forget what hangs on this record; the functions above do it. */
void ent_record_touch(struct ent_call *call, const struct ent_type *type, const void *object);
/* The fields that differ, those with rows too. */
struct ent_set ent_record_diff(const struct ent_type *type, const void *a, const void *b,
                               struct ent_arena scratch);
/* A copy that shares texts: what `before` is made with. */
void *ent_record_copy(struct ent_arena *arena, const struct ent_type *type, const void *object);

/* Append an event to the chain of `account` (none: the organisation's). `before` and
 * `after` are JSON objects or no text. */
ENT_CHECK enum ent_code ent_event_append(struct ent_call *call, ent_id account,
                                         const struct ent_type *subject, ent_id id,
                                         const char *verb, ent_str before, ent_str after,
                                         struct ent_error *error);

struct ent_occurrence {
	ent_id account;
	const struct ent_type *subject;
	ent_id id;
	ent_id case_id; /* the case that the subject hangs on, or none */
	const char *verb;
	ent_str before, after;
};

/* The same for a record that may hang on a case: webhooks tell of it in the order of that case. */
ENT_CHECK enum ent_code ent_event_tell(struct ent_call *call, const struct ent_occurrence *what,
                                       struct ent_error *error);
/* The hash of an event: BLAKE2b-256 in hex over prev_hash and every other column. */
ent_str ent_event_hash(const struct ent_event *event, struct ent_arena *arena);

/* ---- lists ------------------------------------------------------------------------ */

enum ent_filter_op {
	ENT_OP_EQ, ENT_OP_NE, ENT_OP_GT, ENT_OP_GTE, ENT_OP_LT, ENT_OP_LTE,
	ENT_OP_IN, ENT_OP_NOT_IN, ENT_OP_CONTAINS, ENT_OP_STARTS_WITH, ENT_OP_NULL
};

struct ent_filter {
	const struct ent_field *field;
	enum ent_filter_op op;
	const struct ent_value *values; /* in the column's form */
	size_t count;
	struct ent_filter *next;
};

struct ent_sort {
	const struct ent_field *field;
	bool descending;
};

enum { ENT_SORT_MAX = 3, ENT_LIMIT_DEFAULT = 50, ENT_LIMIT_MAX = 200 };
enum { ENT_PATIENCE_MS = 5000 }; /* of lists by the API */

struct ent_query {
	struct ent_filter *filters;
	struct ent_sort sort[ENT_SORT_MAX]; /* then by id in the last one's direction */
	size_t sort_count;                  /* 0: newest first */
	ent_str search;                     /* q */
	int64_t limit;
	ent_str cursor;                     /* a next_cursor; empty: from the start */
	bool wants_total;
	int64_t patience_ms;                /* longer: TOO_SLOW; 0: as long as it takes */
};

struct ent_page {
	struct ent_list list;
	bool has_more;
	ent_str next_cursor;
	int64_t total; /* -1 unless asked for */
};

/* Filters and sorts of a query from their texts; notes BAD_FILTER issues under
 * the parameter's name. Used by the API and by exports. */
void ent_query_filter(struct ent_query *query, const struct ent_type *type, ent_str name,
                      ent_str op, ent_str value, struct ent_arena *arena,
                      struct ent_error *error);
bool ent_field_is_filterable(const struct ent_type *type, const struct ent_field *field);
bool ent_field_is_sortable(const struct ent_type *type, const struct ent_field *field);
void ent_query_sort(struct ent_query *query, const struct ent_type *type, ent_str text,
                    struct ent_error *error);

ENT_CHECK enum ent_code ent_record_list(struct ent_call *call, const struct ent_type *type,
                                        const struct ent_query *query, struct ent_page *out,
                                        struct ent_error *error);

/* Records by their ids, in no order; those out of scope are left out. For `expand`. */
ENT_CHECK enum ent_code ent_record_by_ids(struct ent_call *call, const struct ent_type *type,
                                          struct ent_ids ids, struct ent_list *out,
                                          struct ent_error *error);

#endif
