/* Salesforce's ServiceContract and ContractLineItem: salesforce.md 1.4, 1.5. */
#include "app/import_price.h"

/* Its status follows from its dates, there and here: it is only held against them. */
static void claim(struct ent_import_work *work, struct ent_error *error)
{
	static const struct ent_import_option statuses[] = {
		{ "Active", "Active", "active" },
		{ "Inactive", "Inactive", "draft" },
		{ "Expired", "Expired", "expired" },
	};
	const char *word =
		ent_import_choose(work, ENT_SLOT_STATUS, statuses, ENT_COUNT(statuses), error);
	work->slots[ENT_SLOT_STAGE] = ENT_STR("live");
	work->slots[ENT_SLOT_CLAIM] = word == NULL ? (ent_str){ NULL, 0 } : ent_str_of(word);
}

enum ent_code ent_import_finish_service_contract(struct ent_import_work *work,
                                                 struct ent_error *error)
{
	ent_import_deleted(work, error);
	ent_import_currency(work, error);
	ent_import_term(work, error);
	ent_import_clause(work, "Special terms", error);
	claim(work, error);
	return ent_import_main_contact(work, "main", error);
}

enum ent_code ent_import_finish_line_item(struct ent_import_work *work, struct ent_error *error)
{
	const struct ent_contract_line *line = work->object;
	struct ent_import_terms terms;
	ent_import_deleted(work, error);
	claim(work, error);
	enum ent_code code = ent_import_line_name(work, error);
	if (code == ENT_OK) {
		code = ent_import_terms(work, line->contract_id, &terms, error);
	}
	if (code == ENT_OK && !ent_id_is_none(terms.id)) {
		ent_import_price(work, &terms, error);
	}
	return code;
}
