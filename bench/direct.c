/* direct.c - measures that need no HTTP:
 *
 *     direct questions DB N       N bodies for POST /v1/coverage/check, of accounts, contacts
 *                                 and products that are there
 *     direct cases DB N           the same for POST /v1/cases
 *     direct check DB N           ns a check, from memory and from the store
 *     direct open DB SECONDS N    cases opened a second, durably, N at a time
 *     direct update DB SECONDS N  the same for cases that get another description
 */
#include "app/case.h"
#include "app/coverage.h"
#include "app/entity.h"
#include "app/inner.h"
#include "base/text.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ASKED = 65536, FLIGHT_MAX = 256 };

/* Whom it is about. */
struct whom {
	ent_id account, contact, product, case_id;
};
static struct whom *asked;
static size_t asked_count;

static uint64_t seed = 1;

static size_t chance(size_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)((seed >> 33) % below);
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int fail(const struct ent_error *error)
{
	fprintf(stderr, "direct: %s\n", error->detail);
	return 1;
}

/* ---- whom to ask about ------------------------------------------------------------------- */

static struct whom *products;
static size_t product_count;

static enum ent_code read_products(struct ent_call *call, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db, ENT_STR("SELECT id FROM product ORDER BY id"),
	                                NULL, 0, call->arena, &rows, error);
	products = code == ENT_OK ? calloc(rows.count + 1, sizeof(*products)) : NULL;
	for (const struct ent_row *row = rows.first; row != NULL && products != NULL;
	     row = row->next) {
		products[product_count++].product.value = row->cell[0].number;
	}
	return code;
}

/* Each contact is as likely to be among those that are asked about, in one pass: the k-th
 * takes the place of one of them with the chance 1/k. */
static enum ent_code read_contacts(struct ent_call *call, size_t wanted, struct ent_error *error)
{
	enum { PAGE = 10000 };
	int64_t last = 0;
	size_t seen = 0;
	size_t left;
	do {
		struct ent_rows rows;
		struct ent_arena scratch = *call->arena;
		enum ent_code code =
			ent_db_run(call->db,
		                   ENT_STR("SELECT account_id, id FROM contact WHERE id > $1 ORDER "
		                           "BY id LIMIT 10000"),
		                   ENT_ARGS(ent_arg_int(last)), &scratch, &rows, error);
		if (code != ENT_OK) {
			return code;
		}
		for (const struct ent_row *row = rows.first; row != NULL; row = row->next, seen++) {
			size_t at = seen < wanted ? seen : chance(seen + 1);
			last = row->cell[1].number;
			if (at < wanted) {
				asked[at].account.value = row->cell[0].number;
				asked[at].contact.value = last;
			}
		}
		left = rows.count;
	} while (left == PAGE);
	asked_count = seen < wanted ? seen : wanted;
	return ENT_OK;
}

static enum ent_code choose(struct ent_call *call, void *arg, struct ent_error *error)
{
	enum ent_code code = read_products(call, error);
	if (code == ENT_OK) {
		code = read_contacts(call, *(const size_t *)arg, error);
	}
	for (size_t i = 0; i < asked_count && product_count > 0; i++) {
		asked[i].product = products[chance(product_count)].product;
	}
	for (size_t i = asked_count; i > 1; i--) { /* in an order of chance */
		size_t other = chance(i);
		struct whom swapped = asked[i - 1];
		asked[i - 1] = asked[other];
		asked[other] = swapped;
	}
	return code;
}

/* The newest, in an order of chance. */
static enum ent_code choose_cases(struct ent_call *call, void *arg, struct ent_error *error)
{
	size_t wanted = *(const size_t *)arg;
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db, ENT_STR("SELECT account_id, id FROM \"case\" ORDER BY id DESC LIMIT $1"),
		ENT_ARGS(ent_arg_int((int64_t)wanted)), call->arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next) {
		size_t at = chance(++asked_count);
		asked[asked_count - 1] = asked[at];
		asked[at].account.value = row->cell[0].number;
		asked[at].case_id.value = row->cell[1].number;
	}
	return ENT_OK;
}

static void print_id(const char *name, ent_id id, const char *prefix, const char *after)
{
	char text[ENT_ID_ROOM];
	ent_id_format(id, prefix, text);
	printf("\"%s\":\"%s\"%s", name, text, after);
}

