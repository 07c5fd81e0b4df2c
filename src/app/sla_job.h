/* sla_job.h - work on the clocks of many cases: open cases to another version of their policy,
 * open milestones counted anew after a calendar has changed.
 *
 * A job is a record. Each case is a transaction of its own, in which the job notes how far it
 * has come: whoever goes on after a stop does no case twice and leaves none out, and two
 * servers at the same job hold each other up but do nothing twice. A case that fails, after
 * a few tries where the database says so, is a row of the report and passed over.
 */
#ifndef ENT_APP_SLA_JOB_H
#define ENT_APP_SLA_JOB_H

#include "app/app.h"

/* Work on the oldest job that runs, on at most `limit` cases. *worked: how many; 0: there is
 * nothing to do. From a thread that can wait. */
ENT_CHECK enum ent_code ent_sla_job_run(struct ent_app *app, size_t limit, size_t *worked,
                                        struct ent_error *error);

#endif
