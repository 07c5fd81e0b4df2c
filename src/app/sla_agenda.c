/* What time brings to the clocks of cases: warnings, violations, actions; and cases that
 * have to be looked at again because something around them has changed. */
#include "app/agenda.h"
#include "app/pile.h"
#include "app/sla.h"
#include "app/sla_version.h"
#include "base/text.h"

/* ---- one case ------------------------------------------------------------------------------- */

static bool is_told_by(const struct ent_field *field)
{
	static const size_t told[] = {
		offsetof(struct ent_case, next_due_at),
		offsetof(struct ent_case, next_warn_at),
		offsetof(struct ent_case, sla_stage),
		offsetof(struct ent_case, sla_pauses),
	};
	for (size_t i = 0; i < ENT_COUNT(told); i++) {
		if (field->offset == told[i]) {
			return true;
		}
	}
	return false;
}

/* A case of which only the summary of its clocks has changed gets no event of its own: those of
 * the milestones say it all. Where nothing has, as is the rule, its row stays as it is. */
static enum ent_code save(struct ent_sla_work *work, struct ent_error *error)
{
	struct ent_call *call = work->call;
	struct ent_set set = ent_row_diff(&ent_case_type, work->before, work->c, *call->arena);
	bool plain = true;
	bool is_new = false;
	for (size_t i = 0; i < ent_case_type.count; i++) {
		if (ent_set_has(&set, i)) {
			plain = plain && is_told_by(&ent_case_type.fields[i]);
			is_new = true;
		}
	}
	if (!is_new) {
		return ENT_OK;
	}
	if (!plain) {
		return ent_record_save(call, &ent_case_type, work->before, work->c, "updated",
		                       error);
	}
	work->c->version++;
	work->c->updated_at = call->now;
	ent_set_add(&set, ENT_AT_VERSION);
	ent_set_add(&set, ENT_AT_UPDATED_AT);
	return ent_pile_update(call, &ent_case_type, work->c, &set, error);
}

static enum ent_code handle(struct ent_call *call, const struct ent_agenda_item *item,
                            const struct ent_sla_batch *batch, struct ent_error *error)
{
	struct ent_case *c = ent_sla_batch_case(batch, item->id);
	if (c == NULL) {
		return ENT_OK; /* gone */
	}
	struct ent_case before = *c;
	struct ent_sla_work work = {
		.call = call, .before = &before, .c = c, .due = item->at, .batch = batch
	};
	enum ent_code code = ent_sla_work_begin(&work, error);
	if (code != ENT_OK || work.is_idle) {
		return code;
	}
	code = ent_sla_work_pass(&work, error);
	if (code == ENT_OK) {
		ent_sla_summarise(&work.run, c);
		code = save(&work, error);
	}
	return code == ENT_OK ? ent_sla_work_end(&work, error) : code;
}

/* ---- many ---- */

enum ent_code ent_sla_agenda(struct ent_call *call, const struct ent_agenda_item *items,
                             size_t count, struct ent_error *error)
{
	struct ent_sla_batch batch;
	ent_id *ids = ENT_NEW(call->arena, ent_id, count);
	for (size_t i = 0; i < count; i++) {
		ids[i] = items[i].id;
	}
	enum ent_code code =
		ent_sla_batch_load(call, (struct ent_ids){ ids, count }, &batch, error);
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		code = handle(call, &items[i], &batch, error);
	}
	return code;
}

/* ---- waking ---- */

enum ent_code ent_sla_wake(struct ent_call *call, const char *column, ent_id id,
                           struct ent_error *error)
{
	bool in_use;
	enum ent_code code = ent_call_sla_in_use(call, &in_use, error);
	if (code != ENT_OK || !in_use) {
		return code;
	}
	ent_str select = ent_text_format(call->arena,
	                                 "SELECT account_id, id FROM \"case\" WHERE state = 'open' "
	                                 "AND %s = $3",
	                                 column);
	return ent_agenda_wake(call, ENT_AGENDA_CASE, select, ENT_ARGS(ent_arg_id(id)), error);
}

/* Every case that has a clock, or may get one. Those that were closed while service levels were
 * switched off have clocks that still run. */
