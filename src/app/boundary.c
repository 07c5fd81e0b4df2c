#include "app/boundary.h"

#include "app/ledger.h"

enum { BATCH = 64 };

struct due {
	ent_id account, id;
	int64_t at;
};

struct batch {
	struct due items[BATCH];
	size_t count, wanted;
	struct due last; /* where the one before ended */
};

static struct ent_call scheduler(ent_instant now)
{
	return (struct ent_call){
		.now = now,
		.who = &ent_principal_system,
		.origin = ENT_STR("scheduler"),
	};
}

static enum ent_code find(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct batch *batch = arg;
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT account_id, id, due_at FROM entitlement WHERE due_at <= $1 "
	                "AND (due_at > $2 OR (due_at = $2 AND id > $3)) ORDER BY due_at, id LIMIT "
	                "$4"),
		ENT_ARGS(ent_arg_instant(call->now), ent_arg_int(batch->last.at),
	                 ent_arg_int(batch->last.id.value), ent_arg_int((int64_t)batch->wanted)),
		call->arena, &rows, error);
	batch->count = 0;
	if (code != ENT_OK) {
		return code;
	}
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next) {
		batch->items[batch->count++] = (struct due){ { row->cell[0].number },
			                                     { row->cell[1].number },
			                                     row->cell[2].number };
	}
	return ENT_OK;
}

/* Locks are always taken in the order of accounts, so that servers do not block each other
 * crosswise. */
static void sort_by_account(struct due *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct due item = items[i];
		size_t at = i;
		while (at > 0 && items[at - 1].account.value > item.account.value) {
			items[at] = items[at - 1];
			at--;
		}
		items[at] = item;
	}
}

static enum ent_code handle_one(struct ent_call *call, ent_id id, struct ent_error *error)
{
	struct ent_held held;
	enum ent_code code = ent_ledger_hold(call, id, &held, error);
	if (code == ENT_E_NOT_FOUND) {
		return ENT_OK; /* deleted meanwhile */
	}
	if (code != ENT_OK || ent_instant_is_none(held.before->due_at) ||
	    held.before->due_at.us > call->now.us) {
		return code;
	}
	return ent_ledger_save(call, &held, NULL, error);
}

static enum ent_code handle(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct batch *batch = arg;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < batch->count && code == ENT_OK; i++) {
		code = handle_one(call, batch->items[i].id, error);
	}
	return code;
}

/* All in one transaction; if that fails, each in its own, so that one that is damaged
 * holds up no other. */
static void handle_batch(struct ent_app *app, const struct ent_call *model, struct batch *batch,
                         struct ent_boundary_report *out)
{
	struct ent_error error;
	ent_error_clear(&error);
	sort_by_account(batch->items, batch->count);
	if (ent_app_run(app, ENT_WRITE, model, handle, batch, &error) == ENT_OK) {
		out->handled += batch->count;
		return;
	}
	for (size_t i = 0; i < batch->count; i++) {
		struct batch one = { .items = { batch->items[i] }, .count = 1 };
		ent_error_clear(&error);
		if (ent_app_run(app, ENT_WRITE, model, handle, &one, &error) == ENT_OK) {
			out->handled++;
		} else if (out->failed++ == 0) {
			out->error = error;
		}
	}
}

enum ent_code ent_boundary_run(struct ent_app *app, ent_instant now, size_t limit,
                               struct ent_boundary_report *out, struct ent_error *error)
{
	struct ent_call model = scheduler(now);
	struct batch batch = { .last = { .at = INT64_MIN } };
	enum ent_code code;
	size_t left = limit == 0 ? SIZE_MAX : limit;
	*out = (struct ent_boundary_report){ 0 };
	do {
		batch.wanted = left < BATCH ? left : BATCH;
		code = ent_app_run(app, ENT_READ, &model, find, &batch, error);
		if (code == ENT_OK && batch.count > 0) {
			batch.last = batch.items[batch.count - 1];
			left -= batch.count;
			handle_batch(app, &model, &batch, out);
		}
	} while (code == ENT_OK && batch.count == batch.wanted && left > 0);
	return code;
}

struct next {
	ent_instant at;
};

static enum ent_code find_next(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct next *next = arg;
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db, ENT_STR("SELECT MIN(due_at) FROM entitlement WHERE due_at IS NOT NULL"),
		NULL, 0, call->arena, &rows, error);
	if (code == ENT_OK) {
		bool none = rows.first->cell[0].kind == ENT_K_NULL;
		next->at = none ? ENT_INSTANT_END : (ent_instant){ rows.first->cell[0].number };
	}
	return code;
}

enum ent_code ent_boundary_next(struct ent_app *app, ent_instant *out, struct ent_error *error)
{
	struct ent_call model = scheduler(ent_app_now(app));
	struct next next;
	enum ent_code code = ent_app_run(app, ENT_READ, &model, find_next, &next, error);
	if (code == ENT_OK) {
		*out = next.at;
	}
	return code;
}
