/* plan_pause.c - suspend and resume: of a contract, or of lines at the top of their trees. */
#include "core/plan_amend.h"
#include "core/plan_inner.h"

#include <string.h>

enum { SUSPENSION_MAX = 100 };

static int64_t end_us(ent_instant at)
{
	return ent_instant_is_none(at) ? INT64_MAX : at.us;
}

/* Whole days on the calendar; 0 if there is no end. */
static int32_t days_between(const struct ent_plan *plan, ent_instant from, ent_instant until)
{
	if (ent_instant_is_none(until)) {
		return 0;
	}
	return ent_zone_date(plan->zone, until).day - ent_zone_date(plan->zone, from).day;
}

/* ---- rows, of either kind --------------------------------------------------------------- */

/* A suspension wherever it stands. */
struct pause {
	ent_instant *starts_at, *ends_at;
	ent_str *reason;
	bool *extend_term;
};

static struct pause pause_at(struct ent_children rows, bool of_line, size_t i)
{
	if (of_line) {
		struct ent_line_suspension *row = (struct ent_line_suspension *)rows.items + i;
		return (struct pause){ &row->starts_at, &row->ends_at, &row->reason,
			               &row->extend_term };
	}
	struct ent_contract_suspension *row = (struct ent_contract_suspension *)rows.items + i;
	return (struct pause){ &row->starts_at, &row->ends_at, &row->reason, &row->extend_term };
}

/* The rows of a changed record, with room for `more`: not those of the record before. */
static struct ent_children *own_rows(struct ent_plan *plan, const struct ent_holding *holding,
                                     const struct ent_contract_line *line, size_t more)
{
	const struct ent_type *type =
		line != NULL ? &ent_line_suspension_type : &ent_contract_suspension_type;
	struct ent_children *rows;
	if (line != NULL) {
		struct ent_plan_row *row = ent_plan_change(plan, &ent_contract_line_type, line);
		rows = &((struct ent_contract_line *)row->after)->suspensions;
	} else {
		struct ent_plan_row *row =
			ent_plan_change(plan, &ent_contract_type, holding->contract);
		rows = &((struct ent_contract *)row->after)->suspensions;
	}
	char *items = ent_arena_alloc(plan->arena, rows->count + more, type->size, 16);
	if (rows->count > 0) {
		memcpy(items, rows->items, rows->count * type->size);
	}
	for (size_t i = 0; i < more; i++) {
		ent_type_clear(type, items + (rows->count + i) * type->size);
	}
	*rows = (struct ent_children){ items, rows->count + more };
	return rows;
}

static struct ent_children rows_of(const struct ent_holding *holding,
                                   const struct ent_contract_line *line)
{
	return line != NULL ? line->suspensions : holding->contract->suspensions;
}

/* ---- suspend ---------------------------------------------------------------------------- */

struct pausing {
	struct ent_plan *plan;
	const struct ent_holding *holding;
	const struct ent_input_contract_suspend *input;
	ent_instant from;
	struct ent_plan_ends ends;
	struct ent_error *error;
};

static void note(const struct pausing *p, enum ent_code code, const char *member,
                 const struct ent_contract_line *line, const char *text)
{
	ent_note(p->error, code, member, line == NULL ? p->holding->contract->number : line->number,
	         "%s", text);
}

static void check_pause(const struct pausing *p, const struct ent_contract_line *line)
{
	const struct ent_contract *contract = p->holding->contract;
	struct ent_children rows = rows_of(p->holding, line);
	ent_instant until = p->input->ends_at;
	ent_instant starts_at = line != NULL ? line->starts_at : contract->starts_at;
	ent_instant ends_at = line != NULL ? line->ends_at : contract->ends_at;
	ent_instant cancelled_at = line != NULL ? line->cancelled_at : contract->cancelled_at;
	if (p->from.us < starts_at.us) {
		note(p, ENT_E_SUSPEND_RANGE, "/starts_at", line, "it begins later");
	}
	if (p->from.us >= end_us(ends_at) || p->from.us >= end_us(cancelled_at)) {
		note(p, ENT_E_SUSPEND_AFTER_END, "/starts_at", line, "it ends before that");
	}
	for (size_t i = 0; i < rows.count; i++) {
		struct pause row = pause_at(rows, line != NULL, i);
		if (row.starts_at->us < end_us(*row.ends_at) && p->from.us < end_us(*row.ends_at) &&
		    row.starts_at->us < end_us(until)) {
			note(p, ENT_E_SUSPEND_OVERLAP, "/starts_at", line,
			     "there is a suspension at that time already");
			break;
		}
	}
	if (rows.count >= SUSPENSION_MAX) {
		note(p, ENT_E_LIMIT, "", line, "at most 100 suspensions");
	}
}

/* That rows are there is known in the record, and of lines in the contract, too. */
static void mark(struct ent_plan *plan, const struct ent_holding *holding,
                 const struct ent_contract_line *line)
{
	const struct ent_contract *contract = holding->contract;
	int64_t bit = line != NULL ? ENT_CONTRACT_LINE_SUSPENSIONS : ENT_CONTRACT_SUSPENSIONS;
	if (line != NULL) {
		struct ent_plan_row *row = ent_plan_change(plan, &ent_contract_line_type, line);
		((struct ent_contract_line *)row->after)->extra_rows |= ENT_CONTRACT_SUSPENSIONS;
	}
	if ((contract->extra_rows & bit) == 0) {
		struct ent_plan_row *row = ent_plan_change(plan, &ent_contract_type, contract);
		((struct ent_contract *)row->after)->extra_rows |= bit;
	}
}

