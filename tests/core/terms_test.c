#include "core/terms.h"

#include "rules.h"
#include "zone_file.h"

static struct ent_error error;
static struct ent_arena arena;
static struct ent_terms terms;
static const struct ent_zone *zone = &ent_zone_utc;

static void at(struct ent_entitlement *e, const char *when)
{
	ent_terms_begin(&terms, e, zone, instant(when), &arena);
}

/* Opened on its first day. */
static void counted(struct ent_entitlement *e, const char *starts, const char *ends, int64_t total,
                    enum ent_term_reset reset, int64_t roll_over)
{
	*e = live(starts, ends);
	arena = test_arena();
	ent_life_dates(e, zone);
	e->total = (ent_count){ total };
	e->reset = reset;
	e->roll_over = roll_over < 0 ? ENT_COUNT_NONE : (ent_count){ roll_over };
	e->restricted = true;
	at(e, starts);
	CHECK_INT(ent_terms_open(&terms, ENT_COUNT_NONE, &error), ENT_OK);
}

static enum ent_code use(int64_t units)
{
	struct ent_terms_want want = { .units = units };
	return ent_terms_consume(&terms, &want, &error);
}

static enum ent_code buy(int64_t id, int64_t units, const char *ends)
{
	return ent_terms_top_up(&terms, (ent_id){ id }, units, instant(ends), ENT_STR("bought"),
	                        &error);
}

static int64_t left(const struct ent_entitlement *e, const char *when)
{
	struct ent_terms_view view;
	ent_terms_view(e, zone, instant(when), &view);
	return view.remaining;
}

/* "grant 10@0, consume 3@0": what the last operation posted. */
static const char *posted(void)
{
	static char text[512];
	text[0] = '\0';
	for (size_t i = 0; i < terms.count; i++) {
		const struct ent_term_posting *p = terms.postings + i;
		size_t len = strlen(text);
		snprintf(text + len, sizeof(text) - len, "%s%s %lld@%lld%s", i > 0 ? ", " : "",
		         ent_posting_kind_names.text[p->kind], (long long)p->units,
		         (long long)p->period, ent_id_is_none(p->lot_id) ? "" : "L");
	}
	return text;
}

/* ---- periods -------------------------------------------------------------------------- */

static const struct {
	const char *name, *starts, *ends;
	enum ent_term_reset reset;
	const char *when;
	int64_t period;
	const char *resets_on;
} period_rows[] = {
	{ "monthly, first", "2024-01-31", NULL, ENT_RESET_MONTHLY, "2024-02-28T23:59:59Z", 0,
	  "2024-02-29" },
	{ "clamped to February", "2024-01-31", NULL, ENT_RESET_MONTHLY, "2024-02-29", 1,
	  "2024-03-31" },
	{ "back on the 31st", "2024-01-31", NULL, ENT_RESET_MONTHLY, "2024-03-31", 2,
	  "2024-04-30" },
	{ "no leap year", "2024-01-31", NULL, ENT_RESET_MONTHLY, "2025-02-28", 13, "2025-03-31" },
	{ "quarterly", "2024-01-15", NULL, ENT_RESET_QUARTERLY, "2024-07-14T23:59:59Z", 1,
	  "2024-07-15" },
	{ "yearly from 29 February", "2024-02-29", NULL, ENT_RESET_YEARLY, "2025-02-28", 1,
	  "2026-02-28" },
	{ "yearly, a leap year again", "2024-02-29", NULL, ENT_RESET_YEARLY, "2028-02-28", 3,
	  "2028-02-29" },
	{ "no period after the end", "2024-01-01", "2024-12-31", ENT_RESET_YEARLY, "2024-06-01", 0,
	  "-" },
	{ "nor beyond", "2024-01-01", "2024-12-31", ENT_RESET_MONTHLY, "2030-06-01", 11, "-" },
	{ "no reset", "2024-01-01", NULL, ENT_RESET_NONE, "2030-06-01", 0, "-" },
	{ "far away", "2024-01-01", NULL, ENT_RESET_MONTHLY, "9999-12-31", 95711, "-" },
};

