/* Our zones against two other readers of the same files: glibc and zdump. */
#include "core/zone.h"

#include "test.h"
#include "zone_file.h"

#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void check_glibc(const struct ent_zone *zone, time_t t)
{
	struct tm tm;
	CHECK(localtime_r(&t, &tm) != NULL);
	ent_instant instant = { t * ENT_SECOND_US };
	CHECK_INT(ent_zone_offset(zone, instant), tm.tm_gmtoff);
	struct ent_civil civil = ent_date_civil(ent_zone_date(zone, instant));
	CHECK_INT(civil.year, tm.tm_year + 1900);
	CHECK_INT(civil.month, tm.tm_mon + 1);
	CHECK_INT(civil.day, tm.tm_mday);
}

TEST(zone_agrees_with_glibc)
{
	uint64_t state = 1906;
	for (size_t i = 0; i < ENT_COUNT(samples); i++) {
		ROW(samples[i]);
		struct ent_zone zone = zone_of(samples[i]);
		setenv("TZ", samples[i], 1);
		tzset();
		for (int n = 0; n < 5000; n++) {
			check_glibc(&zone, seconds_between(&state, 1906, n % 4 == 0 ? 9000 : 2150));
		}
	}
	unsetenv("TZ");
	tzset();
}

/* ---- all zones of the system ------------------------------------------------- */

struct command {
	pid_t pid;
	FILE *output;
};

static struct command command_begin(const char *script)
{
	struct command command = { -1, NULL };
	char text[400];
	snprintf(text, sizeof(text), "%s", script);
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, text, NULL };
	int ends[2];
	posix_spawn_file_actions_t actions;
	CHECK_INT(pipe(ends), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	CHECK_INT(posix_spawnp(&command.pid, "sh", &actions, NULL, argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	command.output = fdopen(ends[0], "r");
	return command;
}

static void command_end(struct command *command)
{
	int status;
	fclose(command->output);
	CHECK(waitpid(command->pid, &status, 0) == command->pid);
	CHECK_INT(status, 0);
}

#define LIST_ZONES                                                                       \
	"cd /usr/share/zoneinfo && find -L . -type f ! -path './right/*' ! -name '*.*' " \
	"! -path './posix/*' ! -name leapseconds -printf '%P\\n' | sort"

/* A change that we do not know would show in one of the months. */
TEST(zone_agrees_with_glibc_on_every_zone)
{
	ent_instant end = instant_of("2100-01-01T00:00:00Z");
	struct command list = command_begin(LIST_ZONES);
	char name[80];
	int zones = 0;
	for (; fgets(name, sizeof(name), list.output) != NULL; zones++) {
		name[strcspn(name, "\n")] = '\0';
		ROW(name);
		struct ent_zone zone = zone_of(name);
		setenv("TZ", name, 1);
		tzset();
		ent_instant at = instant_of("1900-01-01T00:00:00Z");
		for (; at.us < end.us; at = ent_zone_next_change(&zone, at)) {
			check_glibc(&zone, at.us / ENT_SECOND_US - 1);
			check_glibc(&zone, at.us / ENT_SECOND_US);
		}
		ent_date month = ent_date_make(1900, 1, 1);
		for (; month.day < 47482; month = ent_date_add_months(month, 1)) {
			check_glibc(&zone, month.day * INT64_C(86400));
		}
	}
	command_end(&list);
	CHECK(zones > 300);
	unsetenv("TZ");
	tzset();
}

/* zdump looks for changes itself. That takes half a minute for all zones: without
 * ENT_TEST_SLOW=1 it is asked about every twentieth. */
#define SOME " | awk 'NR % 20 == 1'"
#define ZDUMP " | xargs zdump -v -c 1900,2100"

struct dumped {
	char name[80];
	int64_t utc, local;
	long offset;
};

static int32_t month_of(const char *name)
{
	static const char all[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	return (int32_t)(strstr(all, name) - all) / 3 + 1;
}

/* "Europe/Berlin  Sun Mar 29 00:59:59 2026 UT = Sun Mar 29 01:59:59 2026 CET isdst=0
 * gmtoff=3600" */
static bool read_dumped(const char *line, struct dumped *out)
{
	char month[2][4];
	int d[2], h[2], m[2], s[2], y[2];
	if (sscanf(line,
	           "%79s %*s %3s %d %d:%d:%d %d UT = %*s %3s %d %d:%d:%d %d %*s isdst=%*d "
	           "gmtoff=%ld",
	           out->name, month[0], &d[0], &h[0], &m[0], &s[0], &y[0], month[1], &d[1], &h[1],
	           &m[1], &s[1], &y[1], &out->offset) != 14 ||
	    y[0] < 1890 || y[0] > 2110) {
		return false;
	}
	int64_t seconds[2];
	for (int i = 0; i < 2; i++) {
		ent_date date = ent_date_make(y[i], month_of(month[i]), d[i]);
		seconds[i] = date.day * INT64_C(86400) + h[i] * 3600 + m[i] * 60 + s[i];
	}
	out->utc = seconds[0];
	out->local = seconds[1];
	return true;
}

/* Changes of the offset from 1900 until 2100. */
static int count_changes(const struct ent_zone *zone)
{
	ent_instant at = { instant_of("1900-01-01T00:00:00Z").us - 1 };
	ent_instant end = instant_of("2100-01-01T00:00:00Z");
	int n = -1;
	for (; at.us < end.us; n++) {
		at = ent_zone_next_change(zone, at);
	}
	return n;
}

TEST(zone_agrees_with_zdump)
{
	bool all = getenv("ENT_TEST_SLOW") != NULL;
	struct command dump = command_begin(all ? LIST_ZONES ZDUMP : LIST_ZONES SOME ZDUMP);
	char line[300];
	struct dumped before = { "", 0, 0, 0 };
	struct ent_zone zone = ent_zone_utc;
	int zones = 0, changes = 0, want = 0;
	while (fgets(line, sizeof(line), dump.output) != NULL) {
		struct dumped now;
		if (!read_dumped(line, &now)) {
			continue;
		}
		if (strcmp(now.name, before.name) != 0) {
			CHECK_INT(changes, want);
			zone = zone_of(now.name);
			ROW(zone.name.ptr);
			zones++;
			want = count_changes(&zone);
			changes = 0;
		} else if (now.utc == before.utc + 1 && now.offset != before.offset) {
			changes++;
		}
		ent_instant instant = { now.utc * ENT_SECOND_US };
		CHECK_INT(ent_zone_offset(&zone, instant), now.offset);
		CHECK_INT(ent_zone_local(&zone, instant), now.local);
		before = now;
	}
	CHECK_INT(changes, want);
	command_end(&dump);
	CHECK(zones > (all ? 300 : 15)); /* of those that ever changed their clock since 1900 */
}
