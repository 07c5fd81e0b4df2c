/* clocks.h - a database with many cases whose clocks run, for due.c. */
#ifndef ENT_BENCH_CLOCKS_H
#define ENT_BENCH_CLOCKS_H

#include "app/app.h"

struct clocks {
	size_t cases;
	bool are_bare;    /* without service level, so without milestones */
	size_t due;       /* so many fall due, and are made last; the others a year later */
	int64_t lead_us;  /* until the first does; from when all are there, if not all are due */
	int64_t step_us;  /* how much later the first milestone of each next case falls due */
	ent_instant from; /* when the first does; set by clocks_make() */
};

enum { CLOCK_ACCOUNTS = 2000, CLOCK_RULES = 5 };

/* Open one case by the use case, with a policy of five rules, and copy it by SQL, so that each
 * copy has five open milestones. The database is new. How long the last ones take is guessed by
 * the others. */
ENT_CHECK enum ent_code clocks_make(struct ent_app *app, struct clocks *clocks,
                                    struct ent_error *error);

#endif
