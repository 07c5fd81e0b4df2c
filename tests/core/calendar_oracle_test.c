/* A second way to the same answers: the wall clock is read step by step (a minute; in some
 * rounds a second), every step is painted open or closed, and time is counted by walking. */
#include "core/calendar.h"
#include "test.h"
#include "zone_file.h"

enum {
	STEPS = 60 * 24 * 24, /* of a minute: 24 days */
	SECOND_STEPS = 86400 * 2,
	STEPS_MAX = SECOND_STEPS,
	CASES_A_CALENDAR = 100
};

/* Zones whose clock changes at noon, at midnight, by half an hour, on Saturdays, … */
static const char *const zones[] = {
	"Europe/Berlin",  "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe",
	"Asia/Tehran",    "America/Santiago", "America/St_Johns",  "America/Havana",
	"America/Nuuk",   "Africa/Casablanca",
};

struct walk {
	const struct ent_zone *zone;
	int64_t begin; /* seconds UTC */
	int64_t step;  /* seconds */
	int32_t steps;
	int64_t wall[STEPS_MAX]; /* what the clock shows */
	bool open[STEPS_MAX];
	int32_t passed[STEPS_MAX + 1]; /* open steps before */
};

static struct walk walk;

static void read_clock(void)
{
	for (int32_t i = 0; i < walk.steps; i++) {
		ent_instant at = { (walk.begin + i * walk.step) * ENT_SECOND_US };
		walk.wall[i] = ent_zone_local(walk.zone, at);
	}
}

/* The step at which the clock shows `local`: the first, or the last. In a gap, as far behind
 * the gap's beginning as it would have been. Dates begin when the clock first shows them. */
static int32_t step_of(int64_t local, bool is_closing)
{
	bool is_date = local % 86400 == 0;
	int64_t guess = (local - walk.wall[0]) / walk.step;
	int64_t around = 3 * 3600 / walk.step;
	int32_t from = (int32_t)(guess - around < 0 ? 0 : guess - around);
	int32_t until = (int32_t)(guess + around > walk.steps ? walk.steps : guess + around);
	int32_t found = -1;
	for (int32_t i = from; i < until; i++) {
		if (walk.wall[i] == local && (found < 0 || (is_closing && !is_date))) {
			found = i;
		}
	}
	for (int32_t i = from + 1; i < until && found < 0; i++) {
		if (walk.wall[i - 1] < local && walk.wall[i] > local) {
			int64_t shown = walk.wall[i - 1] + walk.step; /* when the gap begins */
			return is_date ? i : i + (int32_t)((local - shown) / walk.step);
		}
	}
	return found >= 0 ? found : local <= walk.wall[0] ? 0 : walk.steps;
}

static void paint(int64_t first, int64_t last, bool open)
{
	int32_t until = step_of(last, true);
	for (int32_t i = step_of(first, false); i < until; i++) {
		walk.open[i] = open;
	}
}

static void paint_hours(int32_t day, const struct ent_openings *hours, bool open)
{
	for (size_t i = 0; i < hours->count; i++) {
		paint(day * INT64_C(86400) + hours->items[i].from,
		      day * INT64_C(86400) + hours->items[i].to, open);
	}
}

static const struct ent_openings *dated(const struct ent_dates *dates, int32_t day)
{
	for (size_t i = 0; i < dates->count; i++) {
		if (dates->items[i].date.day == day) {
			return &dates->items[i].hours;
		}
	}
	return NULL;
}

static void paint_all(const struct ent_calendar_version *v)
{
	static const struct ent_openings none;
	int32_t first = (int32_t)(walk.wall[0] / 86400) - 2;
	int32_t last = (int32_t)(walk.wall[walk.steps - 1] / 86400) + 2;
	memset(walk.open, 0, sizeof(walk.open));
	for (int32_t day = first; day <= last; day++) {
		int weekday = ent_date_weekday((ent_date){ day });
		if (dated(&v->exceptions, day) == NULL) {
			paint_hours(day, &v->week.days[weekday], true);
		}
	}
	for (size_t i = 0; i < v->holiday_count; i++) {
		const struct ent_holiday *h = &v->holidays[i];
		paint(h->first.date.day * INT64_C(86400) + h->from,
		      h->last.date.day * INT64_C(86400) + h->to, false);
	}
	for (int32_t day = first; day <= last; day++) {
		const struct ent_openings *exception = dated(&v->exceptions, day);
		paint_hours(day, exception == NULL ? &none : exception, true);
	}
	for (int32_t day = first; day <= last; day++) {
		const struct ent_openings *breaks = dated(&v->breaks, day);
		paint_hours(day, breaks == NULL ? &none : breaks, false);
	}
	for (int32_t i = 0; i < walk.steps; i++) {
		walk.passed[i + 1] = walk.passed[i] + walk.open[i];
	}
}

