/* Business hours and holidays of Salesforce become calendars and holiday sets. */
#include "app/tables.h"

/* With a NUL behind it. */
static const char *plain(ent_str text)
{
	static char room[8192];
	snprintf(room, sizeof(room), "%.*s", (int)text.len, text.len > 0 ? text.ptr : "");
	return room;
}

static void check_text(ent_str got, const char *want)
{
	CHECK_TEXT(plain(got), want);
}

static struct ent_import_file read_table(const char *name, const char *text, bool dry_run)
{
	struct ent_import_options options = tables_options(ENT_FROM_SALESFORCE);
	struct ent_import_file file = { .name = name, .text = ent_str_of(text) };
	options.dry_run = dry_run;
	OK(tables_import(&options, &file, 1));
	return file;
}

#define HOURS                                                                      \
	"Id,Name,IsActive,IsDefault,TimeZoneSidKey,MondayStartTime,MondayEndTime," \
	"TuesdayStartTime,TuesdayEndTime,SaturdayStartTime,SaturdayEndTime,HolidaySets\n"

APP_TEST(import_business_hours)
{
	static const char table[] =
		HOURS "01mA00000000001,Europe,true,true,Europe/Berlin,09:00:00.000Z,17:30:00.000Z,"
		      "9:00 AM,12:30 PM,00:00:00.000Z,00:00:00.000Z,\n"
		      "01mA00000000002,Nights,false,false,America/New_York,22:00,06:00,,,,,\n";
	struct ent_calendar calendar;
	world_open("2026-06-10T08:00:00Z");
	int64_t before = tables_sum();
	struct ent_import_file file = read_table("BusinessHours.csv", table, true);
	tables_check(&file, 2, 0, 0, 0);
	CHECK_INT(tables_sum(), before);
	file = read_table("export.csv", table, false); /* told by its columns */
	tables_check(&file, 2, 0, 0, 0);
	world_get(&ent_calendar_type, tables_id("calendar", "01mA00000000001IAA"), &calendar);
	check_text(calendar.week.text, "{\"mon\":[[\"09:00\",\"17:30\"]],\"tue\":[[\"09:00\","
	                               "\"12:30\"]],\"sat\":[[\"00:00\",\"24:00\"]]}");
	check_text(calendar.time_zone, "Europe/Berlin");
	CHECK_INT(calendar.metadata.count, 2);
	world_get(&ent_calendar_type, tables_id("calendar", "01mA00000000002IAA"), &calendar);
	check_text(calendar.week.text, "{\"mon\":[[\"22:00\",\"06:00\"]]}");

	file = read_table("BusinessHours.csv", table, false);
	tables_check(&file, 0, 0, 2, 0);
	file = read_table("BusinessHours.csv",
	                  HOURS "01mA00000000002,Nights,true,false,America/New_York,21:00,06:00,,,"
	                        ",,\n",
	                  false);
	tables_check(&file, 0, 1, 0, 0);
	world_close();
}

APP_TEST(import_business_hours_tells_what_is_wrong)
{
	world_open("2026-06-10T08:00:00Z");
	struct ent_import_file file =
		read_table("BusinessHours.csv",
	                   HOURS "01mA00000000001,A,,,Europe/Berlin,09:00,,,,,,\n"
	                         "01mA00000000002,B,,,Europe/Berlin,9 o'clock,17:00,,,,,\n"
	                         "01mA00000000003,C,,,Europe/Nowhere,09:00,17:00,,,,,\n"
	                         "01mA00000000004,D,,,Europe/Berlin,,,,,,,\n"
	                         "01mA00000000005,E,,,Europe/Berlin,13:00 PM,17:00,,,,,\n"
	                         "01mA00000000006,F,,,Europe/Berlin,09:00,17:00,,,,,Nobody's\n",
	                   false);
	tables_check(&file, 0, 0, 0, 6);
	CHECK(strstr(tables_told.all, "BusinessHours.csv:2|MondayStartTime||give when the day "
	                              "begins and when it ends, or neither\n") != NULL);
	CHECK(strstr(tables_told.all, "csv:3|MondayStartTime|9 o'clock|give a time of day") !=
	      NULL);
	CHECK(strstr(tables_told.all, "csv:4|TimeZoneSidKey|Europe/Nowhere|") != NULL);
	CHECK(strstr(tables_told.all, "csv:5|||week must be given") != NULL);
	CHECK(strstr(tables_told.all, "csv:6|MondayStartTime|13:00 PM|") != NULL);
	CHECK(strstr(tables_told.all, "csv:7|HolidaySets|Nobody's|") != NULL);
	world_close();
}

#define HOLIDAY                                                                           \
	"Id,Name,ActivityDate,IsAllDay,StartTimeInMinutes,EndTimeInMinutes,IsRecurrence," \
	"RecurrenceType,RecurrenceDayOfMonth,RecurrenceDayOfWeekMask,RecurrenceInstance," \
	"RecurrenceMonthOfYear,RecurrenceInterval,RecurrenceStartDate,RecurrenceEndDateOnly\n"

