/* Imports in the background: what they do is what an import at once does, whatever stops them. */
#include "app/import_job.h"

#include "app/import_job_inner.h"
#include "app/tables.h"
#include "fault.h"

#include <pthread.h>

/* ---- beginning and running --------------------------------------------------------------- */

struct start {
	const struct ent_import_options *options;
	const struct ent_import_file *file;
	ent_id id;
};

static enum ent_code start_job(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct start *start = arg;
	struct ent_import_job job;
	enum ent_code code = ent_import_job_start(call, start->options, start->file, &job, error);
	start->id = job.id;
	return code;
}

static ent_id start(const struct ent_import_options *options, const struct ent_import_file *file)
{
	struct start start = { .options = options, .file = file };
	ent_error_clear(&world.error);
	OK(world_run(ENT_WRITE, start_job, &start));
	return start.id;
}

static struct ent_import_job job_of(ent_id id)
{
	struct ent_import_job job;
	world_get(&ent_import_job_type, id, &job);
	return job;
}

static bool run(void)
{
	bool worked = false;
	ent_error_clear(&world.error);
	OK(ent_import_job_run(world.app, &worked, &world.error));
	return worked;
}

static struct ent_import_job run_all(ent_id id)
{
	while (run()) {
	}
	return job_of(id);
}

static void check_counts(const struct ent_import_job *job, int64_t created, int64_t updated,
                         int64_t unchanged, int64_t failed)
{
	CHECK_TEXT(ent_import_job_state_names.text[job->state], "done");
	CHECK_INT(job->created, created);
	CHECK_INT(job->updated, updated);
	CHECK_INT(job->unchanged, unchanged);
	CHECK_INT(job->failed, failed);
	CHECK_INT(job->done, created + updated + unchanged + failed + job->blank);
	CHECK_INT(job->done, job->total);
}

static struct ent_import_file table(const char *object, ent_str text)
{
	return (struct ent_import_file){ .name = object, .object = object, .text = text };
}

static ent_id start_native(const char *object, const char *text, bool dry_run)
{
	struct ent_import_options options = tables_options(ENT_FROM_CSV);
	struct ent_import_file file = table(object, ent_str_of(text));
	options.dry_run = dry_run;
	return start(&options, &file);
}

struct asking {
	ent_id id;
	struct ent_import_rows rows;
	char text[4096];
};

static enum ent_code ask(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct asking *asking = arg;
	enum ent_code code = ent_import_job_rows(call, asking->id, &asking->rows, error);
	snprintf(asking->text, sizeof(asking->text), "%.*s", (int)asking->rows.text.len,
	         asking->rows.text.ptr == NULL ? "" : asking->rows.text.ptr);
	return code;
}

static struct asking rows_of(ent_id id, enum ent_import_form form, int64_t limit)
{
	struct asking asking = { .id = id, .rows = { .form = form, .limit = limit } };
	OK(world_run(ENT_READ, ask, &asking));
	return asking;
}

/* ---- the same as at once ----------------------------------------------------------------- */

static struct dataloader loader;

/* What is told of rows, as a number. */
static int64_t rows_sum(ent_id id)
{
	return world_number(
		"SELECT COALESCE(SUM(line * LENGTH(COALESCE(message, status))), 0) FROM "
		"import_row WHERE import_job_id = $1",
		id);
}

APP_TEST(import_job_does_what_an_import_at_once_does)
{
	struct ent_import_options options = tables_options(ENT_FROM_SALESFORCE);
	world_open("2025-06-10T08:00:00Z");
	dataloader_make(&loader, &world.arena);
	for (size_t i = DATALOADER_TABLES; i-- > 0;) { /* what others refer to comes last */
		const struct ent_import_file *file = &loader.files[i];
		bool again = i == 1; /* the same contacts in other words */
		ROW(file->name);
		options.dry_run = true;
		struct ent_import_job tried = run_all(start(&options, file));
		check_counts(&tried, again ? 0 : loader.good[i], again ? loader.good[i] : 0, 0,
		             loader.wrong[i]);
		options.dry_run = false;
		struct ent_import_job job = run_all(start(&options, file));
		check_counts(&job, again ? 0 : loader.good[i], again ? loader.good[i] : 0, 0,
		             loader.wrong[i]);
		CHECK_INT(job.blank, loader.blank[i]);
		CHECK_INT(rows_sum(tried.id), rows_sum(job.id));
		struct ent_import_job last = run_all(start(&options, file));
		check_counts(&last, 0, 0, loader.good[i], loader.wrong[i]);
	}
	tables_books();
	world_close();
}

