#include "core/expression.h"

#include "expression_thing.h"
#include "test.h"

/* A thing with everything, another with nothing, and an account. */
struct world {
	struct thing thing, other;
	struct ent_account account;
	const void *objects[3];
};

static const ent_id some_ids[] = { { 1 }, { 2 } };
static const ent_str some_words[] = { { "case.read", 9 }, { "a b", 3 } };
static const struct ent_pair some_pairs[] = { { { "region", 6 }, { "eu", 2 } },
	                                      { { "odd key", 7 }, { "x", 1 } } };

static void fill(struct thing *t)
{
	ent_type_clear(&thing_type, t);
	t->id.value = 5;
	t->flag = true;
	t->number = -7;
	t->amount.n = 10;
	t->word = ENT_STR("Gold");
	t->day = ent_date_make(2026, 3, 1);
	t->at.us = ent_date_make(2026, 3, 1).day * ENT_DAY_US;
	t->span = (ent_duration){ 0, 1, 3600 };
	t->rate.micro = 2500000;
	t->price = (ent_money){ 12500000, "EUR" };
	t->priority = ENT_PRIORITY_HIGH;
	t->state = ENT_CASE_RESOLVED;
	t->product.value = 2;
	t->products = (struct ent_ids){ some_ids, 2 };
	t->scopes = (struct ent_words){ some_words, 2 };
	t->metadata = (struct ent_map){ some_pairs, 2 };
	t->in = ENT_STR("x");
}

static void make_world(struct world *w)
{
	fill(&w->thing);
	ent_type_clear(&thing_type, &w->other);
	w->other.computed = 3;
	ent_type_clear(&ent_account_type, &w->account);
	w->account.tier = ENT_STR("gold");
	w->objects[0] = &w->thing;
	w->objects[1] = &w->other;
	w->objects[2] = &w->account;
}

static const struct ent_expression *compile(const char *text, struct ent_arena *arena)
{
	const struct ent_expression *e = NULL;
	struct ent_error error = { 0 };
	enum ent_code code =
		ent_expression_compile(ent_str_of(text), &thing_scope, arena, &e, &error);
	CHECK_TEXT(code == ENT_OK ? "" : error.issues[0].remedy, "");
	return e;
}

static const char *printed(const struct ent_expression *e, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	ent_expression_print(e, &out);
	return ent_text_end(&out).ptr;
}