TEST(terms_periods_begin_on_the_anniversary)
{
	for (size_t i = 0; i < ENT_COUNT(period_rows); i++) {
		struct ent_entitlement e;
		counted(&e, period_rows[i].starts, period_rows[i].ends, 5, period_rows[i].reset,
		        -1);
		ROW(period_rows[i].name);
		CHECK_INT(use(2), ENT_OK);
		int64_t want = period_rows[i].period == 0 ? 3 : 5;
		CHECK_INT(left(&e, period_rows[i].when), want);
		CHECK_TEXT(date_text(ent_terms_resets_on(&e, zone, instant(period_rows[i].when))),
		           period_rows[i].resets_on);
		at(&e, period_rows[i].when);
		CHECK_INT(e.ledger_period, period_rows[i].period);
		CHECK_INT(e.ledger_granted - e.ledger_consumed, want);
	}
}

TEST(terms_periods_begin_at_midnight_of_the_zone)
{
	struct ent_zone berlin = zone_of("Europe/Berlin");
	struct ent_zone copy = berlin; /* zone_of() lends the arena's megabyte */
	static int64_t changes[2000];
	static int64_t wall[2000];
	static int32_t offset[2001];
	CHECK(berlin.count <= 2000);
	memcpy(changes, berlin.at, berlin.count * sizeof(*changes));
	memcpy(wall, berlin.wall, berlin.count * sizeof(*wall));
	memcpy(offset, berlin.offset, (berlin.count + 1) * sizeof(*offset));
	copy.at = changes;
	copy.wall = wall;
	copy.offset = offset;
	zone = &copy;
	struct ent_entitlement e;
	counted(&e, "2025-02-28", NULL, 5, ENT_RESET_MONTHLY, -1);
	CHECK_INT(use(5), ENT_OK);
	CHECK_INT(left(&e, "2025-03-27T22:59:59Z"), 0);
	CHECK_INT(left(&e, "2025-03-27T23:00:00Z"), 5); /* 00:00 in winter */
	CHECK_INT(left(&e, "2025-04-27T21:59:59Z"), 5);
	at(&e, "2025-04-27T21:59:59Z");
	CHECK_INT(e.ledger_period, 1);
	CHECK_TEXT(instant_text(e.ledger_ends_at), "2025-04-27T22:00:00Z"); /* in summer */
	at(&e, "2025-04-27T22:00:00Z");
	CHECK_INT(e.ledger_period, 2);
	CHECK_TEXT(date_text(ent_terms_resets_on(&e, zone, terms.at)), "2025-05-28");
	zone = &ent_zone_utc;
}

static const struct {
	const char *name;
	int64_t total, roll_over, used;
	const char *when, *want;
	int64_t left;
} roll_rows[] = {
	{ "unused units expire", 10, -1, 3, "2024-02-01", "expire 7@0, grant 10@1", 10 },
	{ "some roll over", 10, 5, 3, "2024-02-01", "expire 2@0, roll_over 5@1, grant 10@1", 15 },
	{ "all roll over", 10, 9, 3, "2024-02-01", "roll_over 7@1, grant 10@1", 17 },
	{ "again, up to the limit", 10, 9, 3, "2024-03-01", "roll_over 9@2, grant 10@2", 19 },
	{ "it grows slowly", 2, 9, 2, "2024-05-01", "roll_over 6@4, grant 2@4", 8 },
	{ "years later", 10, 5, 3, "2034-01-01", "expire 2@0, roll_over 5@120, grant 10@120", 15 },
	{ "all used", 10, 5, 10, "2024-02-01", "grant 10@1", 10 },
	{ "nothing yet", 10, 5, 3, "2024-01-31", "", 7 },
};

TEST(terms_roll_over_as_far_as_allowed)
{
	for (size_t i = 0; i < ENT_COUNT(roll_rows); i++) {
		struct ent_entitlement e;
		counted(&e, "2024-01-01", NULL, roll_rows[i].total, ENT_RESET_MONTHLY,
		        roll_rows[i].roll_over);
		ROW(roll_rows[i].name);
		CHECK_INT(use(roll_rows[i].used), ENT_OK);
		CHECK_INT(left(&e, roll_rows[i].when), roll_rows[i].left);
		at(&e, roll_rows[i].when);
		CHECK_TEXT(posted(), roll_rows[i].want);
		CHECK_INT(e.ledger_granted - e.ledger_consumed, roll_rows[i].left);
		at(&e, roll_rows[i].when);
		CHECK_TEXT(posted(), ""); /* once is enough */
	}
}

/* ---- lots -------------------------------------------------------------------------------- */