/* ---- rows that wait ---------------------------------------------------------------------- */

enum { TREE = 730, DEEP = 20 };

/* Accounts in trees, parents behind their children, most of them in another part. */
static ent_str trees(struct ent_arena *arena)
{
	struct ent_text text = ent_text_begin(arena);
	ent_text_add(&text, ENT_STR("external_id,name,parent_external_id\n"));
	for (int i = 0; i < TREE; i++) {
		int up = i + TREE / DEEP + 1;
		ent_text_addf(&text, "t%d,Tree %d,", i, i);
		if (up < TREE) {
			ent_text_addf(&text, "t%d", up);
		}
		ent_text_char(&text, '\n');
	}
	ent_text_add(&text, ENT_STR("lost,Lost,nowhere\nround1,A,round2\nround2,B,round1\n"
	                            "below,Below,csv:lost\n"));
	return ent_text_end(&text);
}

APP_TEST(import_job_brings_parents_first)
{
	struct ent_import_options options = tables_options(ENT_FROM_CSV);
	world_open("2025-06-10T08:00:00Z");
	struct ent_import_file file = table("account", trees(&world.arena));
	int64_t before = tables_sum();
	options.dry_run = true;
	struct ent_import_job tried = run_all(start(&options, &file));
	check_counts(&tried, TREE, 0, 0, 4);
	CHECK_INT(world_number("SELECT COUNT(*) FROM account WHERE $1 = $1", tried.id), 0);
	CHECK(tables_sum() != before); /* the events of the job are told */
	options.dry_run = false;
	struct ent_import_job job = run_all(start(&options, &file));
	check_counts(&job, TREE, 0, 0, 4);
	CHECK_INT(rows_sum(tried.id), rows_sum(job.id));
	CHECK_INT(
		world_number("SELECT COUNT(*) FROM account c JOIN account p ON c.parent_id = p.id "
	                     "WHERE $1 = $1",
	                     job.id),
		TREE - TREE / DEEP - 1);
	check_counts(&(struct ent_import_job[]){ run_all(start(&options, &file)) }[0], 0, 0, TREE,
	             4);
	tables_books();
	world_close();
}

/* ---- what becomes of rows ---------------------------------------------------------------- */

APP_TEST(import_job_tells_of_each_row)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id id =
		start_native("account",
	                     "external_id;name;time_zone\n1;Acme;UTC\n\n2;;UTC\n3;\"Two;\nlines\";"
	                     "XX\n4;Good;\n",
	                     false);
	struct ent_import_job job = run_all(id);
	check_counts(&job, 2, 0, 0, 2);
	CHECK_INT(job.blank, 1);
	CHECK_TEXT(world_events(&ent_import_job_type, id), "queued started done");
	CHECK_TEXT(rows_of(id, ENT_IMPORT_AS_FILE, 9).text,
	           "external_id,name,time_zone,ERROR\n"
	           "2,,UTC,name must be given\n"
	           "3,\"Two;\nlines\",XX,give an IANA zone such as Europe/Berlin\n");
	struct asking page = rows_of(id, ENT_IMPORT_AS_CSV, 2);
	CHECK(page.rows.has_more);
	CHECK_INT(page.rows.last, 4);
	page.rows.behind = page.rows.last;
	OK(world_run(ENT_READ, ask, &page));
	CHECK(!page.rows.has_more);
	CHECK(strstr(page.text, "7,created,acc_") != NULL);
	CHECK(strstr(rows_of(id, ENT_IMPORT_AS_JSON, 9).text,
	             "{\"line\":4,\"status\":\"failed\",\"id\":null,\"column\":\"name\"") != NULL);
	/* of a part without a row that failed nothing is kept */
	CHECK_INT(world_number("SELECT COUNT(*) FROM import_part WHERE import_job_id = $1", id), 1);
	ent_id good = start_native("account", "external_id,name\n9,Good\n", false);
	run_all(good);
	CHECK_INT(world_number("SELECT COUNT(*) FROM import_part WHERE import_job_id = $1", good),
	          0);
	world_close();
}

