/* Merges, splits, co-termination, transfers, clones: servicenow 3.15, 3.16. */
#include "holding.h"

/* A second contract of the same kind with ids of its own, in the same arena. */
static void other(struct deal *of, struct deal *deal, const char *starts_on, const char *ends_on)
{
	deal_open_in(deal, of->arena, starts_on, ends_on, 20);
	deal->next_id = of->next_id + 1000;
	deal->contract.id.value = ++deal->next_id;
	deal->contract.number = ENT_STR("CTR-000002");
	of->arena = deal->arena;
}

static enum ent_code merge(struct deal *deal, const struct deal *sources, size_t count,
                           bool group_lines, const char *from)
{
	struct ent_input_contract_merge input;
	struct ent_holding holdings[2];
	ent_type_clear(&ent_input_contract_merge_type, &input);
	input.group_lines = group_lines;
	input.effective_on = day(from);
	for (size_t i = 0; i < count; i++) {
		holdings[i] = sources[i].holding;
		holdings[i].contract = (struct ent_contract *)(uintptr_t)&sources[i].contract;
	}
	return ent_plan_merge(&deal->plan, &deal->holding, holdings, count, &input, &deal->error);
}

/* ---- merge ---- */

/* The times of the line that goes on are rows of its own; what was paid once is not paid again. */
TEST(plan_merge_copies_suspensions_and_spares_what_was_paid)
{
	struct deal deal;
	struct deal source;
	struct ent_line_suspension times[1];
	deal_open(&deal, "2025-01-01", "2025-12-31", 20);
	other(&deal, &source, "2025-01-01", "2025-12-31");
	struct ent_contract_line *begun = deal_line(&source, ENT_ID_NONE, "b", 2, 20, NULL, NULL);
	struct ent_contract_line *later =
		deal_line(&source, ENT_ID_NONE, "c", 2, 20, "2025-09-01", NULL);
	ent_type_clear(&ent_line_suspension_type, &times[0]);
	times[0].id = (ent_id){ 77 };
	times[0].starts_at = instant("2025-10-01");
	begun->suspensions = (struct ent_children){ times, 1 };
	begun->pricing_method = ENT_PRICING_ONE_TIME;
	later->pricing_method = ENT_PRICING_ONE_TIME;
	deal.arena = source.arena;
	deal.holding.contract = &deal.contract;
	deal_today(&deal, ENT_OPERATION_MERGE, "2025-07-01");
	CHECK_INT(merge(&deal, &source, 1, false, NULL), ENT_OK);
	const struct ent_contract_line *made = deal_made_line(&deal, 0);
	const struct ent_line_suspension *copied = made->suspensions.items;
	CHECK_INT(made->suspensions.count, 1);
	CHECK(ent_id_is_none(copied[0].id));
	CHECK_INT(copied[0].starts_at.us, times[0].starts_at.us);
	CHECK_TEXT(made->unit_price.currency, "");
	const struct ent_contract_line *kept = ent_plan_after(&deal.plan, begun);
	const struct ent_contract_line *gone = ent_plan_after(&deal.plan, later);
	CHECK_INT(kept->unit_price.micro, 20 * ENT_MICRO);
	CHECK_INT(gone->unit_price.micro, 20 * ENT_MICRO); /* as it is, with its price */
	CHECK(ent_id_eq(gone->contract_id, deal.contract.id));
}

