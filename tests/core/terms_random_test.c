/* Random lives of a ledger: the counters equal the replay of the postings at every step
 * and a naive reckoning, restricted never goes below zero, one jump equals many steps. */
#include "core/right.h"
#include "rules.h"

enum { POSTING_MAX = 4000, LOT_ID = 500 };

struct world {
	struct ent_entitlement e;
	struct ent_entitlement_channel channels[2];
	struct ent_term_posting log[POSTING_MAX];
	size_t count;
	ent_instant now;
	int64_t next_id;
	uint64_t seed;
	struct ent_arena arena;
};

static struct world w;

static struct ent_terms begin(void)
{
	struct ent_terms terms;
	ent_terms_begin(&terms, &w.e, &ent_zone_utc, w.now, &w.arena);
	return terms;
}

static void keep(const struct ent_terms *terms)
{
	for (size_t i = 0; i < terms->count; i++) {
		if (w.count == POSTING_MAX) {
			abort();
		}
		w.log[w.count] = terms->postings[i];
		w.log[w.count++].id = (ent_id){ w.next_id++ };
	}
}

/* A copy with its own channels and lots. */
static struct ent_entitlement copy(struct ent_arena *arena)
{
	struct ent_entitlement e = w.e;
	struct ent_entitlement_channel *rows = ENT_NEW(arena, struct ent_entitlement_channel, 3);
	struct ent_term_lot *lots = ENT_NEW(arena, struct ent_term_lot, e.lots.count + 1);
	if (e.channels.count > 0) {
		memcpy(rows, e.channels.items, e.channels.count * sizeof(*rows));
	}
	if (e.lots.count > 0) {
		memcpy(lots, e.lots.items, e.lots.count * sizeof(*lots));
	}
	e.channels.items = rows;
	e.lots.items = lots;
	return e;
}

static bool same(const struct ent_entitlement *a, const struct ent_entitlement *b)
{
	const struct ent_entitlement_channel *rows[2] = { a->channels.items, b->channels.items };
	const struct ent_term_lot *lots[2] = { a->lots.items, b->lots.items };
	bool equal = a->ledger_granted == b->ledger_granted &&
	             a->ledger_consumed == b->ledger_consumed &&
	             a->ledger_reserved == b->ledger_reserved &&
	             a->ledger_period == b->ledger_period &&
	             a->ledger_ends_at.us == b->ledger_ends_at.us;
	for (size_t i = 0; i < a->channels.count; i++) {
		equal = equal && rows[0][i].consumed == rows[1][i].consumed &&
		        rows[0][i].reserved == rows[1][i].reserved;
	}
	for (size_t i = 0; i < a->lots.count; i++) {
		equal = equal && lots[0][i].units == lots[1][i].units &&
		        lots[0][i].consumed == lots[1][i].consumed &&
		        lots[0][i].expired == lots[1][i].expired;
	}
	return equal;
}

static void check_replay(void)
{
	struct ent_arena scratch = w.arena;
	struct ent_entitlement e = copy(&scratch);
	ent_terms_replay(&e, &ent_zone_utc, w.log, w.count);
	CHECK(same(&e, &w.e));
}

/* A right shows what its entitlement does. */
static void check_right(const struct ent_entitlement *e, ent_instant at,
                        const struct ent_terms_view *seen, struct ent_arena scratch)
{
	struct ent_coverage_item item = { .entitlement = *e, .zone = &ent_zone_utc };
	struct ent_right right, copied;
	struct ent_terms_view view;
	ent_right_of(&item, &scratch, &right);
	ent_right_copy(&right, &copied, &scratch);
	ent_right_view(&copied, at, &view);
	CHECK(view.bounded == seen->bounded && view.renewed == seen->renewed);
	CHECK_INT(view.granted, seen->granted);
	CHECK_INT(view.consumed, seen->consumed);
	CHECK_INT(view.available, seen->available);
}

/* Settled to `until` at once, and day by day. */
static void check_steps(ent_instant until)
{
	struct ent_arena scratch = w.arena;
	struct ent_entitlement jump = copy(&scratch);
	struct ent_entitlement steps = copy(&scratch);
	struct ent_terms_view seen;
	struct ent_terms_view walked;
	struct ent_terms terms;
	ent_terms_view(&jump, &ent_zone_utc, until, &seen);
	check_right(&jump, until, &seen, scratch);
	ent_terms_begin(&terms, &jump, &ent_zone_utc, until, &scratch);
	CHECK(terms.count <= 4 * (w.e.lots.count + 2));
	ent_terms_view(&jump, &ent_zone_utc, until, &walked);
	CHECK_INT(seen.granted, walked.granted);
	CHECK_INT(seen.consumed, walked.consumed);
	CHECK_INT(seen.available, walked.available);
	for (int64_t at = w.now.us; at < until.us; at += 11 * ENT_HOUR_US) {
		struct ent_arena room = scratch;
		ent_terms_begin(&terms, &steps, &ent_zone_utc, (ent_instant){ at }, &room);
	}
	ent_terms_begin(&terms, &steps, &ent_zone_utc, until, &scratch);
	CHECK(same(&jump, &steps));
}

static void check_bounds(void)
{
	const struct ent_entitlement_channel *rows = w.e.channels.items;
	const struct ent_term_lot *lots = w.e.lots.items;
	int64_t left = w.e.ledger_granted - w.e.ledger_consumed;
	CHECK(w.e.ledger_reserved >= 0);
	for (size_t i = 0; i < w.e.lots.count; i++) {
		CHECK(lots[i].consumed >= 0 && lots[i].expired >= 0);
		CHECK(lots[i].consumed + lots[i].expired <= lots[i].units);
	}
	if (w.e.restricted && !w.e.unlimited) {
		CHECK(left - w.e.ledger_reserved >= 0);
	}
	for (size_t i = 0; w.e.restricted && i < w.e.channels.count; i++) {
		CHECK(rows[i].total.n - rows[i].consumed - rows[i].reserved >= 0);
	}
}

