#include "core/charge.h"

#include "rules.h"

enum { LOG_MAX = 200 };

/* A ledger, its log, and the cases on it. */
static struct ent_entitlement e;
static struct ent_entitlement_channel channels[3];
static struct ent_term_posting book[LOG_MAX];
static size_t booked;
static struct ent_error error;

struct walker {
	enum ent_case_state state;
	bool overridden;
	struct ent_charged held;
	const char *channel;
};
static struct walker cases[16];

static void keep(const struct ent_terms *terms)
{
	for (size_t i = 0; i < terms->count; i++) {
		book[booked] = terms->postings[i];
		book[booked].id = (ent_id){ (int64_t)booked + 1000 };
		booked++;
	}
}

static void start(enum ent_charge_on charge_on, enum ent_term_unit unit, int64_t total,
                  bool restricted)
{
	struct ent_arena arena = test_arena();
	struct ent_terms terms;
	booked = 0;
	memset(cases, 0, sizeof(cases));
	e = live("2025-01-01", "2025-12-31");
	e.unit = unit;
	e.charge_on = charge_on;
	e.total = (ent_count){ total };
	e.restricted = restricted;
	ent_terms_begin(&terms, &e, &ent_zone_utc, instant("2025-06-10"), &arena);
	CHECK_INT(ent_terms_open(&terms, ENT_COUNT_NONE, &error), ENT_OK);
	keep(&terms);
}

/* Where an event that changes the state leads; else it is open. */
static const enum ent_case_state then[ENT_CHARGE_EVENT_COUNT] = {
	[ENT_CHARGE_RESOLVED] = ENT_CASE_RESOLVED,
	[ENT_CHARGE_CANCELLED] = ENT_CASE_CANCELLED,
	[ENT_CHARGE_MERGED_AWAY] = ENT_CASE_CANCELLED,
};

static enum ent_code happen(char name, enum ent_charge_event event, int64_t minutes)
{
	struct ent_arena arena = test_arena();
	struct walker *c = cases + (name - 'A');
	struct ent_terms terms;
	struct ent_term_posting mine[LOG_MAX];
	struct ent_charge charge = {
		.event = event, .was = c->state, .overridden = c->overridden,
		.case_id = { name }, .channel = ent_str_of(c->channel), .postings = mine,
		.billable_minutes = minutes < 0 ? ENT_COUNT_NONE : (ent_count){ minutes },
	};
	for (size_t i = 0; i < booked; i++) {
		if (book[i].case_id.value == name) {
			mine[charge.count++] = book[i];
		}
	}
	ent_terms_begin(&terms, &e, &ent_zone_utc, instant("2025-06-10"), &arena);
	enum ent_code code = ent_charge_apply(&terms, &charge, &c->held, &error);
	if (code != ENT_OK) {
		CHECK_INT(terms.count, 0);
		return code;
	}
	keep(&terms);
	bool stays = event == ENT_CHARGE_LINKED || event == ENT_CHARGE_UNLINKED ||
	             event == ENT_CHARGE_OVERRIDE_ON || event == ENT_CHARGE_OVERRIDE_OFF;
	c->state = stays ? c->state : then[event];
	if (event == ENT_CHARGE_OVERRIDE_ON || event == ENT_CHARGE_OVERRIDE_OFF) {
		c->overridden = event == ENT_CHARGE_OVERRIDE_ON;
	}
	return code;
}

static int64_t remaining(void)
{
	return e.ledger_granted - e.ledger_consumed;
}

/* ---- dynamics 4.7 ----------------------------------------------------------------------- */

