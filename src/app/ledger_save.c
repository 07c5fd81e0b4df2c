#include "app/ledger.h"

#include "app/agenda.h"
#include "app/due.h"
#include "app/entitlement.h"
#include "app/record.h"
#include "app/reminder.h"
#include "app/renewal.h"
#include "app/sla.h"
#include "base/text.h"
#include "core/life.h"
#include "json/json.h"

/* ---- postings ---------------------------------------------------------------------------- */

static enum ent_code insert_postings(struct ent_call *call, struct ent_term_posting *postings,
                                     size_t count, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		postings[i].id = ent_app_id(call->app);
		postings[i].actor = call->who->actor;
		postings[i].idempotency_key = call->idempotency_key;
		code = ent_row_insert(call->db, &ent_term_posting_type, &postings[i], call->arena,
		                      error);
	}
	return code;
}

/* The word for what the postings do, and the posting that says how much. */
static const char *verb_of(const struct ent_terms *terms, const struct ent_term_posting **main)
{
	static const struct {
		enum ent_posting_kind kind;
		const char *verb;
	} verbs[] = {
		{ ENT_POST_CONSUME, "consumed" }, { ENT_POST_REFUND, "refunded" },
		{ ENT_POST_RESERVE, "reserved" }, { ENT_POST_RELEASE, "released" },
		{ ENT_POST_ADJUST, "adjusted" },  { ENT_POST_TOP_UP, "topped_up" },
	};
	for (size_t k = 0; k < ENT_COUNT(verbs); k++) {
		for (size_t i = 0; i < terms->count; i++) {
			if (terms->postings[i].kind == verbs[k].kind) {
				*main = &terms->postings[i];
				return verbs[k].verb;
			}
		}
	}
	*main = NULL;
	return "settled";
}

/* ---- events -------------------------------------------------------------------------------- */

static void derive(struct ent_entitlement *e, const struct ent_zone *zone, ent_instant now)
{
	ent_terms_derive(e, zone, now);
	e->state = ent_life_state(e, now);
}

static void add_count(struct ent_text *text, const char *name, ent_count count)
{
	if (!ent_count_is_none(count)) {
		ent_json_comma(text);
		ent_json_name(text, name);
		ent_text_int(text, count.n);
	}
}

static void add_id(struct ent_text *text, const char *name, const struct ent_type *type, ent_id id)
{
	char room[ENT_ID_ROOM];
	if (!ent_id_is_none(id)) {
		ent_json_comma(text);
		ent_json_name(text, name);
		ent_json_string(text, (ent_str){ room, ent_id_format(id, type->prefix, room) });
	}
}

static ent_str balance(struct ent_call *call, const struct ent_entitlement *e,
                       const struct ent_terms *terms, const struct ent_term_posting *main)
{
	int64_t units = 0;
	for (size_t i = 0; main != NULL && i < terms->count; i++) {
		units += terms->postings[i].kind == main->kind ? terms->postings[i].units : 0;
	}
	struct ent_text text = ent_text_begin(call->arena);
	ent_text_char(&text, '{');
	if (main != NULL) {
		add_count(&text, "units", (ent_count){ units });
		add_id(&text, "case_id", &ent_case_type, main->case_id);
	}
	add_count(&text, "consumed", e->consumed);
	add_count(&text, "reserved", e->reserved);
	add_count(&text, "remaining", e->remaining);
	add_count(&text, "available", e->available);
	ent_text_char(&text, '}');
	return ent_text_end(&text);
}

/* The derived fields that an event shows, where they differ. */
static void add_derived(struct ent_set *set, const struct ent_entitlement *a,
                        const struct ent_entitlement *b)
{
	static const char *const counts[] = { "granted", "consumed", "reserved", "remaining",
		                              "available" };
	const struct ent_type *type = &ent_entitlement_type;
	for (size_t i = 0; i < ENT_COUNT(counts); i++) {
		const struct ent_field *field = ent_type_field(type, ent_str_of(counts[i]));
		if (((const ent_count *)ent_field_at(field, a))->n !=
		    ((const ent_count *)ent_field_at(field, b))->n) {
			ent_set_add(set, ent_type_at(type, field));
		}
	}
	if (a->state != b->state) {
		ent_set_add(set, ent_type_at(type, ENT_FIELD_OF(entitlement, state)));
	}
}

static ent_str as_json(struct ent_call *call, const struct ent_entitlement *e,
                       const struct ent_set *set)
{
	struct ent_text text = ent_text_begin(call->arena);
	ent_json_write(&ent_entitlement_type, e, set, &text);
	return ent_text_end(&text);
}

static enum ent_code append(struct ent_call *call, const struct ent_entitlement *e,
                            const char *verb, ent_str before, ent_str after,
                            struct ent_error *error)
{
	return ent_event_append(call, e->account_id, &ent_entitlement_type, e->id, verb, before,
	                        after, error);
}

static enum ent_code write_event(struct ent_call *call, const struct ent_held *held,
                                 const struct ent_set *changed, const char *verb,
                                 struct ent_error *error)
{
	const struct ent_term_posting *main;
	struct ent_entitlement *was = ent_ledger_snapshot(held->base, call->arena);
	derive(was, held->zone, call->now);
	const char *moved = verb_of(&held->terms, &main);
	if (verb == NULL) {
		return append(call, held->now, moved, balance(call, was, &held->terms, NULL),
		              balance(call, held->now, &held->terms, main), error);
	}
	struct ent_set set = ent_row_diff(&ent_entitlement_type, was, held->now, *call->arena);
	for (size_t i = 0; i < ent_entitlement_type.count; i++) {
		bool lots = &ent_entitlement_type.fields[i] == ENT_FIELD_OF(entitlement, lots);
		if (ent_entitlement_type.fields[i].kind == ENT_K_CHILDREN &&
		    ent_set_has(changed, i) && !lots) {
			ent_set_add(&set, i);
		}
	}
	add_derived(&set, was, held->now);
	return append(call, held->now, verb, as_json(call, was, &set),
	              as_json(call, held->now, &set), error);
}

