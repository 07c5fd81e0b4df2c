/* Cases of OpenMeter's credit engine (Apache-2.0, openmeterio/openmeter, commit 7e57a394,
 * credit/engine/run_test.go), as far as they mean something here: its grants are our lots,
 * on an entitlement of total 0 that is not restricted; its overage is our balance below 0.
 *
 * Not applicable, by name:
 *   "error: balance given …", "error: balance missing …", "error: reset not after …":
 *     balances are not given, they follow from postings; nothing is reset by hand
 *   "nothing happens for a zero-length period", "expired grant …", "grant that expires
 *     exactly at period start …": a lot cannot be bought after its end; the instant of its
 *     end is below
 *   "grant with future effective date …", "… becomes active during the period …": a lot
 *     begins when it is bought (usage before it is an overdraft that it pays: below)
 *   "deleted grant …", "burn down until deleted", "… until voided", "effective period: …":
 *     lots are never deleted or voided; `adjust` corrects
 *   "lower priority number first": lots have no priority but their expiry
 *   "daily recurring …", "weekly recurring …", "recurrence is not applied twice …": our
 *     periods are months, quarters, years; the monthly equivalent is below
 *   "reset with min … preserved overage": an overdraft stays in its period
 */
#include "core/terms.h"

#include "rules.h"

struct buy {
	int64_t units;
	const char *bought, *ends;
};

static const struct {
	const char *name;
	int64_t total, roll_over; /* of each month; -1: none */
	struct buy buys[2];
	struct {
		const char *at;
		int64_t units;
	} uses[3];
	const char *until;
	int64_t remaining, lots[2];
} rows[] = {
	{ "overage when there are no grants", 0, -1, { { 0, NULL, NULL } },
	  { { "2024-01-01T01:00:00Z", 50 } }, "2024-01-31", -50, { 0, 0 } },
	{ "burn down a single grant", 0, -1, { { 100, "2024-01-01", "2024-01-31" } },
	  { { "2024-01-01T01:00:00Z", 50 } }, "2024-01-30T23:59:59Z", 50, { 50, 0 } },
	{ "dead at the instant it expires", 0, -1, { { 100, "2024-01-01", "2024-01-31" } },
	  { { "2024-01-01T01:00:00Z", 50 } }, "2024-01-31", 0, { 0, 0 } },
	{ "earlier usage is carried as overage and deducted", 0, -1,
	  { { 100, "2024-01-01", "2024-01-31" } },
	  { { "2023-12-31T23:00:00Z", 25 }, { "2024-01-01T01:00:00Z", 25 } }, "2024-01-02", 50,
	  { 50, 0 } },
	{ "two grants burnt completely", 0, -1,
	  { { 100, "2024-01-01", "2024-01-31" }, { 100, "2024-01-01", "2024-01-31" } },
	  { { "2024-01-01T01:00:00Z", 200 } }, "2024-01-02", 0, { 0, 0 } },
	{ "earlier expiry first", 0, -1,
	  { { 100, "2024-01-01", "2124-01-01" }, { 100, "2024-01-01", "2024-01-31" } },
	  { { "2024-01-01T01:00:00Z", 120 } }, "2024-01-02", 80, { 80, 0 } },
	{ "a recurring grant is refilled", 100, -1, { { 0, NULL, NULL } },
	  { { "2024-01-01T01:00:00Z", 100 }, { "2024-02-01T00:00:00Z", 20 } }, "2024-02-02", 80,
	  { 0, 0 } },
	{ "read exactly at its recurrence", 100, -1, { { 0, NULL, NULL } },
	  { { "2024-01-01T01:00:00Z", 20 } }, "2024-02-01", 100, { 0, 0 } },
	{ "reset with max roll-over 50", 100, 50, { { 0, NULL, NULL } },
	  { { "2024-01-01T01:00:00Z", 10 } }, "2024-02-01T10:00:00Z", 150, { 0, 0 } },
};

static void run(size_t row, struct ent_entitlement *e, struct ent_arena *arena)
{
	struct ent_terms terms;
	struct ent_error error;
	size_t bought = 0;
	size_t used = 0;
	while (bought < 2 || used < 3) {
		const struct buy *buy = rows[row].buys + bought;
		ent_instant buy_at = bought < 2 ? instant(buy->bought) : ENT_INSTANT_NONE;
		ent_instant use_at = used < 3 ? instant(rows[row].uses[used].at)
		                              : ENT_INSTANT_NONE;
		if (ent_instant_is_none(buy_at) && ent_instant_is_none(use_at)) {
			return;
		}
		if (ent_instant_is_none(use_at) ||
		    (!ent_instant_is_none(buy_at) && buy_at.us <= use_at.us)) {
			ent_terms_begin(&terms, e, &ent_zone_utc, buy_at, arena);
			CHECK_INT(ent_terms_top_up(&terms, (ent_id){ (int64_t)++bought },
			                           buy->units, instant(buy->ends), ENT_STR(""),
			                           &error), ENT_OK);
		} else {
			struct ent_terms_want want = { .units = rows[row].uses[used++].units };
			ent_terms_begin(&terms, e, &ent_zone_utc, use_at, arena);
			CHECK_INT(ent_terms_consume(&terms, &want, &error), ENT_OK);
		}
	}
}

TEST(terms_burn_down_as_openmeter_does)
{
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_entitlement e = live("2024-01-01", NULL);
		struct ent_terms terms;
		struct ent_error error;
		ROW(rows[i].name);
		e.total = (ent_count){ rows[i].total };
		e.reset = rows[i].total > 0 ? ENT_RESET_MONTHLY : ENT_RESET_NONE;
		e.roll_over = rows[i].roll_over < 0 ? ENT_COUNT_NONE
		                                    : (ent_count){ rows[i].roll_over };
		ent_terms_begin(&terms, &e, &ent_zone_utc, instant("2023-12-31"), &arena);
		CHECK_INT(ent_terms_open(&terms, ENT_COUNT_NONE, &error), ENT_OK);
		run(i, &e, &arena);
		ent_terms_begin(&terms, &e, &ent_zone_utc, instant(rows[i].until), &arena);
		CHECK_INT(e.ledger_granted - e.ledger_consumed, rows[i].remaining);
		const struct ent_term_lot *lots = e.lots.items;
		for (size_t k = 0; k < e.lots.count; k++) {
			CHECK_INT(lots[k].units - lots[k].consumed - lots[k].expired,
			          rows[i].lots[k]);
		}
	}
}
