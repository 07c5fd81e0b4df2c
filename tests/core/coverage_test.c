#include "core/coverage.h"

#include "rules.h"

/* Products, contacts, assets of the examples. */
enum { P3D = 11, P4K, POTHER, PFAMILY, MARCIE = 21, JACKSON, DANA, PRINTER = 31, TRAY, SCREEN };
enum { ACCOUNT = 1, CONTRACT = 41, OTHER_CONTRACT, LINE = 51 };

static struct ent_coverage_item item_of(struct ent_entitlement e, int64_t id)
{
	e.id = (ent_id){ id };
	return (struct ent_coverage_item){
		.entitlement = e, .zone = &ent_zone_utc,
		.contract = { .from = ENT_INSTANT_NONE, .until = ENT_INSTANT_NONE },
	};
}

static struct ent_coverage_item open_item(int64_t id)
{
	struct ent_entitlement e = live("2025-01-01", "2025-12-31");
	e.unlimited = true;
	return item_of(e, id);
}

static struct ent_coverage_ask ask_of(int64_t contact, int64_t product)
{
	static ent_id products[8];
	static size_t at;
	at = (at + 1) % 8;
	products[at] = (ent_id){ product };
	return (struct ent_coverage_ask){
		.at = instant("2025-06-10"), .units = 1, .contact_id = { contact },
		.products = { products + at, product != 0 },
	};
}

static struct ent_coverage_candidate candidates[16];

static const struct ent_right *rights_of(const struct ent_coverage_item *items, size_t count,
                                         struct ent_arena *arena)
{
	struct ent_right *rights = ENT_NEW(arena, struct ent_right, count);
	for (size_t i = 0; i < count; i++) {
		ent_right_of(&items[i], arena, &rights[i]);
	}
	return rights;
}

static struct ent_coverage_answer check(const struct ent_coverage_item *items, size_t count,
                                        int64_t default_id, const struct ent_coverage_ask *ask)
{
	struct ent_arena arena = test_arena();
	struct ent_coverage_set set = { .account_id = { ACCOUNT }, .count = count,
		.rights = rights_of(items, count, &arena),
		.default_entitlement_id = { default_id } };
	const struct ent_coverage_set *sets[] = { &set };
	struct ent_coverage_answer answer = { .candidates = candidates };
	ent_coverage_check(sets, 1, ask, NULL, 0, &answer);
	return answer;
}

/* "product_not_covered contact_not_named", or "ok", or "ok?" where not verified. */
static const char *verdict(const struct ent_coverage_candidate *c)
{
	static char text[256];
	text[0] = '\0';
	for (int i = 0; i < ENT_REASON_COUNT; i++) {
		if (c->reasons >> i & 1) {
			size_t len = strlen(text);
			snprintf(text + len, sizeof(text) - len, "%s%s", len > 0 ? " " : "",
			         ent_reason_text((enum ent_reason)i));
		}
	}
	return text[0] != '\0' ? text : c->contact_not_verified ? "ok?" : "ok";
}

/* ---- Marcie and Jackson: dynamics 4.2 ------------------------------------------------- */

#define P "product_not_covered"
#define C "contact_not_named"
#define R "contact_required"

static const struct {
	const char *name;
	int64_t contact, product;
	const char *lists, *grants, *strict;
	const char *two; /* with two entitlements: which are eligible */
} marcie_rows[] = {
	{ "Marcie, 3D", MARCIE, P3D, "ok", "ok", "ok", "M" },
	{ "Marcie, 4K", MARCIE, P4K, "ok", P " " C, P " " C, "" },
	{ "Marcie, other", MARCIE, POTHER, P, P, P, "" },
	{ "Marcie", MARCIE, 0, "ok", "ok", "ok", "M" },
	{ "Jackson, 3D", JACKSON, P3D, "ok", P " " C, P " " C, "" },
	{ "Jackson, 4K", JACKSON, P4K, "ok", "ok", "ok", "J" },
	{ "Jackson, other", JACKSON, POTHER, P, P, P, "" },
	{ "Jackson", JACKSON, 0, "ok", "ok", "ok", "J" },
	{ "Dana, 3D", DANA, P3D, C, C, C, "" },
	{ "Dana, 4K", DANA, P4K, C, C, C, "" },
	{ "Dana, other", DANA, POTHER, P " " C, P " " C, P " " C, "" },
	{ "Dana", DANA, 0, C, C, C, "" },
	{ "nobody, 3D", 0, P3D, "ok?", "ok?", R, "M" },
	{ "nobody, 4K", 0, P4K, "ok?", "ok?", R, "J" },
	{ "nobody, other", 0, POTHER, P, P, P " " R, "" },
	{ "nobody", 0, 0, "ok?", "ok?", R, "MJ" },
};
#undef P
#undef C
#undef R

