#include "app/action.h"
#include "app/due.h"
#include "app/entitlement.h"
#include "app/entitlement_act.h"
#include "base/text.h"
#include "core/life.h"
#include "json/json.h"

enum { SCHEDULED_MAX = 20 };

/* ---- amend ---------------------------------------------------------------------------------- */

static enum ent_code insert_revision(struct ent_call *call, const struct ent_entitlement *e,
                                     struct ent_entitlement_revision *revision,
                                     struct ent_error *error)
{
	revision->id = ent_app_id(call->app);
	revision->account_id = e->account_id;
	revision->entitlement_id = e->id;
	revision->created_at = call->now;
	revision->actor = call->who->actor;
	revision->reason = call->reason;
	return ent_row_insert(call->db, &ent_entitlement_revision_type, revision, call->arena,
	                      error);
}

static enum ent_code amend_now(struct ent_call *call, struct ent_held *held, ent_str changes,
                               struct ent_error *error)
{
	struct ent_amendment amendment = { .changes = changes, .at = call->now };
	enum ent_code code = ent_amend_apply(call, &held->terms, &amendment, error);
	if (code != ENT_OK) {
		return code;
	}
	held->zone = held->terms.zone;
	struct ent_entitlement_revision revision = {
		.revision = ++held->now->revision, .state = ENT_REVISION_APPLIED,
		.effective_at = call->now, .changes = { changes }, .before = { amendment.before },
	};
	return insert_revision(call, held->now, &revision, error);
}

/* Would it fit then? Those that come before it are applied, too; on a copy. */
static enum ent_code rehearse(struct ent_call *call, const struct ent_held *held,
                              const struct ent_list *scheduled, ent_str changes, ent_instant at,
                              struct ent_error *error)
{
	const struct ent_entitlement_revision *list = scheduled->items;
	struct ent_entitlement *copy = ent_ledger_snapshot(held->now, call->arena);
	struct ent_terms terms = { .zone = held->zone };
	for (size_t i = 0; i < scheduled->count && list[i].effective_at.us <= at.us; i++) {
		struct ent_error ignored;
		ent_error_clear(&ignored);
		struct ent_amendment earlier = { list[i].changes.text, list[i].effective_at,
			                         { NULL, 0 }, { NULL, 0 } };
		ent_terms_begin(&terms, copy, terms.zone, earlier.at, call->arena);
		if (ent_amend_apply(call, &terms, &earlier, &ignored) != ENT_OK) {
			continue; /* will be withdrawn when it is due */
		}
	}
	struct ent_amendment amendment = { .changes = changes, .at = at };
	ent_terms_begin(&terms, copy, terms.zone, at, call->arena);
	return ent_amend_apply(call, &terms, &amendment, error);
}

static enum ent_code note_scheduled(struct ent_call *call, const struct ent_entitlement *e,
                                    const struct ent_entitlement_revision *revision,
                                    struct ent_error *error)
{
	char id[ENT_ID_ROOM], at[ENT_INSTANT_ROOM];
	ent_id_format(revision->id, ent_entitlement_revision_type.prefix, id);
	ent_instant_format(revision->effective_at, at);
	ent_str after = ent_text_format(
		call->arena, "{\"revision\":\"%s\",\"effective_at\":\"%s\",\"changes\":%.*s}", id,
		at, (int)revision->changes.text.len, revision->changes.text.ptr);
	return ent_event_append(call, e->account_id, &ent_entitlement_type, e->id,
	                        "amendment_scheduled", (ent_str){ NULL, 0 }, after, error);
}

