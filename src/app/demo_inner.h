/* demo_inner.h - what the files of the demo share.
 *
 * All of it is planned first, from the seed; then the steps are taken in order of time, some
 * of them in each transaction. A step depends on the plan only, so that a transaction can
 * be run again.
 */
#ifndef ENT_APP_DEMO_INNER_H
#define ENT_APP_DEMO_INNER_H

#include "app/action.h"
#include "app/demo.h"

enum {
#define ENT_COMPANY(...) +1
	ENT_DEMO_ACCOUNTS = 0
#include "app/demo_words.def"
	,
#define ENT_PRODUCT(...) +1
	ENT_DEMO_PRODUCTS = 0
#include "app/demo_words.def"
	,
	ENT_DEMO_CONTACTS_MAX = 320,
	ENT_DEMO_ASSETS_MAX = 320,
	ENT_DEMO_RIGHTS_MAX = 120,
	ENT_DEMO_CASES_MAX = 460,
	ENT_DEMO_STEPS_MAX = 6000,
	ENT_DEMO_CONTRACTS_MAX = 64,
	ENT_DEMO_TEAMS = 4,
	ENT_DEMO_HOLIDAY_SETS = 2,
	ENT_DEMO_CALENDARS = 4,
	ENT_DEMO_ENDPOINTS = 2,
	ENT_DEMO_USERS_MAX = 16,
	ENT_DEMO_PAST_DAYS = 400, /* how far back it goes */
	ENT_DEMO_CASES = 400      /* about as many */
};

enum ent_demo_product {
#define ENT_PRODUCT(key, ...) ENT_DEMO_##key,
#include "app/demo_words.def"
	ENT_DEMO_NONE = -1
};

enum ent_demo_sla { ENT_DEMO_SLA_STANDARD, ENT_DEMO_SLA_PREMIUM, ENT_DEMO_SLA_POLICIES };

struct ent_demo_contact {
	size_t account;
	const char *first, *last, *post;
	int number; /* tells namesakes of an account apart; 0: the first */
	ent_id id;
};

struct ent_demo_asset {
	size_t account, contact;
	enum ent_demo_product product;
	int64_t serial;
	int32_t installed; /* days from today */
	int64_t quantity;
	ent_id id;
};

/* An entitlement; its offer is a row of demo_right.c. */
struct ent_demo_right {
	size_t account, offer;
	int32_t starts;      /* days from today */
	int32_t days;        /* its length; 0: no end */
	int cases;           /* that name it */
	const char *channel; /* by which they come; NULL: any */
	ent_id id;
};

struct ent_demo_case {
	size_t account, contact, problem;
	int asset;  /* -1: none */
	int right;  /* named by the caller; -1: the rules choose */
	int parent; /* case; -1: none */
	enum ent_demo_product product;
	enum ent_case_priority priority;
	const char *channel;
	size_t agent;
	int64_t minutes;
	ent_id id;
};

struct ent_demo;
struct ent_demo_step {
	int64_t at_us;
	int64_t order; /* as planned, where two are at the same instant */
	enum ent_code (*take)(struct ent_demo *demo, struct ent_call *call,
	                      const struct ent_demo_step *step, struct ent_error *error);
	size_t n; /* of what: a case, an entitlement … */
	int64_t detail;
};

struct ent_demo {
	struct ent_app *app;
	struct ent_call model;
	const struct ent_demo_options *options;
	uint64_t random;
	ent_str password_hash;
	ent_id products[ENT_DEMO_PRODUCTS], accounts[ENT_DEMO_ACCOUNTS], teams[ENT_DEMO_TEAMS];
	/* none where the demo is added to another one */
	ent_id holiday_sets[ENT_DEMO_HOLIDAY_SETS], calendars[ENT_DEMO_CALENDARS];
	ent_id sla_policies[ENT_DEMO_SLA_POLICIES];
	ent_id contracts[ENT_DEMO_CONTRACTS_MAX]; /* of demo_contract.def */
	ent_id users[ENT_DEMO_USERS_MAX], endpoints[ENT_DEMO_ENDPOINTS];
	struct ent_principal who[ENT_DEMO_USERS_MAX];
	struct ent_demo_contact contacts[ENT_DEMO_CONTACTS_MAX];
	struct ent_demo_asset assets[ENT_DEMO_ASSETS_MAX];
	struct ent_demo_right rights[ENT_DEMO_RIGHTS_MAX];
	struct ent_demo_case cases[ENT_DEMO_CASES_MAX];
	struct ent_demo_step steps[ENT_DEMO_STEPS_MAX];
	size_t contact_count, asset_count, right_count, case_count, step_count;
	char actors[ENT_DEMO_USERS_MAX][ENT_ID_ROOM];
};

/* A number in [0, below). */
int64_t ent_demo_random(struct ent_demo *demo, int64_t below);

/* The instant `day` days from today, at this time UTC. */
ent_instant ent_demo_at(const struct ent_demo *demo, int64_t day, int64_t minute);

void ent_demo_plan(struct ent_demo *demo, ent_instant at,
                   enum ent_code (*take)(struct ent_demo *, struct ent_call *,
                                         const struct ent_demo_step *, struct ent_error *),
                   size_t n, int64_t detail);

/* ent_record_create() with all that is filled in as given. */
ENT_CHECK enum ent_code ent_demo_create(struct ent_call *call, const struct ent_type *type,
                                        void *object, ent_id *out, struct ent_error *error);

/* A contact or asset of this account, or -1. */
int ent_demo_contact_of(struct ent_demo *demo, size_t account);
int ent_demo_asset_of(struct ent_demo *demo, size_t account);

/* Plans, each in its file. */
void ent_demo_plan_people(struct ent_demo *demo);  /* demo_people.c */
void ent_demo_plan_calendars(struct ent_demo *demo); /* demo_calendar.c */
void ent_demo_plan_sla(struct ent_demo *demo); /* demo_sla.c, after calendars */
void ent_demo_plan_masters(struct ent_demo *demo); /* demo_master.c: products, accounts … */
void ent_demo_plan_rights(struct ent_demo *demo);  /* demo_right.c */
void ent_demo_plan_contracts(struct ent_demo *demo); /* demo_contract.c */
void ent_demo_plan_renewals(struct ent_demo *demo); /* demo_renewal.c */
void ent_demo_plan_cases(struct ent_demo *demo);   /* demo_case.c */

void ent_demo_plan_webhooks(struct ent_demo *demo); /* demo_webhook.c */
void ent_demo_plan_weeks(struct ent_demo *demo); /* demo_week.c */
/* A step that begins a transaction, as it looks at what others before it have set. */
enum ent_code ent_demo_pass_week(struct ent_demo *demo, struct ent_call *call,
                                 const struct ent_demo_step *step, struct ent_error *error);

/* demo_bulk.c */
ENT_CHECK enum ent_code ent_demo_bulk(struct ent_app *app, const struct ent_call *model,
                                      const struct ent_demo_options *options,
                                      struct ent_demo_report *out, struct ent_error *error);

#endif