TEST(plan_merge_moves_lines_one_by_one)
{
	struct deal deal;
	struct deal source;
	deal_open(&deal, "2025-01-01", "2025-12-31", 20);
	deal_line(&deal, ENT_ID_NONE, "a", 1, 10, NULL, NULL);
	other(&deal, &source, "2025-02-01", "2026-01-31");
	struct ent_contract_line *begun = deal_line(&source, ENT_ID_NONE, "b", 2, 20, NULL, NULL);
	deal_line(&source, begun->id, "b1", 1, 5, NULL, NULL);
	struct ent_contract_line *later =
		deal_line(&source, begun->id, "b2", 1, 5, "2025-09-01", NULL);
	struct ent_contract_line *ahead =
		deal_line(&source, ENT_ID_NONE, "c", 1, 7, "2025-10-01", NULL);
	deal_line(&source, ENT_ID_NONE, "over", 1, 7, NULL, "2025-05-31");
	struct ent_entitlement *right = deal_right(&source, begun->id, 10);
	right->ledger_consumed = 4;
	struct ent_entitlement *whole = deal_right(&source, ENT_ID_NONE, 5);
	deal_cover(&source, begun->id, ENT_ID_NONE, 900);
	deal_cover(&source, ENT_ID_NONE, ENT_ID_NONE, 901);
	deal_cover(&source, ENT_ID_NONE, right->id, 902);
	deal.arena = source.arena;
	deal.holding.contract = &deal.contract;
	deal_today(&deal, ENT_OPERATION_MERGE, "2025-07-01");
	CHECK_INT(merge(&deal, &source, 1, false, NULL), ENT_OK);
	CHECK_TEXT(deal_warnings(&deal), "contract_extended");
	const struct ent_contract *target = ent_plan_after(&deal.plan, &deal.contract);
	const struct ent_contract *ended = ent_plan_after(&deal.plan, &source.contract);
	CHECK_TEXT(date_text(target->ends_on), "2026-01-31");
	CHECK_TEXT(date_text(ended->ends_on), "2025-06-30");
	CHECK(ended->ends_early);
	CHECK_INT(deal_rows(&deal, &ent_contract_line_type, true), 3);
	const struct ent_contract_line *b = deal_made_line(&deal, 0);
	CHECK(ent_id_eq(b->contract_id, deal.contract.id));
	CHECK_TEXT(date_text(b->starts_on), "2025-07-01");
	CHECK_TEXT(date_text(b->ends_on), "2026-01-31");
	CHECK_TEXT(date_text(b->anchor_on), "2025-02-01");
	CHECK_TEXT(date_text(deal_made_line(&deal, 2)->starts_on), "2025-09-01");
	const struct ent_contract_line *old = ent_plan_after(&deal.plan, begun);
	CHECK_TEXT(date_text(old->ends_on), "2025-06-30");
	const struct ent_contract_line *never = ent_plan_after(&deal.plan, later);
	CHECK(!ent_instant_is_none(never->cancelled_at));
	const struct ent_contract_line *moved = ent_plan_after(&deal.plan, ahead);
	CHECK(ent_id_eq(moved->contract_id, deal.contract.id));
	CHECK_TEXT(date_text(moved->starts_on), "2025-10-01");
	const struct ent_entitlement *after = ent_plan_after(&deal.plan, right);
	CHECK(ent_id_eq(after->contract_id, deal.contract.id));
	CHECK(ent_id_eq(after->contract_line_id, b->id));
	CHECK_INT(after->ledger_consumed, 4);
	after = ent_plan_after(&deal.plan, whole);
	CHECK(ent_id_eq(after->contract_id, deal.contract.id));
	CHECK(ent_id_is_none(after->contract_line_id));
	CHECK_INT(deal_rows(&deal, &ent_entitlement_type, true), 0);
	CHECK_INT(deal_rows(&deal, &ent_contract_coverage_type, true), 2);
	const struct ent_contract_coverage *row =
		deal_row(&deal, &ent_contract_coverage_type, true, 1)->after;
	CHECK(ent_id_eq(row->contract_id, deal.contract.id));
	CHECK_TEXT(date_text(row->starts_on), "2025-07-01");
	CHECK_TEXT(date_text(row->ends_on), "2026-01-31");
}

TEST(plan_merge_groups_lines_that_are_alike)
{
	struct deal deal;
	struct deal source;
	deal_open(&deal, "2025-01-01", "2025-12-31", 20);
	struct ent_contract_line *own = deal_line(&deal, ENT_ID_NONE, "seat", 100, 10, NULL, NULL);
	deal_line(&deal, own->id, "x", 1, 2, NULL, NULL);
	struct ent_contract_line *alone = deal_line(&deal, ENT_ID_NONE, "desk", 1, 9, NULL, NULL);
	other(&deal, &source, "2025-02-01", "2025-12-31");
	struct ent_contract_line *seat =
		deal_line(&source, ENT_ID_NONE, "seat", 50, 16, NULL, NULL);
	deal_line(&source, seat->id, "x", 3, 2, NULL, NULL);
	deal_line(&source, ENT_ID_NONE, "desk", 1, 9, NULL, "2025-11-30"); /* another last day */
	deal_right(&source, seat->id, 10);
	deal.arena = source.arena;
	deal_today(&deal, ENT_OPERATION_MERGE, "2025-07-01");
	CHECK_INT(merge(&deal, &source, 1, true, NULL), ENT_OK);
	CHECK_INT(deal_rows(&deal, &ent_contract_line_type, true), 3);
	const struct ent_contract_line *one = deal_made_line(&deal, 0);
	CHECK_INT(one->quantity.micro, 150 * ENT_MICRO);
	CHECK_INT(one->unit_price.micro, 12 * ENT_MICRO);
	CHECK_INT(deal_made_line(&deal, 1)->quantity.micro, 4 * ENT_MICRO);
	CHECK_TEXT(deal_made_line(&deal, 2)->name.ptr, "desk");
	CHECK(ent_plan_after(&deal.plan, alone) == alone);
	const struct ent_contract_line *old = ent_plan_after(&deal.plan, own);
	CHECK_TEXT(date_text(old->ends_on), "2025-06-30");
	const struct ent_entitlement *right =
		ent_plan_after(&deal.plan, &source.holding.entitlements[0]);
	CHECK(ent_id_eq(right->contract_line_id, one->id));
}

