/* operation_show.c - a plan as people see it. */
#include "app/operation_inner.h"
#include "base/text.h"
#include "json/json.h"

struct ent_set *ent_operation_diffs(const struct ent_plan *plan)
{
	struct ent_set *diffs = ENT_NEW(plan->arena, struct ent_set, plan->count);
	for (size_t i = 0; i < plan->count; i++) {
		const struct ent_plan_row *row = &plan->rows[i];
		struct ent_arena scratch = *plan->arena;
		const void *before = row->before;
		if (before == NULL) {
			void *empty = ent_arena_alloc(&scratch, 1, row->type->size, 16);
			ent_type_clear(row->type, empty);
			before = empty;
		}
		diffs[i] = ent_record_diff(row->type, before, row->after, scratch);
	}
	return diffs;
}

/* ---- values ----------------------------------------------------------------------------- */

static void add_id(struct ent_text *out, const struct ent_type *target, ent_id id)
{
	char room[ENT_ID_ROOM];
	if (ent_plan_is_new(id)) {
		ent_text_addf(out, "\"new:%lld\"", (long long)-id.value);
	} else {
		ent_json_string(out, (ent_str){ room, ent_id_format(id, target->prefix, room) });
	}
}

static void add_value(struct ent_text *out, const struct ent_field *field, const void *object)
{
	if (object == NULL) {
		ent_text_add(out, ENT_STR("null"));
	} else if (field->kind == ENT_K_ID && !ent_field_is_none(field, object)) {
		add_id(out, field->target, *(const ent_id *)ent_field_at(field, object));
	} else if (field->kind == ENT_K_IDS) {
		const struct ent_ids *ids = ent_field_at(field, object);
		ent_text_char(out, '[');
		for (size_t i = 0; i < ids->count; i++) {
			ent_json_comma(out);
			add_id(out, field->target, ids->items[i]);
		}
		ent_text_char(out, ']');
	} else {
		ent_json_value(field, object, out);
	}
}

static void add_named(struct ent_text *out, const struct ent_type *type, const char *name,
                      const void *object)
{
	const struct ent_field *field = ent_type_field(type, ent_str_of(name));
	ent_json_comma(out);
	ent_json_name(out, name);
	add_value(out, field, field == NULL ? NULL : object);
}

static void add_word(struct ent_text *out, const char *name, const char *word)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_json_string(out, ent_str_of(word));
}

ent_money ent_operation_money(const struct ent_plan_prices *prices, ent_decimal amount)
{
	ent_money money = { .micro = prices->currency.len > 0 ? amount.micro : 0 };
	for (size_t i = 0; i < prices->currency.len && i + 1 < sizeof(money.currency); i++) {
		money.currency[i] = prices->currency.ptr[i];
	}
	return money;
}

static void add_price(struct ent_text *out, const char *name, ent_decimal amount,
                      const struct ent_plan_prices *prices)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	if (amount.micro == ENT_DECIMAL_NONE.micro) {
		ent_text_add(out, ENT_STR("null"));
	} else {
		ent_json_money(out, ent_operation_money(prices, amount));
	}
}

/* ---- changes ---------------------------------------------------------------------------- */

static void add_fields(struct ent_text *out, const struct ent_plan_row *row,
                       const struct ent_set *diff)
{
	ent_text_add(out, ENT_STR(",\"fields\":{"));
	for (size_t i = 0; i < row->type->count; i++) {
		const struct ent_field *field = &row->type->fields[i];
		if (!ent_set_has(diff, i) || !ent_field_is_shown(field) ||
		    field->rule == ENT_R_KEY) {
			continue;
		}
		ent_json_comma(out);
		ent_json_name(out, field->name);
		ent_text_add(out, ENT_STR("{\"from\":"));
		add_value(out, field, row->before);
		ent_text_add(out, ENT_STR(",\"to\":"));
		add_value(out, field, row->after);
		ent_text_char(out, '}');
	}
	ent_text_char(out, '}');
}

