/* contract_read.c - states of contracts and lines as they are read, and the same in SQL. */
#include "app/contract_total.h"
#include "app/entity.h"
#include "base/text.h"

/* ---- the same as core/contract_life.c --------------------------------------------------- */

#define IS_CANCELLED(x)                                                    \
	"(" x ".cancelled_at IS NOT NULL AND (" x ".ends_at IS NULL OR " x \
	".cancelled_at < " x ".ends_at))"
/* When a node ends; NULL: never. */
#define LAST(x) "(CASE WHEN " IS_CANCELLED(x) " THEN " x ".cancelled_at ELSE " x ".ends_at END)"
#define ENDED_AS(x) \
	"(CASE WHEN " IS_CANCELLED(x) " OR " x ".ends_early THEN 'cancelled' ELSE 'expired' END)"
#define SPAN "s.starts_at <= " NOW " AND (s.ends_at IS NULL OR s.ends_at > " NOW ")"

#define HEADER_SUSPENDED(c)                                                   \
	"EXISTS (SELECT 1 FROM contract_suspension s WHERE s.account_id = " c \
	".account_id AND s.contract_id = " c ".id AND " SPAN ")"

/* Root lines in force but for suspensions; `which`: EXISTS or NOT EXISTS one of them. */
#define ROOT_LINE(which)                                                          \
	"EXISTS (SELECT 1 FROM contract_line l WHERE l.account_id = t.account_id" \
	" AND l.contract_id = t.id AND l.parent_id IS NULL"                       \
	" AND (l.starts_at IS NULL OR l.starts_at <= " NOW ")"                    \
	" AND (" LAST("l") " IS NULL OR " LAST("l") " > " NOW ")"                 \
	" AND " which " (SELECT 1 FROM line_suspension s"                         \
	" WHERE s.account_id = l.account_id AND s.contract_line_id = l.id AND " SPAN "))"

#define HEADER_STATE                                                              \
	"(CASE WHEN t.stage = 'draft' THEN 'draft'"                               \
	" WHEN t.stage = 'cancelled' AND t.cancelled_at IS NULL THEN 'cancelled'" \
	" WHEN " LAST("t") " <= " NOW " THEN " ENDED_AS("t")                      \
	" WHEN t.starts_at > " NOW " THEN 'draft'"                                \
	" WHEN " HEADER_SUSPENDED("t") " THEN 'suspended'"                        \
	" WHEN (t.extra_rows & 4) = 0 OR NOT " ROOT_LINE("EXISTS") " THEN 'active'" \
	" WHEN " ROOT_LINE("NOT EXISTS") " THEN 'partly_suspended'"               \
	" ELSE 'suspended' END)"

/* Of the line t, its root r and its contract c; what has ended first says how. */
#define BEFORE(x, y) "(" LAST(y) " IS NULL OR " LAST(x) " <= " LAST(y) ")"
#define LINE_STATE                                                                        \
	"(SELECT CASE WHEN c.stage = 'draft' THEN 'draft'"                                \
	" WHEN c.stage = 'cancelled' AND c.cancelled_at IS NULL THEN 'cancelled'"         \
	" WHEN " LAST("t") " <= " NOW " AND " BEFORE("t", "r") " AND " BEFORE("t", "c")   \
	" THEN " ENDED_AS("t")                                                            \
	" WHEN " LAST("r") " <= " NOW " AND " BEFORE("r", "c") " THEN " ENDED_AS("r")     \
	" WHEN " LAST("c") " <= " NOW " THEN " ENDED_AS("c")                              \
	" WHEN c.starts_at > " NOW " OR r.starts_at > " NOW " OR t.starts_at > " NOW      \
	" THEN 'draft'"                                                                   \
	" WHEN " HEADER_SUSPENDED("c") " THEN 'suspended'"                                \
	" WHEN EXISTS (SELECT 1 FROM line_suspension s WHERE s.account_id = t.account_id" \
	" AND s.contract_line_id IN (t.id, t.root_id) AND " SPAN ") THEN 'suspended'"     \
	" ELSE 'active' END FROM contract c, contract_line r"                             \
	" WHERE c.account_id = t.account_id AND c.id = t.contract_id"                     \
	" AND r.account_id = t.account_id AND r.id = t.root_id)"

#define NOW "$now"
const struct ent_derived ent_contract_derived[] = {
	{ "state", HEADER_STATE },
	{ NULL, NULL },
};