static struct ent_holiday_set the_set(const char *id)
{
	struct ent_holiday_set set;
	world_get(&ent_holiday_set_type, tables_id("holiday_set", id), &set);
	return set;
}

/* Each kind of recurrence alone, in a set of its own. */
APP_TEST(import_holidays_of_each_kind)
{
	static const struct {
		const char *row, *entries;
	} rows[] = {
		{ .row = "2026-12-24,true,,,false,,,,,,,,", .entries = "{\"date\":\"2026-12-24\"" },
		{ .row = "2026-12-24,false,720,1440,false,,,,,,,,",
		  .entries = "{\"date\":\"2026-12-24\",\"from\":\"12:00\"" },
		{ .row = "2026-12-24,false,540,600,false,,,,,,,,",
		  .entries = "{\"date\":\"2026-12-24\",\"from\":\"09:00\",\"to\":\"10:00\"" },
		{ .row = ",true,,,true,RecursYearly,25,,,December,,2020-01-01,",
		  .entries = "{\"date\":\"*-12-25\"" },
		{ .row = ",true,,,true,Yearly,25,,,12,,2020-01-01,",
		  .entries = "{\"date\":\"*-12-25\"" },
		{ .row = ",true,,,true,RecursYearlyNth,,16,Fourth,November,,2020-01-01,",
		  .entries = "{\"date\":\"*-11-thu4\"" },
		{ .row = ",true,,,true,RecursYearlyNth,,2,Last,May,,2020-01-01,",
		  .entries = "{\"date\":\"*-05-mon-1\"" },
		{ .row = ",true,,,true,RecursYearly,25,,,December,,2025-01-01,2026-12-31",
		  .entries = "{\"date\":\"2025-12-25\" {\"date\":\"2026-12-25\"" },
		{ .row = ",true,,,true,RecursDaily,,,,,1,2026-12-24,2027-01-01",
		  .entries = "{\"date\":\"2026-12-24\",\"days\":9" },
		{ .row = ",true,,,true,RecursDaily,,,,,3,2026-12-24,2026-12-31",
		  .entries = "{\"date\":\"2026-12-24\" {\"date\":\"2026-12-27\" "
		             "{\"date\":\"2026-12-30\"" },
		{ .row = ",true,,,true,RecursEveryWeekday,,,,,,2026-12-26,2026-12-29",
		  .entries = "{\"date\":\"2026-12-28\" {\"date\":\"2026-12-29\"" },
		{ .row = ",true,,,true,RecursWeekly,,18,,,2,2026-12-02,2026-12-20",
		  .entries = "{\"date\":\"2026-12-03\" {\"date\":\"2026-12-14\" "
		             "{\"date\":\"2026-12-17\"" },
		{ .row = ",true,,,true,RecursMonthly,31,,,,,2026-01-01,2026-05-01",
		  .entries = "{\"date\":\"2026-01-31\" {\"date\":\"2026-03-31\"" },
		{ .row = ",true,,,true,RecursMonthlyNth,,62,First,,,2026-07-20,2026-09-30",
		  .entries = "{\"date\":\"2026-08-03\" {\"date\":\"2026-09-01\"" },
	};
	world_open("2026-06-10T08:00:00Z");
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char table[1024], set[16], wanted[1024];
		ROW(rows[i].row);
		snprintf(set, sizeof(set), "set %zu", i);
		snprintf(table, sizeof(table), "HolidaySet,%s%s,0C0A00000000001,Off,%s\n", HOLIDAY,
		         set, rows[i].row);
		struct ent_import_file file = read_table("Holiday.csv", table, false);
		tables_check(&file, 1, 0, 0, 0);
		size_t len = (size_t)snprintf(wanted, sizeof(wanted), "[");
		for (struct ent_cut cut = { .tail = ent_str_of(rows[i].entries), .found = true };
		     cut.found;) {
			cut = ent_str_cut(cut.tail, ' ');
			len += (size_t)snprintf(wanted + len, sizeof(wanted) - len,
			                        "%s%.*s,\"name\":\"Off\",\"external_id\":"
			                        "\"0C0A00000000001KAA\"}",
			                        len > 1 ? "," : "", (int)cut.head.len,
			                        cut.head.ptr);
		}
		snprintf(wanted + len, sizeof(wanted) - len, "]");
		check_text(the_set(set).holidays.text, wanted);
		file = read_table("Holiday.csv", table, false);
		tables_check(&file, 0, 0, 1, 0);
	}
	world_close();
}

static size_t count_in(ent_str text, const char *part)
{
	size_t count = 0;
	for (const char *at = plain(text); (at = strstr(at, part)) != NULL; at++) {
		count++;
	}
	return count;
}

