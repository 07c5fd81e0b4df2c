#include "core/coverage.h"

#include "core/life.h"
#include "core/terms.h"

static const struct {
	const char *text, *meaning;
} reasons[ENT_REASON_COUNT] = {
#define ENT_REASON(constant, text, meaning) { text, meaning },
#include "core/reason.def"
};

static const struct {
	const char *text, *meaning;
} choices[ENT_CHOICE_COUNT] = {
#define ENT_CHOICE(constant, text, meaning) { text, meaning },
#include "core/choice.def"
};

const char *ent_reason_text(enum ent_reason reason)
{
	return reasons[reason].text;
}

const char *ent_reason_meaning(enum ent_reason reason)
{
	return reasons[reason].meaning;
}

const char *ent_choice_text(enum ent_choice choice)
{
	return choices[choice].text;
}

const char *ent_choice_meaning(enum ent_choice choice)
{
	return choices[choice].meaning;
}

bool ent_choice_parse(ent_str text, enum ent_choice *out)
{
	for (int i = 0; i < ENT_CHOICE_ONLY; i++) {
		if (ent_str_is(text, choices[i].text)) {
			*out = (enum ent_choice)i;
			return true;
		}
	}
	return false;
}

#define REASON(name) (UINT32_C(1) << ENT_REASON_##name)
#define MATCH(name)  (UINT32_C(1) << ENT_CHOICE_##name)

/* ---- what is covered ---------------------------------------------------------------- */

static bool is_within(ent_instant at, ent_instant from, ent_instant until)
{
	return at.us >= from.us && (ent_instant_is_none(until) || at.us < until.us);
}

static bool share_one(struct ent_ids some, struct ent_ids others)
{
	for (size_t i = 0; i < some.count; i++) {
		if (ent_ids_has(others, some.items[i])) {
			return true;
		}
	}
	return false;
}

/* What a row or an entitlement's own fields say: reasons against, matches for. */
struct verdict {
	uint32_t reasons, matches;
	bool unverified;
};

static uint32_t no_contact(const struct ent_right *e)
{
	return e->contact_policy == ENT_CONTACT_STRICT ? REASON(CONTACT_REQUIRED) : 0;
}

static struct verdict judge_lists(const struct ent_right *e,
                                  const struct ent_coverage_ask *ask)
{
	struct verdict v = { 0 };
	if (e->products.count > 0 && ask->products.count > 0) {
		bool shared = share_one(ask->products, e->products);
		v.matches |= shared ? MATCH(PRODUCT) : 0;
		v.reasons |= shared ? 0 : REASON(PRODUCT_NOT_COVERED);
	}
	if (!ent_id_is_none(e->asset_id) && ask->assets.count > 0) {
		bool part = ent_ids_has(ask->assets, e->asset_id);
		v.matches |= part ? MATCH(ASSET) : 0;
		v.reasons |= part ? 0 : REASON(ASSET_NOT_COVERED);
	}
	if (e->contacts.count > 0 && ent_id_is_none(ask->contact_id)) {
		v.reasons |= no_contact(e);
		v.unverified = true;
	} else if (e->contacts.count > 0) {
		bool named = ent_ids_has(e->contacts, ask->contact_id);
		v.matches |= named ? MATCH(CONTACT) : 0;
		v.reasons |= named ? 0 : REASON(CONTACT_NOT_NAMED);
	}
	return v;
}

static struct verdict judge_row(const struct ent_right *e,
                                const struct ent_entitlement_grant *row,
                                const struct ent_coverage_ask *ask)
{
	struct verdict v = { 0 };
	if (!ent_id_is_none(row->product_id) && ask->products.count > 0) {
		bool named = ent_ids_has(ask->products, row->product_id);
		v.matches |= named ? MATCH(PRODUCT) : 0;
		v.reasons |= named ? 0 : REASON(PRODUCT_NOT_COVERED);
	}
	if (!ent_id_is_none(row->asset_id) && ask->assets.count > 0) {
		bool part = ent_ids_has(ask->assets, row->asset_id);
		v.matches |= part ? MATCH(ASSET) : 0;
		v.reasons |= part ? 0 : REASON(ASSET_NOT_COVERED);
	}
	if (!ent_id_is_none(row->contact_id) && ent_id_is_none(ask->contact_id)) {
		v.reasons |= no_contact(e);
		v.unverified = true;
	} else if (!ent_id_is_none(row->contact_id)) {
		bool named = ent_id_eq(row->contact_id, ask->contact_id);
		v.matches |= named ? MATCH(CONTACT) : 0;
		v.reasons |= named ? 0 : REASON(CONTACT_NOT_NAMED);
	}
	if (row->channel.len > 0 && ask->channel.len > 0 &&
	    !ent_str_eq(row->channel, ask->channel)) {
		v.reasons |= REASON(CHANNEL_CLOSED);
	}
	return v;
}

