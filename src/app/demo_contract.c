/* The demo's contracts: one of each kind, with lines, coverage and entitlements, and what became
 * of them. */
#include "app/action.h"
#include "app/demo_inner.h"
#include "base/text.h"
#include "json/json.h"

#include <string.h>

/* ---- what was agreed --------------------------------------------------------------------- */

#define EUR(amount) "{\"amount\":\"" amount "\",\"currency\":\"EUR\"}"

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
	{ 31, 25, "Spring looms", "ST-4", "P1Y", "EUR", false, false, true,
	  ("[{\"name\":\"Looms\",\"quantity\":\"9\",\"unit_price\":" EUR("75") "}]") },
	{ 28, -180, "Valley stores", "AO-19", "P2Y", "EUR", true, false, false,
	  ("[{\"name\":\"Tills\",\"quantity\":\"14\",\"unit_price\":" EUR(
		  "11.9") ","
	                  "\"coverage\":[{\"product_id\":\"%s\"}]}]") },
	{ 18, -210, "Wind tunnel", "KA-2210", "P3Y", "EUR", false, false, false,
	  ("[{\"name\":\"Fans\",\"quantity\":\"6\",\"unit_price\":" EUR(
		  "410") "},"
	                 "{\"name\":\"Instruments\",\"quantity\":\"30\",\"unit_price\":" EUR(
				 "26.5") ","
	                                 "\"coverage\":[{\"product_id\":\"%s\"}],\"lines\":[{"
	                                 "\"name\":\"Calibration\","
	                                 "\"period\":\"yearly\",\"unit_price\":" EUR(
						 "95") ",\"lines\":[{\"name\":"
	                                               "\"Certificates\",\"pricing_method\":\"one_"
	                                               "time\",\"unit_price\":" EUR(
							       "12") "}]}]}]") },
	{ 22, -300, "Packing hall", "RC-88", "P2Y", "EUR", false, false, false,
	  ("[{\"name\":\"Packing line\",\"unit_price\":" EUR("880") "}]") },
	{ 13, -240, "Summer season", "BV-7", "P1Y", "EUR", true, false, false,
	  ("[{\"name\":\"Room control\",\"quantity\":\"64\",\"unit_price\":" EUR(
		  "2.4") ","
	                 "\"coverage\":[{\"product_id\":\"%s\"}]}]") },
	{ 5, -380, "Foundry", "HC-301", "P1Y", "EUR", false, false, false,
	  ("[{\"name\":\"Furnaces\",\"quantity\":\"3\",\"unit_price\":" EUR("1250") "}]") },
	{ 26, -160, "Scanner park", "PI-12", "P3Y", "EUR", false, false, false,
	  ("[{\"name\":\"Scanners\",\"quantity\":\"5\",\"unit_price\":" EUR("640") "}]") },
	{ 33, -130, "Studio desks", "MV-5", "P2Y", "EUR", false, false, false,
	  ("[{\"name\":\"Desks\",\"quantity\":\"20\",\"unit_price\":" EUR(
		  "31") ","
	                "\"coverage\":[{\"product_id\":\"%s\"}]},{\"name\":\"Night "
	                "watch\",\"unit_price\":" EUR("300") "}]") },
	{ 34, 20, "Reading room", "LP-2", "P1Y", "EUR", false, true, false,
	  ("[{\"name\":\"Readers\",\"quantity\":\"40\",\"unit_price\":" EUR("4") "}]") },
	{ 9, -45, "Laboratory", "CRL-6", "P2Y", "EUR", true, true, false,
	  ("[{\"name\":\"Analysers\",\"quantity\":\"8\",\"ramp\":\"quarterly\","
	   "\"ramp_percent\":\"3\",\"unit_price\":" EUR(
		   "210") ",\"entitlements\":[{\"name\":"
	                  "\"Hotline\",\"unit\":\"cases\",\"total\":24}]}]") },
};

enum contract {
	REVIEWED = 4,
	STORES = 7,
	TUNNEL,
	PACKING,
	SEASON,
	FOUNDRY,
	SCANNERS,
	DESKS,
	READING,
	LABORATORY
};
_Static_assert(ENT_COUNT(contracts) <= ENT_DEMO_CONTRACTS_MAX, "too many contracts");

/* What became of them. In the input %0 is the first line at the top, %1 the next; @-20 is the day
 * 20 days before today. */
