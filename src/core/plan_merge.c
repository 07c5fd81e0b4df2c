/* plan_merge.c - contracts of one account that become one: servicenow 3.15. */
#include "core/plan_contract.h"
#include "core/plan_group.h"
#include "core/plan_move.h"
#include "core/price_renew.h"

static const ent_str no_text = { NULL, 0 };

struct merging {
	struct ent_plan *plan;
	const struct ent_input_contract_merge *input;
	struct ent_plan_move
		*moves; /* [0]: lines of the target that are put together with others */
	size_t count;
	struct ent_error *error;
	struct ent_group_node *nodes; /* lines that may be put together, of all moves */
	size_t node_count;
	size_t *move_of, *line_of, *first; /* of each node */
};

/* ---- may they be one? ---- */

/* The lines of one would be cancelled with the other, or not with it any more. */
static void check_lasting(const struct merging *m, const struct ent_contract *contract,
                          const char *pointer)
{
	if (contract->stage == ENT_STAGE_LIVE && !ent_instant_is_none(contract->cancelled_at)) {
		ent_note(m->error, ENT_E_STATE, pointer, contract->number,
		         "it is to be cancelled: undo that first");
	}
}

static bool is_evergreen_or_later(ent_date a, ent_date b)
{
	return !ent_date_is_none(b) && (ent_date_is_none(a) || a.day > b.day);
}

static void check_source(const struct merging *m, const struct ent_contract *target,
                         const struct ent_holding *source, ent_date from, size_t at)
{
	const struct ent_contract *c = source->contract;
	const char *pointer = ent_plan_pointer(m->plan->arena, "contracts", at).ptr;
	bool same_discount = ent_decimal_or(c->discount_percent, 0).micro ==
	                             ent_decimal_or(target->discount_percent, 0).micro &&
	                     c->discount_mode == target->discount_mode;
	if (ent_id_eq(c->id, target->id)) {
		ent_note(m->error, ENT_E_INVALID, pointer, c->number,
		         "name other contracts than the one they become part of");
		return;
	}
	if (!ent_id_eq(c->account_id, target->account_id)) {
		ent_note(m->error, ENT_E_WRONG_ACCOUNT, pointer, c->number,
		         "transfer it to the same account first");
	}
	if (!ent_str_eq(c->currency, target->currency) || !same_discount) {
		ent_note(m->error, ENT_E_MERGE_UNLIKE, pointer, c->number, "its %s another",
		         same_discount ? "currency is" : "discount or discount_mode is");
	}
	if (!ent_plan_allow(m->plan, source, NULL, ENT_CONTRACT_DO_MERGE, pointer, m->error)) {
		return;
	}
	check_lasting(m, c, pointer);
	if (c->stage == ENT_STAGE_LIVE && target->stage == ENT_STAGE_DRAFT) {
		ent_note(m->error, ENT_E_STATE, pointer, c->number,
		         "what is in force cannot become part of a draft: activate that first");
	}
	if (!ent_date_is_none(c->ends_on) && c->ends_on.day < from.day) {
		ent_note(m->error, ENT_E_DATE_OUTSIDE_PARENT, "/effective_on", c->number,
		         "it has ended by then");
	}
}

static void check(const struct merging *m, const struct ent_holding *target,
                  const struct ent_holding *sources, ent_date from)
{
	const struct ent_contract *c = target->contract;
	if (ent_plan_allow(m->plan, target, NULL, ENT_CONTRACT_DO_MERGE, "", m->error)) {
		check_lasting(m, c, "");
	}
	if (from.day < c->starts_on.day ||
	    (!ent_date_is_none(c->ends_on) && from.day > c->ends_on.day)) {
		ent_note(m->error, ENT_E_DATE_OUTSIDE_PARENT, "/effective_on", no_text,
		         "give a day on which the contract they become part of is in force");
	}
	for (size_t i = 0; i + 1 < m->count; i++) {
		check_source(m, c, &sources[i], from, i);
		for (size_t k = 0; k < i; k++) {
			if (ent_id_eq(sources[k].contract->id, sources[i].contract->id)) {
				ent_note(m->error, ENT_E_DUPLICATE,
				         ent_plan_pointer(m->plan->arena, "contracts", i).ptr,
				         sources[i].contract->number, "name it once");
			}
		}
	}
}

/* ---- lines that are alike ---- */

static bool may_join(const struct ent_plan_move *move, size_t line)
{
	const struct ent_contract_line *l = &move->tree.from->lines[line];
	struct ent_days days = ent_plan_line_days(&move->tree, line);
	return move->tree.from->contract->stage == ENT_STAGE_LIVE && l->ramp == ENT_RAMP_NONE &&
	       !l->ends_early && ent_instant_is_none(l->cancelled_at) &&
	       l->suspensions.count == 0 && days.first.day < move->from.day;
}