static void print_bodies(bool cases)
{
	for (size_t i = 0; i < asked_count; i++) {
		printf("{");
		print_id("account_id", asked[i].account, "acc", ",");
		print_id("contact_id", asked[i].contact, "con", ",");
		print_id("product_id", asked[i].product, "prd", "");
		printf(cases ? ",\"title\":\"It does not print\"}\n" : "}\n");
	}
}

/* ---- checks -------------------------------------------------------------------------------- */

struct checking {
	enum ent_coverage_source source;
	size_t count, covered;
	double ns;
};

static enum ent_code check(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct checking *checking = arg;
	enum ent_code code = ENT_OK;
	double begin = seconds();
	for (size_t i = 0; i < checking->count && code == ENT_OK; i++) {
		const struct whom *whom = &asked[i % asked_count];
		struct ent_coverage_question question = {
			.account_id = whom->account,
			.contact_id = whom->contact,
			.product_id = whom->product,
			.at = ENT_INSTANT_NONE,
			.units = 1,
		};
		struct ent_coverage_answer answer;
		struct ent_arena scratch = *call->arena;
		struct ent_call own = ent_call_within(call, &scratch);
		code = ent_coverage_decide(&own, &question, checking->source, &answer, error);
		checking->covered += code == ENT_OK && answer.chosen != NULL;
		ent_call_end(&own);
	}
	checking->ns = (seconds() - begin) * 1e9 / (double)checking->count;
	return code;
}

/* ---- cases ----------------------------------------------------------------------------------- */

struct opening {
	struct ent_task task;
	struct ent_app *app;
	struct ent_call call;
	const struct whom *whom;
	double began;
};

static double stop_at;
static _Atomic size_t opened, failed, live;
static pthread_mutex_t seed_lock = PTHREAD_MUTEX_INITIALIZER;

static void begin_call(struct opening *opening, struct ent_db *db, struct ent_arena *arena)
{
	opening->call = (struct ent_call){
		.app = opening->app,
		.db = db,
		.arena = arena,
		.now = ent_app_now(opening->app),
		.who = &ent_principal_system,
		.origin = ENT_STR("bench"),
		.request_id = ENT_STR("req_0123456789abcdef"),
		.epoch = ent_app_epoch(opening->app, ENT_WRITE),
	};
}

static enum ent_code open_case(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                               struct ent_error *error)
{
	struct opening *opening = (struct opening *)task;
	begin_call(opening, db, arena);
	struct ent_case c;
	struct ent_set given = { { 0 } };
	ent_type_clear(&ent_case_type, &c);
	c.account_id = opening->whom->account;
	c.contact_id = opening->whom->contact;
	c.product_id = opening->whom->product;
	c.title = ENT_STR("It does not print");
	enum ent_code code = ent_record_create(&opening->call, &ent_case_type, &c, &given, error);
	return code == ENT_OK ? ent_call_finish(&opening->call, error) : code;
}

static enum ent_code describe(void *arg, struct ent_arena *arena, void *object,
                              struct ent_set *given, struct ent_error *error)
{
	struct ent_case *c = object;
	(void)arg;
	(void)error;
	c->description =
		ent_text_format(arena, "It still does not print, %lld", (long long)c->version);
	for (size_t i = 0; i < ent_case_type.count; i++) {
		if (ent_case_type.fields[i].offset == offsetof(struct ent_case, description)) {
			ent_set_add(given, i);
		}
	}
	return ENT_OK;
}

static enum ent_code update_case(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                                 struct ent_error *error)
{
	struct opening *opening = (struct opening *)task;
	struct ent_case c;
	begin_call(opening, db, arena);
	enum ent_code code =
		ent_record_update(&opening->call, &ent_case_type, opening->whom->case_id, 0,
	                          describe, NULL, &c, error);
	return code == ENT_OK ? ent_call_finish(&opening->call, error) : code;
}

