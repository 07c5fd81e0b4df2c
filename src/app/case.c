#include "app/case.h"

#include "app/agenda.h"
#include "app/entity.h"
#include "app/sla.h"
#include "base/text.h"
#include "core/entitlement_check.h"

#include <stdio.h>

static ent_str id_text(ent_id id, const char *prefix, char room[static ENT_ID_ROOM])
{
	return (ent_str){ room, ent_id_format(id, prefix, room) };
}

/* ---- what is given ------------------------------------------------------------------------ */

/* A customer asks in the own name and does not say who works on it, or by when. */
static void judge_customer(const struct ent_principal *who, struct ent_case *c,
                           struct ent_error *error)
{
	char text[ENT_ID_ROOM];
	if (who->role != ENT_ROLE_CUSTOMER) {
		return;
	}
	if (ent_id_is_none(c->contact_id)) {
		c->contact_id = who->contact_id;
	} else if (!ent_id_eq(c->contact_id, who->contact_id)) {
		ent_note(error, ENT_E_FORBIDDEN, "/contact_id", id_text(c->contact_id, "con", text),
		         "leave it out: you ask in your own name");
	}
	const struct {
		const char *pointer;
		bool given;
	} fields[] = {
		{ "/team_id", !ent_id_is_none(c->team_id) },
		{ "/assignee_id", !ent_id_is_none(c->assignee_id) },
		{ "/sla_policy_id", !ent_id_is_none(c->sla_policy_id) },
		{ "/calendar_id", !ent_id_is_none(c->calendar_id) },
		{ "/sla_start_at", !ent_instant_is_none(c->sla_start_at) },
	};
	for (size_t i = 0; i < ENT_COUNT(fields); i++) {
		if (fields[i].given) {
			ent_note(error, ENT_E_FORBIDDEN, fields[i].pointer, (ent_str){ NULL, 0 },
			         "leave it out: the support desk decides this");
		}
	}
}

/* Words that were there already may stay, whatever has become of the list. */
static enum ent_code judge_words(struct ent_call *call, const struct ent_case *before,
                                 const struct ent_case *c, struct ent_error *error)
{
	bool new_status = before == NULL || !ent_str_eq(before->status, c->status);
	if (new_status && c->status.len > 0 && !ent_channel_is_valid(c->status)) {
		ent_note(error, ENT_E_FORMAT, "/status", c->status,
		         "1 to 40 of a-z, 0-9 and _, e.g. on_hold");
	}
	if (c->channel.len == 0 || (before != NULL && ent_str_eq(before->channel, c->channel))) {
		return ENT_OK;
	}
	if (!ent_channel_is_valid(c->channel)) {
		ent_note(error, ENT_E_FORMAT, "/channel", c->channel,
		         "1 to 40 of a-z, 0-9 and _, e.g. phone");
		return ENT_OK;
	}
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code == ENT_OK && settings->channels.count > 0 &&
	    !ent_words_has(settings->channels, c->channel)) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/channel", c->channel,
		         "name one of the channels in the settings");
	}
	return code;
}

/* The product is the asset's, a family that this is of, or a member of it. */
static enum ent_code judge_product(struct ent_call *call, const struct ent_case *before,
                                   const struct ent_case *c, struct ent_error *error)
{
	if (ent_id_is_none(c->product_id) || ent_id_is_none(c->asset_id) ||
	    (before != NULL && ent_id_eq(before->product_id, c->product_id) &&
	     ent_id_eq(before->asset_id, c->asset_id))) {
		return ENT_OK;
	}
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("WITH RECURSIVE own(id) AS (SELECT product_id FROM asset "
	                "WHERE account_id = $1 AND id = $2), "
	                "up(id, from_id, depth) AS (SELECT id, id, CAST(0 AS BIGINT) FROM product "
	                "WHERE id = $3 OR id IN (SELECT id FROM own) "
	                "UNION ALL SELECT p.parent_id, up.from_id, up.depth + 1 FROM product p "
	                "JOIN up ON p.id = up.id WHERE p.parent_id IS NOT NULL AND up.depth < 31) "
	                "SELECT COUNT(*) FROM own WHERE id <> $3 AND NOT EXISTS (SELECT 1 FROM up "
	                "WHERE (up.from_id = $3 AND up.id = own.id) OR "
	                "(up.from_id = own.id AND up.id = $3))"),
		ENT_ARGS(ent_arg_id(c->account_id), ent_arg_id(c->asset_id),
	                 ent_arg_id(c->product_id)),
		call->arena, &rows, error);
	if (code == ENT_OK && rows.first->cell[0].number > 0) {
		char text[ENT_ID_ROOM];
		ent_note(error, ENT_E_INVALID, "/product_id", id_text(c->product_id, "prd", text),
		         "the asset is of another product; leave one of the two out");
	}
	return code;
}

