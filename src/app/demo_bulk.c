/* Any number of accounts, fast: rows and postings are as the use cases would make them, but
 * what is known to be right is not looked up again. */
#include "app/agenda.h"
#include "app/demo_inner.h"
#include "app/entitlement.h"
#include "app/ledger.h"
#include "base/text.h"
#include "core/life.h"
#include "store/zoneinfo.h"

enum { ACCOUNTS_AT_ONCE = 100, PRODUCTS = 20, CONTACTS = 5 };

static const char *const first_names[] = {
#define ENT_FIRST(name) name,
#include "app/demo_words.def"
};
static const char *const last_names[] = {
#define ENT_LAST(name) name,
#include "app/demo_words.def"
};
static const char *const places[] = { "Ash",   "Birch",  "Cedar", "Dover",   "Elm",   "Fern",
	                              "Grove", "Harbor", "Iron",  "Juniper", "Kings", "Lake",
	                              "Maple", "North",  "Oak",   "Pine",    "River", "Stone" };
static const char *const trades[] = { "Logistics", "Foods",     "Energy", "Textiles", "Optics",
	                              "Printing",  "Machines",  "Health", "Schools",  "Hotels",
	                              "Bakery",    "Shipyards", "Media" };
static const char *const forms[] = { "Ltd", "GmbH", "Inc", "AB", "SA", "BV" };

struct bulk {
	const struct ent_demo_options *options;
	const struct ent_zone *zone;
	ent_id products[PRODUCTS];
	int64_t first, end; /* accounts of this transaction */
	uint64_t random;
	int64_t entitlements, made; /* of this transaction */
};

static size_t chance(struct bulk *bulk, size_t below)
{
	bulk->random = bulk->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)((bulk->random >> 33) % below);
}

/* ---- products ---------------------------------------------------------------------------- */

static enum ent_code make_products(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct bulk *bulk = arg;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < PRODUCTS && code == ENT_OK; i++) {
		struct ent_product product;
		ent_type_clear(&ent_product_type, &product);
		product.name =
			ent_text_format(call->arena, i < 4 ? "Family %zu" : "Device %zu", i + 1);
		if (i >= 4) {
			product.parent_id = bulk->products[i % 4];
		}
		code = ent_demo_create(call, &ent_product_type, &product, &bulk->products[i],
		                       error);
	}
	return code;
}

/* ---- an account -------------------------------------------------------------------------- */

static enum ent_code add_account(struct bulk *bulk, struct ent_call *call, int64_t n, ent_id *out,
                                 struct ent_error *error)
{
	static const char *const tiers[] = { "gold", "silver", "bronze", "bronze" };
	struct ent_account account;
	ent_type_clear(&ent_account_type, &account);
	account.id = ent_app_id(call->app);
	account.name = ent_text_format(call->arena, "%s %s %s %lld",
	                               places[chance(bulk, ENT_COUNT(places))],
	                               trades[chance(bulk, ENT_COUNT(trades))],
	                               forms[chance(bulk, ENT_COUNT(forms))], (long long)n + 1);
	account.number = ent_text_format(call->arena, "B-%07lld", (long long)n + 1);
	account.tier = ent_str_of(tiers[chance(bulk, ENT_COUNT(tiers))]);
	account.time_zone = bulk->zone->name;
	*out = account.id;
	return ent_record_insert(call, &ent_account_type, &account, "created", error);
}

static enum ent_code add_contact(struct bulk *bulk, struct ent_call *call, ent_id account,
                                 int64_t n, int i, ent_id *out, struct ent_error *error)
{
	struct ent_contact contact;
	ent_type_clear(&ent_contact_type, &contact);
	contact.account_id = account;
	contact.name = ent_text_format(call->arena, "%s %s",
	                               first_names[chance(bulk, ENT_COUNT(first_names))],
	                               last_names[chance(bulk, ENT_COUNT(last_names))]);
	contact.email =
		ent_text_format(call->arena, "contact%d@b%lld.example", i + 1, (long long)n + 1);
	enum ent_code code = ent_record_insert(call, &ent_contact_type, &contact, "created", error);
	*out = contact.id;
	return code;
}

static enum ent_code insert_postings(struct ent_call *call, const struct ent_terms *terms,
                                     struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < terms->count && code == ENT_OK; i++) {
		terms->postings[i].id = ent_app_id(call->app);
		terms->postings[i].actor = call->who->actor;
		code = ent_row_insert(call->db, &ent_term_posting_type, &terms->postings[i],
		                      call->arena, error);
	}
	return code;
}

