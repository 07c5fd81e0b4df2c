/* Terms of cases through the use cases: the examples of dynamics 4.5 to 4.8 with our
 * values, and every event in both modes. */
#include "app/desk.h"
#include "core/charge.h"

/* ---- dynamics 4.7 -------------------------------------------------------------------- */

static void walk(struct desk *desk, enum ent_charge_on charge_on, const int64_t *want)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .charge_on = charge_on });
	struct ent_case a = desk_case(desk, e);
	struct ent_case b = desk_case(desk, ENT_ID_NONE);
	desk_settings(desk, "default_on_create = FALSE");

	CHECK_INT(desk_open_case(desk, &a), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, want[0]);
	CHECK_INT(desk_open_case(desk, &b), ENT_OK);
	CHECK_INT(b.coverage, ENT_COVERAGE_NONE);
	CHECK_INT(desk_link(desk, &b, e), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, want[1]);
	CHECK_INT(desk_do(desk, "cancel", &a), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, want[2]);
	CHECK_INT(desk_do(desk, "reactivate", &a), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, want[3]);
	CHECK_INT(desk_resolve(desk, &a, -1), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, want[4]);
	CHECK_INT(desk_do(desk, "reopen", &a), ENT_OK);
	CHECK_INT(a.reopen_count, 1);
	CHECK_INT(desk_balance(desk, e).remaining, want[5]);
	CHECK_INT(desk_resolve(desk, &a, -1), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, want[6]);
	CHECK_INT(desk_override(desk, &b, true), ENT_OK);
	CHECK_INT(desk_resolve(desk, &b, -1), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, want[7]);
	CHECK_INT(desk_override(desk, &b, false), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, want[8]);
	CHECK_INT(desk_do(desk, "reopen", &b), ENT_OK);
	CHECK_INT(desk_resolve(desk, &b, -1), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, 8);
}

DESK_TEST(case_charge_walk_on_creation)
{
	walk(desk, ENT_CHARGE_CREATION, (const int64_t[]){ 9, 8, 9, 8, 8, 8, 8, 9, 8 });
}

DESK_TEST(case_charge_walk_on_resolution)
{
	walk(desk, ENT_CHARGE_RESOLUTION, (const int64_t[]){ 10, 10, 10, 10, 9, 10, 9, 9, 9 });
}

/* ---- dynamics 4.5 -------------------------------------------------------------------- */

DESK_TEST(case_charge_restricted_creation)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .restricted = true });
	struct ent_case cases[11];
	for (int i = 0; i < 10; i++) {
		cases[i] = desk_case(desk, e);
		CHECK_INT(desk_open_case(desk, &cases[i]), ENT_OK);
	}
	CHECK_INT(desk_balance(desk, e).available, 0);
	cases[10] = desk_case(desk, e);
	CHECK_INT(desk_open_case(desk, &cases[10]), ENT_E_TERMS_EXHAUSTED);
	CHECK_INT(desk->error.issue_count, 1);
	CHECK_TEXT(desk->error.issues[0].pointer, "/entitlement_id");
	CHECK_INT(desk_do(desk, "cancel", &cases[3]), ENT_OK);
	CHECK_INT(desk_balance(desk, e).available, 1);
	CHECK_INT(desk_open_case(desk, &cases[10]), ENT_OK);
	CHECK_INT(desk_balance(desk, e).available, 0);
	CHECK_INT(desk_do(desk, "reactivate", &cases[3]), ENT_E_TERMS_EXHAUSTED);
	desk_read(desk, &cases[3]);
	CHECK_INT(cases[3].state, ENT_CASE_CANCELLED);
	/* nothing named: it is opened uncovered */
	struct ent_case other = desk_case(desk, ENT_ID_NONE);
	CHECK_INT(desk_open_case(desk, &other), ENT_OK);
	CHECK_INT(other.coverage, ENT_COVERAGE_NONE);
}

