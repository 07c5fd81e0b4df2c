/* import_job_inner.h - what the files of imports in the background share.
 *
 * import_job.c begins, stops and prunes them; import_job_run.c works on them, on the rows that
 * import_job_batch.c chooses; import_job_rows.c tells of their rows; import_part.c keeps their
 * tables.
 */
#ifndef ENT_APP_IMPORT_JOB_INNER_H
#define ENT_APP_IMPORT_JOB_INNER_H

#include "app/import_batch.h"
#include "app/import_job.h"

/* How a job reads its table. */
struct ent_import_options ent_import_job_options(const struct ent_import_job *job);

/* Hold the row of the job until the end of the transaction: always before any other lock. */
ENT_CHECK enum ent_code ent_import_job_hold(struct ent_call *call, ent_id id,
                                            struct ent_error *error);

/* import_job_run.c: one transaction of the oldest job that nobody is at; `arg`: an ent_id, which
 * becomes that job's, or none. */
ENT_CHECK enum ent_code ent_import_job_step(struct ent_call *call, void *arg,
                                            struct ent_error *error);

/* ---- import_part.c ----------------------------------------------------------------------- */

/* A table in pieces, as arguments of the statement that stores them. */
struct ent_import_parts {
	struct ent_value *args;
	size_t count, room;
	int64_t rows;
};

/* Cut what is behind the header. LIMIT (more than `most` rows). */
ENT_CHECK enum ent_code ent_import_parts_cut(struct ent_csv csv, int64_t most,
                                             struct ent_arena *arena, struct ent_import_parts *out,
                                             struct ent_error *error);
/* Store them; the job is there already. */
ENT_CHECK enum ent_code ent_import_parts_store(struct ent_call *call, ent_id job,
                                               const struct ent_import_parts *parts,
                                               struct ent_error *error);

struct ent_import_part {
	int64_t number; /* 0: none */
	int64_t line;   /* of its first row */
	ent_str body;
};
/* *out has number 0 if there is no such part. */
ENT_CHECK enum ent_code ent_import_part_load(struct ent_call *call, ent_id job, int64_t number,
                                             struct ent_import_part *out, struct ent_error *error);
/* The row at this line of a part, as it stands in the file; no text if there is none. */
ent_str ent_import_part_row(const struct ent_import_part *part, char separator, int64_t line,
                            struct ent_arena scratch);

/* Parts that nobody needs once a job is done: those without a row that failed. */
ENT_CHECK enum ent_code ent_import_parts_drop(struct ent_call *call, ent_id job,
                                              struct ent_error *error);

/* ---- import_job_batch.c ------------------------------------------------------------------ */

struct ent_import_row_place {
	int64_t line;
	int64_t part;
	ent_str row;
	size_t at;      /* in the text */
	bool is_wanted; /* else it is there for another one, and what becomes of it is known */
};

struct ent_import_job_batch {
	struct ent_call *call;
	struct ent_import_job *job;
	struct ent_import_options options;
	ent_str text; /* the header and the rows */
	/* A part: */
	struct ent_import_part part;
	/* Rows that waited, with those that they need before them: */
	struct ent_import_row_place places[ENT_IMPORT_ROWS];
	size_t count;
	size_t bytes;
	struct ent_import_part loaded; /* the last that was read for them */
	int64_t waited;
	bool is_end; /* there are no rows left in this pass */
};

/* The next part. */
ENT_CHECK enum ent_code ent_import_batch_part(struct ent_import_job_batch *b,
                                              struct ent_error *error);
/* The next rows that waited. */
ENT_CHECK enum ent_code ent_import_batch_waiting(struct ent_import_job_batch *b,
                                                 struct ent_error *error);
/* Make its text, in which rows get their places. */
void ent_import_batch_text(struct ent_import_job_batch *b);

#endif
