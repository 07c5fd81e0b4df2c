#include "app/entitlement.h"

#include "app/contract.h"
#include "app/due.h"
#include "app/entity.h"
#include "app/renewal.h"
#include "base/text.h"
#include "core/entitlement_check.h"
#include "core/life.h"
#include "store/zoneinfo.h"

#include <stdio.h>
#include <string.h>

/* ---- rows that stay what they were --------------------------------------------------------- */

static const struct ent_entitlement_channel *channel_by_id(const struct ent_entitlement *e,
                                                           ent_id id)
{
	const struct ent_entitlement_channel *rows = e->channels.items;
	for (size_t i = 0; i < e->channels.count; i++) {
		if (ent_id_eq(rows[i].id, id)) {
			return &rows[i];
		}
	}
	return NULL;
}

/* The row of a channel is the one with its word; counters are never given. */
static void keep_channels(const struct ent_entitlement *before, struct ent_entitlement *e)
{
	struct ent_entitlement_channel *rows = e->channels.items;
	for (size_t i = 0; i < e->channels.count; i++) {
		const struct ent_entitlement_channel *old =
			before == NULL ? NULL : ent_terms_channel(before, rows[i].channel);
		bool renamed = old == NULL && before != NULL &&
		               channel_by_id(before, rows[i].id) != NULL;
		rows[i].consumed = old == NULL ? 0 : old->consumed;
		rows[i].reserved = old == NULL ? 0 : old->reserved;
		if (old != NULL) {
			rows[i].id = old->id;
		} else if (renamed) {
			rows[i].id = ENT_ID_NONE;
		}
		rows[i].account_id = e->account_id;
		rows[i].entitlement_id = e->id;
	}
}

static bool same_grant(const struct ent_entitlement_grant *a, const struct ent_entitlement_grant *b)
{
	return ent_id_eq(a->product_id, b->product_id) && ent_id_eq(a->asset_id, b->asset_id) &&
	       ent_id_eq(a->contact_id, b->contact_id) && ent_str_eq(a->channel, b->channel);
}

static bool has_grant_id(const struct ent_entitlement *e, ent_id id)
{
	const struct ent_entitlement_grant *rows = e->grants.items;
	for (size_t i = 0; i < e->grants.count; i++) {
		if (ent_id_eq(rows[i].id, id)) {
			return true;
		}
	}
	return false;
}

static void keep_grants(const struct ent_entitlement *before, struct ent_entitlement *e)
{
	const struct ent_entitlement_grant *old = before == NULL ? NULL : before->grants.items;
	size_t old_count = before == NULL ? 0 : before->grants.count;
	struct ent_entitlement_grant *rows = e->grants.items;
	for (size_t i = 0; i < e->grants.count; i++) {
		rows[i].account_id = e->account_id;
		rows[i].entitlement_id = e->id;
		for (size_t k = 0; k < old_count && ent_id_is_none(rows[i].id); k++) {
			if (same_grant(&rows[i], &old[k]) && !has_grant_id(e, old[k].id)) {
				rows[i].id = old[k].id;
			}
		}
	}
}

/* A channel on which open cases hold units cannot lose its row. */
static void note_dropped(const struct ent_entitlement *before, const struct ent_entitlement *e,
                         struct ent_error *error)
{
	const struct ent_entitlement_channel *old = before == NULL ? NULL : before->channels.items;
	for (size_t i = 0; before != NULL && i < before->channels.count; i++) {
		if (old[i].reserved > 0 && ent_terms_channel(e, old[i].channel) == NULL) {
			ent_note(error, ENT_E_IN_USE, "/channels", old[i].channel,
			         "open cases hold units of this channel");
		}
	}
}

/* ---- what was given -------------------------------------------------------------------------- */