const struct ent_derived ent_contract_line_derived[] = {
	{ "state", LINE_STATE },
	{ NULL, NULL },
};
#undef NOW

/* ---- the state that lists are found by -------------------------------------------------- */

/* A contract whose time has not come is in the state that it was in when it was last written or
 * looked after: due_at is never later than its next change. */
const struct ent_kept ent_contract_kept = { "state", "kept_state", "due_at", NULL };

struct ent_contract_changed {
	ent_id account_id, id;
	struct ent_contract_changed *next;
};

void ent_contract_changed(struct ent_call *call, const struct ent_type *type, const void *object)
{
	const struct ent_record *record = object;
	const struct ent_contract_line *line = object;
	ent_id id = type == &ent_contract_type ? record->id : line->contract_id;
	for (const struct ent_contract_changed *c = call->contracts; c != NULL; c = c->next) {
		if (ent_id_eq(c->id, id)) {
			return;
		}
	}
	struct ent_contract_changed *changed = ENT_NEW(call->arena, struct ent_contract_changed, 1);
	*changed = (struct ent_contract_changed){ record->account_id, id, call->contracts };
	call->contracts = changed;
}

#define NOW "$1"
static const char keep_sql[] = "UPDATE contract AS t SET kept_state = " HEADER_STATE
			       " WHERE t.account_id = $2 AND t.id = $3";
const char ent_contract_kept_wrong[] =
	"SELECT t.id FROM contract t WHERE (t.due_at IS NULL OR t.due_at > $1)"
	" AND t.account_id = $2 AND t.kept_state <> " HEADER_STATE " ORDER BY t.id";
#undef NOW

enum ent_code ent_contract_keep(struct ent_call *call, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (const struct ent_contract_changed *c = call->contracts; c != NULL && code == ENT_OK;
	     c = c->next) {
		code = ent_db_exec(call->db, ent_str_of(keep_sql),
		                   ENT_ARGS(ent_arg_instant(call->now), ent_arg_id(c->account_id),
		                            ent_arg_id(c->id)),
		                   ENT_ANY_ROWS, call->arena, error);
	}
	call->contracts = NULL;
	return code;
}

/* ---- what is around what is read -------------------------------------------------------- */

/* Rows of a type whose `column` is one of these ids, with their suspensions, ordered by that
 * column. `more` narrows them. */
static enum ent_code select_in(struct ent_call *call, const struct ent_type *type,
                               const char *column, struct ent_ids ids, const char *more,
                               struct ent_list *out, struct ent_error *error)
{
	struct ent_value *args = ENT_NEW(call->arena, struct ent_value, ENT_IDS_ROOM);
	struct ent_text tail = ent_text_begin(call->arena);
	*out = (struct ent_list){ NULL, 0 };
	if (ids.count == 0) {
		return ENT_OK;
	}
	ent_text_addf(&tail, "WHERE t.%s IN (", column);
	size_t n = ent_args_ids(&tail, args, 0, ids);
	ent_text_addf(&tail, ")%s ORDER BY t.%s, t.id", more, column);
	return ent_row_select(call->db, type, ent_text_end(&tail), args, n, call->arena, out,
	                      error);
}

static enum ent_code load_suspensions(struct ent_call *call, struct ent_list *lines,
                                      struct ent_error *error)
{
	struct ent_contract_line *items = lines->items;
	ent_id *ids = ENT_NEW(call->arena, ent_id, lines->count);
	size_t count = 0;
	struct ent_list rows;
	for (size_t i = 0; i < lines->count; i++) {
		items[i].suspensions = (struct ent_children){ NULL, 0 };
		if ((items[i].extra_rows & ENT_CONTRACT_SUSPENSIONS) != 0) {
			ids[count++] = items[i].id;
		}
	}
	enum ent_code code = select_in(call, &ent_line_suspension_type, "contract_line_id",
	                               (struct ent_ids){ ids, count }, "", &rows, error);
	struct ent_line_suspension *spans = rows.items;
	for (size_t i = 0; code == ENT_OK && i < lines->count; i++) {
		for (size_t k = 0; k < rows.count; k++) {
			if (!ent_id_eq(spans[k].contract_line_id, items[i].id)) {
				continue;
			}
			if (items[i].suspensions.count++ == 0) {
				items[i].suspensions.items = &spans[k];
			}
		}
	}
	return code;
}

