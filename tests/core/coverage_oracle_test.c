/* A naive checker, written from design/domain.md 3 in another way, agrees on random
 * accounts and questions. */
#include "core/coverage.h"

#include "rules.h"

enum { ITEM_MAX = 6, ROW_MAX = 3, ROUNDS = 100000 };

static struct ent_coverage_item items[2][ITEM_MAX];
static struct ent_entitlement_grant grants[2][ITEM_MAX][ROW_MAX];
static struct ent_entitlement_channel channels[2][ITEM_MAX][2];
static ent_id lists[2][ITEM_MAX][4];
static struct ent_cover covers[2][ITEM_MAX][ROW_MAX];
static struct ent_span gaps[2][ITEM_MAX][1];
static ent_id ask_ids[6];
static uint64_t seed = 7;

static int64_t pick(uint64_t below)
{
	return (int64_t)test_random(&seed, below);
}

static const char *channel_name(int64_t n)
{
	static const char *const names[] = { "", "phone", "web", "chat" };
	return names[n];
}

/* ---- random input ---------------------------------------------------------------------- */

static void make_rows(int set, int i, struct ent_entitlement *e)
{
	ent_id *ids = lists[set][i];
	for (int k = 0; k < 4; k++) {
		ids[k] = (ent_id){ 10 + pick(4) };
	}
	e->products = (struct ent_ids){ ids, (size_t)pick(4) % 3 };
	e->contacts = (struct ent_ids){ ids + 2, (size_t)pick(5) % 3 };
	e->asset_id = (ent_id){ pick(3) == 0 ? 10 + pick(4) : 0 };
	e->grants = (struct ent_children){ grants[set][i], (size_t)pick(2 * ROW_MAX) % 4 };
	for (size_t k = 0; k < e->grants.count; k++) {
		grants[set][i][k] = (struct ent_entitlement_grant){
			.product_id = { pick(2) ? 10 + pick(4) : 0 },
			.asset_id = { pick(4) ? 0 : 10 + pick(4) },
			.contact_id = { pick(2) ? 10 + pick(4) : 0 },
			.channel = ent_str_of(channel_name(pick(3))),
		};
	}
	channels[set][i][0] = channel_row("phone", pick(3));
	channels[set][i][1] = channel_row("web", pick(3));
	channels[set][i][1].consumed = pick(2);
	channels[set][i][1].reserved = pick(2);
	e->channels = (struct ent_children){ channels[set][i], (size_t)pick(4) % 3 };
}

static void make_item(int set, int i)
{
	struct ent_coverage_item *item = &items[set][i];
	static struct ent_entitlement blank;
	if (ent_id_is_none(blank.id)) {
		blank = live(NULL, NULL);
	}
	*item = (struct ent_coverage_item){ .entitlement = blank, .zone = &ent_zone_utc };
	struct ent_entitlement *e = &item->entitlement;
	e->id = (ent_id){ 100 + set * 50 + (i * 7) % 11 };
	e->stage = pick(8) == 0 ? ENT_STAGE_DRAFT : ENT_STAGE_LIVE;
	e->starts_at = pick(3) ? ENT_INSTANT_NONE : (ent_instant){ pick(20) };
	e->ends_at = pick(3) ? ENT_INSTANT_NONE : (ent_instant){ 5 + pick(20) };
	e->unit = pick(4) ? ENT_UNIT_CASES : ENT_UNIT_NONE;
	e->unlimited = pick(5) == 0;
	e->restricted = pick(2);
	e->total = (ent_count){ 5 };
	e->ledger_ends_at = ENT_INSTANT_END;
	e->ledger_granted = pick(5);
	e->ledger_consumed = pick(3);
	e->ledger_reserved = pick(2);
	e->contact_policy = (enum ent_contact_policy)pick(2);
	e->other_channels = (enum ent_other_channels)pick(2);
	e->covers_descendants = pick(2);
	e->priority = pick(2);
	item->contract = (struct ent_coverage_contract){
		{ pick(2) ? 60 + pick(2) : 0 }, { pick(2) },
		pick(4) ? ENT_INSTANT_NONE : (ent_instant){ pick(20) },
		pick(4) ? ENT_INSTANT_NONE : (ent_instant){ pick(20) },
		{ gaps[set][i], (size_t)pick(2) } };
	gaps[set][i][0] = (struct ent_span){ { pick(20) }, { 5 + pick(20) } };
	for (int k = 0; k < ROW_MAX; k++) {
		bool is_asset = pick(2);
		covers[set][i][k] = (struct ent_cover){
			{ is_asset ? 10 + pick(5) : 0 }, { is_asset ? 0 : 10 + pick(5) },
			pick(2) ? ENT_INSTANT_NONE : (ent_instant){ pick(20) },
			pick(2) ? ENT_INSTANT_NONE : (ent_instant){ 5 + pick(20) } };
	}
	item->covers = (struct ent_covers){ covers[set][i], (size_t)pick(2 * ROW_MAX) % 4,
		                            pick(2) };
	make_rows(set, i, e);
}

