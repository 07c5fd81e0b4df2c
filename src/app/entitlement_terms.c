#include "app/action.h"
#include "app/entitlement.h"
#include "app/entitlement_act.h"
#include "core/life.h"

enum ent_code ent_entitlement_top_up(struct ent_call *call, ent_id id, int64_t version,
                                     const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_top_up *given = input;
	struct ent_held held;
	ent_instant ends_at = ENT_INSTANT_NONE;
	enum ent_code code = ent_act_enter(call, "entitlement.top_up", id, version, given->reason,
	                                   &held, error);
	if (code == ENT_OK) {
		code = ent_life_check(held.now, ENT_ACTION_TOP_UP, call->now, error);
	}
	if (code == ENT_OK && !ent_date_is_none(given->ends_on)) {
		ends_at = ent_zone_day_begins(held.zone, (ent_date){ given->ends_on.day + 1 });
		if (ends_at.us <= call->now.us) {
			code = ent_refuse(error, ENT_E_RANGE, "/ends_on", (ent_str){ NULL, 0 },
			                  "must not lie in the past");
		}
	}
	if (code == ENT_OK) {
		code = ent_terms_top_up(&held.terms, ent_app_id(call->app), given->units.n, ends_at,
		                        given->reason, error);
	}
	if (code == ENT_OK) {
		code = ent_act_leave(call, &held, "topped_up", out, error);
	}
	return code;
}

static enum ent_code check_adjust(const struct ent_entitlement *e,
                                  const struct ent_input_adjust *given, struct ent_error *error)
{
	ent_error_clear(error);
	if (given->units == 0) {
		ent_note(error, ENT_E_RANGE, "/units", ENT_STR("0"),
		         "must not be 0, which corrects nothing");
	}
	if (given->channel.len > 0 && ent_terms_channel(e, given->channel) == NULL) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/channel", given->channel,
		         "the entitlement has no row for this channel");
	}
	return ent_noted(error);
}

enum ent_code ent_entitlement_adjust(struct ent_call *call, ent_id id, int64_t version,
                                     const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_adjust *given = input;
	struct ent_held held;
	enum ent_code code = ent_act_enter(call, "entitlement.adjust", id, version, given->reason,
	                                   &held, error);
	if (code == ENT_OK) {
		code = check_adjust(held.now, given, error);
	}
	if (code == ENT_OK) {
		code = ent_terms_adjust(&held.terms, given->units, given->channel, given->reason,
		                        error);
	}
	if (code == ENT_OK) {
		code = ent_act_leave(call, &held, NULL, out, error);
	}
	return code;
}

/* Usage without a case is bound by the same rules of state and channel. */
static enum ent_code check_usable(const struct ent_call *call, const struct ent_entitlement *e,
                                  ent_str channel, struct ent_error *error)
{
	enum ent_entitlement_state state = ent_life_state(e, call->now);
	const struct ent_entitlement_channel *row = ent_terms_channel(e, channel);
	if (state != ENT_ENTITLEMENT_ACTIVE) {
		return ent_fail(error, ENT_E_STATE, "cannot consume: the entitlement is %s",
		                ent_entitlement_state_names.text[state]);
	}
	if (e->unit == ENT_UNIT_NONE) {
		return ent_refuse(error, ENT_E_INVALID, "/units", (ent_str){ NULL, 0 },
		                  "the entitlement counts nothing");
	}
	bool closed = row != NULL && !ent_count_is_none(row->total) && row->total.n == 0;
	bool denied = row == NULL && channel.len > 0 && e->channels.count > 0 &&
	              e->other_channels == ENT_CHANNELS_DENY;
	if (closed || denied) {
		return ent_refuse(error, ENT_E_NOT_COVERED, "/channel", channel,
		                  "the channel is closed");
	}
	return ENT_OK;
}

enum ent_code ent_entitlement_consume(struct ent_call *call, ent_id id, int64_t version,
                                      const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_consume *given = input;
	struct ent_held held;
	enum ent_code code = ent_act_enter(call, "entitlement.consume", id, version,
	                                   given->reason, &held, error);
	if (code == ENT_OK) {
		code = check_usable(call, held.now, given->channel, error);
	}
	if (code == ENT_OK && given->units.n < 1) {
		code = ent_refuse(error, ENT_E_RANGE, "/units", (ent_str){ NULL, 0 },
		                  "must be at least 1");
	}
	struct ent_terms_want want = {
		.units = given->units.n, .channel = given->channel, .reason = given->reason,
	};
	if (code == ENT_OK) {
		code = ent_terms_consume(&held.terms, &want, error);
	}
	if (code == ENT_OK) {
		code = ent_act_leave(call, &held, NULL, out, error);
	}
	return code;
}
