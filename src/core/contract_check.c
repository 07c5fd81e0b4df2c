#include "core/contract_check.h"

#include "core/date_term.h"

#include <string.h>

static const ent_str no_value = { NULL, 0 };

enum { ROWS_CHECKED = 1000 };

/* "/adjustments/12/value" */
static const char *row_pointer(char out[static 64], const char *list, size_t at, const char *member)
{
	char digits[20];
	size_t n = sizeof(digits);
	size_t len = strlen(list);
	do {
		digits[--n] = (char)('0' + at % 10);
		at /= 10;
	} while (at > 0);
	assert(len + strlen(member) + sizeof(digits) + 4 < 64);
	out[0] = '/';
	memcpy(out + 1, list, len);
	out[1 + len] = '/';
	memcpy(out + 2 + len, digits + n, sizeof(digits) - n);
	len += 2 + sizeof(digits) - n;
	out[len] = '/';
	memcpy(out + len + 1, member, strlen(member) + 1);
	return out;
}

/* ---- days ---- */

static int32_t first_of(struct ent_days days)
{
	return ent_date_is_none(days.first) ? INT32_MIN : days.first.day;
}

static int32_t last_of(struct ent_days days)
{
	return ent_date_is_none(days.last) ? INT32_MAX : days.last.day;
}

bool ent_days_within(struct ent_days inner, struct ent_days outer)
{
	return first_of(inner) >= first_of(outer) && last_of(inner) <= last_of(outer);
}

bool ent_days_meet(struct ent_days a, struct ent_days b)
{
	return first_of(a) <= last_of(b) && first_of(b) <= last_of(a);
}

static ent_str day_text(ent_date date, char room[static 11])
{
	if (ent_date_is_none(date)) {
		return no_value;
	}
	ent_date_format(date, room);
	return ent_str_of(room);
}

static const char *day_words(ent_date date, char room[static 11])
{
	return ent_date_is_none(date) ? "" : day_text(date, room).ptr;
}

void ent_days_check(struct ent_days days, struct ent_days outer, const char *what,
                    struct ent_error *error)
{
	char given[11];
	char bound[11];
	if (first_of(days) > last_of(days)) {
		ent_note(error, ENT_E_DATE_ORDER, "/ends_on", day_text(days.last, given),
		         "must not be before the first day");
	}
	if (first_of(days) < first_of(outer)) {
		ent_note(error, ENT_E_DATE_OUTSIDE_PARENT, "/starts_on",
		         day_text(days.first, given),
		         "%s begins on %s: give that day or a later one", what,
		         day_words(outer.first, bound));
	} else if (first_of(days) > last_of(outer)) {
		ent_note(error, ENT_E_DATE_OUTSIDE_PARENT, "/starts_on",
		         day_text(days.first, given),
		         "%s ends on %s: give that day or an earlier one", what,
		         day_words(outer.last, bound));
	}
	if (last_of(days) > last_of(outer)) {
		ent_note(error, ENT_E_DATE_OUTSIDE_PARENT, "/ends_on", day_text(days.last, given),
		         "%s ends on %s: give that day or an earlier one", what,
		         day_words(outer.last, bound));
	}
}

ent_date ent_contract_last_day(ent_date first, ent_duration term)
{
	int64_t day = ent_date_add_months(first, term.months).day + (int64_t)term.days - 1;
	int32_t most = ent_date_make(ENT_YEAR_MAX, 12, 31).day;
	return (ent_date){ day > most ? most : (int32_t)day };
}

ent_duration ent_contract_term(ent_date first, ent_date last)
{
	if (ent_date_is_none(first) || ent_date_is_none(last) || last.day < first.day) {
		return ENT_DURATION_NONE;
	}
	return ent_term_between(first.day * ENT_DAY_US, (last.day + INT64_C(1)) * ENT_DAY_US)
	        .duration;
}

/* ---- numbers ---- */

static bool is_negative(ent_decimal value)
{
	return value.micro != ENT_DECIMAL_NONE.micro && value.micro < 0;
}

static void check_uplift(ent_decimal percent, struct ent_error *error)
{
	if (is_negative(percent)) {
		ent_note(error, ENT_E_RENEWAL_VALUE_NEGATIVE, "/uplift_percent", no_value,
		         "give 0 or more");
	}
}

static void check_currency(ent_money money, ent_str currency, const char *pointer,
                           struct ent_error *error)
{
	if (money.currency[0] == '\0') {
		return;
	}
	if (currency.len == 0) {
		ent_note(error, ENT_E_CURRENCY_MISMATCH, pointer, ent_str_of(money.currency),
		         "give the contract a currency first");
	} else if (!ent_str_is(currency, money.currency)) {
		ent_note(error, ENT_E_CURRENCY_MISMATCH, pointer, ent_str_of(money.currency),
		         "give it in %.*s", (int)currency.len, currency.ptr);
	}
	if (money.micro < 0) {
		ent_note(error, ENT_E_RANGE, pointer, no_value, "give 0 or more");
	}
}

