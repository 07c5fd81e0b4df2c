/* plan_renew.c - renewals: what takes part, from when to when. */
#include "core/plan_contract.h"

#include "base/text.h"
#include "core/plan_renew_inner.h"

static const ent_str no_text = { NULL, 0 };

/* ---- terms ---- */

/* Which anniversary of the anchor, in months, it is; -1: none. */
static int32_t months_from(ent_date anchor, ent_date day)
{
	struct ent_civil a = ent_date_civil(anchor);
	struct ent_civil b = ent_date_civil(day);
	int32_t months = (b.year - a.year) * 12 + b.month - a.month;
	return months >= 0 && ent_date_add_months(anchor, months).day == day.day ? months : -1;
}

static ent_date capped(int64_t day)
{
	int32_t most = ent_date_make(ENT_YEAR_MAX, 12, 31).day;
	return (ent_date){ day > most ? most : (int32_t)day };
}

ent_date ent_plan_renewed_end(struct ent_days old, ent_date first, ent_duration term,
                              ent_date *anchor)
{
	ent_date next = capped(old.last.day + INT64_C(1));
	ent_date series = ent_date_is_none(*anchor) ? old.first : *anchor;
	int32_t from = months_from(series, first);
	if (ent_duration_is_none(term)) {
		bool counted = months_from(series, old.first) >= 0 && months_from(series, next) > 0;
		ent_date start = counted ? series : old.first;
		int32_t months = months_from(start, next) - months_from(start, old.first);
		bool whole = months_from(start, next) > 0 && months > 0;
		term = whole ? (ent_duration){ months, 0, 0 }
		             : (ent_duration){ 0, next.day - old.first.day, 0 };
	}
	*anchor = from < 0 ? first : series;
	if (from < 0 || term.days != 0) {
		return ent_contract_last_day(first, term);
	}
	return capped(ent_date_add_months(series, from + term.months).day - INT64_C(1));
}

/* ---- what may be renewed at all ---- */

static bool is_cancelled(ent_instant cancelled_at)
{
	return !ent_instant_is_none(cancelled_at);
}

static void refuse(struct renewing *r, enum ent_code code, const char *why)
{
	ent_note(r->error, code, "", r->old->number, "%s", why);
}

static void check_contract(struct renewing *r)
{
	const struct ent_contract *old = r->old;
	if (old->stage == ENT_STAGE_DRAFT || old->starts_on.day > r->plan->today.day) {
		refuse(r, ENT_E_CANNOT_RENEW, "it has not begun");
	} else if (old->stage == ENT_STAGE_CANCELLED || is_cancelled(old->cancelled_at)) {
		refuse(r, ENT_E_CANNOT_RENEW, "it is cancelled");
	} else if (old->ends_early) {
		refuse(r, ENT_E_CANNOT_RENEW, "it was ended early: make a new one");
	} else if (!ent_id_is_none(r->asked->successor)) {
		refuse(r, ENT_E_RENEW_ALREADY, "see the contract that renews it");
	} else if (!r->in_place && ent_date_is_none(old->ends_on)) {
		refuse(r, ENT_E_RENEW_NO_END, "give it a last day first");
	} else if (r->in_place && !ent_date_is_none(old->ends_on) &&
	           old->ends_on.day < r->plan->today.day) {
		refuse(r, ENT_E_CANNOT_RENEW, "it has expired: renew it as a whole");
	}
}

static void check_input(struct renewing *r)
{
	const struct ent_input_contract_renew *input = r->asked->input;
	if (!ent_duration_is_none(input->term)) {
		if (input->term.seconds != 0 || input->term.months + input->term.days == 0) {
			ent_note(r->error, ENT_E_FORMAT, "/term", no_text,
			         "give years, months and days");
		}
		if (!ent_date_is_none(input->ends_on)) {
			ent_note(r->error, ENT_E_INVALID, "/term", no_text,
			         "give it or ends_on, and not both");
		}
	}
	if (input->back_date && !ent_date_is_none(input->starts_on)) {
		ent_note(r->error, ENT_E_INVALID, "/back_date", no_text,
		         "give it or starts_on, and not both");
	}
}

/* Why this line takes no part; NULL: it does. */
static const char *left_out(const struct renewing *r, size_t at, enum ent_code *code)
{
	const struct ent_contract_line *line = &r->tree.from->lines[at];
	size_t above = r->tree.above[at];
	struct ent_days days = ent_plan_line_days(&r->tree, at);
	ent_date bound = above == ENT_TREE_NONE && !r->in_place
	                         ? r->old->ends_on
	                         : ent_plan_line_days(&r->tree, r->tree.root[at]).last;
	*code = ENT_E_CANNOT_RENEW;
	if (is_cancelled(line->cancelled_at)) {
		return "it is cancelled";
	}
	if (line->ends_early) {
		return "it was ended early";
	}
	if (!line->renewable) {
		return "say first that it is renewable";
	}
	if (r->renewed[at]) {
		*code = ENT_E_RENEW_ALREADY;
		return "it is renewed already";
	}
	if (ent_date_is_none(days.last)) {
		*code = ENT_E_RENEW_NO_END;
		return "give it a last day first";
	}
	if (r->in_place && days.first.day > r->plan->today.day) {
		return "it has not begun";
	}
	return days.last.day < ent_renewing_bound(r, bound).day ? "it is over" : NULL;
}

