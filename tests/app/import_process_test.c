/* Entitlement processes of Salesforce, as its metadata says them. */
#include "app/clocks.h"
#include "app/import_process.h"
#include "app/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER ENT_SOURCE_DIR "/tests/data/process/"

static char memory[1 << 20];
static size_t used;

static ent_str file_text(const char *name)
{
	char path[300];
	snprintf(path, sizeof(path), "%s%s", FOLDER, name);
	FILE *file = fopen(path, "rb");
	CHECK(file != NULL);
	char *to = memory + used;
	size_t len = fread(to, 1, sizeof(memory) - used - 1, file);
	fclose(file);
	to[len] = '\0';
	used += len + 1;
	return (ent_str){ to, len };
}

enum { GOLD, FIRST, UPDATE, RESOLUTION, FILES };
static struct ent_import_file files[FILES];

static void read_files(void)
{
	static const char *const names[FILES] = {
		[GOLD] = "Gold_Support_v2.entitlementProcess-meta.xml",
		[FIRST] = "First%20Response.milestoneType-meta.xml",
		[UPDATE] = "Customer%20Update.milestoneType-meta.xml",
		[RESOLUTION] = "Resolution%20Time.milestoneType-meta.xml",
	};
	used = 0;
	for (size_t i = 0; i < FILES; i++) {
		files[i] =
			(struct ent_import_file){ .name = names[i], .text = file_text(names[i]) };
	}
}

static char ignored[300];

static void note_ignored(void *arg, const struct ent_import_file *file, ent_str column)
{
	(void)arg;
	(void)file;
	size_t len = strlen(ignored);
	snprintf(ignored + len, sizeof(ignored) - len, "%.*s ", (int)column.len, column.ptr);
}

static enum ent_code import_files(struct ent_import_file *some, size_t count, bool dry_run)
{
	struct ent_import_options options = tables_options(ENT_FROM_SALESFORCE);
	struct ent_call model = { .now = ent_app_now(world.app),
		                  .who = &ent_principal_system,
		                  .origin = ENT_STR("import") };
	options.dry_run = dry_run;
	options.ignored = note_ignored;
	ignored[0] = '\0';
	tables_told = (struct tables_told){ .rows = 0 };
	ent_error_clear(&world.error);
	return ent_process_import(world.app, &model, &options, some, count, &world.error);
}

static void check_told(const char *want)
{
	if (strstr(tables_told.all, want) == NULL) {
		CHECK_TEXT(tables_told.all, want);
	}
}

static ent_id make_calendars(void)
{
	world_create(&ent_calendar_type,
	             "{\"name\":\"Around the clock\",\"time_zone\":\"UTC\","
	             "\"week\":\"mon-sun 00:00-24:00\"}",
	             NULL);
	return world_create(&ent_calendar_type,
	                    "{\"name\":\"Berlin\",\"time_zone\":\"Europe/Berlin\","
	                    "\"week\":\"mon-fri 09:00-17:00\"}",
	                    NULL);
}

static int64_t number(const char *sql)
{
	return world_number(sql, (ent_id){ 1 });
}

