/* clocks.h - a database with many cases whose clocks run, for due.c. */
#ifndef ENT_BENCH_CLOCKS_H
#define ENT_BENCH_CLOCKS_H

#include "app/app.h"

struct clocks {
	size_t cases;
	bool are_bare;    /* without service level, so without milestones */
	ent_instant from; /* when the first milestone of the first case falls due */
	int64_t step_us;  /* and how much later that of each next case does */
};

enum { CLOCK_ACCOUNTS = 2000, CLOCK_RULES = 5 };

/* Open one case by the use case, with a policy of five rules, and copy it by SQL, so that each
 * copy has five open milestones. The database is new. */
ENT_CHECK enum ent_code clocks_make(struct ent_app *app, const struct clocks *clocks,
                                    struct ent_error *error);

#endif
