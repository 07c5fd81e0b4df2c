#include "app/demo.h"

#include "app/agenda.h"
#include "app/demo_inner.h"
#include "app/people.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_AT_ONCE = 100 };

/* ---- chance and time --------------------------------------------------------------------- */

int64_t ent_demo_random(struct ent_demo *demo, int64_t below)
{
	demo->random = demo->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)((demo->random >> 33) % (uint64_t)below);
}

ent_instant ent_demo_at(const struct ent_demo *demo, int64_t day, int64_t minute)
{
	return (ent_instant){ (demo->options->today.day + day) * ENT_DAY_US +
		              minute * ENT_MINUTE_US };
}

ent_instant ent_demo_begins(ent_date today)
{
	return (ent_instant){ (int64_t)(today.day - ENT_DEMO_PAST_DAYS) * ENT_DAY_US };
}

/* ---- records ----------------------------------------------------------------------------- */

enum ent_code ent_demo_create(struct ent_call *call, const struct ent_type *type, void *object,
                              ent_id *out, struct ent_error *error)
{
	void *empty = ent_arena_alloc(call->arena, 1, type->size, 16);
	ent_type_clear(type, empty);
	struct ent_set given = ent_row_diff(type, empty, object, *call->arena);
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_children *rows = ent_field_at(&type->fields[i], object);
		if (type->fields[i].kind == ENT_K_CHILDREN && rows->count > 0) {
			ent_set_add(&given, i);
		}
	}
	enum ent_code code = ent_record_create(call, type, object, &given, error);
	*out = *(ent_id *)object;
	return code;
}

static int of_account(struct ent_demo *demo, size_t account, size_t count,
                      size_t (*account_of)(const struct ent_demo *, size_t))
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		found += account_of(demo, i) == account;
	}
	int64_t wanted = found > 0 ? ent_demo_random(demo, (int64_t)found) : -1;
	for (size_t i = 0; i < count && wanted >= 0; i++) {
		if (account_of(demo, i) == account && wanted-- == 0) {
			return (int)i;
		}
	}
	return -1;
}

static size_t account_of_contact(const struct ent_demo *demo, size_t i)
{
	return demo->contacts[i].account;
}

static size_t account_of_asset(const struct ent_demo *demo, size_t i)
{
	return demo->assets[i].account;
}

int ent_demo_contact_of(struct ent_demo *demo, size_t account)
{
	return of_account(demo, account, demo->contact_count, account_of_contact);
}

int ent_demo_asset_of(struct ent_demo *demo, size_t account)
{
	return of_account(demo, account, demo->asset_count, account_of_asset);
}

/* ---- steps ------------------------------------------------------------------------------- */

void ent_demo_plan(struct ent_demo *demo, ent_instant at,
                   enum ent_code (*take)(struct ent_demo *, struct ent_call *,
                                         const struct ent_demo_step *, struct ent_error *),
                   size_t n, int64_t detail)
{
	assert(demo->step_count < ENT_DEMO_STEPS_MAX);
	demo->steps[demo->step_count] =
		(struct ent_demo_step){ at.us, (int64_t)demo->step_count, take, n, detail };
	demo->step_count++;
}

static int by_time(const void *a, const void *b)
{
	const struct ent_demo_step *x = a;
	const struct ent_demo_step *y = b;
	if (x->at_us != y->at_us) {
		return x->at_us < y->at_us ? -1 : 1;
	}
	return x->order < y->order ? -1 : x->order > y->order;
}

struct some {
	struct ent_demo *demo;
	size_t first, end;
};

static enum ent_code take_some(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct some *some = arg;
	struct ent_demo *demo = some->demo;
	enum ent_code code = ENT_OK;
	for (size_t i = some->first; i < some->end && code == ENT_OK; i++) {
		const struct ent_demo_step *step = &demo->steps[i];
		call->now.us = step->at_us;
		call->who = demo->model.who;
		call->reason = (ent_str){ NULL, 0 };
		code = step->take(demo, call, step, error);
		ent_call_end(call);
	}
	return code;
}