/* One level: a part of a case has no parts. */
static enum ent_code judge_parent(struct ent_call *call, const struct ent_case *before,
                                  const struct ent_case *c, struct ent_error *error)
{
	char text[ENT_ID_ROOM];
	ent_str id = id_text(c->parent_id, "cas", text);
	if (ent_id_is_none(c->parent_id) ||
	    (before != NULL && ent_id_eq(before->parent_id, c->parent_id))) {
		return ENT_OK;
	}
	if (ent_id_eq(c->parent_id, c->id)) {
		ent_note(error, ENT_E_CYCLE, "/parent_id", id, "a case cannot be part of itself");
		return ENT_OK;
	}
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT state, parent_id, (SELECT COUNT(*) FROM \"case\" WHERE "
	                "account_id = $1 AND parent_id = $2) FROM \"case\" WHERE account_id = $1 "
	                "AND id = $3"),
		ENT_ARGS(ent_arg_id(c->account_id), ent_arg_id(c->id), ent_arg_id(c->parent_id)),
		call->arena, &rows, error);
	if (code != ENT_OK || rows.count == 0) {
		return code; /* the check of references has told that there is none */
	}
	const struct ent_value *cell = rows.first->cell;
	if (cell[1].kind != ENT_K_NULL) {
		ent_note(error, ENT_E_CASE_DEPTH, "/parent_id", id,
		         "that case is part of another one; name that");
	} else if (cell[2].number > 0) {
		ent_note(error, ENT_E_CASE_DEPTH, "/parent_id", id,
		         "this case has parts of its own, so it cannot become one");
	} else if (!ent_str_is(cell[0].text, "open")) {
		ent_note(error, ENT_E_STATE, "/parent_id", id,
		         "that case is closed; open it again first");
	}
	return ENT_OK;
}

ENT_HOOK_CHECK(ent_case_judge)
{
	(void)given;
	struct ent_case *c = object;
	if (before == NULL) {
		judge_customer(call->who, c, error);
	}
	enum ent_code code = judge_words(call, before, c, error);
	if (code == ENT_OK) {
		code = judge_product(call, before, c, error);
	}
	if (code == ENT_OK) {
		code = judge_parent(call, before, c, error);
	}
	return code;
}

/* ---- create ------------------------------------------------------------------------------- */

/* With default_on_create a case that names no entitlement gets the one that the rules
 * choose, the default one among them; without it, it is opened uncovered. */
static enum ent_code cover_new(struct ent_charging *charging, struct ent_case *c,
                               struct ent_error *error)
{
	const struct ent_settings *settings;
	struct ent_coverage_answer answer = { .chosen = NULL };
	enum ent_code code = ent_call_settings(charging->call, &settings, error);
	if (code == ENT_OK && (settings->default_on_create || !ent_id_is_none(c->entitlement_id))) {
		code = ent_case_cover(charging, NULL, c, "/entitlement_id", &answer, error);
	}
	if (code == ENT_OK) {
		ent_case_set_cover(c, &answer);
		code = ent_charging_apply(charging, c, ENT_CHARGE_OPENED, error);
	}
	return code;
}

enum ent_code ent_case_open(struct ent_call *call, struct ent_case *c, struct ent_error *error)
{
	struct ent_sla_work work = { .call = call, .c = c };
	int64_t number;
	enum ent_code code = ent_store_number(ent_app_store(call->app), "case", &number, error);
	if (code != ENT_OK) {
		return code;
	}
	if (ent_id_is_none(c->id)) {
		c->id = ent_app_id(call->app);
	}
	c->number = ent_text_format(call->arena, "CAS-%06lld", (long long)number);
	c->created_at = call->now;
	c->awaiting_response = true;
	c->last_customer_at = call->now;
	code = ent_sla_work_begin(&work, error);
	if (code == ENT_OK) {
		code = ent_record_insert(call, &ent_case_type, c, "opened", error);
	}
	return code == ENT_OK ? ent_sla_work_end(&work, error) : code;
}

