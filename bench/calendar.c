/* calendar.c - how many questions about business time a core answers in a second: deadlines and
 * elapsed times over a year, with lunch breaks, holidays and a zone with summer time, beside a
 * naive walker that goes from day to day.
 *
 *     cc -O2 -std=c17 -D_GNU_SOURCE -Isrc bench/calendar.c src/core/?*.c src/base/?*.c
 */
#include "core/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { QUESTIONS = 1 << 16, FIRST = 2020, LAST = 2035, START_YEARS = 2 };

static char memory[1 << 24];
static struct ent_budget budget = { .fail_at = -1 };
static ent_instant starts[QUESTIONS], ends[QUESTIONS];
static int64_t amounts[QUESTIONS];

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const struct ent_zone *read_zone(const char *name, struct ent_arena *arena)
{
	static char bytes[1 << 16];
	char path[100];
	struct ent_error error;
	const struct ent_zone *zone = &ent_zone_utc;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	FILE *file = fopen(path, "rb");
	size_t len = file == NULL ? 0 : fread(bytes, 1, sizeof(bytes), file);
	if (ent_zone_parse((ent_str){ bytes, len }, ent_str_of(name), arena, &zone, &error) !=
	    ENT_OK) {
		printf("no zone %s: UTC\n", name);
	}
	return zone;
}


/* What one would write first: day by day, span by span. Holidays are looked up in a list. */
static int64_t naive_add(const struct ent_timetable *c, const ent_date *holidays, size_t count,
                         int64_t start, int64_t us)
{
	int32_t day = ent_zone_date(c->zone, (ent_instant){ start }).day - 1;
	for (;; day++) {
		const struct ent_openings *hours =
			&c->versions[0].week.days[ent_date_weekday((ent_date){ day })];
		bool closed = false;
		for (size_t i = 0; i < count; i++) {
			closed = closed || holidays[i].day == day;
		}
		for (size_t i = 0; i < hours->count && !closed; i++) {
			int64_t local = day * INT64_C(86400);
			int64_t open = ent_zone_instant(c->zone, local + hours->items[i].from,
			                                ENT_PICK_FIRST, NULL).us;
			int64_t close = ent_zone_instant(c->zone, local + hours->items[i].to,
			                                 ENT_PICK_SECOND, NULL).us;
			open = open < start ? start : open;
			if (open < close && close - open >= us) {
				return open + us;
			}
			us -= open < close ? close - open : 0;
		}
	}
}

static void ask(const struct ent_hours *hours, struct ent_arena arena, int64_t span_us,
                const char *what)
{
	uint64_t sum = 0;
	srandom(1);
	int64_t begin = ent_date_make(FIRST + 1, 1, 1).day * ENT_DAY_US;
	int64_t range = ent_date_make(FIRST + 1 + START_YEARS, 1, 1).day * ENT_DAY_US - begin;
	for (int i = 0; i < QUESTIONS; i++) {
		starts[i].us = begin + (int64_t)((double)random() / RAND_MAX * (double)range);
		double part = 0.5 + (double)random() / RAND_MAX;
		ends[i].us = starts[i].us + (int64_t)(part * (double)span_us);
		amounts[i] = ent_hours_between(hours, starts[i], ends[i], arena) + 1;
	}
	double t = now();
	int rounds = 100;
	for (int r = 0; r < rounds; r++) {
		for (int i = 0; i < QUESTIONS; i++) {
			sum += (uint64_t)ent_hours_add(hours, starts[i], amounts[i], arena).us;
		}
	}
	double add = now() - t;
	t = now();
	for (int r = 0; r < rounds; r++) {
		for (int i = 0; i < QUESTIONS; i++) {
			sum += (uint64_t)ent_hours_between(hours, starts[i], ends[i], arena);
		}
	}
	double between = now() - t;
	printf("%-12s add %7.2f million/s   between %7.2f million/s   (%llx)\n", what,
	       rounds * (double)QUESTIONS / add / 1e6, rounds * (double)QUESTIONS / between / 1e6,
	       (unsigned long long)sum);
}

int main(void)
{
	static const char *const names[] = { "*-01-01",  "easter-2", "easter+1", "*-05-01",
		                             "easter+39", "easter+50", "*-10-03", "*-12-25",
		                             "*-12-26" };
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	struct ent_error error;
	struct ent_holiday holidays[ENT_COUNT(names)] = { 0 };
	static ent_date dates[ENT_COUNT(names) * (LAST - FIRST + 1)];
	size_t count = 0;
	struct ent_calendar_version version = { .holidays = holidays,
		                                .holiday_count = ENT_COUNT(names) };
	struct ent_timetable calendar = { ENT_STR("Europe/Berlin"),
		                         read_zone("Europe/Berlin", &arena), &version, 1 };
	if (ent_week_parse(ENT_STR("mon-thu 08:00-12:00,13:00-17:00; fri 08:00-14:00"), &arena,
	                   &version.week, &error) != ENT_OK) {
		return 1;
	}
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		if (!ent_day_rule_parse(ent_str_of(names[i]), &holidays[i].first)) {
			return 1;
		}
		holidays[i].last = holidays[i].first;
		holidays[i].to = ENT_DAY_S;
		for (int32_t year = FIRST; year <= LAST; year++) {
			dates[count++] = ent_day_rule_date(&holidays[i].first, year);
		}
	}
	char *before = arena.next;
	double t = now();
	const struct ent_hours *hours = ent_hours_compile(&calendar, FIRST, LAST, &arena);
	printf("compile      %d years in %.2f ms, %zu kB\n", LAST - FIRST + 1, (now() - t) * 1e3,
	       (size_t)(arena.next - before) / 1024);
	ask(hours, arena, 10 * ENT_DAY_US, "ten days");
	ask(hours, arena, 8 * 365 * ENT_DAY_US, "eight years");
	ask(hours, arena, 365 * ENT_DAY_US, "one year");
	t = now();
	int wrong = 0;
	for (int i = 0; i < QUESTIONS / 8; i++) {
		int64_t us = naive_add(&calendar, dates, count, starts[i].us, amounts[i]);
		wrong += us != ent_hours_add(hours, starts[i], amounts[i], arena).us;
	}
	printf("naive, a year add %7.4f million/s   (%d answers differ)\n",
	       QUESTIONS / 8 / (now() - t) / 1e6, wrong);
	return wrong != 0;
}
