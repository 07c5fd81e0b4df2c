#include "app/record.h"

#include "app/contract.h"
#include "app/import_job.h"
#include "app/inner.h"
#include "app/pile.h"
#include "app/sla.h"
#include "app/sla_cache.h"
#include "app/view.h"
#include "base/text.h"
#include "core/life.h"
#include "json/json.h"

#include <string.h>

static struct ent_record *head_of(const void *object)
{
	return (struct ent_record *)(uintptr_t)object;
}

/* The account whose chain an event of this record goes to. */
static ent_id chain_of(const struct ent_type *type, const void *object)
{
	if (type == &ent_account_type) {
		return head_of(object)->id;
	}
	if (!type->owned) {
		return ENT_ID_NONE;
	}
	return *(const ent_id *)ent_field_at(ent_type_field(type, ENT_STR("account_id")), object);
}

void *ent_record_copy(struct ent_arena *arena, const struct ent_type *type, const void *object)
{
	return memcpy(ent_arena_alloc(arena, 1, type->size, 16), object, type->size);
}

static bool same_children(const struct ent_field *field, const void *a, const void *b,
                          struct ent_arena scratch)
{
	const struct ent_children *x = ent_field_at(field, a);
	const struct ent_children *y = ent_field_at(field, b);
	bool same = x->count == y->count;
	for (size_t i = 0; same && x->items != y->items && i < x->count; i++) {
		struct ent_set set =
			ent_row_diff(field->child, (const char *)x->items + i * field->child->size,
		                     (const char *)y->items + i * field->child->size, scratch);
		same = ent_set_is_empty(&set);
	}
	return same;
}

struct ent_set ent_record_diff(const struct ent_type *type, const void *a, const void *b,
                               struct ent_arena scratch)
{
	struct ent_set set = ent_row_diff(type, a, b, scratch);
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (field->kind == ENT_K_CHILDREN && !same_children(field, a, b, scratch)) {
			ent_set_add(&set, i);
		}
	}
	return set;
}

/* ---- children ---- */

/* The field of a child that refers to its parent. */
static const struct ent_field *parent_field(const struct ent_type *child,
                                            const struct ent_type *parent)
{
	for (size_t i = 0; i < child->count; i++) {
		const struct ent_field *field = &child->fields[i];
		bool hidden = field->rule == ENT_R_HIDDEN || field->rule == ENT_R_SERVER;
		if (field->kind == ENT_K_ID && field->target == parent && hidden) {
			return field;
		}
	}
	assert(false);
	return NULL;
}

static enum ent_code insert_child(struct ent_call *call, const struct ent_type *parent,
                                  const void *object, const struct ent_type *child, void *item,
                                  struct ent_error *error)
{
	ent_id *id = item; /* every child begins with its id */
	if (ent_id_is_none(*id)) {
		*id = ent_app_id(call->app);
	}
	*(ent_id *)ent_field_at(parent_field(child, parent), item) = head_of(object)->id;
	if (child->owned) {
		const struct ent_field *account = ent_type_field(child, ENT_STR("account_id"));
		*(ent_id *)ent_field_at(account, item) = head_of(object)->account_id;
	}
	return ent_pile_record(call, child, item, NULL, error);
}

static void *child_by_id(const struct ent_field *field, const void *object, ent_id id)
{
	struct ent_children children = *(struct ent_children *)ent_field_at(field, object);
	for (size_t i = 0; i < children.count; i++) {
		ent_id *item = (ent_id *)((char *)children.items + i * field->child->size);
		if (ent_id_eq(*item, id)) {
			return item;
		}
	}
	return NULL;
}

/* Make the rows of one CHILDREN field what `object` has; `before` NULL: there are none.
 * *changed tells whether anything differed. */
static enum ent_code save_children(struct ent_call *call, const struct ent_type *type,
                                   const struct ent_field *field, const void *before, void *object,
                                   bool *changed, struct ent_error *error)
{
	const struct ent_type *child = field->child;
	struct ent_children now = *(struct ent_children *)ent_field_at(field, object);
	struct ent_children then = { NULL, 0 };
	if (before != NULL) {
		then = *(struct ent_children *)ent_field_at(field, before);
	}
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < then.count && code == ENT_OK; i++) {
		const void *item = (char *)then.items + i * child->size;
		if (child_by_id(field, object, *(const ent_id *)item) == NULL) {
			code = ent_row_delete(call->db, child, item, call->arena, error);
			*changed = true;
		}
	}
	for (size_t i = 0; i < now.count && code == ENT_OK; i++) {
		void *item = (char *)now.items + i * child->size;
		const void *old = before == NULL || ent_id_is_none(*(ent_id *)item)
		                          ? NULL
		                          : child_by_id(field, before, *(ent_id *)item);
		if (old == NULL) {
			code = insert_child(call, type, object, child, item, error);
			*changed = true;
			continue;
		}
		struct ent_set set = ent_row_diff(child, old, item, *call->arena);
		if (!ent_set_is_empty(&set)) {
			code = ent_pile_record(call, child, item, &set, error);
			*changed = true;
		}
	}
	return code;
}