static const struct {
	const char *what, *faults;
} refusals[] = {
	{ "itself", "invalid /contracts/0" },
	{ "account", "wrong_account /contracts/0" },
	{ "currency", "merge_unlike /contracts/0" },
	{ "discount", "merge_unlike /contracts/0" },
	{ "cancelled", "state_terminal /contracts/0" },
	{ "past", "retroactive /effective_on" },
	{ "beyond", "date_outside_parent /effective_on | date_outside_parent /effective_on" },
	{ "later", "balance_later /effective_on" },
	{ "draft", "state /contracts/0" },
};

TEST(plan_merge_refuses)
{
	for (size_t i = 0; i < ENT_COUNT(refusals); i++) {
		struct deal deal;
		struct deal source;
		const char *from = NULL;
		ent_str what = ent_str_of(refusals[i].what);
		ROW(refusals[i].what);
		deal_open(&deal, "2025-01-01", "2026-12-31", 20);
		other(&deal, &source, "2025-01-01", "2026-12-31");
		deal.contract.starts_at = source.contract.starts_at = instant("2025-01-01");
		deal.contract.ends_at = source.contract.ends_at = instant("2027-01-01");
		deal_line(&source, ENT_ID_NONE, "a", 1, 10, NULL, NULL);
		deal_right(&source, ENT_ID_NONE, 10);
		if (ent_str_is(what, "itself")) {
			source.contract.id = deal.contract.id;
		} else if (ent_str_is(what, "account")) {
			source.contract.account_id.value++;
		} else if (ent_str_is(what, "currency")) {
			source.contract.currency = ENT_STR("USD");
		} else if (ent_str_is(what, "discount")) {
			source.contract.discount_percent.micro = 5;
		} else if (ent_str_is(what, "cancelled")) {
			source.contract.cancelled_at = instant("2025-02-01");
		} else if (ent_str_is(what, "draft")) {
			deal.contract.stage = ENT_STAGE_DRAFT;
		} else {
			from = ent_str_is(what, "past")     ? "2025-06-30"
			       : ent_str_is(what, "beyond") ? "2027-01-01"
			                                    : "2025-08-01";
		}
		deal.arena = source.arena;
		deal_today(&deal, ENT_OPERATION_MERGE, "2025-07-01");
		CHECK(merge(&deal, &source, 1, true, from) != ENT_OK);
		CHECK_TEXT(deal_faults(&deal), refusals[i].faults);
	}
}

/* ---- split ---- */

TEST(plan_split_makes_a_contract_of_lines)
{
	struct deal deal;
	struct ent_input_contract_split input;
	deal_open(&deal, "2025-01-31", "2026-01-30", 20);
	struct ent_contract_line *stays = deal_line(&deal, ENT_ID_NONE, "a", 1, 10, NULL, NULL);
	struct ent_contract_line *goes = deal_line(&deal, ENT_ID_NONE, "b", 2, 20, NULL, NULL);
	struct ent_entitlement *right = deal_right(&deal, goes->id, 10);
	deal_cover(&deal, goes->id, ENT_ID_NONE, 900);
	ent_type_clear(&ent_input_contract_split_type, &input);
	input.lines = (struct ent_ids){ &goes->id, 1 };
	input.name = ENT_STR("Care, west");
	deal.contract.ends_at = instant("2026-01-31");
	deal.contract.starts_at = instant("2025-01-31");
	deal_today(&deal, ENT_OPERATION_SPLIT, "2025-07-01");
	CHECK_INT(ent_plan_split(&deal.plan, &deal.holding, &input, &deal.error), ENT_OK);
	const struct ent_contract *made = deal_row(&deal, &ent_contract_type, true, 0)->after;
	CHECK_TEXT(made->name.ptr, "Care, west");
	CHECK_TEXT(date_text(made->starts_on), "2025-07-01");
	CHECK_TEXT(date_text(made->ends_on), "2026-01-30");
	CHECK_TEXT(date_text(made->anchor_on), "2025-01-31");
	CHECK_INT(made->stage, ENT_STAGE_LIVE);
	CHECK(ent_plan_after(&deal.plan, stays) == stays);
	CHECK(ent_plan_after(&deal.plan, &deal.contract) == &deal.contract);
	CHECK(ent_id_eq(deal_made_line(&deal, 0)->contract_id, made->id));
	const struct ent_entitlement *after = ent_plan_after(&deal.plan, right);
	CHECK(ent_id_eq(after->contract_id, made->id));
	CHECK_INT(deal_rows(&deal, &ent_contract_coverage_type, true), 1);
	CHECK_INT(deal.plan.links[0].kind, ENT_LINK_SPLIT);
}

