#include "app/reference.h"

#include "app/inner.h"
#include "base/text.h"

/* One identifier to be looked up. */
struct wanted {
	const struct ent_type *target;
	ent_id id;
	const char *pointer;
	struct wanted *next;
};

struct gathering {
	struct ent_arena *arena;
	struct wanted *first;
	struct wanted **last;
	size_t count;
};

static void want(struct gathering *all, const struct ent_type *target, ent_id id,
                 const char *prefix, const char *name, int64_t at)
{
	if (ent_id_is_none(id)) {
		return;
	}
	struct wanted *wanted = ENT_NEW(all->arena, struct wanted, 1);
	wanted->target = target;
	wanted->id = id;
	const char *slash = name[0] == '\0' ? "" : "/";
	wanted->pointer =
		at < 0 ? ent_text_format(all->arena, "%s%s%s", prefix, slash, name).ptr
		       : ent_text_format(all->arena, "%s/%s/%lld", prefix, name, (long long)at).ptr;
	*all->last = wanted;
	all->last = &wanted->next;
	all->count++;
}

static void gather(struct gathering *all, const struct ent_type *type, const void *before,
                   const void *object, const char *prefix);

static void gather_field(struct gathering *all, const struct ent_field *field, const void *before,
                         const void *object, const char *prefix)
{
	const void *p = ent_field_at(field, object);
	const void *old = before == NULL ? NULL : ent_field_at(field, before);
	if (field->kind == ENT_K_ID) {
		ent_id id = *(const ent_id *)p;
		if (old == NULL || !ent_id_eq(id, *(const ent_id *)old)) {
			want(all, field->target, id, prefix, field->name, -1);
		}
	} else if (field->kind == ENT_K_IDS) {
		const struct ent_ids *ids = p;
		for (size_t i = 0; i < ids->count; i++) {
			if (old == NULL ||
			    !ent_ids_has(*(const struct ent_ids *)old, ids->items[i])) {
				want(all, field->target, ids->items[i], prefix, field->name,
				     (int64_t)i);
			}
		}
	} else if (field->kind == ENT_K_CHILDREN) {
		const struct ent_children *children = p;
		for (size_t i = 0; i < children->count; i++) {
			const char *nested = ent_text_format(all->arena, "%s/%s/%zu", prefix,
			                                     field->name, i)
			                             .ptr;
			gather(all, field->child, NULL,
			       (const char *)children->items + i * field->child->size, nested);
		}
	}
}

static void gather(struct gathering *all, const struct ent_type *type, const void *before,
                   const void *object, const char *prefix)
{
	for (size_t i = 0; i < type->count; i++) {
		if (ent_field_is_read(&type->fields[i])) {
			gather_field(all, &type->fields[i], before, object, prefix);
		}
	}
}

/* SELECT 0, account_id FROM contact WHERE id = $1 UNION ALL SELECT 1, 0 FROM … */
static ent_str question(const struct gathering *all, struct ent_value *args)
{
	struct ent_text sql = ent_text_begin(all->arena);
	size_t at = 0;
	for (const struct wanted *w = all->first; w != NULL; w = w->next, at++) {
		const char *account = w->target == &ent_account_type ? "id"
		                      : w->target->owned             ? "account_id"
		                                                     : "CAST(0 AS BIGINT)";
		/* by pieces, as it is asked of every record that refers to others */
		ent_text_add(&sql, at > 0 ? ENT_STR(" UNION ALL SELECT CAST(")
		                          : ENT_STR("SELECT CAST("));
		ent_text_int(&sql, (int64_t)at);
		ent_text_add(&sql, ENT_STR(" AS BIGINT), "));
		ent_text_add(&sql, ent_str_of(account));
		ent_text_add(&sql, ENT_STR(" FROM \""));
		ent_text_add(&sql, ent_str_of(w->target->name));
		ent_text_add(&sql, ENT_STR("\" WHERE id = $"));
		ent_text_int(&sql, (int64_t)at + 1);
		args[at] = ent_arg_id(w->id);
	}
	return ent_text_end(&sql);
}

struct judge {
	struct ent_call *call;
	const struct ent_type *type;
	ent_id account; /* of the record that refers; none if it is nobody's */
	struct ent_error *error;
};