DESK_TEST(case_charge_unrestricted_goes_below_zero)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .total = 1 });
	for (int i = 0; i < 3; i++) {
		struct ent_case c = desk_case(desk, e);
		CHECK_INT(desk_open_case(desk, &c), ENT_OK);
		CHECK_INT(desk_balance(desk, e).remaining, -i);
	}
}

/* Ten open cases on a balance of three: the fourth is refused. */
DESK_TEST(case_charge_restricted_resolution)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){
		.total = 3, .restricted = true, .charge_on = ENT_CHARGE_RESOLUTION });
	struct ent_case cases[4];
	for (int i = 0; i < 3; i++) {
		cases[i] = desk_case(desk, e);
		CHECK_INT(desk_open_case(desk, &cases[i]), ENT_OK);
		CHECK_INT(desk_balance(desk, e).available, 2 - i);
		CHECK_INT(desk_balance(desk, e).remaining, 3);
	}
	cases[3] = desk_case(desk, e);
	CHECK_INT(desk_open_case(desk, &cases[3]), ENT_E_TERMS_EXHAUSTED);
	for (int i = 0; i < 3; i++) {
		CHECK_INT(desk_resolve(desk, &cases[i], -1), ENT_OK);
		CHECK_INT(desk_balance(desk, e).remaining, 2 - i);
	}
	CHECK_INT(desk_balance(desk, e).available, 0);
}

/* ---- dynamics 4.6 -------------------------------------------------------------------- */

static ent_id hours(struct desk *desk, int64_t web)
{
	return desk_entitlement(desk, &(struct desk_terms){
		.unit = ENT_UNIT_MINUTES, .total = 6000, .charge_on = ENT_CHARGE_RESOLUTION,
		.restricted = true, .phone = 4801, .email = 1201, .web = web });
}

static struct ent_case by(struct desk *desk, ent_id e, ent_str channel)
{
	struct ent_case c = desk_case(desk, e);
	c.channel = channel;
	return c;
}

DESK_TEST(case_charge_channels)
{
	ent_id e = hours(desk, 0);
	struct ent_case c = by(desk, e, ENT_STR("email"));
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	CHECK_INT(desk_resolve(desk, &c, -1), ENT_E_MINUTES_REQUIRED);
	CHECK_INT(desk_resolve(desk, &c, 1500), ENT_OK);
	CHECK_INT(desk_balance(desk, e).email, -300);
	CHECK_INT(desk_balance(desk, e).remaining, 4500);
	struct ent_case next = by(desk, e, ENT_STR("email"));
	CHECK_INT(desk_open_case(desk, &next), ENT_E_CHANNEL_TERMS_EXHAUSTED);
	next.channel = ENT_STR("phone");
	CHECK_INT(desk_open_case(desk, &next), ENT_OK);
	CHECK_INT(desk_balance(desk, e).phone, 4799);
	/* a channel without row: only the whole moves */
	struct ent_case web = by(desk, e, ENT_STR("web"));
	CHECK_INT(desk_open_case(desk, &web), ENT_OK);
	CHECK_INT(desk_resolve(desk, &web, 60), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, 4440);
	CHECK_INT(desk_balance(desk, e).phone, 4799);
}

/* Created by phone, then said to have come in by web, which is closed. */
DESK_TEST(case_charge_channel_loophole)
{
	ent_id e = hours(desk, 1);
	struct ent_case c = by(desk, e, ENT_STR("phone"));
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	c.channel = ENT_STR("web");
	CHECK_INT(desk_patch(desk, &c), ENT_E_NOT_COVERED);
	CHECK_TEXT(desk->error.issues[0].pointer, "/channel");
	c.channel = ENT_STR("email");
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	CHECK_INT(desk_balance(desk, e).phone, 4800);
	CHECK_INT(desk_balance(desk, e).email, 1199);
	CHECK_INT(c.units_reserved, 1);
	c.channel = (ent_str){ NULL, 0 };
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	CHECK_INT(desk_balance(desk, e).email, 1200);
	CHECK_INT(desk_balance(desk, e).available, 5999);
	CHECK_INT(c.units_reserved, 1);
}