/* Every operator on every kind: with a value, and with null (of `other`, or no object). */
static const struct {
	const char *text; /* of thing; asked of other, too */
	bool has_value;
	bool has_none;
} rows[] = {
	{ "flag", true, false },
	{ "flag = true", true, false },
	{ "flag = false", false, true },
	{ "flag != true", false, true },
	{ "flag in (true)", true, false },
	{ "flag is null", false, false },
	{ "number = -7", true, false },
	{ "number != -7", false, true },
	{ "number < -6", true, false },
	{ "number <= -7", true, false },
	{ "number > -8", true, true },
	{ "number >= -6", false, true },
	{ "number in (1, -7)", true, false },
	{ "number not in (1, -7)", false, true },
	{ "number is null", false, false },
	{ "amount = 10", true, false },
	{ "amount == 10", true, false },
	{ "amount != 10", false, true },
	{ "amount <> 10", false, true },
	{ "amount < 11", true, false },
	{ "amount >= 10", true, false },
	{ "amount > 10", false, false },
	{ "amount <= 9", false, false },
	{ "10 < amount", false, false },
	{ "9 < amount", true, false },
	{ "11 >= amount", true, false },
	{ "amount in (9, 10)", true, false },
	{ "amount not in (9, 10)", false, true },
	{ "amount is null", false, true },
	{ "amount is not null", true, false },
	{ "amount = null", false, true },
	{ "amount != null", true, false },
	{ "word = 'Gold'", true, false },
	{ "word = 'gold'", false, false },
	{ "word != \"gold\"", true, true },
	{ "word < 'Z'", true, false },
	{ "word > 'Z'", false, false },
	{ "word = ''", false, true },
	{ "word != ''", true, false },
	{ "word in ('gold', 'Gold')", true, false },
	{ "word not in ('gold')", true, true },
	{ "word contains 'OL'", true, false },
	{ "word not contains 'OL'", false, true },
	{ "word contains 'golden'", false, false },
	{ "word starts_with 'go'", true, false },
	{ "word starts_with 'old'", false, false },
	{ "word not starts_with 'go'", false, true },
	{ "word ends_with 'LD'", true, false },
	{ "word ends_with 'go'", false, false },
	{ "word not ends_with 'ld'", false, true },
	{ "word ends_with 'marigold'", false, false },
	{ "word is null", false, true },
	{ "day = '2026-03-01'", true, false },
	{ "day != '2026-03-01'", false, true },
	{ "day < '2026-03-02'", true, false },
	{ "day > '2026-03-01'", false, false },
	{ "day in ('2026-03-01')", true, false },
	{ "day is not null", true, false },
	{ "at = '2026-03-01T01:00:00+01:00'", true, false },
	{ "at < '2026-03-01T00:00:00Z'", false, false },
	{ "at >= '2026-03-01T00:00:00Z'", true, false },
	{ "at is null", false, true },
	{ "span = 'PT25H'", true, false },
	{ "span != 'PT25H'", false, true },
	{ "span < 'P2D'", true, false },
	{ "span > 'P1M'", false, false },
	{ "span < 'P1M'", true, false },
	{ "span in ('P1DT1H')", true, false },
	{ "rate = 2.5", true, false },
	{ "rate > 2", true, false },
	{ "rate < -2.5", false, false },
	{ "rate not in (2.500)", false, true },
	{ "price = '12.50 EUR'", true, false },
	{ "price = '12.50 USD'", false, false },
	{ "price != '12.50 USD'", true, true },
	{ "price > '1 EUR'", true, false },
	{ "price > '1 USD'", false, false },
	{ "price <= '12.5 EUR'", true, false },
	{ "price in ('1 EUR', '12.5 EUR')", true, false },
	{ "price is null", false, true },
	{ "priority = 'high'", true, false },
	{ "priority != 'high'", false, true },
	{ "priority >= 'normal'", true, true },
	{ "priority > 'normal'", true, false },
	{ "priority < 'critical'", true, true },
	{ "priority > 'low'", true, true },
	{ "priority in ('high', 'low')", true, false },
	{ "state = 'resolved'", true, false },
	{ "state not in ('open')", true, false },
	{ "product = 'prd_0000000000002'", true, false },
	{ "product != 'prd_0000000000002'", false, true },
	{ "product in ('prd_0000000000001')", false, false },
	{ "product is null", false, true },
	{ "products contains 'prd_0000000000002'", true, false },
	{ "products not contains 'prd_0000000000002'", false, true },
	{ "products contains 'prd_0000000000003'", false, false },
	{ "products contains thing.product", true, false },
	{ "products is null", false, true },
	{ "scopes contains 'case.read'", true, false },
	{ "scopes contains 'Case.read'", false, false },
	{ "scopes not contains thing.word", true, true },
	{ "scopes is not null", true, false },
	{ "metadata.region = 'eu'", true, false },
	{ "metadata['odd key'] = 'x'", true, false },
	{ "metadata.none is null", true, true },
	{ "metadata.region starts_with 'E'", true, false },
	{ "metadata.region in ('us', 'eu')", true, false },
	{ "word = account.tier", false, false },
	{ "word != account.tier", true, true },
	{ "amount > thing.number", true, false },
	{ "word < account.tier", true, false },
	{ "word = account.name", false, true },
	{ "word != account.name", true, false },
	{ "word < account.name", false, false },
};

TEST(expression_every_operator_and_kind)
{
	struct world w;
	make_world(&w);
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		const char *text = rows[i].text;
		ROW(text);
		const struct ent_expression *e = compile(text, &arena);
		CHECK(ent_expression_eval(e, w.objects) == rows[i].has_value);
		const struct ent_expression *again = compile(printed(e, &arena), &arena);
		CHECK_TEXT(printed(again, &arena), printed(e, &arena));
		CHECK(ent_expression_eval(again, w.objects) == rows[i].has_value);
		const char *no = ent_text_format(&arena, "not (%s)", text).ptr;
		CHECK(ent_expression_eval(compile(no, &arena), w.objects) != rows[i].has_value);

		const void *swapped[3] = { &w.other, &w.thing, &w.account };
		CHECK(ent_expression_eval(e, swapped) == rows[i].has_none);
	}
	ROW(NULL);
}

