#include "store/helper.h"

#include "base/text.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { ROOM_BYTES = 512 << 20 };

enum ent_dialect helper_dialect;
static char folder[64];
static char path[96];
static char migrated[96]; /* a file to copy; "": not made yet */
static char conninfo[1024];

/* ---- databases ---------------------------------------------------------------------- */

static void remove_files(void)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	for (size_t i = 0; i < ENT_COUNT(ends); i++) {
		char name[128];
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
}

static pid_t owner;

static void remove_folder(void)
{
	if (getpid() == owner) {
		remove_files();
		unlink(migrated);
		rmdir(folder);
	}
}

/* In memory where there is room: what a test writes need not outlive the machine. */
static const char *place(void)
{
	struct statvfs room;
	bool has_room = access("/dev/shm", W_OK) == 0 && statvfs("/dev/shm", &room) == 0 &&
	                (uint64_t)room.f_bavail * room.f_frsize > ROOM_BYTES;
	return has_room ? "/dev/shm" : "/tmp";
}

static bool use_sqlite(void)
{
	if (folder[0] == '\0') {
		snprintf(folder, sizeof(folder), "%s/enttest.XXXXXX", place());
		if (mkdtemp(folder) == NULL) {
			return false;
		}
		snprintf(path, sizeof(path), "%s/test.db", folder);
		owner = getpid();
		atexit(remove_folder);
	}
	remove_files();
	return true;
}

static bool command(const char *url, const char *sql)
{
	PGconn *conn = PQconnectdb(url);
	PGresult *result = PQexec(conn, sql);
	bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
	if (!good) {
		printf("# %s: %s\n", sql, PQerrorMessage(conn));
	}
	PQclear(result);
	PQfinish(conn);
	return good;
}

static void drop_database(void)
{
	if (getpid() == owner) {
		char sql[96];
		snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS ent_test_%d WITH (FORCE)",
		         (int)owner);
		command(getenv("ENT_TEST_POSTGRES"), sql);
	}
}

/* The conninfo of ENT_TEST_POSTGRES with our database instead of its own. */
static void make_conninfo(const char *url)
{
	size_t len = 0;
	PQconninfoOption *options = PQconninfoParse(url, NULL);
	for (PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++) {
		if (o->val != NULL && strcmp(o->keyword, "dbname") != 0) {
			len += (size_t)snprintf(conninfo + len, sizeof(conninfo) - len, "%s='%s' ",
			                        o->keyword, o->val);
		}
	}
	snprintf(conninfo + len, sizeof(conninfo) - len, "dbname='ent_test_%d'", (int)getpid());
	PQconninfoFree(options);
}

static bool has_postgres(void)
{
	const char *url = getenv("ENT_TEST_POSTGRES");
	if (url == NULL || url[0] == '\0') {
		return false;
	}
	if (conninfo[0] == '\0') {
		char sql[64];
		snprintf(sql, sizeof(sql), "CREATE DATABASE ent_test_%d", (int)getpid());
		if (!command(url, sql)) {
			return false;
		}
		owner = getpid();
		make_conninfo(url);
		atexit(drop_database);
	}
	return true;
}

static bool is_kept; /* PostgreSQL has the tables, and `seed` what was in them */

static bool use_postgres(void)
{
	is_kept = false;
	return has_postgres() &&
	       command(conninfo,
	               "SET client_min_messages = warning; DROP SCHEMA public CASCADE; "
	               "DROP SCHEMA IF EXISTS seed CASCADE; CREATE SCHEMA public");
}

bool helper_use(enum ent_dialect dialect)
{
	helper_dialect = dialect;
	return dialect == ENT_SQLITE ? use_sqlite() : use_postgres();
}

/* ---- the same, migrated: copied or emptied, as migrating takes longer than most tests -------- */

static bool copy_file(const char *from, const char *to)
{
	struct stat is;
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool good = in >= 0 && out >= 0 && fstat(in, &is) == 0 &&
	            sendfile(out, in, NULL, (size_t)is.st_size) == is.st_size;
	close(in);
	close(out);
	return good;
}

static bool use_sqlite_migrated(void)
{
	if (!use_sqlite()) {
		return false;
	}
	if (migrated[0] != '\0') {
		return copy_file(migrated, path);
	}
	snprintf(migrated, sizeof(migrated), "%s/migrated.db", folder);
	ent_store_close(helper_open()); /* the last to close leaves no log behind */
	return copy_file(path, migrated);
}

/* What a migration put into a table is kept in seed; a table that it did not make goes. */
static const char keep[] =
	"SET client_min_messages = warning; CREATE SCHEMA seed; DO $$ DECLARE t text; BEGIN "
	"FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP "
	"EXECUTE format('CREATE TABLE seed.%1$I AS TABLE public.%1$I', t); "
	"END LOOP; END $$";
static const char empty[] =
	"SET client_min_messages = warning; SET session_replication_role = replica; "
	"DO $$ DECLARE t text; is_ours bool; size bigint; BEGIN "
	"FOR t, is_ours, size IN SELECT tablename, "
	"to_regclass(format('seed.%I', tablename)) IS NOT NULL, "
	"pg_relation_size(format('public.%I', tablename)::regclass) FROM pg_tables "
	"WHERE schemaname = 'public' LOOP "
	"IF NOT is_ours THEN EXECUTE format('DROP TABLE public.%I CASCADE', t); "
	"ELSIF size > 1000000 THEN EXECUTE format('TRUNCATE public.%I CASCADE', t); "
	"ELSIF size > 0 THEN EXECUTE format('DELETE FROM public.%I', t); END IF; END LOOP; "
	"FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'seed' LOOP "
	"EXECUTE format('INSERT INTO public.%1$I SELECT * FROM seed.%1$I', t); "
	"END LOOP; END $$";

