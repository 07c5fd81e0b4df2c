#include "app/import_source.h"

#include <string.h>

bool ent_salesforce_id(ent_str text, char out[static 19])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
	if (text.len != 15 && text.len != 18) {
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z')) {
			return false;
		}
	}
	memcpy(out, text.ptr, 15);
	/* Which of five characters are capitals, in one. */
	for (size_t k = 0; k < 3; k++) {
		unsigned bits = 0;
		for (size_t i = 0; i < 5; i++) {
			char c = text.ptr[5 * k + i];
			bits |= (unsigned)(c >= 'A' && c <= 'Z') << i;
		}
		out[15 + k] = digits[bits];
	}
	out[18] = '\0';
	return text.len == 15 || memcmp(out, text.ptr, 18) == 0;
}

/* ---- what follows from the cells --------------------------------------------------------- */

static enum ent_code finish_account(struct ent_import_work *work, struct ent_error *error)
{
	static const enum ent_import_slot lines[] = { ENT_SLOT_STREET, ENT_SLOT_POSTCODE,
		                                      ENT_SLOT_CITY, ENT_SLOT_REGION,
		                                      ENT_SLOT_COUNTRY };
	struct ent_account *account = work->object;
	struct ent_text address = ent_text_begin(work->call->arena);
	for (size_t i = 0; i < ENT_COUNT(lines); i++) {
		ent_str line = work->slots[lines[i]];
		bool first = work->call->arena->next == address.begin;
		if (line.len > 0) {
			ent_text_addf(&address, "%s%.*s",
			              first                       ? ""
			              : lines[i] == ENT_SLOT_CITY ? " "
			                                          : ", ",
			              (int)line.len, line.ptr);
		}
	}
	ent_import_give_text(work, ENT_FIELD_OF(account, address), ent_text_end(&address), error);
	if (work->slots[ENT_SLOT_COUNTRY].len == 2 && account->country.len == 0) {
		ent_import_give_text(work, ENT_FIELD_OF(account, country),
		                     work->slots[ENT_SLOT_COUNTRY], error);
	}
	if (ent_import_truth(work, ENT_SLOT_IS_PERSON, error)) {
		account->kind = ENT_ACCOUNT_CONSUMER;
		ent_import_give(work, ENT_FIELD_OF(account, kind));
	}
	return ENT_OK;
}

static enum ent_code finish_contact(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_contact *contact = work->object;
	ent_str first = work->slots[ENT_SLOT_FIRST_NAME];
	ent_str last = work->slots[ENT_SLOT_LAST_NAME];
	if (contact->name.len == 0 && last.len > 0) {
		ent_str name = ent_text_format(work->call->arena, "%.*s%s%.*s", (int)first.len,
		                               first.len > 0 ? first.ptr : "",
		                               first.len > 0 ? " " : "", (int)last.len, last.ptr);
		ent_import_give_text(work, ENT_FIELD_OF(contact, name), name, error);
	}
	if (contact->phone.len == 0) {
		ent_import_give_text(work, ENT_FIELD_OF(contact, phone),
		                     work->slots[ENT_SLOT_MOBILE], error);
	}
	return ENT_OK;
}

static enum ent_code finish_asset(struct ent_import_work *work, struct ent_error *error)
{
	static const struct {
		const char *word;
		enum ent_asset_status status;
	} statuses[] = {
		{ "shipped", ENT_ASSET_ORDERED },   { "purchased", ENT_ASSET_ORDERED },
		{ "installed", ENT_ASSET_IN_USE },  { "registered", ENT_ASSET_IN_USE },
		{ "obsolete", ENT_ASSET_RETIRED },  { "retired", ENT_ASSET_RETIRED },
		{ "in stock", ENT_ASSET_IN_STOCK }, { "in use", ENT_ASSET_IN_USE },
	};
	struct ent_asset *asset = work->object;
	ent_str status = work->slots[ENT_SLOT_STATUS];
	bool known = status.len == 0;
	for (size_t i = 0; i < ENT_COUNT(statuses) && !known; i++) {
		known = ent_import_same_word(status, ent_str_of(statuses[i].word));
		if (known) {
			asset->status = statuses[i].status;
			ent_import_give(work, ENT_FIELD_OF(asset, status));
		}
	}
	if (!known) {
		ent_import_keep(work, ENT_STR("Status"), status); /* a word of their own */
	}
	ent_count quantity = ent_import_count(work, ENT_SLOT_QUANTITY, error);
	if (!ent_count_is_none(quantity) &&
	    ent_field_set(ENT_FIELD_OF(asset, quantity), asset, ent_value_int(quantity.n), error)) {
		ent_import_give(work, ENT_FIELD_OF(asset, quantity));
	}
	return ENT_OK;
}