static struct ent_coverage_ask make_ask(void)
{
	for (int i = 0; i < 6; i++) {
		ask_ids[i] = (ent_id){ 10 + pick(5) };
	}
	return (struct ent_coverage_ask){
		.at = { pick(25) }, .units = pick(3),
		.contact_id = { pick(3) ? 10 + pick(5) : 0 },
		.contract_id = { pick(3) ? 0 : 60 + pick(2) },
		.channel = ent_str_of(channel_name(pick(4))),
		.products = { ask_ids, (size_t)pick(4) % 3 },
		.assets = { ask_ids + 3, (size_t)pick(4) % 3 },
		.held_id = { 100 + pick(11) }, .held_units = pick(2),
		.held_channel = ent_str_of(channel_name(pick(4))),
	};
}

/* ---- the naive checker ---------------------------------------------------------------------- */

static bool in(int64_t id, struct ent_ids ids)
{
	bool found = false;
	for (size_t i = 0; i < ids.count; i++) {
		found |= ids.items[i].value == id;
	}
	return found;
}

static bool meet(struct ent_ids a, struct ent_ids b)
{
	bool found = false;
	for (size_t i = 0; i < a.count; i++) {
		found |= in(a.items[i].value, b);
	}
	return found;
}

/* Which columns of a row differ: product, asset, contact, no contact, channel. */
static int differing(const struct ent_entitlement_grant *g, const struct ent_coverage_ask *ask,
                     bool strict, bool out[5])
{
	int count = 0;
	out[0] = g->product_id.value && ask->products.count &&
	         !in(g->product_id.value, ask->products);
	out[1] = g->asset_id.value && ask->assets.count && !in(g->asset_id.value, ask->assets);
	out[2] = g->contact_id.value && ask->contact_id.value &&
	         g->contact_id.value != ask->contact_id.value;
	out[3] = g->contact_id.value && !ask->contact_id.value && strict;
	out[4] = g->channel.len && ask->channel.len && !ent_str_eq(g->channel, ask->channel);
	for (int i = 0; i < 5; i++) {
		count += out[i];
	}
	return count;
}

static void naive_grants(const struct ent_entitlement *e, const struct ent_coverage_ask *ask,
                         bool fails[ENT_REASON_COUNT])
{
	static const enum ent_reason reasons[] = {
		ENT_REASON_PRODUCT_NOT_COVERED, ENT_REASON_ASSET_NOT_COVERED,
		ENT_REASON_CONTACT_NOT_NAMED, ENT_REASON_CONTACT_REQUIRED,
		ENT_REASON_CHANNEL_CLOSED };
	const struct ent_entitlement_grant *rows = e->grants.items;
	bool strict = e->contact_policy == ENT_CONTACT_STRICT;
	bool out[5];
	for (int distance = 0; distance <= 5; distance++) {
		bool found = false;
		for (size_t i = 0; i < e->grants.count; i++) {
			if (differing(rows + i, ask, strict, out) == distance) {
				found = true;
				for (int k = 0; k < 5; k++) {
					fails[reasons[k]] |= out[k];
				}
			}
		}
		if (found) {
			return;
		}
	}
}

static void naive_terms(const struct ent_entitlement *e, const struct ent_coverage_ask *ask,
                        bool fails[ENT_REASON_COUNT])
{
	bool bounded = e->unit != ENT_UNIT_NONE && !e->unlimited;
	int64_t held = e->id.value == ask->held_id.value ? ask->held_units : 0;
	int64_t after = e->ledger_granted - e->ledger_consumed - e->ledger_reserved + held -
	                ask->units;
	bool looks = e->restricted && ask->units > 0;
	fails[ENT_REASON_TERMS_EXHAUSTED] = looks && bounded && after < 0;
	const struct ent_entitlement_channel *row = NULL;
	for (size_t i = 0; i < e->channels.count; i++) {
		const struct ent_entitlement_channel *r = e->channels.items;
		if (ask->channel.len > 0 && ent_str_eq(r[i].channel, ask->channel)) {
			row = r + i;
		}
	}
	if (row == NULL) {
		fails[ENT_REASON_CHANNEL_CLOSED] |= ask->channel.len > 0 && e->channels.count > 0 &&
		                                    e->other_channels == ENT_CHANNELS_DENY;
		return;
	}
	if (!ent_str_eq(ask->held_channel, ask->channel)) {
		held = 0;
	}
	fails[ENT_REASON_CHANNEL_CLOSED] |= row->total.n == 0;
	fails[ENT_REASON_CHANNEL_TERMS_EXHAUSTED] =
		row->total.n != 0 && looks && e->unit != ENT_UNIT_NONE &&
		row->total.n - row->consumed - row->reserved + held - ask->units < 0;
}