enum ent_code ent_record_save_children(struct ent_call *call, const struct ent_type *type,
                                       const void *before, void *object, struct ent_set *changed,
                                       struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < type->count && code == ENT_OK; i++) {
		bool differs = false;
		if (type->fields[i].kind == ENT_K_CHILDREN) {
			code = save_children(call, type, &type->fields[i], before, object, &differs,
			                     error);
		}
		if (differs) {
			ent_set_add(changed, i);
		}
	}
	return code;
}

/* The objects' ids, or those of the accounts that own them, without repeating the last. */
static struct ent_ids ids_of(const struct ent_type *type, const struct ent_list *objects,
                             bool accounts, struct ent_arena *arena)
{
	ent_id *ids = ENT_NEW(arena, ent_id, objects->count);
	size_t count = 0;
	for (size_t i = 0; i < objects->count; i++) {
		const struct ent_record *object =
			head_of((const char *)objects->items + i * type->size);
		ent_id id = accounts ? object->account_id : object->id;
		if (count == 0 || !ent_id_eq(ids[count - 1], id)) {
			ids[count++] = id;
		}
	}
	return (struct ent_ids){ ids, count };
}

/* "WHERE parent_id IN ($1, $2) AND account_id IN ($3) ORDER BY id" */
static enum ent_code select_children(struct ent_call *call, const struct ent_field *parent,
                                     const struct ent_type *type, const struct ent_type *child,
                                     const struct ent_list *objects, struct ent_list *out,
                                     struct ent_error *error)
{
	struct ent_value *args = ENT_NEW(call->arena, struct ent_value, 2 * ENT_IDS_ROOM);
	struct ent_ids ids = ids_of(type, objects, false, call->arena);
	struct ent_ids accounts = ids_of(type, objects, true, call->arena);
	struct ent_text tail = ent_text_begin(call->arena);
	ent_text_addf(&tail, "WHERE t.%s IN (", parent->name);
	size_t n = ent_args_ids(&tail, args, 0, ids);
	if (type->owned) {
		ent_text_add(&tail, ENT_STR(") AND t.account_id IN ("));
		n = ent_args_ids(&tail, args, n, accounts);
	}
	ent_text_add(&tail, ENT_STR(") ORDER BY t.id"));
	return ent_row_select(call->db, child, ent_text_end(&tail), args, n, call->arena, out,
	                      error);
}

static bool is_of(const struct ent_field *parent, const void *item, const void *object)
{
	return ent_id_eq(*(const ent_id *)ent_field_at(parent, item), head_of(object)->id);
}

static void hand_out(const struct ent_field *field, const struct ent_field *parent,
                     const struct ent_list *rows, const struct ent_type *type,
                     const struct ent_list *objects, struct ent_arena *arena)
{
	size_t size = field->child->size;
	for (size_t k = 0; k < objects->count; k++) {
		void *object = (char *)objects->items + k * type->size;
		size_t count = 0;
		for (size_t i = 0; i < rows->count; i++) {
			count += is_of(parent, (const char *)rows->items + i * size, object);
		}
		char *items = ent_arena_alloc(arena, count, size, 16);
		size_t n = 0;
		for (size_t i = 0; i < rows->count; i++) {
			const char *item = (const char *)rows->items + i * size;
			if (is_of(parent, item, object)) {
				memcpy(items + n++ * size, item, size);
			}
		}
		*(struct ent_children *)ent_field_at(field, object) =
			(struct ent_children){ items, count };
	}
}

enum ent_code ent_record_children(struct ent_call *call, const struct ent_type *type,
                                  const struct ent_list *objects, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < type->count && code == ENT_OK && objects->count > 0; i++) {
		const struct ent_field *field = &type->fields[i];
		if (field->kind != ENT_K_CHILDREN) {
			continue;
		}
		const struct ent_field *parent = parent_field(field->child, type);
		struct ent_list rows;
		code = select_children(call, parent, type, field->child, objects, &rows, error);
		if (code == ENT_OK) {
			hand_out(field, parent, &rows, type, objects, call->arena);
		}
	}
	return code;
}

/* ---- loading ---- */

