#include "app/import_allowance.h"

#include "core/price_amount.h"

/* ---- whose ------------------------------------------------------------------------------- */

static enum ent_code account_of(struct ent_import_work *work, ent_id contact, ent_id *out,
                                struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(work->call->db, ENT_STR("SELECT account_id FROM contact WHERE id = $1"),
	                   ENT_ARGS(ent_arg_id(contact)), work->call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		out->value = rows.first->cell[0].number;
	}
	return code;
}

enum ent_code ent_import_customer(struct ent_import_work *work, ent_id *account, ent_id *contact,
                                  struct ent_error *error)
{
	ent_str text = work->slots[ENT_SLOT_CUSTOMER];
	const struct ent_type *type = work->reader->object->type;
	*account = *contact = ENT_ID_NONE;
	if (text.len == 0) {
		return ENT_OK; /* noted with what is required */
	}
	enum ent_code code = ent_import_find(work, &ent_account_type, text, account, error);
	bool several = work->is_ambiguous;
	if (code == ENT_OK && ent_id_is_none(*account)) {
		code = ent_import_find(work, &ent_contact_type, text, contact, error);
		if (code == ENT_OK && !ent_id_is_none(*contact)) {
			code = account_of(work, *contact, account, error);
		}
	}
	if (code == ENT_OK && ent_id_is_none(*account)) {
		ent_note(error, ENT_E_NO_SUCH_RECORD, "/#CUSTOMER", text,
		         several || work->is_ambiguous
		                 ? "more than one is called so: give its identifier"
		                 : "there is no such account or contact; import it first");
	}
	ent_import_give(work, ent_type_field(type, ENT_STR("account_id")));
	return code;
}

/* ---- how many ---------------------------------------------------------------------------- */

/* Units as whole ones: hours as minutes, to the nearest. */
static ent_count units(struct ent_import_work *work, enum ent_import_slot slot, int64_t each,
                       struct ent_error *error)
{
	size_t before = error->issue_count;
	ent_decimal value = ent_import_decimal(work, slot, error);
	if (ent_decimal_is_none(value) || error->issue_count > before) {
		return ENT_COUNT_NONE;
	}
	ent_wide micro = (ent_wide)value.micro * each;
	ent_wide most = (ent_wide)ENT_FIELD_OF(entitlement, total)->limit * ENT_MICRO;
	bool split = each == 1 && micro % ENT_MICRO != 0;
	if (split || micro > most || micro < -most) {
		ent_note(error, split ? ENT_E_FORMAT : ENT_E_RANGE, ent_import_slot_pointer(slot),
		         work->slots[slot],
		         split ? "give a whole number" : "give at most 1000000000 units");
		return ENT_COUNT_NONE;
	}
	ent_wide half = micro < 0 ? -ENT_MICRO / 2 : ENT_MICRO / 2;
	return (ent_count){ (int64_t)((micro + half) / ENT_MICRO) };
}

void ent_import_allowance(struct ent_import_work *work, ent_str unit, struct ent_error *error)
{
	struct ent_entitlement *e = work->object;
	bool none = unit.len == 0 || ent_str_is(unit, "none");
	bool hours = ent_str_is(unit, "hours");
	ent_count total = units(work, ENT_SLOT_ALLOTMENTS, hours ? 60 : 1, error);
	ent_count left = units(work, ENT_SLOT_REMAINING, hours ? 60 : 1, error);
	work->slots[ENT_SLOT_REMAINING] = (ent_str){ NULL, 0 };
	if (none) {
		return;
	}
	if (!ent_count_is_none(total) && total.n < 0) {
		ent_note(error, ENT_E_RANGE, "/#ALLOTMENTS", work->slots[ENT_SLOT_ALLOTMENTS],
		         "cannot be negative");
		return;
	}
	e->unit = ent_str_is(unit, "cases") ? ENT_UNIT_CASES : ENT_UNIT_MINUTES;
	e->total = total;
	e->unlimited = ent_count_is_none(total);
	static const char *const names[] = { "unit", "total", "unlimited" };
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		ent_import_give(work, ent_type_field(&ent_entitlement_type, ent_str_of(names[i])));
	}
	if (!ent_count_is_none(left)) {
		work->slots[ENT_SLOT_REMAINING] =
			ent_text_format(work->call->arena, "%lld", (long long)left.n);
	}
}

/* ---- in which state ---------------------------------------------------------------------- */

void ent_import_claim(struct ent_import_work *work, const char *word)
{
	work->slots[ENT_SLOT_STATE] = ent_str_of(word == NULL ? "active" : word);
	work->slots[ENT_SLOT_CLAIM] = word == NULL ? (ent_str){ NULL, 0 } : ent_str_of(word);
}