static void check_two(const ent_id *products, const ent_id *contacts,
                      const struct ent_coverage_ask *ask, const char *want)
{
	struct ent_coverage_item two[2] = { open_item(1), open_item(2) };
	char got[4] = "";
	for (int i = 0; i < 2; i++) {
		two[i].entitlement.products = (struct ent_ids){ products + i, 1 };
		two[i].entitlement.contacts = (struct ent_ids){ contacts + i, 1 };
	}
	struct ent_coverage_answer answer = check(two, 2, 0, ask);
	for (size_t i = 0; i < 2; i++) {
		if (answer.candidates[i].reasons == 0) {
			size_t which = (size_t)(answer.candidates[i].right->full - two);
			got[strlen(got)] = "MJ"[which];
		}
	}
	CHECK_TEXT(got, want);
	CHECK((answer.chosen == NULL) == (want[0] == '\0'));
}

TEST(coverage_marcie_and_jackson)
{
	static const ent_id products[] = { { P3D }, { P4K } };
	static const ent_id contacts[] = { { MARCIE }, { JACKSON } };
	struct ent_entitlement_grant rows[2];
	for (int i = 0; i < 2; i++) {
		ent_type_clear(&ent_entitlement_grant_type, rows + i);
		rows[i].product_id = products[i];
		rows[i].contact_id = contacts[i];
	}
	for (size_t i = 0; i < ENT_COUNT(marcie_rows); i++) {
		struct ent_coverage_ask ask =
			ask_of(marcie_rows[i].contact, marcie_rows[i].product);
		struct ent_coverage_item one = open_item(1);
		ROW(marcie_rows[i].name);
		one.entitlement.products = (struct ent_ids){ products, 2 };
		one.entitlement.contacts = (struct ent_ids){ contacts, 2 };
		(void)check(&one, 1, 0, &ask);
		CHECK_TEXT(verdict(candidates), marcie_rows[i].lists);
		one = open_item(1);
		one.entitlement.grants = (struct ent_children){ rows, 2 };
		(void)check(&one, 1, 0, &ask);
		CHECK_TEXT(verdict(candidates), marcie_rows[i].grants);
		one.entitlement.contact_policy = ENT_CONTACT_STRICT;
		(void)check(&one, 1, 0, &ask);
		CHECK_TEXT(verdict(candidates), marcie_rows[i].strict);
		check_two(products, contacts, &ask, marcie_rows[i].two);
	}
}

/* ---- the TV warranty: dynamics 4.1 ---------------------------------------------------- */

