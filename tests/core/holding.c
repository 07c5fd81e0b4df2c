#include "holding.h"

static ent_id next_id(struct deal *deal)
{
	return (ent_id){ ++deal->next_id };
}

void deal_open(struct deal *deal, const char *starts_on, const char *ends_on, size_t room)
{
	deal_open_in(deal, test_arena(), starts_on, ends_on, room);
}

void deal_open_in(struct deal *deal, struct ent_arena arena, const char *starts_on,
                  const char *ends_on, size_t room)
{
	*deal = (struct deal){ .arena = arena, .next_id = 100 };
	ent_error_clear(&deal->error);
	ent_type_clear(&ent_contract_type, &deal->contract);
	deal->contract.id = next_id(deal);
	deal->contract.account_id = (ent_id){ 1 };
	deal->contract.number = ENT_STR("CTR-000001");
	deal->contract.name = ENT_STR("Care");
	deal->contract.stage = ENT_STAGE_LIVE;
	deal->contract.currency = ENT_STR("EUR");
	deal->contract.starts_on = day(starts_on);
	deal->contract.ends_on = day(ends_on);
	deal->contract.renewal_basis = ENT_BASIS_CONTRACTED_PRICE;
	deal->holding.contract = &deal->contract;
	deal->holding.lines = ENT_NEW(&deal->arena, struct ent_contract_line, room);
	deal->holding.entitlements = ENT_NEW(&deal->arena, struct ent_entitlement, room);
	deal->holding.coverage = ENT_NEW(&deal->arena, struct ent_contract_coverage, room);
}

void deal_today(struct deal *deal, enum ent_contract_operation_kind kind, const char *today)
{
	ent_error_clear(&deal->error);
	ent_plan_begin(&deal->plan, &deal->arena, kind, instant(today), &ent_zone_utc);
}

struct ent_contract_line *deal_line(struct deal *deal, ent_id parent, const char *name,
                                    int64_t quantity, int64_t price, const char *starts_on,
                                    const char *ends_on)
{
	struct ent_contract_line *line = &deal->holding.lines[deal->holding.line_count++];
	ent_type_clear(&ent_contract_line_type, line);
	line->id = next_id(deal);
	line->account_id = deal->contract.account_id;
	line->contract_id = deal->contract.id;
	line->parent_id = parent;
	line->root_id = line->id;
	for (size_t i = 0; i < deal->holding.line_count; i++) {
		if (ent_id_eq(deal->holding.lines[i].id, parent)) {
			line->root_id = deal->holding.lines[i].root_id;
		}
	}
	line->number = ent_str_of(name);
	line->name = ent_str_of(name);
	line->quantity.micro = quantity * ENT_MICRO;
	line->renewable = true;
	line->count_quantity = true;
	line->starts_on = starts_on == NULL ? deal->contract.starts_on : day(starts_on);
	line->ends_on = ends_on == NULL ? deal->contract.ends_on : day(ends_on);
	if (price >= 0) {
		line->unit_price = (ent_money){ price * ENT_MICRO, "EUR" };
	}
	return line;
}

struct ent_entitlement *deal_right(struct deal *deal, ent_id line, int64_t total)
{
	struct ent_entitlement *e = &deal->holding.entitlements[deal->holding.entitlement_count++];
	ent_type_clear(&ent_entitlement_type, e);
	e->id = next_id(deal);
	e->account_id = deal->contract.account_id;
	e->contract_id = deal->contract.id;
	e->contract_line_id = line;
	e->stage = ENT_STAGE_LIVE;
	e->unit = ENT_UNIT_CASES;
	e->total.n = total;
	e->ledger_granted = total;
	e->starts_on = deal->contract.starts_on;
	e->ends_on = deal->contract.ends_on;
	return e;
}

struct ent_contract_coverage *deal_cover(struct deal *deal, ent_id line, ent_id right,
                                         int64_t asset)
{
	struct ent_contract_coverage *row = &deal->holding.coverage[deal->holding.coverage_count++];
	ent_type_clear(&ent_contract_coverage_type, row);
	row->id = next_id(deal);
	row->account_id = deal->contract.account_id;
	row->contract_line_id = line;
	row->entitlement_id = right;
	if (ent_id_is_none(line) && ent_id_is_none(right)) {
		row->contract_id = deal->contract.id;
	}
	row->asset_id.value = asset;
	return row;
}

const struct ent_plan_row *deal_row(const struct deal *deal, const struct ent_type *type, bool made,
                                    size_t n)
{
	for (size_t i = 0; i < deal->plan.count; i++) {
		const struct ent_plan_row *row = &deal->plan.rows[i];
		if (row->type == type && (row->before == NULL) == made && n-- == 0) {
			return row;
		}
	}
	return NULL;
}

size_t deal_rows(const struct deal *deal, const struct ent_type *type, bool made)
{
	size_t n = 0;
	while (deal_row(deal, type, made, n) != NULL) {
		n++;
	}
	return n;
}