/* ---- stops and failures ------------------------------------------------------------------ */

static ent_str many_accounts(int count)
{
	struct ent_text text = ent_text_begin(&world.arena);
	ent_text_add(&text, ENT_STR("external_id,name\n"));
	for (int i = 0; i < count; i++) {
		ent_text_addf(&text, "m%d,Many %d\n", i, i);
	}
	return ent_text_end(&text);
}

APP_TEST(import_job_stops_and_goes_on)
{
	struct ent_import_options options = tables_options(ENT_FROM_CSV);
	world_open("2025-06-10T08:00:00Z");
	struct ent_import_file file = table("account", many_accounts(250));
	ent_id id = start(&options, &file);
	CHECK_CODE(world_try(&ent_import_job_type, "resume", id, "{}", NULL), ENT_E_STATE);
	CHECK(run() && run()); /* its beginning, and a part */
	CHECK_INT(job_of(id).done, 100);
	world_do(&ent_import_job_type, "stop", id, "{\"reason\":\"wrong file\"}");
	CHECK(!run());
	CHECK_CODE(world_try(&ent_import_job_type, "stop", id, "{}", NULL), ENT_E_STATE);
	CHECK_INT(world_number("SELECT COUNT(*) FROM account WHERE $1 = $1", id), 100);
	world_do(&ent_import_job_type, "resume", id, "{}");
	struct ent_import_job job = run_all(id);
	check_counts(&job, 250, 0, 0, 0);
	CHECK_TEXT(world_events(&ent_import_job_type, id),
	           "queued started stopped resumed started done");
	CHECK_CODE(world_try(&ent_import_job_type, "resume", id, "{}", NULL), ENT_E_STATE);
	world_close();
}

static ent_id make_user(void)
{
	return world_create(&ent_user_type,
	                    "{\"email\":\"m@example.com\",\"name\":\"M\",\"role\":\"manager\"}",
	                    NULL);
}

APP_TEST(import_job_is_done_in_the_name_of_who_sent_it)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id user = make_user();
	ent_id id = start_native("account", "external_id,name\n1,Acme\n", false);
	world_sql("UPDATE import_job SET user_id = $1", user);
	world_sql("UPDATE \"user\" SET disabled = TRUE WHERE id = $1", user);
	CHECK(run());
	bool worked;
	CHECK_CODE(ent_import_job_run(world.app, &worked, &world.error), ENT_E_UNAUTHENTICATED);
	struct ent_import_job job = job_of(id);
	CHECK_INT(job.state, ENT_IMPORT_GIVEN_UP);
	CHECK(strstr(job.last_error.ptr, "may not come in") != NULL);
	CHECK(!run());
	world_sql("UPDATE \"user\" SET disabled = FALSE, role = 'agent' WHERE id = $1", user);
	world_do(&ent_import_job_type, "resume", id, "{}");
	CHECK(run());
	CHECK_CODE(ent_import_job_run(world.app, &worked, &world.error), ENT_E_FORBIDDEN);
	world_sql("UPDATE \"user\" SET role = 'manager' WHERE id = $1", user);
	world_do(&ent_import_job_type, "resume", id, "{}");
	job = run_all(id);
	check_counts(&job, 1, 0, 0, 0);
	CHECK_INT(
		world_number("SELECT COUNT(*) FROM event WHERE type = 'account.created' AND actor "
	                     "LIKE 'usr_%' AND $1 = $1",
	                     id),
		1);
	world_close();
}

static void *run_in_thread(void *arg)
{
	struct ent_error error;
	(void)arg;
	for (int i = 0; i < 100; i++) {
		bool worked;
		ent_error_clear(&error);
		(void)!ent_import_job_run(world.app, &worked, &error); /* the other was faster */
	}
	return NULL;
}