/* One set for all; a row that comes again changes its own entries alone. */
APP_TEST(import_holidays_into_a_set)
{
	static const char ever[] = HOLIDAY
		"0C0A00000000001,First of month,,true,,,true,RecursMonthly,1,,,,,2020-01-01,\n"
		"0C0A00000000002,Saturdays,,true,,,true,RecursWeekly,,64,,,52,2026-01-02,\n"
		"0C0A00000000003,Easter Monday,2026-04-06,true,,,false,,,,,,,,\n"
		"0C0A00000000004,Over,,true,,,true,RecursDaily,,,,,2,2001-01-01,2001-01-09\n";
	world_open("2026-06-10T08:00:00Z");
	int64_t before = tables_sum();
	struct ent_import_file file = read_table("Holiday.csv", ever, true);
	tables_check(&file, 3, 0, 1, 0);
	CHECK_INT(tables_sum(), before);
	CHECK_TEXT(tables_told.all,
	           "Holiday.csv:3|||no rule of ours: listed until the end of 2035\n"
	           "Holiday.csv:5|||none of its dates lies in 2025 to 2035\n");
	file = read_table("Holiday.csv", ever, false);
	tables_check(&file, 3, 0, 1, 0);
	struct ent_holiday_set set = the_set("Holidays of salesforce");
	CHECK_INT(count_in(set.holidays.text, "\"First of month\""), 12);
	CHECK_INT(count_in(set.holidays.text, "*-02-01"), 1);
	CHECK(count_in(set.holidays.text, "\"Saturdays\"") >= 9);
	CHECK_INT(count_in(set.holidays.text, "2001"), 0);
	int64_t version = set.version;
	file = read_table("Holiday.csv", ever, false);
	tables_check(&file, 0, 0, 4, 0);
	file = read_table("Holiday.csv",
	                  HOLIDAY "0C0A00000000003,Easter Monday,2027-03-29,true,,,,,,,,,,,\n",
	                  false);
	tables_check(&file, 0, 1, 0, 0);
	set = the_set("Holidays of salesforce");
	CHECK_INT(set.version, version + 1);
	CHECK_INT(count_in(set.holidays.text, "2026-04-06"), 0);
	CHECK_INT(count_in(set.holidays.text, "2027-03-29"), 1);
	CHECK_INT(count_in(set.holidays.text, "\"First of month\""), 12);

	/* and hours that are told to keep them */
	file = read_table("BusinessHours.csv",
	                  HOURS "01mA00000000001,Europe,,,Europe/Berlin,09:00,17:00,,,,,"
	                        "Holidays of salesforce\n",
	                  false);
	tables_check(&file, 1, 0, 0, 0);
	struct ent_calendar calendar;
	world_get(&ent_calendar_type, tables_id("calendar", "01mA00000000001IAA"), &calendar);
	CHECK_INT(calendar.holiday_sets.count, 1);
	CHECK_INT(calendar.holiday_sets.items[0].value, set.id.value);
	world_close();
}

APP_TEST(import_holidays_tells_what_is_wrong)
{
	static const struct {
		const char *row, *told;
	} rows[] = {
		{ .row = "nothing,,,,,,,,,,,,", .told = "ActivityDate|nothing|give a date" },
		{ .row = ",true,,,false,,,,,,,,", .told = "ActivityDate||the date must be given" },
		{ .row = ",,,,true,RecursHourly,,,,,,2026-01-01,",
		  .told = "RecurrenceType|RecursHourly|give one" },
		{ .row = ",,,,true,RecursYearly,32,,,May,,2026-01-01,",
		  .told = "RecurrenceDayOfMonth||give a day" },
		{ .row = ",,,,true,RecursYearly,3,,,Mai,,2026-01-01,",
		  .told = "RecurrenceMonthOfYear|Mai|give" },
		{ .row = ",,,,true,RecursYearlyNth,,2,Fifth,May,,2026-01-01,",
		  .told = "RecurrenceInstance|Fifth" },
		{ .row = ",,,,true,RecursWeekly,,,,,,2026-01-01,",
		  .told = "RecurrenceDayOfWeekMask||give the" },
		{ .row = ",,,,true,RecursWeekly,,128,,,,2026-01-01,",
		  .told = "RecurrenceDayOfWeekMask|128|give" },
		{ .row = ",,,,true,RecursDaily,,,,,0,2026-01-01,",
		  .told = "RecurrenceInterval|0|give 1 to" },
		{ .row = ",,,,true,RecursDaily,,,,,,2026-01-01,",
		  .told = "RecurrenceType||there are too many" },
		{ .row = "2026-01-01,false,600,540,false,,,,,,,,",
		  .told = "StartTimeInMinutes|600|give minutes" },
		{ .row = "2026-01-01,maybe,,,false,,,,,,,,",
		  .told = "IsAllDay|maybe|give true or false" },
	};
	world_open("2026-06-10T08:00:00Z");
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char table[1024];
		ROW(rows[i].row);
		snprintf(table, sizeof(table), "%s0C0A00000000001,Off,%s\n", HOLIDAY, rows[i].row);
		struct ent_import_file file = read_table("Holiday.csv", table, false);
		tables_check(&file, 0, 0, 0, 1);
		CHECK(strstr(tables_told.all, rows[i].told) != NULL);
		tables_told.len = 0;
	}
	CHECK_INT(world_number("SELECT COUNT(*) FROM holiday_set", ENT_ID_NONE), 0);
	world_close();
}
