/* import_batch.h - some rows at a time, for import.c. */
#ifndef ENT_APP_IMPORT_BATCH_H
#define ENT_APP_IMPORT_BATCH_H

#include "app/import_inner.h"

enum { ENT_IMPORT_ROWS = 200 /* of a transaction */, ENT_IMPORT_KEY = 176 };

struct ent_import_place {
	size_t at;
	int64_t line;
};

/* What became of a row, until its transaction is committed. */
struct ent_import_result {
	struct ent_import_place place;
	enum ent_import_status status;
	ent_id id;
	size_t column; /* one more than its number; 0: none */
	char value[48];
	char message[256];
	/* Of an import in the background only: */
	bool waits;
	char key[ENT_IMPORT_KEY]; /* "system:identifier" of the row itself */
	char waits_for[2 * ENT_IMPORT_KEY]; /* the same of those that it refers to, a line each */
};

/* Rows that wait for a later one of their table. */
struct ent_import_waiting {
	struct ent_import_place *items;
	size_t count, room;
};

struct ent_importing {
	struct ent_app *app;
	const struct ent_call *model;
	const struct ent_import_options *options;
	struct ent_import_reader *readers; /* in the order of dependence */
	struct ent_budget *budgets;        /* of their arenas */
	struct ent_arena *wholes;
	size_t count;
	struct ent_import_cache *cache;
	int64_t bytes_all, bytes_before;
	bool started; /* a dry run has begun once */
	bool rehearsed;
	/* A pass over the table: the first one over its rows, then over those that wait. */
	struct ent_import_reader *reader;
	struct ent_import_waiting now, next;
	size_t taken; /* of `now` */
	bool first_pass, last_chance;
	bool out_of_memory;
	bool is_hopeful; /* rows have no savepoints of their own: one that fails … */
	bool is_spoiled; /* … has spoiled those that were taken with it */
	bool is_job;     /* rows that wait are results, and results have keys */
	void *arg;       /* of the body */
	struct ent_import_result results[ENT_IMPORT_ROWS];
	size_t result_count;
};

/* Where some rows begin, to take them once more. */
struct ent_import_start {
	struct ent_import_place place;
	size_t taken, waiting;
};

/* With all that a run needs: budgets, readers, a cache, which are gone afterwards. `call` NULL: it
 * makes transactions of its own. */
typedef enum ent_code ent_import_body(struct ent_importing *run, struct ent_call *call,
                                      struct ent_import_file *files, struct ent_error *error);
ENT_CHECK enum ent_code ent_import_with(struct ent_importing *run, struct ent_call *call,
                                        struct ent_import_file *files, ent_import_body *body,
                                        struct ent_error *error);
/* Recognise the tables and read their headers: the first that a body does. */
ENT_CHECK enum ent_code ent_import_ready(struct ent_importing *run, struct ent_import_file *files,
                                         struct ent_error *error);

/* Take the next rows of the table into run->results, in the transaction of `call`. */
ENT_CHECK enum ent_code ent_import_take_some(struct ent_importing *run, struct ent_call *call,
                                             struct ent_error *error);
bool ent_import_has_more(const struct ent_importing *run);
struct ent_import_start ent_import_start_of(const struct ent_importing *run);
void ent_import_start_again(struct ent_importing *run, const struct ent_import_start *start);

#endif