static void add_nodes(struct merging *m, size_t which)
{
	struct ent_plan_move *move = &m->moves[which];
	size_t count = move->tree.from->line_count;
	size_t *node_of = ENT_NEW(m->plan->arena, size_t, count);
	for (size_t i = 0; i < count; i++) {
		size_t above = move->tree.above[i];
		if (!ent_plan_moves(move, i)) {
			continue;
		}
		bool joins = may_join(move, i);
		size_t n = m->node_count++;
		m->nodes[n] = (struct ent_group_node){
			.line = &move->tree.from->lines[i],
			.above = above == ENT_TREE_NONE ? SIZE_MAX : node_of[above],
			.joins = joins,
			.last = ent_plan_line_days(&move->tree, i).last,
		};
		if (!joins && above != ENT_TREE_NONE) {
			for (size_t k = n; k != SIZE_MAX; k = m->nodes[k].above) {
				m->nodes[k].joins = false;
			}
		}
		m->move_of[n] = which;
		m->line_of[n] = i;
		node_of[i] = n;
	}
}

static void group(struct merging *m)
{
	struct ent_arena *arena = m->plan->arena;
	size_t room = 0;
	for (size_t i = 0; i < m->count; i++) {
		room += m->moves[i].tree.from->line_count;
	}
	m->nodes = ENT_NEW(arena, struct ent_group_node, room);
	m->move_of = ENT_NEW(arena, size_t, room);
	m->line_of = ENT_NEW(arena, size_t, room);
	for (size_t i = 0; i < m->count; i++) {
		size_t count = m->moves[i].tree.from->line_count;
		m->moves[i].instead = ENT_NEW(arena, struct ent_contract_line **, count);
		add_nodes(m, i);
	}
	m->first = ent_plan_group(m->nodes, m->node_count, arena);
}

/* Lines that are put together know the line that stands for them; of the target only those go. */
static void join(struct merging *m)
{
	struct ent_plan_move *own = &m->moves[0];
	for (size_t i = 0; i < own->tree.from->line_count; i++) {
		own->tree.chosen[i] = false;
	}
	for (size_t n = 0; n < m->node_count; n++) {
		size_t first = m->first[n];
		if (first == n) {
			continue;
		}
		struct ent_plan_move *move = &m->moves[m->move_of[n]];
		struct ent_plan_move *leader = &m->moves[m->move_of[first]];
		size_t at = m->line_of[first];
		move->instead[m->line_of[n]] = &leader->tree.made[at];
		move->tree.chosen[m->line_of[n]] = true;
		leader->tree.chosen[at] = true;
	}
}

/* ---- the price of those that became one ---- */

struct blending {
	struct ent_price_item *items;
	size_t count;
	ent_decimal quantity;
	bool differs; /* their prices do */
};

static enum ent_code add_item(const struct merging *m, size_t node, struct blending *b)
{
	const struct ent_plan_tree *tree = &m->moves[m->move_of[node]].tree;
	size_t at = m->line_of[node];
	struct ent_plan_contracted price;
	struct ent_error fault;
	ent_error_clear(&fault);
	enum ent_code code = ent_plan_contracted(tree, at, &price, &fault);
	if (code != ENT_OK ||
	    !ent_amount_add(b->quantity, ent_decimal_or(tree->from->lines[at].quantity, ENT_MICRO),
	                    &b->quantity)) {
		ent_note(m->error, ENT_E_RANGE, "", tree->from->lines[at].number,
		         "its price or quantity is beyond what can be added up");
		return ENT_E_RANGE;
	}
	struct ent_price_item *item = &b->items[b->count];
	ent_type_clear(&ent_price_item_type, item);
	item->quantity = ent_plan_counted(tree, at);
	item->unit_price = price.unit_price;
	b->differs = b->differs || item->unit_price.micro != b->items[0].unit_price.micro;
	b->count++;
	return ENT_OK;
}

static void blend(const struct merging *m, size_t first, const size_t *next)
{
	struct ent_plan *plan = m->plan;
	struct ent_plan_tree *tree = &m->moves[m->move_of[first]].tree;
	struct ent_contract_line *made = tree->made[m->line_of[first]];
	struct ent_price_rules rules = ent_price_rules_empty();
	struct ent_pricing pricing = { &rules, plan->arena, NULL };
	struct blending b = { .quantity = { 0 } };
	struct ent_price_blend blended;
	size_t members = 0;
	for (size_t n = first; n < m->node_count; n = next[n]) {
		members++;
	}
	b.items = ENT_NEW(plan->arena, struct ent_price_item, members);
	for (size_t n = first; n < m->node_count; n = next[n]) {
		if (add_item(m, n, &b) != ENT_OK) {
			return;
		}
	}
	made->quantity = made->per_parent ? made->quantity : b.quantity;
	struct ent_error fault;
	ent_error_clear(&fault);
	bool recurs = made->pricing_method == ENT_PRICING_RECURRING; /* else it was paid */
	if (b.differs && recurs && b.quantity.micro > 0 &&
	    ent_price_blend(b.items, b.count, &pricing, &blended, &fault) == ENT_OK) {
		ent_plan_set_price(plan, tree->from->contract, made, blended.base);
	}
}

/* It goes on from the one that began first: entitlements of all of them entitle by that line on the
 * days before. */
