#include "app/csv.h"
#include "app/import.h"
#include "test.h"

/* Every row as a|b|c, with / between rows; a row that fails as its code. */
static int flat_rows;

static const char *flat(const char *text, char separator)
{
	static char out[512];
	size_t len = 0;
	struct ent_csv csv;
	struct ent_csv_row row;
	struct ent_error error;
	ent_csv_begin(&csv, ent_str_of(text), separator);
	out[0] = '\0';
	flat_rows = 0;
	while (csv.at < csv.text.len) {
		struct ent_arena arena = test_arena();
		enum ent_code code = ent_csv_next(&csv, &arena, &row, &error);
		flat_rows++;
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s", len > 0 ? "/" : "");
		if (code != ENT_OK) {
			len += (size_t)snprintf(out + len, sizeof(out) - len, "!%s", error.detail);
			continue;
		}
		for (size_t i = 0; i < row.count; i++) {
			len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%.*s",
			                        i > 0 ? "|" : "", (int)row.fields[i].len,
			                        row.fields[i].ptr);
		}
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s",
		                        row.is_blank ? "~" : "");
	}
	return out;
}

TEST(csv_reads)
{
	static const struct {
		int rows;
		const char *text, *want;
	} rows[] = {
		{ 0, "", "" },
		{ 2, "a,b\n1,2\n", "a|b/1|2" },
		{ 2, "a,b\r\n1,2", "a|b/1|2" },
		{ 2,
		  "\xEF\xBB\xBF"
		  "a;b\n1;2,3\n",
		  "a|b/1|2,3" },
		{ 2, "a\tb\n1,5\t2\n", "a|b/1,5|2" },
		{ 2, "a|b\n1|2\n", "a|b/1|2" },
		{ 1, "sep=;\r\na,b;c\n", "a,b|c" },
		{ 1, "sep=;x\n", "sep=|x" },
		{ 1, "a,\"x,y\"\n", "a|x,y" },
		{ 1, "a,\"say \"\"hi\"\"\"\n", "a|say \"hi\"" },
		{ 1, "\"two\nlines\",b\n", "two\nlines|b" },
		{ 1, "\"\r\n\",b\r\n", "\r\n|b" },
		{ 1, "5\" disk,x\n", "5\" disk|x" },
		{ 4, "a,\n,\n\n \n", "a|/|~/~/ ~" },
		{ 1, "\"a,b\";c;d\n", "a,b|c|d" },
		{ 3, "a,b\n\"x\"y,2\n3,4\n", "a|b/!line 2: text behind a closing quote/3|4" },
		{ 2, "a\n\"b\n\nc", "a/!line 2: a quote is opened and not closed" },
		{ 3, "a\n\xFF\nb",
		  "a/!line 2: not UTF-8; save it as UTF-8 or convert it with iconv/b" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].text);
		CHECK_TEXT(flat(rows[i].text, 0), rows[i].want);
		CHECK_INT(flat_rows, rows[i].rows);
	}
	CHECK_TEXT(flat("a;b\n", ','), "a;b");
}

TEST(csv_counts_lines_inside_of_quotes)
{
	struct ent_csv csv;
	struct ent_csv_row row;
	struct ent_error error;
	struct ent_arena arena = test_arena();
	ent_csv_begin(&csv, ENT_STR("a\n\"1\n2\n3\"\nb\n"), 0);
	for (int64_t want = 1; want <= 5; want += want == 1 ? 1 : 3) {
		CHECK(ent_csv_next(&csv, &arena, &row, &error) == ENT_OK);
		CHECK_INT(row.line, want);
	}
}

TEST(csv_limits)
{
	static char text[ENT_CSV_FIELD_MAX + 16];
	struct ent_csv csv;
	struct ent_csv_row row;
	struct ent_error error;
	struct ent_arena arena = test_arena();
	memset(text, 'x', ENT_CSV_FIELD_MAX + 1);
	memcpy(text + ENT_CSV_FIELD_MAX + 1, "\nok\n", 5);
	ent_csv_begin(&csv, ent_str_of(text), ',');
	CHECK(ent_csv_next(&csv, &arena, &row, &error) == ENT_E_LIMIT);
	CHECK(ent_csv_next(&csv, &arena, &row, &error) == ENT_OK && row.line == 2);
	memset(text, ',', ENT_CSV_COLUMNS_MAX);
	ent_csv_begin(&csv, (ent_str){ text, ENT_CSV_COLUMNS_MAX - 1 }, ',');
	CHECK(ent_csv_next(&csv, &arena, &row, &error) == ENT_OK);
	CHECK_INT(row.count, ENT_CSV_COLUMNS_MAX);
	ent_csv_begin(&csv, (ent_str){ text, ENT_CSV_COLUMNS_MAX }, ',');
	CHECK(ent_csv_next(&csv, &arena, &row, &error) == ENT_E_LIMIT);
}

