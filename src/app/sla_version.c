#include "app/sla_version.h"

#include "app/inner.h"
#include "app/record.h"
#include "app/sla_cache.h"
#include "json/sla.h"

#include <stdlib.h>

/* What a call has got of one version. */
struct ent_sla_held {
	ent_id id;
	const struct ent_sla_version *version;
	bool is_kept; /* by the cache: to be released */
	struct ent_sla_held *next;
};

void ent_sla_call_end(struct ent_call *call)
{
	for (struct ent_sla_held *held = call->sla_versions; held != NULL; held = held->next) {
		if (held->is_kept) {
			ent_sla_cache_release(held->version);
		}
	}
	call->sla_versions = NULL;
	if (call->sla_policies_kept) {
		ent_sla_cache_release_policies(call->sla_policies);
	}
	call->sla_policies = NULL;
	call->sla_policies_kept = false;
}

void ent_sla_call_forget(struct ent_call *call)
{
	struct ent_sla_held **at = &call->sla_versions;
	while (*at != NULL) { /* what the cache keeps is frozen */
		struct ent_sla_held *held = *at;
		if (held->is_kept) {
			at = &held->next;
		} else {
			*at = held->next;
		}
	}
	if (call->sla_policies_kept) {
		ent_sla_cache_release_policies(call->sla_policies);
	}
	call->sla_policies = NULL;
	call->sla_policies_kept = false;
}

static bool has_touched(const struct ent_call *call, int64_t id)
{
	const struct ent_touched *t = call->touched;
	while (t != NULL && t->id != id) {
		t = t->next;
	}
	return t != NULL;
}

/* ---- versions ---- */

static void hold(struct ent_call *call, const struct ent_sla_version *version, bool is_kept)
{
	struct ent_sla_held *held = ENT_NEW(call->arena, struct ent_sla_held, 1);
	*held = (struct ent_sla_held){ version->id, version, is_kept, call->sla_versions };
	call->sla_versions = held;
}

/* Is what the row says frozen for good? Writes on SQLite also see what others in the same
 * commit wrote, and that may still fail: unless it is older than any commit takes. */
static bool is_frozen(const struct ent_call *call, const struct ent_sla_policy_version *row)
{
	enum { COMMIT_S = 5 };
	bool sees_uncommitted = call->epoch == 0;
	return !ent_instant_is_none(row->used_at) && !has_touched(call, row->id.value) &&
	       (!sees_uncommitted || row->updated_at.us + COMMIT_S * ENT_SECOND_US < call->now.us);
}

static enum ent_code load(struct ent_call *call, ent_id id, const struct ent_sla_version **out,
                          bool *is_kept, struct ent_error *error)
{
	struct ent_sla_policy_version row;
	enum ent_code code = ent_record_load(call, &ent_sla_policy_version_type, id, &row, error);
	if (code == ENT_OK && is_frozen(call, &row)) {
		code = ent_sla_cache_put(ent_app_sla(call->app), &row, out, error);
		*is_kept = *out != NULL;
	}
	if (code != ENT_OK || *is_kept) {
		return code;
	}
	struct ent_sla_version *own = ENT_NEW(call->arena, struct ent_sla_version, 1);
	*out = own;
	return ent_sla_version_load(&row, call->arena, own, error);
}

enum ent_code ent_call_sla_version(struct ent_call *call, ent_id id,
                                   const struct ent_sla_version **out, struct ent_error *error)
{
	for (const struct ent_sla_held *held = call->sla_versions; held != NULL;
	     held = held->next) {
		if (ent_id_eq(held->id, id)) {
			*out = held->version;
			return ENT_OK;
		}
	}
	*out = ent_sla_cache_get(ent_app_sla(call->app), id);
	bool is_kept = *out != NULL;
	enum ent_code code = ENT_OK;
	if (!is_kept && call->db == NULL) {
		return ent_fail(error, ENT_E_BUSY, "not in memory");
	}
	if (!is_kept) {
		code = load(call, id, out, &is_kept, error);
	}
	if (code == ENT_OK) {
		hold(call, *out, is_kept);
	}
	return code;
}

/* A used one is in force for as long as it is; what has just been activated may still be edited. */
enum ent_code ent_sla_version_use(struct ent_call *call, ent_id id, struct ent_error *error)
{
	struct ent_sla_policy_version row;
	const struct ent_type *type = &ent_sla_policy_version_type;
	const struct ent_sla_version *kept = ent_sla_cache_get(ent_app_sla(call->app), id);
	if (kept != NULL) { /* only frozen ones are kept */
		ent_sla_cache_release(kept);
		return ENT_OK;
	}
	enum ent_code code = ent_record_load(call, type, id, &row, error);
	if (code != ENT_OK || !ent_instant_is_none(row.used_at)) {
		return code;
	}
	code = ent_record_hold(call, type, id, 0, &row, error);
	if (code != ENT_OK || !ent_instant_is_none(row.used_at)) {
		return code;
	}
	if (row.state != ENT_SLA_ACTIVE) {
		return ent_fail(error, ENT_E_STATE,
		                "the version of the service level is not active");
	}
	struct ent_sla_policy_version *before = ent_record_copy(call->arena, type, &row);
	row.used_at = call->now;
	return ent_record_save(call, type, before, &row, "used", error);
}

