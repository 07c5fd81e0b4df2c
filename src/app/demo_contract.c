/* The demo's contracts: one of each kind, with lines, coverage and entitlements. */
#include "app/action.h"
#include "app/demo_inner.h"
#include "base/text.h"

static const struct {
	size_t account; /* its row in demo_words.def */
	int32_t starts; /* days from today */
	const char *name, *reference, *term, *currency;
	bool auto_renew, approval, keep_draft;
	const char *lines; /* %s: a product */
} contracts[] = {
	{ 0, -200, "Workshop care", "PO-11873", "P3Y", "EUR", true, false, false,
	  "[{\"name\":\"Care for machines\",\"quantity\":\"12\",\"unit_of_measure\":\"machine\","
	  "\"unit_price\":{\"amount\":\"48.5\",\"currency\":\"EUR\"},"
	  "\"coverage\":[{\"product_id\":\"%s\"}],\"lines\":[{\"name\":\"Spare parts\","
	  "\"derived_percent\":\"15\"},{\"name\":\"Yearly inspection\",\"period\":\"yearly\","
	  "\"unit_price\":{\"amount\":\"690\",\"currency\":\"EUR\"}}],"
	  "\"entitlements\":[{\"name\":\"Inspections\",\"type\":\"field\",\"unit\":\"visits\","
	  "\"total\":3,\"restricted\":true}]},"
	  "{\"name\":\"Set-up\",\"pricing_method\":\"one_time\","
	  "\"unit_price\":{\"amount\":\"1200\",\"currency\":\"EUR\"}}]" },
	{ 6, -250, "Workplaces", "2024/311", "P1Y", "EUR", true, false, false,
	  "[{\"name\":\"Workplaces\",\"quantity\":\"50\",\"unit_of_measure\":\"seat\","
	  "\"list_price\":{\"amount\":\"24\",\"currency\":\"EUR\"},\"adjustments\":"
	  "[{\"type\":\"markdown_percent\",\"value\":\"5\",\"name\":\"Volume\","
	  "\"source\":\"automatic\"},{\"type\":\"markdown_amount\",\"value\":\"0.8\"}],"
	  "\"characteristics\":[{\"name\":\"hours\",\"value\":\"8x5\"}],"
	  "\"coverage\":[{\"product_id\":\"%s\"}]}]" },
	{ 10, -420, "Service, first year", NULL, "P1Y", "EUR", false, false, false,
	  "[{\"name\":\"Service\",\"coverage\":[{\"product_id\":\"%s\"}]}]" },
	{ 12, -60, "Growing plan", "HB-77", "P3Y", "EUR", false, false, false,
	  "[{\"name\":\"Rooms\",\"quantity\":\"80\",\"ramp\":\"yearly\",\"ramp_percent\":\"10\","
	  "\"unit_price\":{\"amount\":\"3.2\",\"currency\":\"EUR\"},"
	  "\"coverage\":[{\"product_id\":\"%s\"}]}]" },
	{ 36, 14, "New office", NULL, "P2Y", "EUR", true, true, false,
	  "[{\"name\":\"Support\",\"coverage\":[{\"product_id\":\"%s\"}],"
	  "\"entitlements\":[{\"name\":\"Start package\",\"unit\":\"cases\",\"total\":12}]}]" },
	{ 20, -150, "Evergreen helpdesk", "BK-1", NULL, "EUR", false, false, false,
	  "[{\"name\":\"Helpdesk\",\"coverage\":[{\"product_id\":\"%s\"}],\"period\":\"quarterly\","
	  "\"unit_price\":{\"amount\":\"180\",\"currency\":\"EUR\"}}]" },
};

static ent_str lines_of(const struct ent_demo *demo, size_t n, struct ent_arena *arena)
{
	char product[ENT_ID_ROOM];
	ent_str lines = ent_str_of(contracts[n].lines);
	struct ent_text text = ent_text_begin(arena);
	size_t len = ent_id_format(demo->products[0], ent_product_type.prefix, product);
	for (size_t i = 0; i < lines.len; i++) {
		if (lines.ptr[i] == '%') {
			ent_text_add(&text, (ent_str){ product, len });
			i++;
		} else {
			ent_text_char(&text, lines.ptr[i]);
		}
	}
	return ent_text_end(&text);
}

static enum ent_code make(struct ent_demo *demo, struct ent_call *call,
                          const struct ent_demo_step *step, struct ent_error *error)
{
	size_t n = step->n;
	struct ent_contract *contract = ENT_NEW(call->arena, struct ent_contract, 1);
	struct ent_contract *shown = ENT_NEW(call->arena, struct ent_contract, 1);
	const struct ent_input_reason none = { .reason = { NULL, 0 } };
	ent_id id;
	ent_type_clear(&ent_contract_type, contract);
	contract->account_id = demo->accounts[contracts[n].account];
	contract->name = ent_str_of(contracts[n].name);
	if (contracts[n].reference != NULL) {
		contract->reference = ent_str_of(contracts[n].reference);
	}
	if (contracts[n].term != NULL &&
	    !ent_duration_parse(ent_str_of(contracts[n].term), &contract->term)) {
		return ent_fail(error, ENT_E_SYSTEM, "no term");
	}
	contract->starts_on.day = demo->options->today.day + contracts[n].starts;
	contract->currency = ent_str_of(contracts[n].currency);
	contract->auto_renew = contracts[n].auto_renew;
	contract->approval_required = contracts[n].approval;
	contract->keep_draft = contracts[n].keep_draft;
	contract->lines.text = lines_of(demo, n, call->arena);
	enum ent_code code = ent_demo_create(call, &ent_contract_type, contract, &id, error);
	if (code == ENT_OK && contracts[n].approval) {
		code = ent_contract_submit(call, id, 0, &none, shown, error);
	}
	return code;
}

void ent_demo_plan_contracts(struct ent_demo *demo)
{
	for (size_t n = 0; n < ENT_COUNT(contracts); n++) {
		int32_t made = contracts[n].starts - 10;
		made = made > -3 ? -3 : made < -ENT_DEMO_PAST_DAYS ? -ENT_DEMO_PAST_DAYS : made;
		ent_demo_plan(demo, ent_demo_at(demo, made, 560), make, n, 0);
	}
}
