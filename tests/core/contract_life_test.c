#include "core/contract_check.h"

#include "pattern.h"
#include "rules.h"

#include "base/error.h"

/* ---- the matrix: what may be done in which state ------------------------------------------ */

enum { STATES = ENT_CONTRACT_CANCELLED + 1 };

/* Per action: draft, active, partly_suspended, suspended, expired, cancelled. */
static const struct {
	const char *action, *on;
	const char *codes[STATES];
} matrix[] = {
#define T "state_terminal"
#define S "state"
#define OKAY ""
	{ "submit", "h", { OKAY, S, S, S, T, T } },
	{ "recall", "h", { OKAY, S, S, S, T, T } },
	{ "approve", "h", { OKAY, S, S, S, T, T } },
	{ "reject", "h", { OKAY, S, S, S, T, T } },
	{ "activate", "h",
	  { OKAY, "already_active", "already_active", "already_active", T, T } },
	{ "edit", "hl", { OKAY, "edit_locked", "edit_locked", "edit_locked", T, T } },
	{ "delete", "hl",
	  { OKAY, "delete_locked", "delete_locked", "delete_locked", "delete_locked",
	    "delete_locked" } },
	{ "add_lines", "hl", { OKAY, OKAY, OKAY, OKAY, T, T } },
	{ "cover", "hl",
	  { OKAY, OKAY, OKAY, OKAY, "coverage_owner_closed", "coverage_owner_closed" } },
	{ "entitle", "hl", { OKAY, OKAY, OKAY, OKAY, T, T } },
	{ "amend", "hl", { OKAY, OKAY, OKAY, "cannot_amend", T, T } },
	{ "suspend", "hl", { "cannot_suspend", OKAY, OKAY, OKAY, T, T } },
	{ "resume", "hl", { "cannot_resume", "cannot_resume", OKAY, OKAY, T, T } },
	{ "cancel", "hl", { OKAY, OKAY, OKAY, OKAY, T, "already_cancelled" } },
	{ "extend", "hl", { OKAY, OKAY, OKAY, OKAY, T, T } },
	{ "shorten", "hl", { OKAY, OKAY, OKAY, OKAY, T, T } },
	{ "renew", "hl", { "cannot_renew", OKAY, OKAY, OKAY, OKAY, "cannot_renew" } },
	{ "merge", "h", { OKAY, OKAY, OKAY, "cannot_amend", T, T } },
	{ "split", "hl", { OKAY, OKAY, OKAY, "cannot_amend", T, T } },
	{ "co_terminate", "hl", { OKAY, OKAY, OKAY, "cannot_amend", T, T } },
	{ "transfer", "h", { OKAY, OKAY, OKAY, "cannot_amend", T, T } },
	{ "clone", "hl", { OKAY, OKAY, OKAY, OKAY, OKAY, OKAY } },
	{ "undo", "h", { OKAY, OKAY, OKAY, OKAY, T, T } },
};

TEST(contract_allows_each_action_in_its_states)
{
	CHECK_INT(ENT_COUNT(matrix), ENT_CONTRACT_ACTIONS);
	for (size_t i = 0; i < ENT_COUNT(matrix); i++) {
		enum ent_contract_action action = (enum ent_contract_action)i;
		ROW(matrix[i].action);
		CHECK_TEXT(ent_contract_action_text(action), matrix[i].action);
		CHECK_INT(ent_contract_action_is_of(action, false),
		          strchr(matrix[i].on, 'h') != NULL);
		CHECK_INT(ent_contract_action_is_of(action, true),
		          strchr(matrix[i].on, 'l') != NULL);
		for (int state = 0; state < STATES; state++) {
			enum ent_code code =
				ent_contract_may((enum ent_contract_state)state, action);
			CHECK_TEXT(code == ENT_OK ? "" : ent_code_name(code),
			           matrix[i].codes[state]);
		}
	}
}