ent_date ent_renewing_bound(const struct renewing *r, ent_date last)
{
	bool sooner = !ent_date_is_none(last) && last.day < r->plan->today.day;
	return sooner ? last : r->plan->today;
}

static const struct ent_product *product_of(const struct renewing *r, ent_id id)
{
	size_t low = 0;
	size_t high = r->asked->product_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (r->asked->products[middle].id.value < id.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	bool found = low < r->asked->product_count && ent_id_eq(r->asked->products[low].id, id);
	return found ? &r->asked->products[low] : NULL;
}

static size_t place_in_input(const struct renewing *r, ent_id line)
{
	size_t at = 0;
	while (!ent_id_eq(r->asked->input->lines.items[at], line)) {
		at++;
	}
	return at;
}

/* A line that takes no part goes; one that was named must take part. */
static void leave_out(struct renewing *r, size_t at, enum ent_code code, const char *why)
{
	const struct ent_contract_line *line = &r->tree.from->lines[at];
	r->tree.chosen[at] = false;
	if (r->in_place && r->tree.above[at] == ENT_TREE_NONE) {
		struct ent_arena scratch = *r->plan->arena;
		ent_str pointer = ent_plan_pointer(&scratch, "lines", place_in_input(r, line->id));
		ent_note(r->error, code, pointer.ptr, line->number, "%s", why);
	} else if (!line->renewable && !is_cancelled(line->cancelled_at) &&
	           r->asked->into == NULL) {
		struct ent_plan_row *row = ent_plan_change(r->plan, &ent_contract_line_type, line);
		row->line_type = ENT_LINE_TYPE_CANCEL;
		row->line_action = ENT_LINE_ACTION_DISCONNECT;
		r->disconnected++;
	}
}

static void choose_lines(struct renewing *r)
{
	const struct ent_holding *from = r->tree.from;
	ent_plan_tree_choose(&r->tree, r->asked->input->lines, r->error);
	for (size_t i = 0; i < from->line_count; i++) {
		size_t before = ent_plan_tree_find(&r->tree, from->lines[i].renewed_from_id);
		if (before != ENT_TREE_NONE && !is_cancelled(from->lines[i].cancelled_at)) {
			r->renewed[before] = true;
		}
	}
	for (size_t i = 0; i < from->line_count; i++) {
		size_t above = r->tree.above[i];
		enum ent_code code;
		if (!r->tree.chosen[i]) {
			continue;
		}
		const char *why = left_out(r, i, &code);
		if (above != ENT_TREE_NONE && !r->tree.chosen[above]) {
			r->tree.chosen[i] = false;
		} else if (why != NULL) {
			leave_out(r, i, code, why);
		}
	}
}

/* ---- days ---- */

static ent_str day_text(ent_date date, char room[static 11])
{
	ent_date_format(date, room);
	return ent_str_of(room);
}

/* The days of the renewal of what had the days `old`; `begun` is its last first day. */
static void find_days(struct renewing *r, struct ent_days old, ent_date begun, ent_duration term,
                      ent_date anchor, struct renewed_days *out)
{
	const struct ent_input_contract_renew *input = r->asked->input;
	char given[11];
	ent_date today = r->plan->today;
	ent_date next = { old.last.day + 1 };
	bool told = !ent_date_is_none(input->starts_on);
	bool late = next.day < today.day && !input->back_date;
	out->days.first = told ? input->starts_on : late ? today : next;
	out->gap = out->days.first.day - next.day;
	out->is_early = out->gap < 0;
	if (out->is_early &&
	    (out->days.first.day <= begun.day || out->days.first.day < today.day)) {
		bool past = out->days.first.day < today.day;
		ent_note(r->error, ENT_E_RENEW_EARLY_DATE, "/starts_on",
		         day_text(out->days.first, given), "%s",
		         past ? "give today or a later day"
		              : "give a day after the first day of all that is renewed");
	}
	out->anchor = anchor;
	out->days.last = ent_plan_renewed_end(old, out->days.first, term, &out->anchor);
	if (!ent_date_is_none(input->ends_on)) {
		out->days.last = input->ends_on;
		if (out->days.last.day < out->days.first.day) {
			ent_note(r->error, ENT_E_DATE_ORDER, "/ends_on",
			         day_text(out->days.last, given),
			         "must not be before the first day");
		}
	}
}

static void warn_gap(struct renewing *r, const struct renewed_days *days)
{
	char from[11];
	char to[11];
	if (days->gap <= 0) {
		return;
	}
	ent_date_format((ent_date){ days->days.first.day - (int32_t)days->gap }, from);
	ent_date_format((ent_date){ days->days.first.day - 1 }, to);
	ent_plan_warn(
		r->plan, "gap", ENT_STR("/starts_on"),
		ent_text_format(r->plan->arena, "nothing is covered from %s to %s", from, to));
}

static void find_all_days(struct renewing *r)
{
	const struct ent_holding *from = r->tree.from;
	ent_duration term = r->asked->input->term;
	ent_date begun = r->old->starts_on;
	for (size_t i = 0; i < from->line_count; i++) {
		struct ent_days days = ent_plan_line_days(&r->tree, i);
		bool later = r->tree.chosen[i] && days.first.day > begun.day;
		begun = later && !r->in_place ? days.first : begun;
	}
	if (r->asked->into != NULL && ent_renewing_keeps_days(r)) {
		const struct ent_contract *draft = r->asked->into->contract;
		r->whole.days = (struct ent_days){ draft->starts_on, draft->ends_on };
		r->whole.anchor = draft->anchor_on;
	} else if (!r->in_place) {
		struct ent_days old = { r->old->starts_on, r->old->ends_on };
		term = ent_duration_is_none(term) ? r->old->renewal_term : term;
		find_days(r, old, begun, term, r->old->anchor_on, &r->whole);
		warn_gap(r, &r->whole);
	}
	for (size_t i = 0; i < from->line_count; i++) {
		bool is_root = r->tree.above[i] == ENT_TREE_NONE;
		r->days[i] = !r->in_place ? r->whole : r->days[r->tree.root[i]];
		if (r->in_place && is_root && r->tree.chosen[i]) {
			struct ent_days old = ent_plan_line_days(&r->tree, i);
			find_days(r, old, old.first, term, from->lines[i].anchor_on, &r->days[i]);
			warn_gap(r, &r->days[i]);
		}
	}
}

/* ---- products that have come to their end ---- */

static void check_products(struct renewing *r)
{
	for (size_t i = 0; i < r->tree.from->line_count; i++) {
		const struct ent_contract_line *line = &r->tree.from->lines[i];
		const struct ent_product *p = product_of(r, line->product_id);
		if (!r->tree.chosen[i] || p == NULL) {
			r->tree.chosen[i] =
				r->tree.chosen[i] && (r->tree.above[i] == ENT_TREE_NONE ||
			                              r->tree.chosen[r->tree.above[i]]);
			continue;
		}
		bool ends = !ent_date_is_none(p->ends_on);
		bool retired = p->inactive || (ends && p->ends_on.day < r->days[i].days.first.day);
		if (retired && r->asked->input->skip_retired) {
			r->tree.chosen[i] = false;
			r->retired++;
		} else if (retired) {
			ent_note(r->error, ENT_E_RENEW_RETIRED, "", line->number,
			         "swap it for another product, or skip_retired");
		} else if (ends && p->ends_on.day < r->days[i].days.last.day) {
			ent_plan_warn(r->plan, "end_of_life", ENT_STR("/ends_on"),
			              ent_text_format(r->plan->arena,
			                              "%.*s: \"%.*s\" comes to its end before",
			                              (int)line->number.len, line->number.ptr,
			                              (int)p->name.len, p->name.ptr));
		}
	}
}

static void warn_left_out(struct renewing *r)
{
	if (r->disconnected > 0) {
		ent_plan_warn(r->plan, "not_renewed", ENT_STR(""),
		              ent_text_format(r->plan->arena, "%zu lines are not renewed",
		                              r->disconnected));
	}
	if (r->retired > 0) {
		ent_plan_warn(r->plan, "retired", ENT_STR("/skip_retired"),
		              ent_text_format(r->plan->arena,
		                              "%zu lines of products no longer offered are not "
		                              "renewed",
		                              r->retired));
	}
}

/* A contract without lines renews its entitlements and coverage. */
static void check_anything(struct renewing *r)
{
	bool any = r->tree.from->line_count == 0;
	for (size_t i = 0; i < r->tree.from->line_count; i++) {
		any = any || r->tree.chosen[i];
	}
	if (!any) {
		refuse(r, ENT_E_RENEW_NOTHING, "mark lines as renewable, or make a new contract");
	}
}

enum ent_code ent_plan_renew(struct ent_plan *plan, const struct ent_plan_renewal *asked,
                             struct ent_error *error)
{
	size_t count = asked->from->line_count;
	struct renewing r = {
		.plan = plan,
		.asked = asked,
		.old = asked->from->contract,
		.in_place = asked->input->lines.count > 0,
		.error = error,
		.tree = ent_plan_tree_of(plan, asked->from),
		.days = ENT_NEW(plan->arena, struct renewed_days, count),
		.renewed = ENT_NEW(plan->arena, bool, count),
		.there = ENT_NEW(plan->arena, struct ent_contract_line *, count),
	};
	check_contract(&r);
	check_input(&r);
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	choose_lines(&r);
	find_all_days(&r);
	code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	check_products(&r);
	check_anything(&r);
	code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	ent_renewing_find_there(&r);
	warn_left_out(&r);
	return ent_renewing_make(&r);
}
