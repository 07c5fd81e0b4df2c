/* What comes with a past: balances and states of entitlements. */
#include "app/action.h"
#include "app/entitlement_act.h"
#include "app/import_inner.h"
#include "app/reference.h"
#include "core/life.h"
#include "json/json.h"

#include <string.h>

static const ent_str why = { "import", 6 };

unsigned ent_import_state(struct ent_import_work *work, const struct ent_names *names,
                          unsigned otherwise, struct ent_error *error)
{
	unsigned state = otherwise;
	ent_str text = work->slots[ENT_SLOT_STATE];
	ent_str word = ent_import_word(work->call->arena, text);
	if (text.len > 0 && !ent_names_find(names, word, &state)) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/#STATE", text, "give a state such as %s",
		         names->text[0]);
	}
	return state;
}

/* ---- entitlements: the balance ----------------------------------------------------------- */

struct opening {
	ent_count remaining;
	const ent_count *channels; /* what remains of each row; none: not told */
	size_t count;
};

/* What remains is told with the rows of channels; loading them again would lose it. */
static struct opening opening_of(struct ent_import_work *work, struct ent_error *error)
{
	const struct ent_entitlement *e = work->object;
	const struct ent_entitlement_channel *rows = e->channels.items;
	ent_count *channels = ENT_NEW(work->call->arena, ent_count, e->channels.count);
	for (size_t i = 0; i < e->channels.count; i++) {
		channels[i] = rows[i].remaining;
	}
	ent_count remaining = ent_import_count(work, ENT_SLOT_REMAINING, error);
	return (struct opening){ remaining, channels, e->channels.count };
}

/* Units used on this channel; 0 if it is not told. */
static int64_t used_on(const struct ent_entitlement *e, const struct opening *opening, size_t i)
{
	const struct ent_entitlement_channel *rows = e->channels.items;
	bool told = i < e->channels.count && !ent_count_is_none(rows[i].total) &&
	            !ent_count_is_none(opening->channels[i]);
	return told ? rows[i].total.n - opening->channels[i].n : 0;
}

/* Into force with what remains: what was used is a posting of its own, and what does not
 * fit between nothing and the total (an overdraft, units on top) is another. */
static enum ent_code open_balance(struct ent_import_work *work, struct ent_held *held,
                                  const struct opening *opening, struct ent_error *error)
{
	const struct ent_entitlement *e = held->now;
	bool bounded = e->unit != ENT_UNIT_NONE && !e->unlimited && !ent_count_is_none(e->total);
	int64_t more = 0;
	ent_count first = ENT_COUNT_NONE;
	if (bounded && !ent_count_is_none(opening->remaining)) {
		first.n = opening->remaining.n;
		for (size_t i = 0; i < opening->count; i++) {
			first.n += used_on(e, opening, i);
		}
		more = first.n > e->total.n ? first.n - e->total.n : first.n < 0 ? first.n : 0;
		first.n -= more;
	}
	enum ent_code code = ent_life_activate(held->now, work->call->now, error);
	if (code == ENT_OK) {
		code = ent_terms_open(&held->terms, first, error);
	}
	if (code == ENT_OK && more != 0) {
		code = ent_terms_adjust(&held->terms, more, (ent_str){ NULL, 0 }, why, error);
	}
	for (size_t i = 0; i < opening->count && code == ENT_OK && bounded; i++) {
		int64_t units = used_on(e, opening, i);
		const struct ent_entitlement_channel *rows = e->channels.items;
		if (units != 0) {
			code = ent_terms_adjust(&held->terms, -units, rows[i].channel, why, error);
		}
	}
	return code;
}

static enum ent_code activate(struct ent_import_work *work, ent_id id,
                              const struct opening *opening, struct ent_entitlement *out,
                              struct ent_error *error)
{
	struct ent_held held;
	enum ent_code code =
		ent_act_enter(work->call, "entitlement.activate", id, 0, why, &held, error);
	if (code == ENT_OK) {
		code = open_balance(work, &held, opening, error);
	}
	return code == ENT_OK ? ent_act_leave(work->call, &held,
	                                      ent_act_activated(work->call, &held), out, error)
	                      : code;
}

/* ---- entitlements: the state ------------------------------------------------------------- */

static enum ent_code act(struct ent_import_work *work, const struct ent_type *type,
                         const char *action, ent_id id, const void *input, void *out,
                         struct ent_error *error)
{
	return ent_action_of(type, ent_str_of(action))->act(work->call, id, 0, input, out, error);
}

