#include "app/contract_total.h"

#include "base/text.h"

#include <string.h>

/* ---- is it asked for? ------------------------------------------------------------------- */

static const char *const of_contract[] = { "one_time",
	                                   "mrr",
	                                   "arr",
	                                   "acv",
	                                   "tcv",
	                                   "new_amount",
	                                   "renewal_amount",
	                                   "upsell_amount",
	                                   "downsell_amount" };
static const char *const of_line[] = { "net_unit_price", "one_time",  "mrr",       "arr",
	                               "total_one_time", "total_mrr", "total_arr", "total_net" };

static bool is_shown(const struct ent_call *call, const char *const *names, size_t count)
{
	ent_str rest = call->fields;
	bool found = rest.len == 0;
	while (rest.len > 0 && !found) {
		struct ent_cut cut = ent_str_cut(rest, ',');
		rest = cut.tail;
		for (size_t i = 0; i < count && !found; i++) {
			found = ent_str_is(cut.head, names[i]);
		}
	}
	return found;
}

/* ---- rows of lines ---------------------------------------------------------------------- */

/* The first row of this line, or where it would stand. */
static size_t first_row(const struct ent_list *rows, const struct ent_type *type,
                        const struct ent_field *parent, ent_id line)
{
	size_t low = 0;
	size_t high = rows->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *row = (const char *)rows->items + middle * type->size;
		if (((const ent_id *)ent_field_at(parent, row))->value < line.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static void hand_out(const struct ent_list *lines, const struct ent_field *field,
                     const struct ent_list *rows)
{
	const struct ent_type *type = field->child;
	const struct ent_field *parent = ent_type_field(type, ENT_STR("contract_line_id"));
	struct ent_contract_line *items = lines->items;
	for (size_t i = 0; i < lines->count && rows->count > 0; i++) {
		size_t first = first_row(rows, type, parent, items[i].id);
		char *row = (char *)rows->items + first * type->size;
		size_t n = 0;
		while (first + n < rows->count &&
		       ent_id_eq(*(const ent_id *)ent_field_at(parent, row + n * type->size),
		                 items[i].id)) {
			n++;
		}
		*(struct ent_children *)ent_field_at(field, &items[i]) =
			(struct ent_children){ n > 0 ? row : NULL, n };
	}
}

static enum ent_code load_rows(struct ent_call *call, ent_str where, const struct ent_value *args,
                               size_t arg_count, const struct ent_list *lines,
                               struct ent_error *error)
{
	const struct ent_field *const fields[] = { ENT_FIELD_OF(contract_line, adjustments),
		                                   ENT_FIELD_OF(contract_line, ramp_segments) };
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < ENT_COUNT(fields) && code == ENT_OK && lines->count > 0; i++) {
		struct ent_list rows;
		ent_str tail = ent_text_format(
			call->arena,
			"WHERE (t.account_id, t.contract_line_id) IN (SELECT l.account_id, l.id "
			"FROM contract_line l WHERE %.*s) ORDER BY t.contract_line_id, t.id",
			(int)where.len, where.ptr);
		code = ent_row_select(call->db, fields[i]->child, tail, args, arg_count,
		                      call->arena, &rows, error);
		if (code == ENT_OK) {
			hand_out(lines, fields[i], &rows);
		}
	}
	return code;
}

enum ent_code ent_contract_price_lines(struct ent_call *call, struct ent_ids contracts,
                                       struct ent_ids roots, struct ent_list *out,
                                       struct ent_error *error)
{
	struct ent_value *args = ENT_NEW(call->arena, struct ent_value, 2 * ENT_IDS_ROOM);
	struct ent_text where = ent_text_begin(call->arena);
	*out = (struct ent_list){ NULL, 0 };
	if (contracts.count == 0) {
		return ENT_OK;
	}
	ent_text_add(&where, ENT_STR("l.contract_id IN ("));
	size_t n = ent_args_ids(&where, args, 0, contracts);
	if (roots.count > 0) {
		ent_text_add(&where, ENT_STR(") AND l.root_id IN ("));
		n = ent_args_ids(&where, args, n, roots);
	}
	ent_text_char(&where, ')');
	ent_str condition = ent_text_end(&where);
	ent_str tail = ent_text_format(call->arena,
	                               "WHERE t.id IN (SELECT l.id FROM contract_line l WHERE "
	                               "%.*s) ORDER BY t.contract_id, t.id",
	                               (int)condition.len, condition.ptr);
	enum ent_code code = ent_row_select(call->db, &ent_contract_line_type, tail, args, n,
	                                    call->arena, out, error);
	return code == ENT_OK ? load_rows(call, condition, args, n, out, error) : code;
}

struct ent_list ent_contract_price_lines_of(const struct ent_list *all, ent_id contract)
{
	struct ent_contract_line *items = all->items;
	size_t low = 0;
	size_t high = all->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (items[middle].contract_id.value < contract.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	while (high < all->count && ent_id_eq(items[high].contract_id, contract)) {
		high++;
	}
	return (struct ent_list){ items == NULL ? NULL : items + low, high - low };
}

/* ---- prices ----------------------------------------------------------------------------- */

enum ent_code ent_contract_price_tree(struct ent_call *call, const struct ent_contract_tree *tree,
                                      ent_date on, bool explain, struct ent_contract_price *out,
                                      struct ent_error *error)
{
	struct ent_contract_pricing pricing = { .contract = &tree->contract,
		                                .lines = tree->lines,
		                                .count = tree->count,
		                                .on = on,
		                                .arena = call->arena,
		                                .explain = explain };
	enum ent_code code = ent_contract_zone(call, &tree->contract, &pricing.zone, error);
	if (code != ENT_OK) {
		return code;
	}
	if (ent_date_is_none(on)) {
		pricing.on = ent_contract_price_day(&tree->contract,
		                                    ent_zone_date(pricing.zone, call->now));
	}
	return ent_contract_price(&pricing, out, error);
}

enum ent_code ent_contract_price_known(struct ent_call *call, const struct ent_contract *contract,
                                       const struct ent_list *lines, ent_date on,
                                       struct ent_contract_price *out, bool *known,
                                       struct ent_error *error)
{
	struct ent_contract_tree tree = { *contract, lines->items, lines->count };
	struct ent_error refusal;
	ent_error_clear(&refusal);
	*known = false;
	if (contract->currency.len == 0) {
		return ENT_OK;
	}
	enum ent_code code = ent_contract_price_tree(call, &tree, on, false, out, &refusal);
	*known = code == ENT_OK;
	if (code == ENT_E_STORAGE || code == ENT_E_BUSY) {
		*error = refusal;
		return code;
	}
	return ENT_OK;
}

static ent_money money(ent_decimal amount, ent_str currency)
{
	ent_money out = { amount.micro, "" };
	memcpy(out.currency, currency.ptr, currency.len);
	return out;
}

static void show_contract(struct ent_contract *contract, const struct ent_contract_price *price)
{
	ent_str currency = contract->currency;
	contract->one_time = money(price->totals.one_time, currency);
	contract->mrr = money(price->totals.mrr, currency);
	contract->arr = money(price->totals.arr, currency);
	contract->acv = money(price->totals.acv, currency);
	contract->tcv = money(price->totals.tcv, currency);
	contract->new_amount = money(price->net_new, currency);
	contract->renewal_amount = money(price->renewal, currency);
	contract->upsell_amount = money(price->upsell, currency);
	contract->downsell_amount = money(price->downsell, currency);
}

static void show_line(struct ent_contract_line *line, const struct ent_price_result *result,
                      ent_str currency)
{
	line->net_unit_price = money(result->unit_price, currency);
	line->one_time = money(result->one_time, currency);
	line->mrr = money(result->mrr, currency);
	line->arr = money(result->arr, currency);
	line->total_one_time = money(result->total_one_time, currency);
	line->total_mrr = money(result->total_mrr, currency);
	line->total_arr = money(result->total_arr, currency);
	line->total_net = money(result->total_net, currency);
}

enum ent_code ent_contract_fill(struct ent_call *call, const struct ent_list *contracts,
                                struct ent_error *error)
{
	struct ent_contract *items = contracts->items;
	ent_id *ids = ENT_NEW(call->arena, ent_id, contracts->count);
	size_t count = 0;
	struct ent_list lines;
	struct ent_contract none;
	ent_type_clear(&ent_contract_type, &none);
	if (!is_shown(call, of_contract, ENT_COUNT(of_contract))) {
		return ENT_OK;
	}
	for (size_t i = 0; i < contracts->count; i++) {
		if (items[i].currency.len > 0) {
			ids[count++] = items[i].id;
		}
	}
	enum ent_code code = ent_contract_price_lines(call, (struct ent_ids){ ids, count },
	                                              (struct ent_ids){ NULL, 0 }, &lines, error);
	for (size_t i = 0; i < contracts->count && code == ENT_OK; i++) {
		struct ent_list own = ent_contract_price_lines_of(&lines, items[i].id);
		struct ent_contract_price price;
		bool known;
		code = ent_contract_price_known(call, &items[i], &own, ENT_DATE_NONE, &price,
		                                &known, error);
		if (code == ENT_OK && known) {
			show_contract(&items[i], &price);
		}
	}
	return code;
}

/* Show the lines of one contract that are on the page. */
static enum ent_code fill_lines(struct ent_call *call, const struct ent_contract *contract,
                                const struct ent_list *all, const struct ent_list *page,
                                struct ent_error *error)
{
	struct ent_contract_line *items = page->items;
	struct ent_contract_price price;
	bool known;
	enum ent_code code =
		ent_contract_price_known(call, contract, all, ENT_DATE_NONE, &price, &known, error);
	if (code != ENT_OK || !known) {
		return code;
	}
	struct ent_contract_pricing index = { .lines = all->items, .count = all->count };
	for (size_t i = 0; i < page->count; i++) {
		int64_t at = ent_id_eq(items[i].contract_id, contract->id)
		                     ? ent_contract_line_index(&index, items[i].id)
		                     : ENT_NO_PARENT;
		if (at >= 0) {
			show_line(&items[i], &price.lines[at].result, contract->currency);
		}
	}
	return ENT_OK;
}

static bool has_shares(const struct ent_list *lines)
{
	const struct ent_contract_line *items = lines->items;
	for (size_t i = 0; i < lines->count; i++) {
		if (items[i].derived_percent.micro != ENT_DECIMAL_NONE.micro) {
			return true;
		}
	}
	return false;
}

enum ent_code ent_contract_line_fill(struct ent_call *call, const struct ent_list *contracts,
                                     const struct ent_list *lines, struct ent_error *error)
{
	const struct ent_contract *headers = contracts->items;
	const struct ent_contract_line *items = lines->items;
	ent_id *ids = ENT_NEW(call->arena, ent_id, contracts->count);
	ent_id *roots = ENT_NEW(call->arena, ent_id, lines->count);
	struct ent_list all;
	if (!is_shown(call, of_line, ENT_COUNT(of_line)) || lines->count == 0) {
		return ENT_OK;
	}
	for (size_t i = 0; i < contracts->count; i++) {
		ids[i] = headers[i].id;
	}
	for (size_t i = 0; i < lines->count; i++) {
		roots[i] = items[i].root_id;
	}
	struct ent_ids of = { ids, contracts->count };
	enum ent_code code = ent_contract_price_lines(
		call, of, (struct ent_ids){ roots, lines->count }, &all, error);
	if (code == ENT_OK && has_shares(&all)) {
		code = ent_contract_price_lines(call, of, (struct ent_ids){ NULL, 0 }, &all, error);
	}
	for (size_t i = 0; i < contracts->count && code == ENT_OK; i++) {
		struct ent_list own = ent_contract_price_lines_of(&all, headers[i].id);
		code = fill_lines(call, &headers[i], &own, lines, error);
	}
	return code;
}
