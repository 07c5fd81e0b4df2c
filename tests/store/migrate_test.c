#include "store/migrate.h"

#include "store/helper.h"

#include <pthread.h>

TEST(migrate_takes_statements_apart)
{
	static const char *const want[] = { "CREATE TABLE a (\n\tx TEXT -- ; inside\n)",
		                            "INSERT INTO a VALUES ('x;y')", "SELECT 1" };
	ent_str rest = ENT_STR("-- a comment;\n\n\tCREATE TABLE a (\n\tx TEXT -- ; inside\n);\n"
	                       "-- another\n-- two\nINSERT INTO a VALUES ('x;y');\n  SELECT 1;\n"
	                       "-- the end\n");
	for (size_t i = 0; i < ENT_COUNT(want); i++) {
		ent_str sql = ent_sql_next(&rest);
		CHECK(ent_str_is(sql, want[i]));
	}
	CHECK_INT(ent_sql_next(&rest).len, 0);
	CHECK_INT(ent_sql_next(&rest).len, 0);
	rest = ENT_STR("SELECT 2");
	CHECK(ent_str_is(ent_sql_next(&rest), "SELECT 2"));
}

static struct ent_store *open_bare(void)
{
	struct ent_store *store = NULL;
	struct ent_error error = { 0 };
	struct ent_store_config config = helper_config();
	CHECK_INT(ent_store_open(&config, &store, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
	return store;
}

static const int numbers[] = {
#define ENT_MIGRATION(number, name, file) number,
#include "store/migration.def"
};

STORE_TEST(migrate_twice_and_check)
{
	struct ent_store *store = open_bare();
	struct ent_migration_report report = { -1, -1 };
	struct ent_error error = { 0 };
	CHECK_INT(ent_store_node(store), -1);
	CHECK_INT(ent_store_migrate_check(store, &report, &error), ENT_E_UNAVAILABLE);
	CHECK_INT(report.present, 0);
	CHECK(report.newest >= 1);
	CHECK_INT(ent_store_migrate(store, &report, &error), ENT_OK);
	CHECK_INT(report.present, report.newest);
	CHECK_INT(ent_store_node(store), 0);
	CHECK_INT(ent_store_migrate_check(store, &report, &error), ENT_OK);
	CHECK_INT(ent_store_migrate(store, &report, &error), ENT_OK);
	CHECK_INT(helper_number(store, "SELECT MAX(number) FROM migration"), report.newest);
	CHECK_INT(helper_number(store, "SELECT COUNT(*) FROM migration"), ENT_COUNT(numbers));
	CHECK_INT(helper_number(store, "SELECT COUNT(*) FROM settings"), 1);
	helper_sql(store,
	           "DELETE FROM migration WHERE number = (SELECT MAX(number) FROM migration)");
	CHECK_INT(ent_store_migrate_check(store, &report, &error), ENT_E_UNAVAILABLE);
	CHECK_INT(report.present, numbers[ENT_COUNT(numbers) - 2]);
	ent_store_close(store);
}

/* Not again: whoever runs the database may have set it otherwise. */
STORE_TEST(migrate_leaves_room_for_rows_that_change)
{
	static const char sql[] = "SELECT COUNT(*) FROM pg_class WHERE relname IN ('account_head', "
				  "'case', 'milestone') AND reloptions IS NOT NULL";
	struct ent_store *store = open_bare();
	struct ent_migration_report report;
	struct ent_error error = { 0 };
	CHECK_INT(ent_store_migrate(store, &report, &error), ENT_OK);
	if (helper_dialect == ENT_POSTGRES) {
		CHECK_INT(helper_number(store, sql), 3);
		helper_sql(store, "ALTER TABLE milestone RESET (fillfactor)");
		CHECK_INT(ent_store_migrate(store, &report, &error), ENT_OK);
		CHECK_INT(helper_number(store, sql), 2);
	}
	ent_store_close(store);
}

STORE_TEST(migrate_refuses_what_it_does_not_know)
{
	struct ent_store *store = helper_open();
	struct ent_migration_report report;
	struct ent_error error = { 0 };
	helper_sql(store, "INSERT INTO migration (number, name, checksum, applied_at) "
	                  "VALUES (900, 'future', 'x', 1)");
	CHECK_INT(ent_store_migrate(store, &report, &error), ENT_E_STATE);
	CHECK_INT(ent_store_migrate_check(store, &report, &error), ENT_E_STATE);
	helper_sql(store, "DELETE FROM migration WHERE number = 900");
	CHECK_INT(ent_store_migrate_check(store, &report, &error), ENT_OK);
	helper_sql(store, "UPDATE migration SET checksum = 'edited' WHERE number = 1");
	CHECK_INT(ent_store_migrate(store, &report, &error), ENT_E_STATE);
	CHECK_INT(ent_store_migrate_check(store, &report, &error), ENT_E_STATE);
	ent_store_close(store);
}

static void *migrate_thread(void *arg)
{
	(void)arg;
	struct ent_store *store = open_bare();
	struct ent_migration_report report;
	struct ent_error error = { 0 };
	if (store == NULL) {
		return NULL;
	}
	CHECK_INT(ent_store_migrate(store, &report, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
	ent_store_close(store);
	return NULL;
}

static void *open_thread(void *arg)
{
	(void)arg;
	struct ent_store *store = open_bare();
	if (store != NULL) {
		ent_store_close(store);
	}
	return NULL;
}

/* A new file becomes WAL when it is opened: whoever comes at the same time must wait, not fail. */
STORE_TEST(migrate_opens_a_new_database_by_several_at_once)
{
	for (int round = 0; round < 20; round++) {
		CHECK(helper_use(helper_dialect));
		pthread_t threads[8];
		for (size_t i = 0; i < ENT_COUNT(threads); i++) {
			CHECK_INT(pthread_create(&threads[i], NULL, open_thread, NULL), 0);
		}
		for (size_t i = 0; i < ENT_COUNT(threads); i++) {
			pthread_join(threads[i], NULL);
		}
	}
}

STORE_TEST(migrate_by_several_at_once)
{
	pthread_t threads[4];
	for (size_t i = 0; i < ENT_COUNT(threads); i++) {
		CHECK_INT(pthread_create(&threads[i], NULL, migrate_thread, NULL), 0);
	}
	for (size_t i = 0; i < ENT_COUNT(threads); i++) {
		pthread_join(threads[i], NULL);
	}
	struct ent_store *store = helper_open();
	CHECK_INT(helper_number(store, "SELECT COUNT(*) FROM settings"), 1);
	ent_store_close(store);
}

TEST(migrate_opening_fails_with_reasons)
{
	static const char *const urls[] = { "/nowhere/at/all.db", "host=/nowhere/at/all user=x" };
	for (size_t i = 0; i < ENT_COUNT(urls); i++) {
		struct ent_store *store = NULL;
		struct ent_error error = { 0 };
		struct ent_store_config config = { .url = urls[i], .create = true };
		ROW(urls[i]);
		CHECK_INT(ent_store_open(&config, &store, &error), ENT_E_STORAGE);
		CHECK(error.detail[0] != '\0');
	}
	CHECK(helper_use(ENT_SQLITE));
	struct ent_store_config config = helper_config();
	struct ent_store *store = NULL;
	struct ent_error error = { 0 };
	config.create = false; /* and there is no file */
	CHECK_INT(ent_store_open(&config, &store, &error), ENT_E_STORAGE);
}