static enum ent_code judge(const struct judge *judge, const struct wanted *w,
                           const struct ent_row *found)
{
	char text[ENT_ID_ROOM];
	ent_str id = { text, ent_id_format(w->id, w->target->prefix, text) };
	bool sees = true;
	ent_id account = { found == NULL ? 0 : found->cell[1].number };
	if (!ent_id_is_none(account) && !ent_id_eq(account, judge->account)) {
		enum ent_code code = ent_call_sees(judge->call, account, &sees, judge->error);
		if (code != ENT_OK) {
			return code;
		}
	}
	/* An entitlement may cover the accounts below its own: the decision on coverage tells. */
	bool covers = judge->type == &ent_case_type && w->target == &ent_entitlement_type;
	/* A contract may cover assets of accounts below its own; contract_coverage.c looks. */
	covers = covers ||
	         (judge->type == &ent_contract_coverage_type && w->target == &ent_asset_type);
	if (found == NULL || !sees) {
		ent_note(judge->error, ENT_E_NO_SUCH_RECORD, w->pointer, id, "there is no such %s",
		         w->target->name);
	} else if (judge->type->owned && w->target->owned && !covers &&
	           !ent_id_is_none(judge->account) && !ent_id_eq(account, judge->account)) {
		bool contact =
			w->target == &ent_contact_type && judge->type == &ent_entitlement_type;
		ent_note(judge->error, contact ? ENT_E_FOREIGN_CONTACT : ENT_E_WRONG_ACCOUNT,
		         w->pointer, id, "name one of the same account");
	}
	return ENT_OK;
}

enum { BATCH = 200 }; /* SQLite joins at most 500 SELECTs */

static enum ent_code check_batch(const struct judge *context, struct gathering *batch)
{
	struct ent_rows rows;
	struct ent_value *args = ENT_NEW(batch->arena, struct ent_value, batch->count);
	enum ent_code code = ent_db_run(context->call->db, question(batch, args), args,
	                                batch->count, batch->arena, &rows, context->error);
	size_t at = 0;
	for (const struct wanted *w = batch->first; w != NULL && code == ENT_OK;
	     w = w->next, at++) {
		const struct ent_row *found = rows.first;
		while (found != NULL && found->cell[0].number != (int64_t)at) {
			found = found->next;
		}
		code = judge(context, w, found);
	}
	return code;
}

static enum ent_code check_all(struct judge *context, struct gathering *all)
{
	enum ent_code code = ENT_OK;
	while (all->first != NULL && code == ENT_OK) {
		struct gathering batch = { .arena = all->arena, .first = all->first };
		struct wanted *last = all->first;
		for (batch.count = 1; batch.count < BATCH && last->next != NULL; batch.count++) {
			last = last->next;
		}
		all->first = last->next;
		last->next = NULL;
		code = check_batch(context, &batch);
	}
	return code;
}

enum ent_code ent_reference_check(struct ent_call *call, const struct ent_type *type,
                                  const void *before, const void *object, struct ent_error *error)
{
	struct ent_referrer one = { before, object, "" };
	return ent_reference_check_many(call, type, &one, 1, error);
}

static ent_id account_of(const struct ent_type *type, const void *object)
{
	if (!type->owned) {
		return ENT_ID_NONE;
	}
	return *(const ent_id *)ent_field_at(ent_type_field(type, ENT_STR("account_id")), object);
}

enum ent_code ent_reference_check_many(struct ent_call *call, const struct ent_type *type,
                                       const struct ent_referrer *items, size_t count,
                                       struct ent_error *error)
{
	struct gathering all = { .arena = call->arena };
	struct judge context = { .call = call, .type = type, .error = error };
	all.last = &all.first;
	for (size_t i = 0; i < count; i++) {
		gather(&all, type, items[i].before, items[i].object, items[i].prefix);
		context.account = account_of(type, items[i].object);
	}
	return check_all(&context, &all);
}

enum ent_code ent_reference_check_list(struct ent_call *call, const struct ent_type *type,
                                       const struct ent_reference *first, struct ent_error *error)
{
	struct gathering all = { .arena = call->arena };
	struct judge context = { .call = call, .type = type, .error = error };
	all.last = &all.first;
	for (const struct ent_reference *r = first; r != NULL; r = r->next) {
		want(&all, r->target, r->id, r->pointer, "", -1);
	}
	return check_all(&context, &all);
}