#define NAMES (REASON(PRODUCT_NOT_COVERED) | REASON(ASSET_NOT_COVERED))

/* What coverage rows say of the asset and the product. Rows of what the ask leaves out do not
 * matter; of the others one must match. */
static struct verdict judge_covers(const struct ent_covers *covers,
                                   const struct ent_coverage_ask *ask)
{
	struct verdict v = { 0 };
	for (size_t i = 0; i < covers->count; i++) {
		const struct ent_cover *row = &covers->items[i];
		bool is_asset = !ent_id_is_none(row->asset_id);
		struct ent_ids asked = is_asset ? ask->assets : ask->products;
		if (asked.count == 0) {
			continue;
		}
		if (is_within(ask->at, row->from, row->until) &&
		    ent_ids_has(asked, is_asset ? row->asset_id : row->product_id)) {
			v.matches |= is_asset ? MATCH(ASSET) : MATCH(PRODUCT);
		} else {
			v.reasons |= is_asset ? REASON(ASSET_NOT_COVERED)
			                      : REASON(PRODUCT_NOT_COVERED);
		}
	}
	if (v.matches != 0) {
		v.reasons = 0;
	}
	return v;
}

/* Lay them over what the entitlement's own fields say: its own rows add to those, so that one
 * of both must match; rows of what it is under must match, too. */
static void add_covers(const struct ent_right *e, const struct ent_coverage_ask *ask,
                       struct verdict *lists)
{
	if (e->rows == NULL || e->rows->covers.count == 0) {
		return;
	}
	struct verdict covers = judge_covers(&e->rows->covers, ask);
	uint32_t named = lists->matches & (MATCH(ASSET) | MATCH(PRODUCT));
	if (e->rows->covers.are_own && covers.matches != 0) {
		lists->reasons &= ~NAMES;
	} else if (!e->rows->covers.are_own || named == 0 || (lists->reasons & NAMES) != 0) {
		lists->reasons |= covers.reasons;
	}
	lists->matches |= covers.matches;
}

static int bit_count(uint32_t bits)
{
	int count = 0;
	for (; bits != 0; bits &= bits - 1) {
		count++;
	}
	return count;
}

/* One row must match. If none does, the reasons of the nearest ones. */
static struct verdict judge_grants(const struct ent_right *e,
                                   const struct ent_coverage_ask *ask)
{
	struct verdict all = { .unverified = true };
	int nearest = INT32_MAX;
	if (e->rows == NULL || e->rows->grants.count == 0) {
		return (struct verdict){ 0 };
	}
	const struct ent_entitlement_grant *rows = e->rows->grants.items;
	for (size_t i = 0; i < e->rows->grants.count; i++) {
		struct verdict v = judge_row(e, rows + i, ask);
		int distance = nearest == 0 && v.reasons != 0 ? 1 : bit_count(v.reasons);
		if (distance > nearest) {
			continue;
		}
		if (distance < nearest) {
			nearest = distance;
			all = (struct verdict){ .unverified = true };
		}
		all.reasons |= v.reasons;
		all.matches |= v.matches;
		all.unverified = all.unverified && v.unverified;
	}
	return all;
}

/* ---- when, how much ------------------------------------------------------------------ */

static uint32_t judge_contract(const struct ent_coverage_contract *contract,
                               const struct ent_coverage_ask *ask, uint32_t *matches)
{
	uint32_t against = 0;
	if (contract == NULL) {
		return 0;
	}
	bool in_force = is_within(ask->at, contract->from, contract->until);
	for (size_t i = 0; i < contract->gaps.count; i++) {
		const struct ent_span *gap = &contract->gaps.items[i];
		in_force = in_force && !is_within(ask->at, gap->from, gap->until);
	}
	if (!in_force) {
		against |= REASON(CONTRACT_NOT_ACTIVE);
	}
	if (ent_id_eq(contract->contract_id, ask->contract_id)) {
		*matches |= MATCH(CONTRACT);
		*matches |= ent_id_is_none(contract->line_id) ? 0 : MATCH(CONTRACT_LINE);
	} else if (!ent_id_is_none(ask->contract_id)) {
		against |= REASON(OTHER_CONTRACT);
	}
	return against;
}

