/* Milestones of the past: what Salesforce's CaseMilestone says was done, and by when.
 *
 * They are history: of no policy, never counted anew, and they fire nothing. Rules of the same
 * name that come later find that it was done. */
#include "app/case.h"
#include "app/import_inner.h"
#include "app/inner.h"
#include "app/sla.h"

static ent_instant read_instant(struct ent_import_work *work, enum ent_import_slot slot,
                                const char *pointer, struct ent_error *error)
{
	ent_instant out = ENT_INSTANT_NONE;
	ent_str text = work->slots[slot];
	if (text.len > 0 && !ent_import_instant(text, work->reader->options->date_order, &out)) {
		ent_note(error, ENT_E_FORMAT, pointer, text,
		         "give a time like 2026-02-28T09:30:00Z");
	}
	return out;
}

enum ent_milestone_kind ent_import_milestone_kind(ent_str name)
{
	static const struct {
		const char *name;
		enum ent_milestone_kind kind;
	} kinds[] = {
		{ "First Response", ENT_MILESTONE_FIRST_RESPONSE },
		{ "First Response Time", ENT_MILESTONE_FIRST_RESPONSE },
		{ "Next Response", ENT_MILESTONE_NEXT_RESPONSE },
		{ "Resolution", ENT_MILESTONE_RESOLUTION },
		{ "Resolution Time", ENT_MILESTONE_RESOLUTION },
		{ "Case Resolution", ENT_MILESTONE_RESOLUTION },
	};
	for (size_t i = 0; i < ENT_COUNT(kinds); i++) {
		if (ent_import_same_word(name, ent_str_of(kinds[i].name))) {
			return kinds[i].kind;
		}
	}
	return ENT_MILESTONE_CUSTOM;
}

static void note_missing(const char *pointer, const char *what, struct ent_error *error)
{
	ent_note(error, ENT_E_REQUIRED, pointer, (ent_str){ NULL, 0 }, "%s must be given", what);
}

static void judge_times(const struct ent_milestone *m, struct ent_error *error)
{
	const ent_str none = { NULL, 0 };
	if (ent_instant_is_none(m->started_at)) {
		note_missing("/#STARTED_AT", "the start", error);
	} else if (m->completed_at.us < m->started_at.us) {
		ent_note(error, ENT_E_RANGE, "/#COMPLETED_AT", none,
		         "it cannot be done before it was started");
	} else if (!ent_instant_is_none(m->target_at) && m->target_at.us < m->started_at.us) {
		ent_note(error, ENT_E_RANGE, "/#TARGET_AT", none,
		         "its target cannot be before its start");
	}
}

/* The hours that counted, as they are now: what has been reckoned is not reckoned again. */
static enum ent_code find_hours(struct ent_import_work *work, struct ent_milestone *m,
                                struct ent_error *error)
{
	struct ent_rows rows;
	ent_str text = work->slots[ENT_SLOT_HOURS];
	m->unit = ENT_TARGET_CALENDAR;
	if (text.len == 0) {
		return ENT_OK;
	}
	enum ent_code code =
		ent_import_refer(work, &ent_calendar_type, text, "/#HOURS", &m->calendar_id, error);
	if (code == ENT_OK && !ent_id_is_none(m->calendar_id)) {
		code = ent_db_run(
			work->call->db, ENT_STR("SELECT revision FROM calendar WHERE id = $1"),
			ENT_ARGS(ent_arg_id(m->calendar_id)), work->call->arena, &rows, error);
		m->unit = ENT_TARGET_BUSINESS;
		m->calendar_revision =
			code == ENT_OK && rows.count > 0 ? rows.first->cell[0].number : 0;
	}
	return code;
}

static enum ent_code read_milestone(struct ent_import_work *work, struct ent_milestone *m,
                                    struct ent_error *error)
{
	ent_str name = work->slots[ENT_SLOT_NAME];
	name = name.len > 0 ? name : work->slots[ENT_SLOT_MILESTONE_TYPE];
	(void)ent_field_set(ENT_FIELD_OF(milestone, name), m, ent_value_text(name), error);
	m->kind = ent_import_milestone_kind(name);
	m->stage = ENT_MILESTONE_COMPLETED;
	m->occurrence = 1;
	m->started_at = read_instant(work, ENT_SLOT_STARTED_AT, "/#STARTED_AT", error);
	m->target_at = read_instant(work, ENT_SLOT_TARGET_AT, "/#TARGET_AT", error);
	m->completed_at = read_instant(work, ENT_SLOT_COMPLETED_AT, "/#COMPLETED_AT", error);
	ent_count minutes = ent_import_count(work, ENT_SLOT_TARGET_MINUTES, error);
	m->allowed = ENT_DURATION_NONE;
	if (!ent_count_is_none(minutes) && minutes.n >= 0 && minutes.n < INT32_MAX) {
		m->allowed = (ent_duration){ .seconds = 60 * minutes.n };
	}
	if (name.len == 0) {
		note_missing("/#MILESTONE_TYPE", "MilestoneTypeId or MilestoneType.Name", error);
	}
	if (m->external_id.len == 0) {
		note_missing("/external_id", "the Id", error);
	}
	if (work->slots[ENT_SLOT_CASE].len == 0) {
		note_missing("/#CASE", "the case", error);
	}
	enum ent_code code = ent_noted(error);
	if (code == ENT_OK) {
		judge_times(m, error);
		code = find_hours(work, m, error);
	}
	return code;
}

