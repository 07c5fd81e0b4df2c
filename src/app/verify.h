/* verify.h - proves that what is stored agrees with itself. It only reads.
 *
 * Of every account: balances of entitlements, channels and lots equal their replayed
 * postings; first and last instants equal dates and zone; the chain of events has no gap and
 * no other hash than its content, and account_head is its end; what cases hold equals their
 * standing postings; the default entitlement is the account's own; what cases say of their
 * clocks follows from their milestones; the states that lists find contracts by are those that they
 * are in; each row of `due` is of a record, at the time it says.
 */
#ifndef ENT_APP_VERIFY_H
#define ENT_APP_VERIFY_H

#include "app/app.h"

struct ent_finding {
	const char *kind; /* "balance", "channel", "lot", "dates", "event", "case", "default",
	                   * "clock", "state", "due" */
	ent_id account_id;
	char subject[ENT_ID_ROOM]; /* "ent_…": the record */
	char detail[160];          /* one line for a person */
};

typedef void ent_verify_report(void *arg, const struct ent_finding *finding);

struct ent_verify_result {
	int64_t accounts, entitlements, postings, cases, events; /* looked at */
	int64_t findings;
};

/* Walk everything in batches, each in a snapshot of its own, so that the server may go on
 * meanwhile. `report` is called for each finding, from this thread. Fails only if the store
 * cannot be read. From a thread that can wait. */
ENT_CHECK enum ent_code ent_verify(struct ent_app *app, ent_verify_report *report, void *arg,
                                   struct ent_verify_result *out, struct ent_error *error);

#endif