static bool lacks(const struct ent_right *e, const struct ent_coverage_ask *ask,
                  int64_t available, bool held)
{
	int64_t units = ask->units - (held && ent_id_eq(ask->held_id, e->id) ? ask->held_units : 0);
	return e->restricted && ask->units > 0 && available < units;
}

static void judge_channel(struct ent_coverage_candidate *c, const struct ent_coverage_ask *ask,
                          const struct ent_terms_view *view)
{
	const struct ent_right *e = c->right;
	const struct ent_entitlement_channel *row =
		ent_terms_channel_in(e->rows->channels, ask->channel);
	struct ent_terms_channel channel;
	if (row == NULL) {
		if (ask->channel.len > 0 && e->other_channels == ENT_CHANNELS_DENY) {
			c->reasons |= REASON(CHANNEL_CLOSED);
		}
		return;
	}
	ent_terms_view_channel((enum ent_term_unit)e->unit, row, view, &channel);
	c->channel_bounded = channel.bounded;
	c->channel_remaining = channel.bounded ? channel.remaining : 0;
	c->channel_available = channel.bounded ? channel.available : 0;
	if (row->total.n == 0) {
		c->reasons |= REASON(CHANNEL_CLOSED);
	} else if (channel.bounded && lacks(e, ask, channel.available,
	                                    ent_str_eq(ask->held_channel, row->channel))) {
		c->reasons |= REASON(CHANNEL_TERMS_EXHAUSTED);
	}
}

static void judge_terms(struct ent_coverage_candidate *c, const struct ent_coverage_ask *ask)
{
	const struct ent_right *e = c->right;
	struct ent_terms_view view = { 0 };
	if (e->unit != ENT_UNIT_NONE) {
		ent_right_view(e, ask->at, &view);
	}
	if (view.bounded) {
		c->bounded = true;
		c->remaining = view.remaining;
		c->available = view.available;
		if (lacks(e, ask, view.available, true)) {
			c->reasons |= REASON(TERMS_EXHAUSTED);
		}
	}
	if (e->rows != NULL && e->rows->channels.count > 0) {
		judge_channel(c, ask, &view);
	}
}

static void judge(struct ent_coverage_candidate *c, const struct ent_coverage_set *set,
                  const struct ent_coverage_ask *ask)
{
	const struct ent_right *e = c->right;
	struct verdict lists = judge_lists(e, ask);
	struct verdict grants = judge_grants(e, ask);
	add_covers(e, ask, &lists);
	struct ent_children suspensions = { NULL, 0 };
	if (e->rows != NULL) {
		suspensions = e->rows->suspensions;
	}
	c->state = ent_life_state_in(&e->life, suspensions, ask->at);
	c->reasons = lists.reasons | grants.reasons;
	c->matches = lists.matches | grants.matches;
	c->contact_not_verified = lists.unverified || grants.unverified;
	if (c->state != ENT_ENTITLEMENT_ACTIVE) {
		c->reasons |= REASON(NOT_ACTIVE);
	}
	c->reasons |= judge_contract(e->contract, ask, &c->matches);
	judge_terms(c, ask);
	if (ent_id_eq(e->id, ask->entitlement_id)) {
		c->matches |= MATCH(NAMED);
	}
	if (ent_id_eq(e->id, set->default_entitlement_id)) {
		c->matches |= MATCH(DEFAULT);
	}
}

/* ---- choice ------------------------------------------------------------------------ */

static const enum ent_choice built_in[] = {
#define ENT_CHOICE(constant, text, meaning) ENT_CHOICE_##constant,
#include "core/choice.def"
};

