/* What would happen to a case, with everything inline (docs/clocks.md). */
#include "cli/eval.h"

#include "store/zoneinfo.h"
#include "json/sla_simulate.h"

static enum ent_code find_zone(void *arg, ent_str name, const struct ent_zone **out,
                               struct ent_error *error)
{
	(void)arg;
	return ent_zoneinfo_find(name, out, error);
}

enum ent_code ent_eval_sla_simulate(const struct ent_node *input, struct ent_arena *arena,
                                    ent_str *result, struct ent_error *error)
{
	static const struct ent_sla_world world = { .find_zone = find_zone };
	return ent_sla_simulate(input, &world, arena, result, error);
}
