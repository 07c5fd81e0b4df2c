#include "core/life.h"

#include "rules.h"

static struct ent_error error;

TEST(life_activation_with_a_past_end_expires_at_once)
{
	struct ent_entitlement e = live("2025-05-01", "2025-05-31");
	e.stage = ENT_STAGE_DRAFT;
	CHECK_INT(ent_life_activate(&e, instant("2025-06-10"), &error), ENT_OK);
	CHECK_INT(ent_life_state(&e, instant("2025-06-10")), ENT_ENTITLEMENT_EXPIRED);
	CHECK_INT(ent_life_deactivate(&e, instant("2025-06-10"), &error),
	          ENT_E_CANNOT_DEACTIVATE);
	CHECK_TEXT(error.detail, "cannot deactivate: the entitlement is expired");
}

static const struct {
	const char *name, *from, *until;
	enum ent_code want;
} suspend_rows[] = {
	{ "now, until resumed", NULL, NULL, ENT_OK },
	{ "now, for a month", NULL, "2025-07-10", ENT_OK },
	{ "later", "2025-08-01", "2025-09-01", ENT_OK },
	{ "in the past", "2025-02-01", "2025-02-03", ENT_OK },
	{ "up to the next one", "2025-09-01", "2025-10-01", ENT_OK },
	{ "after the last one", "2025-10-20", NULL, ENT_OK },
	{ "ends before it starts", "2025-08-01", "2025-07-31", ENT_E_SUSPEND_RANGE },
	{ "empty", "2025-08-01", "2025-08-01", ENT_E_SUSPEND_RANGE },
	{ "before the first day", "2024-12-31", "2025-01-02", ENT_E_SUSPEND_RANGE },
	{ "into the next one", "2025-09-01", "2025-10-02", ENT_E_SUSPEND_OVERLAP },
	{ "around it", "2025-09-01", NULL, ENT_E_SUSPEND_OVERLAP },
	{ "inside it", "2025-10-05", "2025-10-06", ENT_E_SUSPEND_OVERLAP },
	{ "after the end", "2026-01-01", NULL, ENT_E_SUSPEND_AFTER_END },
	{ "over the end", "2025-12-01", "2026-02-01", ENT_OK },
};