static enum ent_code suspend(struct ent_import_work *work, struct ent_entitlement *e,
                             struct ent_error *error)
{
	const struct ent_input_suspend input = { .starts_at = ENT_INSTANT_NONE,
		                                 .ends_at = ENT_INSTANT_NONE,
		                                 .reason = why };
	return act(work, &ent_entitlement_type, "suspend", e->id, &input, e, error);
}

static enum ent_code cancel(struct ent_import_work *work, struct ent_entitlement *e,
                            struct ent_error *error)
{
	const struct ent_input_cancel input = { .at = ENT_INSTANT_NONE, .reason = why };
	return act(work, &ent_entitlement_type, "cancel", e->id, &input, e, error);
}

/* From what it is to what the table says; the rest follows from its dates. */
static enum ent_code reach(struct ent_import_work *work, enum ent_entitlement_state wanted,
                           struct ent_entitlement *e, bool *changed, struct ent_error *error)
{
	static const struct ent_input_resume resume = { .at = { INT64_MIN },
		                                        .reason = { "import", 6 } };
	bool live = e->state == ENT_ENTITLEMENT_WAITING || e->state == ENT_ENTITLEMENT_ACTIVE ||
	            e->state == ENT_ENTITLEMENT_SUSPENDED;
	*changed = true;
	if (wanted == ENT_ENTITLEMENT_CANCELLED && live) {
		return cancel(work, e, error);
	}
	if (wanted == ENT_ENTITLEMENT_SUSPENDED && e->state == ENT_ENTITLEMENT_ACTIVE) {
		return suspend(work, e, error);
	}
	if (wanted == ENT_ENTITLEMENT_ACTIVE && e->state == ENT_ENTITLEMENT_SUSPENDED) {
		return act(work, &ent_entitlement_type, "resume", e->id, &resume, e, error);
	}
	*changed = false;
	return ENT_OK;
}

static enum ent_code make_default(struct ent_import_work *work, struct ent_entitlement *e,
                                  struct ent_error *error)
{
	static const struct ent_input_reason reason = { { "import", 6 } };
	bool wanted = false;
	ent_str text = work->slots[ENT_SLOT_IS_DEFAULT];
	if (text.len > 0 && !ent_import_bool(text, &wanted)) {
		return ent_refuse(error, ENT_E_FORMAT, "/#IS_DEFAULT", text, "give true or false");
	}
	return wanted && e->state == ENT_ENTITLEMENT_ACTIVE
	               ? act(work, &ent_entitlement_type, "set_default", e->id, &reason, e, error)
	               : ENT_OK;
}

/* Dates win; what the table says is not kept silent. */
static void compare_claim(struct ent_import_work *work, const struct ent_entitlement *e)
{
	ent_str claim = work->slots[ENT_SLOT_CLAIM];
	enum ent_entitlement_state state = ent_life_state(e, work->call->now);
	if (claim.len > 0 && !ent_str_is(claim, ent_entitlement_state_names.text[state])) {
		ent_import_remark(work, "state_dates_mismatch: it is said to be %.*s; by its dates "
					"it is %s",
		                  (int)claim.len, claim.ptr,
		                  ent_entitlement_state_names.text[state]);
	}
}

enum ent_code ent_import_create_entitlement(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_entitlement *e = work->object;
	struct opening opening = opening_of(work, error);
	bool changed;
	unsigned wanted =
		ent_import_state(work, &ent_entitlement_state_names, ENT_ENTITLEMENT_DRAFT, error);
	enum ent_code code = ent_noted(error);
	if (code == ENT_OK) {
		code = ent_record_create(work->call, &ent_entitlement_type, e, &work->given, error);
	}
	if (code != ENT_OK || wanted == ENT_ENTITLEMENT_DRAFT) {
		return code;
	}
	code = activate(work, e->id, &opening, e, error);
	if (code == ENT_OK) { /* as the account's default it is not suspended yet */
		code = make_default(work, e, error);
	}
	if (code == ENT_OK) {
		code = reach(work, wanted, e, &changed, error);
	}
	compare_claim(work, e);
	return code;
}

/* Salesforce derives its state from dates, so it says nothing new. */
enum ent_code ent_import_change_entitlement(struct ent_import_work *work,
                                            const struct ent_entitlement *present, bool *changed,
                                            struct ent_error *error)
{
	struct opening opening = opening_of(work, error);
	struct ent_entitlement e = *present;
	bool moved = false;
	unsigned wanted = ent_import_state(work, &ent_entitlement_state_names, e.state, error);
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK || wanted == ENT_ENTITLEMENT_DRAFT || wanted == e.state ||
	    work->reader->options->from == ENT_FROM_SALESFORCE) {
		compare_claim(work, &e);
		return code;
	}
	if (e.state == ENT_ENTITLEMENT_DRAFT) {
		code = activate(work, e.id, &opening, &e, error);
		*changed = true;
	}
	if (code == ENT_OK) {
		code = reach(work, wanted, &e, &moved, error);
		*changed = *changed || moved;
	}
	compare_claim(work, &e);
	return code;
}