static enum ent_code schedule(struct ent_call *call, struct ent_held *held, ent_str changes,
                              ent_instant at, struct ent_error *error)
{
	struct ent_entitlement *e = held->now;
	struct ent_list scheduled;
	enum ent_code code = ent_row_select(
		call->db, &ent_entitlement_revision_type,
		ENT_STR("WHERE account_id = $1 AND entitlement_id = $2 AND state = 'scheduled' "
	                "AND effective_at > $3 ORDER BY effective_at, id"),
		ENT_ARGS(ent_arg_id(e->account_id), ent_arg_id(e->id), ent_arg_instant(call->now)),
		call->arena, &scheduled, error);
	if (code == ENT_OK && scheduled.count >= SCHEDULED_MAX) {
		code = ent_fail(error, ENT_E_LIMIT, "at most %d scheduled amendments",
		                SCHEDULED_MAX);
	}
	if (code == ENT_OK) {
		code = rehearse(call, held, &scheduled, changes, at, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_entitlement_revision revision = {
		.state = ENT_REVISION_SCHEDULED, .effective_at = at, .changes = { changes },
	};
	if (ent_instant_is_none(e->amends_at) || at.us < e->amends_at.us) {
		e->amends_at = at;
	}
	code = insert_revision(call, e, &revision, error);
	if (code == ENT_OK) {
		code = note_scheduled(call, e, &revision, error);
	}
	return code;
}

/* As one line, so that the text is ours. */
static enum ent_code tidy_changes(struct ent_call *call, ent_str given, ent_str *out,
                                  struct ent_error *error)
{
	const struct ent_node *node;
	enum ent_code code = ent_json_parse(given, call->arena, &node, error);
	if (code == ENT_OK) {
		struct ent_text text = ent_text_begin(call->arena);
		ent_json_node(&text, node);
		*out = ent_text_end(&text);
	}
	return code;
}

enum ent_code ent_entitlement_amend(struct ent_call *call, ent_id id, int64_t version,
                                    const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_amend *given = input;
	struct ent_held held;
	ent_str changes;
	enum ent_code code = ent_act_enter(call, "entitlement.amend", id, version, given->reason,
	                                   &held, error);
	if (code == ENT_OK) {
		code = ent_life_check(held.now, ENT_ACTION_AMEND, call->now, error);
	}
	if (code == ENT_OK) {
		code = tidy_changes(call, given->changes.text, &changes, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	int32_t today = ent_zone_date(held.zone, call->now).day;
	bool later = !ent_date_is_none(given->effective_on) && given->effective_on.day > today;
	if (!ent_date_is_none(given->effective_on) && given->effective_on.day < today) {
		return ent_refuse(error, ENT_E_RANGE, "/effective_on", (ent_str){ NULL, 0 },
		                  "must not lie in the past");
	}
	if (later) {
		code = schedule(call, &held, changes,
		                ent_zone_day_begins(held.zone, given->effective_on), error);
	} else {
		code = amend_now(call, &held, changes, error);
	}
	if (code != ENT_OK) {
		ent_error_nest(error, 0, "/changes");
	}
	if (code == ENT_OK) {
		code = ent_act_leave(call, &held, later ? "" : "amended", out, error);
	}
	return code;
}

/* ---- renew ----------------------------------------------------------------------------------- */

enum ent_code ent_act_adopt(struct ent_call *call, struct ent_entitlement *fresh,
                            struct ent_held *out, struct ent_error *error)
{
	struct ent_list none = { NULL, 0 };
	return ent_ledger_begin(call, fresh, &none, out, error);
}

static enum ent_code make_fresh(struct ent_call *call, const struct ent_held *held,
                                const struct ent_input_renew *given,
                                struct ent_entitlement *fresh, struct ent_error *error)
{
	const struct ent_entitlement *old = held->now;
	bool today = given->start_rule == ENT_RENEWAL_TODAY;
	struct ent_renew renew = {
		.id = ent_app_id(call->app), .early = given->early,
		.start = today ? ENT_RENEW_TODAY : ENT_RENEW_AFTER_END,
	};
	if (ent_date_is_none(given->starts_on)) {
		return ent_life_renew(old, held->zone, call->now, &renew, call->arena, fresh,
		                      error);
	}
	/* a day of the caller's choice: as if it were renewed on that day */
	enum ent_action action = given->early ? ENT_ACTION_RENEW_EARLY : ENT_ACTION_RENEW;
	enum ent_code code = ent_life_check(old, action, call->now, error);
	ent_instant then = ent_zone_day_begins(held->zone, given->starts_on);
	if (code == ENT_OK && !ent_instant_is_none(old->starts_at) &&
	    then.us < old->starts_at.us) {
		code = ent_refuse(error, ENT_E_RANGE, "/starts_on", (ent_str){ NULL, 0 },
		                  "must not lie before the first day of the one renewed");
	}
	renew.start = ENT_RENEW_TODAY;
	renew.early = true;
	if (code == ENT_OK) {
		code = ent_life_renew(old, held->zone, then, &renew, call->arena, fresh, error);
	}
	return code;
}

static enum ent_code note_renewed(struct ent_call *call, const struct ent_entitlement *old,
                                  const struct ent_entitlement *fresh, struct ent_error *error)
{
	char room[ENT_ID_ROOM];
	ent_id_format(fresh->id, ent_entitlement_type.prefix, room);
	return ent_event_append(call, old->account_id, &ent_entitlement_type, old->id, "renewed",
	                        (ent_str){ NULL, 0 },
	                        ent_text_format(call->arena, "{\"renewed_by\":\"%s\"}", room),
	                        error);
}

enum ent_code ent_entitlement_renew(struct ent_call *call, ent_id id, int64_t version,
                                    const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_renew *given = input;
	struct ent_entitlement *fresh = ENT_NEW(call->arena, struct ent_entitlement, 1);
	struct ent_held held, adopted;
	enum ent_code code = ent_act_enter(call, "entitlement.renew", id, version, given->reason,
	                                   &held, error);
	if (code == ENT_OK && given->activate) {
		code = ent_call_may(call, "entitlement.activate", error);
	}
	if (code == ENT_OK) {
		code = make_fresh(call, &held, given, fresh, error);
	}
	if (code == ENT_OK) {
		code = ent_entitlement_number(call, &fresh->number, error);
	}
	if (code == ENT_OK) {
		fresh->seen_at = ENT_INSTANT_NONE;
		fresh->due_at = ENT_INSTANT_NONE;
		code = ent_record_insert(call, &ent_entitlement_type, fresh, "created", error);
	}
	if (code == ENT_OK) {
		code = note_renewed(call, held.now, fresh, error);
	}
	if (code == ENT_OK) {
		code = ent_ledger_save(call, &held, NULL, error);
	}
	if (code == ENT_OK) {
		code = ent_act_adopt(call, fresh, &adopted, error);
	}
	const char *verb = "updated";
	if (code == ENT_OK && given->activate) {
		code = ent_act_activate(call, &adopted, error);
		verb = ent_act_activated(call, &adopted);
	}
	if (code == ENT_OK) {
		code = ent_act_leave(call, &adopted, verb, out, error);
	}
	return code;
}

enum ent_code ent_act_begin(struct ent_call *call, struct ent_entitlement *fresh,
                            struct ent_error *error)
{
	struct ent_held held;
	enum ent_code code = ent_act_adopt(call, fresh, &held, error);
	if (code == ENT_OK) {
		code = ent_act_activate(call, &held, error);
	}
	if (code == ENT_OK) {
		code = ent_ledger_save(call, &held, ent_act_activated(call, &held), error);
	}
	return code;
}