/* The last unit of the whole moves between channels; a full channel takes none. */
DESK_TEST(case_charge_channel_moves_its_own_unit)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){
		.total = 2, .restricted = true, .phone = 3, .email = 2 });
	struct ent_case a = by(desk, e, ENT_STR("phone"));
	struct ent_case b = by(desk, e, ENT_STR("email"));
	CHECK_INT(desk_open_case(desk, &a), ENT_OK);
	CHECK_INT(desk_open_case(desk, &b), ENT_OK);
	CHECK_INT(desk_balance(desk, e).available, 0);
	a.channel = ENT_STR("email");
	CHECK_INT(desk_patch(desk, &a), ENT_E_CHANNEL_TERMS_EXHAUSTED);
	b.channel = ENT_STR("phone");
	CHECK_INT(desk_patch(desk, &b), ENT_OK);
	CHECK_INT(desk_balance(desk, e).phone, 0);
	CHECK_INT(desk_patch(desk, &a), ENT_OK);
	CHECK_INT(desk_balance(desk, e).phone, 1);
	CHECK_INT(desk_balance(desk, e).email, 0);
	CHECK_INT(desk_balance(desk, e).available, 0);
}

/* ---- dynamics 4.8 -------------------------------------------------------------------- */

DESK_TEST(case_charge_minutes)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){
		.unit = ENT_UNIT_MINUTES, .total = 600, .charge_on = ENT_CHARGE_RESOLUTION });
	static const int64_t minutes[] = { 30, 20, 20, 20 };
	int64_t left = 600;
	for (size_t i = 0; i < ENT_COUNT(minutes); i++) {
		struct ent_case c = desk_case(desk, e);
		CHECK_INT(desk_open_case(desk, &c), ENT_OK);
		CHECK_INT(desk_resolve(desk, &c, minutes[i]), ENT_OK);
		left -= minutes[i];
		CHECK_INT(desk_balance(desk, e).remaining, left);
	}
	struct ent_case c = desk_case(desk, e);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	desk_activity(desk, &c, ENT_ACTIVITY_DONE, 45, -1);
	desk_activity(desk, &c, ENT_ACTIVITY_DONE, 15, -1);
	CHECK_INT(desk_resolve(desk, &c, 40), ENT_OK);
	CHECK_INT(c.units_charged, 40);
	CHECK_INT(desk_balance(desk, e).remaining, left - 40);
	CHECK_INT(desk_do(desk, "reopen", &c), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, left);
	CHECK_INT(desk_balance(desk, e).reserved, 1);
}

/* The minutes of finished work, each counted by one resolution only. */
DESK_TEST(case_charge_minutes_of_activities)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){
		.unit = ENT_UNIT_MINUTES, .total = 600, .charge_on = ENT_CHARGE_RESOLUTION });
	struct ent_case c = desk_case(desk, e);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	desk_activity(desk, &c, ENT_ACTIVITY_DONE, 45, -1);
	desk_activity(desk, &c, ENT_ACTIVITY_DONE, 60, 15); /* a quarter of an hour is billed */
	desk_activity(desk, &c, ENT_ACTIVITY_DONE, -1, -1);
	desk_activity(desk, &c, ENT_ACTIVITY_CANCELLED, 500, -1);
	CHECK_INT(desk_resolve(desk, &c, -1), ENT_OK);
	CHECK_INT(c.billable_minutes.n, 60);
	CHECK_INT(desk_balance(desk, e).remaining, 540);
	CHECK_INT(desk_number(desk, "SELECT COUNT(*) FROM case_activity WHERE billed"), 3);
	CHECK_INT(desk_do(desk, "reopen", &c), ENT_OK);
	CHECK_INT(desk_number(desk, "SELECT COUNT(*) FROM case_activity WHERE billed"), 3);
	CHECK_INT(desk_resolve(desk, &c, -1), ENT_E_MINUTES_REQUIRED);
	desk_activity(desk, &c, ENT_ACTIVITY_DONE, 5, -1);
	CHECK_INT(desk_resolve(desk, &c, -1), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, 595);
}