/* Counted by case, with a bound or without. */
static void give_cases(struct ent_import_work *work, enum ent_term_unit *unit, ent_count *total,
                       bool *unlimited, struct ent_error *error)
{
	const struct ent_type *type = work->reader->object->type;
	ent_count cases = ent_import_count(work, ENT_SLOT_CASES, error);
	if (!ent_import_truth(work, ENT_SLOT_PER_INCIDENT, error)) {
		return;
	}
	if (!ent_count_is_none(cases) && cases.n < 0) {
		ent_note(error, ENT_E_RANGE, "/#CASES", work->slots[ENT_SLOT_CASES],
		         "cannot be negative");
		return;
	}
	*unit = ENT_UNIT_CASES;
	*total = cases;
	*unlimited = ent_count_is_none(cases);
	static const char *const names[] = { "unit", "total", "unlimited", "charge_on" };
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		ent_import_give(work, ent_type_field(type, ent_str_of(names[i])));
	}
}

static enum ent_code finish_template(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_entitlement_template *t = work->object;
	give_cases(work, &t->unit, &t->total, &t->unlimited, error);
	return ENT_OK;
}

/* Its status follows from its dates, there and here. */
static enum ent_code finish_entitlement(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_entitlement *e = work->object;
	give_cases(work, &e->unit, &e->total, &e->unlimited, error);
	if (e->unit == ENT_UNIT_NONE) {
		work->slots[ENT_SLOT_REMAINING] = (ent_str){ NULL, 0 };
	}
	work->slots[ENT_SLOT_STATE] = ENT_STR("active");
	return ENT_OK;
}

bool ent_import_priority(ent_str text, enum ent_case_priority *out)
{
	static const struct {
		const char *word;
		enum ent_case_priority priority;
	} words[] = {
		{ "high", ENT_PRIORITY_HIGH },         { "medium", ENT_PRIORITY_NORMAL },
		{ "normal", ENT_PRIORITY_NORMAL },     { "low", ENT_PRIORITY_LOW },
		{ "critical", ENT_PRIORITY_CRITICAL }, { "urgent", ENT_PRIORITY_CRITICAL },
		{ "p1", ENT_PRIORITY_CRITICAL },       { "p2", ENT_PRIORITY_HIGH },
		{ "p3", ENT_PRIORITY_NORMAL },         { "p4", ENT_PRIORITY_LOW },
	};
	for (size_t i = 0; i < ENT_COUNT(words); i++) {
		if (ent_import_same_word(text, ent_str_of(words[i].word))) {
			*out = words[i].priority;
			return true;
		}
	}
	return false;
}

static void finish_priority(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_case *c = work->object;
	ent_str priority = work->slots[ENT_SLOT_PRIORITY];
	if (priority.len == 0) {
		return;
	}
	if (ent_import_priority(priority, &c->priority)) {
		ent_import_give(work, ENT_FIELD_OF(case, priority));
	} else {
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/#PRIORITY", priority,
		         "give Critical, High, Medium or Low");
	}
}

/* A case of nobody's account is its contact's. */
static enum ent_code finish_case_account(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_case *c = work->object;
	struct ent_rows rows;
	if (!ent_id_is_none(c->account_id) || ent_id_is_none(c->contact_id)) {
		return ENT_OK;
	}
	enum ent_code code =
		ent_db_run(work->call->db, ENT_STR("SELECT account_id FROM contact WHERE id = $1"),
	                   ENT_ARGS(ent_arg_id(c->contact_id)), work->call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		c->account_id.value = rows.first->cell[0].number;
		ent_import_give(work, ENT_FIELD_OF(case, account_id));
	}
	return code;
}

static enum ent_code finish_case(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_case *c = work->object;
	ent_str status = work->slots[ENT_SLOT_STATUS];
	ent_str number = work->slots[ENT_SLOT_NUMBER];
	bool closed = ent_import_truth(work, ENT_SLOT_IS_CLOSED, error) ||
	              ent_import_same_word(status, ENT_STR("closed"));
	finish_priority(work, error);
	if (number.len > 0) {
		ent_import_keep(work, ENT_STR("CaseNumber"), number);
	}
	if (c->title.len == 0) {
		ent_import_give_text(work, ENT_FIELD_OF(case, title),
		                     ent_text_format(work->call->arena, "Case %.*s",
		                                     (int)number.len,
		                                     number.len > 0 ? number.ptr : ""),
		                     error);
	}
	if (status.len > 0) {
		ent_import_give_text(work, ENT_FIELD_OF(case, status),
		                     ent_import_word(work->call->arena, status), error);
	}
	work->slots[ENT_SLOT_STATE] = closed ? ENT_STR("resolved") : ENT_STR("open");
	return finish_case_account(work, error);
}