/* ---- random calendars ---- */

struct random_calendar {
	struct ent_opening room[40];
	size_t used;
	struct ent_dated exceptions[4];
	struct ent_dated breaks[4];
	struct ent_holiday holidays[3];
	struct ent_calendar_version version;
};

/* Mostly quarters of an hour, sometimes any step. */
static int32_t random_clock(uint64_t *state)
{
	int32_t clock = (int32_t)test_random(state, 96) * 900;
	if (test_random(state, 4) == 0) {
		clock = (int32_t)(test_random(state, 86400) / (uint64_t)walk.step) *
		        (int32_t)walk.step;
	}
	return test_random(state, 3) == 0 ? clock % (4 * 3600) : clock;
}

static struct ent_openings random_hours(struct random_calendar *c, uint64_t *state, size_t most)
{
	struct ent_openings hours = { &c->room[c->used], test_random(state, most + 1) };
	for (size_t i = 0; i < hours.count; i++) {
		int32_t from = random_clock(state);
		int32_t to = test_random(state, 4) == 0 ? 86400 : random_clock(state);
		CHECK(ent_opening_make(from, to, &c->room[c->used++]));
	}
	return hours;
}

static void random_dates(struct random_calendar *c, uint64_t *state, struct ent_dated *items,
                         struct ent_dates *out)
{
	int32_t day = (int32_t)(walk.wall[0] / 86400);
	for (size_t i = 0; i < 3 && walk.step == 60; i++) {
		day += (int32_t)test_random(state, 8) + 1;
		items[i] = (struct ent_dated){ { day }, random_hours(c, state, 2) };
		out->count++;
	}
	out->items = items;
}

static void make_calendar(struct random_calendar *c, uint64_t *state)
{
	*c = (struct random_calendar){ 0 };
	int kind = (int)test_random(state, 4);
	struct ent_openings same = random_hours(c, state, 2);
	static const struct ent_opening whole = { 0, 86400 };
	for (size_t day = 0; day < 7; day++) {
		c->version.week.days[day] = kind == 0 ? (struct ent_openings){ &whole, 1 }
		                            : kind == 1 ? same
		                                        : random_hours(c, state, 2);
	}
	random_dates(c, state, c->exceptions, &c->version.exceptions);
	random_dates(c, state, c->breaks, &c->version.breaks);
	for (size_t i = 0; i < 2; i++) {
		struct ent_holiday *h = &c->holidays[i];
		h->first.date.day =
			(int32_t)(walk.wall[0] / 86400) + (int32_t)test_random(state, 22);
		h->last.date.day = h->first.date.day + (int32_t)test_random(state, 3);
		h->from = test_random(state, 2) == 0 ? 0 : random_clock(state);
		h->to = test_random(state, 2) == 0 ? 86400 : random_clock(state);
		if (h->last.date.day == h->first.date.day && h->to <= h->from) {
			h->to = 86400;
		}
		c->version.holiday_count++;
	}
	c->version.holidays = c->holidays;
}

/* ---- questions ---- */

/* Open seconds of the walk before begin + `second`. */
static int64_t passed_at(int64_t second)
{
	int64_t i = second / walk.step;
	int64_t rest = i < walk.steps && walk.open[i] ? second % walk.step : 0;
	return walk.passed[i] * walk.step + rest;
}

