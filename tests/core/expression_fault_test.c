#include "core/expression.h"

#include "expression_thing.h"
#include "test.h"

/* Faults as "at+length: reason", one a line. */
static const char *faults_of(ent_str text, const struct ent_expression_scope *scope,
                             struct ent_arena *arena, enum ent_code *first)
{
	const struct ent_expression *e;
	struct ent_expression_faults faults;
	bool is_good = ent_expression_check(text, scope, arena, &e, &faults);
	CHECK(is_good == (e != NULL) && is_good == (faults.count == 0));
	struct ent_text out = ent_text_begin(arena);
	for (size_t i = 0; i < faults.count; i++) {
		const struct ent_expression_fault *f = &faults.items[i];
		CHECK(f->at + f->length <= text.len);
		CHECK(ent_str_eq(f->found, (ent_str){ text.ptr + f->at, f->length }));
		ent_text_addf(&out, "%s%zu+%zu: %s", i > 0 ? "\n" : "", f->at, f->length,
		              f->reason.ptr);
	}
	*first = is_good ? ENT_OK : faults.items[0].code;
	return ent_text_end(&out).ptr;
}

static const struct {
	enum ent_code code; /* of the first */
	const char *text, *faults;
} rows[] = {
	/* names */
	{ ENT_E_UNKNOWN_FIELD, "prio = 'high'",
	  "0+4: thing has no field prio; did you mean priority?" },
	{ ENT_E_UNKNOWN_FIELD, "Priority = 'high'",
	  "0+8: thing has no field Priority; did you mean priority?" },
	{ ENT_E_UNKNOWN_FIELD, "account.teir = 'x'",
	  "0+12: account has no field teir; did you mean tier?" },
	{ ENT_E_UNKNOWN_FIELD, "acount.tier = 'x'",
	  "0+11: there is no record acount; did you mean account?" },
	{ ENT_E_UNKNOWN_FIELD, "zzz.tier = 'x'", "0+8: there is no record zzz" },
	{ ENT_E_UNKNOWN_FIELD, "account = 'x'",
	  "0+7: account is a record: name a field, as account.id" },
	{ ENT_E_UNKNOWN_FIELD, "word = goldish",
	  "7+7: thing has no field goldish; a text goes in quotes" },
	{ ENT_E_UNKNOWN_FIELD, "word.x = 'a'", "0+6: word has no parts" },
	{ ENT_E_UNKNOWN_FIELD, "account.tier.x = 'a'", "0+14: tier has no parts" },
	{ ENT_E_UNKNOWN_FIELD, "metadata = 'a'", "0+8: name a member: metadata.region" },
	{ ENT_E_UNKNOWN_FIELD, "metadata.a.b = 'a'", "0+12: metadata has no parts" },
	{ ENT_E_SYNTAX, "a.b.c.d.e = 'a'", "8+1: this name has too many parts" },
	{ ENT_E_SYNTAX, "account. = 'a'", "9+1: a name is missing behind the point" },
	{ ENT_E_SYNTAX, "metadata[x] = 'a'", "9+1: give a name in quotes: metadata[\"a name\"]" },
	{ ENT_E_SYNTAX, "metadata['x' = 'a'", "13+1: close the bracket with ]" },
	{ ENT_E_UNKNOWN_FIELD, "secret is null",
	  "0+6: thing has no field secret; a text goes in quotes" },
	{ ENT_E_UNKNOWN_FIELD, "computed = 3",
	  "0+8: thing.computed is computed and not known here" },
	{ ENT_E_UNKNOWN_FIELD, "raw is null", "0+3: thing.raw is no single value" },
	/* kinds */
	{ ENT_E_TYPE, "word", "0+4: compare word with something: only true or false stand alone" },
	{ ENT_E_TYPE, "'a'", "0+3: compare this with a field" },
	{ ENT_E_TYPE, "flag = 'true'", "7+6: flag is compared with true or false" },
	{ ENT_E_TYPE, "flag < true", "0+4: flag has no order: use =, != or in" },
	{ ENT_E_TYPE, "number = 1.5", "9+3: number is compared with a whole number" },
	{ ENT_E_TYPE, "number = '1'", "9+3: number is compared with a whole number" },
	{ ENT_E_TYPE, "number = 99999999999999999999",
	  "9+20: number is compared with a whole number" },
	{ ENT_E_TYPE, "number < null", "9+4: ask for null by number is null" },
	{ ENT_E_TYPE, "amount contains 'a'", "0+6: amount is neither text nor a list" },
	{ ENT_E_TYPE, "amount starts_with 'a'", "0+6: amount is not text" },
	{ ENT_E_TYPE, "word = 5", "7+1: word is compared with a text in quotes" },
	{ ENT_E_TYPE, "word contains ''", "14+2: the text is empty: ask by word is null" },
	{ ENT_E_TYPE, "word < ''", "7+2: the text is empty: ask by word is null" },
	{ ENT_E_TYPE, "word in ('a', null)", "14+4: ask for null by word is null" },
	{ ENT_E_TYPE, "word contains account.tier",
	  "14+12: give a text in quotes instead of tier" },
	{ ENT_E_TYPE, "day = 2026-01-31",
	  "6+10: day is compared with a date in quotes: \"2026-01-31\"" },
	{ ENT_E_FORMAT, "day = '2026-02-30'",
	  "6+12: day is compared with a date in quotes: \"2026-01-31\"" },
	{ ENT_E_FORMAT, "at < '2026-02-20'",
	  "5+12: at is compared with a time in quotes: \"2026-01-31T09:30:00Z\"" },
	{ ENT_E_FORMAT, "span < '4 hours'",
	  "7+9: span is compared with a duration in quotes: \"PT4H\"" },
	{ ENT_E_TYPE, "rate = 1.2345678", "7+9: rate is compared with a number" },
	{ ENT_E_TYPE, "price > 12",
	  "8+2: price is compared with an amount in quotes: \"12.50 EUR\"" },
	{ ENT_E_FORMAT, "price > '12 eur'",
	  "8+8: price is compared with an amount in quotes: \"12.50 EUR\"" },
	{ ENT_E_UNKNOWN_VALUE, "priority = 'urgent'",
	  "11+8: priority is compared with \"normal\", \"low\", \"high\", "
	  "\"critical\"" },
	{ ENT_E_TYPE, "state > 'open'", "0+5: state has no order: use =, != or in" },
	{ ENT_E_FORMAT, "product = 'acc_0000000000001'",
	  "10+19: product is compared with an identifier in quotes: \"prd_...\"" },
	{ ENT_E_TYPE, "products = 'prd_0000000000001'",
	  "0+8: products is a list: use contains or is null" },
	{ ENT_E_TYPE, "products in ('prd_0000000000001')",
	  "0+8: products is a list: use contains" },
	{ ENT_E_TYPE, "products contains id", "18+2: id cannot be in that list" },
	{ ENT_E_TYPE, "scopes contains day", "16+3: day cannot be in that list" },
	{ ENT_E_TYPE, "day = at",
	  "6+2: day is compared with a date in quotes: \"2026-01-31\", not with at" },
	{ ENT_E_TYPE, "product = id",
	  "10+2: product is compared with an identifier in quotes: \"prd_...\", not with id" },
	{ ENT_E_TYPE, "1 = 2", "0+1: this is a value: name a field here" },
	{ ENT_E_TYPE, "'a' in ('a')", "0+3: this is a value: name a field here" },
	{ ENT_E_TYPE, "null is null", "0+4: this is a value: name a field here" },
	/* several at once */
	{ ENT_E_UNKNOWN_FIELD, "prio = 'a' and day = 5 or (flag = 'x')",
	  "0+4: thing has no field prio; did you mean priority?\n"
	  "21+1: day is compared with a date in quotes: \"2026-01-31\"\n"
	  "34+3: flag is compared with true or false" },
	{ ENT_E_UNKNOWN_VALUE, "priority in ('a', 'low', 'b')",
	  "13+3: priority is compared with \"normal\", \"low\", \"high\", "
	  "\"critical\"\n"
	  "25+3: priority is compared with \"normal\", \"low\", \"high\", "
	  "\"critical\"" },
	/* grammar */
	{ ENT_E_REQUIRED, "", "0+0: the expression is empty" },
	{ ENT_E_REQUIRED, " \n ", "3+0: the expression is empty" },
	{ ENT_E_SYNTAX, "flag and", "8+0: a field or a value is missing here" },
	{ ENT_E_SYNTAX, "and flag", "0+3: give a field or a value here" },
	{ ENT_E_SYNTAX, "flag flag", "5+4: write and, or, or end the expression here" },
	{ ENT_E_SYNTAX, "number = 1 = 2", "11+1: write and, or, or end the expression here" },
	{ ENT_E_SYNTAX, "(flag", "5+0: write and, or, or close the parenthesis with )" },
	{ ENT_E_SYNTAX, "flag)", "4+1: no parenthesis is open here" },
	{ ENT_E_SYNTAX, "()", "1+1: give a field or a value here" },
	{ ENT_E_SYNTAX, "flag & flag", "5+1: write and" },
	{ ENT_E_SYNTAX, "flag || flag", "5+1: write or" },
	{ ENT_E_SYNTAX, "!flag", "0+1: write not" },
	{ ENT_E_SYNTAX, "word = \xe2\x80\x9cgold\xe2\x80\x9d",
	  "7+3: write straight quotes: \" or '" },
	{ ENT_E_SYNTAX, "number + 1 = 2", "7+1: this character has no meaning here" },
	{ ENT_E_SYNTAX, "word = 'gold", "7+5: the text has no closing quote" },
	{ ENT_E_SYNTAX, "word = 'a\\qb'", "9+2: behind \\ write \\, a quote, n or t" },
	{ ENT_E_SYNTAX, "word is 'a'",
	  "8+3: write is null or is not null; a value is compared by =" },
	{ ENT_E_SYNTAX, "word not = 'a'",
	  "9+1: behind not write in, contains, starts_with or ends_with" },
	{ ENT_E_SYNTAX, "word in 'a'", "8+3: give a list of values: (\"a\", \"b\")" },
	{ ENT_E_SYNTAX, "word in ()", "9+1: give a value here, texts in quotes" },
	{ ENT_E_SYNTAX, "word in ('a' 'b')", "13+3: close the list with ) or go on with a comma" },
	{ ENT_E_SYNTAX, "word in ('a', account.tier)", "14+7: give a value here, texts in quotes" },
	{ ENT_E_SYNTAX, "word like 'a%'",
	  "5+4: write an operator here: =, !=, <, in, contains, is null" },
	{ ENT_E_UNKNOWN_FIELD, "lower(word) = 'a'",
	  "0+5: thing has no field lower; a text goes in quotes\n"
	  "5+1: write an operator here: =, !=, <, in, contains, is null" },
	{ ENT_E_SYNTAX, "\xff", "0+0: this is not UTF-8 text" },
};