/* ---- policies ---- */

static enum ent_code load_policies(struct ent_call *call, struct ent_sla_policies *out,
                                   struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(call->db,
	                   ENT_STR("SELECT p.id, v.id, p.is_default FROM sla_policy p "
	                           "LEFT JOIN sla_policy_version v ON v.id = p.default_version_id "
	                           "AND v.state = 'active' ORDER BY p.id"),
	                   NULL, 0, call->arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_sla_candidate *items =
		ENT_NEW(call->arena, struct ent_sla_candidate, rows.count);
	*out = (struct ent_sla_policies){ .items = items };
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next) {
		bool none = row->cell[1].kind == ENT_K_NULL;
		struct ent_sla_candidate *item = &items[out->count++];
		item->policy_id.value = row->cell[0].number;
		item->version_id.value = none ? 0 : row->cell[1].number;
		if (row->cell[2].number != 0) {
			out->organisation = *item;
		}
	}
	return ENT_OK;
}

static enum ent_code find_policies(struct ent_call *call, const struct ent_sla_policies **out,
                                   struct ent_error *error)
{
	struct ent_sla_cache *cache = ent_app_sla(call->app);
	bool cached = ent_app_may_cache(call->app) && !has_touched(call, ENT_CACHE_SLA);
	if (call->sla_policies == NULL && cached) {
		call->sla_policies = ent_sla_cache_get_policies(cache);
		call->sla_policies_kept = call->sla_policies != NULL;
	}
	if (call->sla_policies == NULL && call->db == NULL) {
		return ent_fail(error, ENT_E_BUSY, "not in memory");
	}
	if (call->sla_policies == NULL) {
		struct ent_sla_policies *own = ENT_NEW(call->arena, struct ent_sla_policies, 1);
		enum ent_code code = load_policies(call, own, error);
		if (code != ENT_OK) {
			return code;
		}
		call->sla_policies = own;
		if (ent_call_may_keep(call)) {
			ent_sla_cache_put_policies(cache, call->epoch, own);
		}
	}
	*out = call->sla_policies;
	return ENT_OK;
}

static enum ent_code warm(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct ent_sla_policies *policies;
	(void)arg;
	return find_policies(call, &policies, error);
}

enum ent_code ent_sla_warm(struct ent_app *app, struct ent_error *error)
{
	struct ent_call model = { .now = ent_app_now(app),
		                  .who = &ent_principal_system,
		                  .origin = ENT_STR("scheduler") };
	const struct ent_sla_policies *kept = ent_sla_cache_get_policies(ent_app_sla(app));
	if (kept != NULL) {
		ent_sla_cache_release_policies(kept);
		return ENT_OK;
	}
	if (!ent_app_may_cache(app)) {
		return ENT_OK; /* it would not be used */
	}
	return ent_app_run(app, ENT_READ, &model, warm, NULL, error);
}

static int order(const void *a, const void *b)
{
	int64_t x = ((const struct ent_sla_candidate *)a)->policy_id.value;
	int64_t y = ((const struct ent_sla_candidate *)b)->policy_id.value;
	return (x > y) - (x < y);
}

enum ent_code ent_call_sla_policy(struct ent_call *call, ent_id policy,
                                  struct ent_sla_candidate *out, struct ent_error *error)
{
	const struct ent_sla_policies *policies;
	const struct ent_sla_candidate key = { .policy_id = policy };
	*out = (struct ent_sla_candidate){ ENT_ID_NONE, ENT_ID_NONE };
	if (ent_id_is_none(policy)) {
		return ENT_OK;
	}
	enum ent_code code = find_policies(call, &policies, error);
	if (code != ENT_OK || policies->count == 0) {
		return code;
	}
	const struct ent_sla_candidate *found =
		bsearch(&key, policies->items, policies->count, sizeof(key), order);
	if (found != NULL) {
		*out = *found;
	}
	return ENT_OK;
}

enum ent_code ent_call_sla_default(struct ent_call *call, struct ent_sla_candidate *out,
                                   struct ent_error *error)
{
	const struct ent_sla_policies *policies;
	enum ent_code code = find_policies(call, &policies, error);
	*out = (struct ent_sla_candidate){ ENT_ID_NONE, ENT_ID_NONE };
	if (code == ENT_OK) {
		*out = policies->organisation;
	}
	return code;
}

enum ent_code ent_call_sla_in_use(struct ent_call *call, bool *out, struct ent_error *error)
{
	const struct ent_sla_policies *policies;
	enum ent_code code = find_policies(call, &policies, error);
	*out = code == ENT_OK && policies->count > 0;
	return code;
}