static void note_channel(const struct ent_settings *settings, ent_str channel, const char *list,
                         size_t at, struct ent_error *error)
{
	if (channel.len > 0 && settings->channels.count > 0 &&
	    !ent_words_has(settings->channels, channel)) {
		char pointer[64];
		snprintf(pointer, sizeof(pointer), "/%s/%zu/channel", list, at);
		ent_note(error, ENT_E_UNKNOWN_VALUE, pointer, channel,
		         "give one of the channels in the settings");
	}
}

static enum ent_code note_channels(struct ent_call *call, const struct ent_entitlement *before,
                                   const struct ent_entitlement *e, struct ent_error *error)
{
	if (e->channels.count == 0 && e->grants.count == 0) {
		return ENT_OK;
	}
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(call, &settings, error);
	const struct ent_entitlement_channel *channels = e->channels.items;
	for (size_t i = 0; code == ENT_OK && i < e->channels.count; i++) {
		if (before == NULL || ent_terms_channel(before, channels[i].channel) == NULL) {
			note_channel(settings, channels[i].channel, "channels", i, error);
		}
	}
	const struct ent_entitlement_grant *grants = e->grants.items;
	for (size_t i = 0; code == ENT_OK && i < e->grants.count; i++) {
		if (ent_id_is_none(grants[i].id)) {
			note_channel(settings, grants[i].channel, "grants", i, error);
		}
	}
	return code;
}

static enum ent_code tidy_dates(struct ent_call *call, struct ent_entitlement *e,
                                struct ent_error *error)
{
	const struct ent_zone *zone;
	enum ent_code code = ent_settle_zone(call, &e->time_zone, e->account_id, &zone, error);
	if (code == ENT_OK && zone != NULL) {
		ent_life_dates(e, zone);
	}
	return code;
}

enum ent_code ent_entitlement_tidy(struct ent_call *call, const struct ent_entitlement *before,
                                   struct ent_entitlement *e, struct ent_error *error)
{
	keep_channels(before, e);
	keep_grants(before, e);
	note_dropped(before, e, error);
	e->extra_rows &= ENT_EXTRA_SUSPENSIONS | ENT_EXTRA_LOTS | ENT_EXTRA_COVERAGE;
	e->extra_rows |= e->grants.count > 0 ? ENT_EXTRA_GRANTS : 0;
	e->extra_rows |= e->channels.count > 0 ? ENT_EXTRA_CHANNELS : 0;
	enum ent_code code = note_channels(call, before, e, error);
	if (code == ENT_OK) {
		code = tidy_dates(call, e, error);
	}
	return code;
}

/* ---- from a template ------------------------------------------------------------------------- */

static bool is_given(const struct ent_set *given, const struct ent_field *field)
{
	return ent_set_has(given, ent_type_at(&ent_entitlement_type, field));
}

static void copy_channels(const struct ent_entitlement_template *t, struct ent_entitlement *e,
                          struct ent_arena *arena)
{
	const struct ent_template_channel *from = t->channels.items;
	struct ent_entitlement_channel *to =
		ENT_NEW(arena, struct ent_entitlement_channel, t->channels.count);
	for (size_t i = 0; i < t->channels.count; i++) {
		ent_type_clear(&ent_entitlement_channel_type, &to[i]);
		to[i].channel = from[i].channel;
		to[i].total = from[i].total;
	}
	e->channels = (struct ent_children){ to, t->channels.count };
}

/* A term ends the day before its anniversary. */
static ent_date last_day(ent_date first, ent_duration term)
{
	int64_t day = ent_date_add_months(first, term.months).day + (int64_t)term.days +
	              term.seconds / (ENT_DAY_US / ENT_SECOND_US) - 1;
	int32_t most = ent_date_make(ENT_YEAR_MAX, 12, 31).day;
	return (ent_date){ day > most ? most : (int32_t)day };
}

