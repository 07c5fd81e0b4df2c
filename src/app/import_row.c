/* A row becomes a record, or changes one. */
#include "app/import_inner.h"
#include "core/life.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

/* ---- which record is it? ----------------------------------------------------------------- */

static enum ent_code find_own(struct ent_import_work *work, ent_str text, ent_id *out,
                              struct ent_error *error)
{
	const struct ent_type *type = work->reader->object->type;
	struct ent_rows rows;
	ent_id id;
	*out = ENT_ID_NONE;
	if (!ent_id_parse(text, type->prefix, &id)) {
		return ENT_OK;
	}
	enum ent_code code =
		ent_db_run(work->call->db,
	                   ent_text_format(work->call->arena, "SELECT id FROM \"%s\" WHERE id = $1",
	                                   type->name),
	                   ENT_ARGS(ent_arg_id(id)), work->call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		*out = id;
	}
	return code;
}

/* *is_own: found by our own identifier, so that the external one says nothing new. */
static enum ent_code find_present(struct ent_import_work *work, ent_id *out, bool *is_own,
                                  struct ent_error *error)
{
	const struct ent_record *head = work->object;
	ent_str own = work->slots[ENT_SLOT_ID];
	enum ent_code code = ENT_OK;
	*out = ENT_ID_NONE;
	*is_own = false;
	if (head->external_id.len > 0 && ent_str_is(head->external_system, "entitled")) {
		code = find_own(work, head->external_id, out, error);
		*is_own = !ent_id_is_none(*out);
	}
	if (code == ENT_OK && head->external_id.len > 0 && ent_id_is_none(*out)) {
		code = ent_record_external(work->call, work->reader->object->type,
		                           head->external_system, head->external_id, out, error);
	}
	if (code == ENT_OK && own.len > 0 && ent_id_is_none(*out)) {
		code = find_own(work, own, out, error);
		if (code == ENT_OK && ent_id_is_none(*out) && head->external_id.len == 0) {
			ent_note(error, ENT_E_NO_SUCH_RECORD, "/#ID", own, "there is no such %s",
			         work->reader->object->type->name);
		}
	}
	return code;
}

/* ---- what has a past --------------------------------------------------------------------- */

static enum ent_code change_entitlement(struct ent_import_work *work, const void *present,
                                        bool *changed, struct ent_error *error)
{
	return ent_import_change_entitlement(work, present, changed, error);
}

static enum ent_code change_case(struct ent_import_work *work, const void *present, bool *changed,
                                 struct ent_error *error)
{
	return ent_import_change_case(work, present, changed, error);
}

static enum ent_code change_contract(struct ent_import_work *work, const void *present,
                                     bool *changed, struct ent_error *error)
{
	const struct ent_contract *contract = present;
	return ent_import_change_contract(work, contract->id, changed, error);
}

static enum ent_code change_line(struct ent_import_work *work, const void *present, bool *changed,
                                 struct ent_error *error)
{
	const struct ent_contract_line *line = present;
	return ent_import_change_line(work, line->id, changed, error);
}

/* Created with what has been, and brought up to date where the row says more than fields. */
struct past {
	const struct ent_type *type;
	enum ent_code (*create)(struct ent_import_work *work, struct ent_error *error);
	enum ent_code (*change)(struct ent_import_work *work, const void *present, bool *changed,
	                        struct ent_error *error);
};

static const struct past pasts[] = {
	{ &ent_entitlement_type, ent_import_create_entitlement, change_entitlement },
	{ &ent_case_type, ent_import_create_case, change_case },
	{ &ent_contract_type, ent_import_create_contract, change_contract },
	{ &ent_contract_line_type, ent_import_create_line, change_line },
};

static const struct past *past_of(const struct ent_type *type)
{
	for (size_t i = 0; i < ENT_COUNT(pasts); i++) {
		if (pasts[i].type == type) {
			return &pasts[i];
		}
	}
	return NULL;
}

/* ---- create ------------------------------------------------------------------------------ */

