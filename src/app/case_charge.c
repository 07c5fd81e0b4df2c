#include "app/case.h"

#include "app/ledger.h"

#include <string.h>

/* An entitlement that is charged. */
struct ent_charging_entitlement {
	struct ent_held held;
	struct ent_charging_entitlement *next;
	const struct ent_coverage_item *loaded; /* until it is begun; else NULL */
	ent_id id;
};

static struct ent_charging_entitlement *find(const struct ent_charging *charging, ent_id id)
{
	struct ent_charging_entitlement *e = charging->first;
	while (e != NULL && !ent_id_eq(e->id, id)) {
		e = e->next;
	}
	return e;
}

static struct ent_charging_entitlement *add(struct ent_charging *charging, ent_id id)
{
	struct ent_charging_entitlement *e =
		ENT_NEW(charging->call->arena, struct ent_charging_entitlement, 1);
	e->id = id;
	e->next = charging->first;
	charging->first = e;
	return e;
}

void ent_charging_take(struct ent_charging *charging, const struct ent_coverage_item *item)
{
	const struct ent_entitlement *e = &item->entitlement;
	if (!item->is_amended && find(charging, e->id) == NULL) {
		add(charging, e->id)->loaded = item;
	}
}

static enum ent_code hold(struct ent_charging *charging, ent_id id, struct ent_held **out,
                          struct ent_error *error)
{
	struct ent_charging_entitlement *e = find(charging, id);
	enum ent_code code = ENT_OK;
	if (e == NULL) {
		e = add(charging, id);
		code = ent_ledger_hold(charging->call, id, &e->held, error);
	} else if (e->loaded != NULL) {
		struct ent_list none = { NULL, 0 };
		struct ent_entitlement *copy =
			ent_ledger_snapshot(&e->loaded->entitlement, charging->call->arena);
		e->loaded = NULL;
		code = ent_ledger_begin(charging->call, copy, &none, &e->held, error);
	}
	*out = &e->held;
	return code;
}

/* The case's postings on it: those that are stored, then those made by this use case. */
static enum ent_code find_postings(struct ent_charging *charging, const struct ent_held *held,
                                   ent_id case_id, struct ent_charge *charge,
                                   struct ent_error *error)
{
	struct ent_list stored;
	enum ent_code code = ent_ledger_case_postings(charging->call, held->now, case_id, &stored,
	                                              error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_term_posting *all = ENT_NEW(charging->call->arena, struct ent_term_posting,
	                                       stored.count + held->terms.count);
	if (stored.count > 0) {
		memcpy(all, stored.items, stored.count * sizeof(*all));
	}
	size_t count = stored.count;
	for (size_t i = 0; i < held->terms.count; i++) {
		if (ent_id_eq(held->terms.postings[i].case_id, case_id)) {
			all[count++] = held->terms.postings[i];
		}
	}
	charge->postings = all;
	charge->count = count;
	return ENT_OK;
}

enum ent_code ent_charging_apply(struct ent_charging *charging, struct ent_case *c,
                                 enum ent_charge_event event, struct ent_error *error)
{
	struct ent_charge charge = {
		.event = event,
		.was = c->state,
		.overridden = c->override_terms,
		.case_id = c->id,
		.channel = c->channel,
		.billable_minutes = c->billable_minutes,
		.reason = charging->call->reason,
	};
	struct ent_held *held;
	struct ent_charged charged;
	if (ent_id_is_none(c->entitlement_id)) {
		return ENT_OK;
	}
	enum ent_code code = hold(charging, c->entitlement_id, &held, error);
	if (code == ENT_OK && event != ENT_CHARGE_OPENED) { /* a new case has none */
		code = find_postings(charging, held, c->id, &charge, error);
	}
	if (code == ENT_OK) {
		code = ent_charge_apply(&held->terms, &charge, &charged, error);
	}
	if (code == ENT_OK) {
		c->units_charged = charged.charged;
		c->units_reserved = charged.reserved;
	}
	return code;
}

enum ent_code ent_charging_save(struct ent_charging *charging, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (struct ent_charging_entitlement *e = charging->first; e != NULL && code == ENT_OK;
	     e = e->next) {
		if (e->loaded == NULL) {
			code = ent_ledger_save(charging->call, &e->held, NULL, error);
		}
	}
	return code;
}
