/* number.c - series of numbers for people, reserved in blocks.
 *
 * No number is given twice, whatever is rolled back. PostgreSQL: a block is taken in a
 * short transaction on a connection of its own. SQLite has one writer, so a block is
 * taken on its connection: when the savepoint it was taken in is rolled back, the
 * reservation is written again below it; when the commit fails, the block is dropped and
 * `floor` keeps what was given out from being given again.
 */
#include "store/inner.h"

#include <string.h>

#define RESERVE                                                    \
	"INSERT INTO number_series (name, next) VALUES ($1, 101) " \
	"ON CONFLICT (name) DO UPDATE SET next = number_series.next + 100 RETURNING next"
#define RESERVE_AGAIN                                             \
	"INSERT INTO number_series (name, next) VALUES ($1, $2) " \
	"ON CONFLICT (name) DO UPDATE SET next = excluded.next "  \
	"WHERE number_series.next < excluded.next"

static struct ent_series *series_of(struct ent_store *store, const char *name)
{
	for (size_t i = 0; i < store->series_count; i++) {
		if (strcmp(store->series[i].name, name) == 0) {
			return &store->series[i];
		}
	}
	assert(store->series_count < ENT_SERIES_MAX);
	assert(strlen(name) < sizeof(store->series[0].name));
	struct ent_series *series = &store->series[store->series_count++];
	*series = (struct ent_series){ .next = 1, .end = 1, .floor = 1 };
	memcpy(series->name, name, strlen(name) + 1);
	return series;
}

static ent_str name_of(const struct ent_series *series)
{
	return ent_str_of(series->name);
}

/* The next block that has something above `floor`. */
static enum ent_code reserve(struct ent_db *db, struct ent_series *series, struct ent_arena scratch,
                             struct ent_error *error)
{
	int64_t end = 0;
	while (end <= series->floor) {
		struct ent_rows rows;
		enum ent_code code =
			ent_db_run(db, ENT_STR(RESERVE), ENT_ARGS(ent_arg_text(name_of(series))),
		                   &scratch, &rows, error);
		if (code != ENT_OK) {
			return code;
		}
		end = rows.first->cell[0].number;
	}
	int64_t begin = end - ENT_NUMBER_BLOCK;
	series->next = begin > series->floor ? begin : series->floor;
	series->end = end;
	return ENT_OK;
}

/* ---- SQLite, on the writer's thread -------------------------------------------------- */

struct block {
	struct ent_db *db;
	struct ent_series *series;
	struct ent_arena scratch;
	struct ent_error *error;
	enum ent_code code;
};

static void guarded_reserve(void *arg)
{
	struct block *b = arg;
	b->code = reserve(b->db, b->series, b->scratch, b->error);
}

static void guarded_again(void *arg)
{
	struct block *b = arg;
	b->code =
		ent_db_exec(b->db, ENT_STR(RESERVE_AGAIN),
	                    ENT_ARGS(ent_arg_text(name_of(b->series)), ent_arg_int(b->series->end)),
	                    ENT_ANY_ROWS, &b->scratch, b->error);
}

/* Blocks that are nearly used up, before the first savepoint. Luck only: a failure
 * shows again when a task needs a number. */
void ent_number_batch_begins(struct ent_store *store, struct ent_db *db, struct ent_arena scratch)
{
	for (size_t i = 0; i < store->series_count; i++) {
		struct ent_series *series = &store->series[i];
		struct ent_error error;
		struct block b = { db, series, scratch, &error, ENT_OK };
		if (series->next == series->end && ent_guard(scratch.budget, guarded_reserve, &b) &&
		    b.code == ENT_OK) {
			series->in_batch = true;
		}
	}
}

void ent_number_task_ended(struct ent_store *store, struct ent_db *db, bool kept,
                           struct ent_arena scratch)
{
	for (size_t i = 0; i < store->series_count; i++) {
		struct ent_series *series = &store->series[i];
		struct ent_error error;
		struct block b = { db, series, scratch, &error, ENT_OK };
		if (!series->in_task) {
			continue;
		}
		series->in_task = false;
		series->in_batch = true;
		if (!kept && (!ent_guard(scratch.budget, guarded_again, &b) || b.code != ENT_OK)) {
			series->next = series->end;
		}
	}
}

void ent_number_batch_ended(struct ent_store *store, bool kept)
{
	for (size_t i = 0; i < store->series_count; i++) {
		struct ent_series *series = &store->series[i];
		if (series->in_batch && !kept) {
			series->next = series->end;
		}
		series->in_batch = false;
	}
}

static enum ent_code reserve_in_task(struct ent_store *store, struct ent_series *series,
                                     struct ent_error *error)
{
	assert(pthread_equal(pthread_self(), store->writer.thread)); /* inside a WRITE task */
	char room[4096];
	struct ent_budget budget = { .high = room, .fail_at = -1 };
	struct block b = {
		store->writer.db, series, { room, room + sizeof(room), &budget }, error, ENT_OK
	};
	if (!ent_guard(&budget, guarded_reserve, &b)) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no room to reserve numbers");
	}
	series->in_task = series->in_task || b.code == ENT_OK;
	return b.code;
}

/* ---- PostgreSQL, under the lock ------------------------------------------------------ */

static void guarded_transact(void *arg)
{
	struct block *b = arg;
	b->code = b->db->ops->begin(b->db, ENT_WRITE, b->error);
	if (b->code == ENT_OK) {
		b->code = reserve(b->db, b->series, b->scratch, b->error);
	}
	if (b->code == ENT_OK) {
		b->code = b->db->ops->commit(b->db, b->error);
	}
}

static enum ent_code reserve_apart(struct ent_store *store, struct ent_series *series,
                                   struct ent_error *error)
{
	struct ent_lane *lane = &store->numbers;
	enum ent_code code = ENT_OK;
	if (lane->db == NULL) {
		code = ent_postgres_open(store->url, store, &lane->db, error);
	}
	for (int tried = 0; tried < ENT_TRIES && (code == ENT_OK || code == ENT_E_BUSY); tried++) {
		struct block b = { lane->db, series, lane->whole, error, ENT_OK };
		if (!ent_guard(&lane->budget, guarded_transact, &b)) {
			b.code = ent_fail(error, ENT_E_OUT_OF_MEMORY, "no room to reserve numbers");
		}
		if (b.code == ENT_OK) {
			return ENT_OK;
		}
		series->next = series->end; /* what was read was not committed */
		ent_db_unwind(lane->db, 0);
		code = b.code;
	}
	return code;
}

enum ent_code ent_store_number(struct ent_store *store, const char *name, int64_t *out,
                               struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	pthread_mutex_lock(&store->series_lock);
	struct ent_series *series = series_of(store, name);
	if (series->next == series->end) {
		code = store->dialect == ENT_SQLITE ? reserve_in_task(store, series, error)
		                                    : reserve_apart(store, series, error);
	}
	if (code == ENT_OK) {
		*out = series->next++;
		series->floor = series->next;
	}
	pthread_mutex_unlock(&store->series_lock);
	return code;
}
