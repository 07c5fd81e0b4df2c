/* Each kind of value: good, null, of the wrong type, at and beyond its bounds. */
#include "sample.h"

#define ID "acc_0123456789abc"

struct row {
	const char *text;
	const char *want;
};

static void check_rows(const struct row *rows, size_t count, enum ent_json_use use)
{
	for (size_t i = 0; i < count; i++) {
		struct ent_arena arena = test_arena();
		ROW(rows[i].text);
		const char *want = rows[i].want == NULL ? rows[i].text : rows[i].want;
		CHECK_TEXT(sample_read_new(rows[i].text, use, &arena), want);
	}
}

TEST(read_single_values)
{
	static const struct row rows[] = { /* without `want`: comes back as it is */
		{ "{\"flag\":true}", NULL },
		{ "{\"flag\":false}", NULL },
		{ "{\"flag\":null}", "{\"flag\":false}" },
		{ "{\"flag\":1}", "type /flag [1] give true or false" },
		{ "{\"flag\":\"true\"}", "type /flag [true] give true or false" },
		{ "{\"flag\":[]}", "type /flag [[...]] give true or false" },
		{ "{\"size\":0}", NULL },
		{ "{\"size\":100}", NULL },
		{ "{\"size\":-0}", "{\"size\":0}" },
		{ "{\"size\":null}", "{\"size\":0}" },
		{ "{\"size\":101}", "range /size [101] give 0 to 100" },
		{ "{\"size\":-1}", "range /size [-1] give 0 to 100" },
		{ "{\"size\":9223372036854775808}",
		  "range /size [9223372036854775808] give 0 to 100" },
		{ "{\"size\":1.0}", "type /size [1.0] give a whole number" },
		{ "{\"size\":1e1}", "type /size [1e1] give a whole number" },
		{ "{\"size\":1E99}", "type /size [1E99] give a whole number" },
		{ "{\"size\":\"1\"}", "type /size [1] give a whole number" },
		{ "{\"size\":true}", "type /size [true] give a whole number" },
		{ "{\"size\":{}}", "type /size [{...}] give a whole number" },
		{ "{\"balance\":-1000000000000}", NULL },
		{ "{\"balance\":1000000000001}",
		  "range /balance [1000000000001] give -1000000000000 to 1000000000000" },
		{ "{\"quantity\":50}", NULL },
		{ "{\"quantity\":null}", NULL },
		{ "{\"quantity\":51}", "range /quantity [51] give 0 to 50" },
		{ "{\"quantity\":0.5}", "type /quantity [0.5] give a whole number" },
		{ "{\"starts_on\":\"2028-02-29\"}", NULL },
		{ "{\"starts_on\":null}", NULL },
		{ "{\"starts_on\":\"2027-02-29\"}",
		  "format /starts_on [2027-02-29] give a date like 2026-01-31" },
		{ "{\"starts_on\":\"\"}", "format /starts_on [] give a date like 2026-01-31" },
		{ "{\"starts_on\":20280229}", "type /starts_on [20280229] give a text" },
		{ "{\"due_at\":\"2026-01-31T09:30:00Z\"}", NULL },
		{ "{\"due_at\":\"2026-01-31T10:30:00.25+01:00\"}",
		  "{\"due_at\":\"2026-01-31T09:30:00.250Z\"}" },
		{ "{\"due_at\":null}", NULL },
		{ "{\"due_at\":\"2026-01-31\"}",
		  "format /due_at [2026-01-31] give a time like 2026-01-31T09:30:00Z" },
		{ "{\"due_at\":1}", "type /due_at [1] give a text" },
		{ "{\"term\":null}", NULL },
		{ "{\"term\":\"1 year\"}",
		  "format /term [1 year] give a duration like P1Y or PT4H" },
		{ "{\"term\":12}", "type /term [12] give a text" },
		{ "{\"rate\":\"12.5\"}", NULL },
		{ "{\"rate\":12.500}", "{\"rate\":\"12.5\"}" },
		{ "{\"rate\":-0.000001}", "{\"rate\":\"-0.000001\"}" },
		{ "{\"rate\":null}", NULL },
		{ "{\"rate\":0.0000001}",
		  "format /rate [0.0000001] give a decimal number in quotes like \"12.5\"" },
		{ "{\"rate\":1e2}",
		  "format /rate [1e2] give a decimal number in quotes like \"12.5\"" },
		{ "{\"rate\":true}", "type /rate [true] give a text" },
		{ "{\"unit\":\"cases\"}", NULL },
		{ "{\"unit\":null}", "{\"unit\":\"none\"}" },
		{ "{\"unit\":\"Cases\"}",
		  "unknown_value /unit [Cases] give one of none cases minutes "
		  "visits custom" },
		{ "{\"unit\":1}", "type /unit [1] give a text" },
		{ "{\"product_id\":\"prd_0123456789abc\"}", NULL },
		{ "{\"product_id\":null}", NULL },
		{ "{\"product_id\":\"" ID "\"}",
		  "format /product_id [" ID "] give an identifier like prd_0123456789abc" },
		{ "{\"product_id\":7}", "type /product_id [7] give a text" },
	};
	check_rows(rows, ENT_COUNT(rows), ENT_JSON_UPDATE);
}