/* "account_id" is what it is called, not "account_id is required". */
static void note_required(struct ent_import_work *work, struct ent_error *error)
{
	const struct ent_type *type = work->reader->object->type;
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		bool needed = field->rule == ENT_R_REQUIRED || field->rule == ENT_R_FIXED;
		if (needed && !ent_set_has(&work->given, i) && i != ENT_AT_ID) {
			char pointer[96];
			snprintf(pointer, sizeof(pointer), "/%s", field->name);
			ent_note(error, ENT_E_REQUIRED, pointer, (ent_str){ NULL, 0 },
			         "%s must be given", field->name);
		}
	}
	const struct ent_record *head = work->object;
	if (work->reader->options->from != ENT_FROM_CSV && head->external_id.len == 0) {
		ent_note(error, ENT_E_REQUIRED, "/external_id", (ent_str){ NULL, 0 },
		         "the Id must be given");
	}
}

static enum ent_code create(struct ent_import_work *work, struct ent_error *error)
{
	const struct ent_type *type = work->reader->object->type;
	note_required(work, error);
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	const struct past *past = past_of(type);
	return past != NULL
	               ? past->create(work, error)
	               : ent_record_create(work->call, type, work->object, &work->given, error);
}

/* ---- what differs ------------------------------------------------------------------------ */

/* Names that the row has get its values, the others stay. */
static struct ent_map merge(struct ent_arena *arena, struct ent_map present, struct ent_map given)
{
	struct ent_pair *pairs = ENT_NEW(arena, struct ent_pair, present.count + given.count);
	size_t count = present.count;
	if (present.count > 0) {
		memcpy(pairs, present.pairs, present.count * sizeof(*pairs));
	}
	for (size_t i = 0; i < given.count; i++) {
		size_t at = 0;
		while (at < count && !ent_str_eq(pairs[at].name, given.pairs[i].name)) {
			at++;
		}
		pairs[at] = given.pairs[i];
		count += at == count;
	}
	return (struct ent_map){ pairs, count };
}

/* The same rows, but for what the server makes of them. */
static bool same_rows(const struct ent_field *field, const struct ent_children *a,
                      const struct ent_children *b, struct ent_arena scratch)
{
	const struct ent_type *child = field->child;
	bool same = a->count == b->count;
	for (size_t i = 0; i < a->count && same; i++) {
		const char *x = (const char *)a->items + i * child->size;
		const char *y = (const char *)b->items + i * child->size;
		struct ent_set set = ent_row_diff(child, x, y, scratch);
		for (size_t k = 0; k < child->count && same; k++) {
			same = !ent_set_has(&set, k) || !ent_field_is_read(&child->fields[k]);
		}
	}
	return same;
}

/* Put what the row gives into *to, a copy of what is there; returns what that changes. */
static struct ent_set lay_over(const struct ent_import_work *work, bool is_own, const void *present,
                               void *to, struct ent_arena *arena)
{
	const struct ent_type *type = work->reader->object->type;
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		bool names_it = i == ENT_AT_EXTERNAL_SYSTEM || i == ENT_AT_EXTERNAL_ID;
		if (i == ENT_AT_ID || !ent_set_has(&work->given, i) || (names_it && is_own)) {
			continue;
		}
		const void *from = ent_field_at(field, work->object);
		if (field->kind == ENT_K_MAP) {
			struct ent_map *map = ent_field_at(field, to);
			*map = merge(arena, *map, *(const struct ent_map *)from);
		} else if (field->kind != ENT_K_CHILDREN ||
		           !same_rows(field, ent_field_at(field, present), from, *arena)) {
			ent_field_copy(field, work->object, to);
		}
	}
	struct ent_set set = ent_row_diff(type, present, to, *arena);
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (field->kind == ENT_K_CHILDREN &&
		    ((struct ent_children *)ent_field_at(field, to))->items !=
		            ((struct ent_children *)ent_field_at(field, present))->items) {
			ent_set_add(&set, i);
		}
	}
	return set;
}

/* ---- change ------------------------------------------------------------------------------ */

static void note_fixed(const struct ent_import_work *work, const struct ent_set *changed,
                       struct ent_error *error)
{
	const struct ent_type *type = work->reader->object->type;
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (ent_set_has(changed, i) &&
		    (field->rule == ENT_R_FIXED || field->rule == ENT_R_ONCE)) {
			char pointer[96];
			snprintf(pointer, sizeof(pointer), "/%s", field->name);
			ent_note(error, ENT_E_FIXED, pointer, (ent_str){ NULL, 0 },
			         "it has another value, which cannot be changed");
		}
	}
}