TEST(expression_faults_and_where)
{
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		ROW(rows[i].text);
		enum ent_code code;
		ent_str text = ent_str_of(rows[i].text);
		CHECK_TEXT(faults_of(text, &thing_scope, &arena, &code), rows[i].faults);
		CHECK_INT(code, rows[i].code);
	}
	ROW(NULL);
}

TEST(expression_fault_has_line_and_column)
{
	struct ent_arena arena = test_arena();
	const struct ent_expression *e;
	struct ent_error error = { 0 };
	enum ent_code code = ent_expression_compile(ENT_STR("word = '\xe2\x82\xac' and prio = 1"),
	                                            &thing_scope, &arena, &e, &error);
	CHECK_INT(code, ENT_E_UNKNOWN_FIELD);
	CHECK_TEXT(error.issues[0].remedy,
	           "at 16: thing has no field prio; did you mean priority?");
	CHECK_TEXT(error.issues[0].value, "prio");
	ent_error_clear(&error);
	code = ent_expression_compile(ENT_STR("flag and\n  word = '\xe2\x82\xac' and x = 1 and y"),
	                              &thing_scope, &arena, &e, &error);
	CHECK_INT(code, ENT_E_INVALID);
	CHECK_INT((int)error.issue_count, 2);
	CHECK_TEXT(error.issues[0].remedy,
	           "at line 2, 18: thing has no field x; a text goes in quotes");
}