/* Coverage rows: `named` if the entitlement's own fields name what was asked about. */
static void naive_covers(const struct ent_covers *rows, const struct ent_coverage_ask *ask,
                         bool named, bool fails[ENT_REASON_COUNT])
{
	bool hit = false, products = false, assets = false;
	bool *product = &fails[ENT_REASON_PRODUCT_NOT_COVERED];
	bool *asset = &fails[ENT_REASON_ASSET_NOT_COVERED];
	for (size_t i = 0; i < rows->count; i++) {
		const struct ent_cover *row = &rows->items[i];
		bool on = ask->at.us >= row->from.us &&
		          (row->until.us == INT64_MIN || ask->at.us < row->until.us);
		products |= row->product_id.value && ask->products.count;
		assets |= row->asset_id.value && ask->assets.count;
		hit |= on && (row->product_id.value ? in(row->product_id.value, ask->products)
		                                    : in(row->asset_id.value, ask->assets));
	}
	if (rows->are_own && hit) {
		*product = *asset = false;
	} else if (!hit && !(rows->are_own && named && !*product && !*asset)) {
		*product |= products;
		*asset |= assets;
	}
}

static uint32_t naive(const struct ent_coverage_item *item, const struct ent_coverage_ask *ask)
{
	const struct ent_entitlement *e = &item->entitlement;
	const struct ent_coverage_contract *c = &item->contract;
	bool fails[ENT_REASON_COUNT] = { false };
	uint32_t bits = 0;
	fails[ENT_REASON_NOT_ACTIVE] = e->stage != ENT_STAGE_LIVE || ask->at.us < e->starts_at.us ||
	                               (e->ends_at.us != INT64_MIN && ask->at.us >= e->ends_at.us);
	fails[ENT_REASON_CONTRACT_NOT_ACTIVE] =
		c->contract_id.value && (ask->at.us < c->from.us ||
	                                 (c->until.us != INT64_MIN && ask->at.us >= c->until.us) ||
	                                 (c->gaps.count && ask->at.us >= c->gaps.items->from.us &&
	                                  ask->at.us < c->gaps.items->until.us));
	fails[ENT_REASON_OTHER_CONTRACT] = c->contract_id.value && ask->contract_id.value &&
	                                   c->contract_id.value != ask->contract_id.value;
	fails[ENT_REASON_PRODUCT_NOT_COVERED] =
		e->products.count && ask->products.count && !meet(e->products, ask->products);
	fails[ENT_REASON_ASSET_NOT_COVERED] = e->asset_id.value && ask->assets.count &&
	                                      !in(e->asset_id.value, ask->assets);
	fails[ENT_REASON_CONTACT_NOT_NAMED] = e->contacts.count && ask->contact_id.value &&
	                                      !in(ask->contact_id.value, e->contacts);
	fails[ENT_REASON_CONTACT_REQUIRED] = e->contacts.count && !ask->contact_id.value &&
	                                     e->contact_policy == ENT_CONTACT_STRICT;
	naive_covers(&item->covers, ask,
	             (e->products.count && meet(e->products, ask->products)) ||
	                     (e->asset_id.value && in(e->asset_id.value, ask->assets)),
	             fails);
	naive_grants(e, ask, fails);
	naive_terms(e, ask, fails);
	for (int i = 0; i < ENT_REASON_COUNT; i++) {
		bits |= (uint32_t)fails[i] << i;
	}
	return bits;
}

/* The eligible are sifted rule by rule: those that are not the best fall out. */
static int64_t worth(int rule, const struct ent_coverage_candidate *c)
{
	const struct ent_entitlement *e = &c->right->full->entitlement;
	switch (rule) {
	case ENT_CHOICE_PRIORITY:
		return e->priority;
	case ENT_CHOICE_EARLIEST_END:
		return e->ends_at.us == INT64_MIN ? -INT64_MAX : -e->ends_at.us;
	case ENT_CHOICE_FEWEST_AVAILABLE:
		return c->bounded ? -c->available : -INT64_MAX;
	case ENT_CHOICE_OLDEST:
		return -e->id.value;
	default:
		return c->matches >> rule & 1;
	}
}