static int order_of(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int64_t end_us(const struct ent_life *life)
{
	return ent_instant_is_none(life->ends_at) ? INT64_MAX : life->ends_at.us;
}

static int64_t available(const struct ent_coverage_candidate *c)
{
	return c->bounded ? c->available : INT64_MAX;
}

/* Below 0: `a` is better by this rule. */
static int compare_by(enum ent_choice rule, const struct ent_coverage_candidate *a,
                      const struct ent_coverage_candidate *b)
{
	const struct ent_right *x = a->right;
	const struct ent_right *y = b->right;
	switch (rule) {
	case ENT_CHOICE_PRIORITY:
		return order_of(y->priority, x->priority);
	case ENT_CHOICE_EARLIEST_END:
		return order_of(end_us(&x->life), end_us(&y->life));
	case ENT_CHOICE_FEWEST_AVAILABLE:
		return order_of(available(a), available(b));
	case ENT_CHOICE_OLDEST:
	case ENT_CHOICE_ONLY:
	case ENT_CHOICE_COUNT:
		return order_of(x->id.value, y->id.value);
	case ENT_CHOICE_NAMED:
	case ENT_CHOICE_ASSET:
	case ENT_CHOICE_CONTRACT_LINE:
	case ENT_CHOICE_PRODUCT:
	case ENT_CHOICE_CONTACT:
	case ENT_CHOICE_CONTRACT:
	case ENT_CHOICE_DEFAULT:
		break;
	}
	return order_of(b->matches >> rule & 1, a->matches >> rule & 1);
}

struct order {
	const enum ent_choice *rules;
	size_t count;
};

/* Below 0: `a` is better. *rule receives what decided. */
static int compare(const struct order *order, const struct ent_coverage_candidate *a,
                   const struct ent_coverage_candidate *b, enum ent_choice *rule)
{
	int better = 0;
	for (size_t i = 0; better == 0 && i < order->count; i++) {
		*rule = order->rules[i];
		better = compare_by(order->rules[i], a, b);
	}
	if (better == 0) {
		*rule = ENT_CHOICE_OLDEST;
		better = compare_by(ENT_CHOICE_OLDEST, a, b);
	}
	return better;
}

static void choose(struct ent_coverage_answer *answer, const struct ent_coverage_ask *ask,
                   const struct order *order, size_t eligible)
{
	answer->chosen = NULL;
	answer->rule = ENT_CHOICE_ONLY;
	if (!ent_id_is_none(ask->entitlement_id)) {
		answer->rule = ENT_CHOICE_NAMED;
		for (size_t i = 0; i < eligible; i++) {
			if (ent_id_eq(answer->candidates[i].right->id, ask->entitlement_id)) {
				answer->chosen = answer->candidates + i;
			}
		}
		return;
	}
	if (eligible > 0) {
		answer->chosen = answer->candidates;
	}
	if (eligible > 1) {
		(void)compare(order, answer->candidates, answer->candidates + 1, &answer->rule);
	}
}

/* ---- the question --------------------------------------------------------------------- */

size_t ent_coverage_room(const struct ent_coverage_set *const *sets, size_t count)
{
	size_t room = count > 0 ? sets[0]->count : 0;
	for (size_t i = 1; i < count; i++) {
		for (size_t k = 0; k < sets[i]->count; k++) {
			room += sets[i]->rights[k].covers_descendants;
		}
	}
	return room;
}

/* Put `c` among the first `eligible`, which are in order. */
static void insert(struct ent_coverage_candidate *list, size_t eligible,
                   const struct ent_coverage_candidate *c, const struct order *order)
{
	enum ent_choice rule;
	size_t at = eligible;
	while (at > 0 && compare(order, c, list + at - 1, &rule) < 0) {
		list[at] = list[at - 1];
		at--;
	}
	list[at] = *c;
}

/* The ineligible were put at the end in reverse. */
static void reverse(struct ent_coverage_candidate *from, struct ent_coverage_candidate *to)
{
	while (from < to) {
		struct ent_coverage_candidate kept = *from;
		*from++ = *--to;
		*to = kept;
	}
}

void ent_coverage_check(const struct ent_coverage_set *const *sets, size_t count,
                        const struct ent_coverage_ask *ask, const enum ent_choice *rules,
                        size_t rule_count, struct ent_coverage_answer *answer)
{
	struct order order = { rules, rule_count };
	size_t room = ent_coverage_room(sets, count);
	size_t eligible = 0;
	size_t end = room;
	if (rules == NULL) {
		order = (struct order){ built_in, ENT_CHOICE_ONLY };
	}
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < sets[i]->count; k++) {
			struct ent_coverage_candidate c = { .right = sets[i]->rights + k,
				                            .inherited = i > 0 };
			if (i > 0 && !c.right->covers_descendants) {
				continue;
			}
			judge(&c, sets[i], ask);
			if (c.reasons == 0) {
				insert(answer->candidates, eligible++, &c, &order);
			} else {
				answer->candidates[--end] = c;
			}
		}
	}
	reverse(answer->candidates + eligible, answer->candidates + room);
	answer->account_id = count > 0 ? sets[0]->account_id : ENT_ID_NONE;
	answer->count = room;
	choose(answer, ask, &order, eligible);
}