/* `count` copies of `part`, `between` them. */
static ent_str repeated(struct ent_arena *arena, const char *begin, const char *part,
                        const char *between, const char *end, int count)
{
	struct ent_text out = ent_text_begin(arena);
	ent_text_add(&out, ent_str_of(begin));
	for (int i = 0; i < count; i++) {
		ent_text_add(&out, ent_str_of(i > 0 ? between : ""));
		ent_text_add(&out, ent_str_of(part));
	}
	ent_text_add(&out, ent_str_of(end));
	return ent_text_end(&out);
}

TEST(expression_limits)
{
	static const struct {
		const char *begin, *part, *between, *end;
		int most;
		const char *reason;
	} cases[] = {
		{ "word = '", "\xe2\x82\xac", "", "'", 1991, "use at most 2000 characters" },
		{ "", "flag", " or ", "", 100, "use at most 200 tests, and, or and not together" },
		{ "number in (", "1", ",", ")", 100, "give at most 100 values" },
		{ "", "not ", "", "flag", 20, "nest parentheses and not at most 20 deep" },
	};
	for (size_t i = 0; i < ENT_COUNT(cases); i++) {
		struct ent_arena arena = test_arena();
		ROW(cases[i].reason);
		ent_str most = repeated(&arena, cases[i].begin, cases[i].part, cases[i].between,
		                        cases[i].end, cases[i].most);
		ent_str more = repeated(&arena, cases[i].begin, cases[i].part, cases[i].between,
		                        cases[i].end, cases[i].most + 1);
		enum ent_code code;
		CHECK_TEXT(faults_of(most, &thing_scope, &arena, &code), "");
		CHECK(strstr(faults_of(more, &thing_scope, &arena, &code), cases[i].reason) !=
		      NULL);
		CHECK_INT(code, ENT_E_LIMIT);
	}
	ROW(NULL);
}

