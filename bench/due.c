/* due.c - how fast what falls due is done, and how late.
 *
 *     due DB drain N          N rows that are overdue: rows a second, each with an event; then
 *                             the same rows with nothing but an UPDATE each, 256 a commit
 *     due DB lag RATE SECONDS rows that fall due RATE times a second: p50 and p99, in ms
 *
 * The same for cases with five open milestones each, the next of which falls due:
 *
 *     due DB make CASES RATE LEAD [DUE]  RATE cases a second, LEAD seconds from now on; RATE 0:
 *                                   cases without service level. DUE: only so many of them, LEAD
 *                                   seconds after all are there. Prints what it took, and when
 *     due DB drain-cases            those that are due: a second, and ms of processor time each
 *     due DB lag-cases SECONDS      waits for the first; as lag
 */
#include "app/agenda.h"
#include "app/background.h"
#include "app/inner.h"
#include "app/record.h"
#include "clocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ACCOUNTS = 2000, PIECE = 1000, BATCH = 256 };

static struct ent_app *app;
static int64_t period_us; /* 0: nothing is due again */

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static enum ent_code handle(struct ent_call *call, const struct ent_agenda_item *items,
                            size_t count, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		code = ent_event_append(call, items[i].account, &ent_entitlement_type, items[i].id,
		                        "reminded", (ent_str){ NULL, 0 }, (ent_str){ NULL, 0 },
		                        error);
		int64_t next = items[i].at.us + period_us;
		while (period_us > 0 && next <= call->now.us) {
			next += period_us;
		}
		ent_agenda_set(call, items[i].subject, items[i].account, items[i].id, items[i].at,
		               period_us > 0 ? (ent_instant){ next } : ENT_INSTANT_NONE);
	}
	return code;
}

struct piece {
	size_t first, end;
	int64_t from, step;
};

static ent_id account_of(size_t i)
{
	return (ent_id){ 1000 + (int64_t)(i * 7919 % ACCOUNTS) };
}

static enum ent_code set(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct piece *piece = arg;
	enum ent_code code = ENT_OK;
	for (size_t i = piece->first; i < piece->end && code == ENT_OK; i++) {
		code = ent_call_lock(call, account_of(i), error);
		ent_agenda_set(call, ENT_AGENDA_ENTITLEMENT, account_of(i),
		               (ent_id){ 1000000 + (int64_t)i }, ENT_INSTANT_NONE,
		               (ent_instant){ piece->from + (int64_t)i * piece->step });
	}
	return code;
}

static enum ent_code update(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct piece *piece = arg;
	enum ent_code code = ENT_OK;
	for (size_t i = piece->first; i < piece->end && code == ENT_OK; i++) {
		code = ent_db_exec(call->db,
		                   ENT_STR("UPDATE due SET at = at + 1 WHERE account_id = $1 AND "
		                           "subject = $2 AND subject_id = $3"),
		                   ENT_ARGS(ent_arg_id(account_of(i)),
		                            ent_arg_text(ENT_STR("entitlement")),
		                            ent_arg_int(1000000 + (int64_t)i)),
		                   1, call->arena, error);
	}
	return code;
}

static enum ent_code in_pieces(ent_use *use, size_t size, size_t n, int64_t from, int64_t step,
                               struct ent_error *error)
{
	struct ent_call model = { .now = ent_app_now(app),
		                  .who = &ent_principal_system,
		                  .origin = ENT_STR("bench") };
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < n && code == ENT_OK; i += size) {
		struct piece piece = { i, i + size < n ? i + size : n, from, step };
		code = ent_app_run(app, ENT_WRITE, &model, use, &piece, error);
	}
	return code;
}

static enum ent_code drain(size_t n, struct ent_error *error)
{
	struct ent_agenda_report report = { .handled = 0 };
	int64_t from = ent_app_now(app).us - 60 * ENT_SECOND_US;
	enum ent_code code = in_pieces(set, PIECE, n, from, 1, error);
	double begin = seconds();
	if (code == ENT_OK) {
		code = in_pieces(update, BATCH, n, 0, 0, error);
	}
	double bare = (double)n / (seconds() - begin);
	begin = seconds();
	if (code == ENT_OK) {
		code = ent_agenda_run(app, ENT_INSTANT_NONE, &report, error);
	}
	printf("%.0f %.0f\n", (double)report.handled / (seconds() - begin), bare);
	return code;
}

/* The bound below which a share of the lags lies, in ms, as a straight line in its bucket. */
static double quantile(const struct ent_agenda_stats *stats, double share)
{
	uint64_t all = 0;
	uint64_t below = 0;
	for (size_t i = 0; i <= ENT_AGENDA_LAGS; i++) {
		all += stats->lags[i];
	}
	for (size_t i = 0; i < ENT_AGENDA_LAGS; i++) {
		double low = i == 0 ? 0 : (double)ent_agenda_lag_bounds[i - 1];
		double wanted = share * (double)all - (double)below;
		if (wanted <= (double)stats->lags[i] && stats->lags[i] > 0) {
			double part = wanted / (double)stats->lags[i];
			return (low + part * ((double)ent_agenda_lag_bounds[i] - low)) / 1000;
		}
		below += stats->lags[i];
	}
	return 1e9;
}

