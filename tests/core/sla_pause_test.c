/* Pauses: reference/dynamics.md 4.11 (P1..P7), salesforce.md 4. */
#include "core/sla_desk.h"
#include "core/zone_file.h"

/* 2025-06-02 is a Monday. */
static void open_mon_fri(struct desk *desk, const char *opened, int64_t minutes)
{
	static const ent_str hold[] = { { "hold", 4 } };
	desk_open(desk, opened);
	desk_hours(desk, 1, "UTC", "mon-fri 09:00-17:00");
	desk->run.calendar_id = (ent_id){ 1 };
	desk->run.pause_statuses = (struct ent_words){ hold, 1 };
	desk_rule(desk, "Fix", ENT_MILESTONE_RESOLUTION, minutes);
	desk_at(desk, opened);
}

static const char *warn_clock(struct desk *desk)
{
	const struct ent_milestone *m = desk_newest(desk, "Fix");
	int64_t s = m->warn_at.us / ENT_SECOND_US;
	return ent_text_format(&desk->arena, "%02d:%02d", (int)(s % 86400 / 3600),
	                       (int)(s % 3600 / 60))
	        .ptr;
}

TEST(sla_pauses_of_dynamics)
{
	static const struct {
		const char *name, *created, *paused, *resumed;
		int64_t minutes, pause;
		const char *target, *then, *warn, *warn_then;
	} rows[] = {
		{ "P1", "2025-06-03T07:00:00Z", "2025-06-03T07:30:00Z", "2025-06-03T08:30:00Z", 240,
		  0, "Tue 13:00", "Tue 13:00", "12:00", "12:00" },
		{ "P2", "2025-06-03T07:00:00Z", "2025-06-03T10:00:00Z", "2025-06-03T11:30:00Z", 240,
		  90, "Tue 13:00", "Tue 14:30", "12:00", "13:30" },
		{ "P3", "2025-06-03T10:00:00Z", "2025-06-03T11:00:00Z", "2025-06-03T20:00:00Z", 240,
		  360, "Tue 14:00", "Wed 12:00", "13:00", "11:00" },
		{ "P4", "2025-06-03T15:00:00Z", "2025-06-03T20:00:00Z", "2025-06-04T10:00:00Z", 240,
		  60, "Wed 11:00", "Wed 12:00", "10:00", "11:00" },
		{ "P5", "2025-06-06T15:00:00Z", "2025-06-06T16:00:00Z", "2025-06-09T09:30:00Z", 240,
		  90, "Mon 11:00", "Mon 12:30", "10:00", "11:30" },
		{ "P7", "2025-06-03T07:00:00Z", "2025-06-03T12:30:00Z", "2025-06-03T12:50:00Z", 240,
		  20, "Tue 13:00", "Tue 13:20", "12:00", "12:00" },
		{ "salesforce 4", "2025-06-02T10:00:00Z", "2025-06-02T14:00:00Z",
		  "2025-06-03T11:00:00Z", 480, 300, "Tue 10:00", "Tue 15:00", "16:00", "13:00" },
		{ "salesforce 4, by night", "2025-06-02T10:00:00Z", "2025-06-02T18:00:00Z",
		  "2025-06-03T08:00:00Z", 480, 0, "Tue 10:00", "Tue 10:00", "16:00", "16:00" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct desk desk;
		ROW(rows[i].name);
		open_mon_fri(&desk, rows[i].created, rows[i].minutes);
		CHECK_TEXT(desk_target(&desk, "Fix"), rows[i].target);
		CHECK_TEXT(warn_clock(&desk), rows[i].warn);
		desk_status(&desk, rows[i].paused, "hold");
		CHECK_TEXT(desk_target(&desk, "Fix"), "none");
		desk_status(&desk, rows[i].resumed, "");
		CHECK_TEXT(desk_target(&desk, "Fix"), rows[i].then);
		CHECK_TEXT(warn_clock(&desk), rows[i].warn_then);
		struct ent_milestone *m = desk_newest(&desk, "Fix");
		ent_milestone_derive(m, &desk.clocks[0], instant_of(rows[i].resumed), desk.arena);
		CHECK_INT(m->paused_seconds.n, rows[i].pause * 60);
	}
	ROW(NULL);
}

TEST(sla_pauses_add_up)
{
	struct desk desk; /* P6 */
	open_mon_fri(&desk, "2025-06-03T09:00:00Z", 480);
	CHECK_TEXT(desk_target(&desk, "Fix"), "Tue 17:00");
	desk_status(&desk, "2025-06-03T10:00:00Z", "hold");
	desk_status(&desk, "2025-06-03T11:30:00Z", "");
	CHECK_TEXT(desk_target(&desk, "Fix"), "Wed 10:30");
	desk_status(&desk, "2025-06-03T16:30:00Z", "hold");
	struct ent_milestone *m = desk_newest(&desk, "Fix");
	ent_milestone_derive(m, &desk.clocks[0], instant_of("2025-06-03T23:00:00Z"), desk.arena);
	CHECK_INT(m->remaining_seconds.n, 2 * 3600);
	CHECK_INT(m->state, ENT_STATE_PAUSED);
	desk_status(&desk, "2025-06-04T09:45:00Z", "");
	CHECK_TEXT(desk_target(&desk, "Fix"), "Wed 11:45");
	CHECK_TEXT(desk_steps(&desk), "started paused resumed paused resumed");
}

TEST(sla_late_by_thirty_minutes)
{
	struct desk desk; /* salesforce 4, stop and resume */
	open_mon_fri(&desk, "2025-06-02T10:00:00Z", 480);
	desk_status(&desk, "2025-06-02T14:00:00Z", "hold");
	desk_status(&desk, "2025-06-03T11:00:00Z", "");
	desk_at(&desk, "2025-06-03T15:30:00Z");
	desk.c.state = ENT_CASE_RESOLVED;
	desk.c.resolved_at = instant_of("2025-06-03T15:30:00Z");
	desk_at(&desk, "2025-06-03T15:30:00Z");
	struct ent_milestone *m = desk_newest(&desk, "Fix");
	ent_milestone_derive(m, &desk.clocks[0], instant_of("2025-06-05T12:00:00Z"), desk.arena);
	CHECK_INT(m->state, ENT_STATE_MET_LATE);
	CHECK(m->late);
	CHECK_INT(m->elapsed_seconds.n, 810 * 60);
	CHECK_INT(m->paused_seconds.n, 300 * 60);
	CHECK_INT(m->actual_seconds.n, 510 * 60);
	CHECK(ent_count_is_none(m->remaining_seconds));
	CHECK_TEXT(desk_steps(&desk), "started paused resumed warned violated completed");
	ent_sla_summarise(&desk.run, &desk.c);
	CHECK_INT(ent_sla_status_at(&desk.c, instant_of("2025-06-05T12:00:00Z")), ENT_SLA_MET_LATE);
}