/* ---- entitlements: locked fields, contacts ----------------------------------------------- */

/* Rows as they would be given: without what the server makes of them. */
static void add_rows(struct ent_text *text, const struct ent_field *field, const void *object)
{
	const struct ent_type *child = field->child;
	const struct ent_children *rows = ent_field_at(field, object);
	ent_json_comma(text);
	ent_json_name(text, field->name);
	ent_text_char(text, '[');
	for (size_t i = 0; i < rows->count; i++) {
		const char *item = (const char *)rows->items + i * child->size;
		struct ent_set set = { { 0 } };
		for (size_t k = 0; k < child->count; k++) {
			if (ent_field_is_read(&child->fields[k]) &&
			    !ent_field_is_none(&child->fields[k], item)) {
				ent_set_add(&set, k);
			}
		}
		ent_json_comma(text);
		ent_json_write(child, item, &set, text);
	}
	ent_text_char(text, ']');
}

enum ent_code ent_import_amend(struct ent_import_work *work, ent_id id,
                               const struct ent_set *fields, struct ent_error *error)
{
	const struct ent_type *type = &ent_entitlement_type;
	struct ent_text text = ent_text_begin(work->call->arena);
	struct ent_set plain = *fields;
	struct ent_entitlement out;
	ent_text_char(&text, '{');
	for (size_t i = 0; i < type->count; i++) {
		if (ent_set_has(fields, i) && type->fields[i].kind == ENT_K_CHILDREN) {
			add_rows(&text, &type->fields[i], work->object);
			plain.bits[i / 64] &= ~(UINT64_C(1) << i % 64);
		}
	}
	if (!ent_set_is_empty(&plain)) {
		ent_json_comma(&text);
		(void)ent_json_members(type, work->object, &plain, &text);
	}
	ent_text_char(&text, '}');
	const struct ent_input_amend input = {
		.changes = { ent_text_end(&text) },
		.effective_on = ENT_DATE_NONE,
		.reason = why,
	};
	return act(work, type, "amend", id, &input, &out, error);
}

/* Also to one that has ended: it is what was. */
enum ent_code ent_import_add_contact(struct ent_import_work *work, enum ent_import_status *status,
                                     ent_id *out, struct ent_error *error)
{
	ent_id contact = ENT_ID_NONE;
	enum ent_code code =
		ent_import_refer(work, &ent_entitlement_type, work->slots[ENT_SLOT_ENTITLEMENT],
	                         "/#ENTITLEMENT", out, error);
	if (code == ENT_OK) {
		code = ent_import_refer(work, &ent_contact_type, work->slots[ENT_SLOT_CONTACT],
		                        "/#CONTACT", &contact, error);
	}
	if (code == ENT_OK) {
		code = ent_noted(error);
	}
	struct ent_held held;
	if (code == ENT_OK) {
		code = ent_act_enter(work->call, "entitlement.amend", *out, 0, why, &held, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_entitlement *e = held.now;
	*status = ENT_IMPORT_UNCHANGED;
	if (ent_ids_has(e->contacts, contact)) {
		return ENT_OK;
	}
	struct ent_entitlement *before = ent_ledger_snapshot(e, work->call->arena);
	ent_id *ids = ENT_NEW(work->call->arena, ent_id, e->contacts.count + 1);
	if (e->contacts.count > 0) {
		memcpy(ids, e->contacts.items, e->contacts.count * sizeof(*ids));
	}
	ids[e->contacts.count] = contact;
	e->contacts = (struct ent_ids){ ids, e->contacts.count + 1 };
	if ((int64_t)e->contacts.count > ENT_FIELD_OF(entitlement, contacts)->limit) {
		return ent_refuse(error, ENT_E_LIMIT, "/#CONTACT", (ent_str){ NULL, 0 },
		                  "the entitlement names too many contacts");
	}
	code = ent_reference_check(work->call, &ent_entitlement_type, before, e, error);
	if (code == ENT_OK) {
		code = ent_noted(error);
	}
	*status = ENT_IMPORT_UPDATED;
	struct ent_entitlement shown;
	return code == ENT_OK ? ent_act_leave(work->call, &held, "updated", &shown, error) : code;
}
