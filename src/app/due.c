#include "app/due.h"

#include "app/record.h"
#include "base/text.h"
#include "core/life.h"
#include "json/json.h"

#include <string.h>

const char *ent_due_verb(enum ent_entitlement_state from, enum ent_entitlement_state to)
{
	switch (to) {
	case ENT_ENTITLEMENT_DRAFT:
		return "deactivated";
	case ENT_ENTITLEMENT_WAITING:
		return "scheduled";
	case ENT_ENTITLEMENT_ACTIVE:
		return from == ENT_ENTITLEMENT_SUSPENDED ? "resumed" : "activated";
	case ENT_ENTITLEMENT_SUSPENDED:
		return "suspended";
	case ENT_ENTITLEMENT_EXPIRED:
		return "expired";
	case ENT_ENTITLEMENT_CANCELLED:
		return "cancelled";
	}
	assert(false);
	return NULL;
}

ent_str ent_due_state(struct ent_arena *arena, enum ent_entitlement_state state, ent_instant at)
{
	char text[ENT_INSTANT_ROOM];
	const char *name = ent_entitlement_state_names.text[state];
	if (ent_instant_is_none(at)) {
		return ent_text_format(arena, "{\"state\":\"%s\"}", name);
	}
	ent_instant_format(at, text);
	return ent_text_format(arena, "{\"state\":\"%s\",\"at\":\"%s\"}", name, text);
}

static struct ent_due *add(struct ent_call *call, struct ent_held *held, const char *verb)
{
	struct ent_due *due = ENT_NEW(call->arena, struct ent_due, 1);
	due->verb = verb;
	*held->last_due = due;
	held->last_due = &due->next;
	return due;
}

static void add_crossing(struct ent_call *call, struct ent_held *held, const char *verb,
                         enum ent_entitlement_state was, enum ent_entitlement_state is,
                         ent_instant at)
{
	struct ent_due *due = add(call, held, verb);
	due->before = ent_due_state(call->arena, was, ENT_INSTANT_NONE);
	due->after = ent_due_state(call->arena, is, at);
}

static enum ent_entitlement_state state_of(enum ent_boundary_kind kind)
{
	static const enum ent_entitlement_state states[] = {
		[ENT_BOUNDARY_ACTIVATED] = ENT_ENTITLEMENT_ACTIVE,
		[ENT_BOUNDARY_EXPIRED] = ENT_ENTITLEMENT_EXPIRED,
		[ENT_BOUNDARY_SUSPENDED] = ENT_ENTITLEMENT_SUSPENDED,
		[ENT_BOUNDARY_RESUMED] = ENT_ENTITLEMENT_ACTIVE,
		[ENT_BOUNDARY_CANCELLED] = ENT_ENTITLEMENT_CANCELLED,
	};
	return states[kind];
}

/* The crossings in (from, to]. */
static void cross(struct ent_call *call, struct ent_held *held, ent_instant from, ent_instant to)
{
	if (from.us < held->now->activated_at.us) {
		from = held->now->activated_at;
	}
	struct ent_boundary list[ENT_BOUNDARY_MAX];
	size_t count = ent_life_boundaries(held->now, from, to, list, ENT_BOUNDARY_MAX);
	assert(count <= ENT_BOUNDARY_MAX);
	enum ent_entitlement_state was = ent_life_state(held->now, from);
	for (size_t i = 0; i < count; i++) {
		enum ent_entitlement_state is = state_of(list[i].kind);
		add_crossing(call, held, ent_due_verb(was, is), was, is, list[i].at);
		was = is;
	}
}

/* The postings of an amendment go before those of call->now. */
static void keep_postings(struct ent_call *call, struct ent_held *held,
                          const struct ent_terms *terms)
{
	size_t count = held->early_count + terms->count;
	struct ent_term_posting *all = ENT_NEW(call->arena, struct ent_term_posting, count);
	if (held->early_count > 0) {
		memcpy(all, held->early, held->early_count * sizeof(*all));
	}
	if (terms->count > 0) {
		memcpy(all + held->early_count, terms->postings, terms->count * sizeof(*all));
	}
	held->early = all;
	held->early_count = count;
}

/* An amendment that no longer fits is withdrawn, and an event says why. */
static struct ent_due *withdraw(struct ent_call *call, struct ent_held *held,
                                struct ent_entitlement_revision *revision,
                                const struct ent_error *reason)
{
	struct ent_due *due = add(call, held, "amendment_withdrawn");
	revision->state = ENT_REVISION_WITHDRAWN;
	struct ent_text text = ent_text_begin(call->arena);
	ent_text_addf(&text, "{\"changes\":%.*s,\"code\":", (int)revision->changes.text.len,
	              revision->changes.text.ptr);
	ent_json_string(&text, ent_str_of(ent_code_name(reason->code)));
	ent_text_addf(&text, ",\"detail\":");
	ent_json_string(&text, ent_str_of(reason->detail));
	ent_text_char(&text, '}');
	due->after = ent_text_end(&text);
	return due;
}

