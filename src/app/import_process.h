/* import_process.h - service levels from the metadata of Salesforce: entitlement processes
 * (*.entitlementProcess), with the recurrence of their milestone types (*.milestoneType).
 *
 * A process is a version of a policy: the policy is found by the process's VersionMaster or by
 * its name, the version by its number. Each comes in as a whole or not at all. import_criteria.c
 * reads criteria, import_process.c makes rules, import_process_store.c stores them.
 */
#ifndef ENT_APP_IMPORT_PROCESS_H
#define ENT_APP_IMPORT_PROCESS_H

#include "app/import.h"
#include "xml/xml.h"

/* Report with `row` and `again`, keep `counts`, as ent_import_run() does; rows have no header. Of
 * the options `from`, `date_order`, `separator` and `nulls` mean nothing. From a thread that can
 * wait. */
ENT_CHECK enum ent_code ent_process_import(struct ent_app *app, const struct ent_call *model,
                                           const struct ent_import_options *options,
                                           struct ent_import_file *files, size_t count,
                                           struct ent_error *error);

/* ---- the way to rules, pure ---------------------------------------------------------------- */

/* What a process names. */
struct ent_process_names {
	/* Our identifier of the business hours of this name; false: there are none. Fails itself.
	 */
	enum ent_code (*hours)(void *arg, ent_str name, ent_str *out, struct ent_error *error);
	/* "none", "recursIndependently", "recursChained" or whatever the type says; no text: there
	 * is no such type. */
	ent_str (*recurrence)(void *arg, ent_str name);
	void *arg;
};

/* One EntitlementProcess. */
struct ent_process {
	ent_str key; /* VersionMaster, else the name: of all its versions */
	ent_str name;
	int64_t number;
	bool is_active, is_default;
	ent_str policy; /* JSON of the policy, and of its version without sla_policy_id */
	ent_str version;
	ent_str notice; /* what is not quite as it was; may be empty */
};

/* `name`: of the file, if it says none. Notes; UNKNOWN_VALUE for what has no counterpart here. */
ENT_CHECK enum ent_code ent_process_read(const struct ent_xml *root, ent_str name,
                                         const struct ent_process_names *names,
                                         struct ent_arena *arena, struct ent_process *out,
                                         struct ent_error *error);

/* Tell each element that it reads nothing from, by the path to it ("milestones/"). */
void ent_process_passed_over(const struct ent_xml *root,
                             void (*tell)(void *arg, const char *path, ent_str name), void *arg);

/* Filter items `items` of an element, put together by the text of `filter` ("1 AND (2 OR 3)"; not
 * there: all of them), as an expression. Without any: no text. */
ENT_CHECK enum ent_code ent_process_criteria(const struct ent_xml *node, const char *items,
                                             const char *filter, struct ent_arena *arena,
                                             ent_str *out, struct ent_error *error);

#endif
