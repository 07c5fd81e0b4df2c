#include "core/entitlement_check.h"

#include "rules.h"

static struct ent_entitlement_channel rows[3];
static struct ent_error error;

/* "code@pointer code@pointer" */
static const char *issues(void)
{
	static char text[1024];
	text[0] = '\0';
	for (size_t i = 0; i < error.issue_count && i < ENT_ISSUE_MAX; i++) {
		size_t len = strlen(text);
		snprintf(text + len, sizeof(text) - len, "%s%s@%s", i > 0 ? " " : "",
		         ent_code_name(error.issues[i].code), error.issues[i].pointer);
	}
	return text;
}

/* 100 cases, phone 80 and email 80: legal, a cap each and no partition. */
static struct ent_entitlement good(void)
{
	struct ent_entitlement e = live("2025-01-01", "2025-12-31");
	e.total = (ent_count){ 100 };
	rows[0] = channel_row("phone", 80);
	rows[1] = channel_row("email", 80);
	rows[2] = channel_row("web", 0);
	e.channels = (struct ent_children){ rows, 3 };
	return e;
}

static const struct {
	const char *what, *want;
} rules[] = {
	{ "good", "" },                { "one day", "" },
	{ "start after end", "start_after_end@/ends_on" },
	{ "no total", "total_required@/total" },
	{ "no total, unlimited", "" }, { "total and unlimited", "invalid@/total" },
	{ "minutes on creation", "hours_on_creation@/charge_on" },
	{ "minutes on resolution", "" },
	{ "none with all",
	  "invalid@/total invalid@/unlimited invalid@/reset invalid@/restricted "
	  "invalid@/overage_price invalid@/channels/0/total invalid@/channels/1/total" },
	{ "unit name", "invalid@/unit_name" }, { "custom unit name", "" },
	{ "roll over", "invalid@/roll_over" }, { "roll over and reset", "" },
	{ "free overage", "" }, { "negative price", "range@/overage_price/amount" },
	{ "channel above", "channel_above_total@/channels/0/total" },
	{ "channel twice", "duplicate@/channels/1/channel" },
	{ "channel name", "format@/channels/1/channel" },
};

static void spoil(struct ent_entitlement *e, const char *what)
{
#define IS(text) (strcmp(what, (text)) == 0)
	if (IS("one day") || IS("start after end")) {
		e->ends_on = day(IS("one day") ? "2025-01-01" : "2024-12-31");
	} else if (strncmp(what, "no total", 8) == 0) {
		e->total = ENT_COUNT_NONE;
		e->unlimited = IS("no total, unlimited");
	} else if (IS("total and unlimited")) {
		e->unlimited = true;
	} else if (strncmp(what, "minutes", 7) == 0) {
		e->unit = ENT_UNIT_MINUTES;
		ent_entitlement_default(e, IS("minutes on creation"));
	} else if (IS("none with all")) {
		e->unit = ENT_UNIT_NONE;
		e->unlimited = true;
		e->restricted = true;
		e->reset = ENT_RESET_MONTHLY;
		e->overage_price = (ent_money){ 1, "EUR" };
	} else if (strstr(what, "unit name") != NULL) {
		e->unit_name = ENT_STR("calls");
		e->unit = IS("unit name") ? ENT_UNIT_CASES : ENT_UNIT_CUSTOM;
	} else if (strncmp(what, "roll over", 9) == 0) {
		e->roll_over = (ent_count){ 5 };
		e->reset = IS("roll over") ? ENT_RESET_NONE : ENT_RESET_YEARLY;
	} else if (IS("free overage") || IS("negative price")) {
		e->overage_price = (ent_money){ IS("free overage") ? 0 : -1, "EUR" };
	} else if (IS("channel above")) {
		rows[0].total = (ent_count){ 120 };
	} else if (IS("channel twice")) {
		rows[1].channel = ENT_STR("phone");
	} else if (IS("channel name")) {
		rows[1].channel = ENT_STR("E-Mail");
	}
#undef IS
}

