#include "core/life.h"

#include "rules.h"
#include "zone_file.h"

static const char *state_text(enum ent_entitlement_state state)
{
	return ent_entitlement_state_names.text[state];
}

/* ---- state ----------------------------------------------------------------------- */

static const struct {
	const char *name;
	const char *starts, *ends, *cancelled, *suspended, *resumed;
	const char *at, *want;
} state_rows[] = {
	/* dynamics 4.10: today is 2025-06-10 */
	{ "starts later", "2025-07-01", "2026-06-30", NULL, NULL, NULL, "2025-06-10", "waiting" },
	{ "has begun", "2025-06-01", "2025-06-30", NULL, NULL, NULL, "2025-06-10", "active" },
	{ "is over", "2025-05-01", "2025-05-31", NULL, NULL, NULL, "2025-06-10", "expired" },
	/* the day's first and last instants */
	{ "before its first", "2025-06-10", NULL, NULL, NULL, NULL, "2025-06-09T23:59:59.999999Z",
	  "waiting" },
	{ "first", "2025-06-10", NULL, NULL, NULL, NULL, "2025-06-10", "active" },
	{ "last", NULL, "2025-06-10", NULL, NULL, NULL, "2025-06-10T23:59:59.999999Z", "active" },
	{ "after its last", NULL, "2025-06-10", NULL, NULL, NULL, "2025-06-11", "expired" },
	{ "no dates, long ago", NULL, NULL, NULL, NULL, NULL, "1900-01-01", "active" },
	{ "no dates, far away", NULL, NULL, NULL, NULL, NULL, "9000-01-01", "active" },
	/* suspended [from, until) */
	{ "before suspension", NULL, NULL, NULL, "2025-06-10", NULL, "2025-06-09", "active" },
	{ "suspended, open", NULL, NULL, NULL, "2025-06-10", NULL, "2030-01-01", "suspended" },
	{ "suspended", NULL, NULL, NULL, "2025-06-10", "2025-06-20", "2025-06-10", "suspended" },
	{ "resumed", NULL, NULL, NULL, "2025-06-10", "2025-06-20", "2025-06-20", "active" },
	{ "ends suspended", NULL, "2025-06-15", NULL, "2025-06-10", NULL, "2025-06-16", "expired" },
	{ "suspended early", "2025-06-15", NULL, NULL, "2025-06-10", NULL, "2025-06-11",
	  "waiting" },
	/* cancelled at an instant, maybe a later one */
	{ "to be cancelled", NULL, NULL, "2025-06-10", NULL, NULL, "2025-06-09", "active" },
	{ "cancelled", NULL, NULL, "2025-06-10", NULL, NULL, "2025-06-10", "cancelled" },
	{ "stays cancelled", NULL, "2025-06-15", "2025-06-10", NULL, NULL, "2026-01-01",
	  "cancelled" },
	{ "cancelled waiting", "2025-06-20", NULL, "2025-06-10", NULL, NULL, "2025-06-21",
	  "cancelled" },
	{ "cancelled suspended", NULL, NULL, "2025-06-10", "2025-06-01", NULL, "2025-06-10",
	  "cancelled" },
	{ "cancelled too late", NULL, "2025-06-05", "2025-06-10", NULL, NULL, "2025-06-10",
	  "expired" },
};

static struct ent_entitlement_suspension suspension;

static struct ent_entitlement make(const char *starts, const char *ends, const char *cancelled,
                                   const char *suspended, const char *resumed)
{
	struct ent_entitlement e = live(starts, ends);
	e.cancelled_at = instant(cancelled);
	if (suspended != NULL) {
		suspension.id = (ent_id){ 7 };
		suspension.starts_at = instant(suspended);
		suspension.ends_at = instant(resumed);
		e.suspensions = (struct ent_children){ &suspension, 1 };
	}
	return e;
}

TEST(life_state_follows_from_dates)
{
	for (size_t i = 0; i < ENT_COUNT(state_rows); i++) {
		struct ent_entitlement e =
			make(state_rows[i].starts, state_rows[i].ends, state_rows[i].cancelled,
		             state_rows[i].suspended, state_rows[i].resumed);
		ent_instant at = instant(state_rows[i].at);
		ROW(state_rows[i].name);
		CHECK_TEXT(state_text(ent_life_state(&e, at)), state_rows[i].want);
		/* it does not change before the next boundary, and does there */
		ent_instant next = ent_life_next(&e, at);
		if (next.us != ENT_INSTANT_END.us) {
			ent_instant before = { next.us - 1 };
			CHECK_TEXT(state_text(ent_life_state(&e, before)), state_rows[i].want);
			CHECK(strcmp(state_text(ent_life_state(&e, next)),
			             state_rows[i].want) != 0);
		}
		e.stage = ENT_STAGE_DRAFT;
		CHECK_TEXT(state_text(ent_life_state(&e, at)), "draft");
		CHECK(ent_life_next(&e, at).us == ENT_INSTANT_END.us);
	}
}

