/* Reports, and the prices of one contract. */
#include "api/inner.h"

#include "app/contract_total.h"
#include "base/text.h"

/* ---- reports ---- */

struct reading {
	const struct ent_report *report;
	struct ent_input_report input;
};

static void read_parameter(void *arg, ent_str name, ent_str value, struct ent_arena *arena,
                           struct ent_error *error)
{
	struct reading *reading = arg;
	ent_report_set(reading->report, name, value, &reading->input, arena, error);
}

static enum ent_code answer(struct ent_request *request, struct ent_call *call,
                            struct ent_error *error)
{
	struct reading reading = { .report = ent_route_report(request->match.route) };
	struct ent_report_answer found;
	reading.input = ent_report_input(reading.report);
	enum ent_code code =
		ent_request_each_parameter(request, call->arena, read_parameter, &reading, error);
	if (code != ENT_OK) {
		return error->code = ENT_E_BAD_PARAMETER;
	}
	code = ent_report_run(call, reading.report, &reading.input, &found, error);
	if (code != ENT_OK) {
		return code;
	}
	if (found.asked.format == ENT_REPORT_CSV) {
		request->reply.status = 200;
		request->reply.type = "text/csv; charset=utf-8";
		request->reply.body = ent_report_csv(&found, call->arena);
	} else {
		ent_reply_json(request, 200, ent_report_json(&found, call->arena));
	}
	return ENT_OK;
}

#define ENT_REPORT(name, takes, summary)                                                           \
	enum ent_code ent_handle_report_##name(struct ent_request *request, struct ent_call *call, \
	                                       struct ent_error *error)                            \
	{                                                                                          \
		return answer(request, call, error);                                               \
	}
#include "app/report.def"

/* ---- prices ---- */

struct pricing {
	ent_date on;
	bool explain;
};

static void read_price_parameter(void *arg, ent_str name, ent_str value, struct ent_arena *arena,
                                 struct ent_error *error)
{
	struct pricing *pricing = arg;
	bool is_on = ent_str_is(name, "on");
	if (is_on && ent_date_parse(value, &pricing->on)) {
		return;
	}
	if (ent_str_is(name, "explain") &&
	    (ent_str_is(value, "true") || ent_str_is(value, "false"))) {
		pricing->explain = ent_str_is(value, "true");
		return;
	}
	ent_note(error, ENT_E_BAD_PARAMETER,
	         ent_text_format(arena, "/%.*s", (int)name.len, name.ptr).ptr, value, "%s",
	         is_on                         ? "give a date, e.g. 2026-12-31"
	         : ent_str_is(name, "explain") ? "give true or false"
	                                       : "there is no such parameter here");
}

static void add_date(struct ent_text *out, const char *name, ent_date date)
{
	char room[11];
	ent_json_comma(out);
	ent_json_name(out, name);
	if (ent_date_is_none(date)) {
		ent_text_add(out, ENT_STR("null"));
	} else {
		ent_date_format(date, room);
		ent_text_addf(out, "\"%s\"", room);
	}
}

static void add_amount(struct ent_text *out, const char *name, ent_decimal amount)
{
	char room[ENT_DECIMAL_ROOM];
	ent_decimal_format(amount, room);
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_text_addf(out, "\"%s\"", room);
}

static void add_run(struct ent_text *out, const struct ent_price_run *run)
{
	bool is_open = ent_date_is_none(run->until);
	ent_text_char(out, '{');
	add_date(out, "from", run->from);
	add_date(out, "to", is_open ? ENT_DATE_NONE : (ent_date){ run->until.day - 1 });
	add_amount(out, "quantity", run->quantity);
	add_amount(out, "unit_price", run->unit_price);
	add_amount(out, "mrr", run->mrr);
	add_amount(out, "arr", run->arr);
	ent_text_char(out, '}');
}

static void add_line(struct ent_text *out, const struct ent_line_price *price, bool explain)
{
	char id[ENT_ID_ROOM];
	ent_id_format(price->line->id, ent_contract_line_type.prefix, id);
	ent_text_addf(out, "{\"line_id\":\"%s\",\"number\":", id);
	ent_json_string(out, price->line->number);
	ent_text_add(out, ENT_STR(",\"name\":"));
	ent_json_string(out, price->line->name);
	ent_text_char(out, ',');
	ent_json_members(&ent_price_result_type, &price->result, NULL, out);
	ent_text_add(out, ENT_STR(",\"runs\":["));
	for (size_t i = 0; i < price->run_count; i++) {
		ent_text_add(out, i > 0 ? ENT_STR(",") : ENT_STR(""));
		add_run(out, &price->runs[i]);
	}
	ent_text_char(out, ']');
	if (explain) {
		ent_text_add(out, ENT_STR(",\"steps\":["));
		for (size_t i = 0; i < price->steps.count; i++) {
			ent_text_add(out, i > 0 ? ENT_STR(",") : ENT_STR(""));
			ent_json_write(&ent_price_step_type, &price->steps.items[i], NULL, out);
		}
		ent_text_char(out, ']');
	}
	ent_text_char(out, '}');
}

static ent_str write_price(const struct ent_contract_tree *tree,
                           const struct ent_contract_price *price, const struct pricing *pricing,
                           struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	char id[ENT_ID_ROOM];
	ent_id_format(tree->contract.id, ent_contract_type.prefix, id);
	ent_text_addf(&out,
	              "{\"object\":\"contract_price\",\"contract_id\":\"%s\",\"currency\":", id);
	ent_json_string(&out, tree->contract.currency);
	add_date(&out, "on", pricing->on);
	ent_text_char(&out, ',');
	ent_json_members(&ent_price_totals_type, &price->totals, NULL, &out);
	ent_text_add(&out, ENT_STR(",\"lines\":["));
	for (size_t i = 0; i < price->count; i++) {
		ent_text_add(&out, i > 0 ? ENT_STR(",") : ENT_STR(""));
		add_line(&out, &price->lines[i], pricing->explain);
	}
	ent_text_add(&out, ENT_STR("]}"));
	return ent_text_end(&out);
}

/* What a day that was left out means. */
static enum ent_code settle_day(struct ent_call *call, const struct ent_contract_tree *tree,
                                ent_date *on, struct ent_error *error)
{
	const struct ent_zone *zone;
	if (!ent_date_is_none(*on)) {
		return ENT_OK;
	}
	enum ent_code code = ent_contract_zone(call, &tree->contract, &zone, error);
	if (code == ENT_OK) {
		*on = ent_contract_price_day(&tree->contract, ent_zone_date(zone, call->now));
	}
	return code;
}

enum ent_code ent_handle_get_contract_price(struct ent_request *request, struct ent_call *call,
                                            struct ent_error *error)
{
	struct pricing pricing = { ENT_DATE_NONE, false };
	struct ent_contract_tree tree;
	struct ent_contract_price price;
	ent_id id;
	enum ent_code code = ent_request_each_parameter(request, call->arena, read_price_parameter,
	                                                &pricing, error);
	if (code == ENT_OK) {
		code = ent_request_id(request, &id, error);
	}
	if (code == ENT_OK) {
		code = ent_contract_tree_load(call, id, true, &tree, error);
	}
	if (code == ENT_OK) {
		code = settle_day(call, &tree, &pricing.on, error);
	}
	if (code == ENT_OK) {
		code = ent_contract_price_tree(call, &tree, pricing.on, pricing.explain, &price,
		                               error);
	}
	if (code == ENT_OK) {
		ent_reply_json(request, 200, write_price(&tree, &price, &pricing, call->arena));
	}
	return code;
}