void ent_template_fill(const struct ent_entitlement_template *t, const struct ent_set *given,
                       struct ent_entitlement *e, struct ent_arena *arena)
{
	ent_type_fill(&ent_entitlement_template_type, t, &ent_entitlement_type, e, given);
	if (!is_given(given, ENT_FIELD_OF(entitlement, channels))) {
		copy_channels(t, e, arena);
	}
	if (!ent_duration_is_none(t->term) && !ent_date_is_none(e->starts_on) &&
	    !is_given(given, ENT_FIELD_OF(entitlement, ends_on))) {
		e->ends_on = last_day(e->starts_on, t->term);
	}
}

static enum ent_code fill_from_template(struct ent_call *call, struct ent_entitlement *e,
                                        const struct ent_set *given, bool *charge_on_given,
                                        struct ent_error *error)
{
	struct ent_entitlement_template t;
	struct ent_error missing;
	ent_error_clear(&missing);
	if (ent_id_is_none(e->template_id)) {
		return ENT_OK;
	}
	enum ent_code code = ent_record_load(call, &ent_entitlement_template_type, e->template_id,
	                                     &t, &missing);
	if (code == ENT_E_NOT_FOUND) {
		return ENT_OK; /* noted with the references */
	}
	if (code != ENT_OK) {
		*error = missing;
		return code;
	}
	if (t.inactive) {
		ent_note(error, ENT_E_INVALID, "/template_id", t.name, "the template is inactive");
	}
	ent_template_fill(&t, given, e, call->arena);
	*charge_on_given = true;
	return ENT_OK;
}

/* ---- hooks ----------------------------------------------------------------------------------- */

/* One issue for every field that this state does not let be changed. */
static void note_locked(struct ent_call *call, const struct ent_entitlement *before,
                        const struct ent_entitlement *e, struct ent_error *error)
{
	const struct ent_type *type = &ent_entitlement_type;
	enum ent_entitlement_state state = ent_life_state(before, call->now);
	struct ent_set set = ent_record_diff(type, before, e, *call->arena);
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (!ent_set_has(&set, i) || field->rule == ENT_R_HIDDEN) {
			continue;
		}
		enum ent_code code = ent_life_may_edit(state, ent_str_of(field->name));
		if (code != ENT_OK) {
			char pointer[64];
			snprintf(pointer, sizeof(pointer), "/%s", field->name);
			ent_note(error, code, pointer, (ent_str){ NULL, 0 },
			         "the entitlement is %s: amend it, or deactivate it first",
			         ent_entitlement_state_names.text[state]);
		}
	}
}

ENT_HOOK_CHECK(ent_entitlement_judge)
{
	struct ent_entitlement *e = object;
	bool charge_on_given = is_given(given, ENT_FIELD_OF(entitlement, charge_on));
	enum ent_code code = ENT_OK;
	if (before == NULL) {
		e->stage = ENT_STAGE_DRAFT;
		code = fill_from_template(call, e, given, &charge_on_given, error);
		ent_entitlement_default(e, charge_on_given);
	}
	if (code == ENT_OK) {
		code = ent_entitlement_tidy(call, before, e, error);
	}
	if (code == ENT_OK && before != NULL) {
		note_locked(call, before, e, error);
	}
	if (code == ENT_OK) {
		ent_entitlement_check(e, before, error);
		code = ent_contract_entitle(call, before, e, error);
	}
	return code;
}

enum ent_code ent_entitlement_number(struct ent_call *call, ent_str *out, struct ent_error *error)
{
	int64_t number;
	enum ent_code code =
		ent_store_number(ent_app_store(call->app), "entitlement", &number, error);
	if (code == ENT_OK) {
		*out = ent_text_format(call->arena, "ENT-%06lld", (long long)number);
	}
	return code;
}

ENT_HOOK_CREATE(ent_entitlement_create)
{
	struct ent_entitlement *e = object;
	e->stage = ENT_STAGE_DRAFT;
	enum ent_code code = ent_entitlement_number(call, &e->number, error);
	if (code == ENT_OK) {
		code = ent_record_insert(call, &ent_entitlement_type, e, "created", error);
	}
	return code;
}