TEST(terms_lots_are_used_earliest_expiry_first)
{
	struct ent_entitlement e;
	counted(&e, "2024-01-01", NULL, 10, ENT_RESET_NONE, -1);
	CHECK_INT(buy(1, 5, NULL), ENT_OK);
	CHECK_INT(buy(2, 5, "2024-06-01"), ENT_OK);
	CHECK_INT(buy(3, 5, "2024-03-01"), ENT_OK);
	CHECK_INT(left(&e, "2024-01-01"), 25);
	at(&e, "2024-02-01");
	CHECK_INT(use(7), ENT_OK);
	CHECK_TEXT(posted(), "consume 5@0L, consume 2@0L");
	CHECK_INT(terms.postings[0].lot_id.value, 3);
	CHECK_INT(terms.postings[1].lot_id.value, 2);
	CHECK_INT(left(&e, "2024-05-31T23:59:59Z"), 18);
	CHECK_INT(left(&e, "2024-06-01"), 15);
	at(&e, "2024-07-01");
	CHECK_TEXT(posted(), "expire 3@0L");
	CHECK_INT(use(16), ENT_E_TERMS_EXHAUSTED);
	CHECK_TEXT(error.detail, "16 needed, 15 left");
	CHECK_INT(use(15), ENT_OK);
	CHECK_TEXT(posted(), "expire 3@0L, consume 5@0L, consume 10@0");
	CHECK_INT(buy(4, 0, NULL), ENT_E_RANGE);
	CHECK_INT(buy(4, 1, "2024-07-01"), ENT_E_RANGE);
	e.unlimited = true;
	CHECK_INT(buy(4, 1, NULL), ENT_E_CANNOT_TOP_UP);
}

TEST(terms_reserved_units_do_not_lapse)
{
	struct ent_entitlement e;
	counted(&e, "2024-01-01", NULL, 0, ENT_RESET_NONE, -1);
	struct ent_terms_want want = { .units = 3, .case_id = { 9 } };
	CHECK_INT(buy(1, 5, "2024-03-01"), ENT_OK);
	CHECK_INT(ent_terms_reserve(&terms, &want, &error), ENT_OK);
	struct ent_term_posting reserve = terms.postings[terms.count - 1];
	reserve.id = (ent_id){ 77 };
	at(&e, "2024-04-01");
	CHECK_TEXT(posted(), "expire 2@0L");
	CHECK_INT(left(&e, "2024-05-01"), 3);
	CHECK_INT(use(1), ENT_E_TERMS_EXHAUSTED);
	want.units = 2;
	ent_terms_convert(&terms, &reserve, 1, &want);
	CHECK_TEXT(posted(), "expire 2@0L, release 3@0, consume 2@0L, expire 1@0L");
	CHECK_INT(terms.postings[1].reverses_id.value, 77);
	CHECK_INT(left(&e, "2024-05-01"), 0);
}

TEST(terms_top_up_pays_an_overdraft)
{
	struct ent_entitlement e;
	counted(&e, "2024-01-01", NULL, 10, ENT_RESET_NONE, -1);
	e.restricted = false;
	CHECK_INT(use(15), ENT_OK);
	CHECK_INT(left(&e, "2024-01-01"), -5);
	at(&e, "2024-02-01");
	CHECK_INT(buy(1, 8, "2024-03-01"), ENT_OK);
	CHECK_TEXT(posted(), "top_up 8@0L, consume 5@0L, refund 5@0");
	CHECK_INT(left(&e, "2024-02-01"), 3);
	CHECK_INT(left(&e, "2024-03-01"), 0); /* only what was not needed lapses */
}

/* ---- taking back ---------------------------------------------------------------------------- */

