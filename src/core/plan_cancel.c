/* plan_cancel.c - cancel a contract, or lines of it, for good. */
#include "core/plan_amend.h"
#include "core/plan_inner.h"

struct cancelling {
	struct ent_plan *plan;
	const struct ent_holding *holding;
	ent_instant at;
	struct ent_error *error;
};

static int64_t end_us(ent_instant at)
{
	return ent_instant_is_none(at) ? INT64_MAX : at.us;
}

/* A day on which it is in force, by its days: not before the first, not after the last. */
static void check_day(const struct cancelling *c, ent_instant starts_at, ent_instant ends_at,
                      ent_str number)
{
	bool is_now = c->at.us == c->plan->now.us; /* what has not begun may be cancelled now */
	if ((c->at.us < starts_at.us && !is_now) || c->at.us >= end_us(ends_at)) {
		ent_note(c->error, ENT_E_DATE_OUTSIDE_PARENT, "/effective_on", number,
		         "it is not in force on that day");
	}
}

/* What is under it would stay cancelled from the earlier day on. */
static void check_sooner(const struct cancelling *c, ent_instant cancelled_at, ent_str number)
{
	if (c->at.us >= end_us(cancelled_at)) {
		ent_note(c->error, ENT_E_ALREADY_CANCELLED, "/effective_on", number,
		         "it is to be cancelled by then: undo that first");
	}
}

static void cancel_contract(const struct cancelling *c)
{
	const struct ent_contract *before = c->holding->contract;
	struct ent_plan_row *row = ent_plan_change(c->plan, &ent_contract_type, before);
	struct ent_contract *after = row->after;
	check_day(c, before->starts_at, before->ends_at, before->number);
	check_sooner(c, before->cancelled_at, before->number);
	if (before->stage == ENT_STAGE_DRAFT) {
		if (c->at.us > c->plan->now.us) {
			ent_note(c->error, ENT_E_STATE, "/effective_on", before->number,
			         "a draft is cancelled at once: leave the day out");
		}
		after->stage = ENT_STAGE_CANCELLED;
	}
	after->cancelled_at = c->at;
}

static void cancel_line(const struct cancelling *c, const struct ent_contract_line *line)
{
	struct ent_plan_row *row = ent_plan_change(c->plan, &ent_contract_line_type, line);
	check_day(c, line->starts_at, line->ends_at, line->number);
	check_sooner(c, line->cancelled_at, line->number);
	((struct ent_contract_line *)row->after)->cancelled_at = c->at;
	row->line_type = ENT_LINE_TYPE_CANCEL;
	row->line_action = ENT_LINE_ACTION_CHANGE;
}

bool ent_plan_is_cancelled(const struct ent_plan *plan, ent_instant cancelled_at, ent_date by)
{
	return !ent_instant_is_none(cancelled_at) &&
	       cancelled_at.us <= ent_zone_day_begins(plan->zone, by).us;
}

void ent_plan_cancel_right(struct ent_plan *plan, const struct ent_entitlement *e, ent_instant at)
{
	bool ends_before = end_us(e->ends_at) <= at.us || end_us(e->cancelled_at) <= at.us;
	if (e->stage == ENT_STAGE_CANCELLED || ends_before) {
		return;
	}
	struct ent_plan_row *row = ent_plan_change(plan, &ent_entitlement_type, e);
	struct ent_entitlement *after = row->after;
	after->cancelled_at = at;
	if (at.us <= plan->now.us) {
		after->stage = ENT_STAGE_CANCELLED;
	}
}

static bool is_under(const struct cancelling *c, const struct ent_plan_scope *scope, ent_id line)
{
	if (scope->whole || ent_id_is_none(line)) {
		return scope->whole;
	}
	size_t at = ent_holding_at(c->holding, line);
	if (at == c->holding->line_count) {
		return false;
	}
	const struct ent_contract_line *root = ent_holding_root(c->holding, &c->holding->lines[at]);
	return scope->named[root - c->holding->lines];
}

void ent_plan_cancel(struct ent_plan *plan, const struct ent_holding *holding,
                     const struct ent_input_contract_cancel *input, struct ent_error *error)
{
	struct ent_plan_scope scope;
	struct cancelling c = { .plan = plan, .holding = holding, .at = plan->now, .error = error };
	ent_plan_scope(plan, holding, input->lines, ENT_PLAN_ROOTS, ENT_CONTRACT_DO_CANCEL, &scope,
	               error);
	plan->effective_on = plan->today;
	if (!ent_date_is_none(input->effective_on) && input->effective_on.day != plan->today.day) {
		plan->effective_on = input->effective_on;
		c.at = ent_zone_day_begins(plan->zone, input->effective_on);
	}
	plan->effective_at = c.at;
	ent_plan_check_day(plan, plan->effective_on, "/effective_on", error);
	if (scope.whole) {
		cancel_contract(&c);
	}
	for (size_t i = 0; i < scope.count; i++) {
		cancel_line(&c, &holding->lines[scope.places[i]]);
	}
	for (size_t i = 0; i < holding->entitlement_count; i++) {
		const struct ent_entitlement *e = &holding->entitlements[i];
		if (is_under(&c, &scope, e->contract_line_id)) {
			ent_plan_cancel_right(plan, e, c.at);
		}
	}
}
