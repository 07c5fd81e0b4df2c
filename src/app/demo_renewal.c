/* The demo's contracts that end soon or ended lately: what the board of renewals shows. */
#include "app/demo_inner.h"
#include "base/text.h"

static const struct {
	size_t account; /* its row in demo_words.def */
	int32_t ends;   /* days from today */
	int32_t years;  /* its term */
	enum ent_renewal_stage stage;
	enum ent_renewal_proposal proposal;
	bool auto_renew;
	int32_t notice, before; /* days before the end; 0: none */
	const char *name, *currency, *unit, *quantity, *price;
} soon[] = {
	{ 3, -41, 2, ENT_RENEWAL_PROPOSED, ENT_PROPOSAL_QUOTE, false, 30, 0, "Machine park", "EUR",
	  "machine", "18", "64" },
	{ 24, -12, 1, ENT_RENEWAL_CONTACTED, ENT_PROPOSAL_DIRECT, false, 0, 0, "Branch printing",
	  "GBP", "site", "31", "42.5" },
	{ 30, -6, 2, ENT_RENEWAL_LOST, ENT_PROPOSAL_DIRECT, false, 0, 0, "Label printers", "CAD",
	  "printer", "6", "29" },
	{ 7, 4, 3, ENT_RENEWAL_COMMITTED, ENT_PROPOSAL_ORDER, false, 0, 0, "Field equipment", "USD",
	  "unit", "140", "21.75" },
	{ 18, 9, 2, ENT_RENEWAL_PROPOSED, ENT_PROPOSAL_QUOTE, false, 0, 0, "Plotters Colomiers",
	  "EUR", "plotter", "22", "118" },
	{ 21, 15, 2, ENT_RENEWAL_NONE, ENT_PROPOSAL_DIRECT, false, 14, 0, "Optics bench", "NOK",
	  "bench", "4", "1450" },
	{ 25, 19, 2, ENT_RENEWAL_CONTACTED, ENT_PROPOSAL_QUOTE, true, 30, 30, "Clinic devices",
	  "USD", "device", "260", "17.4" },
	{ 16, 23, 3, ENT_RENEWAL_NONE, ENT_PROPOSAL_DIRECT, false, 0, 0, "Scanners Jurong", "EUR",
	  "scanner", "75", "12.9" },
	{ 14, 28, 1, ENT_RENEWAL_PROPOSED, ENT_PROPOSAL_QUOTE, false, 0, 0, "Classrooms", "USD",
	  "room", "48", "19" },
	{ 32, 38, 3, ENT_RENEWAL_NONE, ENT_PROPOSAL_QUOTE, true, 30, 20, "Broadcast studio", "EUR",
	  "seat", "35", "88" },
	{ 23, 47, 2, ENT_RENEWAL_CONTACTED, ENT_PROPOSAL_DIRECT, false, 30, 0, "Instruments", "JPY",
	  "instrument", "12", "9800" },
	{ 35, 55, 2, ENT_RENEWAL_COMMITTED, ENT_PROPOSAL_ORDER, false, 45, 0, "Halls A to C", "EUR",
	  "hall", "3", "2400" },
	{ 27, 68, 2, ENT_RENEWAL_NONE, ENT_PROPOSAL_DIRECT, true, 60, 75, "Yard terminals", "EUR",
	  "terminal", "27", "33" },
	{ 29, 81, 3, ENT_RENEWAL_NONE, ENT_PROPOSAL_QUOTE, false, 60, 0, "Council offices", "AUD",
	  "office", "19", "140" },
};

static ent_date starts_of(const struct ent_demo *demo, size_t n)
{
	ent_date next = { demo->options->today.day + soon[n].ends + 1 };
	return ent_date_add_months(next, -12 * soon[n].years);
}

static enum ent_code make(struct ent_demo *demo, struct ent_call *call,
                          const struct ent_demo_step *step, struct ent_error *error)
{
	size_t n = step->n;
	struct ent_contract *contract = ENT_NEW(call->arena, struct ent_contract, 1);
	ent_id id;
	ent_type_clear(&ent_contract_type, contract);
	contract->account_id = demo->accounts[soon[n].account];
	contract->name = ent_str_of(soon[n].name);
	contract->currency = ent_str_of(soon[n].currency);
	contract->ends_on.day = demo->options->today.day + soon[n].ends;
	contract->starts_on = starts_of(demo, n);
	contract->renewal_stage = soon[n].stage;
	contract->renewal_proposal = soon[n].proposal;
	contract->auto_renew = soon[n].auto_renew;
	if (soon[n].notice > 0) {
		contract->notice_days.n = soon[n].notice;
	}
	if (soon[n].before > 0) {
		contract->renew_days_before.n = soon[n].before;
	}
	contract->lines.text = ent_text_format(
		call->arena,
		"[{\"name\":\"%s\",\"quantity\":\"%s\",\"unit_of_measure\":\"%s\","
		"\"unit_price\":{\"amount\":\"%s\",\"currency\":\"%s\"}}]",
		soon[n].name, soon[n].quantity, soon[n].unit, soon[n].price, soon[n].currency);
	return ent_demo_create(call, &ent_contract_type, contract, &id, error);
}

void ent_demo_plan_renewals(struct ent_demo *demo)
{
	for (size_t n = 0; n < ENT_COUNT(soon); n++) {
		int32_t made = starts_of(demo, n).day - demo->options->today.day - 10;
		made = made < -ENT_DEMO_PAST_DAYS ? -ENT_DEMO_PAST_DAYS : made;
		ent_demo_plan(demo, ent_demo_at(demo, made, 600), make, n, 0);
	}
}
