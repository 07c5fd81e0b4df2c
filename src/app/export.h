/* export.h - records as tables that import.h reads, or as JSON lines.
 *
 * References are written by external identifier; what has none goes by its own, of the system
 * "entitled": so a table can be imported into an empty database as well as into this one.
 */
#ifndef ENT_APP_EXPORT_H
#define ENT_APP_EXPORT_H

#include "app/record.h"

enum ent_export_format {
	ENT_EXPORT_CSV,
	ENT_EXPORT_JSONL,     /* as the API shows them */
	ENT_EXPORT_SALESFORCE /* CSV with Salesforce's columns */
};

/* What there is as CSV; as JSON lines, every type that has a path. */
#define ENT_EXPORT_TABLES                                                                 \
	"accounts, contacts, products, teams, assets, holiday_sets, calendars, "          \
	"entitlement_templates, entitlements, entitlement_contacts, contract_templates, " \
	"contracts, contract_lines, contract_coverages, cases"

struct ent_export_options {
	const char *entity; /* "entitlements", "entitlement"; "entitlement_contacts" */
	enum ent_export_format format;
	const char *const *filters; /* "state=active", "total[gte]=5" */
	size_t filter_count;
	bool guard; /* against formulas */
	bool bom;
	/* Called with each piece of the output, in order; false: it could not be written. */
	bool (*write)(void *arg, ent_str text);
	void *arg;
};

/* All rows in the order of their making, page by page. From a thread that can wait.
 * UNKNOWN_VALUE (the entity), BAD_FILTER, SYSTEM (could not be written) */
ENT_CHECK enum ent_code ent_export_run(struct ent_app *app, const struct ent_call *model,
                                       const struct ent_export_options *options, int64_t *rows,
                                       struct ent_error *error);

#endif