static enum ent_code wake_all(struct ent_call *call, struct ent_error *error)
{
	bool in_use;
	enum ent_code code = ent_call_sla_in_use(call, &in_use, error);
	if (code != ENT_OK || !in_use) {
		return code;
	}
	return ent_agenda_wake(call, ENT_AGENDA_CASE,
	                       ENT_STR("SELECT account_id, id FROM \"case\" WHERE state = 'open' "
	                               "OR sla_stage IN ('open', 'paused')"),
	                       NULL, 0, error);
}

static bool is_of_all(const struct ent_field *field)
{
	return field->offset == offsetof(struct ent_settings, sla_enabled) ||
	       field->offset == offsetof(struct ent_settings, calendar_id) ||
	       field->offset == offsetof(struct ent_settings, pause_statuses);
}

/* Records that service levels look at, and what of a case refers to them. */
static const struct {
	const struct ent_type *type;
	const char *column;
} watched[] = {
	{ &ent_account_type, "account_id" },         { &ent_contact_type, "contact_id" },
	{ &ent_product_type, "product_id" },         { &ent_asset_type, "asset_id" },
	{ &ent_entitlement_type, "entitlement_id" },
};

/* Those whose service level may be another one now. Who follows one keeps its version, and what
 * is given to no more cases stays with those that have it. */
static enum ent_code wake_choosers(struct ent_call *call, ent_id policy, bool is_of_default,
                                   struct ent_error *error)
{
	return ent_agenda_wake(
		call, ENT_AGENDA_CASE,
		is_of_default
			? ENT_STR("SELECT account_id, id FROM \"case\" WHERE state = 'open' AND "
	                          "sla_source IN ('default', 'none') AND EXISTS "
	                          "(SELECT 1 FROM sla_policy WHERE id = $3)")
			: ENT_STR("SELECT c.account_id, c.id FROM \"case\" c JOIN account a "
	                          "ON a.id = c.account_id LEFT JOIN entitlement e "
	                          "ON e.id = c.entitlement_id JOIN sla_policy p ON p.id = $3 "
	                          "WHERE c.state = 'open' AND (a.sla_policy_id = p.id OR "
	                          "e.sla_policy_id = p.id OR (p.is_default AND "
	                          "c.sla_source = 'none')) AND "
	                          "COALESCE(c.sla_policy_id, 0) <> p.id"),
		ENT_ARGS(ent_arg_id(policy)), error);
}

static enum ent_code policy_saved(struct ent_call *call, ent_id id, const struct ent_set *changed,
                                  struct ent_error *error)
{
	const struct ent_type *type = &ent_sla_policy_type;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < type->count && code == ENT_OK; i++) {
		size_t offset = type->fields[i].offset;
		bool is_default = offset == offsetof(struct ent_sla_policy, is_default);
		bool is_version = offset == offsetof(struct ent_sla_policy, default_version_id);
		if (ent_set_has(changed, i) && (is_default || is_version)) {
			code = wake_choosers(call, id, is_default, error);
		}
	}
	return code;
}

static enum ent_code settings_saved(struct ent_call *call, const struct ent_set *changed,
                                    struct ent_error *error)
{
	const struct ent_type *type = &ent_settings_type;
	for (size_t i = 0; i < type->count; i++) {
		if (ent_set_has(changed, i) && is_of_all(&type->fields[i])) {
			return wake_all(call, error);
		}
	}
	return ENT_OK;
}

/* Did anything change that a rule could name? */
static bool is_to_be_seen(const struct ent_type *type, const struct ent_set *changed)
{
	for (size_t i = 0; i < type->count; i++) {
		if (ent_set_has(changed, i) && i != ENT_AT_VERSION && i != ENT_AT_UPDATED_AT &&
		    ent_field_is_shown(&type->fields[i])) {
			return true;
		}
	}
	return false;
}

enum ent_code ent_sla_saved(struct ent_call *call, const struct ent_type *type, ent_id id,
                            const struct ent_set *changed, struct ent_error *error)
{
	if (type == &ent_settings_type) {
		return settings_saved(call, changed, error);
	}
	if (type == &ent_sla_policy_type) {
		return policy_saved(call, id, changed, error);
	}
	for (size_t i = 0; i < ENT_COUNT(watched); i++) {
		if (watched[i].type == type && is_to_be_seen(type, changed)) {
			return ent_sla_wake(call, watched[i].column, id, error);
		}
	}
	return ENT_OK;
}
