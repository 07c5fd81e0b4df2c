/* import.h - records from tables of text: our own columns, or those of another system.
 *
 * Every row goes through the use cases, so that all rules hold, and in a savepoint of its
 * own, so that it is imported as a whole or not at all. A row is found again by its external
 * id: it is created, changed, or unchanged. What has a parent in a later row waits for it.
 *
 * Balances and cases are history: an entitlement is put into force with what remained of it
 * (once, when it is created), and a case that is imported is covered by its entitlement
 * without being charged.
 */
#ifndef ENT_APP_IMPORT_H
#define ENT_APP_IMPORT_H

#include "app/csv.h"
#include "app/record.h"

enum ent_import_from {
	ENT_FROM_CSV,
	ENT_FROM_SALESFORCE,
	ENT_FROM_DYNAMICS,
	ENT_FROM_SERVICENOW,
	ENT_FROM_COUNT
};
const char *ent_import_from_text(enum ent_import_from from); /* "salesforce" */
enum ent_date_order { ENT_ORDER_NONE, ENT_ORDER_MDY, ENT_ORDER_DMY, ENT_ORDER_YMD };

enum ent_import_status {
	ENT_IMPORT_CREATED,
	ENT_IMPORT_UPDATED,
	ENT_IMPORT_UNCHANGED,
	ENT_IMPORT_FAILED,
	ENT_IMPORT_BLANK,
	ENT_IMPORT_STATUS_COUNT
};
const char *ent_import_status_text(enum ent_import_status status); /* "created" */

/* One table; several are imported in the order in which they depend on each other. */
struct ent_import_file {
	const char *name; /* for reports, and to recognise the object */
	ent_str text;
	const char *object; /* "account", "EntitlementContact" …; NULL: by name or header */
	/* Filled in: */
	const char *recognised;
	int64_t counts[ENT_IMPORT_STATUS_COUNT];
};

/* What became of a row. */
struct ent_import_row {
	const struct ent_import_file *file;
	int64_t line;
	enum ent_import_status status;
	ent_str id;     /* "acc_…"; empty if it failed */
	ent_str column; /* which was wrong; empty: the row as a whole */
	ent_str value;
	ent_str message; /* what is wrong; of a row that came in: what it is not quite */
	const struct ent_csv_row *header;
	const struct ent_csv_row *row; /* NULL if it could not be read at all */
	char separator;
};

struct ent_import_options {
	enum ent_import_from from;
	ent_str system; /* external_system of rows that do not say; empty: that of `from` */
	ent_str currency;  /* of amounts that do not say; empty: none */
	ent_str time_zone; /* of days that come as instants; empty: UTC */
	enum ent_date_order date_order;
	char separator; /* 0: find out */
	struct ent_map columns; /* headers to read as other columns; "": to pass over */
	bool dry_run;   /* all in one transaction, which is rolled back */
	bool nulls;     /* empty cells clear what they are about, else they leave it as it is */
	/* Called for every row once its fate is sealed, by the thread that imports. */
	void (*row)(void *arg, const struct ent_import_row *row);
	/* A dry run lost a race and begins again: forget the rows so far. May be NULL. */
	void (*again)(void *arg);
	void (*ignored)(void *arg, const struct ent_import_file *file, ent_str column);
	void (*progress)(void *arg, int64_t done, int64_t all); /* bytes; may be NULL */
	void *arg;
};

/* From a thread that can wait. Fails for what is not about a row: UNKNOWN_VALUE (the object
 * is not known), UNKNOWN_FIELD (a column is not), REQUIRED, the store. */
ENT_CHECK enum ent_code ent_import_run(struct ent_app *app, const struct ent_call *model,
                                       const struct ent_import_options *options,
                                       struct ent_import_file *files, size_t count,
                                       struct ent_error *error);

/* The same within a call that writes, for a table of at most ENT_IMPORT_WITHIN rows: its rows are
 * committed with the call, which may be run again as a whole. FORBIDDEN, LIMIT. */
enum { ENT_IMPORT_WITHIN = 500 };
ENT_CHECK enum ent_code ent_import_within(struct ent_call *call,
                                          const struct ent_import_options *options,
                                          struct ent_import_file *file, struct ent_error *error);

/* An 18 character identifier of Salesforce from one of 15 or 18; false if it is neither. */
ENT_CHECK bool ent_salesforce_id(ent_str text, char out[static 19]);

/* A date as spreadsheets write it: 2024-02-29, also with a time behind it, 2/29/2024 or
 * 29.2.2024 where the order is told. */
ENT_CHECK bool ent_import_date(ent_str text, enum ent_date_order order, ent_date *out);
/* With a time, AM or PM, and Z, +00:00 or +0000; none: UTC. */
ENT_CHECK bool ent_import_instant(ent_str text, enum ent_date_order order, ent_instant *out);
/* true, yes, 1, false, no, 0 in any case. */
ENT_CHECK bool ent_import_bool(ent_str text, bool *out);

#endif