static void go_on_from_first(const struct merging *m, size_t first, const size_t *next)
{
	const struct ent_contract_line *began = m->nodes[first].line;
	for (size_t n = next[first]; n < m->node_count; n = next[n]) {
		const struct ent_contract_line *line = m->nodes[n].line;
		began = line->starts_on.day < began->starts_on.day ? line : began;
	}
	m->moves[m->move_of[first]].tree.made[m->line_of[first]]->split_from_id = began->id;
}

static void blend_all(const struct merging *m)
{
	size_t count = m->node_count;
	size_t *next = ENT_NEW(m->plan->arena, size_t, count);
	size_t *last = ENT_NEW(m->plan->arena, size_t, count);
	for (size_t n = 0; n < count; n++) {
		next[n] = count;
		last[n] = n;
		if (m->first[n] != n) {
			next[last[m->first[n]]] = n;
			last[m->first[n]] = n;
		}
	}
	for (size_t n = 0; n < count; n++) {
		if (m->first[n] == n && next[n] < count) {
			go_on_from_first(m, n, next);
			blend(m, n, next);
		}
	}
}

/* ---- the contracts ---- */

static void end_source(struct merging *m, const struct ent_holding *source, ent_date from,
                       ent_id target)
{
	const struct ent_contract *old = source->contract;
	struct ent_contract *after = ent_plan_change(m->plan, &ent_contract_type, old)->after;
	ent_plan_link(m->plan, &(struct ent_plan_link){ .kind = ENT_LINK_CONSOLIDATED,
	                                                .from_contract = old->id,
	                                                .to_contract = target,
	                                                .quantity = ENT_DECIMAL_NONE });
	ent_plan_end_contract(m->plan, old, after, from);
}

static struct ent_contract *reach(struct merging *m, const struct ent_holding *target,
                                  const struct ent_holding *sources)
{
	struct ent_contract *after =
		ent_plan_change(m->plan, &ent_contract_type, target->contract)->after;
	for (size_t i = 0; i + 1 < m->count; i++) {
		if (is_evergreen_or_later(sources[i].contract->ends_on, after->ends_on)) {
			after->ends_on = sources[i].contract->ends_on;
		}
	}
	if (after->ends_on.day != target->contract->ends_on.day) {
		after->term = ent_contract_term(after->starts_on, after->ends_on);
		ent_plan_warn(m->plan, "contract_extended", ENT_STR("/contracts"),
		              ENT_STR("the contract is extended to the last day of all of them"));
	}
	return after;
}

/* The coverage of the contract stays as long as it was, though the contract is longer now. */
static struct ent_plan_times find_times(struct merging *m, const struct ent_holding *target,
                                        const struct ent_holding *sources,
                                        const struct ent_contract *after)
{
	bool is_longer = after->ends_on.day != target->contract->ends_on.day;
	size_t most = target->coverage_count;
	for (size_t i = 0; i + 1 < m->count; i++) {
		most += sources[i].coverage_count;
	}
	/* rows of lines may be there twice: as one that is kept and as one that goes over */
	struct ent_plan_times times =
		ent_plan_times_of(m->plan->arena, most + target->coverage_count);
	for (size_t i = 0; i < target->coverage_count; i++) {
		const struct ent_contract_coverage *row = &target->coverage[i];
		if (ent_id_is_none(row->contract_id)) {
			continue;
		}
		if (ent_date_is_none(row->ends_on) && is_longer) {
			struct ent_contract_coverage *cut =
				ent_plan_change(m->plan, &ent_contract_coverage_type, row)->after;
			cut->ends_on = target->contract->ends_on;
		}
		ent_plan_times_keep(&times, ent_plan_after(m->plan, row));
	}
	return times;
}

enum ent_code ent_plan_merge(struct ent_plan *plan, const struct ent_holding *target,
                             const struct ent_holding *sources, size_t count,
                             const struct ent_input_contract_merge *input, struct ent_error *error)
{
	ent_date from = ent_plan_from(plan, input->effective_on, error);
	struct merging m = { .plan = plan, .input = input, .count = count + 1, .error = error };
	check(&m, target, sources, from);
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	plan->effective_on = from;
	m.moves = ENT_NEW(plan->arena, struct ent_plan_move, m.count);
	struct ent_contract *after = reach(&m, target, sources);
	struct ent_plan_times times = find_times(&m, target, sources, after);
	for (size_t i = 0; i < m.count; i++) {
		m.moves[i] = (struct ent_plan_move){
			.tree = ent_plan_tree_of(plan, i == 0 ? target : &sources[i - 1]),
			.target = after,
			.from = from,
			.kind = ENT_LINK_CONSOLIDATED,
			.wholly = i > 0,
			.times = &times,
		};
		ent_plan_tree_choose(&m.moves[i].tree, (struct ent_ids){ NULL, 0 }, error);
	}
	if (input->group_lines) {
		group(&m);
	}
	join(&m);
	for (size_t i = 0; i < m.count; i++) {
		ent_plan_move(&m.moves[i], error);
		if (i > 0) {
			end_source(&m, &sources[i - 1], from, after->id);
		}
	}
	ent_plan_times_make(&times, plan);
	blend_all(&m);
	return ent_noted(error);
}