TEST(expression_without_an_object_all_is_null)
{
	static const struct {
		const char *text;
		bool result;
	} cases[] = {
		{ "flag", false }, { "not flag", true }, { "flag is null", true },
		{ "number is null", true }, { "number = 0", false }, { "number != 0", true },
		{ "priority = 'normal'", false }, { "priority is null", true },
		{ "products is null", true }, { "products contains 'prd_0000000000001'", false },
		{ "metadata.region is null", true }, { "account.tier != 'gold'", true },
		{ "account.tier = word", true }, { "number < 5 or number >= 5", false },
	};
	const void *none[3] = { NULL, NULL, NULL };
	for (size_t i = 0; i < ENT_COUNT(cases); i++) {
		struct ent_arena arena = test_arena();
		ROW(cases[i].text);
		const struct ent_expression *e = compile(cases[i].text, &arena);
		CHECK(ent_expression_eval(e, none) == cases[i].result);
	}
	ROW(NULL);
}

TEST(expression_logic_and_canonical_text)
{
	static const struct {
		const char *text, *canonical;
		bool result;
	} cases[] = {
		{ "true", "true", true },
		{ "false", "false", false },
		{ "  ( ( flag ) )\n", "flag", true },
		{ "not flag", "not flag", false },
		{ "not not flag", "flag", true },
		{ "not (not (flag or false))", "flag or false", true },
		{ "flag and false or true", "(flag and false) or true", true },
		{ "flag or true and false", "flag or (true and false)", true },
		{ "(flag or true) and false", "(flag or true) and false", false },
		{ "flag and (true and (flag and false))", "flag and true and flag and false",
		  false },
		{ "not flag and false or true", "(not flag and false) or true", true },
		{ "not (flag and false)", "not (flag and false)", true },
		{ "NOT number = 5 AND flag = TRUE", "not (number = 5) and flag", true },
		{ "not number not IN (5)", "not (number not in (5))", false },
		{ "thing.word = \"Gold\"", "word = \"Gold\"", true },
		{ "'gold' = account.tier", "account.tier = \"gold\"", true },
		{ "word = 'it\\'s \\\"\\\\\\n\\t'", "word = \"it's \\\"\\\\\\n\\t\"", false },
		{ "thing.in = 'x'", "thing.in = \"x\"", true },
		{ "other.computed = 3", "other.computed = 3", true },
		{ "metadata.region='eu'", "metadata.region = \"eu\"", true },
		{ "metadata['a.b'] is null", "metadata[\"a.b\"] is null", true },
		{ "account.metadata.x != 'y'", "account.metadata.x != \"y\"", true },
		{ "at<'2026-03-01T02:00:00+01:00'", "at < \"2026-03-01T01:00:00Z\"", true },
		{ "price='12.50 EUR'", "price = \"12.5 EUR\"", true },
		{ "rate in(2.50,3.0)", "rate in (2.5, 3)", true },
	};
	struct world w;
	make_world(&w);
	for (size_t i = 0; i < ENT_COUNT(cases); i++) {
		struct ent_arena arena = test_arena();
		ROW(cases[i].text);
		const struct ent_expression *e = compile(cases[i].text, &arena);
		CHECK_TEXT(printed(e, &arena), cases[i].canonical);
		CHECK(ent_expression_eval(e, w.objects) == cases[i].result);
	}
	ROW(NULL);
}

TEST(expression_reads_what_it_names)
{
	struct ent_arena arena = test_arena();
	const struct ent_expression *e =
		compile("flag and account.tier = other.word or metadata.x is null", &arena);
	for (size_t root = 0; root < 3; root++) {
		static const char *const names[3] = { " flag metadata ", " word ", " tier " };
		const struct ent_type *type = thing_scope.roots[root].type;
		for (size_t i = 0; i < type->count; i++) {
			char name[60];
			snprintf(name, sizeof(name), " %s ", type->fields[i].name);
			ROW(type->fields[i].name);
			CHECK(ent_set_has(ent_expression_reads(e, root), i) ==
			      (strstr(names[root], name) != NULL));
		}
	}
	ROW(NULL);
}

TEST(expression_explains_itself)
{
	struct world w;
	make_world(&w);
	struct ent_arena arena = test_arena();
	const struct ent_expression *e = compile(
		"priority = 'critical' and account.tier = 'gold' or not (word = account.name)"
		" or products contains product or price is null or at is null",
		&arena);
	CHECK_TEXT(ent_expression_explain_text(e, w.objects, &arena).ptr,
	           "true: (priority = \"critical\" and account.tier = \"gold\") or "
	           "not (word = account.name) or products contains product or price is null"
	           " or at is null\n"
	           "  false: priority = \"critical\" and account.tier = \"gold\"\n"
	           "    false: priority = \"critical\" (priority is \"high\")\n"
	           "    true: account.tier = \"gold\" (account.tier is \"gold\")\n"
	           "  true: not (word = account.name)\n"
	           "    false: word = account.name (word is \"Gold\", account.name is null)\n"
	           "  true: products contains product (products is (\"prd_0000000000001\", "
	           "\"prd_0000000000002\"), product is \"prd_0000000000002\")\n"
	           "  false: price is null (price is \"12.5 EUR\")\n"
	           "  false: at is null (at is \"2026-03-01T00:00:00Z\")\n");
}

