/* Contracts, contract lines and entitlements of Dynamics 365: dynamics.md 1.1, 1.11, standards.md
 * B17. A contract line is two things here: a line with its price, and an entitlement under it with
 * its allotments. */
#include "app/import_allowance.h"
#include "app/import_price.h"
#include "app/import_support_week.h"

#include <string.h>

static ent_str text_of(const char *word)
{
	return word == NULL ? (ent_str){ NULL, 0 } : ent_str_of(word);
}

/* ---- contracts --------------------------------------------------------------------------- */

static const struct ent_import_option allotments[] = {
	{ "1", "Number of Cases", "cases" },
	{ "2", "Time", "minutes" },
	{ "3", "Coverage Dates", "none" },
};

/* Invoiced is accepted, and waits for its first day. */
static void settle_contract(struct ent_import_work *work, struct ent_error *error)
{
	static const struct ent_import_option states[] = {
		{ "0", "Draft", "draft" },         { "1", "Invoiced", "live" },
		{ "2", "Active", "active" },       { "3", "On Hold", "suspended" },
		{ "4", "Canceled", "cancelled" },  { "5", "Expired", "expired" },
		{ "4", "Cancelled", "cancelled" },
	};
	const char *word =
		ent_import_choose(work, ENT_SLOT_STATUS, states, ENT_COUNT(states), error);
	bool waits = word != NULL && strcmp(word, "live") == 0;
	if (word == NULL || waits) {
		work->slots[ENT_SLOT_STAGE] = ENT_STR("live");
		work->slots[ENT_SLOT_CLAIM] = text_of(waits ? "draft" : NULL);
		return;
	}
	work->slots[ENT_SLOT_STATE] = ent_str_of(word);
	if (strcmp(word, "cancelled") != 0) {
		work->slots[ENT_SLOT_CANCELLED_AT] = (ent_str){ NULL, 0 };
	}
}

/* Of its customer, with what its lines will need: the kind of allotment, the calendar. */
static enum ent_code finish_contract(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_contract *contract = work->object;
	ent_id contact, calendar;
	const char *kind = ent_import_choose(work, ENT_SLOT_ALLOTMENT_TYPE, allotments,
	                                     ENT_COUNT(allotments), error);
	enum ent_code code = ent_import_customer(work, &contract->account_id, &contact, error);
	if (code == ENT_OK) {
		code = ent_import_support_calendar(work, work->slots[ENT_SLOT_WEEK], &calendar,
		                                   error);
	}
	if (kind != NULL) {
		ent_import_keep(work, ENT_STR("allotmenttypecode"), ent_str_of(kind));
	}
	if (code == ENT_OK && !ent_id_is_none(calendar)) {
		char id[ENT_ID_ROOM];
		size_t len = ent_id_format(calendar, ent_calendar_type.prefix, id);
		ent_import_keep(work, ENT_STR("calendar"),
		                ent_text_format(work->call->arena, "%.*s", (int)len, id));
	}
	ent_import_currency(work, error);
	ent_import_clause(work, "Terms", error);
	settle_contract(work, error);
	return code;
}

/* ---- lines ------------------------------------------------------------------------------- */

static ent_str kept(const struct ent_import_terms *terms, const char *name)
{
	for (size_t i = 0; i < terms->metadata.count; i++) {
		if (ent_str_is(terms->metadata.pairs[i].name, name)) {
			return terms->metadata.pairs[i].value;
		}
	}
	return (ent_str){ NULL, 0 };
}

/* The customer's asset with this serial number; where there is none the number is kept. */
static enum ent_code find_asset(struct ent_import_work *work, const struct ent_import_terms *terms,
                                struct ent_error *error)
{
	struct ent_contract_line *line = work->object;
	ent_str serial = work->slots[ENT_SLOT_SERIAL];
	struct ent_rows rows;
	if (serial.len == 0) {
		return ENT_OK;
	}
	enum ent_code code = ent_db_run(
		work->call->db,
		ENT_STR("SELECT id FROM asset WHERE account_id = $1 AND serial_number = $2 "
	                "LIMIT 2"),
		ENT_ARGS(ent_arg_id(terms->account_id), ent_arg_text(serial)), work->call->arena,
		&rows, error);
	ent_import_keep(work, ENT_STR("productserialnumber"), serial);
	if (code == ENT_OK && rows.count == 1) {
		line->asset_id.value = rows.first->cell[0].number;
		ent_import_give(work, ENT_FIELD_OF(contract_line, asset_id));
	}
	return code;
}

static void settle_line(struct ent_import_work *work, struct ent_error *error)
{
	static const struct ent_import_option states[] = {
		{ "0", "Existing", "" },           { "1", "Renewed", "" },
		{ "2", "Canceled", "cancelled" },  { "3", "Expired", "expired" },
		{ "2", "Cancelled", "cancelled" },
	};
	const char *word =
		ent_import_choose(work, ENT_SLOT_STATUS, states, ENT_COUNT(states), error);
	work->slots[ENT_SLOT_STATE] = text_of(word);
}