/* Let the scheduler work until then, and print how it went: per second of `length_s`. */
static enum ent_code watch(int64_t until_us, int64_t length_s, enum ent_agenda_subject subject,
                           struct ent_error *error)
{
	struct ent_background *background;
	struct ent_agenda_stats stats;
	enum ent_code code = ent_background_start(app, &background, error);
	if (code != ENT_OK) {
		return code;
	}
	int64_t left_us = until_us - ent_app_now(app).us;
	usleep(left_us > 0 ? (useconds_t)left_us : 0);
	ent_background_stop(background);
	ent_agenda_stats(app, &stats);
	uint64_t handled = stats.handled[subject];
	printf("%.1f %.1f %.0f %.0f\n", quantile(&stats, 0.5), quantile(&stats, 0.99),
	       (double)handled / (double)length_s,
	       stats.batches > 0 ? (double)handled / (double)stats.batches : 0);
	return ENT_OK;
}

static enum ent_code lag(int64_t rate, int64_t length_s, struct ent_error *error)
{
	enum { PERIOD_S = 4, SETTING_S = 3 };
	period_us = PERIOD_S * ENT_SECOND_US;
	size_t n = (size_t)rate * PERIOD_S;
	int64_t from = ent_app_now(app).us + SETTING_S * ENT_SECOND_US;
	enum ent_code code = in_pieces(set, PIECE, n, from, period_us / (int64_t)n, error);
	return code == ENT_OK ? watch(from + length_s * ENT_SECOND_US, length_s,
	                              ENT_AGENDA_ENTITLEMENT, error)
	                      : code;
}

/* ---- cases --------------------------------------------------------------------------------- */

static enum ent_code make(size_t cases, int64_t rate, int64_t lead_s, size_t due,
                          struct ent_error *error)
{
	struct clocks clocks = {
		.cases = cases,
		.are_bare = rate == 0,
		.due = due > 0 && due < cases ? due : cases,
		.lead_us = lead_s * ENT_SECOND_US,
		.step_us = rate == 0 ? 1 : ENT_SECOND_US / rate,
	};
	double begin = seconds();
	enum ent_code code = clocks_make(app, &clocks, error);
	printf("%.1f %.0f\n", seconds() - begin, (double)clocks.from.us / 1e6);
	return code;
}

static double processor_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static enum ent_code drain_cases(struct ent_error *error)
{
	struct ent_agenda_report report = { .handled = 0 };
	double begin = seconds();
	double busy = processor_seconds();
	enum ent_code code = ent_agenda_run(app, ent_app_now(app), &report, error);
	double count = report.handled > 0 ? (double)report.handled : 1;
	if (code == ENT_OK && report.failed > 0) {
		*error = report.error;
		return ENT_E_SYSTEM;
	}
	printf("%zu %.0f %.3f\n", report.handled, count / (seconds() - begin),
	       (processor_seconds() - busy) * 1e3 / count);
	return code;
}

static enum ent_code lag_cases(int64_t length_s, struct ent_error *error)
{
	ent_instant first;
	enum ent_code code = ent_agenda_next(app, &first, error);
	if (code == ENT_OK && first.us < ent_app_now(app).us) {
		return ent_fail(error, ENT_E_STATE, "the first is due already");
	}
	int64_t left_us = first.us - 2 * ENT_SECOND_US - ent_app_now(app).us;
	usleep(left_us > 0 ? (useconds_t)left_us : 0);
	return code == ENT_OK ? watch(first.us + length_s * ENT_SECOND_US, length_s,
	                              ENT_AGENDA_CASE, error)
	                      : code;
}

static enum ent_code run(int argc, char **argv, struct ent_error *error)
{
	int64_t n[4] = { 0, 0, 10, 0 };
	for (int i = 0; i < 4 && i + 3 < argc; i++) {
		n[i] = atol(argv[i + 3]);
	}
	if (strcmp(argv[2], "make") == 0) {
		return make((size_t)n[0], n[1], n[2], (size_t)n[3], error);
	}
	if (strcmp(argv[2], "drain-cases") == 0) {
		return drain_cases(error);
	}
	if (strcmp(argv[2], "lag-cases") == 0) {
		return lag_cases(n[0], error);
	}
	ent_agenda_replace(app, ENT_AGENDA_ENTITLEMENT, handle);
	return strcmp(argv[2], "drain") == 0 ? drain((size_t)n[0], error)
	                                     : lag(n[0], n[1] > 0 ? n[1] : 10, error);
}

int main(int argc, char **argv)
{
	struct ent_error error;
	struct ent_migration_report report;
	struct ent_app_config config = { .database = argc > 1 ? argv[1] : NULL,
		                         .create = true,
		                         .clock = ENT_INSTANT_NONE };
	if (argc < 3) {
		return 2;
	}
	ent_error_clear(&error);
	enum ent_code code = ent_app_open(&config, &app, &error);
	if (code == ENT_OK) {
		code = ent_store_migrate(ent_app_store(app), &report, &error);
	}
	if (code == ENT_OK) {
		code = run(argc, argv, &error);
	}
	if (code != ENT_OK) {
		fprintf(stderr, "due: %s\n", error.detail);
	}
	ent_app_close(app);
	return code != ENT_OK;
}
