/* What Salesforce's milestones were becomes milestones of the past. */
#include "app/tables.h"

#define MILESTONES                                                                          \
	"Id,CaseId,MilestoneTypeId,MilestoneType.Name,StartDate,TargetDate,CompletionDate," \
	"IsCompleted,IsViolated,BusinessHoursId,TargetResponseInMins,StoppedTimeInMins\n"

static struct ent_import_file read_table(const char *name, const char *text)
{
	struct ent_import_options options = tables_options(ENT_FROM_SALESFORCE);
	struct ent_import_file file = { .name = name, .text = ent_str_of(text) };
	OK(tables_import(&options, &file, 1));
	return file;
}

static void make_cases(void)
{
	read_table("Account.csv", "Id,Name\n001A00000000001,Acme\n");
	read_table("BusinessHours.csv", "Id,Name,TimeZoneSidKey,MondayStartTime,MondayEndTime\n"
	                                "01mA00000000001,Mondays,Europe/Berlin,09:00,17:00\n");
	read_table("Case.csv", "Id,AccountId,Subject,Status,ClosedDate\n"
	                       "500A00000000001,001A00000000001,Help,Closed,2026-03-02T18:00:00Z\n"
	                       "500A00000000002,001A00000000001,Help me,New,\n");
}

static struct ent_milestone the_milestone(const char *id)
{
	struct ent_milestone m;
	world_get(&ent_milestone_type, tables_id("milestone", id), &m);
	return m;
}

APP_TEST(import_case_milestones)
{
	static const char table[] = MILESTONES
		"555A00000000001,500A00000000001,557A00000000001,First Response,"
		"2026-03-02T08:00:00.000Z,2026-03-02T12:00:00.000Z,2026-03-02T09:00:00.000Z,"
		"true,false,01mA00000000001,240,\n"
		"555A00000000002,500A00000000001,557A00000000002,Upgrade,2026-03-02T08:00:00Z,"
		"2026-03-02T12:00:00Z,2026-03-02T14:00:00Z,true,true,,240,15\n"
		"555A00000000003,500A00000000001,557A00000000002,Upgrade,2026-03-02T15:00:00Z,,"
		"2026-03-02T16:00:00Z,true,false,,,\n"
		"555A00000000004,500A00000000002,557A00000000001,First Response,"
		"2026-03-02T08:00:00Z,2026-03-02T12:00:00Z,,false,false,,240,\n";
	world_open("2026-06-10T08:00:00Z");
	make_cases();
	struct ent_import_file file = read_table("CaseMilestone.csv", table);
	tables_check(&file, 3, 0, 1, 0);
	CHECK_TEXT(tables_told.all, "CaseMilestone.csv:5|||it is not done: passed over, the rules "
	                            "here start their own\n");
	struct ent_milestone m = the_milestone("555A00000000001IAA");
	CHECK_INT(m.state, ENT_STATE_MET);
	CHECK_INT(m.kind, ENT_MILESTONE_FIRST_RESPONSE);
	CHECK_INT(m.unit, ENT_TARGET_BUSINESS);
	CHECK_INT(m.elapsed_seconds.n, 3600);
	CHECK_INT(m.allowed.seconds, 4 * 3600);
	m = the_milestone("555A00000000002IAA");
	CHECK_INT(m.state, ENT_STATE_MET_LATE);
	CHECK_INT(m.kind, ENT_MILESTONE_CUSTOM);
	CHECK_INT(m.elapsed_seconds.n, 6 * 3600);
	m = the_milestone("555A00000000003IAA");
	CHECK_INT(m.state, ENT_STATE_MET);
	CHECK_INT(m.occurrence, 2);
	struct ent_case c = world_case(tables_id("\"case\"", "500A00000000001IAA"));
	CHECK_INT(c.sla_stage, ENT_SLA_STAGE_MET_LATE);
	CHECK_INT(c.state, ENT_CASE_RESOLVED);
	tables_books();

	int64_t sum = tables_sum();
	file = read_table("export.csv", table);
	tables_check(&file, 0, 0, 4, 0);
	CHECK_INT(tables_sum(), sum);
	file = read_table("CaseMilestone.csv",
	                  MILESTONES "555A00000000002,500A00000000001,,Upgrade,"
	                             "2026-03-02T08:00:00Z,2026-03-02T12:00:00Z,"
	                             "2026-03-02T11:00:00Z,true,false,,240,15\n");
	tables_check(&file, 0, 1, 0, 0);
	CHECK_INT(the_milestone("555A00000000002IAA").state, ENT_STATE_MET);
	CHECK_INT(world_case(c.id).sla_stage, ENT_SLA_STAGE_MET);
	tables_books();
	world_close();
}

APP_TEST(import_case_milestones_tells_what_is_wrong)
{
	world_open("2026-06-10T08:00:00Z");
	make_cases();
	struct ent_import_file file = read_table(
		"CaseMilestone.csv", MILESTONES
		"555A00000000001,500A00000000009,,A,2026-03-02T08:00:00Z,,2026-03-02T09:00:00Z,,,,,"
	        "\n"
		"555A00000000002,500A00000000001,,A,2026-03-02T08:00:00Z,,2026-03-01T09:00:00Z,,,,,"
	        "\n"
		"555A00000000003,500A00000000001,,A,,,2026-03-01T09:00:00Z,,,,,\n"
		"555A00000000004,500A00000000001,,,2026-03-02T08:00:00Z,,2026-03-02T09:00:00Z,,,,,"
	        "\n"
		"555A00000000005,500A00000000001,,A,soon,,2026-03-02T09:00:00Z,,,,,\n"
		"555A00000000006,500A00000000001,,A,2026-03-02T08:00:00Z,,2026-03-02T09:00:00Z,,,"
		"01mA00000000009,,\n");
	tables_check(&file, 0, 0, 0, 6);
	CHECK(strstr(tables_told.all, "csv:2|CaseId|500A00000000009|there is no such case") !=
	      NULL);
	CHECK(strstr(tables_told.all, "csv:3|CompletionDate||it cannot be done before") != NULL);
	CHECK(strstr(tables_told.all, "csv:4|StartDate||the start must be given") != NULL);
	CHECK(strstr(tables_told.all, "csv:5|MilestoneTypeId||MilestoneTypeId or") != NULL);
	CHECK(strstr(tables_told.all, "csv:6|StartDate|soon|give a time") != NULL);
	CHECK(strstr(tables_told.all, "csv:7|BusinessHoursId|01mA00000000009|there is no such") !=
	      NULL);
	CHECK_INT(world_number("SELECT COUNT(*) FROM milestone", ENT_ID_NONE), 0);
	world_close();
}
