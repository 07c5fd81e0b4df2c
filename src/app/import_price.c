#include "app/import_price.h"

#include "core/contract_check.h"
#include "core/price_amount.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

enum { CENT = 10000 }; /* of 10⁻⁶ */

/* ---- the contract ------------------------------------------------------------------------ */

enum ent_code ent_import_terms(struct ent_import_work *work, ent_id contract,
                               struct ent_import_terms *out, struct ent_error *error)
{
	struct ent_rows rows;
	struct ent_arena *arena = work->call->arena;
	*out = (struct ent_import_terms){ .id = ENT_ID_NONE };
	enum ent_code code =
		ent_db_run(work->call->db,
	                   ENT_STR("SELECT currency, starts_on, ends_on, metadata, account_id, "
	                           "stage FROM contract WHERE id = $1"),
	                   ENT_ARGS(ent_arg_id(contract)), arena, &rows, error);
	if (code != ENT_OK || rows.count == 0) {
		return code;
	}
	const struct ent_value *cell = rows.first->cell;
	bool endless = cell[2].kind == ENT_K_NULL;
	out->id = contract;
	out->currency = cell[0].text;
	out->first.day = (int32_t)cell[1].number;
	out->account_id.value = cell[4].number;
	out->is_draft = ent_str_is(cell[5].text, "draft");
	out->last = endless ? ENT_DATE_NONE : (ent_date){ (int32_t)cell[2].number };
	return ent_json_to_map(cell[3].text, arena, &out->metadata)
	               ? ENT_OK
	               : ent_fail(error, ENT_E_STORAGE, "a contract has no metadata");
}

/* ---- amounts ----------------------------------------------------------------------------- */

static bool is_none(ent_decimal value)
{
	return ent_decimal_is_none(value);
}

/* a × num ÷ den; none if it is too large. */
static ent_decimal scale(ent_decimal a, int64_t num, int64_t den)
{
	ent_decimal out;
	bool good = ent_amount_scale(a, num, den, ENT_ROUND_HALF_AWAY, &out);
	return good ? out : ENT_DECIMAL_NONE;
}

static void give_money(struct ent_import_work *work, const struct ent_field *field,
                       ent_decimal amount, ent_str currency)
{
	ent_money *money = ent_field_at(field, work->object);
	money->micro = amount.micro;
	memcpy(money->currency, currency.ptr, 3);
	money->currency[3] = '\0';
	ent_import_give(work, field);
}

/* What the row says, unless it is a name or an identifier of a currency: then nothing. */
static ent_str own_currency(const struct ent_import_work *work)
{
	const struct ent_import_source *source = ent_import_source_of(work->reader->options->from);
	ent_str own = work->slots[ENT_SLOT_CURRENCY];
	bool is_name = source != NULL && source->has_names && ent_currency_digits(own) < 0;
	return is_name ? (ent_str){ NULL, 0 } : own;
}

/* The currency of the row, of its contract, or of the whole import; noted if there is none. */
static ent_str currency_of(struct ent_import_work *work, const struct ent_import_terms *terms,
                           struct ent_error *error)
{
	ent_str own = own_currency(work);
	ent_str currency = own.len > 0               ? own
	                   : terms->currency.len > 0 ? terms->currency
	                                             : work->reader->options->currency;
	if (ent_currency_digits(currency) < 0) {
		ent_note(error, ENT_E_REQUIRED, "/#CURRENCY", currency,
		         "give a currency of ISO 4217, here or with --currency");
		return (ent_str){ NULL, 0 };
	}
	return currency;
}

static void add_adjustment(struct ent_import_work *work, const char *name,
                           enum ent_adjustment_type type, ent_decimal value)
{
	struct ent_contract_line *line = work->object;
	size_t count = line->adjustments.count;
	struct ent_price_adjustment *rows =
		ENT_NEW(work->call->arena, struct ent_price_adjustment, count + 1);
	if (count > 0) {
		memcpy(rows, line->adjustments.items, count * sizeof(*rows));
	}
	ent_type_clear(&ent_price_adjustment_type, &rows[count]);
	rows[count].sequence.n = (int64_t)count + 1;
	rows[count].name = ent_str_of(name);
	rows[count].type = type;
	rows[count].value = value;
	line->adjustments = (struct ent_children){ rows, count + 1 };
	ent_import_give(work, ENT_FIELD_OF(contract_line, adjustments));
}

