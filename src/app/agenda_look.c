/* agenda_look.c - what is to come, and how far behind it is. */
#include "app/agenda_inner.h"
#include "base/text.h"

enum { BACKLOG_MOST = 100000 };

struct next {
	ent_instant at;
};

static enum ent_code find_next(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct next *next = arg;
	struct ent_rows rows;
	ent_str sql = ent_text_format(
		call->arena,
		"SELECT (SELECT MIN(at) FROM due WHERE retry_at IS NULL AND subject IN %s), "
		"(SELECT MIN(retry_at) FROM due WHERE retry_at IS NOT NULL AND subject IN %s)",
		ent_agenda_names, ent_agenda_names);
	enum ent_code code = ent_db_run(call->db, sql, NULL, 0, call->arena, &rows, error);
	next->at = ENT_INSTANT_END;
	for (size_t i = 0; i < 2 && code == ENT_OK; i++) {
		const struct ent_value *cell = &rows.first->cell[i];
		if (cell->kind != ENT_K_NULL && cell->number < next->at.us) {
			next->at.us = cell->number;
		}
	}
	return code;
}

enum ent_code ent_agenda_next(struct ent_app *app, ent_instant *out, struct ent_error *error)
{
	struct next next;
	struct ent_call model = {
		.now = ent_app_now(app),
		.who = &ent_principal_system,
		.origin = ENT_STR("scheduler"),
	};
	enum ent_code code = ent_app_run(app, ENT_READ, &model, find_next, &next, error);
	if (code == ENT_OK) {
		*out = next.at;
	}
	return code;
}

enum ent_code ent_agenda_backlog(struct ent_call *call, struct ent_agenda_backlog *out,
                                 struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT COUNT(*), COUNT(retry_at), MIN(at) FROM (SELECT * FROM (SELECT "
	                "at, retry_at FROM due WHERE at <= $1 AND retry_at IS NULL LIMIT $2) a "
	                "UNION ALL SELECT * FROM (SELECT at, retry_at FROM due WHERE retry_at IS "
	                "NOT NULL LIMIT $3) b) c"),
		ENT_ARGS(ent_arg_instant(call->now), ent_arg_int(BACKLOG_MOST),
	                 ent_arg_int(BACKLOG_MOST)),
		call->arena, &rows, error);
	if (code == ENT_OK) {
		const struct ent_value *cell = rows.first->cell;
		bool none = cell[2].kind == ENT_K_NULL;
		out->overdue = cell[0].number;
		out->failing = cell[1].number;
		out->oldest = none ? ENT_INSTANT_NONE : (ent_instant){ cell[2].number };
	}
	return code;
}

void ent_agenda_stats(struct ent_app *app, struct ent_agenda_stats *out)
{
	struct ent_agenda *agenda = ent_app_agenda(app);
	for (size_t i = 0; i < ENT_AGENDA_SUBJECTS; i++) {
		out->handled[i] = atomic_load(&agenda->handled[i]);
		out->failed[i] = atomic_load(&agenda->failed[i]);
	}
	for (size_t i = 0; i <= ENT_AGENDA_LAGS; i++) {
		out->lags[i] = atomic_load(&agenda->lags[i]);
	}
	out->batches = atomic_load(&agenda->batches);
	out->lag_us = atomic_load(&agenda->lag_us);
}
