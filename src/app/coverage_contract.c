#include "app/coverage_contract.h"

#include "app/contract.h"
#include "core/coverage_place.h"

/* What was loaded: contracts, the lines that entitlements are under with those above them, and
 * coverage rows in order of their owners. */
struct around {
	struct ent_call *call;
	ent_id account;
	struct ent_list contracts, lines, rows;
};

#define CONTRACTS                                                          \
	"SELECT e.contract_id FROM entitlement e WHERE e.account_id = $1 " \
	"AND e.contract_id IS NOT NULL"
#define LINES                                                                                \
	"WITH RECURSIVE up(id, parent_id, split_from_id) AS (SELECT l.id, l.parent_id, "     \
	"l.split_from_id FROM contract_line l "                                              \
	"JOIN entitlement e ON e.account_id = l.account_id AND e.contract_line_id = l.id "   \
	"WHERE l.account_id = $1 UNION SELECT l.id, l.parent_id, l.split_from_id "           \
	"FROM contract_line l JOIN up ON l.id IN (up.parent_id, up.split_from_id) "          \
	"WHERE l.account_id = $1) SELECT up.id FROM up"

static enum ent_code select_rows(const struct around *a, const struct ent_type *type,
                                 const char *tail, struct ent_list *out, struct ent_error *error)
{
	return ent_row_select(a->call->db, type, ent_str_of(tail),
	                      ENT_ARGS(ent_arg_id(a->account)), a->call->arena, out, error);
}

/* ---- nodes ------------------------------------------------------------------------------ */

static struct ent_contract *contract_of(const struct around *a, ent_id id)
{
	struct ent_contract *items = a->contracts.items;
	for (size_t i = 0; i < a->contracts.count; i++) {
		if (ent_id_eq(items[i].id, id)) {
			return &items[i];
		}
	}
	return NULL;
}

static struct ent_contract_line *line_of(const struct around *a, ent_id id)
{
	struct ent_contract_tree tree = { .lines = a->lines.items, .count = a->lines.count };
	return ent_contract_tree_line(&tree, id);
}

/* Hand nodes their suspensions, which come in order of the nodes. */
static enum ent_code load_contract_spans(struct around *a, struct ent_error *error)
{
	struct ent_list rows;
	enum ent_code code =
		select_rows(a, &ent_contract_suspension_type,
	                    "WHERE t.account_id = $1 ORDER BY t.contract_id, t.id", &rows, error);
	struct ent_contract_suspension *items = rows.items;
	for (size_t i = 0; code == ENT_OK && i < rows.count; i++) {
		struct ent_contract *contract = contract_of(a, items[i].contract_id);
		if (contract != NULL && contract->suspensions.count++ == 0) {
			contract->suspensions.items = &items[i];
		}
	}
	return code;
}

static enum ent_code load_line_spans(struct around *a, struct ent_error *error)
{
	struct ent_list rows;
	enum ent_code code =
		select_rows(a, &ent_line_suspension_type,
	                    "WHERE t.account_id = $1 ORDER BY t.contract_line_id, t.id", &rows,
	                    error);
	struct ent_line_suspension *items = rows.items;
	for (size_t i = 0; code == ENT_OK && i < rows.count; i++) {
		struct ent_contract_line *line = line_of(a, items[i].contract_line_id);
		if (line != NULL && line->suspensions.count++ == 0) {
			line->suspensions.items = &items[i];
		}
	}
	return code;
}

static enum ent_code load_nodes(struct around *a, bool has_lines, struct ent_error *error)
{
	int64_t bits = 0;
	enum ent_code code =
		select_rows(a, &ent_contract_type,
	                    "WHERE t.account_id = $1 AND t.id IN (" CONTRACTS ") ORDER BY t.id",
	                    &a->contracts, error);
	if (code == ENT_OK && has_lines) {
		code = select_rows(
			a, &ent_contract_line_type,
			"WHERE t.account_id = $1 AND t.id IN (" LINES ") ORDER BY t.id", &a->lines,
			error);
	}
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_contract *contracts = a->contracts.items;
	for (size_t i = 0; i < a->contracts.count; i++) {
		bits |= contracts[i].extra_rows;
	}
	if ((bits & ENT_CONTRACT_SUSPENSIONS) != 0) {
		code = load_contract_spans(a, error);
	}
	if (code == ENT_OK && has_lines && (bits & ENT_CONTRACT_LINE_SUSPENSIONS) != 0) {
		code = load_line_spans(a, error);
	}
	return code;
}

/* ---- coverage rows ---------------------------------------------------------------------- */

static enum ent_code load_covers(struct around *a, struct ent_error *error)
{
	return select_rows(
		a, &ent_contract_coverage_type,
		"WHERE t.account_id = $1 AND (t.entitlement_id IS NOT NULL OR t.contract_id IN "
		"(" CONTRACTS ") OR t.contract_line_id IN (" LINES ")) ORDER BY "
		"COALESCE(t.entitlement_id, t.contract_line_id, t.contract_id), t.id",
		&a->rows, error);
}

/* ---- entitlements ----------------------------------------------------------------------- */

static bool has_rows(const struct around *a)
{
	const struct ent_contract *contracts = a->contracts.items;
	const struct ent_contract_line *lines = a->lines.items;
	int64_t bits = 0;
	for (size_t i = 0; i < a->contracts.count; i++) {
		bits |= contracts[i].extra_rows;
	}
	for (size_t i = 0; i < a->lines.count; i++) {
		bits |= lines[i].extra_rows;
	}
	return (bits & ENT_CONTRACT_COVERAGE) != 0;
}

enum ent_code ent_coverage_contracts(struct ent_call *call, ent_id account,
                                     struct ent_coverage_item *items, size_t count,
                                     struct ent_error *error)
{
	struct around a = { .call = call, .account = account };
	bool has_contracts = false;
	bool has_lines = false;
	bool has_covers = false;
	for (size_t i = 0; i < count; i++) {
		const struct ent_entitlement *e = &items[i].entitlement;
		has_contracts = has_contracts || !ent_id_is_none(e->contract_id);
		has_lines = has_lines || !ent_id_is_none(e->contract_line_id);
		has_covers = has_covers || (e->extra_rows & ENT_EXTRA_COVERAGE) != 0;
	}
	enum ent_code code = ENT_OK;
	if (has_contracts) {
		code = load_nodes(&a, has_lines, error);
	}
	if (code == ENT_OK && (has_covers || has_rows(&a))) {
		code = load_covers(&a, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_coverage_around around = {
		.contracts = a.contracts.items,
		.contract_count = a.contracts.count,
		.lines = a.lines.items,
		.line_count = a.lines.count,
		.rows = a.rows.items,
		.row_count = a.rows.count,
		.arena = call->arena,
	};
	ent_coverage_around_rows(&around);
	for (size_t i = 0; i < count; i++) {
		ent_coverage_place(&around, &items[i]);
	}
	return ENT_OK;
}