static const struct {
	const struct ent_type *type;
	const char *field, *draft, *live, *ended;
} edits[] = {
	{ &ent_contract_type, "name", "", "", "state_terminal" },
	{ &ent_contract_type, "starts_on", "", "start_locked", "state_terminal" },
	{ &ent_contract_type, "ends_on", "", "", "state_terminal" },
	{ &ent_contract_type, "currency", "", "edit_locked", "state_terminal" },
	{ &ent_contract_type, "metadata", "", "", "" },
	{ &ent_contract_line_type, "quantity", "", "edit_locked", "state_terminal" },
	{ &ent_contract_line_type, "unit_price", "", "edit_locked", "state_terminal" },
	{ &ent_contract_line_type, "ramp_segments", "", "", "state_terminal" },
	{ &ent_contract_line_type, "starts_on", "", "start_locked", "state_terminal" },
	{ &ent_contract_line_type, "external_id", "", "", "" },
};

TEST(contract_locks_fields_that_bind)
{
	for (size_t i = 0; i < ENT_COUNT(edits); i++) {
		ROW(edits[i].field);
		for (int state = 0; state < STATES; state++) {
			enum ent_contract_state s = (enum ent_contract_state)state;
			const char *want = ent_contract_is_live(s)       ? edits[i].live
			                   : ent_contract_is_terminal(s) ? edits[i].ended
			                                                 : edits[i].draft;
			enum ent_code code = ent_contract_may_edit(edits[i].type, s,
			                                           ent_str_of(edits[i].field));
			CHECK_TEXT(code == ENT_OK ? "" : ent_code_name(code), want);
		}
	}
}

/* ---- states of random chains, against what the words say ------------------------------------ */

static uint64_t seed;

static int64_t pick(uint64_t below)
{
	return pattern_int(&seed, 0, (int64_t)below - 1);
}

static ent_instant maybe(void)
{
	return pick(3) == 0 ? ENT_INSTANT_NONE : (ent_instant){ pick(30) };
}

enum { NODES = 4, SPANS = 2 };
static struct ent_span spans[NODES][SPANS];

static struct ent_contract_life random_node(size_t at)
{
	struct ent_contract_life node = {
		.stage = ENT_STAGE_LIVE,
		.ends_early = pick(4) == 0,
		.starts_at = maybe(),
		.ends_at = maybe(),
		.cancelled_at = pick(3) == 0 ? maybe() : ENT_INSTANT_NONE,
		.spans = { spans[at], (size_t)pick(SPANS + 1) },
	};
	if (at == 0) {
		node.stage = (enum ent_entitlement_stage)(pick(6) == 0   ? ENT_STAGE_DRAFT
		                                          : pick(6) == 0 ? ENT_STAGE_CANCELLED
		                                                         : ENT_STAGE_LIVE);
	}
	for (size_t i = 0; i < SPANS; i++) {
		spans[at][i] = (struct ent_span){ { pick(30) }, maybe() };
	}
	return node;
}

/* Live the time through, tick by tick, and remember what ended it first. */
static enum ent_contract_state naive(const struct ent_contract_life *nodes, size_t count,
                                     int64_t now)
{
	if (nodes[0].stage == ENT_STAGE_DRAFT) {
		return ENT_CONTRACT_DRAFT;
	}
	if (nodes[0].stage == ENT_STAGE_CANCELLED && ent_instant_is_none(nodes[0].cancelled_at)) {
		return ENT_CONTRACT_CANCELLED;
	}
	for (int64_t at = 0; at <= now; at++) {
		for (size_t i = count; i-- > 0;) {
			bool cancelled = nodes[i].cancelled_at.us == at;
			bool over = nodes[i].ends_at.us == at;
			if (over) {
				return nodes[i].ends_early ? ENT_CONTRACT_CANCELLED
				                           : ENT_CONTRACT_EXPIRED;
			}
			if (cancelled) {
				return ENT_CONTRACT_CANCELLED;
			}
		}
	}
	enum ent_contract_state state = ENT_CONTRACT_ACTIVE;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < nodes[i].spans.count; k++) {
			const struct ent_span *span = &nodes[i].spans.items[k];
			bool ended = !ent_instant_is_none(span->until) && span->until.us <= now;
			if (span->from.us <= now && !ended) {
				state = ENT_CONTRACT_SUSPENDED;
			}
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (!ent_instant_is_none(nodes[i].starts_at) && nodes[i].starts_at.us > now) {
			state = ENT_CONTRACT_DRAFT;
		}
	}
	return state;
}

