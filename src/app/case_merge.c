#include "app/action.h"
#include "app/case.h"
#include "base/text.h"
#include "json/json.h"

#include <stdio.h>

struct merging {
	struct ent_charging charging;
	struct ent_case *target;
	struct ent_ids ids; /* of what is merged into it */
	struct ent_list list;
};

/* ---- may they be merged? ------------------------------------------------------------------ */

/* Each of them once. Notes the target itself. */
static struct ent_ids wanted(struct ent_call *call, const struct ent_case *target,
                             struct ent_ids given, struct ent_error *error)
{
	ent_id *items = ENT_NEW(call->arena, ent_id, given.count);
	struct ent_ids ids = { items, 0 };
	for (size_t i = 0; i < given.count; i++) {
		if (ent_id_eq(given.items[i], target->id)) {
			char pointer[32];
			snprintf(pointer, sizeof(pointer), "/cases/%zu", i);
			ent_note(error, ENT_E_CYCLE, pointer, target->number,
			         "a case cannot be merged into itself");
		} else if (!ent_ids_has(ids, given.items[i])) {
			items[ids.count++] = given.items[i];
		}
	}
	if (given.count == 0) {
		ent_note(error, ENT_E_REQUIRED, "/cases", (ent_str){ NULL, 0 },
		         "name the cases to merge");
	}
	return ids;
}

static void add_ids(struct ent_text *text, struct ent_ids ids)
{
	for (size_t i = 0; i < ids.count; i++) {
		ent_text_addf(text, "%s%lld", i > 0 ? ", " : "(", (long long)ids.items[i].value);
	}
	ent_text_char(text, ')');
}

/* Those of other accounts are not found by ent_case_select(): tell them from none at all. */
static enum ent_code judge_missing(struct ent_call *call, ent_id id, const char *pointer,
                                   struct ent_error *error)
{
	struct ent_case other;
	struct ent_error unused = { .code = ENT_OK };
	char text[ENT_ID_ROOM];
	ent_str value = { text, ent_id_format(id, "cas", text) };
	enum ent_code code = ent_record_load(call, &ent_case_type, id, &other, &unused);
	if (code == ENT_OK) {
		ent_note(error, ENT_E_WRONG_ACCOUNT, pointer, value,
		         "only cases of one account can be merged");
	} else if (code == ENT_E_NOT_FOUND) {
		ent_note(error, ENT_E_NO_SUCH_RECORD, pointer, value, "there is no such case");
	} else {
		*error = unused;
		return code;
	}
	return ENT_OK;
}

static struct ent_case *find(const struct merging *merging, ent_id id)
{
	struct ent_case *items = merging->list.items;
	for (size_t i = 0; i < merging->list.count; i++) {
		if (ent_id_eq(items[i].id, id)) {
			return &items[i];
		}
	}
	return NULL;
}

static enum ent_code load_cases(struct merging *merging, struct ent_ids given,
                                struct ent_error *error)
{
	struct ent_call *call = merging->charging.call;
	merging->ids = wanted(call, merging->target, given, error);
	if (merging->ids.count == 0) {
		return ent_noted(error);
	}
	struct ent_text condition = ent_text_begin(call->arena);
	ent_text_add(&condition, ENT_STR("AND t.id IN "));
	add_ids(&condition, merging->ids);
	enum ent_code code = ent_case_select(call, merging->target->account_id,
	                                     ent_text_end(&condition), &merging->list, error);
	for (size_t i = 0; i < given.count && code == ENT_OK; i++) {
		char pointer[32];
		snprintf(pointer, sizeof(pointer), "/cases/%zu", i);
		const struct ent_case *c = find(merging, given.items[i]);
		if (c == NULL && !ent_id_eq(given.items[i], merging->target->id)) {
			code = judge_missing(call, given.items[i], pointer, error);
		} else if (c != NULL && !ent_id_is_none(c->merged_into_id)) {
			ent_note(error, ENT_E_STATE, pointer, c->number,
			         "it was merged into another one already");
		}
	}
	return code == ENT_OK ? ent_noted(error) : code;
}

/* ---- moving what hangs on them --------------------------------------------------------------- */

/* Comments or activities, whose field case_id is at `offset`. */
static enum ent_code move_rows(struct merging *merging, const struct ent_type *type, size_t offset,
                               struct ent_error *error)
{
	struct ent_call *call = merging->charging.call;
	struct ent_text tail = ent_text_begin(call->arena);
	ent_text_add(&tail, ENT_STR("WHERE t.account_id = $1 AND t.case_id IN "));
	add_ids(&tail, merging->ids);
	ent_text_add(&tail, ENT_STR(" ORDER BY t.id"));
	struct ent_list rows;
	enum ent_code code = ent_row_select(call->db, type, ent_text_end(&tail),
	                                    ENT_ARGS(ent_arg_id(merging->target->account_id)),
	                                    call->arena, &rows, error);
	for (size_t i = 0; i < rows.count && code == ENT_OK; i++) {
		char *row = (char *)rows.items + i * type->size;
		void *before = ent_record_copy(call->arena, type, row);
		*(ent_id *)(row + offset) = merging->target->id;
		code = ent_record_save(call, type, before, row, "moved", error);
	}
	return code;
}