struct patch {
	const struct ent_import_work *work;
	bool is_own;
	struct ent_set without; /* is changed in another way */
};

static enum ent_code patch(void *arg, struct ent_arena *arena, void *object, struct ent_set *given,
                           struct ent_error *error)
{
	const struct patch *p = arg;
	(void)error;
	struct ent_import_work work = *p->work;
	for (size_t k = 0; k < ENT_COUNT(work.given.bits); k++) {
		work.given.bits[k] &= ~p->without.bits[k];
	}
	void *present = ent_record_copy(arena, work.reader->object->type, object);
	(void)lay_over(&work, p->is_own, present, object, arena);
	*given = work.given;
	return ENT_OK;
}

/* Fields that are locked while an entitlement is in force. */
static struct ent_set locked_of(const struct ent_import_work *work, const void *present,
                                const struct ent_set *changed)
{
	const struct ent_type *type = work->reader->object->type;
	struct ent_set out = { { 0 } };
	if (type != &ent_entitlement_type) {
		return out;
	}
	enum ent_entitlement_state state = ((const struct ent_entitlement *)present)->state;
	bool live = state == ENT_ENTITLEMENT_WAITING || state == ENT_ENTITLEMENT_ACTIVE ||
	            state == ENT_ENTITLEMENT_SUSPENDED;
	for (size_t i = 0; i < type->count && live; i++) {
		if (ent_set_has(changed, i) &&
		    ent_life_may_edit(state, ent_str_of(type->fields[i].name)) != ENT_OK) {
			ent_set_add(&out, i);
		}
	}
	return out;
}

static enum ent_code change(struct ent_import_work *work, ent_id id, bool is_own, bool *changed,
                            struct ent_error *error)
{
	const struct ent_type *type = work->reader->object->type;
	struct ent_arena *arena = work->call->arena;
	void *present = ent_arena_alloc(arena, 1, type->size, 16);
	void *out = ent_arena_alloc(arena, 1, type->size, 16);
	enum ent_code code = ent_record_get(work->call, type, id, present, error);
	if (code != ENT_OK) {
		return code;
	}
	void *wanted = ent_record_copy(arena, type, present);
	struct ent_set set = lay_over(work, is_own, present, wanted, arena);
	note_fixed(work, &set, error);
	if ((int64_t)((struct ent_record *)wanted)->metadata.count >
	    type->fields[ENT_AT_METADATA].limit) {
		ent_note(error, ENT_E_LIMIT, "/metadata", (ent_str){ NULL, 0 },
		         "too many pairs together with those that it has");
	}
	code = ent_noted(error);
	struct patch p = { .work = work,
		           .is_own = is_own,
		           .without = locked_of(work, present, &set) };
	if (code == ENT_OK && !ent_set_is_empty(&p.without)) {
		code = ent_import_amend(work, id, &p.without, error);
		*changed = true;
	}
	for (size_t k = 0; k < ENT_COUNT(set.bits); k++) {
		set.bits[k] &= ~p.without.bits[k];
	}
	if (code == ENT_OK && !ent_set_is_empty(&set)) {
		code = ent_record_update(work->call, type, id, 0, patch, &p, out, error);
		*changed = true;
	}
	const struct past *past = past_of(type);
	return code == ENT_OK && past != NULL ? past->change(work, present, changed, error) : code;
}

/* ---- a row ------------------------------------------------------------------------------- */

enum ent_code ent_import_store(struct ent_import_work *work, enum ent_import_status *status,
                               ent_id *out, struct ent_error *error)
{
	struct ent_record *head = work->object;
	bool is_own = false;
	bool changed = false;
	if (head->external_id.len > 0) {
		ent_set_add(&work->given, ENT_AT_EXTERNAL_ID);
		ent_set_add(&work->given, ENT_AT_EXTERNAL_SYSTEM);
	}
	enum ent_code code = find_present(work, out, &is_own, error);
	if (code == ENT_OK) {
		code = ent_noted(error);
	}
	if (code != ENT_OK) {
		return code;
	}
	if (ent_id_is_none(*out)) {
		code = create(work, error);
		*out = head->id;
		*status = ENT_IMPORT_CREATED;
	} else {
		code = change(work, *out, is_own, &changed, error);
		*status = changed ? ENT_IMPORT_UPDATED : ENT_IMPORT_UNCHANGED;
	}
	return code;
}