/* ---- what else moves the balance ---------------------------------------------------------- */

struct amending {
	ent_id id;
	int32_t day;
};

static enum ent_code amend(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct amending *amending = arg;
	struct ent_input_amend input = { .changes = { ENT_STR("{\"total\":3}") },
		                         .effective_on = { amending->day } };
	struct ent_entitlement *e = ENT_NEW(call->arena, struct ent_entitlement, 1);
	return ent_entitlement_amend(call, amending->id, 0, &input, e, error);
}

/* An amendment that takes effect between two cases is written by the first one after it. */
DESK_TEST(case_charge_after_an_amendment)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .total = 1, .restricted = true });
	int64_t today = ent_app_now(desk->app).us / ENT_DAY_US;
	struct amending amending = { e, (int32_t)today + 1 };
	struct ent_case c = desk_case(desk, e);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	CHECK_INT(desk_run(desk, ENT_WRITE, amend, &amending), ENT_OK);
	CHECK_INT(desk_open_case(desk, &c), ENT_E_TERMS_EXHAUSTED);
	desk_wait(desk, 1);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	CHECK_INT(desk_balance(desk, e).available, 1);
	desk_verify(desk);
	CHECK_INT(desk_number(desk, "SELECT revision FROM entitlement"), 1);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	CHECK_INT(desk_open_case(desk, &c), ENT_E_TERMS_EXHAUSTED);
}

/* ---- every event ------------------------------------------------------------------------ */

/* What a case does, letter by letter, and what its entitlement of 5 has then. Rows say it
 * for a charge at creation and at resolution; being restricted makes no difference while
 * there is enough. */
static const struct {
	const char *steps; /* o open, l link, u unlink, R resolve, P reopen, c cancel,
	                    * r reactivate, m merge away, d delete, + override, - and back,
	                    * v to the other entitlement */
	int64_t consumed[2], reserved[2];
} events[] = {
	{ "o",       { 1, 0 }, { 0, 1 } },
	{ "ou",      { 0, 0 }, { 0, 0 } },
	{ "oul",     { 1, 0 }, { 0, 1 } },
	{ "ov",      { 0, 0 }, { 0, 0 } },
	{ "ovvl",    { 1, 0 }, { 0, 1 } },
	{ "oR",      { 1, 1 }, { 0, 0 } },
	{ "oRP",     { 1, 0 }, { 0, 1 } },
	{ "oRPR",    { 1, 1 }, { 0, 0 } },
	{ "oRPRPRPR", { 1, 1 }, { 0, 0 } },
	{ "oRPu",    { 0, 0 }, { 0, 0 } },
	{ "oc",      { 0, 0 }, { 0, 0 } },
	{ "ocr",     { 1, 0 }, { 0, 1 } },
	{ "ocrcrcr", { 1, 0 }, { 0, 1 } },
	{ "ocrR",    { 1, 1 }, { 0, 0 } },
	{ "om",      { 0, 0 }, { 0, 0 } },
	{ "oRm",     { 1, 1 }, { 0, 0 } },
	{ "ocm",     { 0, 0 }, { 0, 0 } },
	{ "od",      { 0, 0 }, { 0, 0 } },
	{ "oRd",     { 1, 1 }, { 0, 0 } },
	{ "ocd",     { 0, 0 }, { 0, 0 } },
	{ "o+",      { 0, 0 }, { 0, 0 } },
	{ "o+-",     { 1, 0 }, { 0, 1 } },
	{ "o+R",     { 0, 0 }, { 0, 0 } },
	{ "o+R-",    { 1, 0 }, { 0, 0 } },
	{ "o+R-P",   { 1, 0 }, { 0, 1 } },
	{ "o+R-PR",  { 1, 1 }, { 0, 0 } },
	{ "oR+",     { 0, 0 }, { 0, 0 } },
	{ "oR+P",    { 0, 0 }, { 0, 0 } },
	{ "oR+P-",   { 1, 0 }, { 0, 1 } },
	{ "o+c",     { 0, 0 }, { 0, 0 } },
	{ "o+c-",    { 0, 0 }, { 0, 0 } },
	{ "o+c-r",   { 1, 0 }, { 0, 1 } },
	{ "o+cr",    { 0, 0 }, { 0, 0 } },
	{ "o+cr-",   { 1, 0 }, { 0, 1 } },
	{ "oc+r",    { 0, 0 }, { 0, 0 } },
	{ "o+u",     { 0, 0 }, { 0, 0 } },
	{ "o+ul",    { 0, 0 }, { 0, 0 } },
	{ "o+ul-",   { 1, 0 }, { 0, 1 } },
	{ "o+m",     { 0, 0 }, { 0, 0 } },
	{ "o+d",     { 0, 0 }, { 0, 0 } },
	{ "oRPRPc",  { 0, 0 }, { 0, 0 } },
};