/* Move a last day by the days; what has none stays. */
static void shift(struct ent_plan_ends *ends, const struct ent_holding *holding,
                  const struct ent_contract_line *line, int32_t days)
{
	ent_date was = line != NULL ? line->ends_on : holding->contract->ends_on;
	if (days == 0 || ent_date_is_none(was)) {
		return;
	}
	if (line == NULL) {
		ends->moves_contract = true;
		ends->contract = (ent_date){ was.day + days };
	} else {
		size_t at = (size_t)(line - holding->lines);
		ends->moves[at] = true;
		ends->to[at] = (ent_date){ was.day + days };
	}
}

static void pause_node(struct pausing *p, const struct ent_contract_line *line)
{
	check_pause(p, line);
	struct ent_children *rows = own_rows(p->plan, p->holding, line, 1);
	struct pause row = pause_at(*rows, line != NULL, rows->count - 1);
	*row.starts_at = p->from;
	*row.ends_at = p->input->ends_at;
	*row.reason = p->input->reason;
	*row.extend_term = p->input->extend_term;
	mark(p->plan, p->holding, line);
	if (p->input->extend_term) {
		shift(&p->ends, p->holding, line,
		      days_between(p->plan, p->from, p->input->ends_at));
	}
}

void ent_plan_suspend(struct ent_plan *plan, const struct ent_holding *holding,
                      const struct ent_input_contract_suspend *input, struct ent_error *error)
{
	struct ent_plan_scope scope;
	struct pausing p = {
		.plan = plan,
		.holding = holding,
		.input = input,
		.error = error,
		.from = ent_instant_is_none(input->starts_at) ? plan->now : input->starts_at,
		.ends = ent_plan_ends_begin(plan, holding, "/extend_term"),
	};
	ent_plan_scope(plan, holding, input->lines, ENT_PLAN_ROOTS, ENT_CONTRACT_DO_SUSPEND, &scope,
	               error);
	plan->effective_on = ent_zone_date(plan->zone, p.from);
	plan->effective_at = p.from;
	ent_plan_check_day(plan, plan->effective_on, "/starts_at", error);
	if (end_us(input->ends_at) <= p.from.us) {
		ent_note(error, ENT_E_SUSPEND_RANGE, "/ends_at", (ent_str){ NULL, 0 },
		         "the suspension ends before it starts");
		return;
	}
	if (scope.whole) {
		pause_node(&p, NULL);
	}
	for (size_t i = 0; i < scope.count; i++) {
		pause_node(&p, &holding->lines[scope.places[i]]);
	}
	ent_plan_ends_move(plan, holding, &p.ends, error);
}

/* ---- resume ----------------------------------------------------------------------------- */

struct resuming {
	struct ent_plan *plan;
	const struct ent_holding *holding;
	ent_instant at;
	struct ent_plan_ends ends;
	struct ent_error *error;
	size_t count; /* suspensions that end */
};

/* End the suspension that the node itself is in now, if it is in one. */
static bool resume_node(struct resuming *r, const struct ent_contract_line *line,
                        const char *pointer)
{
	struct ent_children rows = rows_of(r->holding, line);
	size_t i = 0;
	while (i < rows.count) {
		struct pause row = pause_at(rows, line != NULL, i);
		if (row.starts_at->us <= r->plan->now.us &&
		    r->plan->now.us < end_us(*row.ends_at)) {
			break;
		}
		i++;
	}
	if (i == rows.count) {
		return false;
	}
	struct pause row = pause_at(*own_rows(r->plan, r->holding, line, 0), line != NULL, i);
	if (r->at.us < row.starts_at->us || r->at.us > end_us(*row.ends_at)) {
		ent_note(r->error, ENT_E_SUSPEND_RANGE, pointer, (ent_str){ NULL, 0 },
		         "the suspension does not last until then");
	}
	if (*row.extend_term) {
		shift(&r->ends, r->holding, line,
		      days_between(r->plan, *row.starts_at, r->at) -
		              days_between(r->plan, *row.starts_at, *row.ends_at));
	}
	*row.ends_at = r->at;
	r->count++;
	return true;
}

static void resume_all(struct resuming *r)
{
	resume_node(r, NULL, "/at");
	for (size_t i = 0; i < r->holding->line_count; i++) {
		if (ent_id_is_none(r->holding->lines[i].parent_id)) {
			resume_node(r, &r->holding->lines[i], "/at");
		}
	}
}

void ent_plan_resume(struct ent_plan *plan, const struct ent_holding *holding,
                     const struct ent_input_contract_resume *input, struct ent_error *error)
{
	struct ent_plan_scope scope;
	struct resuming r = {
		.plan = plan,
		.holding = holding,
		.error = error,
		.at = ent_instant_is_none(input->at) ? plan->now : input->at,
		.ends = ent_plan_ends_begin(plan, holding, "/at"),
	};
	ent_plan_scope(plan, holding, input->lines, ENT_PLAN_ROOTS, ENT_CONTRACT_DO_RESUME, &scope,
	               error);
	plan->effective_on = ent_zone_date(plan->zone, r.at);
	plan->effective_at = r.at;
	ent_plan_check_day(plan, plan->effective_on, "/at", error);
	if (scope.whole) {
		resume_all(&r);
	}
	for (size_t i = 0; i < scope.count; i++) {
		if (!resume_node(&r, &holding->lines[scope.places[i]], "/at")) {
			ent_note(error, ENT_E_CANNOT_RESUME, scope.pointers[i],
			         holding->lines[scope.places[i]].number,
			         "the contract as a whole is suspended: resume that");
		}
	}
	ent_plan_ends_move(plan, holding, &r.ends, error);
}