/* The first second until which `seconds` have passed; -1 if none is in the walk. */
static int64_t walk_until(int64_t seconds)
{
	int32_t low = 0;
	int32_t high = walk.steps;
	if (seconds > walk.passed[walk.steps] * walk.step) {
		return -1;
	}
	while (low < high) { /* the first step at whose end they have */
		int32_t middle = low + (high - low) / 2;
		if (walk.passed[middle + 1] * walk.step < seconds) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low * walk.step + seconds - walk.passed[low] * walk.step;
}

static ent_instant instant_at(int64_t second)
{
	return (ent_instant){ (walk.begin + second) * ENT_SECOND_US };
}

static int64_t second_of(ent_instant instant)
{
	return instant.us / ENT_SECOND_US - walk.begin;
}

static void check_case(const struct ent_hours *hours, uint64_t *state, struct ent_arena arena)
{
	int64_t all = walk.steps * walk.step;
	int64_t start = (int64_t)test_random(state, (uint64_t)all);
	int64_t other = start + (int64_t)test_random(state, (uint64_t)(all - start));
	int64_t before = passed_at(start);
	int64_t between = passed_at(other) - before;
	CHECK_INT(ent_hours_between(hours, instant_at(start), instant_at(other), arena),
	          between * ENT_SECOND_US);
	CHECK_INT(ent_hours_is_open(hours, instant_at(start), arena), walk.open[start / walk.step]);
	if (between == 0) {
		return;
	}
	int64_t seconds = 1 + (int64_t)test_random(state, (uint64_t)between);
	int64_t due = walk_until(before + seconds);
	ent_instant got = ent_hours_add(hours, instant_at(start), seconds * ENT_SECOND_US, arena);
	CHECK_INT(second_of(got), due);
	/* Inverse, and in two steps. */
	CHECK_INT(ent_hours_between(hours, instant_at(start), got, arena), seconds * ENT_SECOND_US);
	int64_t part = (int64_t)test_random(state, (uint64_t)seconds + 1) * ENT_SECOND_US;
	ent_instant half = ent_hours_add(hours, instant_at(start), part, arena);
	CHECK_INT(ent_hours_add(hours, half, seconds * ENT_SECOND_US - part, arena).us, got.us);
	/* Backwards: from there, as much of the walk is behind it, and it is the latest such. */
	ent_instant back = ent_hours_subtract(hours, got, seconds * ENT_SECOND_US, arena);
	int64_t at = second_of(back);
	CHECK_INT(passed_at(at), before);
	CHECK(at >= start && walk.open[at / walk.step]);
	half = ent_hours_subtract(hours, got, part, arena);
	CHECK_INT(ent_hours_subtract(hours, half, seconds * ENT_SECOND_US - part, arena).us,
	          back.us);
}

static void check_calendar(uint64_t *state, struct ent_arena arena)
{
	static struct random_calendar c;
	make_calendar(&c, state);
	paint_all(&c.version);
	struct ent_timetable calendar = { walk.zone->name, walk.zone, &c.version, 1 };
	/* Sometimes with tables elsewhere, so that the year is made on the way. */
	int32_t year = ent_date_civil(ent_zone_date(walk.zone, instant_at(0))).year;
	bool elsewhere = test_random(state, 50) == 0;
	const struct ent_hours *hours = ent_hours_compile(
		&calendar, elsewhere ? 1990 : year, elsewhere ? 1990 : year + 1, &arena);
	for (int i = 0; i < CASES_A_CALENDAR; i++) {
		check_case(hours, state, arena);
	}
}

/* Around the first or second change of a random year (or, where there is none, anywhere). */
static void place(uint64_t *state)
{
	int64_t year = seconds_between(state, 2008, 2026);
	ent_instant change = { year * ENT_SECOND_US };
	for (uint64_t n = test_random(state, 2) + 1; n > 0; n--) {
		ent_instant next = ent_zone_next_change(walk.zone, change);
		change = next.us == INT64_MAX ? change : next;
	}
	bool is_fine = test_random(state, 8) == 0;
	walk.step = is_fine ? 1 : 60;
	walk.steps = is_fine ? SECOND_STEPS : STEPS;
	int64_t length = walk.steps * walk.step;
	walk.begin = change.us / ENT_SECOND_US / 60 * 60 - length / 2 -
	             (int64_t)test_random(state, (uint64_t)length / 3) / 60 * 60;
	read_clock();
}

static void check_zone(const char *name, int rounds, uint64_t *state)
{
	static char bytes[ZONE_FILE_ROOM];
	struct ent_arena arena = test_arena();
	struct ent_error error = { 0 };
	const struct ent_zone *zone = NULL;
	ROW(name);
	CHECK_INT(ent_zone_parse(read_zone_file(name, bytes), ent_str_of(name), &arena, &zone,
	                         &error),
	          ENT_OK);
	if (zone == NULL) {
		return;
	}
	walk.zone = zone;
	for (int i = 0; i < rounds; i++) {
		place(state);
		for (int k = 0; k < 10; k++) {
			check_calendar(state, arena);
		}
	}
}

/* ENT_TEST_QUICK=1: a tenth of the 100,000 cases. */
TEST(calendar_agrees_with_a_walk_by_the_wall_clock)
{
	uint64_t state = 20261122;
	int rounds = getenv("ENT_TEST_QUICK") != NULL ? 1 : 10;
	for (size_t i = 0; i < ENT_COUNT(zones); i++) {
		check_zone(zones[i], rounds, &state);
	}
	ROW(NULL);
}