/* The case stays as it is but for its worst milestone: the rules are not asked, since the past
 * is no cause of anything. */
static enum ent_code save(struct ent_sla_work *work, struct ent_milestone *m,
                          const struct ent_milestone *before, struct ent_error *error)
{
	struct ent_call *call = work->call;
	struct ent_case *c = work->c;
	enum ent_code code =
		before == NULL
			? ent_record_insert(call, &ent_milestone_type, m, "imported", error)
			: ent_record_save(call, &ent_milestone_type, before, m, "imported", error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_case summary = *c;
	ent_sla_summarise(&work->run, &summary);
	c->sla_stage = summary.sla_stage;
	return ent_record_save(call, &ent_case_type, work->before, c, "updated", error);
}

/* Found again by its external id, else numbered behind those of its name. */
static struct ent_milestone *place(struct ent_sla_work *work, struct ent_milestone *m,
                                   const struct ent_milestone **before)
{
	struct ent_sla_run *run = &work->run;
	*before = NULL;
	for (size_t i = 0; i < run->count; i++) {
		struct ent_milestone *other = run->milestones[i];
		if (ent_str_eq(other->external_id, m->external_id) &&
		    ent_str_eq(other->external_system, m->external_system)) {
			*before = &work->stored[i];
			return other;
		}
		if (ent_str_eq(other->name, m->name) && other->occurrence >= m->occurrence) {
			m->occurrence = other->occurrence + 1;
		}
	}
	run->milestones[run->count++] = m; /* there is room for one more */
	return m;
}

/* What the row says, laid over the one that is there. */
static void lay_over(const struct ent_milestone *from, struct ent_milestone *to)
{
	to->name = from->name;
	to->kind = from->kind;
	to->started_at = from->started_at;
	to->target_at = from->target_at;
	to->completed_at = from->completed_at;
	to->allowed = from->allowed;
	to->metadata = from->metadata;
	if (!ent_id_eq(to->calendar_id, from->calendar_id)) {
		to->calendar_id = from->calendar_id;
		to->calendar_revision = from->calendar_revision;
		to->unit = from->unit;
	}
}

static enum ent_code store_on(struct ent_import_work *work, ent_id case_id, struct ent_milestone *m,
                              enum ent_import_status *status, ent_id *out, struct ent_error *error)
{
	struct ent_call *call = work->call;
	struct ent_case before;
	const struct ent_milestone *was;
	enum ent_code code = ent_record_hold(call, &ent_case_type, case_id, 0, &before, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_case c = before;
	struct ent_sla_work sla = { .call = call, .before = &before, .c = &c };
	code = ent_sla_work_load(&sla, error);
	if (code != ENT_OK) {
		return code;
	}
	m->account_id = c.account_id;
	m->case_id = c.id;
	struct ent_milestone *there = place(&sla, m, &was);
	if (was == NULL) {
		*status = ENT_IMPORT_CREATED;
	} else {
		lay_over(m, there);
		struct ent_set set = ent_row_diff(&ent_milestone_type, was, there, *call->arena);
		*status = ent_set_is_empty(&set) ? ENT_IMPORT_UNCHANGED : ENT_IMPORT_UPDATED;
	}
	if (*status != ENT_IMPORT_UNCHANGED) {
		code = save(&sla, there, was, error);
	}
	*out = there->id;
	return code;
}

enum ent_code ent_import_store_milestone(struct ent_import_work *work,
                                         enum ent_import_status *status, ent_id *out,
                                         struct ent_error *error)
{
	struct ent_milestone *m = work->object;
	ent_id case_id = ENT_ID_NONE;
	*out = ENT_ID_NONE;
	*status = ENT_IMPORT_UNCHANGED;
	enum ent_code code = ent_call_may(work->call, "milestone.move", error);
	if (code == ENT_OK && work->slots[ENT_SLOT_COMPLETED_AT].len == 0) {
		work->notice =
			ENT_STR("it is not done: passed over, the rules here start their own");
		return ENT_OK;
	}
	if (code == ENT_OK) {
		code = read_milestone(work, m, error);
	}
	if (code == ENT_OK && work->slots[ENT_SLOT_CASE].len > 0) {
		code = ent_import_refer(work, &ent_case_type, work->slots[ENT_SLOT_CASE], "/#CASE",
		                        &case_id, error);
	}
	if (code == ENT_OK) {
		code = ent_noted(error);
	}
	return code == ENT_OK ? store_on(work, case_id, m, status, out, error) : code;
}