static void start(uint64_t seed)
{
	static const char *const starts[] = { "2024-01-31", "2024-02-29", "2023-11-15" };
	uint64_t s = seed;
	memset(&w, 0, sizeof(w));
	w.arena = test_arena();
	w.e = live(starts[test_random(&s, 3)], test_random(&s, 3) == 0 ? "2025-01-10" : NULL);
	w.e.restricted = test_random(&s, 2);
	w.e.unlimited = test_random(&s, 8) == 0;
	w.e.total = w.e.unlimited ? ENT_COUNT_NONE : (ent_count){ (int64_t)test_random(&s, 12) };
	w.e.reset = (enum ent_term_reset)test_random(&s, 4);
	w.e.roll_over = test_random(&s, 2) ? (ent_count){ (int64_t)test_random(&s, 9) }
	                                   : ENT_COUNT_NONE;
	w.channels[0] = channel_row("phone", (int64_t)test_random(&s, 8));
	w.channels[1] = channel_row("web", 3);
	w.e.channels = (struct ent_children){ w.channels, test_random(&s, 3) };
	w.now = instant("2024-01-15");
	w.next_id = 1000;
	w.seed = s;
	struct ent_terms terms = begin();
	struct ent_error error;
	CHECK_INT(ent_terms_open(&terms, ENT_COUNT_NONE, &error), ENT_OK);
	keep(&terms);
}

static void take(struct ent_terms *terms, bool reserve, ent_id case_id)
{
	static const char *const channels[] = { "phone", "web", "chat" };
	struct ent_error error;
	struct ent_terms_want want = {
		.units = 1 + (int64_t)test_random(&w.seed, 3),
		.channel = ent_str_of(channels[test_random(&w.seed, 3)]), .case_id = case_id,
	};
	struct ent_entitlement before = w.e;
	int64_t left = w.e.ledger_granted - w.e.ledger_consumed - w.e.ledger_reserved;
	enum ent_code code = reserve ? ent_terms_reserve(terms, &want, &error)
	                             : ent_terms_consume(terms, &want, &error);
	if (!before.restricted) {
		CHECK_INT(code, ENT_OK);
	} else if (!before.unlimited && want.units > left) {
		CHECK_INT(code, ENT_E_TERMS_EXHAUSTED);
	}
	if (code == ENT_OK) {
		CHECK_INT(w.e.ledger_granted - w.e.ledger_consumed - w.e.ledger_reserved,
		          left - want.units);
	}
}

static void give_back(struct ent_terms *terms, ent_id case_id, bool convert)
{
	static struct ent_term_posting used[POSTING_MAX];
	static struct ent_term_posting held[POSTING_MAX];
	size_t used_count =
		ent_terms_standing(w.log, w.count, ENT_POST_CONSUME, case_id, used);
	size_t held_count =
		ent_terms_standing(w.log, w.count, ENT_POST_RESERVE, case_id, held);
	if (convert) {
		struct ent_terms_want want = {
			.units = (int64_t)test_random(&w.seed, 5), .case_id = case_id,
			.channel = held_count > 0 ? held[0].channel : ENT_STR("web"),
		};
		ent_terms_convert(terms, held, held_count, &want);
		return;
	}
	ent_terms_reverse(terms, used, used_count, ENT_STR("gone"));
	ent_terms_reverse(terms, held, held_count, ENT_STR("gone"));
}

static void step(void)
{
	struct ent_error error;
	struct ent_terms terms = begin();
	ent_id case_id = { 1 + (int64_t)test_random(&w.seed, 6) };
	uint64_t what = test_random(&w.seed, 10);
	ent_instant lapses = { w.now.us + (int64_t)(1 + test_random(&w.seed, 90)) * ENT_DAY_US };
	if (what < 3) {
		take(&terms, false, case_id);
	} else if (what < 6) {
		take(&terms, true, case_id);
	} else if (what < 8) {
		give_back(&terms, case_id, what == 7);
	} else if (what == 8 && !w.e.unlimited && w.e.lots.count < 20) {
		bool forever = test_random(&w.seed, 4) == 0;
		CHECK_INT(ent_terms_top_up(&terms, (ent_id){ LOT_ID + (int64_t)w.e.lots.count },
		                           1 + (int64_t)test_random(&w.seed, 6),
		                           forever ? ENT_INSTANT_NONE : lapses, ENT_STR("more"),
		                           &error), ENT_OK);
	} else if (what == 9 && !w.e.unlimited) {
		/* more for a channel holds in its period only, reservations go on: see terms.h */
		bool whole = w.e.reset != ENT_RESET_NONE;
		(void)!ent_terms_adjust(&terms, (int64_t)test_random(&w.seed, 7) - 3,
		                        whole ? ENT_STR("") : ENT_STR("web"),
		                        ENT_STR("put right"), &error);
	}
	keep(&terms);
}

TEST(terms_random_lives_agree_with_their_postings)
{
	for (uint64_t seed = 1; seed <= 400; seed++) {
		char name[32];
		snprintf(name, sizeof(name), "seed %d", (int)seed);
		ROW(name);
		start(seed);
		for (int i = 0; i < 60; i++) {
			step();
			check_replay();
			check_bounds();
			if (test_random(&w.seed, 4) == 0) {
				int64_t days = (int64_t)test_random(&w.seed, 70);
				ent_instant until = { w.now.us + days * ENT_DAY_US };
				check_steps(until);
				w.now = until;
			}
		}
	}
}