TEST(read_texts)
{
	static const struct row rows[] = {
		{ "{\"title\":\"x\"}", NULL },
		{ "{\"title\":\"0123456789\"}", NULL },
		{ "{\"title\":\"\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		  "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\"}", NULL },
		{ "{\"title\":\"0123456789a\"}",
		  "limit /title [0123456789a] give at most 10 characters" },
		{ "{\"title\":\"\"}", "required /title [] must not be empty" },
		{ "{\"title\":null}", "required /title [null] must not be null" },
		{ "{\"title\":5}", "type /title [5] give a text" },
		{ "{\"title\":false}", "type /title [false] give a text" },
		{ "{\"title\":[\"x\"]}", "type /title [[...]] give a text" },
		{ "{\"secret\":\"hush\"}", "{}" }, /* given, never shown */
		{ "{\"secret\":\"0123456789abc\"}", "limit /secret [] give at most 12 characters" },
		{ "{\"secret\":12345}", "type /secret [] give a text" },
	};
	check_rows(rows, ENT_COUNT(rows), ENT_JSON_UPDATE);
}

#define PRICE(members) "{\"price\":{" members "}}"

TEST(read_money)
{
	static const struct row rows[] = {
		{ PRICE("\"amount\":\"12.50\",\"currency\":\"EUR\""), NULL },
		{ PRICE("\"currency\":\"EUR\",\"amount\":12.5"),
		  "{\"price\":{\"amount\":\"12.50\",\"currency\":\"EUR\"}}" },
		{ PRICE("\"amount\":\"7\",\"currency\":\"JPY\""), NULL },
		{ PRICE("\"amount\":\"0.123456\",\"currency\":\"EUR\""), NULL },
		{ "{\"price\":null}", NULL },
		{ "{\"price\":12.5}",
		  "type /price [12.5] give an object like {\"amount\": \"12.50\", "
		  "\"currency\": \"EUR\"}" },
		{ PRICE(""), "required /price/amount [] must be given\n"
		             "required /price/currency [] must be given" },
		{ PRICE("\"amount\":\"1\""), "required /price/currency [] must be given" },
		{ PRICE("\"amount\":null,\"currency\":\"EUR\""),
		  "required /price/amount [null] must not be null" },
		{ PRICE("\"amount\":\"1,5\",\"currency\":\"XXY\""),
		  "format /price/amount [1,5] give a decimal number like \"12.50\"\n"
		  "unknown_value /price/currency [XXY] give a currency of ISO 4217 like EUR" },
		{ PRICE("\"amount\":true,\"currency\":5"),
		  "type /price/amount [true] give a decimal number like \"12.50\"\n"
		  "type /price/currency [5] give a currency like EUR" },
		{ PRICE("\"amount\":\"0.1234567\",\"currency\":\"EUR\""),
		  "format /price/amount [0.1234567] give a decimal number like \"12.50\"" },
		{ PRICE("\"amount\":\"1\",\"currency\":\"EUR\",\"tax\":1"),
		  "unknown_field /price/tax [1] remove it" },
		{ PRICE("\"amount\":\"1\",\"currency\":\"EURO\""),
		  "unknown_value /price/currency [EURO] give a currency of ISO 4217 like EUR" },
	};
	check_rows(rows, ENT_COUNT(rows), ENT_JSON_UPDATE);
}