/* ---- objects ----------------------------------------------------------------------------- */

enum object {
	ACCOUNT,
	CONTACT,
	PRODUCT2,
	ASSET,
	TEMPLATE,
	ENTITLEMENT,
	NAMED,
	CASE,
	HOURS,
	HOLIDAY,
	MILESTONE,
	SERVICE_CONTRACT,
	CONTRACT_LINE
};

static const struct ent_import_object objects[] = {
	[ACCOUNT] = { .name = "Account", .type = &ent_account_type, .finish = finish_account },
	[CONTACT] = { .name = "Contact", .type = &ent_contact_type, .finish = finish_contact },
	[PRODUCT2] = { .name = "Product2", .alias = "product", .type = &ent_product_type },
	[ASSET] = { .name = "Asset", .type = &ent_asset_type, .finish = finish_asset },
	[TEMPLATE] = { .name = "EntitlementTemplate",
	               .type = &ent_entitlement_template_type,
	               .finish = finish_template },
	[ENTITLEMENT] = { .name = "Entitlement",
	                  .type = &ent_entitlement_type,
	                  .finish = finish_entitlement },
	[NAMED] = { .name = "EntitlementContact",
	            .type = &ent_entitlement_type,
	            .adds_contact = true,
	            .store = ent_import_add_contact },
	[CASE] = { .name = "Case", .type = &ent_case_type, .finish = finish_case },
	[HOURS] = { .name = "BusinessHours",
	            .type = &ent_calendar_type,
	            .finish = ent_import_finish_hours,
	            .is_one_way = true },
	[HOLIDAY] = { .name = "Holiday",
	              .type = &ent_holiday_set_type,
	              .store = ent_import_store_holiday,
	              .is_one_way = true },
	[MILESTONE] = { .name = "CaseMilestone",
	                .type = &ent_milestone_type,
	                .store = ent_import_store_milestone,
	                .keeps_added = true,
	                .is_one_way = true },
	[SERVICE_CONTRACT] = { .name = "ServiceContract",
	                       .type = &ent_contract_type,
	                       .finish = ent_import_finish_service_contract,
	                       .is_one_way = true },
	[CONTRACT_LINE] = { .name = "ContractLineItem",
	                    .type = &ent_contract_line_type,
	                    .finish = ent_import_finish_line_item,
	                    .is_one_way = true },
};

static const struct ent_import_mapping columns[] = {
#define ENT_SF(object_, api_, label_, how_, name_) \
	{ &objects[object_], api_, label_, ENT_HOW_##how_, #name_ },
#include "app/salesforce.def"
};

static const struct ent_import_sign signs[] = {
	{ "ContractLineItem", "ServiceContractId", "IsPerIncident" },
	{ "ServiceContract", "ContractNumber", NULL },
	{ "Case", "Subject", NULL },
	{ "Case", "CaseNumber", NULL },
	{ "BusinessHours", "TimeZoneSidKey", NULL },
	{ "CaseMilestone", "MilestoneTypeId", NULL },
	{ "Holiday", "ActivityDate", NULL },
	{ "EntitlementTemplate", "Term", NULL },
	{ "Entitlement", "CasesPerEntitlement", NULL },
	{ "Entitlement", "StartDate", NULL },
	{ "EntitlementContact", "EntitlementId", NULL },
	{ "Asset", "Product2Id", NULL },
	{ "Asset", "SerialNumber", NULL },
	{ "Product2", "ProductCode", NULL },
	{ "Contact", "LastName", NULL },
	{ "Account", "BillingStreet", NULL },
	{ "Account", "AccountNumber", NULL },
};

static bool is_custom(ent_str header)
{
	return header.len > 3 && ent_str_is((ent_str){ header.ptr + header.len - 3, 3 }, "__c");
}

const struct ent_import_source ent_salesforce_source = {
	.system = "salesforce",
	ENT_IMPORT_TABLES,
	.is_added = is_custom,
};

const struct ent_import_object *ent_salesforce_of(const struct ent_import_object *native)
{
	for (size_t i = 0; i < ENT_COUNT(objects); i++) {
		if (objects[i].type == native->type && !objects[i].is_one_way &&
		    objects[i].adds_contact == native->adds_contact) {
			return &objects[i];
		}
	}
	return NULL;
}