static void check_force(struct ent_contract_chain chain)
{
	struct ent_arena arena = test_arena();
	struct ent_contract_force force = ent_contract_force_of(chain, &arena);
	for (int64_t at = 0; at < 32; at++) {
		bool in = at >= force.from.us &&
		          (ent_instant_is_none(force.until) || at < force.until.us);
		for (size_t i = 0; i < force.gaps.count; i++) {
			const struct ent_span *gap = &force.gaps.items[i];
			in = in && !(gap->from.us <= at && (ent_instant_is_none(gap->until) ||
			                                    at < gap->until.us));
		}
		enum ent_contract_state state =
			ent_contract_state_in(chain, (ent_instant){ at });
		CHECK_INT(in, state == ENT_CONTRACT_ACTIVE);
	}
}

TEST(contract_states_are_what_the_words_say)
{
	for (seed = 1; seed < 4000; seed++) {
		struct ent_contract_life nodes[NODES];
		const struct ent_contract_life *chain_nodes[NODES];
		uint64_t kept = seed;
		size_t count = 1 + (size_t)pick(NODES);
		for (size_t i = 0; i < count; i++) {
			nodes[i] = random_node(i);
			chain_nodes[i] = &nodes[i];
		}
		struct ent_contract_chain chain = { chain_nodes, count };
		struct ent_contract_boundary next = { .at = { -1 } };
		bool has_next = ent_contract_next(chain, (ent_instant){ 0 }, &next);
		enum ent_contract_state before = naive(nodes, count, 0);
		for (int64_t at = 0; at < 32; at++) {
			enum ent_contract_state want = naive(nodes, count, at);
			CHECK_INT(ent_contract_state_in(chain, (ent_instant){ at }), want);
			if (want != before) { /* a boundary, and the one that was foretold */
				CHECK(has_next);
				CHECK_INT(next.at.us, at);
				CHECK_INT(next.from, before);
				CHECK_INT(next.to, want);
				has_next = ent_contract_next(chain, next.at, &next);
			}
			before = want;
		}
		CHECK(!has_next);
		check_force(chain);
		seed = kept;
	}
}

TEST(contract_header_is_honest_about_its_lines)
{
	const struct ent_span now = { { 5 }, { 10 } };
	const struct ent_contract_life header = {
		.stage = ENT_STAGE_LIVE, .ends_at = { 100 }, .cancelled_at = ENT_INSTANT_NONE,
	};
	const struct ent_contract_life runs = {
		.stage = ENT_STAGE_LIVE, .ends_at = { 20 }, .cancelled_at = ENT_INSTANT_NONE
	};
	const struct ent_contract_life stands = { .stage = ENT_STAGE_LIVE,
		                                         .ends_at = { 20 },
		                                         .cancelled_at = ENT_INSTANT_NONE,
		                                         .spans = { &now, 1 } };
	const struct ent_contract_life over = {
		.stage = ENT_STAGE_LIVE, .ends_at = { 2 }, .cancelled_at = ENT_INSTANT_NONE
	};
	const struct {
		const char *name;
		const struct ent_contract_life *roots[3];
		size_t count;
		int64_t at;
		const char *want;
	} rows[] = {
		{ "no lines", { NULL }, 0, 7, "active" },
		{ "runs", { &runs }, 1, 7, "active" },
		{ "stands", { &stands }, 1, 7, "suspended" },
		{ "stood", { &stands }, 1, 10, "active" },
		{ "both", { &runs, &stands }, 2, 7, "partly_suspended" },
		{ "the other is over", { &over, &stands }, 2, 7, "suspended" },
		{ "all are over", { &runs, &stands }, 2, 30, "active" },
		{ "itself is over", { &runs, &stands }, 2, 100, "expired" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].name);
		enum ent_contract_state state = ent_contract_header_state(
			&header, rows[i].roots, rows[i].count, (ent_instant){ rows[i].at });
		CHECK_TEXT(ent_contract_state_names.text[state], rows[i].want);
	}
}

/* ---- structure ------------------------------------------------------------------------------ */

static void check_codes(const struct ent_error *error, const char *want)
{
	char got[300] = "";
	for (size_t i = 0; i < error->issue_count && i < ENT_ISSUE_MAX; i++) {
		size_t len = strlen(got);
		snprintf(got + len, sizeof(got) - len, "%s%s %s", i > 0 ? ", " : "",
		         error->issues[i].pointer, ent_code_name(error->issues[i].code));
	}
	CHECK_TEXT(got, want);
}

