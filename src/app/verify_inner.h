/* verify_inner.h - the walk of verify.c, and what verify_clock.c adds to it. */
#ifndef ENT_APP_VERIFY_INNER_H
#define ENT_APP_VERIFY_INNER_H

#include "app/record.h"
#include "app/verify.h"

enum {
	ENT_VERIFY_ACCOUNTS = 200, /* read at once */
	ENT_VERIFY_FINDINGS = 100  /* of one batch; the rest is only counted */
};

struct ent_verifying {
	struct ent_app *app;
	ent_verify_report *report;
	void *arg;
	struct ent_verify_result *result;
	/* of the batch that is being read: reset at its start, because it may run again */
	struct ent_verify_result seen;
	struct ent_finding findings[ENT_VERIFY_FINDINGS];
	size_t count;
	/* where the walk is */
	ent_id account;
	ent_id after;
	int64_t seq;
	char hash[72];
	bool is_done;
	struct {
		ent_id after;
		int64_t seq;
		char hash[72];
		bool is_done;
	} next;
	ent_id accounts[ENT_VERIFY_ACCOUNTS];
	size_t account_count;
};

void ENT_PRINTF(5, 6) ent_verify_note(struct ent_verifying *v, const char *kind, const char *prefix,
                                      ent_id id, const char *format, ...);

/* A batch of cases: what they say of their clocks follows from their milestones. */
ENT_CHECK enum ent_code ent_verify_clocks(struct ent_call *call, struct ent_verifying *v,
                                          struct ent_error *error);

/* The states that contracts are found by are those that they are in. */
ENT_CHECK enum ent_code ent_verify_contracts(struct ent_call *call, struct ent_verifying *v,
                                             struct ent_error *error);

/* The account's rows of `due` are those of its records, at their times. */
ENT_CHECK enum ent_code ent_verify_due(struct ent_call *call, struct ent_verifying *v,
                                       struct ent_error *error);

#endif
