#include "app/record.h"

#include "app/inner.h"
#include "app/reference.h"
#include "app/use.h"
#include "base/text.h"

#include <string.h>

/* FORBIDDEN unless the caller may do "<type>.<verb>". */
static enum ent_code may(const struct ent_call *call, const struct ent_type *type, const char *verb,
                         struct ent_error *error)
{
	return ent_call_may(call, ent_text_format(call->arena, "%s.%s", type->name, verb).ptr,
	                    error);
}

static const struct ent_entity *entity_of(const struct ent_type *type)
{
	const struct ent_entity *entity = ent_entity_of(type);
	assert(entity != NULL);
	return entity;
}

enum ent_code ent_record_get(struct ent_call *call, const struct ent_type *type, ent_id id,
                             void *out, struct ent_error *error)
{
	enum ent_code code = may(call, type, "read", error);
	if (code == ENT_OK) {
		code = ent_record_load(call, type, id, out, error);
	}
	if (code == ENT_OK) {
		code = ent_record_decorate(call, type, out, error);
	}
	return code;
}

/* ---- external ids ---- */

enum ent_code ent_record_external(struct ent_call *call, const struct ent_type *type,
                                  ent_str system, ent_str external_id, ent_id *out,
                                  struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ent_text_format(
			call->arena,
			"SELECT id FROM \"%s\" WHERE external_system = $1 AND external_id = $2",
			type->name),
		ENT_ARGS(ent_arg_text(system), ent_arg_text(external_id)), call->arena, &rows,
		error);
	if (code == ENT_OK) {
		out->value = rows.count > 0 ? rows.first->cell[0].number : 0;
	}
	return code;
}

enum ent_code ent_record_check_external(struct ent_call *call, const struct ent_type *type,
                                        const struct ent_record *before,
                                        const struct ent_record *object,
                                        struct ent_error *error)
{
	if (object->external_id.len == 0 && object->external_system.len == 0) {
		return ENT_OK;
	}
	if (object->external_id.len == 0 || object->external_system.len == 0) {
		ent_note(error, ENT_E_REQUIRED,
		         object->external_id.len == 0 ? "/external_id" : "/external_system",
		         (ent_str){ NULL, 0 }, "give external_system and external_id together");
		return ENT_OK;
	}
	if (before != NULL && ent_str_eq(before->external_id, object->external_id) &&
	    ent_str_eq(before->external_system, object->external_system)) {
		return ENT_OK;
	}
	ent_id other;
	enum ent_code code = ent_record_external(call, type, object->external_system,
	                                         object->external_id, &other, error);
	if (code == ENT_OK && !ent_id_is_none(other) && !ent_id_eq(other, object->id)) {
		ent_note(error, ENT_E_DUPLICATE, "/external_id", object->external_id,
		         "another %s has it; change that one or give another", type->name);
	}
	return code;
}

/* What is checked of every entity, then what is its own. Collects. */
static enum ent_code check(struct ent_call *call, const struct ent_type *type, const void *before,
                           void *object, const struct ent_set *given, struct ent_error *error)
{
	const struct ent_entity *entity = entity_of(type);
	enum ent_code code = ent_reference_check(call, type, before, object, error);
	if (code == ENT_OK && ent_type_is_record(type)) {
		code = ent_record_check_external(call, type, before, object, error);
	}
	if (code == ENT_OK && entity->check != NULL) {
		code = entity->check(call, before, object, given, error);
	}
	return code == ENT_OK ? ent_noted(error) : code;
}

/* ---- create ---- */

enum ent_code ent_record_enter(struct ent_call *call, const struct ent_type *type,
                               const void *object, struct ent_error *error)
{
	const struct ent_record *head = object;
	if (!type->owned || ent_id_is_none(head->account_id)) {
		return ENT_OK;
	}
	bool sees;
	enum ent_code code = ent_call_sees(call, head->account_id, &sees, error);
	if (code == ENT_OK && !sees) {
		char text[ENT_ID_ROOM];
		ent_str id = { text, ent_id_format(head->account_id, "acc", text) };
		return ent_refuse(error, ENT_E_NO_SUCH_RECORD, "/account_id", id,
		                  "there is no such account");
	}
	return code;
}

