/* The worked examples of servicenow 4 on stored contracts, and how prices are shown. */
#include "app/contract_total.h"
#include "app/world.h"

static const struct ent_type *const CONTRACT = &ent_contract_type;
static const struct ent_type *const LINE = &ent_contract_line_type;

static ent_id make(const char *fields)
{
	char json[4000];
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"C\",\"currency\":\"EUR\",%s}",
	         fields);
	return world_create(CONTRACT, json, REFS({ &ent_account_type, world_account("A") }));
}

static ent_id line_of(ent_id contract, int n)
{
	char sql[160];
	snprintf(sql, sizeof(sql),
	         "SELECT id FROM contract_line WHERE contract_id = $1 ORDER BY id LIMIT 1 "
	         "OFFSET %d",
	         n);
	return (ent_id){ world_number(sql, contract) };
}

/* "one_time mrr arr acv tcv", or another list of money fields of a record. */
static const char *amounts(const struct ent_type *type, ent_id id, const char *names)
{
	static char out[400];
	char record[4096] __attribute__((aligned(16)));
	ent_str rest = ent_str_of(names);
	size_t len = 0;
	assert(type->size <= sizeof(record));
	world_get(type, id, record);
	out[0] = '\0';
	while (rest.len > 0) {
		struct ent_cut cut = ent_str_cut(rest, ' ');
		const ent_money *money = ent_field_at(ent_type_field(type, cut.head), record);
		char room[ENT_DECIMAL_ROOM] = "-";
		rest = cut.tail;
		if (money->currency[0] != '\0') {
			ent_decimal_format((ent_decimal){ money->micro }, room);
		}
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%s", len > 0 ? " " : "",
		                        room);
	}
	return out;
}

#define TOTALS "one_time mrr arr acv tcv"
#define SUMS "total_one_time total_mrr total_arr total_net"

/* ---- the worked examples ---- */

#define PRICE(amount) "{\"amount\":\"" amount "\",\"currency\":\"EUR\"}"
#define LIST(amount) "\"list_price\":" PRICE(amount)
#define UNIT(amount) "\"unit_price\":" PRICE(amount)
#define YEARS_2 "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2026-12-31\""
#define YEAR "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2025-12-31\""