/* ---- co-terminate ---- */

TEST(plan_co_terminate_ends_all_on_one_day)
{
	struct deal deal;
	struct ent_input_contract_co_terminate input;
	deal_open(&deal, "2025-01-01", "2025-12-31", 20);
	struct ent_contract_line *a = deal_line(&deal, ENT_ID_NONE, "a", 1, 10, NULL, "2025-09-30");
	struct ent_contract_line *child = deal_line(&deal, a->id, "a1", 1, 10, NULL, "2025-09-30");
	struct ent_contract_line *b = deal_line(&deal, ENT_ID_NONE, "b", 1, 10, NULL, NULL);
	struct ent_contract_line *over =
		deal_line(&deal, ENT_ID_NONE, "c", 1, 10, NULL, "2025-03-31");
	struct ent_entitlement *right = deal_right(&deal, b->id, 10);
	ent_type_clear(&ent_input_contract_co_terminate_type, &input);
	input.ends_on = day("2025-10-31");
	deal_today(&deal, ENT_OPERATION_CO_TERMINATE, "2025-07-01");
	CHECK_INT(ent_plan_co_terminate(&deal.plan, &deal.holding, &input, &deal.error), ENT_OK);
	const struct ent_contract_line *lines[] = { ent_plan_after(&deal.plan, a),
		                                    ent_plan_after(&deal.plan, child),
		                                    ent_plan_after(&deal.plan, b) };
	for (size_t i = 0; i < 3; i++) {
		CHECK_TEXT(date_text(lines[i]->ends_on), "2025-10-31");
		CHECK(!lines[i]->ends_early);
	}
	CHECK(ent_plan_after(&deal.plan, over) == over);
	const struct ent_contract *contract = ent_plan_after(&deal.plan, &deal.contract);
	CHECK_TEXT(date_text(contract->ends_on), "2025-10-31");
	CHECK(!contract->ends_early);
	const struct ent_entitlement *after = ent_plan_after(&deal.plan, right);
	CHECK_TEXT(date_text(after->ends_on), "2025-10-31");
	input.lines = (struct ent_ids){ &b->id, 1 };
	deal_today(&deal, ENT_OPERATION_CO_TERMINATE, "2025-07-01");
	CHECK_INT(ent_plan_co_terminate(&deal.plan, &deal.holding, &input, &deal.error), ENT_OK);
	const struct ent_contract_line *alone = ent_plan_after(&deal.plan, b);
	CHECK(alone->ends_early);
	CHECK(ent_plan_after(&deal.plan, a) == a);
	input.ends_on = day("2025-07-01");
	deal_today(&deal, ENT_OPERATION_CO_TERMINATE, "2025-07-01");
	CHECK(ent_plan_co_terminate(&deal.plan, &deal.holding, &input, &deal.error) != ENT_OK);
	CHECK_TEXT(deal_faults(&deal), "end_not_future /ends_on");
}

/* ---- transfer and clone ---- */

static void people(struct deal *deal, struct ent_contract_contact *contact)
{
	ent_type_clear(&ent_contract_contact_type, contact);
	contact->contact_id = (ent_id){ 5 };
	deal->contract.contacts = (struct ent_children){ contact, 1 };
}