static void opened_one(struct ent_task *task, enum ent_code code, struct ent_arena *arena,
                       struct ent_error *error)
{
	(void)arena;
	struct opening *opening = (struct opening *)task;
	ent_call_end(&opening->call);
	if (code == ENT_OK) {
		ent_call_committed(&opening->call);
		opened++;
	} else if (failed++ == 0) {
		fail(error);
	}
	if (seconds() >= stop_at) {
		live--;
		return;
	}
	pthread_mutex_lock(&seed_lock);
	opening->whom = &asked[chance(asked_count)];
	pthread_mutex_unlock(&seed_lock);
	ent_store_submit(ent_app_store(opening->app), task);
}

static int run_cases(struct ent_app *app, double duration, size_t flight, bool opens)
{
	static struct opening openings[FLIGHT_MAX];
	flight = flight < FLIGHT_MAX ? flight : FLIGHT_MAX;
	for (int i = 0; i < 100 && !ent_app_may_cache(app); i++) {
		usleep(100000); /* until others would tell this process what they change */
	}
	double begin = seconds();
	stop_at = begin + duration;
	live = flight;
	for (size_t i = 0; i < flight; i++) {
		openings[i] = (struct opening){
			.task = { .access = ENT_WRITE,
			          .work = opens ? open_case : update_case,
			          .done = opened_one },
			.app = app,
			.whom = &asked[i % asked_count],
		};
		ent_store_submit(ent_app_store(app), &openings[i].task);
	}
	while (live > 0) {
		usleep(1000);
	}
	struct ent_store_stats stats;
	ent_store_stats(ent_app_store(app), &stats);
	printf("%.0f cases/s, %zu failed, %.1f a commit, %llu retries\n",
	       (double)opened / (seconds() - begin), failed,
	       (double)opened / (double)(stats.commits > 0 ? stats.commits : 1),
	       (unsigned long long)stats.retries);
	return failed > 0;
}

/* ---- what to do -------------------------------------------------------------------------------
 */

static int check_both(struct ent_app *app, const struct ent_call *model, size_t count)
{
	struct ent_error error;
	struct checking stored = { ENT_COVERAGE_STORED, count / 10 + 1, 0, 0 };
	struct checking warm = { ENT_COVERAGE_CACHED, asked_count, 0, 0 };
	struct checking cached = { ENT_COVERAGE_CACHED, count, 0, 0 };
	struct checking first = stored; /* its time goes into page faults */
	if (ent_app_run(app, ENT_READ, model, check, &first, &error) != ENT_OK ||
	    ent_app_run(app, ENT_READ, model, check, &stored, &error) != ENT_OK ||
	    ent_app_run(app, ENT_READ, model, check, &warm, &error) != ENT_OK ||
	    ent_app_run(app, ENT_READ, model, check, &cached, &error) != ENT_OK) {
		return fail(&error);
	}
	printf("%.0f ns from memory, %.0f ns from the store, %.0f %% covered\n", cached.ns,
	       stored.ns, 100.0 * (double)cached.covered / (double)cached.count);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 4) {
		fprintf(stderr, "usage: direct questions|cases|check|open|update DB N [FLIGHT]\n");
		return 2;
	}
	struct ent_app_config config = { .database = argv[2],
		                         .cache_bytes = (int64_t)1 << 30,
		                         .clock = ENT_INSTANT_NONE };
	struct ent_app *app;
	struct ent_error error;
	if (ent_app_open(&config, &app, &error) != ENT_OK) {
		return fail(&error);
	}
	size_t n = (size_t)strtoull(argv[3], NULL, 10);
	bool prints = strcmp(argv[1], "questions") == 0 || strcmp(argv[1], "cases") == 0;
	size_t wanted = prints ? n : ASKED;
	asked = calloc(wanted, sizeof(*asked));
	bool updates = strcmp(argv[1], "update") == 0;
	struct ent_call model = { .app = app,
		                  .now = ent_app_now(app),
		                  .who = &ent_principal_system };
	if (asked == NULL || ent_app_run(app, ENT_READ, &model, updates ? choose_cases : choose,
	                                 &wanted, &error) != ENT_OK) {
		return fail(&error);
	}
	int status = 0;
	if (prints) {
		print_bodies(strcmp(argv[1], "cases") == 0);
	} else if (strcmp(argv[1], "check") == 0) {
		status = check_both(app, &model, n);
	} else {
		status = run_cases(app, (double)n, argc > 4 ? strtoull(argv[4], NULL, 10) : 64,
		                   !updates);
	}
	ent_app_close(app);
	free(asked);
	return status;
}