TEST(read_lists)
{
	static const struct row rows[] = {
		{ "{\"products\":[]}", NULL },
		{ "{\"products\":null}", "{\"products\":[]}" },
		{ "{\"products\":[\"prd_0123456789abc\",\"prd_0123456789abd\"]}", NULL },
		{ "{\"products\":\"prd_0123456789abc\"}",
		  "type /products [prd_0123456789abc] give a list" },
		{ "{\"products\":[1,\"prd_0123456789abc\",\"" ID "\"]}",
		  "type /products/0 [1] give a text\n"
		  "format /products/2 [" ID "] give an identifier like prd_0123456789abc" },
		{ "{\"products\":[\"prd_0123456789abc\",\"prd_0123456789abc\"]}",
		  "duplicate /products/1 [prd_0123456789abc] give it once" },
		{ "{\"products\":[null]}", "type /products/0 [null] give a text" },
		{ "{\"products\":[1,2,3,4]}", "limit /products [] give at most 3" },
		{ "{\"scopes\":[\"case.*\",\"\xc3\xa9\"]}", NULL },
		{ "{\"scopes\":[\"a b\",\"\",\"a\\nb\"]}",
		  "format /scopes/0 [a b] give a word of 1 to 120 characters without blanks\n"
		  "format /scopes/1 [] give a word of 1 to 120 characters without blanks\n"
		  "format /scopes/2 [a\nb] give a word of 1 to 120 characters without blanks" },
		{ "{\"scopes\":[{}]}", "type /scopes/0 [{...}] give a text" },
		{ "{\"scopes\":{}}", "type /scopes [{...}] give a list" },
		{ "{\"scopes\":[\"a\",\"b\",\"c\",\"d\"]}", "limit /scopes [] give at most 3" },
		{ "{\"changes\":{\"a\":1}}",
		  "read_only /changes [{...}] is set by the server, leave it "
		  "out" },
	};
	check_rows(rows, ENT_COUNT(rows), ENT_JSON_UPDATE);
}

#define METADATA(pairs) "{\"metadata\":{" pairs "}}"

TEST(read_maps)
{
	static const struct row rows[] = {
		{ METADATA("\"a\":\"b\",\"c\":\"\""), NULL },
		{ METADATA(""), NULL },
		{ "{\"metadata\":null}", "{\"metadata\":{}}" },
		{ METADATA("\"a\":null"), "{\"metadata\":{}}" },
		{ "{\"metadata\":[]}", "type /metadata [[...]] give an object of texts" },
		{ METADATA("\"a/b~c\":5"),
		  "type /metadata/a~1b~0c [5] give a text, or null to remove it" },
		{ METADATA("\"\":\"x\""),
		  "limit /metadata/ [] give a name of 1 to 40 characters" },
		{ METADATA("\"12345678901234567890123456789012345678901\":\"x\""),
		  "limit /metadata/12345678901234567890123456789012345678901 "
		  "[12345678901234567890123456789012345678901] give a name of 1 to 40 characters" },
		{ METADATA("\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":\"4\""),
		  "limit /metadata [] give at most 3 pairs" },
	};
	check_rows(rows, ENT_COUNT(rows), ENT_JSON_UPDATE);
}

