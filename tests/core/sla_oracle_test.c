/* A second way to the same answers: every minute is open or closed, paused or not, and time is
 * counted by walking from the start each time anew. Nothing is remembered between two looks but
 * what happened in each minute. */
#include "core/sla_desk.h"
#include "core/sla_inner.h"
#include "core/zone_file.h"

enum { MINUTES = 60 * 24 * 21, SCRIPTS = 1000, EVENTS = 24 };

static struct {
	int64_t begin; /* minutes since 1970 */
	bool open[MINUTES], paused[MINUTES];
	int start, now;
	int64_t allowed;
	bool status, held, high, business;
} walk;

static void paint(void)
{
	for (int i = 0; i < MINUTES; i++) {
		int64_t at = walk.begin + i;
		int64_t day = at / 1440;
		int minute = (int)(at % 1440);
		walk.open[i] =
			!walk.business ||
			(ent_date_weekday((ent_date){ (int32_t)day }) < 5 &&
		         ((minute >= 540 && minute < 720) || (minute >= 780 && minute < 1050)));
		walk.paused[i] = false;
	}
}

static ent_instant instant_at(int minute)
{
	return (ent_instant){ (walk.begin + minute) * ENT_MINUTE_US };
}

static int64_t count_open(int from, int to, bool only_paused)
{
	int64_t count = 0;
	for (int i = from; i < to; i++) {
		count += walk.open[i] && (!only_paused || walk.paused[i]);
	}
	return count;
}

static int target(int64_t minutes)
{
	int at = walk.start;
	for (int64_t left = minutes; left > 0 && at < MINUTES; at++) {
		left -= walk.open[at];
	}
	return at;
}

static void look(struct desk *desk)
{
	const struct ent_sla_clock *clock = &desk->clocks[0];
	struct ent_milestone *m = desk_newest(desk, "R");
	const struct ent_sla_step *step;
	do { /* what a change has made late */
		CHECK_INT(ent_sla_next(&desk->run, instant_at(walk.now), &step, &desk->error), 0);
	} while (step != NULL);
	int64_t paused = count_open(walk.start, walk.now, true);
	int due = target(walk.allowed + paused);
	ent_milestone_derive(m, clock, instant_at(walk.now), desk->arena);
	CHECK_INT(m->elapsed_seconds.n, count_open(walk.start, walk.now, false) * 60);
	CHECK_INT(m->paused_seconds.n, paused * 60);
	if (walk.status || walk.held) {
		CHECK_INT(m->state, ENT_STATE_PAUSED);
		CHECK(ent_instant_is_none(m->target_at));
		int64_t spent = count_open(walk.start, walk.now, false) - paused;
		CHECK_INT(m->remaining_seconds.n, (walk.allowed - spent) * 60);
		return;
	}
	bool late = walk.now > due;
	CHECK_INT(m->state, late ? ENT_STATE_VIOLATED : ENT_STATE_RUNNING);
	CHECK_INT(m->target_at.us, instant_at(due).us);
	CHECK_INT((m->fired & ENT_FIRED_VIOLATED) != 0, late);
	CHECK_INT(m->remaining_seconds.n, 60 * (late ? -count_open(due, walk.now, false)
	                                             : count_open(walk.now, due, false)));
}

/* Let time pass and do one thing. */
static void go_on(struct desk *desk, uint64_t *random)
{
	int pause = (int)test_random(random, test_random(random, 3) == 0 ? 3000 : 400);
	for (int i = 0; i < pause; i++) {
		walk.paused[walk.now++] = walk.status || walk.held;
	}
	ent_instant now = instant_at(walk.now);
	char text[ENT_INSTANT_ROOM];
	ent_instant_format(now, text);
	desk_at(desk, text);
	switch (test_random(random, 6)) {
	case 0:
	case 1:
		walk.status = !walk.status;
		desk->c.status = walk.status ? ENT_STR("hold") : ENT_STR("on");
		break;
	case 2:
		walk.held = !walk.held;
		CHECK_INT(ent_sla_hold(&desk->run, 0, walk.held, now, &desk->error), ENT_OK);
		break;
	case 3:
		walk.high = !walk.high;
		desk->c.priority = walk.high ? ENT_PRIORITY_HIGH : ENT_PRIORITY_NORMAL;
		walk.allowed = walk.high ? 120 : 700;
		break;
	default:
		break; /* only time passes */
	}
	desk_at(desk, text);
}

static void play(uint64_t *random)
{
	static const ent_str hold[] = { { "hold", 4 } };
	static struct desk desk;
	struct ent_sla_target high = { .priorities = 1U << ENT_PRIORITY_HIGH,
		                       .allowed = { 0, 0, 120 * 60 } };
	char text[ENT_INSTANT_ROOM];
	walk.begin = ent_date_make(2025, 6, 2).day * INT64_C(1440);
	walk.start = walk.now = (int)test_random(random, 4000);
	walk.allowed = 700;
	walk.status = walk.held = walk.high = false;
	walk.business = test_random(random, 4) > 0;
	paint();
	ent_instant_format(instant_at(walk.now), text);
	desk_open(&desk, text);
	desk_hours(&desk, 1, "UTC", "mon-fri 09:00-12:00,13:00-17:30");
	desk.run.calendar_id = (ent_id){ 1 };
	desk.run.pause_statuses = (struct ent_words){ hold, 1 };
	struct ent_milestone_rule *rule = desk_rule(&desk, "R", ENT_MILESTONE_CUSTOM, 700);
	rule->unit = walk.business ? ENT_TARGET_BUSINESS : ENT_TARGET_CALENDAR;
	rule->targets = &high;
	rule->target_count = 1;
	desk_at(&desk, text);
	for (int i = 0; i < EVENTS && walk.now < MINUTES / 2; i++) {
		look(&desk);
		go_on(&desk, random);
	}
	look(&desk);
}

TEST(sla_agrees_with_a_walk_from_minute_to_minute)
{
	uint64_t random = 20261122;
	char row[40];
	for (int i = 0; i < SCRIPTS && test_failures == 0; i++) {
		snprintf(row, sizeof(row), "script %d", i);
		ROW(row);
		play(&random);
	}
	ROW(NULL);
}