APP_TEST(import_job_two_runners_do_each_row_once)
{
	struct ent_import_options options = tables_options(ENT_FROM_CSV);
	pthread_t threads[2];
	world_open("2025-06-10T08:00:00Z");
	struct ent_import_file file = table("account", many_accounts(1000));
	ent_id ids[] = { start(&options, &file),
		         start_native("product", "external_id,name,code\np1,P,1\np2,Q,2\n",
		                      false) };
	for (size_t i = 0; i < ENT_COUNT(threads); i++) {
		CHECK_INT(pthread_create(&threads[i], NULL, run_in_thread, NULL), 0);
	}
	for (size_t i = 0; i < ENT_COUNT(threads); i++) {
		pthread_join(threads[i], NULL);
	}
	struct ent_import_job job = run_all(ids[0]);
	check_counts(&job, 1000, 0, 0, 0);
	job = job_of(ids[1]);
	check_counts(&job, 2, 0, 0, 0);
	CHECK_INT(world_number("SELECT COUNT(*) FROM event WHERE type = 'account.created' AND $1 = "
	                       "$1",
	                       ids[0]),
	          1000);
	tables_books();
	world_close();
}

/* ---- faults ------------------------------------------------------------------------------ */

struct attempt {
	struct fault_db fault;
	struct ent_arena arena;
	enum ent_code code;
	ent_id taken;
};

static enum ent_code step(struct ent_call *call, void *arg, struct ent_error *error)
{
	enum ent_code code = ent_import_job_step(call, arg, error);
	return code == ENT_OK ? ent_call_finish(call, error) : code;
}

static void body(void *arg)
{
	struct attempt *attempt = arg;
	world_run_on(&attempt->fault.db, attempt->arena, step, &attempt->taken, &attempt->code);
}

/* Steps, each until no call of the store fails: as many as there were parts and states. */
APP_TEST(import_job_faults_leave_no_trace)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id id = start_native(
		"account", "external_id,name,parent_external_id\n1,A,2\n2,B,\n3,,\n4,D,9\n", false);
	struct ent_db *inner = helper_connect(ent_app_store(world.app));
	struct attempt attempt = { .fault = fault_around(inner) };
	int steps = 0;
	int64_t calls = 0;
	while (job_of(id).state != ENT_IMPORT_DONE) {
		int64_t mark = tables_sum();
		int64_t version = job_of(id).version;
		attempt.code = ENT_E_STORAGE;
		for (calls = 0; attempt.code != ENT_OK; calls++) {
			attempt.arena = test_arena();
			attempt.fault.fail_at = calls;
			CHECK(ent_guard(&test_budget, body, &attempt));
			ent_db_unwind(&attempt.fault.db, 0);
			if (attempt.code != ENT_OK) {
				CHECK(tables_sum() == mark && job_of(id).version == version);
			}
		}
		steps++;
	}
	inner->ops->close(inner);
	CHECK_INT(steps, 5); /* started, a part, its end, those that waited, done */
	struct ent_import_job job = job_of(id);
	check_counts(&job, 2, 0, 0, 2);
	CHECK_TEXT(world_events(&ent_import_job_type, id), "queued started done");
	tables_books();
	world_close();
}

/* ---- the end ----------------------------------------------------------------------------- */

APP_TEST(import_job_is_deleted_after_its_days)
{
	struct ent_import_options options = tables_options(ENT_FROM_CSV);
	bool worked = true;
	world_open("2025-06-10T08:00:00Z");
	struct ent_import_file file = table("account", many_accounts(150));
	ent_id id = start(&options, &file);
	run_all(id);
	world_at("2025-07-10T07:00:00Z");
	OK(ent_import_job_prune(world.app, &worked, &world.error));
	CHECK(!worked);
	world_at("2025-07-10T09:00:00Z");
	int pieces = 0;
	for (; pieces < 9 && worked + (pieces == 0) > 0; pieces++) {
		OK(ent_import_job_prune(world.app, &worked, &world.error));
	}
	CHECK_INT(pieces, 3); /* rows, the job, nothing */
	CHECK_INT(world_number("SELECT COUNT(*) FROM import_job WHERE id = $1", id), 0);
	CHECK_INT(world_number("SELECT COUNT(*) FROM account WHERE $1 = $1", id), 150);
	world_close();
}