/* Children become the target's: one level, so it must not be a child itself, unless of one
 * that is merged into it. */
static enum ent_code move_children(struct merging *merging, struct ent_error *error)
{
	struct ent_call *call = merging->charging.call;
	struct ent_case *target = merging->target;
	struct ent_text condition = ent_text_begin(call->arena);
	ent_text_add(&condition, ENT_STR("AND t.parent_id IN "));
	add_ids(&condition, merging->ids);
	struct ent_list list;
	enum ent_code code = ent_case_select(call, target->account_id, ent_text_end(&condition),
	                                     &list, error);
	if (code != ENT_OK) {
		return code;
	}
	if (ent_ids_has(merging->ids, target->parent_id)) {
		target->parent_id = ENT_ID_NONE;
	}
	struct ent_case *children = list.items;
	for (size_t i = 0; i < list.count && code == ENT_OK; i++) {
		struct ent_case before = children[i];
		bool merged = ent_ids_has(merging->ids, before.id);
		if (merged || ent_id_eq(before.id, target->id)) {
			continue;
		}
		if (!ent_id_is_none(target->parent_id)) {
			return ent_refuse(error, ENT_E_CASE_DEPTH, "/cases", before.number,
			                  "it would become a child of a child; move it first");
		}
		children[i].parent_id = target->id;
		code = ent_case_save(call, &before, &children[i], "moved", error);
	}
	return code;
}

/* ---- merging -------------------------------------------------------------------------------- */

static enum ent_code merge_away(struct merging *merging, struct ent_case *c,
                                struct ent_error *error)
{
	struct ent_call *call = merging->charging.call;
	struct ent_case before = *c;
	enum ent_code code = ent_charging_apply(&merging->charging, c, ENT_CHARGE_MERGED_AWAY,
	                                        error);
	if (code == ENT_OK) {
		c->cancelled_at = c->state == ENT_CASE_CANCELLED ? c->cancelled_at : call->now;
		c->state = ENT_CASE_CANCELLED;
		c->merged_into_id = merging->target->id;
		code = ent_case_save(call, &before, c, "merged_away", error);
	}
	return code;
}

/* The target's own event names what was merged into it. */
static enum ent_code tell(struct merging *merging, const struct ent_case *before,
                          struct ent_error *error)
{
	struct ent_call *call = merging->charging.call;
	struct ent_case *target = merging->target;
	struct ent_text after = ent_text_begin(call->arena);
	ent_text_add(&after, ENT_STR("{\"cases\":["));
	for (size_t i = 0; i < merging->ids.count; i++) {
		char text[ENT_ID_ROOM];
		ent_id_format(merging->ids.items[i], "cas", text);
		ent_text_addf(&after, "%s\"%s\"", i > 0 ? "," : "", text);
	}
	ent_text_add(&after, ENT_STR("]}"));
	ent_str cases = ent_text_end(&after);
	enum ent_code code = ent_event_append(call, target->account_id, &ent_case_type, target->id,
	                                      "merged", (ent_str){ NULL, 0 }, cases, error);
	return code == ENT_OK ? ent_case_store(&merging->charging, before, target, "updated", error)
	                      : code;
}

enum ent_code ent_case_merge(struct ent_call *call, ent_id id, int64_t version, const void *input,
                             void *out, struct ent_error *error)
{
	const struct ent_input_merge *asked = input;
	struct merging merging = { .charging = { .call = call }, .target = out };
	enum ent_code code = ent_case_hold(call, "case.merge", id, version, asked->reason, out,
	                                   error);
	struct ent_case before = *merging.target;
	if (code == ENT_OK) {
		code = ent_case_must_be_open(&before, "merged with others", error);
	}
	if (code == ENT_OK) {
		code = load_cases(&merging, asked->cases, error);
	}
	if (code == ENT_OK) {
		code = move_children(&merging, error);
	}
	if (code == ENT_OK) {
		code = move_rows(&merging, &ent_case_comment_type,
		                 offsetof(struct ent_case_comment, case_id), error);
	}
	if (code == ENT_OK) {
		code = move_rows(&merging, &ent_case_activity_type,
		                 offsetof(struct ent_case_activity, case_id), error);
	}
	struct ent_case *cases = merging.list.items;
	for (size_t i = 0; i < merging.list.count && code == ENT_OK; i++) {
		code = merge_away(&merging, &cases[i], error);
	}
	return code == ENT_OK ? tell(&merging, &before, error) : code;
}
