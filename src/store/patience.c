/* patience.c - SQLite gives up what takes too long, as PostgreSQL does after statement_timeout. */
#include "store/inner.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	STEPS = 20000
}; /* of SQLite's machine between two looks at the clock: under a millisecond */

static int64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int is_over(void *arg)
{
	const int64_t *until = arg;
	return *until != 0 && now_us() > *until;
}

/* PostgreSQL's set_config('statement_timeout', milliseconds, true), of the rest of a transaction.
 */
static void set_config(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	(void)argc;
	int64_t *until = sqlite3_user_data(context);
	const char *name = (const char *)sqlite3_value_text(argv[0]);
	if (name == NULL || strcmp(name, "statement_timeout") != 0) {
		sqlite3_result_error(context, "no such setting", -1);
		return;
	}
	int64_t ms = sqlite3_value_int64(argv[1]);
	*until = ms > 0 ? now_us() + 1000 * ms : 0;
	sqlite3_result_int64(context, ms);
}

int ent_sqlite_add_functions(sqlite3 *handle, int64_t *until_us)
{
	int rc = ent_sqlite_add_lower(handle);
	sqlite3_progress_handler(handle, STEPS, is_over, until_us);
	return rc != SQLITE_OK ? rc
	                       : sqlite3_create_function_v2(handle, "set_config", 3,
	                                                    SQLITE_UTF8 | SQLITE_DIRECTONLY,
	                                                    until_us, set_config, NULL, NULL, NULL);
}
