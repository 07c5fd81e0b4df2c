#include "app/background.h"

#include "app/agenda.h"
#include "app/people.h"
#include "base/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { TICK_MS = 250, SWEEP_EVERY = 4 * 60 * 5 };

struct ent_background {
	struct ent_app *app;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool is_stopping;
};

static enum ent_code sweep(struct ent_call *call, void *arg, struct ent_error *error)
{
	(void)arg;
	return ent_people_sweep(call, error);
}

static void complain(const char *what, const struct ent_error *error)
{
	ent_log(ENT_LOG_ERROR, what,
	        ENT_LOG_FIELDS(ent_log_text("detail", ent_str_of(error->detail))));
}

static void tick(struct ent_background *background, unsigned count)
{
	struct ent_error error;
	struct ent_call model = {
		.app = background->app,
		.now = ent_app_now(background->app),
		.who = &ent_principal_system,
		.origin = ENT_STR("scheduler"),
	};
	if (count % 4 == 0) {
		struct ent_agenda_report report = { .failed = 0 };
		if (ent_agenda_run(background->app, ENT_INSTANT_NONE, &report, &error) != ENT_OK) {
			complain("boundary events failed", &error);
		} else if (report.failed > 0) {
			complain("some boundary events failed and stay due", &report.error);
		}
	}
	if (count % SWEEP_EVERY == 1 &&
	    ent_app_run(background->app, ENT_WRITE, &model, sweep, NULL, &error) != ENT_OK) {
		complain("sweeping failed", &error);
	}
	ent_log_flush();
}

/* False when it is time to end. */
static bool rest(struct ent_background *background)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += TICK_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&background->lock);
	int timed_out = 0;
	while (!background->is_stopping && timed_out == 0) {
		timed_out = pthread_cond_timedwait(&background->wake, &background->lock, &until);
	}
	bool go_on = !background->is_stopping;
	pthread_mutex_unlock(&background->lock);
	return go_on;
}

static void *loop(void *arg)
{
	struct ent_background *background = arg;
	for (unsigned count = 0; rest(background); count++) {
		tick(background, count);
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
	*out = background;
	return ENT_OK;
}

void ent_background_stop(struct ent_background *background)
{
	pthread_mutex_lock(&background->lock);
	background->is_stopping = true;
	pthread_cond_signal(&background->wake);
	pthread_mutex_unlock(&background->lock);
	pthread_join(background->thread, NULL);
	pthread_cond_destroy(&background->wake);
	pthread_mutex_destroy(&background->lock);
	free(background);
}