TEST(life_days_begin_at_midnight_of_the_zone)
{
	static const struct {
		const char *zone, *starts, *ends, *starts_at, *ends_at;
	} rows[] = {
		{ "Europe/Berlin", "2025-03-30", "2025-03-30", "2025-03-29T23:00:00Z",
		  "2025-03-30T22:00:00Z" }, /* 23 hours */
		{ "Europe/Berlin", "2025-10-26", "2025-10-26", "2025-10-25T22:00:00Z",
		  "2025-10-26T23:00:00Z" }, /* 25 hours */
		{ "America/New_York", "2025-01-01", NULL, "2025-01-01T05:00:00Z", "-" },
		{ "UTC", NULL, "9999-12-31", "-", "+10000" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_zone zone = zone_of(rows[i].zone);
		struct ent_entitlement e = live(rows[i].starts, rows[i].ends);
		ent_life_dates(&e, &zone);
		ROW(rows[i].starts);
		CHECK_TEXT(instant_text(e.starts_at), rows[i].starts_at);
		if (rows[i].ends_at[0] != '+') {
			CHECK_TEXT(instant_text(e.ends_at), rows[i].ends_at);
		}
	}
}

TEST(life_boundaries_are_listed_in_order)
{
	struct ent_entitlement e =
		make("2025-01-01", "2025-12-31", NULL, "2025-03-01", "2025-04-01");
	struct ent_boundary list[ENT_BOUNDARY_MAX];
	size_t count = ent_life_boundaries(&e, instant("2024-01-01"), instant("2030-01-01"), list,
	                                   ENT_COUNT(list));
	CHECK_INT(count, 4);
	CHECK(list[0].kind == ENT_BOUNDARY_ACTIVATED && list[1].kind == ENT_BOUNDARY_SUSPENDED);
	CHECK(list[2].kind == ENT_BOUNDARY_RESUMED && list[3].kind == ENT_BOUNDARY_EXPIRED);
	CHECK_TEXT(instant_text(list[3].at), "2026-01-01T00:00:00Z");
	/* (from, to] */
	CHECK_INT(ent_life_boundaries(&e, instant("2025-01-01"), instant("2025-03-01"), list, 9),
	          1);
	CHECK_INT(ent_life_boundaries(&e, instant("2024-12-31"), instant("2025-01-01"), list, 9),
	          1);
	/* what lies before the activation was its event */
	e.activated_at = instant("2025-02-01");
	CHECK_INT(ent_life_boundaries(&e, instant("2024-01-01"), instant("2030-01-01"), list, 9),
	          3);
	/* cancelled while suspended: not resumed, not expired */
	e.cancelled_at = instant("2025-03-15");
	CHECK_INT(ent_life_boundaries(&e, instant("2024-01-01"), instant("2030-01-01"), list, 1),
	          2);
	CHECK(list[0].kind == ENT_BOUNDARY_SUSPENDED);
	CHECK_INT(ent_life_boundaries(&e, instant("2025-03-01"), instant("2030-01-01"), list, 1),
	          1);
	CHECK(list[0].kind == ENT_BOUNDARY_CANCELLED);
}

/* ---- what may be done ----------------------------------------------------------------- */

/* + may, a refused as it is so already, . refused */
static const char *const matrix[][ENT_ACTION_COUNT] = {
	/*           activate deactivate suspend resume withdraw cancel renew early amend top_up
	 *           default edit channels delete expire */
	/* draft */ { "+", "a", ".", ".", ".", ".", ".", ".", ".", ".",
		      ".", "+", "+", "+", "." },
	/* waiting */ { ".", "+", "+", ".", "+", "+", ".", ".", "+", "+",
		        ".", ".", ".", ".", "." },
	/* active */ { "a", "+", "+", ".", "+", "+", ".", "+", "+", "+",
		       "+", ".", ".", ".", "." },
	/* suspended */ { ".", ".", "+", "+", "+", "+", ".", "+", "+", "+",
		          ".", ".", ".", ".", "." },
	/* expired */ { ".", ".", ".", ".", ".", ".", "+", "+", ".", ".",
		        ".", ".", ".", "+", "." },
	/* cancelled */ { ".", ".", ".", ".", ".", "a", "+", "+", ".", ".",
		          ".", ".", ".", "+", "." },
};

static const enum ent_code refusals[ENT_ACTION_COUNT] = {
	ENT_E_CANNOT_ACTIVATE, ENT_E_CANNOT_DEACTIVATE, ENT_E_CANNOT_SUSPEND,
	ENT_E_CANNOT_RESUME,   ENT_E_STATE,             ENT_E_CANNOT_CANCEL,
	ENT_E_CANNOT_RENEW,    ENT_E_CANNOT_RENEW,      ENT_E_CANNOT_AMEND,
	ENT_E_CANNOT_TOP_UP,   ENT_E_CANNOT_BE_DEFAULT, ENT_E_EDIT_LOCKED,
	ENT_E_CHANNEL_LOCKED,  ENT_E_DELETE_LOCKED,     ENT_E_CANNOT_EXPIRE,
};

static enum ent_code expected(int state, int action)
{
	switch (matrix[state][action][0]) {
	case '+':
		return ENT_OK;
	case 'a':
		return state == ENT_ENTITLEMENT_DRAFT     ? ENT_E_ALREADY_DRAFT
		       : state == ENT_ENTITLEMENT_ACTIVE  ? ENT_E_ALREADY_ACTIVE
		                                          : ENT_E_ALREADY_CANCELLED;
	default:
		return refusals[action];
	}
}

/* One in each state, on 2025-06-10. */
static struct ent_entitlement in_state(int state)
{
	struct ent_entitlement e;
	switch (state) {
	case ENT_ENTITLEMENT_WAITING:
		return make("2025-07-01", "2026-06-30", NULL, NULL, NULL);
	case ENT_ENTITLEMENT_SUSPENDED:
		return make("2025-01-01", "2025-12-31", NULL, "2025-06-01", NULL);
	case ENT_ENTITLEMENT_EXPIRED:
		return make("2025-01-01", "2025-05-31", NULL, NULL, NULL);
	case ENT_ENTITLEMENT_CANCELLED:
		return make("2025-01-01", "2025-12-31", "2025-06-01", NULL, NULL);
	default:
		e = make("2025-01-01", "2025-12-31", NULL, NULL, NULL);
		e.stage = state == ENT_ENTITLEMENT_DRAFT ? ENT_STAGE_DRAFT : ENT_STAGE_LIVE;
		return e;
	}
}

static enum ent_code do_it(struct ent_entitlement *e, int action)
{
	struct ent_arena arena = test_arena();
	struct ent_entitlement fresh;
	struct ent_error error;
	ent_instant now = instant("2025-06-10");
	struct ent_suspend suspend = { .from = instant("2025-08-01"), .until = ENT_INSTANT_NONE };
	struct ent_renew renew = { .early = action == ENT_ACTION_RENEW_EARLY };
	switch (action) {
	case ENT_ACTION_ACTIVATE:
		return ent_life_activate(e, now, &error);
	case ENT_ACTION_DEACTIVATE:
		return ent_life_deactivate(e, now, &error);
	case ENT_ACTION_SUSPEND:
		if (e->suspensions.count > 0) {
			suspension.ends_at = instant("2025-07-01");
		}
		return ent_life_suspend(e, &ent_zone_utc, now, &suspend, &arena, &error);
	case ENT_ACTION_RESUME:
		return ent_life_resume(e, &ent_zone_utc, now, ENT_INSTANT_NONE, false, &error);
	case ENT_ACTION_CANCEL:
		return ent_life_cancel(e, now, ENT_INSTANT_NONE, &error);
	case ENT_ACTION_RENEW:
	case ENT_ACTION_RENEW_EARLY:
		return ent_life_renew(e, &ent_zone_utc, now, &renew, &arena, &fresh, &error);
	default:
		return ent_life_check(e, (enum ent_action)action, now, &error);
	}
}

TEST(life_allows_each_action_in_its_states)
{
	for (int state = 0; state <= ENT_ENTITLEMENT_CANCELLED; state++) {
		for (int action = 0; action < ENT_ACTION_COUNT; action++) {
			struct ent_entitlement e = in_state(state);
			char name[40];
			snprintf(name, sizeof(name), "%s when %s",
			         ent_action_text((enum ent_action)action),
			         ent_entitlement_state_names.text[state]);
			ROW(name);
			CHECK_INT(ent_life_state(&e, instant("2025-06-10")), state);
			CHECK_INT(do_it(&e, action), expected(state, action));
		}
	}
}

TEST(life_locks_fields_that_bind)
{
	static const struct {
		const char *field, *locked; /* d, w, a, s, e, c: the states that lock it */
	} rows[] = {
		{ "name", "....ec" },       { "type", "....ec" },      { "kb_access", "....ec" },
		{ "priority", "....ec" },   { "contact_id", "....ec" }, { "metadata", "......" },
		{ "external_id", "......" }, { "external_system", "......" },
		{ "total", ".wasec" },      { "ends_on", ".wasec" },   { "restricted", ".wasec" },
		{ "grants", ".wasec" },     { "channels", ".wasec" },  { "products", ".wasec" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		bool channels = strcmp(rows[i].field, "channels") == 0;
		ROW(rows[i].field);
		CHECK(ent_type_field(&ent_entitlement_type, ent_str_of(rows[i].field)) != NULL);
		for (int state = 0; state <= ENT_ENTITLEMENT_CANCELLED; state++) {
			enum ent_code want = rows[i].locked[state] == '.' ? ENT_OK
			                     : channels ? ENT_E_CHANNEL_LOCKED : ENT_E_EDIT_LOCKED;
			CHECK_INT(ent_life_may_edit((enum ent_entitlement_state)state,
			                            ent_str_of(rows[i].field)), want);
		}
	}
}
