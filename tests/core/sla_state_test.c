/* Every stage of a milestone with everything that can be done to it, the choice of a service
 * level, and what happens when memory or a clock cannot be had. */
#include "core/sla_desk.h"
#include "core/sla_inner.h"
#include "core/zone_file.h"

/* ---- the choice (reference/dynamics.md 4.3) ---- */

TEST(sla_choice_of_dynamics)
{
	static const struct ent_sla_candidate none = { { 0 }, { 0 } };
	static const struct ent_sla_candidate active = { { 1 }, { 11 } };
	static const struct ent_sla_candidate draft = { { 2 }, { 0 } };
	static const struct ent_sla_candidate standard = { { 3 }, { 13 } };
	const struct {
		const char *name;
		bool enabled;
		struct ent_sla_candidate manual, entitlement, account, organisation;
		enum ent_sla_source source;
		int64_t version;
	} rows[] = {
		{ "default", true, none, none, none, standard, ENT_SLA_FROM_DEFAULT, 13 },
		{ "nothing", true, none, none, none, none, ENT_SLA_FROM_NONE, 0 },
		{ "entitlement", true, none, active, none, standard, ENT_SLA_FROM_ENTITLEMENT, 11 },
		{ "entitlement alone", true, none, active, none, none, ENT_SLA_FROM_ENTITLEMENT,
		  11 },
		{ "a draft counts as none", true, none, draft, none, standard, ENT_SLA_FROM_DEFAULT,
		  13 },
		{ "a draft alone", true, none, draft, none, none, ENT_SLA_FROM_NONE, 0 },
		{ "by hand", true, active, standard, none, standard, ENT_SLA_FROM_MANUAL, 11 },
		{ "a draft by hand", true, draft, active, none, standard, ENT_SLA_FROM_ENTITLEMENT,
		  11 },
		{ "account", true, none, draft, active, standard, ENT_SLA_FROM_ACCOUNT, 11 },
		{ "disabled", false, active, active, active, standard, ENT_SLA_FROM_DISABLED, 0 },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].name);
		struct ent_sla_choice choice =
			ent_sla_choose(rows[i].enabled, rows[i].manual, rows[i].entitlement,
		                       rows[i].account, rows[i].organisation);
		CHECK_INT(choice.source, rows[i].source);
		CHECK_INT(choice.version_id.value, rows[i].version);
		CHECK(ent_id_is_none(choice.policy_id) == (rows[i].version == 0));
	}
	ROW(NULL);
}

/* ---- stages and verbs ---- */

enum verb { COMPLETE, REOPEN, HOLD, RELEASE, TARGET, START, CANCEL, VERBS };
static const char *const verbs[] = { "complete", "reopen", "hold",  "release",
	                             "target",   "start",  "cancel" };

#define NOON "2025-06-03T12:00:00Z"

static void open_in(struct desk *desk, enum ent_milestone_stage stage)
{
	desk_open(desk, "2025-06-03T09:00:00Z");
	struct ent_milestone_rule *rule = desk_rule(desk, "R", ENT_MILESTONE_CUSTOM, 600);
	rule->criteria = desk_criteria(desk, "status != \"no\"");
	desk_at(desk, "2025-06-03T09:00:00Z");
	ent_instant at = instant_of("2025-06-03T10:00:00Z");
	enum ent_code code = ENT_OK;
	if (stage == ENT_MILESTONE_PAUSED) {
		code = ent_sla_hold(&desk->run, 0, true, at, &desk->error);
	} else if (stage == ENT_MILESTONE_COMPLETED) {
		code = ent_sla_complete(&desk->run, 0, at, at, &desk->error);
	} else if (stage == ENT_MILESTONE_CANCELLED) {
		code = ent_sla_cancel(&desk->run, 0, "by_hand", at, &desk->error);
	} else if (stage == ENT_MILESTONE_WITHDRAWN) {
		desk_status(desk, "2025-06-03T10:00:00Z", "no");
	}
	CHECK_INT(code, ENT_OK);
	CHECK_INT(desk->run.milestones[0]->stage, stage);
}

static enum ent_code act(struct desk *desk, enum verb verb)
{
	struct ent_sla_run *run = &desk->run;
	ent_instant now = instant_of(NOON);
	switch (verb) {
	case COMPLETE:
		return ent_sla_complete(run, 0, now, now, &desk->error);
	case REOPEN:
		return ent_sla_reopen(run, 0, now, &desk->error);
	case HOLD:
	case RELEASE:
		return ent_sla_hold(run, 0, verb == HOLD, now, &desk->error);
	case TARGET:
		return ent_sla_move_target(run, 0, instant_of("2025-06-04T12:00:00Z"), now,
		                           &desk->error);
	case START:
		return ent_sla_move_start(run, 0, instant_of("2025-06-03T08:00:00Z"), now,
		                          &desk->error);
	default:
		return ent_sla_cancel(run, 0, "by_hand", now, &desk->error);
	}
}