struct stage {
	ent_id e, other;
	struct ent_case target;
};

static enum ent_code step(struct desk *desk, struct stage *s, char letter, struct ent_case *c)
{
	switch (letter) {
	case 'o':
		return desk_open_case(desk, c);
	case 'l':
		return desk_link(desk, c, s->e);
	case 'v':
		return desk_link(desk, c, s->other);
	case 'u':
		return desk_do(desk, "unlink", c);
	case 'R':
		return desk_resolve(desk, c, -1);
	case 'P':
		return desk_do(desk, "reopen", c);
	case 'c':
		return desk_do(desk, "cancel", c);
	case 'r':
		return desk_do(desk, "reactivate", c);
	case 'm':
		return desk_merge(desk, &s->target, &c->id, 1);
	case 'd':
		return desk_delete(desk, c);
	default:
		return desk_override(desk, c, letter == '+');
	}
}

static void run_events(struct desk *desk, void *arg)
{
	struct desk_terms terms = *(struct desk_terms *)arg;
	struct stage s = { .other = desk_entitlement(desk, &terms),
		           .target = desk_case(desk, ENT_ID_NONE) };
	CHECK_INT(desk_open_case(desk, &s.target), ENT_OK);
	for (size_t i = 0; i < ENT_COUNT(events); i++) {
		s.e = desk_entitlement(desk, &terms);
		struct ent_case c = desk_case(desk, s.e);
		ROW(events[i].steps);
		for (const char *p = events[i].steps; *p != '\0'; p++) {
			CHECK_INT(step(desk, &s, *p, &c), ENT_OK);
		}
		struct desk_balance got = desk_balance(desk, s.e);
		CHECK_INT(got.consumed, events[i].consumed[terms.charge_on]);
		CHECK_INT(got.reserved, events[i].reserved[terms.charge_on]);
		CHECK_INT(got.remaining, 5 - got.consumed);
		CHECK_INT(got.available, got.remaining - got.reserved);
	}
}

DESK_TEST(case_charge_every_event)
{
	desk_settings(desk, "default_on_create = FALSE");
	for (int i = 0; i < 4; i++) {
		struct desk_terms terms = { .total = 5, .restricted = i % 2 == 1,
			                    .charge_on = i < 2 ? ENT_CHARGE_CREATION
			                                       : ENT_CHARGE_RESOLUTION };
		desk_batch(desk, run_events, &terms);
		desk_verify(desk);
	}
}
