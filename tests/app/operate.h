/* operate.h - operations on contracts for tests: previewed, applied, and what is in the tables. */
#ifndef ENT_TESTS_APP_OPERATE_H
#define ENT_TESTS_APP_OPERATE_H

#include "app/world.h"
#include "core/input.h"

/* An operation with its input as JSON; what it answers, in world.arena. */
enum ent_code operate_try(const char *name, ent_id contract, const char *json,
                          const struct world_ref *refs, bool preview,
                          struct ent_contract_plan *out);

/* The JSON with "$1" … replaced by identifiers, in world.arena. */
ent_str operate_fill(const char *json, const struct world_ref *refs);

/* Preview, then apply: CHECKs that both say the same and that the preview writes nothing. */
struct ent_contract_plan operate(const char *name, ent_id contract, const char *json,
                                 const struct world_ref *refs);
/* The code that both of them fail with. */
enum ent_code operate_refused(const char *name, ent_id contract, const char *json,
                              const struct world_ref *refs);

/* Every column of contracts, lines, coverage, entitlements and what hangs on them, but versions,
 * when they were changed, and what only the scheduler reads. */
const char *operate_dump(void);
/* All columns of the rows of two accounts, their operations as well, and how many events there are
 * and what is due. */
const char *operate_dump_whole(const ent_id accounts[2]);

#define SAME_TABLES(got, want) operate_same((got), (want), __FILE__, __LINE__)
void operate_same(const char *got, const char *want, const char *file, int line);

/* The n-th line of a contract, from 0; CHECKs that it is there. */
struct ent_contract_line operate_line(ent_id contract, int n);
struct ent_contract operate_contract(ent_id contract);

#endif