/* ---- contracts ---- */

void ent_contract_check(const struct ent_contract *contract, struct ent_error *error)
{
	struct ent_days days = { contract->starts_on, contract->ends_on };
	struct ent_days any = { ENT_DATE_NONE, ENT_DATE_NONE };
	ent_decimal discount = contract->discount_percent;
	ent_days_check(days, any, "", error);
	if (contract->currency.len > 0 && ent_currency_digits(contract->currency) < 0) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/currency", contract->currency,
		         "give a currency of ISO 4217, e.g. EUR");
	}
	if (is_negative(discount) || discount.micro > 100 * ENT_MICRO) {
		ent_note(error, ENT_E_RANGE, "/discount_percent", no_value, "give 0 to 100");
	}
	check_uplift(contract->uplift_percent, error);
	if (!ent_duration_is_none(contract->term) && contract->term.seconds != 0) {
		ent_note(error, ENT_E_FORMAT, "/term", no_value, "give years, months and days");
	}
}

/* ---- lines ---- */

static void check_pricing(const struct ent_contract_line *line, const struct ent_contract *contract,
                          struct ent_error *error)
{
	bool recurring = line->pricing_method == ENT_PRICING_RECURRING;
	bool in_months = recurring && line->period == ENT_PERIOD_MONTHS;
	bool has_months = !ent_count_is_none(line->period_months);
	if (has_months && !in_months) {
		ent_note(error, ENT_E_PERIOD_WITHOUT_RECURRING, "/period_months", no_value,
		         "leave it out, or give period months and a recurring price");
	} else if (in_months && (!has_months || line->period_months.n == 0)) {
		ent_note(error, ENT_E_REQUIRED, "/period_months", no_value,
		         "say how many months a period has");
	}
	if (!recurring && (line->ramp != ENT_RAMP_NONE || line->ramp_segments.count > 0)) {
		ent_note(error, ENT_E_RAMP_WITHOUT_RECURRING, "/ramp", no_value,
		         "leave it out, or give a recurring price");
	}
	check_currency(line->list_price, contract->currency, "/list_price", error);
	check_currency(line->unit_price, contract->currency, "/unit_price", error);
	check_uplift(line->uplift_percent, error);
	if (is_negative(line->quantity)) {
		ent_note(error, ENT_E_RANGE, "/quantity", no_value, "give 0 or more");
	}
	if (is_negative(line->ramp_percent)) {
		ent_note(error, ENT_E_RANGE, "/ramp_percent", no_value, "give 0 or more");
	}
	if (is_negative(line->derived_percent)) {
		ent_note(error, ENT_E_RANGE, "/derived_percent", no_value, "give 0 or more");
	}
}

static void check_adjustments(const struct ent_contract_line *line, struct ent_error *error)
{
	const struct ent_price_adjustment *rows = line->adjustments.items;
	char pointer[64];
	for (size_t i = 0; i < line->adjustments.count && i < ROWS_CHECKED; i++) {
		bool takes_all = rows[i].type == ENT_ADJUST_MARKDOWN_PERCENT &&
		                 rows[i].value.micro > 100 * ENT_MICRO;
		if (rows[i].value.micro < 0 || takes_all) {
			ent_note(error, ENT_E_RANGE,
			         row_pointer(pointer, "adjustments", i, "value"), no_value,
			         takes_all ? "give 0 to 100" : "give 0 or more");
		}
	}
}

/* They follow each other from the line's first day to its last. */
static void check_tiles(const struct ent_contract_line *line, struct ent_error *error)
{
	const struct ent_ramp_segment *rows = line->ramp_segments.items;
	size_t count = line->ramp_segments.count;
	int64_t next = line->starts_on.day;
	char pointer[64];
	for (size_t i = 0; i < count && i < ROWS_CHECKED; i++) {
		struct ent_days days = { rows[i].starts_on, rows[i].ends_on };
		bool is_last = i + 1 == count;
		if (rows[i].starts_on.day != next) {
			ent_note(error, ENT_E_RAMP_SEGMENTS,
			         row_pointer(pointer, "ramp_segments", i, "starts_on"), no_value,
			         i == 0 ? "begin with the first day of the line"
			                : "begin on the day after the segment before");
		}
		if (first_of(days) > last_of(days) ||
		    (!is_last && ent_date_is_none(rows[i].ends_on))) {
			ent_note(error, ENT_E_RAMP_SEGMENTS,
			         row_pointer(pointer, "ramp_segments", i, "ends_on"), no_value,
			         "give a day that is not before its first");
		} else if (is_last && !ent_date_is_none(rows[i].ends_on) &&
		           rows[i].ends_on.day != line->ends_on.day) {
			ent_note(error, ENT_E_RAMP_SEGMENTS,
			         row_pointer(pointer, "ramp_segments", i, "ends_on"), no_value,
			         "end with the line");
		}
		next = rows[i].ends_on.day + INT64_C(1);
	}
}