static enum ent_code finish_line(struct ent_import_work *work, struct ent_error *error)
{
	const struct ent_contract_line *line = work->object;
	struct ent_import_terms terms;
	settle_line(work, error);
	enum ent_code code = ent_import_line_name(work, error);
	if (code == ENT_OK) {
		code = ent_import_terms(work, line->contract_id, &terms, error);
	}
	if (code == ENT_OK && !ent_id_is_none(terms.id)) {
		ent_import_price(work, &terms, error);
		code = find_asset(work, &terms, error);
	}
	return code;
}

/* ---- allotments of a line ---------------------------------------------------------------- */

static const struct ent_import_object allotment = { .name = "contractdetail",
	                                            .type = &ent_entitlement_type };

static void give(struct ent_import_work *work, const char *name)
{
	ent_import_give(work, ent_type_field(&ent_entitlement_type, ent_str_of(name)));
}

/* The same row as an entitlement, found again by the same identifier. */
static enum ent_code as_entitlement(const struct ent_import_work *work, ent_id line_id,
                                    struct ent_import_work *out, struct ent_error *error)
{
	struct ent_arena *arena = work->call->arena;
	struct ent_import_reader *reader = ENT_NEW(arena, struct ent_import_reader, 1);
	struct ent_entitlement *e = ENT_NEW(arena, struct ent_entitlement, 1);
	struct ent_contract_line *line = ENT_NEW(arena, struct ent_contract_line, 1);
	const struct ent_record *head = work->object;
	static const char *const names[] = { "account_id", "name", "starts_on", "ends_on",
		                             "contract_line_id" };
	*reader = *work->reader;
	reader->object = &allotment;
	*out = *work;
	out->reader = reader;
	out->object = e;
	out->given = (struct ent_set){ { 0 } };
	out->metadata_count = 0;
	ent_type_clear(&ent_entitlement_type, e);
	enum ent_code code =
		ent_record_load(work->call, &ent_contract_line_type, line_id, line, error);
	if (code != ENT_OK) {
		return code;
	}
	e->external_system = head->external_system;
	e->external_id = head->external_id;
	e->account_id = line->account_id;
	e->name = line->name;
	e->starts_on = line->starts_on;
	e->ends_on = line->ends_on;
	e->contract_line_id = line_id;
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		give(out, names[i]);
	}
	return ENT_OK;
}

/* Its own calendar, or its contract's. */
static enum ent_code give_calendar(struct ent_import_work *work,
                                   const struct ent_import_terms *terms, struct ent_error *error)
{
	struct ent_entitlement *e = work->object;
	ent_str own = work->slots[ENT_SLOT_WEEK];
	ent_str kept_id = kept(terms, "calendar");
	enum ent_code code = ent_import_support_calendar(work, own, &e->calendar_id, error);
	if (own.len == 0 && !ent_id_parse(kept_id, ent_calendar_type.prefix, &e->calendar_id)) {
		e->calendar_id = ENT_ID_NONE;
	}
	if (!ent_id_is_none(e->calendar_id)) {
		give(work, "calendar_id");
	}
	return code;
}