static const struct {
	const char *name;
	const char *fields;
	const char *totals;
} examples[] = {
	{ "A: a tree of 24 months",
	  YEARS_2 ",\"lines\":[{\"name\":\"R\",\"quantity\":\"2\"," LIST(
		  "100") ",\"lines\":[{\"name\":\"A\",\"quantity\":\"3\",\"period\":"
	                 "\"yearly\"," LIST("1200") ",\"lines\":[{\"name\":\"A1\",\"quantity\":"
	                                            "\"5\"," LIST("10") "}]},"
	                                                                "{\"name\":\"B\",\"pricing_"
	                                                                "method\":\"one_"
	                                                                "time\"," LIST(
										"500") "}]}]",
	  "500 550 6600 7100 13700" },
	{ "B: two months and ten days",
	  "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2025-03-10\","
	  "\"lines\":[{\"name\":\"B\"," LIST("310") "}]",
	  "0 310 3720 3720 720" },
	{ "C: a year and ten days of a price a year",
	  "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2026-01-10\",\"proration\":\"daily_annual\","
	  "\"lines\":[{\"name\":\"C\",\"period\":\"yearly\"," LIST("3650") "}]",
	  "0 304.17 3650 3650 3750" },
	{ "4.1: 250 a year stays 250",
	  YEAR ",\"lines\":[{\"name\":\"Y\",\"period\":\"yearly\"," LIST("250") "}]",
	  "0 20.83 250 250 250" },
	{ "D: adjustments in their order",
	  YEAR ",\"lines\":[{\"name\":\"D\"," LIST(
		  "100") ",\"adjustments\":["
	                 "{\"type\":\"markup_percent\",\"value\":\"10\",\"source\":\"automatic\"},"
	                 "{\"type\":\"markdown_percent\",\"value\":\"5\",\"source\":\"automatic\"},"
	                 "{\"type\":\"markdown_amount\",\"value\":\"3\"}]}]",
	  "0 101.5 1218 1218 1218" },
	{ "D: the contract's discount spares what was adjusted by hand",
	  YEAR ",\"discount_percent\":\"10\",\"lines\":[{\"name\":\"D\"," LIST(
		  "100") ",\"adjustments\":[{\"type\":\"markdown_amount\",\"value\":\"3\"}]},"
	                 "{\"name\":\"E\"," LIST("100") "}]",
	  "0 187 2244 2244 2244" },
	{ "G: a ramp with a quantity for each year",
	  "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2027-12-31\",\"lines\":[{\"name\":"
	  "\"G\"," LIST("100") ",\"ramp\":\"yearly\",\"ramp_percent\":\"10\",\"ramp_segments\":["
	                       "{\"starts_on\":\"2025-01-01\",\"ends_on\":\"2025-12-31\","
	                       "\"quantity\":\"1\"},"
	                       "{\"starts_on\":\"2026-01-01\",\"ends_on\":\"2026-12-31\","
	                       "\"quantity\":\"2\"},"
	                       "{\"starts_on\":\"2027-01-01\",\"ends_on\":\"2027-12-31\","
	                       "\"quantity\":\"4\"}]}]",
	  "0 100 1200 1200 9648" },
	{ "H: thirty months begin with the short step",
	  "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2027-06-30\",\"lines\":[{\"name\":"
	  "\"H\"," LIST("100") ",\"ramp\":\"yearly\",\"ramp_percent\":\"10\"}]",
	  "0 100 1200 1200 3120" },
	{ "4.6: a ramp cascades to the lines below",
	  "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2026-12-31\",\"lines\":[{\"name\":"
	  "\"R\"," LIST("100") ",\"ramp\":\"quarterly\",\"ramp_percent\":\"10\",\"lines\":["
	                       "{\"name\":\"S\",\"quantity\":\"2\"," LIST("10") "}]}]",
	  "0 120 1440 1440 3024" },
	{ "K: ten percent of what is in force",
	  YEAR
	  ",\"lines\":["
	  "{\"name\":\"ITSM\",\"quantity\":\"100\"," UNIT(
		  "8.5") "},"
	                 "{\"name\":\"CSM\",\"quantity\":\"50\"," UNIT(
				 "18") ",\"starts_on\":\"2025-04-01\",\"ends_on\":\"2025-09-30\"},"
	                               "{\"name\":\"HRSD\",\"quantity\":\"20\"," UNIT(
					       "12") ",\"starts_on\":\"2025-07-01\"},"
	                                             "{\"name\":\"Share\",\"derived_percent\":"
	                                             "\"10\"}]",
	  "0 935 11220 11220 18744" },
	{ "K: with SecOps from July on, less five percent of its own",
	  YEAR ",\"lines\":["
	       "{\"name\":\"ITSM\",\"quantity\":\"100\"," UNIT(
		       "8.5") "},"
	                      "{\"name\":\"SecOps\",\"quantity\":\"10\"," UNIT(
				      "23.75") ",\"starts_on\":\"2025-07-01\"},"
	                                       "{\"name\":\"Share\",\"derived_percent\":\"10\","
	                                       "\"adjustments\":["
	                                       "{\"type\":\"markdown_percent\",\"value\":\"5\"}]}]",
	  "0 930.75 11169 11169 12729.38" },
	{ "without end there is no recurring part",
	  "\"starts_on\":\"2025-01-01\",\"lines\":[{\"name\":\"E\"," LIST(
		  "10") ",\"ramp\":\"yearly\",\"ramp_percent\":\"10\"},{\"name\":\"O\","
	                "\"pricing_method\":\"one_time\"," LIST("7") "}]",
	  "7 10 120 127 7" },
	{ "no lines", YEAR, "0 0 0 0 0" },
};

APP_TEST(contract_price_worked_examples)
{
	world_open("2025-02-10T08:00:00Z");
	for (size_t i = 0; i < ENT_COUNT(examples); i++) {
		ROW(examples[i].name);
		CHECK_TEXT(amounts(CONTRACT, make(examples[i].fields), TOTALS), examples[i].totals);
	}
	world_close();
}

/* Example A by line: cumulative prices are of everything below. */
APP_TEST(contract_price_of_lines_includes_what_is_below)
{
	world_open("2025-02-10T08:00:00Z");
	ent_id id = make(examples[0].fields);
	static const char *const wanted[] = { "500 550 6600 13700", "0 350 4200 8400",
		                              "0 50 600 1200", "500 0 0 500" };
	CHECK_TEXT(amounts(LINE, line_of(id, 1), "net_unit_price one_time mrr arr"),
	           "1200 0 300 3600");
	for (int i = 0; i < 4; i++) {
		struct ent_contract_line line;
		world_get(LINE, line_of(id, i), &line);
		ROW(line.name.ptr);
		int at = ent_str_is(line.name, "R")    ? 0
		         : ent_str_is(line.name, "A")  ? 1
		         : ent_str_is(line.name, "A1") ? 2
		                                       : 3;
		CHECK_TEXT(amounts(LINE, line_of(id, i), SUMS), wanted[at]);
	}
	world_close();
}

/* Example L, as operations leave it: the line that was sold, and what was split from it. */
static const struct {
	const char *name;
	const char *lines;
	const char *source; /* ends_on and line_type of the line that was sold */
	const char *sums;
} changes[] = {
	{ "as sold", "", "", "12000 0 0 0 12000" },
	{ "upsell of 50 from July on",
	  ",{\"name\":\"U\",\"quantity\":\"50\"," UNIT("10") ",\"starts_on\":\"2025-07-01\"}", "",
	  "12000 0 3000 0 15000" },
	{ "downsell to 60 from October on",
	  ",{\"name\":\"D\",\"quantity\":\"60\"," UNIT("10") ",\"starts_on\":\"2025-10-01\"}",
	  "2025-09-30", "12000 0 0 1200 10800" },
	{ "to nothing from October on", "", "2025-09-30", "12000 0 0 3000 9000" },
	{ "40 of them swapped for another product",
	  ",{\"name\":\"D\",\"quantity\":\"60\"," UNIT(
		  "10") ",\"starts_on\":\"2025-10-01\"}"
	                ",{\"name\":\"S\",\"quantity\":\"40\"," UNIT(
				"15") ",\"starts_on\":\"2025-10-01\"}",
	  "2025-09-30", "12000 0 600 0 12600" },
};

