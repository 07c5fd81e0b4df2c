/* sla_cache.h - service levels in memory: versions that are frozen, and which policies there are.
 *
 * A version that a case has used never changes, so it is kept until there is no room. The list
 * of policies follows the epoch rule of cache.h. Any thread.
 */
#ifndef ENT_APP_SLA_CACHE_H
#define ENT_APP_SLA_CACHE_H

#include "core/sla.h"

struct ent_sla_cache;

struct ent_sla_cache *ent_sla_cache_open(void); /* NULL: no memory */
void ent_sla_cache_close(struct ent_sla_cache *cache);

/* Stands for all policies, in what transactions announce. */
#define ENT_CACHE_SLA INT64_C(2)

/* Forget the version of this id, or the policies, or with 0 everything; `epoch` is the one
 * after it. */
void ent_sla_cache_forget(struct ent_sla_cache *cache, int64_t id, uint64_t epoch);

/* Shared and unchanging: release it when done. NULL: not there. */
const struct ent_sla_version *ent_sla_cache_get(struct ent_sla_cache *cache, ent_id id);
void ent_sla_cache_release(const struct ent_sla_version *version);

/* Compile and keep a frozen one; *out as from ent_sla_cache_get(), or NULL if there is no
 * memory. STORAGE if its rules cannot be read. */
ENT_CHECK enum ent_code ent_sla_cache_put(struct ent_sla_cache *cache,
                                          const struct ent_sla_policy_version *row,
                                          const struct ent_sla_version **out,
                                          struct ent_error *error);

/* Every policy, by id. */
struct ent_sla_policies {
	const struct ent_sla_candidate *items;
	size_t count;
	struct ent_sla_candidate organisation; /* its default */
};

const struct ent_sla_policies *ent_sla_cache_get_policies(struct ent_sla_cache *cache);
void ent_sla_cache_release_policies(const struct ent_sla_policies *policies);
void ent_sla_cache_put_policies(struct ent_sla_cache *cache, uint64_t epoch,
                                const struct ent_sla_policies *policies);

#endif