static enum ent_code store_allotment(struct ent_import_work *work, ent_id line_id, bool *changed,
                                     struct ent_error *error)
{
	struct ent_import_work right;
	struct ent_import_terms terms;
	enum ent_import_status status = ENT_IMPORT_UNCHANGED;
	ent_id id;
	enum ent_code code = as_entitlement(work, line_id, &right, error);
	struct ent_entitlement *e = right.object;
	if (code == ENT_OK) {
		const struct ent_contract_line *line = work->object;
		code = ent_import_terms(&right, line->contract_id, &terms, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	ent_str unit = kept(&terms, "allotmenttypecode");
	bool cancelled = ent_str_is(right.slots[ENT_SLOT_STATE], "cancelled");
	ent_import_allowance(&right, unit, error);
	e->restricted = e->unit != ENT_UNIT_NONE && !e->unlimited;
	e->charge_on = ENT_CHARGE_RESOLUTION;
	give(&right, "restricted");
	give(&right, "charge_on");
	ent_import_claim(&right, NULL);
	right.slots[ENT_SLOT_STATE] = terms.is_draft ? ENT_STR("draft")
	                              : cancelled    ? ENT_STR("cancelled")
	                                             : ENT_STR("active");
	code = give_calendar(&right, &terms, error);
	if (code == ENT_OK) {
		code = ent_noted(error);
	}
	if (code == ENT_OK) {
		code = ent_import_store(&right, &status, &id, error);
	}
	work->notice = right.notice;
	*changed = status != ENT_IMPORT_UNCHANGED;
	return code;
}

static enum ent_code store_line(struct ent_import_work *work, enum ent_import_status *status,
                                ent_id *out, struct ent_error *error)
{
	bool changed = false;
	enum ent_code code = ent_import_store(work, status, out, error);
	if (code == ENT_OK) {
		code = store_allotment(work, *out, &changed, error);
	}
	if (code == ENT_OK && changed && *status == ENT_IMPORT_UNCHANGED) {
		*status = ENT_IMPORT_UPDATED;
	}
	return code;
}

/* ---- entitlements ------------------------------------------------------------------------ */

static void settle_entitlement(struct ent_import_work *work, struct ent_error *error)
{
	static const struct ent_import_option states[] = {
		{ "0", "Draft", "draft" },         { "1", "Active", "active" },
		{ "2", "Cancelled", "cancelled" }, { "3", "Expired", "expired" },
		{ "4", "Waiting", "waiting" },     { "2", "Canceled", "cancelled" },
	};
	ent_import_claim(
		work, ent_import_choose(work, ENT_SLOT_STATUS, states, ENT_COUNT(states), error));
}

/* Words of ours for fields that are one of a list there. */
static void settle_choices(struct ent_import_work *work, struct ent_error *error)
{
	static const struct ent_import_option moments[] = {
		{ "0", "Case Resolution", "resolution" },
		{ "1", "Case Creation", "creation" },
	};
	static const struct ent_import_option levels[] = {
		{ "0", "Standard", "standard" },
		{ "1", "Premium", "premium" },
		{ "2", "None", "none" },
	};
	ent_import_give_text(work, ENT_FIELD_OF(entitlement, charge_on),
	                     text_of(ent_import_choose(work, ENT_SLOT_CHARGE_ON, moments,
	                                               ENT_COUNT(moments), error)),
	                     error);
	ent_import_give_text(work, ENT_FIELD_OF(entitlement, kb_access),
	                     text_of(ent_import_choose(work, ENT_SLOT_KB_LEVEL, levels,
	                                               ENT_COUNT(levels), error)),
	                     error);
}

static enum ent_code finish_entitlement(struct ent_import_work *work, struct ent_error *error)
{
	static const struct ent_import_option kinds[] = {
		{ "0", "Number of cases", "cases" },
		{ "1", "Number of hours", "hours" },
		{ "192350000", "Discount % and Price List", "none" },
	};
	struct ent_entitlement *e = work->object;
	ent_id contact;
	enum ent_code code = ent_import_customer(work, &e->account_id, &contact, error);
	if (code == ENT_OK && !ent_id_is_none(contact)) {
		e->contact_id = contact;
		give(work, "contact_id");
	}
	ent_import_allowance(work,
	                     text_of(ent_import_choose(work, ENT_SLOT_ALLOTMENT_TYPE, kinds,
	                                               ENT_COUNT(kinds), error)),
	                     error);
	settle_choices(work, error);
	settle_entitlement(work, error);
	return code;
}

/* ---- objects ----------------------------------------------------------------------------- */

enum object { CONTRACT, LINE, ENTITLEMENT };

static const struct ent_import_object objects[] = {
	[CONTRACT] = { .name = "contract",
	               .alias = "contracts",
	               .type = &ent_contract_type,
	               .finish = finish_contract,
	               .is_one_way = true },
	[LINE] = { .name = "contractdetail",
	           .alias = "contractline",
	           .type = &ent_contract_line_type,
	           .finish = finish_line,
	           .store = store_line,
	           .keeps_added = true,
	           .is_one_way = true },
	[ENTITLEMENT] = { .name = "entitlement",
	                  .alias = "entitlements",
	                  .type = &ent_entitlement_type,
	                  .finish = finish_entitlement,
	                  .is_one_way = true },
};

static const struct ent_import_mapping columns[] = {
#define ENT_DY(object_, api_, label_, how_, name_) \
	{ &objects[object_], api_, label_, ENT_HOW_##how_, #name_ },
#include "app/dynamics.def"
};

static const struct ent_import_sign signs[] = {
	{ "contractdetail", "totalallotments", NULL },
	{ "contractdetail", "contractdetailid", NULL },
	{ "contract", "contracttemplateid", NULL },
	{ "contract", "Contract Start Date", NULL },
	{ "contract", "contractnumber", NULL },
	{ "entitlement", "allocationtypecode", NULL },
	{ "entitlement", "Allocation Type", NULL },
	{ "entitlement", "totalterms", NULL },
};

/* A column of a publisher's: "new_region", "contoso_region"; the server's own have none. */
static bool is_custom(ent_str header)
{
	struct ent_cut cut = ent_str_cut(header, '_');
	return cut.found && cut.head.len >= 2 && cut.head.len <= 8 && cut.tail.len > 0;
}

/* "_customerid_value" is customerid; "Contract ID" is what people quote, and not contractid. */
static ent_str plain(ent_str header, const struct ent_csv_row *all)
{
	static const ent_str suffix = { "_value", 6 };
	(void)all;
	if (ent_str_is(header, "Contract ID")) {
		return ENT_STR("contractnumber");
	}
	bool is_lookup =
		header.len > suffix.len + 1 && header.ptr[0] == '_' &&
		ent_str_eq((ent_str){ header.ptr + header.len - suffix.len, suffix.len }, suffix);
	return is_lookup ? (ent_str){ header.ptr + 1, header.len - suffix.len - 1 } : header;
}

const struct ent_import_source ent_dynamics_source = {
	.system = "dynamics",
	ENT_IMPORT_TABLES,
	.is_added = is_custom,
	.plain = plain,
	.has_names = true,
};