static enum ent_code not_found(const struct ent_type *type, ent_id id, struct ent_error *error)
{
	char text[ENT_ID_ROOM];
	ent_id_format(id, type->prefix, text);
	return ent_fail(error, ENT_E_NOT_FOUND, "there is no %s %s", type->name, text);
}

/* Outside of the caller's scope a record does not exist. */
static enum ent_code in_scope(struct ent_call *call, const struct ent_type *type,
                              const void *object, struct ent_error *error)
{
	if (type == &ent_case_comment_type && call->who->role == ENT_ROLE_CUSTOMER &&
	    ((const struct ent_case_comment *)object)->internal) {
		return not_found(type, *(const ent_id *)object, error);
	}
	if (type == &ent_view_type && !ent_view_is_seen(call, object)) {
		return not_found(type, *(const ent_id *)object, error);
	}
	if (type == &ent_import_job_type && !ent_import_job_is_seen(call, object)) {
		return not_found(type, *(const ent_id *)object, error);
	}
	if (call->who->accounts.count == 0 || (!type->owned && type != &ent_account_type)) {
		return ENT_OK;
	}
	bool sees;
	enum ent_code code = ent_call_sees(call, chain_of(type, object), &sees, error);
	if (code == ENT_OK && !sees) {
		code = not_found(type, *(const ent_id *)object, error);
	}
	return code;
}

enum ent_code ent_record_load(struct ent_call *call, const struct ent_type *type, ent_id id,
                              void *out, struct ent_error *error)
{
	enum ent_code code = ent_row_get(call->db, type, ENT_ID_NONE, id, call->arena, out, error);
	if (code == ENT_E_NOT_FOUND) {
		return not_found(type, id, error);
	}
	if (code == ENT_OK) {
		code = in_scope(call, type, out, error);
	}
	if (code == ENT_OK) {
		struct ent_list one = { out, 1 };
		code = ent_record_children(call, type, &one, error);
	}
	return code;
}

enum ent_code ent_record_hold(struct ent_call *call, const struct ent_type *type, ent_id id,
                              int64_t version, void *out, struct ent_error *error)
{
	/* Whose is it? An account never changes, so this may be read before the lock. */
	enum ent_code code = ent_row_get(call->db, type, ENT_ID_NONE, id, call->arena, out, error);
	if (code == ENT_E_NOT_FOUND) {
		return not_found(type, id, error);
	}
	if (code == ENT_OK) {
		code = in_scope(call, type, out, error);
	}
	if (code == ENT_OK) {
		code = ent_call_lock(call, chain_of(type, out), error);
	}
	if (code == ENT_OK) {
		code = ent_record_load(call, type, id, out, error);
	}
	return code == ENT_OK ? ent_record_expect(call, version, head_of(out)->version, error)
	                      : code;
}

enum ent_code ent_record_decorate(struct ent_call *call, const struct ent_type *type, void *object,
                                  struct ent_error *error)
{
	const struct ent_entity *entity = ent_entity_of(type);
	struct ent_list one = { object, 1 };
	return entity == NULL || entity->decorate == NULL ? ENT_OK
	                                                  : entity->decorate(call, &one, error);
}

/* ---- saving ---- */

/* The fields in `set` as a JSON object: what an event shows. Hidden ones stay hidden. */
static ent_str as_json(struct ent_call *call, const struct ent_type *type, const void *object,
                       const struct ent_set *set)
{
	struct ent_text text = ent_text_begin(call->arena);
	ent_json_write(type, object, set, &text);
	return ent_text_end(&text);
}

/* What a new record holds that is not empty. */
static struct ent_set filled(const struct ent_type *type, const void *object,
                             struct ent_arena scratch)
{
	void *empty = ent_arena_alloc(&scratch, 1, type->size, 16);
	ent_type_clear(type, empty);
	struct ent_set set = ent_row_diff(type, empty, object, scratch);
	for (size_t i = 0; i < type->count; i++) {
		if (type->fields[i].kind == ENT_K_CHILDREN &&
		    ((struct ent_children *)ent_field_at(&type->fields[i], object))->count > 0) {
			ent_set_add(&set, i);
		}
	}
	return set;
}

static ent_id case_of(const struct ent_type *type, const void *object)
{
	if (type == &ent_case_comment_type) {
		return ((const struct ent_case_comment *)object)->case_id;
	}
	return type == &ent_case_activity_type ? ((const struct ent_case_activity *)object)->case_id
	                                       : ENT_ID_NONE;
}