ENT_HOOK_UPDATE(ent_entitlement_update)
{
	struct ent_entitlement *e = object;
	const struct ent_entitlement *was = before;
	struct ent_held held;
	struct ent_entitlement *stored = ENT_NEW(call->arena, struct ent_entitlement, 1);
	struct ent_list revisions = { NULL, 0 };
	struct ent_list one = { stored, 1 };
	/* `before` is as it is shown: amendments that are due are in it. */
	enum ent_code code = ent_record_load(call, &ent_entitlement_type, was->id, stored, error);
	if (code == ENT_OK) {
		code = ent_ledger_revisions(call, &one, &revisions, error);
	}
	if (code == ENT_OK) {
		code = ent_ledger_begin(call, stored, &revisions, &held, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_entitlement *settled = ent_ledger_snapshot(stored, call->arena);
	*stored = *e;
	stored->ledger_granted = settled->ledger_granted;
	stored->ledger_consumed = settled->ledger_consumed;
	stored->ledger_reserved = settled->ledger_reserved;
	stored->ledger_period = settled->ledger_period;
	stored->ledger_ends_at = settled->ledger_ends_at;
	stored->lots = settled->lots;
	keep_channels(settled, stored);
	code = ent_ledger_zone(call, stored, &held.zone, error);
	if (code == ENT_OK) {
		held.terms.zone = held.zone;
		code = ent_channels_recount(call, settled, stored, held.zone, error);
	}
	if (code == ENT_OK && stored->stage == ENT_STAGE_DRAFT) {
		code = ent_terms_amended(&held.terms, settled, error);
	}
	if (code == ENT_OK) {
		code = ent_ledger_save(call, &held, "updated", error);
	}
	if (code == ENT_OK) {
		code = ent_renewal_expect_of(call, stored->contract_id, error);
	}
	if (code == ENT_OK) {
		*e = *stored;
	}
	return code;
}

/* ---- delete ---------------------------------------------------------------------------------- */

static enum ent_code check_unused(struct ent_call *call, const struct ent_entitlement *e,
                                  struct ent_error *error)
{
	struct ent_rows rows;
	if (ent_instant_is_none(e->activated_at)) {
		return ENT_OK; /* nothing can have come to refer to it */
	}
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT COUNT(*) FROM \"case\" WHERE entitlement_id = $1 UNION ALL "
	                "SELECT COUNT(*) FROM entitlement WHERE account_id = $2 AND "
	                "renewed_from_id = $1"),
		ENT_ARGS(ent_arg_id(e->id), ent_arg_id(e->account_id)), call->arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next) {
		if (row->cell[0].number > 0) {
			return ent_fail(error, ENT_E_IN_USE,
			                "cases or a renewal refer to this entitlement");
		}
	}
	return ENT_OK;
}

ENT_HOOK_REMOVE(ent_entitlement_remove)
{
	static const char *const tables[] = { "entitlement_revision", "term_posting", "term_lot" };
	const struct ent_entitlement *e = object;
	enum ent_code code = ent_life_check(e, ENT_ACTION_DELETE, call->now, error);
	if (code == ENT_OK) {
		code = check_unused(call, e, error);
	}
	if (code == ENT_OK) {
		code = ent_default_drop(call, e, error);
	}
	for (size_t i = 0; i < ENT_COUNT(tables) && code == ENT_OK; i++) {
		code = ent_db_exec(call->db,
		                   ent_text_format(call->arena,
		                                   "DELETE FROM %s WHERE account_id = $1 AND "
		                                   "entitlement_id = $2", tables[i]),
		                   ENT_ARGS(ent_arg_id(e->account_id), ent_arg_id(e->id)),
		                   ENT_ANY_ROWS, call->arena, error);
	}
	if (code == ENT_OK) {
		code = ent_record_remove(call, &ent_entitlement_type, e, error);
	}
	return code;
}