TEST(plan_transfer_goes_to_another_account)
{
	struct deal deal;
	struct ent_contract_contact contact;
	struct ent_input_contract_transfer input;
	const ent_id strange[] = { { 901 } };
	struct ent_ids foreign = { strange, 1 };
	deal_open(&deal, "2025-01-01", "2025-12-31", 20);
	people(&deal, &contact);
	struct ent_contract_line *line = deal_line(&deal, ENT_ID_NONE, "a", 1, 10, NULL, NULL);
	struct ent_entitlement *right = deal_right(&deal, line->id, 10);
	right->ledger_consumed = 4;
	deal_cover(&deal, line->id, ENT_ID_NONE, 900);
	deal_cover(&deal, line->id, ENT_ID_NONE, 901);
	ent_type_clear(&ent_input_contract_transfer_type, &input);
	input.account_id = (ent_id){ 2 };
	deal_today(&deal, ENT_OPERATION_TRANSFER, "2025-07-01");
	CHECK(ent_plan_transfer(&deal.plan, &deal.holding, &input, foreign, &deal.error) != ENT_OK);
	CHECK_TEXT(deal_faults(&deal), "wrong_account /account_id");
	input.drop_assets = true;
	deal_today(&deal, ENT_OPERATION_TRANSFER, "2025-07-01");
	CHECK_INT(ent_plan_transfer(&deal.plan, &deal.holding, &input, foreign, &deal.error),
	          ENT_OK);
	CHECK_TEXT(deal_warnings(&deal), "contacts_dropped assets_dropped");
	const struct ent_contract *made = deal_row(&deal, &ent_contract_type, true, 0)->after;
	CHECK_INT(made->account_id.value, 2);
	CHECK_INT(made->contacts.count, 0);
	CHECK_INT(deal_made_line(&deal, 0)->account_id.value, 2);
	const struct ent_entitlement *fresh =
		deal_row(&deal, &ent_entitlement_type, true, 0)->after;
	CHECK_INT(fresh->account_id.value, 2);
	CHECK_INT(fresh->total.n, 6);
	const struct ent_entitlement *old = ent_plan_after(&deal.plan, right);
	CHECK_TEXT(date_text(old->ends_on), "2025-06-30");
	CHECK_INT(deal_rows(&deal, &ent_contract_coverage_type, true), 1);
	const struct ent_contract *ended = ent_plan_after(&deal.plan, &deal.contract);
	CHECK_TEXT(date_text(ended->ends_on), "2025-06-30");
	input.account_id = deal.contract.account_id;
	deal_today(&deal, ENT_OPERATION_TRANSFER, "2025-07-01");
	CHECK(ent_plan_transfer(&deal.plan, &deal.holding, &input, foreign, &deal.error) != ENT_OK);
	CHECK_TEXT(deal_faults(&deal), "invalid /account_id");
}

TEST(plan_clone_makes_a_draft)
{
	struct deal deal;
	struct ent_contract_contact contact;
	struct ent_input_contract_clone input;
	deal_open(&deal, "2025-01-31", "2026-01-30", 20);
	people(&deal, &contact);
	struct ent_contract_line *a = deal_line(&deal, ENT_ID_NONE, "a", 1, 10, NULL, NULL);
	struct ent_contract_line *b = deal_line(&deal, ENT_ID_NONE, "b", 1, -1, "2025-06-01", NULL);
	b->derived_percent.micro = 10 * ENT_MICRO;
	b->derived_from = (struct ent_ids){ &a->id, 1 };
	deal_line(&deal, ENT_ID_NONE, "c", 1, 1, NULL, NULL)->cancelled_at = instant("2025-03-01");
	deal_right(&deal, a->id, 10);
	deal_cover(&deal, a->id, ENT_ID_NONE, 900);
	ent_type_clear(&ent_input_contract_clone_type, &input);
	input.starts_on = day("2026-01-31");
	deal_today(&deal, ENT_OPERATION_CLONE, "2025-07-01");
	CHECK_INT(ent_plan_clone(&deal.plan, &deal.holding, &input, (struct ent_ids){ NULL, 0 },
	                         &deal.error),
	          ENT_OK);
	const struct ent_contract *made = deal_row(&deal, &ent_contract_type, true, 0)->after;
	CHECK_INT(made->stage, ENT_STAGE_DRAFT);
	CHECK(made->keep_draft);
	CHECK_INT(made->contacts.count, 1);
	CHECK_TEXT(date_text(made->starts_on), "2026-01-31");
	CHECK_TEXT(date_text(made->ends_on), "2027-01-30");
	CHECK_INT(deal_rows(&deal, &ent_contract_line_type, true), 2);
	CHECK_TEXT(date_text(deal_made_line(&deal, 1)->starts_on), "2026-06-01");
	CHECK(ent_id_eq(deal_made_line(&deal, 1)->derived_from.items[0],
	                deal_made_line(&deal, 0)->id));
	CHECK_INT(deal_rows(&deal, &ent_entitlement_type, true), 1);
	CHECK_INT(deal_rows(&deal, &ent_contract_coverage_type, true), 1);
	CHECK(ent_plan_after(&deal.plan, &deal.contract) == &deal.contract);
}
