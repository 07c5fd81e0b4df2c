/* Reports as JSON and as tables. */
#include "app/csv.h"
#include "app/report.h"
#include "base/text.h"
#include "json/json.h"

#include <stdio.h>

static void add_date(struct ent_text *out, const char *name, ent_date date)
{
	char room[11];
	ent_date_format(date, room);
	ent_text_addf(out, ",\"%s\":\"%s\"", name, room);
}

ent_str ent_report_json(const struct ent_report_answer *answer, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	const struct ent_type *type = answer->report->row;
	ent_text_addf(&out, "{\"object\":\"report\",\"report\":\"%s\"", answer->report->name);
	add_date(&out, "as_of", answer->asked.as_of);
	if (ent_report_takes(answer->report, "from")) {
		add_date(&out, "from", answer->asked.from);
		add_date(&out, "to", answer->asked.to);
	}
	ent_text_add(&out, ENT_STR(",\"rows\":["));
	for (size_t i = 0; i < answer->rows.count; i++) {
		ent_text_add(&out, i > 0 ? ENT_STR(",") : ENT_STR(""));
		ent_json_write(type, (const char *)answer->rows.items + i * type->size, NULL, &out);
	}
	ent_text_addf(&out, "],\"has_more\":%s}", answer->has_more ? "true" : "false");
	return ent_text_end(&out);
}

static void add_cell(struct ent_text *out, bool first, const struct ent_field *field,
                     const void *row)
{
	char room[64];
	if (field->kind == ENT_K_MONEY) {
		const ent_money *money = ent_field_at(field, row);
		bool none = money->currency[0] == '\0';
		room[0] = '\0';
		if (!none) {
			ent_decimal_format((ent_decimal){ money->micro }, room);
		}
		ent_csv_field(out, first, ent_str_of(room), false);
		ent_csv_field(out, false, ent_str_of(money->currency), false);
		return;
	}
	struct ent_value value = ent_field_get(field, row, room);
	if (value.kind == ENT_K_BOOL) {
		value.text = value.number != 0 ? ENT_STR("true") : ENT_STR("false");
	} else if (value.kind == ENT_K_INT) {
		snprintf(room, sizeof(room), "%lld", (long long)value.number);
		value.text = ent_str_of(room);
	} else if (value.kind == ENT_K_NULL) {
		value.text = ENT_STR("");
	}
	ent_csv_field(out, first, value.text, field->kind == ENT_K_TEXT);
}

ent_str ent_report_csv(const struct ent_report_answer *answer, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	const struct ent_type *type = answer->report->row;
	for (size_t k = 0; k < type->count; k++) {
		const char *name = type->fields[k].name;
		ent_csv_field(&out, k == 0, ent_str_of(name), false);
		if (type->fields[k].kind == ENT_K_MONEY) {
			ent_text_addf(&out, ",%s_currency", name);
		}
	}
	ent_csv_end(&out);
	for (size_t i = 0; i < answer->rows.count; i++) {
		for (size_t k = 0; k < type->count; k++) {
			add_cell(&out, k == 0, &type->fields[k],
			         (const char *)answer->rows.items + i * type->size);
		}
		ent_csv_end(&out);
	}
	return ent_text_end(&out);
}