static bool is_live(enum ent_entitlement_state state)
{
	return state == ENT_ENTITLEMENT_WAITING || state == ENT_ENTITLEMENT_ACTIVE ||
	       state == ENT_ENTITLEMENT_SUSPENDED;
}

/* What follows from the change: another state, an end, an empty balance. */
static enum ent_code write_outcome(struct ent_call *call, const struct ent_held *held,
                                   const char *verb, struct ent_error *error)
{
	const struct ent_entitlement *e = held->now;
	enum ent_entitlement_state was = ent_life_state(held->base, call->now);
	enum ent_entitlement_state is = e->state;
	enum ent_code code = ENT_OK;
	struct ent_terms_view then;
	if (was != is && is != ENT_ENTITLEMENT_DRAFT && verb != NULL) {
		const char *crossing = ent_due_verb(was, is);
		if (!ent_str_is(ent_str_of(crossing), verb)) {
			code = append(call, e, crossing,
			              ent_due_state(call->arena, was, ENT_INSTANT_NONE),
			              ent_due_state(call->arena, is, call->now), error);
		}
	}
	ent_terms_view(held->base, held->zone, call->now, &then);
	bool opened = !ent_instant_is_none(held->base->ledger_ends_at);
	if (code == ENT_OK && opened && then.bounded && then.available > 0 &&
	    !ent_count_is_none(e->available) && e->available.n <= 0) {
		code = append(call, e, "exhausted", (ent_str){ NULL, 0 },
		              balance(call, e, &held->terms, NULL), error);
	}
	return code;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static enum ent_code write_row(struct ent_call *call, const struct ent_held *held,
                               struct ent_set *changed, struct ent_error *error)
{
	struct ent_entitlement *e = held->now;
	e->seen_at = call->now;
	e->due_at = ent_ledger_due(e, call->now);
	e->kept_state = e->state;
	e->version++;
	e->updated_at = call->now;
	ent_agenda_set(call, ENT_AGENDA_ENTITLEMENT, e->account_id, e->id, held->before->due_at,
	               e->due_at);
	*changed = ent_row_diff(&ent_entitlement_type, held->before, e, *call->arena);
	enum ent_code code =
		ent_row_update(call->db, &ent_entitlement_type, e, changed, call->arena, error);
	return code == ENT_OK ? ent_sla_saved(call, &ent_entitlement_type, e->id, changed, error)
	                      : code;
}

/* Under a contract, by a whole percent. */
static bool used_more(const struct ent_entitlement *before, const struct ent_entitlement *e)
{
	int64_t granted = e->ledger_granted;
	return !ent_id_is_none(e->contract_id) && granted > 0 &&
	       e->ledger_consumed * 100 / granted > before->ledger_consumed * 100 / granted;
}

/* An amendment that was scheduled is in force: a draft of a renewal follows it. */
static bool is_amended_by_time(const struct ent_held *held)
{
	const struct ent_due *due = held->due;
	while (due != NULL &&
	       (due->revision == NULL || due->revision->state != ENT_REVISION_APPLIED)) {
		due = due->next;
	}
	return due != NULL;
}

enum ent_code ent_ledger_save(struct ent_call *call, struct ent_held *held, const char *verb,
                              struct ent_error *error)
{
	struct ent_entitlement *e = held->now;
	struct ent_set rows = { { 0 } };
	enum ent_code code = ent_record_save_children(call, &ent_entitlement_type, held->before, e,
	                                              &rows, error);
	struct ent_set set = ent_row_diff(&ent_entitlement_type, held->before, e, *call->arena);
	bool overdue = !ent_instant_is_none(e->due_at) && e->due_at.us <= call->now.us;
	if (code != ENT_OK || (ent_set_is_empty(&set) && ent_set_is_empty(&rows) &&
	                       held->terms.count == 0 && held->due == NULL && !overdue)) {
		return code;
	}
	derive(e, held->zone, call->now);
	bool ended = is_live(ent_life_state(held->before, held->before->seen_at)) &&
	             !is_live(e->state);
	code = insert_postings(call, held->early, held->early_count, error);
	if (code == ENT_OK) {
		code = insert_postings(call, held->terms.postings, held->terms.count, error);
	}
	if (code == ENT_OK) {
		code = ent_due_write(call, held, error);
	}
	struct ent_set own = ent_row_diff(&ent_entitlement_type, held->base, e, *call->arena);
	bool changed = !ent_set_is_empty(&own) || !ent_set_is_empty(&rows) || held->terms.count > 0;
	if (code == ENT_OK && ended) {
		code = ent_amend_withdraw(call, e, error);
	}
	if (code == ENT_OK) {
		code = write_row(call, held, &set, error);
	}
	bool is_told = verb != NULL && verb[0] == '\0';
	if (code == ENT_OK && changed && !is_told) {
		code = write_event(call, held, &rows, verb, error);
	}
	if (code == ENT_OK) {
		code = write_outcome(call, held, verb, error);
	}
	if (code == ENT_OK && used_more(held->before, e)) {
		ent_reminder_look(call, e->account_id, e->contract_id);
	}
	if (code == ENT_OK && ended) {
		code = ent_default_drop(call, e, error);
	}
	if (code == ENT_OK && is_amended_by_time(held)) {
		code = ent_renewal_expect_of(call, e->contract_id, error);
	}
	ent_record_touch(call, &ent_entitlement_type, e);
	return code;
}