APP_TEST(contract_price_says_what_changes_added_and_took_away)
{
	world_open("2025-02-10T08:00:00Z");
	for (size_t i = 0; i < ENT_COUNT(changes); i++) {
		char json[1500];
		ROW(changes[i].name);
		snprintf(json, sizeof(json),
		         YEAR ",\"lines\":[{\"name\":\"L\",\"quantity\":\"100\"," UNIT("10") "}%s]",
		         changes[i].lines);
		ent_id id = make(json);
		world_sql("UPDATE contract_line SET split_from_id = (SELECT MIN(l.id) FROM "
		          "contract_line l WHERE l.contract_id = $1) WHERE contract_id = $1 AND "
		          "name <> 'L'",
		          id);
		if (changes[i].source[0] != '\0') {
			char sql[300];
			snprintf(
				sql, sizeof(sql),
				"UPDATE contract_line SET line_type = 'cancel', ends_early = TRUE, "
				"ends_on = %d WHERE contract_id = $1 AND name = 'L'",
				world_date(changes[i].source).day);
			world_sql(sql, id);
		}
		CHECK_TEXT(amounts(CONTRACT, id,
		                   "new_amount renewal_amount upsell_amount downsell_amount tcv"),
		           changes[i].sums);
	}
	world_close();
}

/* ---- the day ---- */

APP_TEST(contract_price_is_that_of_the_day)
{
	world_open("2024-06-01T08:00:00Z");
	ent_id id = make("\"starts_on\":\"2025-01-01\",\"ends_on\":\"2026-12-31\",\"time_zone\":"
	                 "\"Asia/Tokyo\",\"lines\":[{\"name\":\"R\"," LIST(
				 "100") ",\"ramp\":\"yearly\",\"ramp_percent\":\"10\"},{\"name\":"
	                                "\"S\"," LIST("10") ",\"starts_on\":\"2025-03-01\",\"ends_"
	                                                    "on\":\"2025-03-31\"}]");
	static const struct {
		const char *now, *totals;
	} days[] = {
		{ "2024-07-01", "0 100 1200 1200 2530" }, /* ahead: its first day */
		{ "2025-02-28T14:59:59Z", "0 100 1200 1200 2530" },
		{ "2025-02-28T15:00:00Z", "0 110 1320 1320 2530" }, /* March in Tokyo */
		{ "2025-04-15", "0 100 1200 1200 2530" },
		{ "2025-12-31T15:00:00Z", "0 110 1320 1320 2530" },
		{ "2028-01-01", "0 110 1320 1320 2530" }, /* over: its last day */
	};
	for (size_t i = 0; i < ENT_COUNT(days); i++) {
		ROW(days[i].now);
		world_at(days[i].now);
		CHECK_TEXT(amounts(CONTRACT, id, TOTALS), days[i].totals);
	}
	world_close();
}

/* A day begun counts; without a currency nothing is shown; what cannot be written, neither. */
APP_TEST(contract_price_of_a_cancelled_line_ends_with_it)
{
	world_open("2025-02-10T08:00:00Z");
	ent_id id = make(YEAR ",\"lines\":[{\"name\":\"L\"," LIST("31") ",\"lines\":[{\"name\":"
	                                                                "\"K\"," LIST("31") "}]}]");
	char sql[200];
	snprintf(sql, sizeof(sql),
	         "UPDATE contract_line SET cancelled_at = %lld WHERE contract_id = $1 AND "
	         "parent_id IS NULL",
	         (long long)world_instant("2025-03-10T12:00:00Z").us);
	world_sql(sql, id);
	CHECK_TEXT(amounts(CONTRACT, id, TOTALS), "0 62 744 744 144");
	CHECK_TEXT(amounts(LINE, line_of(id, 1), SUMS), "0 31 372 72");
	ent_id bare = world_create(CONTRACT,
	                           "{\"account_id\":$1,\"name\":\"N\"," YEAR
	                           ",\"lines\":[{\"name\":\"L\"}]}",
	                           REFS({ &ent_account_type, world_account("B") }));
	CHECK_TEXT(amounts(CONTRACT, bare, TOTALS), "- - - - -");
	CHECK_TEXT(amounts(LINE, line_of(bare, 0), SUMS), "- - - -");
	ent_id huge = make(
		YEAR ",\"lines\":[{\"name\":\"L\",\"quantity\":\"9000000\"," LIST("9000000") "}]");
	CHECK_TEXT(amounts(CONTRACT, huge, TOTALS), "- - - - -");
	world_close();
}