ENT_HOOK_CREATE(ent_case_create)
{
	struct ent_charging charging = { .call = call };
	enum ent_code code = cover_new(&charging, object, error);
	if (code == ENT_OK) {
		code = ent_case_open(call, object, error);
	}
	return code == ENT_OK ? ent_charging_save(&charging, error) : code;
}

/* ---- update ------------------------------------------------------------------------------- */

/* What may still be changed when it is closed. */
static bool is_free(const struct ent_field *field)
{
	static const char *const names[] = { "title",           "description", "status", "metadata",
		                             "external_system", "external_id" };
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		if (ent_str_is(ent_str_of(field->name), names[i])) {
			return true;
		}
	}
	return false;
}

static enum ent_code check_closed(struct ent_call *call, const struct ent_case *before,
                                  const struct ent_case *c, struct ent_error *error)
{
	if (before->state == ENT_CASE_OPEN) {
		return ENT_OK;
	}
	struct ent_set set = ent_row_diff(&ent_case_type, before, c, *call->arena);
	for (size_t i = 0; i < ent_case_type.count; i++) {
		const struct ent_field *field = &ent_case_type.fields[i];
		if (ent_set_has(&set, i) && !is_free(field)) {
			char pointer[64];
			snprintf(pointer, sizeof(pointer), "/%s", field->name);
			ent_note(error, ENT_E_STATE, pointer, (ent_str){ NULL, 0 },
			         ent_id_is_none(before->merged_into_id)
			                 ? "the case is closed; open it again first"
			                 : "the case was merged into another one; change that");
		}
	}
	return ent_noted(error);
}

/* The one field that changed of those that coverage depends on; NULL: none. */
static const char *scope_pointer(const struct ent_case *before, const struct ent_case *c)
{
	const struct {
		bool changed;
		const char *pointer;
	} fields[] = {
		{ !ent_id_eq(before->contact_id, c->contact_id), "/contact_id" },
		{ !ent_id_eq(before->product_id, c->product_id), "/product_id" },
		{ !ent_id_eq(before->asset_id, c->asset_id), "/asset_id" },
		{ !ent_str_eq(before->channel, c->channel), "/channel" },
	};
	const char *pointer = NULL;
	for (size_t i = 0; i < ENT_COUNT(fields); i++) {
		if (fields[i].changed) {
			pointer = pointer == NULL ? fields[i].pointer : "/entitlement_id";
		}
	}
	return pointer;
}

/* Another entitlement was given, or none. */
static enum ent_code cover_other(struct ent_charging *charging, const struct ent_case *before,
                                 struct ent_case *c, struct ent_error *error)
{
	struct ent_coverage_answer answer = { .chosen = NULL };
	enum ent_code code = ent_call_may(charging->call, "case.link", error);
	if (code == ENT_OK && !ent_id_is_none(c->entitlement_id)) {
		code = ent_case_cover(charging, before, c, "/entitlement_id", &answer, error);
	}
	return code == ENT_OK ? ent_case_relink(charging, before, c, &answer, error) : code;
}

/* What the case is about has changed: what covers it must still fit, also on its new
 * channel, to whose row the charge moves. */
static enum ent_code cover_same(struct ent_charging *charging, const struct ent_case *before,
                                struct ent_case *c, const char *pointer, struct ent_error *error)
{
	struct ent_coverage_answer answer;
	enum ent_code code = ent_case_cover(charging, before, c, pointer, &answer, error);
	if (code != ENT_OK) {
		return code;
	}
	c->contact_not_verified = answer.chosen->contact_not_verified;
	if (ent_str_eq(before->channel, c->channel)) {
		return ENT_OK;
	}
	struct ent_case old = *before;
	code = ent_charging_apply(charging, &old, ENT_CHARGE_UNLINKED, error);
	return code == ENT_OK ? ent_charging_apply(charging, c, ENT_CHARGE_LINKED, error) : code;
}