/* A lock row must not be made for an account that does not exist. */
static enum ent_code lock_account(struct ent_call *call, ent_id account, struct ent_error *error)
{
	bool locked;
	struct ent_rows rows;
	enum ent_code code = ent_call_lock_known(call, account, &locked, error);
	if (code != ENT_OK || locked) {
		return code;
	}
	code = ent_db_run(call->db, ENT_STR("SELECT id FROM account WHERE id = $1"),
	                  ENT_ARGS(ent_arg_id(account)), call->arena, &rows, error);
	return code == ENT_OK && rows.count > 0 ? ent_call_lock(call, account, error) : code;
}

enum ent_code ent_record_create(struct ent_call *call, const struct ent_type *type, void *object,
                                const struct ent_set *given, struct ent_error *error)
{
	const struct ent_entity *entity = entity_of(type);
	struct ent_record *head = object;
	enum ent_code code = may(call, type, "create", error);
	if (code == ENT_OK && entity->prepare != NULL) {
		code = entity->prepare(call, object, error);
	}
	if (code == ENT_OK) {
		code = ent_record_enter(call, type, object, error);
	}
	if (code == ENT_OK && type->owned && !ent_id_is_none(head->account_id)) {
		code = lock_account(call, head->account_id, error);
	}
	if (code == ENT_OK) {
		head->id = ent_app_id(call->app);
		code = check(call, type, NULL, object, given, error);
	}
	if (code == ENT_OK) {
		code = entity->create != NULL
		               ? entity->create(call, object, error)
		               : ent_record_insert(call, type, object, "created", error);
	}
	if (code == ENT_OK) {
		code = ent_record_decorate(call, type, object, error);
	}
	return code;
}

/* ---- update ---- */

enum ent_code ent_record_expect(const struct ent_call *call, int64_t version, int64_t present,
                                struct ent_error *error)
{
	if (version == ENT_VERSION_ANY || version == present) {
		return ENT_OK;
	}
	if (version != ENT_VERSION_LISTED) {
		return ent_fail(error, ENT_E_PRECONDITION_FAILED,
		                "version %lld was expected, it is %lld now", (long long)version,
		                (long long)present);
	}
	for (size_t i = 0; i < call->versions.count; i++) {
		if (call->versions.items[i] == present) {
			return ENT_OK;
		}
	}
	return ent_fail(error, ENT_E_PRECONDITION_FAILED,
	                "it is version %lld now, which is none of those that were expected",
	                (long long)present);
}

enum ent_code ent_record_update(struct ent_call *call, const struct ent_type *type, ent_id id,
                                int64_t version, ent_patch *patch, void *arg, void *out,
                                struct ent_error *error)
{
	const struct ent_entity *entity = entity_of(type);
	struct ent_set given = { { 0 } };
	void *before = NULL;
	enum ent_code code = may(call, type, "update", error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, type, id, version, out, error);
	}
	if (code == ENT_OK) {
		/* Derived fields are there for the patch to be compared with. */
		code = ent_record_decorate(call, type, out, error);
	}
	if (code == ENT_OK) {
		before = ent_record_copy(call->arena, type, out);
		code = patch(arg, call->arena, out, &given, error);
	}
	if (code == ENT_OK) {
		code = check(call, type, before, out, &given, error);
	} else if (before != NULL && error->issue_count > 0) {
		code = ent_record_faults(call, type, before, out, &given, error);
	}
	if (code == ENT_OK) {
		code = entity->update != NULL
		               ? entity->update(call, before, out, error)
		               : ent_record_save(call, type, before, out, "updated", error);
	}
	if (code == ENT_OK) {
		code = ent_record_decorate(call, type, out, error);
	}
	return code;
}

/* ---- delete ---- */

enum ent_code ent_record_delete(struct ent_call *call, const struct ent_type *type, ent_id id,
                                int64_t version, struct ent_error *error)
{
	const struct ent_entity *entity = entity_of(type);
	void *object = ent_arena_alloc(call->arena, 1, type->size, 16);
	enum ent_code code = may(call, type, "delete", error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, type, id, version, object, error);
	}
	if (code == ENT_OK) {
		code = ent_use_refuse(call, type, id, error);
	}
	if (code == ENT_OK) {
		code = entity->remove != NULL ? entity->remove(call, object, error)
		                              : ent_record_remove(call, type, object, error);
	}
	return code;
}