static struct ent_contract sample(void)
{
	struct ent_contract contract;
	ent_type_clear(&ent_contract_type, &contract);
	contract.starts_on = day("2026-01-01");
	contract.ends_on = day("2026-12-31");
	contract.currency = ENT_STR("EUR");
	return contract;
}

TEST(contract_lines_stay_inside)
{
	static const struct {
		const char *starts, *ends, *want;
	} rows[] = {
		{ "2026-01-01", "2026-12-31", "" },
		{ "2026-03-01", "2026-03-01", "" },
		{ "2025-12-31", "2026-12-31", "/starts_on date_outside_parent" },
		{ "2026-01-01", "2027-01-01", "/ends_on date_outside_parent" },
		{ "2026-01-01", NULL, "/ends_on date_outside_parent" },
		{ "2026-05-02", "2026-05-01", "/ends_on date_order" },
		{ "2027-05-01", "2027-05-02",
		  "/starts_on date_outside_parent, /ends_on date_outside_parent" },
	};
	struct ent_contract contract = sample();
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_contract_line line;
		struct ent_error error = { 0 };
		ent_type_clear(&ent_contract_line_type, &line);
		line.starts_on = day(rows[i].starts);
		line.ends_on = day(rows[i].ends);
		ROW(rows[i].want);
		ent_contract_line_check(&line, NULL, &contract, &error);
		check_codes(&error, rows[i].want);
	}
}

TEST(contract_prices_fit_together)
{
	struct ent_contract contract = sample();
	struct ent_contract_line line;
	struct ent_error error = { 0 };
	ent_type_clear(&ent_contract_line_type, &line);
	line.starts_on = contract.starts_on;
	line.ends_on = contract.ends_on;
	struct ent_ramp_segment segments[2];
	ent_type_clear(&ent_ramp_segment_type, &segments[0]);
	ent_type_clear(&ent_ramp_segment_type, &segments[1]);
	segments[0].starts_on = day("2026-01-01");
	segments[0].ends_on = day("2026-06-30");
	segments[1].starts_on = day("2026-07-01");
	line.ramp = ENT_RAMP_CUSTOM;
	line.ramp_segments = (struct ent_children){ segments, 2 };
	ent_contract_line_check(&line, NULL, &contract, &error);
	check_codes(&error, "");
	segments[1].starts_on = day("2026-07-02");
	segments[1].ends_on = day("2026-11-30");
	segments[1].unit_price = (ent_money){ 1, "USD" };
	ent_contract_line_check(&line, NULL, &contract, &error);
	check_codes(&error, "/ramp_segments/1/starts_on ramp_segments, "
	                    "/ramp_segments/1/ends_on ramp_segments, "
	                    "/ramp_segments/1/unit_price currency_mismatch");
	ent_error_clear(&error);
	line.ramp_segments.count = 0;
	line.pricing_method = ENT_PRICING_ONE_TIME;
	line.period_months = (ent_count){ 2 };
	line.uplift_percent = (ent_decimal){ -1 };
	ent_contract_line_check(&line, NULL, &contract, &error);
	check_codes(&error, "/period_months period_without_recurring, "
	                    "/ramp ramp_without_recurring, "
	                    "/uplift_percent renewal_value_negative, /ramp_segments required");
}

TEST(contract_terms_and_days_follow_from_each_other)
{
	static const struct {
		const char *first, *last, *term;
	} rows[] = {
		{ "2026-01-01", "2026-12-31", "P1Y" },   { "2026-01-31", "2026-02-27", "P1M" },
		{ "2026-01-15", "2026-01-15", "P1D" },   { "2024-02-29", "2025-02-27", "P1Y" },
		{ "2026-01-01", "2026-03-10", "P2M10D" }, { "2026-05-01", "2029-04-30", "P3Y" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char text[ENT_DURATION_ROOM];
		ent_date first = day(rows[i].first);
		ent_duration term = ent_contract_term(first, day(rows[i].last));
		ROW(rows[i].term);
		ent_duration_format(term, text);
		CHECK_TEXT(text, rows[i].term);
		CHECK_INT(ent_contract_last_day(first, term).day, day(rows[i].last).day);
	}
}