static enum ent_code live_through(struct ent_demo *demo, bool virtual_clock,
                                  struct ent_error *error)
{
	const struct ent_demo_options *o = demo->options;
	enum ent_code code = ENT_OK;
	for (size_t i = 0, end; i < demo->step_count && code == ENT_OK; i = end) {
		end = i + 1;
		while (end < demo->step_count && end - i < STEPS_AT_ONCE &&
		       demo->steps[end].take != ent_demo_pass_week) {
			end++;
		}
		struct some some = { demo, i, end };
		if (virtual_clock) {
			ent_app_advance(demo->app, (ent_instant){ demo->steps[i].at_us });
		}
		ent_error_clear(error);
		code = ent_app_run(demo->app, ENT_WRITE, &demo->model, take_some, &some, error);
		if (o->progress != NULL) {
			o->progress(o->arg, (int64_t)some.end, (int64_t)demo->step_count);
		}
	}
	return code;
}

/* ---- the whole --------------------------------------------------------------------------- */

struct present {
	int64_t accounts, entitlements;
};

static enum ent_code count_present(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct present *present = arg;
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db,
	                                ENT_STR("SELECT (SELECT COUNT(*) FROM account), "
	                                        "(SELECT COUNT(*) FROM entitlement)"),
	                                NULL, 0, call->arena, &rows, error);
	if (code == ENT_OK) {
		present->accounts = rows.first->cell[0].number;
		present->entitlements = rows.first->cell[1].number;
	}
	return code;
}

static enum ent_code hash_password(struct ent_demo *demo, struct ent_arena *arena,
                                   struct ent_error *error)
{
	return ent_people_hash(ENT_STR(ENT_DEMO_PASSWORD), arena, &demo->password_hash, error);
}

static void make_plan(struct ent_demo *demo)
{
	if (!demo->options->add) {
		ent_demo_plan_calendars(demo);
		ent_demo_plan_sla(demo);
		ent_demo_plan_people(demo);
		ent_demo_plan_webhooks(demo);
	}
	ent_demo_plan_masters(demo);
	ent_demo_plan_rights(demo);
	ent_demo_plan_contracts(demo);
	ent_demo_plan_renewals(demo);
	ent_demo_plan_weeks(demo);
	ent_demo_plan_cases(demo);
	qsort(demo->steps, demo->step_count, sizeof(demo->steps[0]), by_time);
}

static enum ent_code fill(struct ent_demo *demo, int64_t before, struct ent_demo_report *out,
                          struct ent_error *error)
{
	static char memory[4096];
	struct ent_budget budget = { .high = memory, .fail_at = -1 };
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	bool fresh = !demo->options->add;
	enum ent_code code = fresh ? hash_password(demo, &arena, error) : ENT_OK;
	if (code != ENT_OK) {
		return code;
	}
	make_plan(demo);
	code = live_through(demo, fresh, error);
	struct ent_agenda_report brought = { .handled = 0 };
	if (code == ENT_OK) {
		code = ent_agenda_run(demo->app, ent_demo_at(demo, 0, 0), &brought, error);
	}
	struct present after = { 0, 0 };
	if (code == ENT_OK) { /* assets have made some, too */
		code = ent_app_run(demo->app, ENT_READ, &demo->model, count_present, &after, error);
	}
	size_t users;
	ent_demo_users(&users);
	*out = (struct ent_demo_report){
		.accounts = ENT_DEMO_ACCOUNTS,
		.contacts = (int64_t)demo->contact_count,
		.products = ENT_DEMO_PRODUCTS,
		.assets = (int64_t)demo->asset_count,
		.entitlements = after.entitlements - before,
		.cases = (int64_t)demo->case_count,
		.users = fresh ? (int64_t)users : 0,
	};
	return code;
}

enum ent_code ent_demo_fill(struct ent_app *app, const struct ent_call *model,
                            const struct ent_demo_options *options, struct ent_demo_report *out,
                            struct ent_error *error)
{
	struct present before = { 0, 0 };
	enum ent_code code = ent_app_run(app, ENT_READ, model, count_present, &before, error);
	if (code == ENT_OK && before.accounts > 0 && !options->add) {
		return ent_fail(error, ENT_E_STATE, "the database has accounts already");
	}
	if (code == ENT_OK && options->accounts > 0) {
		return ent_demo_bulk(app, model, options, out, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_demo *demo = calloc(1, sizeof(*demo));
	if (demo == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the plan");
	}
	demo->app = app;
	demo->model = *model;
	demo->options = options;
	demo->random = options->seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
	code = fill(demo, before.entitlements, out, error);
	free(demo);
	return code;
}