static const struct {
	const char *step;
	char name;
	enum ent_charge_event event;
	int64_t creation, resolution; /* remaining of 10 */
	int64_t reserved;             /* where charged at resolution */
} walk[] = {
	{ "create A", 'A', ENT_CHARGE_OPENED, 9, 10, 1 },
	{ "link B", 'B', ENT_CHARGE_LINKED, 8, 10, 2 },
	{ "cancel A", 'A', ENT_CHARGE_CANCELLED, 9, 10, 1 },
	{ "reactivate A", 'A', ENT_CHARGE_REACTIVATED, 8, 10, 2 },
	{ "resolve A", 'A', ENT_CHARGE_RESOLVED, 8, 9, 1 },
	{ "reopen A", 'A', ENT_CHARGE_REOPENED, 8, 10, 2 },
	{ "resolve A again", 'A', ENT_CHARGE_RESOLVED, 8, 9, 1 },
	{ "do not decrement B", 'B', ENT_CHARGE_OVERRIDE_ON, 9, 9, 0 },
	{ "resolve B", 'B', ENT_CHARGE_RESOLVED, 9, 9, 0 },
	{ "decrement B after all", 'B', ENT_CHARGE_OVERRIDE_OFF, 8, 9, 0 },
	{ "reopen B", 'B', ENT_CHARGE_REOPENED, 8, 9, 1 },
	{ "resolve B again", 'B', ENT_CHARGE_RESOLVED, 8, 8, 0 },
	{ "unlink A", 'A', ENT_CHARGE_UNLINKED, 9, 9, 0 },
	{ "link A, resolved", 'A', ENT_CHARGE_LINKED, 8, 8, 0 },
	{ "delete A, resolved", 'A', ENT_CHARGE_DELETED, 8, 8, 0 },
	{ "create C", 'C', ENT_CHARGE_OPENED, 7, 8, 1 },
	{ "merge C away", 'C', ENT_CHARGE_MERGED_AWAY, 8, 8, 0 },
	{ "create D", 'D', ENT_CHARGE_OPENED, 7, 8, 1 },
	{ "delete D", 'D', ENT_CHARGE_DELETED, 8, 8, 0 },
};

TEST(charge_walks_through_a_case_life)
{
	for (int mode = 0; mode < 2; mode++) {
		start((enum ent_charge_on)mode, ENT_UNIT_CASES, 10, false);
		for (size_t i = 0; i < ENT_COUNT(walk); i++) {
			bool creation = mode == ENT_CHARGE_CREATION;
			ROW(walk[i].step);
			CHECK_INT(happen(walk[i].name, walk[i].event, -1), ENT_OK);
			CHECK_INT(remaining(), creation ? walk[i].creation : walk[i].resolution);
			CHECK_INT(e.ledger_reserved, creation ? 0 : walk[i].reserved);
		}
		CHECK_INT(cases[1].held.charged, 1);
		CHECK_INT(cases[3].held.charged + cases[3].held.reserved, 0);
	}
}

/* ---- dynamics 4.5 ------------------------------------------------------------------------- */

TEST(charge_restrict_at_creation)
{
	start(ENT_CHARGE_CREATION, ENT_UNIT_CASES, 10, true);
	for (char c = 'A'; c < 'A' + 10; c++) {
		CHECK_INT(happen(c, ENT_CHARGE_OPENED, -1), ENT_OK);
	}
	CHECK_INT(remaining(), 0);
	CHECK_INT(happen('K', ENT_CHARGE_OPENED, -1), ENT_E_TERMS_EXHAUSTED);
	CHECK_INT(happen('D', ENT_CHARGE_CANCELLED, -1), ENT_OK);
	CHECK_INT(remaining(), 1);
	CHECK_INT(happen('K', ENT_CHARGE_OPENED, -1), ENT_OK);
	CHECK_INT(remaining(), 0);
	CHECK_INT(happen('D', ENT_CHARGE_REACTIVATED, -1), ENT_E_TERMS_EXHAUSTED);
	e.restricted = false;
	CHECK_INT(happen('D', ENT_CHARGE_REACTIVATED, -1), ENT_OK);
	CHECK_INT(remaining(), -1);
}

TEST(charge_restrict_at_resolution_reserves)
{
	start(ENT_CHARGE_RESOLUTION, ENT_UNIT_CASES, 3, true);
	for (int i = 0; i < 10; i++) {
		enum ent_code want = i < 3 ? ENT_OK : ENT_E_TERMS_EXHAUSTED;
		CHECK_INT(happen((char)('A' + i), ENT_CHARGE_OPENED, -1), want);
	}
	for (char c = 'A'; c <= 'C'; c++) {
		CHECK_INT(happen(c, ENT_CHARGE_RESOLVED, -1), ENT_OK);
	}
	CHECK_INT(remaining(), 0);
	CHECK_INT(happen('B', ENT_CHARGE_REOPENED, -1), ENT_OK);
	CHECK_INT(remaining(), 1);
	CHECK_INT(happen('D', ENT_CHARGE_OPENED, -1), ENT_E_TERMS_EXHAUSTED);
	CHECK_INT(happen('B', ENT_CHARGE_RESOLVED, -1), ENT_OK);
	CHECK_INT(remaining(), 0);
}

/* ---- dynamics 4.6 and 4.8 ------------------------------------------------------------------- */