APP_TEST(import_process_becomes_a_policy)
{
	world_open("2025-06-10T07:00:00Z"); /* Tuesday, 09:00 in Berlin */
	make_calendars();
	read_files();
	OK(import_files(files, FILES, true));
	CHECK_INT(files[GOLD].counts[ENT_IMPORT_CREATED], 1);
	CHECK_TEXT(ignored, "");
	CHECK_INT(number("SELECT COUNT(*) FROM sla_policy WHERE id > $1"), 0);
	OK(import_files(files, FILES, false));
	CHECK_INT(files[GOLD].counts[ENT_IMPORT_CREATED], 1);
	CHECK_INT(files[UPDATE].counts[ENT_IMPORT_UNCHANGED], 1);
	OK(import_files(files, FILES, false));
	CHECK_INT(files[GOLD].counts[ENT_IMPORT_UNCHANGED], 1);
	CHECK_INT(number("SELECT COUNT(*) FROM sla_policy WHERE id > $1"), 1);
	CHECK_INT(number("SELECT COUNT(*) FROM sla_policy_version WHERE id > $1"), 1);

	ent_id policy = { number("SELECT MAX(id) FROM sla_policy WHERE id > $1") };
	ent_id account = world_account("Acme");
	ent_id c = world_create(
		&ent_case_type,
		"{\"account_id\":$1,\"title\":\"URGENT: it burns\","
		"\"priority\":\"high\",\"sla_policy_id\":$2}",
		REFS({ &ent_account_type, account }, { &ent_sla_policy_type, policy }));
	CHECK_TEXT(clock_target(c, "First Response"), "2025-06-10T08:00:00Z");
	CHECK_TEXT(clock_target(c, "Customer Update"), "2025-06-11T07:00:00Z");
	CHECK_TEXT(clock_target(c, "Resolution Time"), "2025-06-17T15:00:00Z"); /* 48 open hours */
	CHECK_INT(clock_count(c), 3);
	clock_run("2025-06-10T07:30:00Z");
	CHECK_INT(world_number("SELECT COUNT(*) FROM case_activity WHERE case_id = $1 AND "
	                       "subject = 'Alert Case.Warn_Owner'",
	                       c),
	          1);
	clock_run("2025-06-10T09:00:00Z");
	CHECK_INT(world_number("SELECT COUNT(*) FROM case_activity WHERE case_id = $1", c), 3);
	world_do(&ent_milestone_type, "complete", clock_id(c, "First Response"), "{}");
	CHECK_INT(world_number("SELECT COUNT(*) FROM case_activity WHERE case_id = $1", c), 4);
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* A copy of the process with `from` written as `to`. */
static struct ent_import_file edited(const char *from, const char *to)
{
	struct ent_import_file file = files[GOLD];
	const char *at = strstr(file.text.ptr, from);
	CHECK(at != NULL);
	char *out = memory + used;
	int len = snprintf(out, sizeof(memory) - used, "%.*s%s%s", (int)(at - file.text.ptr),
	                   file.text.ptr, to, at + strlen(from));
	file.text = (ent_str){ out, (size_t)len };
	used += (size_t)len + 1;
	return file;
}

APP_TEST(import_process_is_found_again)
{
	world_open("2025-06-10T07:00:00Z");
	make_calendars();
	read_files();
	OK(import_files(files, FILES, false));
	files[GOLD] = edited("<minutesToComplete>60<", "<minutesToComplete>30<");
	OK(import_files(files, FILES, false));
	CHECK_INT(files[GOLD].counts[ENT_IMPORT_UPDATED], 1);
	/* the next version of the same process */
	files[GOLD] = edited("<versionNumber>2<", "<versionNumber>3<");
	OK(import_files(files, FILES, false));
	CHECK_INT(files[GOLD].counts[ENT_IMPORT_CREATED], 1);
	CHECK_INT(number("SELECT COUNT(*) FROM sla_policy WHERE id > $1"), 1);
	CHECK_INT(number("SELECT number FROM sla_policy_version v JOIN sla_policy p "
	                 "ON p.default_version_id = v.id WHERE p.id > $1"),
	          2);
	/* which a case follows, so that it is frozen */
	ent_id policy = { number("SELECT MAX(id) FROM sla_policy WHERE id > $1") };
	clock_case(world_account("Acme"), ENT_ID_NONE, policy);
	OK(import_files(files, FILES, false));
	CHECK_INT(files[GOLD].counts[ENT_IMPORT_UNCHANGED], 1);
	files[GOLD] = edited("<minutesToComplete>30<", "<minutesToComplete>15<");
	OK(import_files(files, FILES, false));
	CHECK_INT(files[GOLD].counts[ENT_IMPORT_FAILED], 1);
	check_told("make a new one");
	world_close();
}

static const struct {
	const char *from, *to, *want;
} wrong[] = {
	{ "<businessHours>Berlin<", "<businessHours>Paris<", "import the BusinessHours first" },
	{ ">60</minutesToComplete>", ">0</minutesToComplete>", "a whole number from 1" },
	{ "<minutesToComplete>60</minutesToComplete>", "<minutesCustomClass>M</minutesCustomClass>",
	  "formulas and classes (minutesCustomClass) are not read" },
	{ "<SObjectType>Case<", "<SObjectType>WorkOrder<", "only processes of cases" },
	{ ">Minutes<", ">Weeks<", "give Minutes, Hours or Days" },
	{ ">High,Critical<", ">Gigantic<", "give Critical, High, Medium or Low" },
	{ ">Case.Priority<", ">Case.OwnerId<", "no counterpart" },
	{ "<operation>equals<", "<operation>within<", "operation is not read" },
	{ ">1 AND (2 OR 3)<", ">1 AND 4<", "give numbers of items" },
	{ ">1 AND (2 OR 3)<", ">1 AND (2 OR<", "" },
	{ "<milestoneName>First Response<", "<milestoneName><", "needs its milestoneName" },
	{ "</EntitlementProcess>", "", "" },
	{ "<EntitlementProcess ",
	  "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>\n<"
	  "EntitlementProcess ",
	  "DOCTYPE" },
};

/* Each thing that has no counterpart is told, with the milestone that it is of; so is what nothing
 * is made of. */
APP_TEST(import_process_tells_all_that_it_does_not_take)
{
	world_open("2025-06-10T07:00:00Z");
	make_calendars();
	read_files();
	files[GOLD] =
		edited("<minutesToComplete>60</minutesToComplete>",
	               "<minutesCustomClass>Minutes</minutesCustomClass><colour>red</colour>");
	files[GOLD] = edited(">1 AND (2 OR 3)<", ">1 AND 4<");
	files[GOLD] = edited("<active>",
	                     "<exitCriteriaFormula>TRUE</exitCriteriaFormula><shape/><active>");
	OK(import_files(files, FILES, true));
	CHECK_INT(files[GOLD].counts[ENT_IMPORT_FAILED], 1);
	check_told("/exitCriteria");
	check_told("exit criteria: formulas and classes (exitCriteriaFormula) are not read");
	check_told("First Response: formulas and classes (minutesCustomClass) are not read");
	check_told("/criteria|1 AND 4|");
	CHECK_TEXT(ignored, "shape milestones/colour ");
	world_close();
}

APP_TEST(import_process_that_is_wrong_is_refused_as_a_whole)
{
	world_open("2025-06-10T07:00:00Z");
	make_calendars();
	for (size_t i = 0; i < ENT_COUNT(wrong); i++) {
		read_files();
		files[GOLD] = edited(wrong[i].from, wrong[i].to);
		OK(import_files(files, FILES, false));
		CHECK_INT(files[GOLD].counts[ENT_IMPORT_FAILED], 1);
		check_told(wrong[i].want);
	}
	read_files();
	files[UPDATE].text = ENT_STR("<Package/>"); /* and so it is no type of the process */
	OK(import_files(files, FILES, false));
	CHECK_INT(files[UPDATE].counts[ENT_IMPORT_FAILED], 1);
	CHECK_INT(files[GOLD].counts[ENT_IMPORT_CREATED], 1);
	check_told("1 milestones have no milestone type");
	CHECK_INT(world_findings(), 0);
	world_close();
}