static const struct ent_coverage_candidate *naive_choice(const struct ent_coverage_answer *answer)
{
	bool out[2 * ITEM_MAX] = { false };
	const struct ent_coverage_candidate *left = NULL;
	for (int rule = 0; rule < ENT_CHOICE_ONLY; rule++) {
		int64_t best = INT64_MIN;
		for (size_t i = 0; i < answer->count; i++) {
			const struct ent_coverage_candidate *c = answer->candidates + i;
			out[i] |= c->reasons != 0;
			best = !out[i] && worth(rule, c) > best ? worth(rule, c) : best;
		}
		for (size_t i = 0; i < answer->count; i++) {
			out[i] |= worth(rule, answer->candidates + i) < best;
		}
	}
	for (size_t i = 0; i < answer->count; i++) {
		left = out[i] ? left : answer->candidates + i;
	}
	return left;
}

/* The rights of made items; with `copied` as the cache keeps them. */
static struct ent_coverage_set set_of(int set, size_t count, bool copied, struct ent_arena *arena)
{
	struct ent_right *rights = ENT_NEW(arena, struct ent_right, count);
	for (size_t i = 0; i < count; i++) {
		struct ent_right right;
		ent_right_of(&items[set][i], arena, &right);
		rights[i] = right;
		if (copied) {
			ent_right_copy(&right, &rights[i], arena);
		}
	}
	return (struct ent_coverage_set){ .rights = rights, .count = count };
}

static bool same_verdict(const struct ent_coverage_candidate *a,
                         const struct ent_coverage_candidate *b)
{
	return ent_id_eq(a->right->id, b->right->id) && a->reasons == b->reasons &&
	       a->matches == b->matches && a->state == b->state && a->bounded == b->bounded &&
	       a->available == b->available && a->channel_available == b->channel_available &&
	       a->contact_not_verified == b->contact_not_verified;
}

/* What the cache keeps is decided about as what it was made of. */
static void check_copies(const struct ent_coverage_answer *answer, const size_t counts[static 2],
                         ent_id default_id, const struct ent_coverage_ask *ask,
                         struct ent_arena *arena)
{
	struct ent_coverage_candidate room[2 * ITEM_MAX];
	struct ent_coverage_set own = set_of(0, counts[0], true, arena);
	struct ent_coverage_set above = set_of(1, counts[1], true, arena);
	const struct ent_coverage_set *sets[] = { &own, &above };
	struct ent_coverage_answer copied = { .candidates = room };
	own.default_entitlement_id = default_id;
	ent_coverage_check(sets, 2, ask, NULL, 0, &copied);
	CHECK_INT(copied.count, answer->count);
	for (size_t i = 0; i < copied.count && i < answer->count; i++) {
		CHECK(same_verdict(&copied.candidates[i], &answer->candidates[i]));
		CHECK(copied.candidates[i].right->full == NULL);
	}
	CHECK(copied.rule == answer->rule);
}

TEST(coverage_agrees_with_a_naive_checker)
{
	struct ent_coverage_candidate room[2 * ITEM_MAX];
	int chosen = 0;
	for (int round = 0; round < ROUNDS; round++) {
		size_t counts[2] = { (size_t)pick(ITEM_MAX), (size_t)pick(3) };
		for (int set = 0; set < 2; set++) {
			for (size_t i = 0; i < counts[set]; i++) {
				make_item(set, (int)i);
			}
		}
		struct ent_arena arena = test_arena();
		struct ent_coverage_set own = set_of(0, counts[0], false, &arena);
		struct ent_coverage_set above = set_of(1, counts[1], false, &arena);
		own.default_entitlement_id = (ent_id){ 100 + pick(11) };
		const struct ent_coverage_set *sets[] = { &own, &above };
		struct ent_coverage_ask ask = make_ask();
		struct ent_coverage_answer answer = { .candidates = room };
		ent_coverage_check(sets, 2, &ask, NULL, 0, &answer);
		for (size_t i = 0; i < answer.count; i++) {
			CHECK_INT(room[i].reasons, naive(room[i].right->full, &ask));
			CHECK(i == 0 || room[i].reasons != 0 || room[i - 1].reasons == 0);
		}
		CHECK(answer.chosen == naive_choice(&answer));
		CHECK_INT(answer.count, ent_coverage_room(sets, 2));
		check_copies(&answer, counts, own.default_entitlement_id, &ask, &arena);
		chosen += answer.chosen != NULL;
	}
	CHECK(chosen > ROUNDS / 20 && chosen < ROUNDS / 2);
}