TEST(terms_refund_goes_where_it_came_from)
{
	struct ent_entitlement e;
	counted(&e, "2024-01-01", NULL, 10, ENT_RESET_MONTHLY, -1);
	struct ent_term_posting used[3];
	CHECK_INT(buy(1, 4, "2024-04-01"), ENT_OK);
	CHECK_INT(use(6), ENT_OK);
	used[0] = terms.postings[terms.count - 2]; /* 4 of the lot */
	used[1] = terms.postings[terms.count - 1]; /* 2 of January's allowance */
	used[0].id = (ent_id){ 70 };
	used[1].id = (ent_id){ 71 };
	at(&e, "2024-02-10");
	ent_terms_reverse(&terms, used, 2, ENT_STR("cancelled"));
	CHECK_TEXT(posted(),
	           "expire 8@0, grant 10@1, refund 4@0L, refund 2@0, expire 2@0");
	CHECK_INT(left(&e, "2024-02-10"), 14); /* the lot's are back, January's are gone */
	CHECK_INT(left(&e, "2024-04-01"), 10);
	CHECK_INT(e.ledger_consumed, 0);
	/* back into a lot that has lapsed meanwhile */
	CHECK_INT(use(4), ENT_OK);
	used[0] = terms.postings[terms.count - 1];
	used[0].id = (ent_id){ 72 };
	at(&e, "2024-04-10");
	ent_terms_reverse(&terms, used, 1, ENT_STR("cancelled"));
	CHECK_INT(left(&e, "2024-04-10"), 10);
	CHECK_INT(((struct ent_term_lot *)e.lots.items)->expired, 4);
}

TEST(terms_standing_are_those_not_reversed)
{
	struct ent_term_posting list[] = {
		{ .id = { 1 }, .kind = ENT_POST_CONSUME, .units = 1, .case_id = { 5 } },
		{ .id = { 2 }, .kind = ENT_POST_REFUND, .units = 1, .case_id = { 5 },
		  .reverses_id = { 1 } },
		{ .id = { 3 }, .kind = ENT_POST_CONSUME, .units = 2, .case_id = { 5 } },
		{ .id = { 4 }, .kind = ENT_POST_CONSUME, .units = 4, .case_id = { 6 } },
		{ .id = { 5 }, .kind = ENT_POST_RESERVE, .units = 8, .case_id = { 5 } },
	};
	struct ent_term_posting out[5];
	CHECK_INT(ent_terms_standing(list, 5, ENT_POST_CONSUME, (ent_id){ 5 }, out), 1);
	CHECK_INT(out[0].units, 2);
	CHECK_INT(ent_terms_standing(list, 5, ENT_POST_RESERVE, (ent_id){ 5 }, out), 1);
	CHECK_INT(out[0].units, 8);
}

/* ---- opening, amending, correcting -------------------------------------------------- */

TEST(terms_open_grants_once)
{
	struct ent_entitlement e = live("2024-01-01", NULL);
	arena = test_arena();
	e.stage = ENT_STAGE_DRAFT;
	e.total = (ent_count){ 10 };
	e.reset = ENT_RESET_MONTHLY;
	CHECK_INT(left(&e, "2024-03-10"), 10); /* as it would be */
	at(&e, "2024-03-10");
	CHECK_INT(use(1), ENT_E_STATE);
	CHECK_INT(buy(1, 1, NULL), ENT_E_CANNOT_TOP_UP);
	CHECK_INT(ent_terms_open(&terms, (ent_count){ 11 }, &error),
	          ENT_E_REMAINING_ABOVE_TOTAL);
	CHECK_INT(ent_terms_open(&terms, (ent_count){ -1 }, &error), ENT_E_RANGE);
	CHECK_INT(ent_terms_open(&terms, (ent_count){ 4 }, &error), ENT_OK);
	CHECK_TEXT(posted(), "grant 10@2, consume 6@2");
	/* a draft again for two months: the balance waits, then time catches up */
	at(&e, "2024-05-10");
	CHECK_INT(left(&e, "2024-05-10"), 4);
	e.stage = ENT_STAGE_LIVE;
	CHECK_INT(ent_terms_open(&terms, ENT_COUNT_NONE, &error), ENT_OK);
	CHECK_TEXT(posted(), "expire 4@2, grant 10@4");
}