static void compile_again(void *arg)
{
	struct world *w = arg;
	struct ent_arena arena = test_arena();
	const struct ent_expression *e;
	struct ent_expression_faults faults;
	CHECK(ent_expression_check(ENT_STR("word contains 'ol' and price in ('1 EUR', '2 EUR') "
	                                   "or not metadata.x = 'a'"),
	                           &thing_scope, &arena, &e, &faults));
	CHECK(ent_expression_explain_text(e, w->objects, &arena).len > 0);
	CHECK(!ent_expression_check(ENT_STR("wort = 'a' and priority = 'x'"), &thing_scope, &arena,
	                            &e, &faults));
}

static void after(void *arg, bool ok)
{
	(void)arg;
	(void)ok;
}

TEST(expression_survives_each_allocation_failing)
{
	struct world w;
	make_world(&w);
	CHECK(test_each_allocation_fails(compile_again, after, &w) > 20);
}

TEST(expression_durations_have_an_order_where_calendars_agree)
{
	static const struct {
		const char *span, *other;
		char sign; /* '<', '=', '>', or '?': neither */
	} cases[] = {
		{ "P1M", "P27D", '>' },   { "P1M", "P28D", '?' },    { "P1M", "P31D", '?' },
		{ "P1M", "P32D", '<' },   { "P1Y", "P12M", '=' },    { "P1Y", "P364D", '>' },
		{ "P1Y", "P366D", '?' },  { "P1Y", "P367D", '<' },   { "P2M", "P1M27D", '>' },
		{ "P1D", "PT24H", '=' },  { "P1D", "PT86401S", '<' }, { "P13M", "P1M364D", '>' },
		{ "PT0S", "P1M", '<' },   { "P1M", "P1M", '=' },     { "P1000Y", "P365000D", '?' },
	};
	struct world w;
	make_world(&w);
	for (size_t i = 0; i < ENT_COUNT(cases); i++) {
		static const char *const signs[] = { "<", "<=", "=", ">=", ">" };
		static const char *const holds[] = { "< <=", "<= = >=", ">= >", "" };
		struct ent_arena arena = test_arena();
		const char *held = holds[strcspn("<=>?", (char[2]){ cases[i].sign, '\0' })];
		ROW(cases[i].other);
		CHECK(ent_duration_parse(ent_str_of(cases[i].span), &w.thing.span));
		for (size_t k = 0; k < ENT_COUNT(signs); k++) {
			ent_str text = ent_text_format(&arena, "span %s '%s'", signs[k],
			                               cases[i].other);
			bool want = false;
			for (struct ent_cut cut = { .tail = ent_str_of(held) }; cut.tail.len > 0;) {
				cut = ent_str_cut(cut.tail, ' ');
				want = want || ent_str_is(cut.head, signs[k]);
			}
			CHECK(ent_expression_eval(compile(text.ptr, &arena), w.objects) == want);
		}
	}
	ROW(NULL);
}

/* Texts that repeat themselves, where a search by tables can go wrong. */
TEST(expression_contains_agrees_with_trying_every_place)
{
	uint64_t state = 5;
	struct world w;
	make_world(&w);
	for (int i = 0; i < 3000; i++) {
		struct ent_arena arena = test_arena();
		char text[40] = "";
		char part[8] = "";
		size_t text_len = 1 + (size_t)test_random(&state, sizeof(text) - 2);
		size_t part_len = 1 + (size_t)test_random(&state, sizeof(part) - 2);
		for (size_t k = 0; k < text_len; k++) {
			text[k] = "aAb"[test_random(&state, 3)];
		}
		for (size_t k = 0; k < part_len; k++) {
			part[k] = "aBb"[test_random(&state, 3)];
		}
		bool want = false;
		for (size_t k = 0; k < text_len; k++) {
			size_t n = 0;
			while (n < part_len && (text[k + n] | 0x20) == (part[n] | 0x20)) {
				n++;
			}
			want = want || n == part_len;
		}
		ROW(text);
		w.thing.word = ent_str_of(text);
		const char *e = ent_text_format(&arena, "word contains '%s'", part).ptr;
		CHECK(ent_expression_eval(compile(e, &arena), w.objects) == want);
	}
	ROW(NULL);
}
