/* entitled deliveries: what waits to be sent and what was given up, and sending that again. */
#include "cli/cli.h"

#include "app/delivery.h"
#include "app/record.h"
#include "store/store.h"

#include <stdio.h>

enum { SHOWN_DEFAULT = 50 };

struct asking {
	bool replay;
	int64_t shown_max;
	int64_t replayed;
};

static void print_delivery(const struct ent_delivery *d)
{
	char id[ENT_ID_ROOM], at[ENT_INSTANT_ROOM] = "-", where[ENT_ID_ROOM] = "";
	ent_id_format(d->id, "dlv", id);
	if (!ent_instant_is_none(d->next_attempt_at)) {
		ent_instant_format(d->next_attempt_at, at);
	}
	if (!ent_id_is_none(d->endpoint_id)) {
		ent_id_format(d->endpoint_id, "whe", where);
	}
	printf("%s %-7s %-24s %s%.*s %.*s after %lld attempts: %.*s\n", id,
	       ent_delivery_state_names.text[d->state], at, where, (int)d->recipient.len,
	       d->recipient.len > 0 ? d->recipient.ptr : "", (int)d->event_type.len,
	       d->event_type.len > 0 ? d->event_type.ptr : "", (long long)d->attempts,
	       (int)d->last_error.len, d->last_error.len > 0 ? d->last_error.ptr : "");
}

static enum ent_code list(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct asking *asking = arg;
	struct ent_list found;
	struct ent_delivery_backlog backlog;
	enum ent_code code = ent_delivery_backlog(call, &backlog, error);
	if (code == ENT_OK) {
		code = ent_row_select(call->db, &ent_delivery_type,
		                      ENT_STR("WHERE t.state IN ('dead', 'failed', 'pending') "
		                              "ORDER BY t.id LIMIT $1"),
		                      ENT_ARGS(ent_arg_int(asking->shown_max)), call->arena, &found,
		                      error);
	}
	if (code != ENT_OK) {
		return code;
	}
	for (size_t i = 0; i < found.count; i++) {
		print_delivery(&((const struct ent_delivery *)found.items)[i]);
	}
	printf("%lld webhooks and %lld e-mails wait, %lld are dead\n",
	       (long long)backlog.waiting[ENT_DELIVERY_WEBHOOK],
	       (long long)backlog.waiting[ENT_DELIVERY_EMAIL], (long long)backlog.dead);
	return ENT_OK;
}

static enum ent_code replay(struct ent_call *call, void *arg, struct ent_error *error)
{
	return ent_delivery_replay_dead(call, &((struct asking *)arg)->replayed, error);
}

int ent_cli_deliveries(int argc, char **argv)
{
	const char *database = NULL;
	struct asking asking = { .shown_max = SHOWN_DEFAULT };
	const struct ent_option options[] = {
		ENT_OPTION_DB(database),
		{ "--replay", NULL, ENT_OPTION_FLAG, &asking.replay,
		  "Send all dead ones again, but for endpoints that are disabled" },
		{ "--count", "N", ENT_OPTION_INT, &asking.shown_max, "List at most N; default 50" },
		{ NULL, NULL, ENT_OPTION_FLAG, NULL, NULL },
	};
	int rest;
	int status = ent_options_read("deliveries", "",
	                              "List webhooks and e-mails that wait or were given up, the\n"
	                              "oldest first",
	                              options, argc, argv, &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	struct ent_app *app = ent_cli_open(ent_cli_database(database), false);
	if (app == NULL) {
		return 1;
	}
	struct ent_call model = ent_cli_call(app);
	struct ent_error error;
	ent_error_clear(&error);
	enum ent_code code = ENT_OK;
	if (asking.replay) {
		code = ent_app_run(app, ENT_WRITE, &model, replay, &asking, &error);
	}
	if (code == ENT_OK && asking.replay) {
		printf("%lld are sent again\n", (long long)asking.replayed);
	} else if (code == ENT_OK) {
		code = ent_app_run(app, ENT_READ, &model, list, &asking, &error);
	}
	status = code == ENT_OK ? 0 : ent_cli_fail(&error);
	ent_app_close(app);
	return status;
}
