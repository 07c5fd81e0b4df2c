#include "app/due.h"
#include "app/entitlement.h"
#include "app/record.h"
#include "app/reference.h"
#include "base/text.h"
#include "core/entitlement_check.h"
#include "core/life.h"
#include "json/json.h"

static enum ent_code read_changes(struct ent_call *call, ent_str changes,
                                  struct ent_entitlement *e, struct ent_set *given,
                                  struct ent_error *error)
{
	const struct ent_node *node;
	enum ent_code code = ent_json_parse(changes, call->arena, &node, error);
	if (code == ENT_OK && (node->kind != ENT_JSON_OBJECT || node->count == 0)) {
		code = ent_refuse(error, ENT_E_TYPE, "", (ent_str){ NULL, 0 },
		                  "give an object with the fields to change");
	}
	if (code == ENT_OK) {
		code = ent_json_read(&ent_entitlement_type, node, ENT_JSON_UPDATE, call->arena, e,
		                     given, error);
	}
	return code;
}

static bool has_channel(const struct ent_entitlement *e, ent_str channel)
{
	return ent_terms_channel(e, channel) != NULL;
}

/* Has a channel got a row that had none? Its earlier postings count. */
static bool channel_is_new(const struct ent_entitlement *e, const struct ent_entitlement *before)
{
	const struct ent_entitlement_channel *rows = e->channels.items;
	for (size_t i = 0; i < e->channels.count; i++) {
		if (!has_channel(before, rows[i].channel)) {
			return true;
		}
	}
	return false;
}

enum ent_code ent_channels_recount(struct ent_call *call, const struct ent_entitlement *before,
                                   struct ent_entitlement *e, const struct ent_zone *zone,
                                   struct ent_error *error)
{
	bool opened = !ent_instant_is_none(before->ledger_ends_at);
	if (!opened || !channel_is_new(e, before)) {
		return ENT_OK;
	}
	struct ent_entitlement *copy = ent_ledger_snapshot(e, call->arena);
	enum ent_code code = ent_ledger_replay(call, copy, zone, error);
	const struct ent_entitlement_channel *counted = copy->channels.items;
	struct ent_entitlement_channel *rows = e->channels.items;
	for (size_t i = 0; i < e->channels.count && code == ENT_OK; i++) {
		if (!has_channel(before, rows[i].channel)) {
			bool current = copy->ledger_period == e->ledger_period;
			rows[i].consumed = current ? counted[i].consumed : 0;
			rows[i].reserved = counted[i].reserved;
		}
	}
	return code;
}

/* Judge *e, which was *old, and move the balance. */
static enum ent_code judge(struct ent_call *call, struct ent_terms *terms,
                           const struct ent_entitlement *old, struct ent_error *error)
{
	struct ent_entitlement *e = terms->entitlement;
	enum ent_code code = ent_reference_check(call, &ent_entitlement_type, old, e, error);
	if (code == ENT_OK) {
		code = ent_entitlement_tidy(call, old, e, error);
	}
	if (code == ENT_OK) {
		ent_entitlement_check(e, old, error);
		code = ent_noted(error);
	}
	if (code == ENT_OK) {
		code = ent_ledger_zone(call, e, &terms->zone, error);
	}
	if (code == ENT_OK) {
		code = ent_channels_recount(call, old, e, terms->zone, error);
	}
	if (code == ENT_OK) {
		code = ent_terms_amended(terms, old, error);
	}
	return code;
}

static ent_str as_json(struct ent_call *call, const struct ent_entitlement *e,
                       const struct ent_set *set)
{
	struct ent_text text = ent_text_begin(call->arena);
	ent_json_write(&ent_entitlement_type, e, set, &text);
	return ent_text_end(&text);
}

enum ent_code ent_amend_apply(struct ent_call *call, struct ent_terms *terms,
                              struct ent_amendment *amendment, struct ent_error *error)
{
	struct ent_entitlement *e = terms->entitlement;
	const struct ent_zone *zone = terms->zone;
	struct ent_entitlement *old = ent_ledger_snapshot(e, call->arena);
	struct ent_set given = { { 0 } };
	enum ent_code code = ent_life_check(e, ENT_ACTION_AMEND, amendment->at, error);
	if (code == ENT_OK) {
		e->state = ent_life_state(e, amendment->at);
		code = read_changes(call, amendment->changes, e, &given, error);
	}
	if (code == ENT_OK) {
		code = judge(call, terms, old, error);
	}
	if (code != ENT_OK) {
		*e = *old;
		terms->zone = zone;
		return code;
	}
	amendment->before = as_json(call, old, &given);
	amendment->after = as_json(call, e, &given);
	return ENT_OK;
}
