/* import_price.h - prices of contract lines as other systems have them: an amount for the whole
 * term, a discount in percent or as an amount, and a total that follows from them. */
#ifndef ENT_APP_IMPORT_PRICE_H
#define ENT_APP_IMPORT_PRICE_H

#include "app/import_source.h"

/* What a line needs to know of its contract. */
struct ent_import_terms {
	ent_id id; /* none: it is not there */
	ent_id account_id;
	bool is_draft;
	ent_str currency;
	ent_date first, last;
	struct ent_map metadata;
};
ENT_CHECK enum ent_code ent_import_terms(struct ent_import_work *work, ent_id contract,
                                         struct ent_import_terms *out, struct ent_error *error);

/* Set the prices of the line work->object from slots LIST_PRICE, UNIT_PRICE, DISCOUNT,
 * DISCOUNT_AMOUNT, TOTAL_PRICE, CURRENCY. A price is for the whole term of the line: a period of
 * so many months, or paid once where they are not whole. A remark where TOTAL_PRICE is another
 * than what follows. Notes. */
void ent_import_price(struct ent_import_work *work, const struct ent_import_terms *terms,
                      struct ent_error *error);

/* Slot CURRENCY, or else that of the whole import, as the contract's. */
void ent_import_currency(struct ent_import_work *work, struct ent_error *error);
/* Slot TERM, months, where no last day is given. */
void ent_import_term(struct ent_import_work *work, struct ent_error *error);
/* Slot CLAUSE as the only clause, with this title. */
void ent_import_clause(struct ent_import_work *work, const char *title, struct ent_error *error);
/* Slot CONTACT as the contract's only contact, in this role. */
ENT_CHECK enum ent_code ent_import_main_contact(struct ent_import_work *work, const char *role,
                                                struct ent_error *error);
/* A row of what was deleted is refused. Notes. */
void ent_import_deleted(struct ent_import_work *work, struct ent_error *error);
/* The line's product gives it its name, where it has none; else "Line <NUMBER>". */
ENT_CHECK enum ent_code ent_import_line_name(struct ent_import_work *work, struct ent_error *error);

#endif