TEST(sla_stages_and_verbs)
{
	/* The stage behind it, or -: refused, and nothing has changed. */
	static const struct {
		enum ent_milestone_stage stage;
		const char *then; /* O open, P paused, C completed, X cancelled, W withdrawn */
	} rows[] = {
		{ ENT_MILESTONE_OPEN, "C-P-OOX" },      { ENT_MILESTONE_PAUSED, "C--OPPX" },
		{ ENT_MILESTONE_COMPLETED, "-O-----" }, { ENT_MILESTONE_CANCELLED, "-------" },
		{ ENT_MILESTONE_WITHDRAWN, "-------" },
	};
	static const char letters[] = "OPCXW";
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		for (int verb = 0; verb < VERBS; verb++) {
			struct desk desk;
			ROW(verbs[verb]);
			open_in(&desk, rows[i].stage);
			desk_steps(&desk);
			enum ent_code code = act(&desk, (enum verb)verb);
			bool refused = rows[i].then[verb] == '-';
			CHECK_INT(code, refused ? ENT_E_STATE : ENT_OK);
			char stage = letters[desk.run.milestones[0]->stage];
			CHECK_INT(stage, refused ? letters[rows[i].stage] : rows[i].then[verb]);
			CHECK(refused == (desk_steps(&desk)[0] == '\0'));
		}
	}
	ROW(NULL);
}

/* ---- what cannot be had ---- */

static void day_at_the_desk(void *arg)
{
	struct desk *desk = arg;
	static const ent_str hold[] = { { "hold", 4 } };
	desk_open(desk, "2025-06-03T09:00:00Z");
	desk_hours(desk, 1, "Europe/Berlin", "mon-fri 09:00-17:00");
	desk->run.calendar_id = (ent_id){ 1 };
	desk->run.pause_statuses = (struct ent_words){ hold, 1 };
	desk_rule(desk, "First", ENT_MILESTONE_FIRST_RESPONSE, 60);
	desk_rule(desk, "Fix", ENT_MILESTONE_RESOLUTION, 240);
	desk_at(desk, "2025-06-03T09:00:00Z");
	desk_status(desk, "2025-06-03T10:00:00Z", "hold");
	desk_status(desk, "2025-06-03T11:00:00Z", "");
	desk->c.state = ENT_CASE_RESOLVED;
	desk->c.resolved_at = instant_of(NOON);
	desk_at(desk, NOON);
}

static void after_day(void *arg, bool ok)
{
	struct desk *desk = arg;
	CHECK(!ok || desk_newest(desk, "Fix")->stage == ENT_MILESTONE_COMPLETED);
}

TEST(sla_allocations_may_fail)
{
	static struct desk desk;
	CHECK(test_each_allocation_fails(day_at_the_desk, after_day, &desk) > 20);
}

TEST(sla_clocks_may_fail)
{
	static struct desk desk;
	static const ent_str hold[] = { { "hold", 4 } };
	for (int at = 1; at <= 4; at++) {
		desk_open(&desk, "2025-06-03T09:00:00Z");
		desk.run.pause_statuses = (struct ent_words){ hold, 1 };
		desk_rule(&desk, "A", ENT_MILESTONE_CUSTOM, 60);
		desk_rule(&desk, "B", ENT_MILESTONE_CUSTOM, 60);
		desk.fail_clock_at = at;
		enum ent_code code = ent_sla_evaluate(&desk.run, instant_of("2025-06-03T09:00:00Z"),
		                                      &desk.error);
		desk.c.status = hold[0];
		if (code == ENT_OK) {
			code = ent_sla_evaluate(&desk.run, instant_of("2025-06-03T09:10:00Z"),
			                        &desk.error);
		}
		CHECK_INT(code, ENT_E_STORAGE);
	}
}

TEST(sla_pauses_are_bounded)
{
	struct ent_arena arena = test_arena();
	ent_str text = { NULL, 0 };
	for (int64_t i = 0; i < 1000; i++) {
		struct ent_sla_spans spans = ent_sla_spans_read(text, &arena);
		ent_instant from = { INT64_C(1790000000000000) + i * 10000000 };
		ent_sla_spans_open(&spans, from);
		ent_sla_spans_close(&spans, (ent_instant){ from.us + 1000000 });
		CHECK(spans.count <= ENT_SLA_PAUSES_MAX);
		text = ent_sla_spans_print(&spans, &arena);
		CHECK(text.len <= 20000);
		arena = test_arena();
		static char kept[20001];
		memcpy(kept, text.ptr, text.len);
		text.ptr = kept;
	}
}

TEST(sla_nothing_is_given_more_room_than_calendars_have)
{
	struct desk desk; /* hours that end: the target is never, and nothing falls due */
	desk_open(&desk, "2025-06-03T09:00:00Z");
	desk_hours(&desk, 1, "UTC", "closed");
	desk.run.calendar_id = (ent_id){ 1 };
	desk_rule(&desk, "R", ENT_MILESTONE_CUSTOM, 60);
	desk_at(&desk, "2025-06-03T09:00:00Z");
	struct ent_milestone *m = desk_newest(&desk, "R");
	CHECK_INT(m->target_at.us, INT64_MAX);
	CHECK(ent_instant_is_none(ent_sla_due(&desk.run)));
	ent_milestone_derive(m, &desk.clocks[0], instant_of(NOON), desk.arena);
	CHECK_INT(m->state, ENT_STATE_RUNNING);
	CHECK(ent_count_is_none(m->remaining_seconds));
}