/* What a price is for: the months of the term, or, where they are not whole, all of it at once. */
static void give_period(struct ent_import_work *work, const struct ent_import_terms *terms)
{
	struct ent_contract_line *line = work->object;
	ent_date first = ent_date_is_none(line->starts_on) ? terms->first : line->starts_on;
	ent_date last = ent_date_is_none(line->ends_on) ? terms->last : line->ends_on;
	ent_duration term = ent_contract_term(first, last);
	bool whole = !ent_duration_is_none(term) && term.days == 0 && term.months > 0;
	line->pricing_method = whole ? ENT_PRICING_RECURRING : ENT_PRICING_ONE_TIME;
	ent_import_give(work, ENT_FIELD_OF(contract_line, pricing_method));
	if (whole) {
		line->period = ENT_PERIOD_MONTHS;
		line->period_months.n = term.months;
		ent_import_give(work, ENT_FIELD_OF(contract_line, period));
		ent_import_give(work, ENT_FIELD_OF(contract_line, period_months));
	}
}

struct price {
	ent_decimal list, unit, percent, amount, total;
	ent_decimal quantity; /* one where it is not told */
};

/* What they say together is held against the total that came with them. */
static void check_total(struct ent_import_work *work, const struct price *price)
{
	ent_decimal total = scale(price->unit, price->quantity.micro, ENT_MICRO);
	if (!is_none(price->percent) && !is_none(total)) {
		total = scale(total, ENT_PERCENT - price->percent.micro, ENT_PERCENT);
	}
	if (is_none(total)) {
		return;
	}
	total.micro -= is_none(price->amount) ? 0 : price->amount.micro;
	int64_t off = is_none(price->total) ? 0 : price->total.micro - total.micro;
	if (off > CENT || off < -CENT) {
		char text[ENT_DECIMAL_ROOM];
		ent_decimal_format(total, text);
		ent_import_remark(work, "its prices come to %s and not to its total", text);
	}
}

/* List price, the way down to the sales price, the discount on that. */
static void give_prices(struct ent_import_work *work, const struct price *price, ent_str currency)
{
	bool has_percent = !is_none(price->percent) && price->percent.micro != 0;
	bool has_amount =
		!is_none(price->amount) && price->amount.micro != 0 && price->quantity.micro > 0;
	bool has_list = !is_none(price->list);
	if (has_list || has_percent || has_amount) {
		give_money(work, ENT_FIELD_OF(contract_line, list_price),
		           has_list ? price->list : price->unit, currency);
	}
	if (!has_percent && !has_amount) {
		give_money(work, ENT_FIELD_OF(contract_line, unit_price), price->unit, currency);
		return;
	}
	int64_t down = has_list ? price->list.micro - price->unit.micro : 0;
	if (down != 0) {
		add_adjustment(work, "Sales price",
		               down > 0 ? ENT_ADJUST_MARKDOWN_AMOUNT : ENT_ADJUST_MARKUP_AMOUNT,
		               (ent_decimal){ down > 0 ? down : -down });
	}
	if (has_percent) {
		add_adjustment(work, "Discount", ENT_ADJUST_MARKDOWN_PERCENT, price->percent);
	}
	if (has_amount) { /* it is for all of them, an adjustment for one */
		add_adjustment(work, "Discount", ENT_ADJUST_MARKDOWN_AMOUNT,
		               scale(price->amount, ENT_MICRO, price->quantity.micro));
	}
}

static bool read_price(struct ent_import_work *work, struct price *out, struct ent_error *error)
{
	const struct ent_contract_line *line = work->object;
	size_t before = error->issue_count;
	*out = (struct price){
		.list = ent_import_decimal(work, ENT_SLOT_LIST_PRICE, error),
		.unit = ent_import_decimal(work, ENT_SLOT_UNIT_PRICE, error),
		.percent = ent_import_decimal(work, ENT_SLOT_DISCOUNT, error),
		.amount = ent_import_decimal(work, ENT_SLOT_DISCOUNT_AMOUNT, error),
		.total = ent_import_decimal(work, ENT_SLOT_TOTAL_PRICE, error),
		.quantity = ent_decimal_or(line->quantity, ENT_MICRO),
	};
	if (!is_none(out->percent) &&
	    (out->percent.micro < 0 || out->percent.micro > ENT_PERCENT)) {
		ent_note(error, ENT_E_RANGE, "/#DISCOUNT", work->slots[ENT_SLOT_DISCOUNT],
		         "give 0 to 100");
	}
	ent_decimal gross = ent_import_decimal(work, ENT_SLOT_GROSS_PRICE, error);
	if (is_none(out->unit) && !is_none(out->list)) {
		out->unit = out->list;
	}
	if (is_none(out->unit) && !is_none(gross) && out->quantity.micro > 0) {
		out->unit = scale(gross, ENT_MICRO, out->quantity.micro);
	}
	/* A total alone: the price of one is its share, and what came off is in it. */
	if (is_none(out->unit) && !is_none(out->total) && out->quantity.micro > 0) {
		out->unit = scale(out->total, ENT_MICRO, out->quantity.micro);
		out->percent = out->amount = ENT_DECIMAL_NONE;
	}
	return error->issue_count == before && !is_none(out->unit);
}