TEST(read_children)
{
	static const struct row rows[] = {
		{ "{\"parts\":[]}", NULL },
		{ "{\"parts\":null}", "{\"parts\":[]}" },
		{ "{\"parts\":[{\"name\":\"a\"},{\"object\":\"part\",\"name\":\"b\",\"total\":5}]}",
		  "{\"parts\":[{\"id\":null,\"name\":\"a\",\"total\":null,\"left\":null},"
		  "{\"id\":null,\"name\":\"b\",\"total\":5,\"left\":null}]}" },
		{ "{\"parts\":{}}", "type /parts [{...}] give a list" },
		{ "{\"parts\":[{\"name\":\"a\"},7,{\"name\":\"\",\"totla\":1,\"total\":101}]}",
		  "type /parts/1 [7] give an object\n"
		  "required /parts/2/name [] must not be empty\n"
		  "unknown_field /parts/2/totla [] did you mean \"total\"?\n"
		  "range /parts/2/total [101] give 0 to 100" },
		{ "{\"parts\":[{}]}", "required /parts/0/name [] must be given" },
		{ "{\"parts\":[{\"name\":\"a\",\"left\":1}]}",
		  "read_only /parts/0/left [1] is set by the server, leave it out" },
		{ "{\"parts\":[{\"name\":\"a\",\"used\":1}]}",
		  "unknown_field /parts/0/used [] remove it" },
		{ "{\"parts\":[{\"id\":\"prt_0123456789abc\",\"name\":\"a\"}]}",
		  "no_such_record /parts/0/id [prt_0123456789abc] "
		  "name a present one, or leave it out to add one" },
		{ "{\"parts\":[{\"id\":5,\"name\":\"a\"}]}", "type /parts/0/id [5] give a text" },
		{ "{\"parts\":[{},{},{},{}]}", "limit /parts [] give at most 3" },
	};
	check_rows(rows, ENT_COUNT(rows), ENT_JSON_UPDATE);
}

TEST(read_unknown_members)
{
	static const struct row rows[] = {
		{ "{\"object\":\"sample\"}", "{}" },
		{ "{\"object\":\"case\"}", "unknown_field /object [] remove it" },
		{ "{\"titel\":1}", "unknown_field /titel [] did you mean \"title\"?" },
		{ "{\"start\":1}", "unknown_field /start [] did you mean \"starts_on\"?" },
		{ "{\"startson\":1}", "unknown_field /startson [] did you mean \"starts_on\"?" },
		{ "{\"price_net\":1}", "unknown_field /price_net [] did you mean \"price\"?" },
		{ "{\"verzion\":1}",
		  "unknown_field /verzion [] remove it" }, /* not theirs to give */
		{ "{\"secret_hash\":1}", "unknown_field /secret_hash [] did you mean \"secret\"?" },
		{ "{\"x\":1,\"\":2}",
		  "unknown_field /x [] remove it\nunknown_field / [] remove it" },
		{ "{\"a/b~\":1}", "unknown_field /a~1b~0 [] remove it" },
		{ "[]", "type  [[...]] give an object" },
		{ "null", "type  [null] give an object" },
	};
	check_rows(rows, ENT_COUNT(rows), ENT_JSON_UPDATE);
}