TEST(csv_writes)
{
	static const struct {
		const char *field, *plain;
		bool is_formula;
	} rows[] = {
		{ "a", "a", false },           { "", "\"\"", false },
		{ "a b", "a b", false },       { " a", "\" a\"", false },
		{ "a,b", "\"a,b\"", false },   { "a\"b", "\"a\"\"b\"", false },
		{ "a\nb", "\"a\nb\"", false }, { "=1+1", "=1+1", true },
		{ "-5.25", "-5.25", false },   { "+49 30", "+49 30", true },
		{ "@x", "@x", true },          { "-", "-", true },
		{ "\t=x", "\"\t=x\"", true },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_text text = ent_text_begin(&arena);
		ROW(rows[i].field);
		ent_csv_field(&text, true, ent_str_of(rows[i].field), false);
		CHECK_TEXT(ent_text_end(&text).ptr, rows[i].plain);
		text = ent_text_begin(&arena);
		ent_csv_field(&text, true, ent_str_of(rows[i].field), true);
		bool guarded = strchr(ent_text_end(&text).ptr, '\'') != NULL;
		CHECK(guarded == rows[i].is_formula);
	}
}

TEST(import_dates)
{
	static const struct {
		const char *text;
		enum ent_date_order order;
		const char *want; /* NULL: refused */
	} rows[] = {
		{ "2024-02-29", ENT_ORDER_NONE, "2024-02-29T00:00:00Z" },
		{ "2023-02-29", ENT_ORDER_NONE, NULL },
		{ "2024-02-29T10:00:00.000Z", ENT_ORDER_NONE, "2024-02-29T10:00:00Z" },
		{ "2024-02-29T10:00:00.000+0000", ENT_ORDER_NONE, "2024-02-29T10:00:00Z" },
		{ "2024-02-29T10:00:00.250-0700", ENT_ORDER_NONE, "2024-02-29T17:00:00.250Z" },
		{ "2024-02-29T10:00:00+05:30", ENT_ORDER_NONE, "2024-02-29T04:30:00Z" },
		{ "2024-02-29 10:00", ENT_ORDER_NONE, "2024-02-29T10:00:00Z" },
		{ "2/29/2024", ENT_ORDER_MDY, "2024-02-29T00:00:00Z" },
		{ "2/29/2024 12:05 AM", ENT_ORDER_MDY, "2024-02-29T00:05:00Z" },
		{ "2/29/2024, 3:05 PM", ENT_ORDER_MDY, NULL },
		{ "2/29/2024 3:05 pm", ENT_ORDER_MDY, "2024-02-29T15:05:00Z" },
		{ "29.2.2024", ENT_ORDER_DMY, "2024-02-29T00:00:00Z" },
		{ "29/02/2024", ENT_ORDER_DMY, "2024-02-29T00:00:00Z" },
		{ "2024/2/29", ENT_ORDER_YMD, "2024-02-29T00:00:00Z" },
		{ "2/29/2024", ENT_ORDER_NONE, NULL },
		{ "2/29/24", ENT_ORDER_MDY, NULL },
		{ "13/1/2024", ENT_ORDER_MDY, NULL },
		{ "2024-02-29T25:00:00Z", ENT_ORDER_NONE, NULL },
		{ "2024-02-29T13:00 PM", ENT_ORDER_NONE, NULL },
		{ "2024-02-29x", ENT_ORDER_NONE, NULL },
		{ "tomorrow", ENT_ORDER_MDY, NULL },
		{ "", ENT_ORDER_MDY, NULL },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ent_instant instant;
		ent_date date;
		char text[ENT_INSTANT_ROOM] = "refused";
		ROW(rows[i].text);
		bool good = ent_import_instant(ent_str_of(rows[i].text), rows[i].order, &instant);
		if (good) {
			ent_instant_format(instant, text);
		}
		CHECK_TEXT(text, rows[i].want == NULL ? "refused" : rows[i].want);
		CHECK(ent_import_date(ent_str_of(rows[i].text), rows[i].order, &date) == good);
	}
}

TEST(salesforce_ids)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "001A0000006Vm9u", "001A0000006Vm9uIAC" },
		{ "001A0000006Vm9uIAC", "001A0000006Vm9uIAC" },
		{ "001A0000006Vm9uIAD", NULL },
		{ "001A0000006VM9UIAC", NULL }, /* its case was lost */
		{ "001A0000006Vm9", NULL },
		{ "001A0000006Vm9-", NULL },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char id[19] = "refused";
		ROW(rows[i].text);
		if (!ent_salesforce_id(ent_str_of(rows[i].text), id)) {
			memcpy(id, "refused", 8);
		}
		CHECK_TEXT(id, rows[i].want == NULL ? "refused" : rows[i].want);
	}
}