TEST(life_suspensions_do_not_overlap)
{
	for (size_t i = 0; i < ENT_COUNT(suspend_rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_entitlement e = live("2025-01-01", "2025-12-31");
		struct ent_suspend october = { .id = { 1 }, .from = instant("2025-10-01"),
			                       .until = instant("2025-10-20") };
		struct ent_suspend row = { .id = { 2 }, .from = instant(suspend_rows[i].from),
			                   .until = instant(suspend_rows[i].until) };
		bool open = i == 0; /* would run into October's */
		ROW(suspend_rows[i].name);
		if (!open) {
			CHECK_INT(ent_life_suspend(&e, &ent_zone_utc, instant("2025-06-10"),
			                           &october, &arena, &error), ENT_OK);
		}
		CHECK_INT(ent_life_suspend(&e, &ent_zone_utc, instant("2025-06-10"), &row, &arena,
		                           &error), suspend_rows[i].want);
		CHECK_INT(e.suspensions.count, !open + (suspend_rows[i].want == ENT_OK));
		CHECK_TEXT(date_text(e.ends_on), "2025-12-31");
	}
}

/* What extend_term does to an end of 2025-12-31. */
static const struct {
	const char *name, *from, *until, *resumed, *ends_then, *ends_after;
} extend_rows[] = {
	{ "planned", "2025-06-10", "2025-06-20", NULL, "2026-01-10", "2026-01-10" },
	{ "planned, resumed early", "2025-06-10", "2025-06-20", "2025-06-13", "2026-01-10",
	  "2026-01-03" },
	{ "open, resumed", "2025-06-10", NULL, "2025-07-10", "2025-12-31", "2026-01-30" },
	{ "some hours", "2025-06-10T08:00:00Z", NULL, "2025-06-10T20:00:00Z", "2025-12-31",
	  "2025-12-31" },
};

TEST(life_suspension_extends_the_term_when_asked)
{
	for (size_t i = 0; i < ENT_COUNT(extend_rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_entitlement e = live("2025-01-01", "2025-12-31");
		struct ent_suspend row = { .id = { 2 }, .from = instant(extend_rows[i].from),
			                   .until = instant(extend_rows[i].until),
			                   .extend_term = true };
		ROW(extend_rows[i].name);
		CHECK_INT(ent_life_suspend(&e, &ent_zone_utc, row.from, &row, &arena, &error),
		          ENT_OK);
		CHECK_TEXT(date_text(e.ends_on), extend_rows[i].ends_then);
		if (extend_rows[i].resumed != NULL) {
			ent_instant at = instant(extend_rows[i].resumed);
			CHECK_INT(ent_life_resume(&e, &ent_zone_utc, at, at, true, &error), ENT_OK);
			CHECK_INT(ent_life_state(&e, at), ENT_ENTITLEMENT_ACTIVE);
		}
		CHECK_TEXT(date_text(e.ends_on), extend_rows[i].ends_after);
		CHECK(e.ends_at.us == ent_zone_day_begins(&ent_zone_utc,
		                                          (ent_date){ e.ends_on.day + 1 }).us);
	}
}

TEST(life_resume_and_withdraw_look_at_the_plan)
{
	struct ent_arena arena = test_arena();
	struct ent_entitlement e = live("2025-01-01", NULL);
	ent_instant now = instant("2025-06-10");
	struct ent_suspend row = { .id = { 2 }, .from = now, .until = instant("2025-06-20") };
	struct ent_suspend later = { .id = { 3 }, .from = instant("2025-08-01") };
	later.until = ENT_INSTANT_NONE;
	CHECK_INT(ent_life_suspend(&e, &ent_zone_utc, now, &row, &arena, &error), ENT_OK);
	CHECK_INT(ent_life_suspend(&e, &ent_zone_utc, now, &later, &arena, &error), ENT_OK);
	CHECK_INT(ent_life_resume(&e, &ent_zone_utc, now, instant("2025-06-09"), false, &error),
	          ENT_E_SUSPEND_RANGE);
	CHECK_INT(ent_life_resume(&e, &ent_zone_utc, now, instant("2025-06-21"), false, &error),
	          ENT_E_SUSPEND_RANGE);
	CHECK_INT(ent_life_withdraw(&e, &ent_zone_utc, now, (ent_id){ 2 }, &error), ENT_E_STATE);
	CHECK_INT(ent_life_withdraw(&e, &ent_zone_utc, now, (ent_id){ 9 }, &error),
	          ENT_E_NOT_FOUND);
	CHECK_INT(ent_life_withdraw(&e, &ent_zone_utc, now, (ent_id){ 3 }, &error), ENT_OK);
	CHECK_INT(e.suspensions.count, 1);
	CHECK_INT(ent_life_withdraw(&e, &ent_zone_utc, now, ENT_ID_NONE, &error), ENT_E_STATE);
	/* undone in the instant it began: as if it had never been */
	CHECK_INT(ent_life_resume(&e, &ent_zone_utc, now, now, false, &error), ENT_OK);
	CHECK_INT(ent_life_state(&e, now), ENT_ENTITLEMENT_ACTIVE);
	CHECK_INT(ent_life_suspend(&e, &ent_zone_utc, now, &row, &arena, &error), ENT_OK);
}

TEST(life_cancels_now_or_later)
{
	struct ent_entitlement e = live("2025-01-01", "2025-12-31");
	ent_instant now = instant("2025-06-10");
	CHECK_INT(ent_life_cancel(&e, now, instant("2026-01-01"), &error), ENT_E_RANGE);
	CHECK_INT(ent_life_cancel(&e, now, instant("2025-09-01"), &error), ENT_OK);
	CHECK_INT(e.stage, ENT_STAGE_LIVE);
	CHECK_INT(ent_life_state(&e, now), ENT_ENTITLEMENT_ACTIVE);
	CHECK_INT(ent_life_state(&e, instant("2025-09-01")), ENT_ENTITLEMENT_CANCELLED);
	CHECK_INT(ent_life_withdraw(&e, &ent_zone_utc, now, ENT_ID_NONE, &error), ENT_OK);
	CHECK_INT(ent_life_state(&e, instant("2025-09-01")), ENT_ENTITLEMENT_ACTIVE);
	CHECK_INT(ent_life_cancel(&e, now, ENT_INSTANT_NONE, &error), ENT_OK);
	CHECK_INT(e.stage, ENT_STAGE_CANCELLED);
	CHECK_INT(ent_life_cancel(&e, now, ENT_INSTANT_NONE, &error), ENT_E_ALREADY_CANCELLED);
}

/* ---- renewal --------------------------------------------------------------------------- */

static const struct {
	const char *name, *starts, *ends, *cancelled, *today;
	enum ent_renew_start start;
	const char *want_starts, *want_ends;
} renew_rows[] = {
	/* dynamics 4.9, with lengths by calendar period */
	{ "a year, today", "2024-07-01", "2025-06-30", NULL, "2025-07-10", ENT_RENEW_TODAY,
	  "2025-07-10", "2026-07-09" },
	{ "a year, without gap", "2024-07-01", "2025-06-30", NULL, "2025-07-10",
	  ENT_RENEW_AFTER_END, "2025-07-01", "2026-06-30" },
	{ "a leap year, today", "2024-01-01", "2024-12-31", NULL, "2025-07-10", ENT_RENEW_TODAY,
	  "2025-07-10", "2026-07-09" },
	{ "a leap year", "2024-01-01", "2024-12-31", NULL, "2025-07-10", ENT_RENEW_AFTER_END,
	  "2025-01-01", "2025-12-31" },
	{ "into a leap year", "2023-03-01", "2024-02-29", NULL, "2024-07-10", ENT_RENEW_AFTER_END,
	  "2024-03-01", "2025-02-28" },
	{ "a month from the 31st", "2025-01-31", "2025-02-27", NULL, "2025-07-10",
	  ENT_RENEW_AFTER_END, "2025-02-28", "2025-03-27" },
	{ "a quarter", "2025-01-01", "2025-03-31", NULL, "2025-07-10", ENT_RENEW_AFTER_END,
	  "2025-04-01", "2025-06-30" },
	{ "100 days", "2025-01-01", "2025-04-10", NULL, "2025-07-10", ENT_RENEW_AFTER_END,
	  "2025-04-11", "2025-07-19" },
	{ "one day", "2025-01-01", "2025-01-01", NULL, "2025-07-10", ENT_RENEW_AFTER_END,
	  "2025-01-02", "2025-01-02" },
	{ "cancelled", "2025-01-01", "2025-12-31", "2025-05-05", "2025-07-10", ENT_RENEW_AFTER_END,
	  "2025-05-05", "2026-05-04" },
	{ "open, cancelled", "2025-01-01", NULL, "2025-05-05", "2025-07-10", ENT_RENEW_AFTER_END,
	  "2025-05-05", "-" },
	{ "no first day", NULL, "2025-06-30", NULL, "2025-07-10", ENT_RENEW_AFTER_END,
	  "2025-07-01", "-" },
	{ "early", "2025-01-01", "2025-12-31", NULL, "2025-07-10", ENT_RENEW_AFTER_END,
	  "2026-01-01", "2026-12-31" },
};

TEST(life_renews_for_the_same_calendar_period)
{
	for (size_t i = 0; i < ENT_COUNT(renew_rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_entitlement old = live(renew_rows[i].starts, renew_rows[i].ends);
		struct ent_entitlement fresh;
		struct ent_renew renew = { .id = { 200 }, .start = renew_rows[i].start,
			                   .early = true };
		old.cancelled_at = instant(renew_rows[i].cancelled);
		ROW(renew_rows[i].name);
		CHECK_INT(ent_life_renew(&old, &ent_zone_utc, instant(renew_rows[i].today), &renew,
		                         &arena, &fresh, &error), ENT_OK);
		CHECK_TEXT(date_text(fresh.starts_on), renew_rows[i].want_starts);
		CHECK_TEXT(date_text(fresh.ends_on), renew_rows[i].want_ends);
	}
}

TEST(life_renewal_copies_terms_but_no_past)
{
	struct ent_arena arena = test_arena();
	struct ent_entitlement old = live("2024-01-01", "2024-12-31");
	struct ent_entitlement_channel row = channel_row("phone", 5);
	struct ent_entitlement_grant grant;
	struct ent_entitlement fresh;
	struct ent_renew renew = { .id = { 200 } };
	ent_type_clear(&ent_entitlement_grant_type, &grant);
	grant.id = (ent_id){ 8 };
	grant.product_id = (ent_id){ 9 };
	row.id = (ent_id){ 4 };
	row.consumed = 3;
	old.channels = (struct ent_children){ &row, 1 };
	old.grants = (struct ent_children){ &grant, 1 };
	old.number = ENT_STR("ENT-1");
	old.external_id = ENT_STR("x");
	old.total = (ent_count){ 10 };
	old.ledger_granted = 10;
	old.ledger_consumed = 4;
	old.restricted = true;
	CHECK_INT(ent_life_renew(&old, &ent_zone_utc, instant("2025-01-10"), &renew, &arena, &fresh,
	                         &error), ENT_OK);
	const struct ent_entitlement_channel *rows = fresh.channels.items;
	const struct ent_entitlement_grant *grants = fresh.grants.items;
	CHECK_INT(fresh.stage, ENT_STAGE_DRAFT);
	CHECK_INT(fresh.id.value, 200);
	CHECK_INT(fresh.total.n, 10);
	CHECK(fresh.restricted && fresh.number.ptr == NULL && fresh.external_id.ptr == NULL);
	CHECK(fresh.ledger_granted == 0 && fresh.ledger_consumed == 0);
	CHECK(rows->consumed == 0 && rows->total.n == 5 && ent_id_is_none(rows->id));
	CHECK(grants->product_id.value == 9 && grants->entitlement_id.value == 200);
	CHECK_INT(fresh.renewed_from_id.value, 100);
	CHECK_INT(fresh.renewal_root_id.value, 100);
	CHECK_INT(row.consumed, 3); /* the old one is untouched */
	fresh.stage = ENT_STAGE_LIVE;
	renew.id = (ent_id){ 300 };
	CHECK_INT(ent_life_renew(&fresh, &ent_zone_utc, instant("2026-01-10"), &renew, &arena, &old,
	                         &error), ENT_OK);
	CHECK_INT(old.renewal_root_id.value, 100);
	CHECK_INT(old.renewed_from_id.value, 200);
}

TEST(life_renewal_needs_an_end_to_begin_after)
{
	struct ent_arena arena = test_arena();
	struct ent_entitlement old = live("2024-01-01", NULL);
	struct ent_entitlement fresh;
	struct ent_renew renew = { .id = { 200 }, .early = true };
	CHECK_INT(ent_life_renew(&old, &ent_zone_utc, instant("2025-01-10"), &renew, &arena, &fresh,
	                         &error), ENT_E_CANNOT_RENEW);
	old = live("0001-01-01", "9990-12-31");
	CHECK_INT(ent_life_renew(&old, &ent_zone_utc, instant("2025-01-10"), &renew, &arena, &fresh,
	                         &error), ENT_E_RANGE);
}