TEST(coverage_tv_warranty)
{
	static const ent_id tv[] = { { P3D } };
	static const struct {
		const char *name;
		int64_t product;
		const char *at, *want;
	} rows[] = {
		{ "the TV", P3D, "2025-07-01", "ok" },
		{ "the last day", P3D, "2026-06-30T23:59:59Z", "ok" },
		{ "a soundbar", POTHER, "2025-08-01", "product_not_covered" },
		{ "no product", 0, "2025-08-01", "ok" },
		{ "a day late", P3D, "2026-07-01", "not_active" },
		{ "late, a soundbar", POTHER, "2026-07-01", "not_active product_not_covered" },
		{ "too early", P3D, "2025-06-30", "not_active" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_coverage_item item = item_of(live("2025-07-01", "2026-06-30"), 1);
		struct ent_coverage_ask ask = ask_of(0, rows[i].product);
		item.entitlement.total = (ent_count){ 9999 };
		item.entitlement.products = (struct ent_ids){ tv, 1 };
		ask.at = instant(rows[i].at);
		ROW(rows[i].name);
		(void)check(&item, 1, 0, &ask);
		CHECK_TEXT(verdict(candidates), rows[i].want);
		CHECK_INT(candidates[0].remaining, 9999);
	}
}

/* ---- each reason alone ------------------------------------------------------------------- */

static struct ent_entitlement_channel channels[2];
static const ent_id family_path[] = { { P3D }, { PFAMILY } };
static const ent_id family[] = { { PFAMILY } };
static const ent_id tray_path[] = { { TRAY }, { PRINTER } };
static const ent_id screen_path[] = { { SCREEN } };

/* Fully described, by letters: what is wrong with it or the ask. */
static void make_row(const char *what, struct ent_coverage_item *item,
                     struct ent_coverage_ask *ask)
{
	struct ent_entitlement *e = &item->entitlement;
	*item = item_of(live("2025-01-01", "2025-12-31"), 1);
	*ask = ask_of(MARCIE, 0);
	ask->products = (struct ent_ids){ family_path, 2 };
	ask->assets = (struct ent_ids){ strchr(what, 'a') ? screen_path : tray_path,
		                        strchr(what, 'a') ? 1 : 2 };
	ask->channel = ENT_STR("phone");
	ask->contract_id = (ent_id){ strchr(what, 'o') ? OTHER_CONTRACT : CONTRACT };
	static const ent_id marcie[] = { { MARCIE } };
	static const ent_id dana[] = { { DANA } };
	static const ent_id other[] = { { POTHER } };
	e->total = (ent_count){ 3 };
	e->restricted = true;
	e->ledger_ends_at = ENT_INSTANT_END;
	e->ledger_granted = strchr(what, 't') ? 0 : 3;
	e->products = (struct ent_ids){ strchr(what, 'p') ? other : family, 1 };
	e->contacts = (struct ent_ids){ strchr(what, 'c') ? dana : marcie, 1 };
	e->asset_id = (ent_id){ PRINTER };
	channels[0] = channel_row("phone", strchr(what, 'x') ? 0 : 2);
	channels[0].consumed = strchr(what, 'e') ? 2 : 0;
	e->channels = (struct ent_children){ channels, 1 };
	item->contract = (struct ent_coverage_contract){
		{ CONTRACT }, { LINE }, instant("2025-02-01"), instant("2025-12-01"),
		{ NULL, 0 } };
	if (strchr(what, 'r')) {
		e->contact_policy = ENT_CONTACT_STRICT;
		ask->contact_id = ENT_ID_NONE;
	}
	if (strchr(what, 's')) {
		e->cancelled_at = instant("2025-06-10");
	}
	if (strchr(what, 'k')) {
		item->contract.until = instant("2025-06-10");
	}
}

TEST(coverage_reports_each_reason)
{
	static const struct {
		const char *what, *want;
	} rows[] = {
		{ "", "ok" },
		{ "s", "not_active" },          { "k", "contract_not_active" },
		{ "o", "other_contract" },      { "p", "product_not_covered" },
		{ "a", "asset_not_covered" },   { "c", "contact_not_named" },
		{ "r", "contact_required" },    { "x", "channel_closed" },
		{ "e", "channel_terms_exhausted" },
		{ "t", "terms_exhausted" },
		{ "skopacxt",
		  "not_active contract_not_active other_contract product_not_covered "
		  "asset_not_covered contact_not_named channel_closed terms_exhausted" },
		{ "ret", "contact_required channel_terms_exhausted terms_exhausted" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_coverage_item item;
		struct ent_coverage_ask ask;
		make_row(rows[i].what, &item, &ask);
		ROW(rows[i].want);
		(void)check(&item, 1, 0, &ask);
		CHECK_TEXT(verdict(candidates), rows[i].want);
	}
}

/* ---- terms and channels: dynamics 4.5, 4.6 ------------------------------------------------ */

static const struct {
	const char *name, *channel;
	bool restricted, deny;
	int64_t granted, consumed, reserved;
	int64_t units, held;
	const char *held_channel, *want;
} term_rows[] = {
	{ "one left", "", true, false, 10, 9, 0, 1, 0, "", "ok" },
	{ "none left", "", true, false, 10, 10, 0, 1, 0, "", "terms_exhausted" },
	{ "none left, not restricted", "", false, false, 10, 10, 0, 1, 0, "", "ok" },
	{ "the last is set aside", "", true, false, 10, 9, 1, 1, 0, "", "terms_exhausted" },
	{ "set aside for this case", "", true, false, 10, 9, 1, 1, 1, "", "ok" },
	{ "coverage only", "", true, false, 10, 10, 0, 0, 0, "", "ok" },
	{ "too many asked", "", true, false, 10, 8, 0, 3, 0, "", "terms_exhausted" },
	{ "a channel in time", "email", true, false, 10, 1, 0, 1, 0, "", "ok" },
	{ "a channel used up", "phone", true, false, 10, 1, 0, 1, 0, "",
	  "channel_terms_exhausted" },
	{ "which the case itself holds", "phone", true, false, 10, 1, 0, 1, 1, "phone", "ok" },
	{ "holds of another channel", "phone", true, false, 10, 1, 0, 1, 1, "email",
	  "channel_terms_exhausted" },
	{ "a channel not listed", "web", true, false, 10, 1, 0, 1, 0, "", "ok" },
	{ "not listed, denied", "web", true, true, 10, 1, 0, 1, 0, "", "channel_closed" },
	{ "no channel, denied", "", true, true, 10, 1, 0, 1, 0, "", "ok" },
};

TEST(coverage_refuses_what_the_balance_does_not_hold)
{
	for (size_t i = 0; i < ENT_COUNT(term_rows); i++) {
		struct ent_coverage_item item = item_of(live("2025-01-01", NULL), 1);
		struct ent_coverage_ask ask = ask_of(0, 0);
		struct ent_entitlement *e = &item.entitlement;
		e->total = (ent_count){ 10 };
		e->ledger_ends_at = ENT_INSTANT_END;
		e->ledger_granted = term_rows[i].granted;
		e->ledger_consumed = term_rows[i].consumed;
		e->ledger_reserved = term_rows[i].reserved;
		e->restricted = term_rows[i].restricted;
		e->other_channels = term_rows[i].deny ? ENT_CHANNELS_DENY : ENT_CHANNELS_ALLOW;
		channels[0] = channel_row("phone", 1);
		channels[0].consumed = 1;
		channels[1] = channel_row("email", 4);
		e->channels = (struct ent_children){ channels, 2 };
		ask.channel = ent_str_of(term_rows[i].channel);
		ask.units = term_rows[i].units;
		ask.held_id = (ent_id){ term_rows[i].held > 0 ? 1 : 0 };
		ask.held_units = term_rows[i].held;
		ask.held_channel = ent_str_of(term_rows[i].held_channel);
		ROW(term_rows[i].name);
		(void)check(&item, 1, 0, &ask);
		CHECK_TEXT(verdict(candidates), term_rows[i].want);
	}
}

/* ---- choice ------------------------------------------------------------------------------- */

/* Two that are equal, then `better` is made better by one rule, and worse by the next. */
static void favour(struct ent_coverage_item *item, enum ent_choice rule, int64_t *default_id)
{
	struct ent_entitlement *e = &item->entitlement;
	static const ent_id marcie[] = { { MARCIE } };
	switch (rule) {
	case ENT_CHOICE_ASSET:
		e->asset_id = (ent_id){ PRINTER };
		break;
	case ENT_CHOICE_CONTRACT_LINE:
		item->contract.line_id = (ent_id){ LINE };
		item->contract.contract_id = (ent_id){ CONTRACT };
		break;
	case ENT_CHOICE_PRODUCT:
		e->products = (struct ent_ids){ family, 1 };
		break;
	case ENT_CHOICE_CONTACT:
		e->contacts = (struct ent_ids){ marcie, 1 };
		break;
	case ENT_CHOICE_CONTRACT:
		item->contract.contract_id = (ent_id){ CONTRACT };
		break;
	case ENT_CHOICE_DEFAULT:
		*default_id = e->id.value;
		break;
	case ENT_CHOICE_PRIORITY:
		e->priority = 5;
		break;
	case ENT_CHOICE_EARLIEST_END:
		e->ends_on = day("2025-11-30");
		ent_life_dates(e, &ent_zone_utc);
		break;
	case ENT_CHOICE_FEWEST_AVAILABLE:
		e->ledger_consumed = 1;
		break;
	default:
		break;
	}
}

TEST(coverage_chooses_by_the_first_rule_that_differs)
{
	for (int rule = ENT_CHOICE_ASSET; rule <= ENT_CHOICE_OLDEST; rule++) {
		struct ent_coverage_item two[2];
		struct ent_coverage_ask ask = ask_of(MARCIE, 0);
		int64_t default_id = 0;
		/* the second is better by this rule, the first by the one that comes after it */
		bool last = rule == ENT_CHOICE_OLDEST;
		for (int i = 0; i < 2; i++) {
			two[i] = item_of(live("2025-01-01", "2025-12-31"), last ? 2 - i : 1 + i);
			two[i].entitlement.total = (ent_count){ 9 };
			two[i].entitlement.ledger_granted = 9;
			two[i].entitlement.ledger_ends_at = ENT_INSTANT_END;
		}
		ask.products = (struct ent_ids){ family_path, 2 };
		ask.assets = (struct ent_ids){ tray_path, 2 };
		ask.contract_id = (ent_id){ CONTRACT };
		favour(&two[1], (enum ent_choice)rule, &default_id);
		favour(&two[0], (enum ent_choice)(rule + 1), &default_id);
		struct ent_coverage_answer answer = check(two, 2, default_id, &ask);
		ROW(ent_choice_text((enum ent_choice)rule));
		CHECK(answer.chosen != NULL && answer.chosen->right->full == two + 1);
		CHECK_TEXT(ent_choice_text(answer.rule), ent_choice_text((enum ent_choice)rule));
		/* naming the other one beats every rule */
		ask.entitlement_id = two[0].entitlement.id;
		answer = check(two, 2, default_id, &ask);
		CHECK(answer.chosen != NULL && answer.chosen->right->full == two);
		CHECK_TEXT(ent_choice_text(answer.rule), "named");
	}
}

TEST(coverage_named_and_ineligible_is_not_covered)
{
	struct ent_coverage_item two[2] = { open_item(1), open_item(2) };
	struct ent_coverage_ask ask = ask_of(0, 0);
	two[1].entitlement.stage = ENT_STAGE_DRAFT;
	ask.entitlement_id = (ent_id){ 2 };
	struct ent_coverage_answer answer = check(two, 2, 0, &ask);
	CHECK(answer.chosen == NULL);
	CHECK_INT(answer.count, 2);
	CHECK_TEXT(verdict(answer.candidates), "ok"); /* the other one keeps its verdict */
	CHECK_TEXT(verdict(answer.candidates + 1), "not_active");
	CHECK_INT(answer.candidates[1].state, ENT_ENTITLEMENT_DRAFT);
	ask.entitlement_id = ENT_ID_NONE;
	answer = check(two, 2, 0, &ask);
	CHECK(answer.chosen == answer.candidates);
	CHECK_TEXT(ent_choice_text(answer.rule), "only");
	answer = check(NULL, 0, 0, &ask);
	CHECK(answer.chosen == NULL && answer.count == 0 && answer.rule == ENT_CHOICE_ONLY);
}

TEST(coverage_follows_the_order_of_the_settings)
{
	static const enum ent_choice order[] = { ENT_CHOICE_EARLIEST_END, ENT_CHOICE_PRIORITY };
	struct ent_coverage_item two[2] = { open_item(1), open_item(2) };
	struct ent_coverage_ask ask = ask_of(0, 0);
	struct ent_coverage_set set = { .default_entitlement_id = { 1 }, .count = 2 };
	const struct ent_coverage_set *sets[] = { &set };
	struct ent_coverage_answer answer = { .candidates = candidates };
	int64_t unused;
	favour(&two[0], ENT_CHOICE_PRIORITY, &unused);
	favour(&two[1], ENT_CHOICE_EARLIEST_END, &unused);
	struct ent_arena arena = test_arena();
	set.rights = rights_of(two, 2, &arena);
	ent_coverage_check(sets, 1, &ask, order, 2, &answer);
	CHECK(answer.chosen->right->full == two + 1 && answer.rule == ENT_CHOICE_EARLIEST_END);
	two[0].entitlement.ends_at = two[1].entitlement.ends_at;
	two[0].entitlement.priority = 0;
	set.rights = rights_of(two, 2, &arena);
	ent_coverage_check(sets, 1, &ask, order, 2, &answer); /* the default does not count here */
	CHECK(answer.chosen->right->full == two && answer.rule == ENT_CHOICE_OLDEST);
	enum ent_choice choice;
	CHECK(ent_choice_parse(ENT_STR("earliest_end"), &choice));
	CHECK_INT(choice, ENT_CHOICE_EARLIEST_END);
	CHECK(!ent_choice_parse(ENT_STR("only"), &choice));
}

TEST(coverage_inherits_what_covers_descendants)
{
	struct ent_coverage_item own = open_item(3);
	struct ent_coverage_item above[2] = { open_item(1), open_item(2) };
	struct ent_coverage_set mine = { .account_id = { ACCOUNT }, .count = 1 };
	struct ent_coverage_set theirs = { .account_id = { 2 }, .count = 2 };
	const struct ent_coverage_set *sets[] = { &mine, &theirs };
	struct ent_coverage_ask ask = ask_of(0, 0);
	struct ent_coverage_answer answer = { .candidates = candidates };
	above[1].entitlement.covers_descendants = true;
	own.entitlement.stage = ENT_STAGE_DRAFT;
	struct ent_arena arena = test_arena();
	mine.rights = rights_of(&own, 1, &arena);
	theirs.rights = rights_of(above, 2, &arena);
	CHECK_INT(ent_coverage_room(sets, 2), 2);
	ent_coverage_check(sets, 2, &ask, NULL, 0, &answer);
	CHECK_INT(answer.count, 2);
	CHECK(answer.chosen->right->full == above + 1 && answer.chosen->inherited);
	CHECK_TEXT(verdict(answer.candidates + 1), "not_active");
}