void ent_import_price(struct ent_import_work *work, const struct ent_import_terms *terms,
                      struct ent_error *error)
{
	struct price price;
	if (!read_price(work, &price, error)) {
		return;
	}
	ent_str currency = currency_of(work, terms, error);
	if (currency.len == 0) {
		return;
	}
	give_period(work, terms);
	give_prices(work, &price, currency);
	check_total(work, &price);
}

/* ---- headers ----------------------------------------------------------------------------- */

void ent_import_currency(struct ent_import_work *work, struct ent_error *error)
{
	ent_str own = own_currency(work);
	ent_import_give_text(work, ENT_FIELD_OF(contract, currency),
	                     own.len > 0 ? own : work->reader->options->currency, error);
}

void ent_import_term(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_contract *contract = work->object;
	ent_count months = ent_import_count(work, ENT_SLOT_TERM, error);
	if (ent_count_is_none(months) || !ent_date_is_none(contract->ends_on)) {
		return;
	}
	if (months.n < 1 || months.n > 1200) {
		ent_note(error, ENT_E_RANGE, "/#TERM", work->slots[ENT_SLOT_TERM],
		         "give 1 to 1200 months");
		return;
	}
	contract->term = (ent_duration){ .months = (int32_t)months.n };
	ent_import_give(work, ENT_FIELD_OF(contract, term));
}

void ent_import_clause(struct ent_import_work *work, const char *title, struct ent_error *error)
{
	struct ent_contract *contract = work->object;
	ent_str text = work->slots[ENT_SLOT_CLAUSE];
	if (text.len == 0) {
		return;
	}
	struct ent_contract_clause *row = ENT_NEW(work->call->arena, struct ent_contract_clause, 1);
	ent_type_clear(&ent_contract_clause_type, row);
	row->sequence.n = 1;
	row->title = ent_str_of(title);
	(void)ent_field_set(ENT_FIELD_OF(contract_clause, body), row, ent_value_text(text), error);
	contract->clauses = (struct ent_children){ row, 1 };
	ent_import_give(work, ENT_FIELD_OF(contract, clauses));
}

enum ent_code ent_import_main_contact(struct ent_import_work *work, const char *role,
                                      struct ent_error *error)
{
	struct ent_contract *contract = work->object;
	ent_str text = work->slots[ENT_SLOT_CONTACT];
	if (text.len == 0) {
		return ENT_OK;
	}
	struct ent_contract_contact *row =
		ENT_NEW(work->call->arena, struct ent_contract_contact, 1);
	ent_type_clear(&ent_contract_contact_type, row);
	row->role = ent_str_of(role);
	contract->contacts = (struct ent_children){ row, 1 };
	ent_import_give(work, ENT_FIELD_OF(contract, contacts));
	return ent_import_refer(work, &ent_contact_type, text, "/#CONTACT", &row->contact_id,
	                        error);
}

void ent_import_deleted(struct ent_import_work *work, struct ent_error *error)
{
	if (ent_import_truth(work, ENT_SLOT_IS_DELETED, error)) {
		ent_note(error, ENT_E_INVALID, "/#IS_DELETED", work->slots[ENT_SLOT_IS_DELETED],
		         "it was deleted where it comes from: leave it out");
	}
}

enum ent_code ent_import_line_name(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_contract_line *line = work->object;
	ent_str number = work->slots[ENT_SLOT_NUMBER];
	struct ent_rows rows = { .count = 0 };
	enum ent_code code = ENT_OK;
	if (number.len > 0) {
		ent_import_keep(work, ENT_STR("LineItemNumber"), number);
	}
	if (line->name.len > 0) {
		return ENT_OK;
	}
	if (!ent_id_is_none(line->product_id)) {
		code = ent_db_run(work->call->db, ENT_STR("SELECT name FROM product WHERE id = $1"),
		                  ENT_ARGS(ent_arg_id(line->product_id)), work->call->arena, &rows,
		                  error);
	}
	ent_str name = code == ENT_OK && rows.count > 0 ? rows.first->cell[0].text
	               : number.len > 0 ? ent_text_format(work->call->arena, "Line %.*s",
	                                                  (int)number.len, number.ptr)
	                                : ENT_STR("Line");
	ent_import_give_text(work, ENT_FIELD_OF(contract_line, name), name, error);
	return code;
}
