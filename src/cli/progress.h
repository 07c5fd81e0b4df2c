/* progress.h - a bar on standard error, if that is a terminal. */
#ifndef ENT_CLI_PROGRESS_H
#define ENT_CLI_PROGRESS_H

#include "base/base.h"

struct ent_progress {
	const char *what;
	int64_t shown; /* of a thousand, plus one; 0: nothing yet */
};

/* `arg` is a struct ent_progress. */
void ent_progress_show(void *arg, int64_t done, int64_t all);
void ent_progress_end(struct ent_progress *progress); /* wipe it */

#endif
