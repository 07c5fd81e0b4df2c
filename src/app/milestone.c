/* What people do with milestones. */
#include "app/action.h"
#include "app/case.h"
#include "app/entity.h"
#include "app/sla.h"

/* ---- by hand ---- */

/* A milestone that somebody works on: its case, all clocks of that, and its place among them. */
struct handling {
	struct ent_sla_work work;
	struct ent_case before, c;
	size_t at;
};

static enum ent_code begin(struct ent_call *call, const char *permission, ent_id id,
                           int64_t version, ent_str reason, struct handling *out,
                           struct ent_error *error)
{
	struct ent_milestone m;
	enum ent_code code = ent_call_may(call, permission, error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, &ent_milestone_type, id, version, &m, error);
	}
	if (code == ENT_OK) {
		code = ent_row_get(call->db, &ent_case_type, m.account_id, m.case_id, call->arena,
		                   &out->c, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	if (reason.len > 0) {
		call->reason = reason;
	}
	out->before = out->c;
	out->work = (struct ent_sla_work){ .call = call, .before = &out->before, .c = &out->c };
	code = ent_sla_work_load(&out->work, error);
	if (code == ENT_OK) {
		code = ent_sla_work_pass(&out->work, error);
	}
	out->at = 0;
	while (code == ENT_OK && !ent_id_eq(out->work.stored[out->at].id, id)) {
		out->at++;
		assert(out->at < out->work.stored_count);
	}
	return code;
}

/* The rules look again, everything is stored, and the milestone is shown. */
static enum ent_code finish(struct handling *h, enum ent_code code, struct ent_milestone *out,
                            struct ent_error *error)
{
	struct ent_call *call = h->work.call;
	if (code == ENT_OK) {
		code = ent_sla_work_judge(&h->work, error);
	}
	if (code == ENT_OK) {
		ent_sla_summarise(&h->work.run, &h->c);
		code = ent_record_save(call, &ent_case_type, &h->before, &h->c, "updated", error);
	}
	if (code == ENT_OK) {
		code = ent_sla_work_end(&h->work, error);
	}
	if (code == ENT_OK) {
		*out = *h->work.run.milestones[h->at];
		code = ent_record_decorate(call, &ent_milestone_type, out, error);
	}
	return code;
}

enum ent_code ent_milestone_complete(struct ent_call *call, ent_id id, int64_t version,
                                     const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_complete *asked = input;
	struct handling h;
	enum ent_code code =
		begin(call, "milestone.complete", id, version, asked->reason, &h, error);
	if (code == ENT_OK) {
		ent_instant when =
			ent_instant_is_none(asked->completed_at) ? call->now : asked->completed_at;
		code = ent_sla_complete(&h.work.run, h.at, when, call->now, error);
		code = finish(&h, code, out, error);
	}
	return code;
}

enum ent_code ent_milestone_reopen(struct ent_call *call, ent_id id, int64_t version,
                                   const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_reason *asked = input;
	struct handling h;
	enum ent_code code =
		begin(call, "milestone.complete", id, version, asked->reason, &h, error);
	if (code == ENT_OK) {
		code = ent_sla_reopen(&h.work.run, h.at, call->now, error);
		code = finish(&h, code, out, error);
	}
	return code;
}

static enum ent_code hold(struct ent_call *call, ent_id id, int64_t version,
                          const struct ent_input_reason *asked, bool held,
                          struct ent_milestone *out, struct ent_error *error)
{
	struct handling h;
	enum ent_code code = begin(call, "milestone.pause", id, version, asked->reason, &h, error);
	if (code == ENT_OK) {
		code = ent_sla_hold(&h.work.run, h.at, held, call->now, error);
		code = finish(&h, code, out, error);
	}
	return code;
}

enum ent_code ent_milestone_pause(struct ent_call *call, ent_id id, int64_t version,
                                  const void *input, void *out, struct ent_error *error)
{
	return hold(call, id, version, input, true, out, error);
}

enum ent_code ent_milestone_resume(struct ent_call *call, ent_id id, int64_t version,
                                   const void *input, void *out, struct ent_error *error)
{
	return hold(call, id, version, input, false, out, error);
}

enum ent_code ent_milestone_move_target(struct ent_call *call, ent_id id, int64_t version,
                                        const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_move_target *asked = input;
	struct handling h;
	enum ent_code code = begin(call, "milestone.move", id, version, asked->reason, &h, error);
	if (code == ENT_OK) {
		code = ent_sla_move_target(&h.work.run, h.at, asked->target_at, call->now, error);
		code = finish(&h, code, out, error);
	}
	return code;
}

enum ent_code ent_milestone_move_start(struct ent_call *call, ent_id id, int64_t version,
                                       const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_move_start *asked = input;
	struct handling h;
	enum ent_code code = begin(call, "milestone.move", id, version, asked->reason, &h, error);
	if (code == ENT_OK) {
		code = ent_sla_move_start(&h.work.run, h.at, asked->started_at, call->now, error);
		code = finish(&h, code, out, error);
	}
	return code;
}

enum ent_code ent_milestone_cancel(struct ent_call *call, ent_id id, int64_t version,
                                   const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_reason *asked = input;
	struct handling h;
	enum ent_code code = begin(call, "milestone.move", id, version, asked->reason, &h, error);
	if (code == ENT_OK) {
		code = ent_sla_cancel(&h.work.run, h.at, "by_hand", call->now, error);
		code = finish(&h, code, out, error);
	}
	return code;
}