TEST(terms_amended_moves_the_balance_by_the_difference)
{
	struct ent_entitlement e;
	counted(&e, "2024-01-01", NULL, 10, ENT_RESET_NONE, -1);
	struct ent_entitlement before = e;
	CHECK_INT(use(1), ENT_OK);
	e.total = (ent_count){ 20 };
	at(&e, "2024-02-01");
	CHECK_INT(ent_terms_amended(&terms, &before, &error), ENT_OK);
	CHECK_TEXT(posted(), "grant 10@0");
	CHECK_INT(left(&e, "2024-02-01"), 19); /* dynamics 4.4 */
	before = e;
	e.total = (ent_count){ 0 };
	CHECK_INT(ent_terms_amended(&terms, &before, &error), ENT_E_TOTAL_BELOW_USED);
	e.total = (ent_count){ 1 };
	CHECK_INT(ent_terms_amended(&terms, &before, &error), ENT_OK);
	CHECK_INT(left(&e, "2024-02-01"), 0);
	before = e;
	e.unit = ENT_UNIT_VISITS;
	CHECK_INT(ent_terms_amended(&terms, &before, &error), ENT_E_INVALID);
	/* other periods: the balance goes over */
	e.unit = ENT_UNIT_CASES;
	e.total = (ent_count){ 8 };
	e.reset = ENT_RESET_MONTHLY;
	at(&e, "2024-03-10");
	CHECK_INT(ent_terms_amended(&terms, &before, &error), ENT_OK);
	CHECK_TEXT(posted(), "grant 0@2, grant 7@2");
	CHECK_INT(left(&e, "2024-03-31"), 7);
	CHECK_INT(left(&e, "2024-04-01"), 8);
}

TEST(terms_adjust_takes_the_allowance_first)
{
	struct ent_entitlement e;
	counted(&e, "2024-01-01", NULL, 2, ENT_RESET_NONE, -1);
	struct ent_entitlement_channel row = channel_row("phone", 4);
	e.channels = (struct ent_children){ &row, 1 };
	CHECK_INT(buy(1, 5, NULL), ENT_OK);
	at(&e, "2024-02-01");
	CHECK_INT(ent_terms_adjust(&terms, -8, (ent_str){ NULL, 0 }, ENT_STR("x"), &error),
	          ENT_E_TERMS_EXHAUSTED);
	CHECK_INT(ent_terms_adjust(&terms, -5, ENT_STR("phone"), ENT_STR("x"), &error),
	          ENT_E_CHANNEL_TERMS_EXHAUSTED);
	CHECK_INT(ent_terms_adjust(&terms, -3, ENT_STR("phone"), ENT_STR("x"), &error), ENT_OK);
	CHECK_TEXT(posted(), "adjust -1@0L, adjust -2@0");
	CHECK_INT(row.consumed, 3);
	CHECK_INT(terms.touched, ENT_EXTRA_CHANNELS | ENT_EXTRA_LOTS);
	CHECK_INT(ent_terms_adjust(&terms, 2, ENT_STR("phone"), ENT_STR("x"), &error), ENT_OK);
	CHECK_INT(left(&e, "2024-02-01"), 6);
	e.unlimited = true;
	CHECK_INT(ent_terms_adjust(&terms, 2, ENT_STR("phone"), ENT_STR("x"), &error),
	          ENT_E_INVALID);
}

TEST(terms_derive_shows_what_is_bounded)
{
	struct ent_entitlement e;
	counted(&e, "2024-01-01", NULL, 10, ENT_RESET_MONTHLY, -1);
	struct ent_entitlement_channel rows[] = { channel_row("phone", 4), channel_row("web", 0) };
	struct ent_terms_want want = { .units = 3, .channel = ENT_STR("phone") };
	rows[1].total = ENT_COUNT_NONE;
	e.channels = (struct ent_children){ rows, 2 };
	CHECK_INT(ent_terms_consume(&terms, &want, &error), ENT_OK);
	want.channel = ENT_STR("web");
	CHECK_INT(ent_terms_reserve(&terms, &want, &error), ENT_OK);
	ent_terms_derive(&e, zone, instant("2024-01-15"));
	CHECK_INT(e.remaining.n, 7);
	CHECK_INT(e.available.n, 4);
	CHECK_INT(rows[0].remaining.n, 1);
	CHECK(ent_count_is_none(rows[1].remaining));
	CHECK_TEXT(date_text(e.resets_on), "2024-02-01");
	ent_terms_derive(&e, zone, instant("2024-02-15"));
	CHECK_INT(e.remaining.n, 10);
	CHECK_INT(e.available.n, 7);
	CHECK_INT(rows[0].remaining.n, 4);
	e.unlimited = true;
	ent_terms_derive(&e, zone, instant("2024-01-15"));
	CHECK(ent_count_is_none(e.remaining) && e.consumed.n == 3);
	e.unit = ENT_UNIT_NONE;
	ent_terms_derive(&e, zone, instant("2024-01-15"));
	CHECK(ent_count_is_none(e.consumed) && ent_count_is_none(rows[0].available));
}