TEST(charge_channels_in_minutes)
{
	start(ENT_CHARGE_RESOLUTION, ENT_UNIT_MINUTES, 6000, true);
	channels[0] = channel_row("phone", 4800);
	channels[1] = channel_row("email", 1200);
	channels[2] = channel_row("fax", 0);
	e.channels = (struct ent_children){ channels, 3 };
	cases[0].channel = cases[1].channel = "email";
	cases[2].channel = "phone";
	cases[3].channel = "web";
	cases[4].channel = "fax";
	CHECK_INT(happen('A', ENT_CHARGE_OPENED, -1), ENT_OK);
	CHECK_INT(happen('A', ENT_CHARGE_RESOLVED, -1), ENT_E_MINUTES_REQUIRED);
	CHECK_INT(happen('A', ENT_CHARGE_RESOLVED, 1500), ENT_OK);
	CHECK_INT(channels[1].total.n - channels[1].consumed, -300); /* resolving is not refused */
	CHECK_INT(remaining(), 4500);
	CHECK_INT(happen('B', ENT_CHARGE_OPENED, -1), ENT_E_CHANNEL_TERMS_EXHAUSTED);
	CHECK_INT(happen('C', ENT_CHARGE_OPENED, -1), ENT_OK);
	CHECK_INT(happen('D', ENT_CHARGE_OPENED, -1), ENT_OK); /* no row: the whole only */
	CHECK_INT(happen('D', ENT_CHARGE_RESOLVED, 60), ENT_OK);
	CHECK_INT(remaining(), 4440);
	CHECK_INT(happen('E', ENT_CHARGE_OPENED, -1), ENT_E_CHANNEL_TERMS_EXHAUSTED);
	/* the loophole: the channel is changed later */
	CHECK_INT(happen('C', ENT_CHARGE_UNLINKED, -1), ENT_OK);
	CHECK_INT(channels[0].reserved, 0);
	cases[2].channel = "fax";
	CHECK_INT(happen('C', ENT_CHARGE_LINKED, -1), ENT_E_CHANNEL_TERMS_EXHAUSTED);
}

TEST(charge_minutes_do_not_drift)
{
	start(ENT_CHARGE_RESOLUTION, ENT_UNIT_MINUTES, 600, false);
	for (char c = 'A'; c <= 'C'; c++) {
		CHECK_INT(happen(c, ENT_CHARGE_OPENED, -1), ENT_OK);
		CHECK_INT(happen(c, ENT_CHARGE_RESOLVED, 20), ENT_OK);
	}
	CHECK_INT(remaining(), 540); /* 9.00 hours, not 9.01 */
	CHECK_INT(happen('D', ENT_CHARGE_OPENED, -1), ENT_OK);
	CHECK_INT(happen('D', ENT_CHARGE_RESOLVED, 40), ENT_OK);
	CHECK_INT(cases[3].held.charged, 40);
	CHECK_INT(happen('D', ENT_CHARGE_REOPENED, -1), ENT_OK);
	CHECK_INT(remaining(), 540);
	CHECK_INT(cases[3].held.reserved, 1);
	CHECK_INT(happen('D', ENT_CHARGE_RESOLVED, 0), ENT_OK);
	CHECK_INT(remaining(), 540);
	CHECK_INT(e.ledger_reserved, 0);
}

TEST(charge_follows_what_the_case_holds)
{
	/* charge_on was amended while the case was open: it is not charged twice */
	start(ENT_CHARGE_CREATION, ENT_UNIT_CASES, 10, true);
	CHECK_INT(happen('A', ENT_CHARGE_OPENED, -1), ENT_OK);
	e.charge_on = ENT_CHARGE_RESOLUTION;
	CHECK_INT(happen('A', ENT_CHARGE_RESOLVED, -1), ENT_OK);
	CHECK_INT(remaining(), 9);
	CHECK_INT(happen('B', ENT_CHARGE_OPENED, -1), ENT_OK);
	e.charge_on = ENT_CHARGE_CREATION;
	CHECK_INT(happen('B', ENT_CHARGE_RESOLVED, -1), ENT_OK);
	CHECK_INT(remaining(), 8);
	CHECK_INT(e.ledger_reserved, 0);
	e.unit = ENT_UNIT_NONE;
	CHECK_INT(happen('C', ENT_CHARGE_OPENED, -1), ENT_OK);
	CHECK_INT(cases[2].held.charged, 0);
}
