#include "app/background.h"

#include "app/agenda_inner.h"
#include "app/delivery.h"
#include "app/import_job.h"
#include "app/people.h"
#include "app/sla_job.h"
#include "app/sla_version.h"
#include "base/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum {
	POLL_MS = 250,  /* what other processes set is found this much later, at most */
	HELD_UP_MS = 5, /* something is due, but others are at it */
	REST_MS = 1,    /* at least, whatever is due */
	JOB_CASES = 20, /* before it looks again what is due */
	PRUNE_PIECES = 20, /* of old imports, at each sweep */
	SWEEP_S = 5 * 60
};

struct ent_background {
	struct ent_app *app;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool is_stopping;
	bool is_woken;
};

static void wake(void *arg)
{
	struct ent_background *background = arg;
	pthread_mutex_lock(&background->lock);
	background->is_woken = true;
	pthread_cond_signal(&background->wake);
	pthread_mutex_unlock(&background->lock);
}

static enum ent_code sweep(struct ent_call *call, void *arg, struct ent_error *error)
{
	(void)arg;
	enum ent_code code = ent_people_sweep(call, error);
	return code == ENT_OK ? ent_delivery_sweep(call, error) : code;
}

static void complain(const char *what, const struct ent_error *error)
{
	ent_log(ENT_LOG_ERROR, what,
	        ENT_LOG_FIELDS(ent_log_text("detail", ent_str_of(error->detail))));
}

/* Do what is due; how long there is to rest then, in ms. */
static int64_t run_due(struct ent_background *background)
{
	struct ent_app *app = background->app;
	struct ent_error error;
	struct ent_agenda_report report = { .handled = 0 };
	ent_instant next = ENT_INSTANT_END;
	ent_error_clear(&error);
	ent_agenda_sleep(app, ent_app_now(app));
	enum ent_code code = ent_sla_warm(app, &error);
	if (code == ENT_OK) {
		code = ent_agenda_run(app, ENT_INSTANT_NONE, &report, &error);
	}
	if (code == ENT_OK && report.failed > 0) {
		complain("something due failed and is tried again later", &report.error);
	}
	if (code == ENT_OK) {
		ent_agenda_sleep(app, ENT_INSTANT_END); /* whatever is set while this looks */
		code = ent_agenda_next(app, &next, &error);
	}
	if (code != ENT_OK) {
		complain("the scheduler could not look", &error);
		return POLL_MS;
	}
	int64_t now = ent_app_now(app).us;
	if (next.us <= now) {
		return HELD_UP_MS;
	}
	ent_agenda_sleep(app, next);
	int64_t ms = next.us - now < POLL_MS * 1000 ? (next.us - now + 999) / 1000 : POLL_MS;
	return ms > REST_MS ? ms : REST_MS;
}

/* Not while a virtual clock is being moved: what is due then is done there. */
static int64_t run_agenda(struct ent_background *background)
{
	struct ent_agenda *agenda = ent_app_agenda(background->app);
	if (pthread_mutex_trylock(&agenda->run_until) != 0) {
		return POLL_MS;
	}
	int64_t ms = run_due(background);
	pthread_mutex_unlock(&agenda->run_until);
	return ms;
}

static void run_sweep(struct ent_background *background)
{
	struct ent_error error;
	struct ent_call model = {
		.now = ent_app_now(background->app),
		.who = &ent_principal_system,
		.origin = ENT_STR("scheduler"),
	};
	ent_error_clear(&error);
	if (ent_app_run(background->app, ENT_WRITE, &model, sweep, NULL, &error) != ENT_OK) {
		complain("sweeping failed", &error);
	}
	bool more = true;
	for (int i = 0; i < PRUNE_PIECES && more; i++) {
		ent_error_clear(&error);
		if (ent_import_job_prune(background->app, &more, &error) != ENT_OK) {
			complain("old imports could not be deleted", &error);
			more = false;
		}
	}
}

/* Did it find work? */
static bool run_job(struct ent_background *background)
{
	struct ent_error error;
	size_t worked = 0;
	bool imported = false;
	ent_error_clear(&error);
	if (ent_sla_job_run(background->app, JOB_CASES, &worked, &error) != ENT_OK) {
		complain("a job could not go on and is tried again", &error);
	}
	ent_error_clear(&error);
	if (ent_import_job_run(background->app, &imported, &error) != ENT_OK) {
		complain("an import could not go on and is tried again", &error);
	}
	return worked > 0 || imported;
}

static struct timespec in_ms(int64_t ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return until;
}

/* False when it is time to end. */
static bool rest(struct ent_background *background, int64_t ms)
{
	struct timespec until = in_ms(ms);
	int timed_out = 0;
	pthread_mutex_lock(&background->lock);
	while (!background->is_stopping && !background->is_woken && timed_out == 0) {
		timed_out = pthread_cond_timedwait(&background->wake, &background->lock, &until);
	}
	background->is_woken = false;
	bool go_on = !background->is_stopping;
	pthread_mutex_unlock(&background->lock);
	return go_on;
}

static void *loop(void *arg)
{
	struct ent_background *background = arg;
	time_t sweep_at = in_ms(0).tv_sec;
	int64_t ms = REST_MS;
	while (rest(background, ms)) {
		ms = run_agenda(background);
		if (run_job(background)) {
			ms = REST_MS;
		}
		if (in_ms(0).tv_sec >= sweep_at) {
			sweep_at = in_ms(0).tv_sec + SWEEP_S;
			run_sweep(background);
		}
		ent_log_flush();
	}
	return NULL;
}

enum ent_code ent_background_start(struct ent_app *app, struct ent_background **out,
                                   struct ent_error *error)
{
	struct ent_background *background = calloc(1, sizeof(*background));
	if (background == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the scheduler");
	}
	background->app = app;
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&background->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	pthread_mutex_init(&background->lock, NULL);
	if (pthread_create(&background->thread, NULL, loop, background) != 0) {
		free(background);
		return ent_fail(error, ENT_E_SYSTEM, "no thread for the scheduler");
	}
	ent_agenda_on_wake(app, wake, background);
	*out = background;
	return ENT_OK;
}

void ent_background_stop(struct ent_background *background)
{
	ent_agenda_on_wake(background->app, NULL, NULL);
	pthread_mutex_lock(&background->lock);
	background->is_stopping = true;
	pthread_cond_signal(&background->wake);
	pthread_mutex_unlock(&background->lock);
	pthread_join(background->thread, NULL);
	pthread_cond_destroy(&background->wake);
	pthread_mutex_destroy(&background->lock);
	free(background);
}