struct ent_contract_line *deal_made_line(const struct deal *deal, size_t n)
{
	const struct ent_plan_row *row = deal_row(deal, &ent_contract_line_type, true, n);
	return row == NULL ? NULL : row->after;
}

const char *deal_faults(const struct deal *deal)
{
	static char room[1024];
	size_t len = 0;
	room[0] = '\0';
	for (size_t i = 0; i < deal->error.issue_count && i < ENT_ISSUE_MAX; i++) {
		const struct ent_issue *issue = &deal->error.issues[i];
		len += (size_t)snprintf(room + len, sizeof(room) - len, "%s%s%s%s",
		                        i == 0 ? "" : " | ", ent_code_name(issue->code),
		                        issue->pointer[0] == '\0' ? "" : " ", issue->pointer);
	}
	return room;
}

const char *deal_warnings(const struct deal *deal)
{
	static char room[1024];
	size_t len = 0;
	room[0] = '\0';
	for (size_t i = 0; i < deal->plan.warning_count; i++) {
		len += (size_t)snprintf(room + len, sizeof(room) - len, "%s%s", i == 0 ? "" : " ",
		                        deal->plan.warnings[i].code);
	}
	return room;
}

/* ---- applied ---- */

static ent_id given(ent_id id, int64_t base)
{
	return ent_plan_is_new(id) ? (ent_id){ base - id.value } : id;
}

/* Rows of a type that are in `contract` afterwards, copied with the ids that they get. */
static size_t settle(const struct deal *deal, const struct ent_type *type, const void *old,
                     size_t count, char *out, bool (*wanted)(const void *, ent_id), ent_id contract)
{
	size_t n = 0;
	for (size_t i = 0; i < count + deal->plan.count; i++) {
		const struct ent_plan_row *row = i < count ? NULL : &deal->plan.rows[i - count];
		const void *record =
			i < count ? ent_plan_after(&deal->plan, (const char *)old + i * type->size)
				  : row->after;
		bool is_new = i >= count && row->type == type && row->before == NULL;
		if ((i >= count && !is_new) || !wanted(record, contract)) {
			continue;
		}
		char *copy = out + n++ * type->size;
		memcpy(copy, record, type->size);
		for (size_t k = 0; k < type->count; k++) {
			const struct ent_field *field = &type->fields[k];
			ent_id *id = ent_field_at(field, copy);
			if (field->kind == ENT_K_ID) {
				*id = given(*id, deal->next_id);
			}
		}
	}
	return n;
}

static bool line_in(const void *record, ent_id contract)
{
	return ent_id_eq(((const struct ent_contract_line *)record)->contract_id, contract);
}

static bool right_in(const void *record, ent_id contract)
{
	return ent_id_eq(((const struct ent_entitlement *)record)->contract_id, contract);
}

static bool any(const void *record, ent_id contract)
{
	(void)record;
	(void)contract;
	return true;
}

void deal_apply(struct deal *deal, ent_id contract, struct deal *after)
{
	const struct ent_holding *h = &deal->holding;
	size_t room = h->line_count + h->entitlement_count + h->coverage_count + deal->plan.count;
	const struct ent_contract *header = ent_plan_after(&deal->plan, &deal->contract);
	for (size_t i = 0; i < deal->plan.count; i++) {
		const struct ent_plan_row *row = &deal->plan.rows[i];
		if (row->type == &ent_contract_type &&
		    ent_id_eq(((const struct ent_contract *)row->after)->id, contract)) {
			header = row->after;
		}
	}
	struct deal made = *deal;
	made.contract = *header;
	made.contract.id = given(contract, deal->next_id);
	made.contract.renewal_root_id = given(header->renewal_root_id, deal->next_id);
	made.holding.lines = ENT_NEW(&made.arena, struct ent_contract_line, room);
	made.holding.entitlements = ENT_NEW(&made.arena, struct ent_entitlement, room);
	made.holding.coverage = ENT_NEW(&made.arena, struct ent_contract_coverage, room);
	made.holding.line_count = settle(deal, &ent_contract_line_type, h->lines, h->line_count,
	                                 (char *)made.holding.lines, line_in, contract);
	made.holding.entitlement_count =
		settle(deal, &ent_entitlement_type, h->entitlements, h->entitlement_count,
	               (char *)made.holding.entitlements, right_in, contract);
	made.holding.coverage_count =
		settle(deal, &ent_contract_coverage_type, h->coverage, h->coverage_count,
	               (char *)made.holding.coverage, any, contract);
	made.next_id = deal->next_id + deal->plan.made;
	*after = made;
	after->holding.contract = &after->contract;
}

void deal_price(struct deal *deal, ent_date on, struct ent_contract_price *out)
{
	struct ent_contract_pricing pricing = {
		.contract = &deal->contract,
		.lines = deal->holding.lines,
		.count = deal->holding.line_count,
		.zone = &ent_zone_utc,
		.on = on,
		.arena = &deal->arena,
	};
	CHECK_INT(ent_contract_price(&pricing, out, &deal->error), ENT_OK);
}