TEST(entitlement_check_notes_each_fault)
{
	for (size_t i = 0; i < ENT_COUNT(rules); i++) {
		struct ent_entitlement e = good();
		ent_error_clear(&error);
		spoil(&e, rules[i].what);
		ent_entitlement_check(&e, NULL, &error);
		ROW(rules[i].what);
		CHECK_TEXT(issues(), rules[i].want);
	}
}

TEST(entitlement_check_points_at_what_was_changed)
{
	struct ent_entitlement before = good();
	struct ent_entitlement_channel changed[3];
	struct ent_entitlement e = before;
	ent_error_clear(&error);
	e.total = (ent_count){ 70 };
	ent_entitlement_check(&e, &before, &error);
	CHECK_TEXT(issues(), "total_below_channel@/total total_below_channel@/total");
	CHECK_TEXT(error.issues[0].remedy, "must be at least the 80 of channel phone");
	/* dynamics 4.6: the phone's total is raised */
	memcpy(changed, rows, sizeof(changed));
	changed[0].total = (ent_count){ 120 };
	e = before;
	e.channels.items = changed;
	ent_error_clear(&error);
	ent_entitlement_check(&e, &before, &error);
	CHECK_TEXT(issues(), "channel_above_total@/channels/0/total");
}

TEST(entitlement_check_keeps_what_is_used)
{
	static const struct {
		const char *name;
		int64_t total, phone;
		bool restricted;
		const char *want;
	} cases[] = {
		{ "exactly what is used", 90, 80, false, "" },
		{ "below", 89, 80, false, "total_below_used@/total" },
		{ "what is set aside counts", 94, 80, true, "total_below_used@/total" },
		{ "used and set aside", 95, 80, true, "" },
		{ "channel below", 100, 59, false, "total_below_used@/channels/0/total" },
		{ "channel closed", 100, 0, false, "" },
		{ "both", 89, 59, false,
		  "total_below_used@/total total_below_used@/channels/0/total" },
	};
	for (size_t i = 0; i < ENT_COUNT(cases); i++) {
		struct ent_entitlement before = good();
		struct ent_entitlement_channel changed[3];
		before.ledger_ends_at = ENT_INSTANT_END;
		before.ledger_granted = 100;
		before.ledger_consumed = 90;
		before.ledger_reserved = 5;
		rows[0].consumed = 60;
		memcpy(changed, rows, sizeof(changed));
		struct ent_entitlement e = before;
		changed[0].total = (ent_count){ cases[i].phone };
		e.channels.items = changed;
		e.total = (ent_count){ cases[i].total };
		e.restricted = cases[i].restricted;
		ent_error_clear(&error);
		ent_entitlement_check(&e, &before, &error);
		ROW(cases[i].name);
		CHECK_TEXT(issues(), cases[i].want);
	}
}

TEST(entitlement_check_of_templates)
{
	struct ent_entitlement_template t;
	struct ent_template_channel row;
	ent_type_clear(&ent_entitlement_template_type, &t);
	ent_type_clear(&ent_template_channel_type, &row);
	row.channel = ENT_STR("phone");
	row.total = (ent_count){ 50 };
	t.channels = (struct ent_children){ &row, 1 };
	t.unit = ENT_UNIT_MINUTES;
	t.total = (ent_count){ 40 };
	ent_error_clear(&error);
	ent_template_check(&t, NULL, &error);
	CHECK_TEXT(issues(), "hours_on_creation@/charge_on channel_above_total@/channels/0/total");
	ent_template_default(&t, false);
	ent_error_clear(&error);
	ent_template_check(&t, &t, &error);
	CHECK_TEXT(issues(), "total_below_channel@/total");
}

TEST(entitlement_check_channel_names)
{
	CHECK(ent_channel_is_valid(ENT_STR("phone_24x7")));
	CHECK(ent_channel_is_valid(ENT_STR("abcdefghijabcdefghijabcdefghijabcdefghij")));
	CHECK(!ent_channel_is_valid(ENT_STR("abcdefghijabcdefghijabcdefghijabcdefghijk")));
	CHECK(!ent_channel_is_valid(ENT_STR("")));
	CHECK(!ent_channel_is_valid(ENT_STR("Phone")));
	CHECK(!ent_channel_is_valid(ENT_STR("e-mail")));
}
