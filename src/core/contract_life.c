#include "core/contract_life.h"

#include <string.h>

enum { ON_HEADER = 1, ON_LINE = 2, ON_BOTH = 3 };
enum { FREE_LIVE, FREE_ALWAYS };

enum {
	CODE_may = ENT_OK,
#define ENT_ERROR(name, http, title) CODE_##name = ENT_E_##name,
#include "base/error.def"
};
_Static_assert(ENT_CODE_COUNT <= UINT8_MAX, "codes do not fit the table");

static const struct {
	const char *text;
	uint8_t on;
	uint8_t code[ENT_CONTRACT_CANCELLED + 1];
} actions[ENT_CONTRACT_ACTIONS] = {
#define ENT_CONTRACT_ACTION(constant, text, on, draft, active, partly, suspended, expired, \
                            cancelled)                                                     \
	{ text,                                                                            \
	  ON_##on,                                                                         \
	  { CODE_##draft, CODE_##active, CODE_##partly, CODE_##suspended, CODE_##expired,  \
	    CODE_##cancelled } },
#include "core/contract_life.def"
};

static const struct {
	const struct ent_type *type;
	const char *field;
	int until;
} free_fields[] = {
#define ENT_CONTRACT_FREE(type, field, until) { &ent_##type##_type, #field, FREE_##until },
#include "core/contract_field.def"
};

const char *ent_contract_action_text(enum ent_contract_action action)
{
	return actions[action].text;
}

/* ---- nodes ---- */

#define SPANS_OF(name, type)                                                                \
	static struct ent_spans name(struct ent_children children, struct ent_arena *arena) \
	{                                                                                   \
		const type *rows = children.items;                                          \
		struct ent_span *items = ENT_NEW(arena, struct ent_span, children.count);   \
		for (size_t i = 0; i < children.count; i++) {                               \
			items[i] = (struct ent_span){ rows[i].starts_at, rows[i].ends_at }; \
		}                                                                           \
		return (struct ent_spans){ items, children.count };                         \
	}

SPANS_OF(contract_spans, struct ent_contract_suspension)
SPANS_OF(line_spans, struct ent_line_suspension)

struct ent_contract_life ent_contract_life_of(const struct ent_contract *contract,
                                              struct ent_arena *arena)
{
	return (struct ent_contract_life){
		.stage = contract->stage,
		.ends_early = contract->ends_early,
		.starts_at = contract->starts_at,
		.ends_at = contract->ends_at,
		.cancelled_at = contract->cancelled_at,
		.spans = contract_spans(contract->suspensions, arena),
	};
}

struct ent_contract_life ent_contract_line_life_of(const struct ent_contract_line *line,
                                                   struct ent_arena *arena)
{
	return (struct ent_contract_life){
		.stage = ENT_STAGE_LIVE,
		.ends_early = line->ends_early,
		.starts_at = line->starts_at,
		.ends_at = line->ends_at,
		.cancelled_at = line->cancelled_at,
		.spans = line_spans(line->suspensions, arena),
	};
}

struct ent_contract_chain ent_contract_chain_of(struct ent_contract_nodes *nodes,
                                                const struct ent_contract *contract,
                                                const struct ent_contract_line *root,
                                                const struct ent_contract_line *line,
                                                struct ent_arena *arena)
{
	size_t count = 0;
	nodes->life[count++] = ent_contract_life_of(contract, arena);
	if (root != NULL) {
		nodes->life[count++] = ent_contract_line_life_of(root, arena);
	}
	if (line != NULL && (root == NULL || !ent_id_eq(root->id, line->id))) {
		nodes->life[count++] = ent_contract_line_life_of(line, arena);
	}
	for (size_t i = 0; i < count; i++) {
		nodes->nodes[i] = &nodes->life[i];
	}
	return (struct ent_contract_chain){ nodes->nodes, count };
}

/* ---- days ---- */

static ent_instant day_begins(const struct ent_zone *zone, ent_date date, int32_t days)
{
	if (ent_date_is_none(date)) {
		return ENT_INSTANT_NONE;
	}
	return ent_zone_day_begins(zone, (ent_date){ date.day + days });
}

void ent_contract_dates(struct ent_contract *contract, const struct ent_zone *zone)
{
	contract->starts_at = day_begins(zone, contract->starts_on, 0);
	contract->ends_at = day_begins(zone, contract->ends_on, 1);
}

void ent_contract_line_dates(struct ent_contract_line *line, const struct ent_zone *zone)
{
	line->starts_at = day_begins(zone, line->starts_on, 0);
	line->ends_at = day_begins(zone, line->ends_on, 1);
}

void ent_contract_coverage_dates(struct ent_contract_coverage *row, const struct ent_zone *zone)
{
	row->starts_at = day_begins(zone, row->starts_on, 0);
	row->ends_at = day_begins(zone, row->ends_on, 1);
}

/* ---- states ---- */

static int64_t end_us(ent_instant end)
{
	return ent_instant_is_none(end) ? INT64_MAX : end.us;
}

/* Its own end or its cancellation, whichever is first. */
static int64_t last_us(const struct ent_contract_life *node)
{
	int64_t end = end_us(node->ends_at);
	int64_t cancelled = end_us(node->cancelled_at);
	if (node->stage == ENT_STAGE_CANCELLED && ent_instant_is_none(node->cancelled_at)) {
		return INT64_MIN;
	}
	return end < cancelled ? end : cancelled;
}

static enum ent_contract_state ended_as(const struct ent_contract_life *node)
{
	bool by_date = last_us(node) == end_us(node->ends_at);
	return by_date && !node->ends_early ? ENT_CONTRACT_EXPIRED : ENT_CONTRACT_CANCELLED;
}

static bool is_in(struct ent_spans spans, ent_instant at)
{
	for (size_t i = 0; i < spans.count; i++) {
		if (spans.items[i].from.us <= at.us && at.us < end_us(spans.items[i].until)) {
			return true;
		}
	}
	return false;
}

/* ---- states ---- */

enum ent_contract_state ent_contract_state_in(struct ent_contract_chain chain, ent_instant at)
{
	const struct ent_contract_life *first = NULL; /* to end; the nearest of those at once */
	bool has_begun = true;
	bool is_suspended = false;
	if (chain.nodes[0]->stage == ENT_STAGE_DRAFT) {
		return ENT_CONTRACT_DRAFT;
	}
	for (size_t i = chain.count; i-- > 0;) {
		const struct ent_contract_life *node = chain.nodes[i];
		if (at.us >= last_us(node) && (first == NULL || last_us(node) < last_us(first))) {
			first = node;
		}
		has_begun = has_begun && node->starts_at.us <= at.us;
		is_suspended = is_suspended || is_in(node->spans, at);
	}
	if (first != NULL) {
		return ended_as(first);
	}
	if (!has_begun) {
		return ENT_CONTRACT_DRAFT;
	}
	return is_suspended ? ENT_CONTRACT_SUSPENDED : ENT_CONTRACT_ACTIVE;
}

enum ent_contract_state ent_contract_header_state(const struct ent_contract_life *header,
                                                  const struct ent_contract_life *const *roots,
                                                  size_t root_count, ent_instant at)
{
	struct ent_contract_chain alone = { &header, 1 };
	enum ent_contract_state state = ent_contract_state_in(alone, at);
	size_t suspended = 0;
	size_t active = 0;
	for (size_t i = 0; state == ENT_CONTRACT_ACTIVE && i < root_count; i++) {
		const struct ent_contract_life *nodes[] = { header, roots[i] };
		struct ent_contract_chain chain = { nodes, 2 };
		enum ent_contract_state line = ent_contract_state_in(chain, at);
		suspended += line == ENT_CONTRACT_SUSPENDED;
		active += line == ENT_CONTRACT_ACTIVE;
	}
	if (suspended == 0) {
		return state;
	}
	return active > 0 ? ENT_CONTRACT_PARTLY_SUSPENDED : ENT_CONTRACT_SUSPENDED;
}

bool ent_contract_is_live(enum ent_contract_state state)
{
	return state == ENT_CONTRACT_ACTIVE || state == ENT_CONTRACT_PARTLY_SUSPENDED ||
	       state == ENT_CONTRACT_SUSPENDED;
}

bool ent_contract_is_terminal(enum ent_contract_state state)
{
	return state == ENT_CONTRACT_EXPIRED || state == ENT_CONTRACT_CANCELLED;
}

/* ---- boundaries ---- */

static void consider(int64_t at, int64_t after, int64_t *next)
{
	if (at > after && at < *next) {
		*next = at;
	}
}

/* The next instant at which any node of the chain changes in any way. */
static int64_t next_us(struct ent_contract_chain chain, int64_t after)
{
	int64_t next = INT64_MAX;
	for (size_t i = 0; i < chain.count; i++) {
		const struct ent_contract_life *node = chain.nodes[i];
		consider(node->starts_at.us, after, &next);
		consider(last_us(node), after, &next);
		for (size_t k = 0; k < node->spans.count; k++) {
			consider(node->spans.items[k].from.us, after, &next);
			consider(end_us(node->spans.items[k].until), after, &next);
		}
	}
	return next;
}

bool ent_contract_next(struct ent_contract_chain chain, ent_instant after,
                       struct ent_contract_boundary *out)
{
	out->from = ent_contract_state_in(chain, after);
	for (int64_t at = next_us(chain, after.us); at != INT64_MAX; at = next_us(chain, at)) {
		out->at = (ent_instant){ at };
		out->to = ent_contract_state_in(chain, out->at);
		if (out->to != out->from) {
			return true;
		}
	}
	return false;
}

const char *ent_contract_verb(const struct ent_contract_boundary *boundary)
{
	switch (boundary->to) {
	case ENT_CONTRACT_ACTIVE:
		return boundary->from == ENT_CONTRACT_SUSPENDED ? "resumed" : "activated";
	case ENT_CONTRACT_SUSPENDED:
	case ENT_CONTRACT_PARTLY_SUSPENDED:
		return "suspended";
	case ENT_CONTRACT_EXPIRED:
		return "expired";
	case ENT_CONTRACT_CANCELLED:
		return "cancelled";
	case ENT_CONTRACT_DRAFT:
		break;
	}
	return "deactivated";
}

/* ---- in force ---- */

struct ent_contract_force ent_contract_force_of(struct ent_contract_chain chain,
                                                struct ent_arena *arena)
{
	int64_t from = INT64_MIN;
	int64_t until = INT64_MAX;
	size_t count = 0;
	for (size_t i = 0; i < chain.count; i++) {
		const struct ent_contract_life *node = chain.nodes[i];
		from = node->starts_at.us > from ? node->starts_at.us : from;
		until = last_us(node) < until ? last_us(node) : until;
		count += node->spans.count;
	}
	if (chain.nodes[0]->stage == ENT_STAGE_DRAFT || until <= from) {
		return (struct ent_contract_force){ .from = ENT_INSTANT_END,
			                            .until = ENT_INSTANT_NONE };
	}
	struct ent_span *gaps = ENT_NEW(arena, struct ent_span, count);
	size_t n = 0;
	for (size_t i = 0; i < chain.count; i++) {
		for (size_t k = 0; k < chain.nodes[i]->spans.count; k++) {
			gaps[n++] = chain.nodes[i]->spans.items[k];
		}
	}
	return (struct ent_contract_force){
		.from = { from },
		.until = until == INT64_MAX ? ENT_INSTANT_NONE : (ent_instant){ until },
		.gaps = { gaps, count },
	};
}

/* ---- what may be done ---- */

enum ent_code ent_contract_may(enum ent_contract_state state, enum ent_contract_action action)
{
	return (enum ent_code)actions[action].code[state];
}

bool ent_contract_action_is_of(enum ent_contract_action action, bool is_line)
{
	return (actions[action].on & (is_line ? ON_LINE : ON_HEADER)) != 0;
}

enum ent_code ent_contract_may_edit(const struct ent_type *type, enum ent_contract_state state,
                                    ent_str field)
{
	bool live = ent_contract_is_live(state);
	for (size_t i = 0; i < ENT_COUNT(free_fields); i++) {
		if (free_fields[i].type == type && ent_str_is(field, free_fields[i].field) &&
		    (live || free_fields[i].until == FREE_ALWAYS)) {
			return ENT_OK;
		}
	}
	enum ent_code code = ent_contract_may(state, ENT_CONTRACT_DO_EDIT);
	return live && ent_str_is(field, "starts_on") ? ENT_E_START_LOCKED : code;
}