static enum ent_code tell(struct ent_call *call, const struct ent_type *type, const void *object,
                          const char *verb, ent_str before, ent_str after, struct ent_error *error)
{
	struct ent_occurrence what = {
		.account = chain_of(type, object),
		.subject = type,
		.id = head_of(object)->id,
		.case_id = case_of(type, object),
		.verb = verb,
		.before = before,
		.after = after,
	};
	return ent_event_tell(call, &what, error);
}

enum ent_code ent_record_insert(struct ent_call *call, const struct ent_type *type, void *object,
                                const char *verb, struct ent_error *error)
{
	struct ent_record *head = object;
	if (ent_id_is_none(head->id)) {
		head->id = ent_app_id(call->app);
	}
	head->version = 1;
	head->created_at = call->now;
	head->updated_at = call->now;
	if (type == &ent_entitlement_type) { /* it may be a copy of another one */
		struct ent_entitlement *e = object;
		e->kept_state = ent_life_state(e, call->now);
	}
	ent_id account = chain_of(type, object);
	enum ent_code code = ent_call_lock(call, account, error);
	if (code == ENT_OK) {
		code = ent_pile_record(call, type, object, NULL, error);
	}
	struct ent_set children = { { 0 } };
	if (code == ENT_OK) {
		code = ent_record_save_children(call, type, NULL, object, &children, error);
	}
	if (code == ENT_OK) {
		struct ent_set set = filled(type, object, *call->arena);
		code = tell(call, type, object, verb, (ent_str){ NULL, 0 },
		            as_json(call, type, object, &set), error);
	}
	ent_record_touch(call, type, object);
	return code;
}

enum ent_code ent_record_save(struct ent_call *call, const struct ent_type *type,
                              const void *before, void *object, const char *verb,
                              struct ent_error *error)
{
	struct ent_record *head = object;
	struct ent_set set = ent_row_diff(type, before, object, *call->arena);
	enum ent_code code = ent_record_save_children(call, type, before, object, &set, error);
	if (code != ENT_OK || ent_set_is_empty(&set)) {
		return code;
	}
	head->version++;
	head->updated_at = call->now;
	struct ent_set columns = set;
	ent_set_add(&columns, ENT_AT_VERSION);
	ent_set_add(&columns, ENT_AT_UPDATED_AT);
	code = ent_pile_record(call, type, object, &columns, error);
	if (code == ENT_OK) {
		code = tell(call, type, object, verb, as_json(call, type, before, &set),
		            as_json(call, type, object, &set), error);
	}
	if (code == ENT_OK) {
		code = ent_sla_saved(call, type, head->id, &set, error);
	}
	ent_record_touch(call, type, object);
	return code;
}

enum ent_code ent_record_remove(struct ent_call *call, const struct ent_type *type,
                                const void *object, struct ent_error *error)
{
	enum ent_code code = ent_row_delete(call->db, type, object, call->arena, error);
	struct ent_rows none;
	if (code == ENT_OK) { /* an adapter may have put it off: whether it worked shows now */
		code = ent_db_run(call->db, ENT_STR("SELECT 1"), NULL, 0, call->arena, &none,
		                  error);
	}
	if (code == ENT_E_CONFLICT) {
		return ent_fail(error, ENT_E_IN_USE, "other records refer to this %s", type->name);
	}
	if (code == ENT_OK) {
		struct ent_set set = filled(type, object, *call->arena);
		code = tell(call, type, object, "deleted", as_json(call, type, object, &set),
		            (ent_str){ NULL, 0 }, error);
	}
	ent_record_touch(call, type, object);
	return code;
}

void ent_record_touch(struct ent_call *call, const struct ent_type *type, const void *object)
{
	bool people = type == &ent_user_type || type == &ent_api_key_type ||
	              type == &ent_settings_type || type == &ent_webhook_endpoint_type;
	if (people) {
		ent_call_touch(call, (ent_id){ ENT_CACHE_PEOPLE });
	}
	if (type == &ent_account_type || type == &ent_contact_type || type == &ent_product_type ||
	    type == &ent_asset_type || type == &ent_calendar_type) {
		ent_call_touch(call, head_of(object)->id);
	}
	if (type == &ent_entitlement_type || type == &ent_contract_type ||
	    type == &ent_contract_line_type || type == &ent_contract_coverage_type) {
		ent_call_touch(call, head_of(object)->account_id);
	}
	if (type == &ent_contract_type || type == &ent_contract_line_type) {
		ent_contract_changed(call, type, object);
	}
	if (type == &ent_sla_policy_type || type == &ent_sla_policy_version_type) {
		ent_call_touch(call, head_of(object)->id);
		ent_call_touch(call, (ent_id){ ENT_CACHE_SLA });
		ent_sla_call_forget(call);
	}
}