static bool is_luck(enum ent_code code)
{
	return code == ENT_E_STORAGE || code == ENT_E_BUSY || code == ENT_E_SYSTEM ||
	       code == ENT_E_OUT_OF_MEMORY || code == ENT_E_UNAVAILABLE || code == ENT_E_OVERLOADED;
}

static enum ent_code amend(struct ent_call *call, struct ent_held *held,
                           struct ent_entitlement_revision *revision, struct ent_error *error)
{
	struct ent_error refused;
	ent_error_clear(&refused);
	struct ent_terms terms;
	struct ent_amendment amendment = { .changes = revision->changes.text,
		                           .at = revision->effective_at };
	enum ent_entitlement_state was = ent_life_state(held->now, amendment.at);
	ent_terms_begin(&terms, held->now, held->zone, amendment.at, call->arena);
	enum ent_code code = ent_amend_apply(call, &terms, &amendment, &refused);
	if (is_luck(code)) {
		*error = refused;
		return code;
	}
	keep_postings(call, held, &terms);
	if (code != ENT_OK) {
		withdraw(call, held, revision, &refused)->revision = revision;
		return ENT_OK;
	}
	held->zone = terms.zone;
	revision->state = ENT_REVISION_APPLIED;
	revision->revision = ++held->now->revision;
	revision->before.text = amendment.before;
	struct ent_due *due = add(call, held, "amended");
	due->before = amendment.before;
	due->after = amendment.after;
	due->revision = revision;
	enum ent_entitlement_state is = ent_life_state(held->now, amendment.at);
	if (was != is) {
		add_crossing(call, held, ent_due_verb(was, is), was, is, amendment.at);
	}
	return ENT_OK;
}

static bool is_of(const struct ent_entitlement_revision *revision, const struct ent_held *held)
{
	return ent_id_eq(revision->entitlement_id, held->now->id);
}

enum ent_code ent_due_pass(struct ent_call *call, struct ent_held *held,
                           const struct ent_list *revisions, struct ent_error *error)
{
	struct ent_entitlement *e = held->now;
	struct ent_entitlement_revision *list = revisions->items;
	if (e->stage == ENT_STAGE_DRAFT) {
		return ENT_OK;
	}
	ent_instant from = ent_instant_is_none(e->seen_at) ? e->activated_at : e->seen_at;
	enum ent_code code = ENT_OK;
	bool amended = !ent_instant_is_none(e->amends_at) && e->amends_at.us <= call->now.us;
	for (size_t i = 0; amended && i < revisions->count && code == ENT_OK; i++) {
		if (!is_of(&list[i], held)) {
			continue;
		}
		e->amends_at = list[i].effective_at;
		if (e->amends_at.us > call->now.us) {
			break;
		}
		e->amends_at = ENT_INSTANT_NONE;
		cross(call, held, from, list[i].effective_at);
		code = amend(call, held, &list[i], error);
		from = list[i].effective_at;
	}
	if (code == ENT_OK) {
		cross(call, held, from, call->now);
	}
	return code;
}

static enum ent_code write_revision(struct ent_call *call,
                                    const struct ent_entitlement_revision *revision,
                                    struct ent_error *error)
{
	struct ent_set set = { { 0 } };
	const struct ent_type *type = &ent_entitlement_revision_type;
	ent_set_add(&set, ent_type_at(type, ENT_FIELD_OF(entitlement_revision, state)));
	ent_set_add(&set, ent_type_at(type, ENT_FIELD_OF(entitlement_revision, revision)));
	ent_set_add(&set, ent_type_at(type, ENT_FIELD_OF(entitlement_revision, before)));
	return ent_row_update(call->db, type, revision, &set, call->arena, error);
}

enum ent_code ent_due_write(struct ent_call *call, const struct ent_held *held,
                            struct ent_error *error)
{
	const struct ent_entitlement *e = held->now;
	enum ent_code code = ENT_OK;
	for (const struct ent_due *due = held->due; due != NULL && code == ENT_OK;
	     due = due->next) {
		if (due->revision != NULL) {
			code = write_revision(call, due->revision, error);
		}
		if (code == ENT_OK) {
			code = ent_event_append(call, e->account_id, &ent_entitlement_type, e->id,
			                        due->verb, due->before, due->after, error);
		}
	}
	return code;
}