static enum ent_code cover_again(struct ent_charging *charging, const struct ent_case *before,
                                 struct ent_case *c, struct ent_error *error)
{
	const char *pointer = scope_pointer(before, c);
	if (!ent_id_eq(before->entitlement_id, c->entitlement_id)) {
		return cover_other(charging, before, c, error);
	}
	if (pointer == NULL) {
		return ENT_OK;
	}
	if (!ent_id_is_none(c->entitlement_id)) {
		return cover_same(charging, before, c, pointer, error);
	}
	const struct ent_settings *settings;
	struct ent_coverage_answer answer;
	enum ent_code code = ent_call_settings(charging->call, &settings, error);
	if (code == ENT_OK && settings->default_on_update) {
		code = ent_case_cover(charging, before, c, pointer, &answer, error);
		if (code == ENT_OK && answer.chosen != NULL) {
			code = ent_case_relink(charging, before, c, &answer, error);
		}
	}
	return code;
}

ENT_HOOK_UPDATE(ent_case_update)
{
	struct ent_charging charging = { .call = call };
	enum ent_code code = check_closed(call, before, object, error);
	if (code == ENT_OK) {
		code = cover_again(&charging, before, object, error);
	}
	return code == ENT_OK ? ent_case_store(&charging, before, object, "updated", error) : code;
}

/* ---- delete ------------------------------------------------------------------------------- */

ENT_HOOK_REMOVE(ent_case_remove)
{
	struct ent_charging charging = { .call = call };
	struct ent_case c = *(const struct ent_case *)object;
	enum ent_code code = ent_charging_apply(&charging, &c, ENT_CHARGE_DELETED, error);
	if (code == ENT_OK) {
		code = ent_charging_save(&charging, error);
	}
	if (code == ENT_OK) { /* whatever is due of it, also if it was only to be looked at */
		ent_agenda_set(call, ENT_AGENDA_CASE, c.account_id, c.id, call->now,
		               ENT_INSTANT_NONE);
	}
	return code == ENT_OK ? ent_record_remove(call, &ent_case_type, object, error) : code;
}

/* ---- what the actions share ------------------------------------------------------------------ */

enum ent_code ent_case_hold(struct ent_call *call, const char *permission, ent_id id,
                            int64_t version, ent_str reason, struct ent_case *out,
                            struct ent_error *error)
{
	enum ent_code code = ent_call_may(call, permission, error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, &ent_case_type, id, version, out, error);
	}
	if (code == ENT_OK && reason.len > 0) {
		call->reason = reason;
	}
	return code;
}

enum ent_code ent_case_store(struct ent_charging *charging, const struct ent_case *before,
                             struct ent_case *c, const char *verb, struct ent_error *error)
{
	enum ent_code code = ent_charging_save(charging, error);
	return code == ENT_OK ? ent_case_save(charging->call, before, c, verb, error) : code;
}

enum ent_code ent_case_save(struct ent_call *call, const struct ent_case *before,
                            struct ent_case *c, const char *verb, struct ent_error *error)
{
	struct ent_sla_work work = { .call = call, .before = before, .c = c };
	enum ent_code code = ent_sla_work_begin(&work, error);
	if (code == ENT_OK) {
		code = ent_record_save(call, &ent_case_type, before, c, verb, error);
	}
	return code == ENT_OK ? ent_sla_work_end(&work, error) : code;
}

enum ent_code ent_case_must_be_open(const struct ent_case *c, const char *what,
                                    struct ent_error *error)
{
	if (c->state == ENT_CASE_OPEN) {
		return ENT_OK;
	}
	const char *state = !ent_id_is_none(c->merged_into_id)
	                            ? "merged into another one"
	                            : ent_case_state_names.text[c->state];
	return ent_fail(error, ENT_E_STATE, "%.*s is %s and cannot be %s", (int)c->number.len,
	                c->number.ptr, state, what);
}

enum ent_code ent_case_select(struct ent_call *call, ent_id account, ent_str condition,
                              struct ent_list *out, struct ent_error *error)
{
	ent_str tail = ent_text_format(call->arena, "WHERE t.account_id = $1 %.*s ORDER BY t.id",
	                               (int)condition.len, condition.ptr);
	return ent_row_select(call->db, &ent_case_type, tail, ENT_ARGS(ent_arg_id(account)),
	                      call->arena, out, error);
}