TEST(read_create)
{
	static const struct row rows[] = {
		{ "{}", "required /account_id [] must be given\nrequired /title [] must be given" },
		{ "{\"account_id\":\"" ID "\",\"title\":\"x\",\"origin\":\"y\"}",
		  "{\"account_id\":\"" ID "\",\"origin\":\"y\",\"title\":\"x\"}" },
		{ "{\"account_id\":null,\"title\":null}",
		  "required /account_id [null] must not be null\n"
		  "required /title [null] must not be null" },
		{ "{\"id\":null,\"version\":null,\"remaining\":null,\"changes\":null,"
		  "\"account_id\":\"" ID "\",\"title\":\"x\"}",
		  "{\"account_id\":\"" ID "\",\"title\":\"x\"}" },
		{ "{\"id\":\"smp_0123456789abc\",\"version\":0,\"remaining\":1,\"title\":\"x\","
		  "\"account_id\":\"" ID "\"}",
		  "read_only /id [smp_0123456789abc] is set by the server, leave it out\n"
		  "read_only /version [0] is set by the server, leave it out\n"
		  "read_only /remaining [1] is set by the server, leave it out" },
		{ "{\"title\":5,\"flag\":\"x\",\"starts_on\":\"x\",\"products\":[1],"
		  "\"metadata\":{\"a\":1},\"parts\":[{\"name\":1}]}",
		  "type /title [5] give a text\ntype /flag [x] give true or false\n"
		  "format /starts_on [x] give a date like 2026-01-31\n"
		  "type /products/0 [1] give a text\n"
		  "type /metadata/a [1] give a text, or null to remove it\n"
		  "type /parts/0/name [1] give a text\nrequired /account_id [] must be given" },
		{ "{\"account_id\":\"" ID "\",\"title\":\"x\",\"parts\":[{\"id\":"
		  "\"prt_0123456789abc\",\"name\":\"a\"}]}",
		  "read_only /parts/0/id [prt_0123456789abc] is set by the server, leave it out" },
	};
	check_rows(rows, ENT_COUNT(rows), ENT_JSON_CREATE);
}

TEST(read_any)
{
	static const struct row rows[] = {
		{ "{}", NULL },
		{ "{\"id\":\"smp_0123456789abc\",\"version\":3,\"remaining\":1}", NULL },
		{ "{\"id\":null,\"account_id\":null,\"title\":null}", NULL },
		{ "{\"secret_hash\":\"abc\"}", "{}" },
		{ "{\"secret\":\"abc\"}",
		  "read_only /secret [] is set by the server, leave it out" },
		{ "{\"changes\":{ \"a\" : [1.50] }}", "{\"changes\":{\"a\":[1.50]}}" },
		{ "{\"version\":\"3\"}", "type /version [3] give a whole number" },
		{ "{\"parts\":[{\"id\":\"prt_0123456789abc\",\"used\":3,\"left\":4}]}",
		  "{\"parts\":[{\"id\":\"prt_0123456789abc\",\"name\":null,\"total\":null,"
		  "\"left\":4}]}" },
	};
	check_rows(rows, ENT_COUNT(rows), ENT_JSON_ANY);
}

TEST(read_into_keeps_what_was_noted)
{
	struct ent_arena arena = test_arena();
	struct ent_error error = { 0 };
	const struct ent_node *node;
	struct sample object;
	struct ent_set given;
	CHECK_INT(ent_json_parse(ENT_STR("{\"title\":1}"), &arena, &node, &error), ENT_OK);
	ent_type_clear(&sample_type, &object);
	ent_note(&error, ENT_E_RANGE, "/before", (ent_str){ NULL, 0 }, "first");
	ent_json_read_into(&sample_type, node, ENT_JSON_UPDATE, "/data/7", &arena, &object, &given,
	                   &error);
	CHECK_INT((long long)error.issue_count, 2);
	CHECK_TEXT(error.issues[0].pointer, "/before");
	CHECK_TEXT(error.issues[1].pointer, "/data/7/title");
}

TEST(read_notes_more_than_fit)
{
	struct ent_arena arena = test_arena();
	struct ent_text text = ent_text_begin(&arena);
	ent_text_char(&text, '{');
	for (int i = 0; i < 40; i++) {
		ent_text_addf(&text, "%s\"unknown%d\":0", i > 0 ? "," : "", i);
	}
	ent_text_char(&text, '}');
	ent_str whole = ent_text_end(&text);
	struct ent_error error = { 0 };
	const struct ent_node *node;
	struct sample object;
	struct ent_set given;
	CHECK_INT(ent_json_parse(whole, &arena, &node, &error), ENT_OK);
	ent_type_clear(&sample_type, &object);
	enum ent_code code = ent_json_read(&sample_type, node, ENT_JSON_UPDATE, &arena, &object,
	                                   &given, &error);
	CHECK_INT(code, ENT_E_INVALID);
	CHECK_INT((long long)error.issue_count, 40);
	CHECK_TEXT(error.detail, "40 values are not valid");
}
