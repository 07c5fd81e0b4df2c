/* import_job.h - tables that are imported in the background.
 *
 * A job is a record. Its table is stored in parts of some rows, cut when it is taken in. Each part
 * is one transaction: its rows, what became of each of them, and how far the job has come. Whoever
 * goes on after a stop or a crash does no row twice and leaves none out. Servers claim a job for a
 * transaction, as they do deliveries: one that somebody is at is passed over.
 *
 * A row that refers to one of its own table that is not there yet waits for the second pass, in
 * which the rows that it needs come first. In a dry run each part is undone by itself; what a row
 * needs of other parts is tried with it.
 *
 * Rows are imported in the name of who sent the table, with what they may do then.
 */
#ifndef ENT_APP_IMPORT_JOB_H
#define ENT_APP_IMPORT_JOB_H

#include "app/import.h"

/* Take a table in. The options' callbacks are not called. As the permission import.run.
 * LIMIT, SYNTAX, UNKNOWN_VALUE (what does it hold?), UNKNOWN_FIELD, REQUIRED. */
ENT_CHECK enum ent_code ent_import_job_start(struct ent_call *call,
                                             const struct ent_import_options *options,
                                             const struct ent_import_file *file,
                                             struct ent_import_job *out, struct ent_error *error);

/* Import one part of the oldest job that nobody is at. *worked: there was one. From a thread that
 * can wait. Fails if it is to be tried again later; a job that fails time and again is given up. */
ENT_CHECK enum ent_code ent_import_job_run(struct ent_app *app, bool *worked,
                                           struct ent_error *error);

/* Delete a piece of what is kept longer than the setting import_days. *worked: there was some. */
ENT_CHECK enum ent_code ent_import_job_prune(struct ent_app *app, bool *worked,
                                             struct ent_error *error);

/* Who may see only some accounts sees only their own imports: others tell of other accounts. */
bool ent_import_job_is_seen(const struct ent_call *call, const struct ent_import_job *job);
void ent_import_job_scope(const struct ent_principal *who, struct ent_text *sql);

/* ---- what became of its rows ------------------------------------------------------------- */

enum ent_import_form {
	ENT_IMPORT_AS_JSON,
	ENT_IMPORT_AS_CSV,  /* line, status, id, column, value, message */
	ENT_IMPORT_AS_FILE, /* the rows as they stand in the file, and why they failed */
	ENT_IMPORT_FORM_COUNT
};
const char *ent_import_form_text(enum ent_import_form form); /* "json" */

enum { ENT_IMPORT_JSON_MAX = 200, ENT_IMPORT_CSV_MAX = 50000 };

struct ent_import_rows {
	unsigned statuses; /* 1 << ENT_IMPORT_FAILED; 0: all */
	bool noted;        /* only those that came in, but not quite as they are in the file */
	int64_t behind;    /* this line */
	int64_t limit;
	enum ent_import_form form;
	/* Filled in: */
	ent_str text;
	bool has_more;
	int64_t last; /* the last line that is told */
};

/* NOT_FOUND the job; AS_FILE only tells of rows that failed, as no others are kept. */
ENT_CHECK enum ent_code ent_import_job_rows(struct ent_call *call, ent_id id,
                                            struct ent_import_rows *rows, struct ent_error *error);

#endif
