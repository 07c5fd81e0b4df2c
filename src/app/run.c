/* A use case in a transaction of its own, for those who can wait. */
#include "app/agenda_inner.h"
#include "app/inner.h"

#include <stdlib.h>

struct running {
	struct ent_task task;
	struct ent_app *app;
	const struct ent_call *model;
	ent_use *use;
	void *arg;
	enum ent_access access;
	struct ent_call call;
};

static enum ent_code run(void *arg, struct ent_db *db, struct ent_arena *arena,
                         struct ent_error *error)
{
	struct running *running = arg;
	running->call = *running->model;
	running->call.app = running->app;
	running->call.db = db;
	running->call.arena = arena;
	running->call.settings = NULL;
	running->call.kept_settings = NULL;
	running->call.endpoints = NULL;
	running->call.sla_versions = NULL;
	running->call.sla_policies = NULL;
	running->call.sla_policies_kept = false;
	running->call.heads = NULL;
	running->call.touched = NULL;
	running->call.agenda = NULL;
	running->call.has_outbox = false;
	running->call.has_events = false;
	running->call.set_count = 0;
	running->call.hours = NULL;
	running->call.epoch = ent_app_epoch(running->app, running->access);
	enum ent_code code = running->use(&running->call, running->arg, error);
	ent_call_end(&running->call);
	return code == ENT_OK ? ent_call_finish(&running->call, error) : code;
}

/* What was touched outlives the arena of the transaction. */
struct waiting {
	struct running running;
	int64_t *touched;
	size_t touched_count;
	ent_instant earliest; /* of what was set to be due */
	bool out_of_memory;
};

static enum ent_code run_and_keep(void *arg, struct ent_db *db, struct ent_arena *arena,
                                  struct ent_error *error)
{
	struct waiting *waiting = arg;
	enum ent_code code = run(&waiting->running, db, arena, error);
	size_t count = 0;
	for (const struct ent_touched *t = waiting->running.call.touched; t != NULL; t = t->next) {
		count++;
	}
	free(waiting->touched);
	waiting->touched = count > 0 ? calloc(count, sizeof(int64_t)) : NULL;
	waiting->out_of_memory = count > 0 && waiting->touched == NULL;
	waiting->touched_count = 0;
	for (const struct ent_touched *t = waiting->running.call.touched;
	     t != NULL && !waiting->out_of_memory; t = t->next) {
		waiting->touched[waiting->touched_count++] = t->id;
	}
	waiting->earliest = ent_agenda_earliest(&waiting->running.call);
	return code;
}

enum ent_code ent_app_run(struct ent_app *app, enum ent_access access, const struct ent_call *model,
                          ent_use *use, void *arg, struct ent_error *error)
{
	struct waiting waiting = {
		.running = { .app = app, .model = model, .use = use, .arg = arg, .access = access },
		.earliest = ENT_INSTANT_END,
	};
	enum ent_code code =
		ent_store_run(ent_app_store(app), access, run_and_keep, &waiting, error);
	if (access == ENT_WRITE) {
		if (waiting.out_of_memory) {
			ent_app_forget(app, 0);
		}
		for (size_t i = 0; i < waiting.touched_count; i++) {
			ent_app_forget(app, waiting.touched[i]);
		}
		if (code == ENT_OK) {
			ent_agenda_told(app, waiting.earliest);
		}
		if (code == ENT_OK && waiting.running.call.has_outbox) {
			ent_wanted_tell(ent_app_wanted(app));
		}
		if (code == ENT_OK && waiting.running.call.has_events) {
			ent_app_ring(app);
		}
	}
	free(waiting.touched);
	return code;
}