static const struct {
	enum contract contract;
	int32_t day; /* from today */
	const char *action, *input;
} acts[] = {
	{ REVIEWED, -2, "submit", "{}" },
	{ SEASON, -150, "suspend", "{\"reason\":\"the house is closed in winter\"}" },
	{ LABORATORY, -52, "submit", "{\"reason\":\"for the new wing\"}" },
	{ LABORATORY, -50, "approve", "{}" },
	{ SEASON, -110, "resume", "{\"reason\":\"the season begins\"}" },
	{ PACKING, -95, "cancel", "{\"effective_on\":\"@-90\",\"reason\":\"the hall was sold\"}" },
	{ DESKS, -70, "lines",
	  ("{\"lines\":[{\"name\":\"Desks, second floor\",\"quantity\":\"12\",\"unit_price\":" EUR(
		  "29.5") "}],\"reason\":\"the studio grows\"}") },
	{ FOUNDRY, -50, "extend", "{\"term\":\"P6M\",\"reason\":\"until the new furnaces come\"}" },
	{ STORES, -40, "suspend", "{\"extend_term\":true,\"reason\":\"two invoices are open\"}" },
	{ TUNNEL, -20, "suspend",
	  ("{\"lines\":[\"%0\"],\"ends_at\":\"@+20T08:00:00Z\","
	   "\"reason\":\"the fans are rebuilt\"}") },
	{ SCANNERS, -15, "shorten",
	  "{\"ends_on\":\"@+60\",\"reason\":\"the practice moves out\"}" },
	{ READING, -2, "submit", "{}" },
	{ DESKS, -7, "cancel",
	  ("{\"lines\":[\"%1\"],\"effective_on\":\"@+45\",\"reason\":\"nobody works at "
	   "night any more\"}") },
	{ READING, -1, "reject", "{\"reason\":\"the discount is missing\"}" },
};

/* ---- made -------------------------------------------------------------------------------- */

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
	return ent_demo_create(call, &ent_contract_type, contract, &demo->contracts[n], error);
}

/* ---- what became of them ----------------------------------------------------------------- */

static enum ent_code lines_at_top(struct ent_call *call, ent_id contract, struct ent_rows *out,
                                  struct ent_error *error)
{
	return ent_db_run(call->db,
	                  ENT_STR("SELECT id FROM contract_line WHERE contract_id = $1 AND "
	                          "parent_id IS NULL ORDER BY id"),
	                  ENT_ARGS(ent_arg_id(contract)), call->arena, out, error);
}

/* The input with identifiers and days filled in. */
static ent_str fill_in(const struct ent_demo *demo, const char *input, const struct ent_rows *lines,
                       struct ent_arena *arena)
{
	struct ent_text text = ent_text_begin(arena);
	for (const char *p = input; *p != '\0'; p++) {
		char room[ENT_ID_ROOM];
		if (*p == '%') {
			const struct ent_row *row = lines->first;
			for (int n = *++p - '0'; n > 0; n--) {
				row = row->next;
			}
			ent_id id = { row->cell[0].number };
			ent_text_add(
				&text,
				(ent_str){ room, ent_id_format(id, ent_contract_line_type.prefix,
			                                       room) });
		} else if (*p == '@') {
			int days = 0;
			const char *sign = ++p;
			while (p[1] >= '0' && p[1] <= '9') {
				days = 10 * days + *++p - '0';
			}
			days = *sign == '-' ? -days : days;
			ent_date_format((ent_date){ demo->options->today.day + days }, room);
			ent_text_addf(&text, "%s", room);
		} else {
			ent_text_char(&text, *p);
		}
	}
	return ent_text_end(&text);
}

static enum ent_code act(struct ent_demo *demo, struct ent_call *call,
                         const struct ent_demo_step *step, struct ent_error *error)
{
	ent_id id = demo->contracts[acts[step->n].contract];
	const struct ent_action_row *action =
		ent_action_of(&ent_contract_type, ent_str_of(acts[step->n].action));
	void *input = ent_arena_alloc(call->arena, 1, action->input->size, 16);
	void *out = ent_arena_alloc(call->arena, 1, action->result->size, 16);
	const struct ent_node *node;
	struct ent_rows lines;
	struct ent_set given;
	ent_type_clear(action->input, input);
	if (!demo->options->add) {
		call->who = &demo->who[1];
	}
	enum ent_code code = lines_at_top(call, id, &lines, error);
	if (code == ENT_OK) {
		code = ent_json_parse(fill_in(demo, acts[step->n].input, &lines, call->arena),
		                      call->arena, &node, error);
	}
	if (code == ENT_OK) {
		code = ent_json_read(action->input, node, ENT_JSON_CREATE, call->arena, input,
		                     &given, error);
	}
	return code == ENT_OK ? action->act(call, id, 0, input, out, error) : code;
}

void ent_demo_plan_contracts(struct ent_demo *demo)
{
	for (size_t n = 0; n < ENT_COUNT(contracts); n++) {
		int32_t made = contracts[n].starts - 10;
		made = made > -3 ? -3 : made < -ENT_DEMO_PAST_DAYS ? -ENT_DEMO_PAST_DAYS : made;
		ent_demo_plan(demo, ent_demo_at(demo, made, 560), make, n, 0);
	}
	for (size_t n = 0; n < ENT_COUNT(acts); n++) {
		ent_demo_plan(demo, ent_demo_at(demo, acts[n].day, 600), act, n, 0);
	}
}