static void add_change(struct ent_text *out, const struct ent_plan *plan, size_t i,
                       const struct ent_set *diff, const struct ent_plan_prices *prices)
{
	const struct ent_plan_row *row = &plan->rows[i];
	bool is_line = row->type == &ent_contract_line_type;
	const void *named = row->before != NULL ? row->before : row->after;
	ent_json_comma(out);
	ent_text_char(out, '{');
	add_word(out, "type", row->type->name);
	ent_text_add(out, ENT_STR(",\"id\":"));
	add_id(out, row->type, ((const struct ent_record *)row->after)->id);
	add_named(out, row->type, "number", named);
	add_named(out, row->type, "name", named);
	add_word(out, "action", row->before == NULL ? "add" : "change");
	add_word(out, "line_type", is_line ? ent_line_type_names.text[row->line_type] : NULL);
	add_word(out, "line_action", is_line ? ent_line_action_names.text[row->line_action] : NULL);
	ent_text_add(out, ENT_STR(",\"source\":"));
	if (ent_id_is_none(row->source)) {
		ent_text_add(out, ENT_STR("null"));
	} else {
		add_id(out, row->type, row->source);
	}
	add_fields(out, row, diff);
	add_price(out, "price_before", prices->before[i], prices);
	add_price(out, "price_after", prices->after[i], prices);
	ent_text_char(out, '}');
}

ent_str ent_operation_changes(const struct ent_plan *plan, const struct ent_set *diffs,
                              const struct ent_plan_prices *prices)
{
	struct ent_text out = ent_text_begin(plan->arena);
	ent_text_char(&out, '[');
	for (size_t i = 0; i < plan->count; i++) {
		if (!ent_set_is_empty(&diffs[i])) {
			add_change(&out, plan, i, &diffs[i], prices);
		}
	}
	ent_text_char(&out, ']');
	return ent_text_end(&out);
}

ent_str ent_operation_warnings(const struct ent_plan *plan)
{
	struct ent_text out = ent_text_begin(plan->arena);
	ent_text_char(&out, '[');
	for (size_t i = 0; i < plan->warning_count; i++) {
		ent_json_comma(&out);
		ent_text_char(&out, '{');
		add_word(&out, "code", plan->warnings[i].code);
		ent_text_add(&out, ENT_STR(",\"pointer\":"));
		ent_json_string(&out, plan->warnings[i].pointer);
		ent_text_add(&out, ENT_STR(",\"text\":"));
		ent_json_string(&out, plan->warnings[i].text);
		ent_text_char(&out, '}');
	}
	ent_text_char(&out, ']');
	return ent_text_end(&out);
}

/* ---- what was written ------------------------------------------------------------------- */

static void add_record(struct ent_text *out, const struct ent_plan_row *row)
{
	const struct ent_record *record = row->after;
	char room[ENT_ID_ROOM];
	ent_json_comma(out);
	ent_text_addf(out, "{\"type\":\"%s\",\"id\":\"%.*s\",\"version\":%lld", row->type->name,
	              (int)ent_id_format(record->id, row->type->prefix, room), room,
	              (long long)record->version);
}

ent_str ent_operation_made(const struct ent_plan *plan)
{
	struct ent_text out = ent_text_begin(plan->arena);
	int64_t n = 0;
	ent_text_char(&out, '[');
	for (size_t i = 0; i < plan->count; i++) {
		const struct ent_plan_row *row = &plan->rows[i];
		if (row->before != NULL) {
			continue;
		}
		add_record(&out, row);
		ent_text_addf(&out, ",\"new\":\"new:%lld\"", (long long)++n);
		add_named(&out, row->type, "number", row->after);
		ent_text_char(&out, '}');
	}
	ent_text_char(&out, ']');
	return ent_text_end(&out);
}

/* What the fields held, hidden ones too, for ent_json_read() with ENT_JSON_ANY. */
static void add_fields_of(struct ent_text *out, const struct ent_type *type, const void *object,
                          const struct ent_set *set)
{
	ent_text_add(out, ENT_STR(",\"was\":{"));
	for (size_t i = 0; i < type->count; i++) {
		if (ent_set_has(set, i)) {
			ent_json_comma(out);
			ent_json_name(out, type->fields[i].name);
			ent_json_value(&type->fields[i], object, out);
		}
	}
	ent_text_char(out, '}');
}

ent_str ent_operation_restore(const struct ent_plan *plan, const struct ent_set *diffs)
{
	struct ent_text out = ent_text_begin(plan->arena);
	ent_text_char(&out, '[');
	for (size_t i = 0; i < plan->count; i++) {
		const struct ent_plan_row *row = &plan->rows[i];
		if (ent_set_is_empty(&diffs[i])) {
			continue;
		}
		add_record(&out, row);
		if (row->before != NULL) {
			add_fields_of(&out, row->type, row->before, &diffs[i]);
		}
		ent_text_char(&out, '}');
	}
	ent_text_char(&out, ']');
	return ent_text_end(&out);
}