/* ---- contracts -------------------------------------------------------------------------- */

static enum ent_contract_state header_state_of(const struct ent_call *call,
                                               const struct ent_contract *contract,
                                               const struct ent_list *roots)
{
	struct ent_arena scratch = *call->arena;
	const struct ent_contract_line *lines = roots->items;
	struct ent_contract_life header = ent_contract_life_of(contract, &scratch);
	struct ent_contract_life *life = ENT_NEW(&scratch, struct ent_contract_life, roots->count);
	const struct ent_contract_life **nodes =
		ENT_NEW(&scratch, const struct ent_contract_life *, roots->count);
	size_t count = 0;
	for (size_t i = 0; i < roots->count; i++) {
		if (ent_id_eq(lines[i].contract_id, contract->id)) {
			life[count] = ent_contract_line_life_of(&lines[i], &scratch);
			nodes[count] = &life[count];
			count++;
		}
	}
	return ent_contract_header_state(&header, nodes, count, call->now);
}

ENT_HOOK_DECORATE(ent_contract_decorate)
{
	struct ent_contract *items = objects->items;
	ent_id *ids = ENT_NEW(call->arena, ent_id, objects->count);
	struct ent_list roots;
	size_t count = 0;
	for (size_t i = 0; i < objects->count; i++) {
		if ((items[i].extra_rows & ENT_CONTRACT_LINE_SUSPENSIONS) != 0) {
			ids[count++] = items[i].id;
		}
	}
	enum ent_code code = select_in(call, &ent_contract_line_type, "contract_id",
	                               (struct ent_ids){ ids, count }, " AND t.parent_id IS NULL",
	                               &roots, error);
	if (code == ENT_OK && roots.count > 0) {
		code = load_suspensions(call, &roots, error);
	}
	for (size_t i = 0; i < objects->count && code == ENT_OK; i++) {
		items[i].state = header_state_of(call, &items[i], &roots);
	}
	return code == ENT_OK ? ent_contract_fill(call, objects, error) : code;
}

/* ---- lines ------------------------------------------------------------------------------ */

static const void *by_id(const struct ent_list *list, const struct ent_type *type, ent_id id)
{
	size_t low = 0;
	size_t high = list->count;
	const char *items = list->items;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const ent_id *at = (const ent_id *)(const void *)(items + middle * type->size);
		if (ent_id_eq(*at, id)) {
			return at;
		}
		if (at->value < id.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return NULL;
}

static void add_once(ent_id *ids, size_t *count, ent_id id)
{
	if (*count == 0 || !ent_ids_has((struct ent_ids){ ids, *count }, id)) {
		ids[(*count)++] = id;
	}
}

ENT_HOOK_DECORATE(ent_contract_line_decorate)
{
	struct ent_contract_line *items = objects->items;
	ent_id *contract_ids = ENT_NEW(call->arena, ent_id, objects->count);
	ent_id *root_ids = ENT_NEW(call->arena, ent_id, objects->count);
	struct ent_ids contracts = { contract_ids, 0 };
	struct ent_ids roots = { root_ids, 0 };
	struct ent_list headers, tops;
	for (size_t i = 0; i < objects->count; i++) {
		add_once(contract_ids, &contracts.count, items[i].contract_id);
		if (!ent_id_eq(items[i].root_id, items[i].id)) {
			add_once(root_ids, &roots.count, items[i].root_id);
		}
	}
	enum ent_code code =
		select_in(call, &ent_contract_type, "id", contracts, "", &headers, error);
	if (code == ENT_OK) {
		code = ent_record_children(call, &ent_contract_type, &headers, error);
	}
	if (code == ENT_OK) {
		code = select_in(call, &ent_contract_line_type, "id", roots, "", &tops, error);
	}
	if (code == ENT_OK) {
		code = load_suspensions(call, &tops, error);
	}
	for (size_t i = 0; i < objects->count && code == ENT_OK; i++) {
		const struct ent_contract *contract =
			by_id(&headers, &ent_contract_type, items[i].contract_id);
		const struct ent_contract_line *root =
			by_id(&tops, &ent_contract_line_type, items[i].root_id);
		assert(contract != NULL);
		items[i].state = ent_contract_line_state(call, contract, root, &items[i]);
	}
	return code == ENT_OK ? ent_contract_line_fill(call, &headers, objects, error) : code;
}