TEST(expression_of_cases)
{
	static const char *const good[] = {
		"priority in (\"high\",\"critical\") and account.tier = \"gold\"",
		"contact_not_verified or coverage = \"uncovered\"",
		"contact.email ends_with \"@example.org\" and not contact.inactive",
		"entitlement.products contains product_id and entitlement.total > 100",
		"product.kind = \"service\" and asset.purchased_on >= \"2026-01-01\"",
		"entitlement.overage_price <= \"50 EUR\" and billable_minutes is null",
		"created_at < \"2026-01-01T00:00:00Z\" and metadata.region = \"eu\"",
		"case.account_id = account.id and account.parent_id is null",
	};
	for (size_t i = 0; i < ENT_COUNT(good); i++) {
		struct ent_arena arena = test_arena();
		ROW(good[i]);
		enum ent_code code;
		CHECK_TEXT(faults_of(ent_str_of(good[i]), &ent_case_scope, &arena, &code), "");
	}
	ROW(NULL);
	struct ent_arena arena = test_arena();
	enum ent_code code;
	CHECK_TEXT(faults_of(ENT_STR("entitlement.state = \"active\""), &ent_case_scope, &arena,
	                     &code),
	           "0+17: entitlement.state is computed and not known here");
	CHECK_TEXT(faults_of(ENT_STR("entitlement.stage = \"live\" or entitlement.grants is null"),
	                     &ent_case_scope, &arena, &code),
	           "0+17: entitlement has no field stage\n"
	           "30+18: entitlement.grants is no single value");
}

/* A row of the table of what is missing: an expression, and what it is of gold, silver, none. */
static void check_row(ent_str row, struct ent_arena arena)
{
	const struct ent_expression *e;
	struct ent_expression_faults faults;
	struct ent_account account;
	static const char *const tiers[3] = { "gold", "silver", NULL };
	const void *objects[ENT_CASE_ROOTS] = { [ENT_ROOT_ACCOUNT] = &account };
	struct ent_cut cells = ent_str_cut(ent_str_cut(row, '`').tail, '`');
	CHECK(ent_expression_check(cells.head, &ent_case_scope, &arena, &e, &faults));
	cells = ent_str_cut(cells.tail, '|');
	ent_type_clear(&ent_account_type, &account);
	for (size_t i = 0; i < 3 && e != NULL; i++) {
		cells = ent_str_cut(cells.tail, '|');
		account.tier = ent_str_of(tiers[i]);
		CHECK(ent_expression_eval(e, objects) ==
		      ent_str_contains(cells.head, ENT_STR("true")));
	}
}

/* The manual's examples, too: the lines of its ```expression blocks. */
static void check_manual(ent_str manual, struct ent_arena arena, int *examples, int *truths)
{
	bool is_inside = false;
	while (manual.len > 0) {
		struct ent_cut line = ent_str_cut(manual, '\n');
		enum ent_code code;
		manual = line.tail;
		ROW(ent_text_copy(&arena, line.head).ptr);
		if (ent_str_begins(line.head, ENT_STR("```"))) {
			is_inside = ent_str_is(line.head, "```expression");
		} else if (is_inside) {
			CHECK_TEXT(faults_of(line.head, &ent_case_scope, &arena, &code), "");
			++*examples;
		} else if (ent_str_begins(line.head, ENT_STR("| `account.tier ")) ||
		           ent_str_begins(line.head, ENT_STR("| `not (account"))) {
			check_row(line.head, arena);
			++*truths;
		}
	}
	ROW(NULL);
}

TEST(expression_manual_says_what_is)
{
	static char text[1 << 16];
	int examples = 0;
	int truths = 0;
	FILE *file = fopen(ENT_SOURCE_DIR "/docs/expressions.md", "rb");
	CHECK(file != NULL);
	size_t len = file == NULL ? 0 : fread(text, 1, sizeof(text), file);
	if (file != NULL) {
		fclose(file);
	}
	check_manual((ent_str){ text, len }, test_arena(), &examples, &truths);
	CHECK_INT(examples, 5);
	CHECK_INT(truths, 10);
}