/* Such a ramp stands by itself: that is how a line below a ramp goes on when that was cut. */
static bool knows_its_prices(const struct ent_contract_line *line)
{
	const struct ent_ramp_segment *rows = line->ramp_segments.items;
	bool known = line->ramp == ENT_RAMP_CUSTOM && line->ramp_segments.count > 0;
	for (size_t i = 0; known && i < line->ramp_segments.count; i++) {
		known = rows[i].unit_price.currency[0] != '\0';
	}
	return known;
}

static void check_ramp(const struct ent_contract_line *line, const struct ent_contract_line *parent,
                       const struct ent_contract *contract, struct ent_error *error)
{
	const struct ent_ramp_segment *rows = line->ramp_segments.items;
	char pointer[64];
	if (line->ramp != ENT_RAMP_NONE && parent != NULL && parent->ramp != ENT_RAMP_NONE &&
	    !knows_its_prices(line)) {
		ent_note(error, ENT_E_RAMP_PARENT_CONFLICT, "/ramp", no_value,
		         "leave it out, the ramp of the line above is this line's, too; or give a "
		         "custom one with a price in each step");
	}
	if (line->ramp_segments.count > 0 && line->ramp == ENT_RAMP_NONE) {
		ent_note(error, ENT_E_RAMP_SEGMENTS, "/ramp_segments", no_value,
		         "give a ramp with them");
	} else if (line->ramp == ENT_RAMP_CUSTOM && line->ramp_segments.count == 0) {
		ent_note(error, ENT_E_REQUIRED, "/ramp_segments", no_value,
		         "a custom ramp has segments");
	}
	check_tiles(line, error);
	for (size_t i = 0; i < line->ramp_segments.count && i < ROWS_CHECKED; i++) {
		check_currency(rows[i].unit_price, contract->currency,
		               row_pointer(pointer, "ramp_segments", i, "unit_price"), error);
		if (is_negative(rows[i].quantity)) {
			ent_note(error, ENT_E_RANGE,
			         row_pointer(pointer, "ramp_segments", i, "quantity"), no_value,
			         "give 0 or more");
		}
	}
}

void ent_contract_line_check(const struct ent_contract_line *line,
                             const struct ent_contract_line *parent,
                             const struct ent_contract *contract, struct ent_error *error)
{
	struct ent_days days = { line->starts_on, line->ends_on };
	struct ent_days outer = { contract->starts_on, contract->ends_on };
	if (parent != NULL) {
		outer = (struct ent_days){ parent->starts_on, parent->ends_on };
	}
	ent_days_check(days, outer, parent != NULL ? "the line above" : "the contract", error);
	check_pricing(line, contract, error);
	check_adjustments(line, error);
	check_ramp(line, parent, contract, error);
}

/* ---- coverage ---- */

void ent_contract_coverage_check(const struct ent_contract_coverage *row, struct ent_days owner,
                                 struct ent_error *error)
{
	struct ent_days days = { row->starts_on, row->ends_on };
	struct ent_days narrowed = days;
	if (ent_id_is_none(row->asset_id) == ent_id_is_none(row->product_id)) {
		ent_note(error, ENT_E_COVERAGE_TARGET,
		         ent_id_is_none(row->asset_id) ? "/asset_id" : "/product_id", no_value,
		         "name an asset or a product, and not both");
	}
	if (ent_date_is_none(days.first)) {
		narrowed.first = owner.first;
	}
	if (ent_date_is_none(days.last)) {
		narrowed.last = owner.last;
	}
	ent_days_check(narrowed, owner, "its owner", error);
}

/* ---- edits ---- */

static const char *way_out(enum ent_code code)
{
	return code == ENT_E_EDIT_LOCKED    ? ": change it by an operation"
	       : code == ENT_E_START_LOCKED ? ": its first day stays"
	                                    : "";
}

void ent_contract_check_edit(const struct ent_type *type, enum ent_contract_state state,
                             const struct ent_set *changed, struct ent_error *error)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		bool is_given = field->rule == ENT_R_OPTIONAL || field->rule == ENT_R_REQUIRED;
		if (!ent_set_has(changed, i) || !is_given) {
			continue;
		}
		enum ent_code code = ent_contract_may_edit(type, state, ent_str_of(field->name));
		char pointer[64] = "/";
		if (code != ENT_OK && strlen(field->name) < sizeof(pointer) - 1) {
			memcpy(pointer + 1, field->name, strlen(field->name) + 1);
			ent_note(error, code, pointer, no_value, "it is %s%s",
			         ent_contract_state_names.text[state], way_out(code));
		}
	}
}

void ent_contract_check_end(enum ent_contract_state state, ent_date before, ent_date after,
                            ent_date today, struct ent_error *error)
{
	if (before.day != after.day && ent_contract_is_live(state) && !ent_date_is_none(after) &&
	    after.day <= today.day) {
		ent_note(error, ENT_E_END_NOT_FUTURE, "/ends_on", no_value,
		         "give a day after today, or cancel it");
	}
}