static bool use_postgres_migrated(void)
{
	if (is_kept) {
		return command(conninfo, empty);
	}
	if (!use_postgres()) {
		return false;
	}
	ent_store_close(helper_open());
	is_kept = command(conninfo, keep);
	return is_kept;
}

bool helper_use_migrated(enum ent_dialect dialect)
{
	helper_dialect = dialect;
	return dialect == ENT_SQLITE ? use_sqlite_migrated() : use_postgres_migrated();
}

const char *helper_url(void)
{
	return helper_dialect == ENT_SQLITE ? path : conninfo;
}

struct ent_store_config helper_config(void)
{
	return (struct ent_store_config){ .url = helper_url(),
		                          .workers = 4,
		                          .arena_bytes = (size_t)64 << 20,
		                          .task_bytes = (size_t)4 << 20,
		                          .refresh_ms = 100,
		                          .lease_ms = 2000,
		                          .create = true };
}

struct ent_store *helper_open_with(const struct ent_store_config *config)
{
	struct ent_store *store = NULL;
	struct ent_error error = { 0 };
	struct ent_migration_report report;
	CHECK_INT(ent_store_open(config, &store, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
	if (store == NULL) {
		exit(1); /* no test can go on */
	}
	CHECK_INT(ent_store_migrate(store, &report, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
	return store;
}

struct ent_store *helper_open(void)
{
	struct ent_store_config config = helper_config();
	return helper_open_with(&config);
}

struct ent_db *helper_connect(struct ent_store *store)
{
	struct ent_db *db = NULL;
	struct ent_error error = { 0 };
	enum ent_code code = helper_dialect == ENT_SQLITE
	                             ? ent_sqlite_open(path, ENT_SQLITE_WRITER, &db, &error)
	                             : ent_postgres_open(conninfo, store, &db, &error);
	CHECK_INT(code, ENT_OK);
	return db;
}

/* ---- statements ------------------------------------------------------------------------ */

struct statement {
	const char *sql;
	int64_t number;
};

static enum ent_code run(void *arg, struct ent_db *db, struct ent_arena *arena,
                         struct ent_error *error)
{
	struct statement *s = arg;
	struct ent_rows rows;
	enum ent_code code = ent_db_run(db, ent_str_of(s->sql), NULL, 0, arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		s->number = rows.first->cell[0].number;
	}
	return code;
}

static int64_t run_checked(struct ent_store *store, enum ent_access access, const char *sql)
{
	struct statement s = { sql, -1 };
	struct ent_error error = { 0 };
	CHECK_INT(ent_store_run(store, access, run, &s, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
	return s.number;
}

void helper_sql(struct ent_store *store, const char *sql)
{
	run_checked(store, ENT_WRITE, sql);
}

int64_t helper_number(struct ent_store *store, const char *sql)
{
	return run_checked(store, ENT_READ, sql);
}

void helper_make_table(struct ent_store *store)
{
	helper_sql(store, "CREATE TABLE t (k BIGINT NOT NULL PRIMARY KEY, v TEXT)");
}

enum ent_code helper_insert(struct ent_db *db, int64_t key, struct ent_arena *arena,
                            struct ent_error *error)
{
	return ent_db_exec(db, ENT_STR("INSERT INTO t (k, v) VALUES ($1, $2)"),
	                   ENT_ARGS(ent_arg_int(key), ent_arg_text(ENT_STR("v"))), 1, arena, error);
}

bool helper_wait(bool (*is_so)(void *), void *arg, int ms)
{
	for (int64_t until = ent_now_us() + (int64_t)ms * 1000; ent_now_us() < until;) {
		if (is_so(arg)) {
			return true;
		}
		usleep(1000);
	}
	return is_so(arg);
}

/* ---- tasks ------------------------------------------------------------------------------ */

static enum ent_code task_work(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                               struct ent_error *error)
{
	struct helper_task *t = (struct helper_task *)task;
	t->ran++;
	return t->work(t, db, arena, error);
}

static void task_done(struct ent_task *task, enum ent_code code, struct ent_arena *arena,
                      struct ent_error *error)
{
	struct helper_task *t = (struct helper_task *)task;
	CHECK(ent_text_format(arena, "room %d", 1).len > 0); /* there is room for more */
	CHECK_INT(t->done, 0);
	t->code = code;
	t->error.detail[0] = '\0';
	if (code != ENT_OK) {
		t->error = *error;
	}
	t->done = 1;
}

void helper_submit(struct ent_store *store, struct helper_task *task, enum ent_access access)
{
	task->task = (struct ent_task){ .access = access, .work = task_work, .done = task_done };
	task->ran = 0;
	task->done = 0;
	ent_store_submit(store, &task->task);
}

void helper_await(struct helper_task *tasks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		while (tasks[i].done == 0) {
			usleep(200);
		}
	}
}

static enum ent_code hold(struct helper_task *task, struct ent_db *db, struct ent_arena *arena,
                          struct ent_error *error)
{
	(void)db;
	(void)arena;
	(void)error;
	struct helper_gate *gate = (struct helper_gate *)task;
	while (!gate->is_open) {
		usleep(200);
	}
	return ENT_OK;
}

void helper_gate_close(struct ent_store *store, struct helper_gate *gate, enum ent_access access)
{
	gate->is_open = false;
	gate->task.work = hold;
	helper_submit(store, &gate->task, access);
	while (gate->task.ran == 0) {
		usleep(200);
	}
}

void helper_gate_open(struct helper_gate *gate)
{
	gate->is_open = true;
	helper_await(&gate->task, 1);
}