/* Created and activated in one. */
static enum ent_code add_entitlement(struct bulk *bulk, struct ent_call *call,
                                     struct ent_entitlement *e, struct ent_error *error)
{
	struct ent_terms terms;
	e->id = ent_app_id(call->app);
	e->time_zone = bulk->zone->name;
	enum ent_code code = ent_entitlement_tidy(call, NULL, e, error);
	if (code == ENT_OK) {
		code = ent_entitlement_number(call, &e->number, error);
	}
	if (code == ENT_OK) {
		code = ent_life_activate(e, call->now, error);
	}
	if (code == ENT_OK) {
		ent_terms_begin(&terms, e, bulk->zone, call->now, call->arena);
		code = ent_terms_open(&terms, ENT_COUNT_NONE, error);
	}
	if (code == ENT_OK) {
		e->seen_at = call->now;
		e->due_at = ent_ledger_due(e, call->now);
		code = ent_record_insert(call, &ent_entitlement_type, e, "activated", error);
	}
	if (code == ENT_OK) {
		ent_agenda_set(call, ENT_AGENDA_ENTITLEMENT, e->account_id, e->id,
		               ENT_INSTANT_NONE, e->due_at);
		code = insert_postings(call, &terms, error);
	}
	return code;
}

/* Cases for a product, minutes by telephone, and one that only has dates. */
static void plan_entitlement(struct bulk *bulk, int kind, ent_id account, const ent_id *contacts,
                             struct ent_arena *arena, struct ent_entitlement *e)
{
	ent_id *ids = ENT_NEW(arena, ent_id, 2);
	ent_type_clear(&ent_entitlement_type, e);
	e->account_id = account;
	e->starts_on.day = bulk->options->today.day - (int32_t)chance(bulk, 300) - 1;
	e->ends_on.day = e->starts_on.day + 364;
	ids[0] = bulk->products[chance(bulk, PRODUCTS)];
	if (kind == 0) {
		e->name = ENT_STR("Support, 20 cases");
		e->unit = ENT_UNIT_CASES;
		e->total.n = 20;
		e->restricted = chance(bulk, 2) == 0;
		e->products = (struct ent_ids){ ids, 1 };
	} else if (kind == 1) {
		e->name = ENT_STR("Expert hours");
		e->unit = ENT_UNIT_MINUTES;
		e->total.n = 600;
		e->charge_on = ENT_CHARGE_RESOLUTION;
		ids[0] = contacts[0];
		ids[1] = contacts[1];
		e->contacts = (struct ent_ids){ ids, 2 };
	} else {
		e->name = ENT_STR("Warranty");
		e->ends_on.day += 365;
	}
}

static enum ent_code add_one(struct bulk *bulk, struct ent_call *call, int64_t n,
                             struct ent_error *error)
{
	ent_id account;
	ent_id contacts[CONTACTS];
	enum ent_code code = add_account(bulk, call, n, &account, error);
	for (int i = 0; i < CONTACTS && code == ENT_OK; i++) {
		code = add_contact(bulk, call, account, n, i, &contacts[i], error);
	}
	size_t count = 2 + chance(bulk, 3); /* 3 on average */
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		struct ent_entitlement e;
		plan_entitlement(bulk, (int)(i % 3), account, contacts, call->arena, &e);
		code = add_entitlement(bulk, call, &e, error);
		bulk->made++;
	}
	return code;
}

static enum ent_code add_some(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct bulk *bulk = arg;
	bulk->made = 0;
	/* Of its own for each transaction, which may be run again. */
	bulk->random = (bulk->options->seed + (uint64_t)bulk->first) * UINT64_C(0x9E3779B97F4A7C15);
	enum ent_code code = ENT_OK;
	for (int64_t n = bulk->first; n < bulk->end && code == ENT_OK; n++) {
		code = add_one(bulk, call, n, error);
	}
	return code;
}

/* ---- all of them ------------------------------------------------------------------------- */

enum ent_code ent_demo_bulk(struct ent_app *app, const struct ent_call *model,
                            const struct ent_demo_options *options, struct ent_demo_report *out,
                            struct ent_error *error)
{
	struct bulk bulk = { .options = options };
	struct ent_call call = *model;
	call.now.us = options->today.day * ENT_DAY_US - 1;
	enum ent_code code = ent_zoneinfo_find(ENT_STR("Europe/Berlin"), &bulk.zone, error);
	if (code == ENT_OK) {
		code = ent_app_run(app, ENT_WRITE, &call, make_products, &bulk, error);
	}
	for (int64_t n = 0; n < options->accounts && code == ENT_OK; n = bulk.end) {
		bulk.first = n;
		bulk.end = n + ACCOUNTS_AT_ONCE;
		bulk.end = bulk.end < options->accounts ? bulk.end : options->accounts;
		code = ent_app_run(app, ENT_WRITE, &call, add_some, &bulk, error);
		bulk.entitlements += bulk.made;
		if (options->progress != NULL) {
			options->progress(options->arg, bulk.end, options->accounts);
		}
	}
	*out = (struct ent_demo_report){ .accounts = options->accounts,
		                         .contacts = options->accounts * CONTACTS,
		                         .products = PRODUCTS,
		                         .entitlements = bulk.entitlements };
	return code;
}
