/* entitled import --holiday-set: the holidays of an iCalendar file. */
#include "cli/import_ical.h"

#include "app/holiday_import.h"
#include "app/record.h"
#include "base/text.h"

#include <stdio.h>

struct filling {
	ent_str set; /* its name or identifier */
	struct ent_holiday_import import;
	bool tried; /* a dry run came to its end */
};

static enum ent_code create(struct ent_call *call, ent_str name, ent_id *out,
                            struct ent_error *error)
{
	const struct ent_type *type = &ent_holiday_set_type;
	const struct ent_field *field = ENT_FIELD_OF(holiday_set, name);
	struct ent_holiday_set set;
	struct ent_set given = { { 0 } };
	ent_type_clear(type, &set);
	(void)ent_field_set(field, &set, ent_value_text(name), error);
	ent_set_add(&given, ent_type_at(type, field));
	enum ent_code code = ent_noted(error);
	if (code == ENT_OK) {
		code = ent_record_create(call, type, &set, &given, error);
	}
	*out = set.id;
	return code;
}

/* The set that is called so; made if there is none. */
static enum ent_code find(struct ent_call *call, ent_str name, ent_id *out, struct ent_error *error)
{
	struct ent_rows rows;
	if (ent_id_parse(name, ent_holiday_set_type.prefix, out)) {
		return ENT_OK;
	}
	enum ent_code code =
		ent_db_run(call->db, ENT_STR("SELECT id FROM holiday_set WHERE name = $1"),
	                   ENT_ARGS(ent_arg_text(name)), call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		*out = (ent_id){ rows.first->cell[0].number };
		return ENT_OK;
	}
	return code == ENT_OK ? create(call, name, out, error) : code;
}

static void print(const struct ent_holiday_report *report, bool dry_run)
{
	const struct ent_ical *ical = &report->ical;
	for (size_t i = 0; i < ical->skipped_count && i < ENT_ICAL_SKIPPED_MAX; i++) {
		const struct ent_ical_skipped *skipped = &ical->skipped[i];
		printf("%.*s: skipped: %s\n", (int)skipped->name.len,
		       skipped->name.len > 0 ? skipped->name.ptr : "", skipped->reason);
	}
	printf("%zu events, %zu holidays added, %zu skipped%s\n", ical->event_count, report->added,
	       ical->skipped_count, dry_run ? "; dry run: nothing was written" : "");
}

static enum ent_code fill(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct filling *filling = arg;
	struct ent_holiday_report report;
	ent_id id;
	ent_error_clear(error);
	enum ent_code code = find(call, filling->set, &id, error);
	if (code == ENT_OK) {
		code = ent_holiday_set_import(call, id, 0, &filling->import, &report, error);
	}
	if (code == ENT_OK) {
		print(&report, filling->import.dry_run);
	}
	filling->tried = code == ENT_OK && filling->import.dry_run;
	return filling->tried /* a set that was made to be tried goes, too */
	               ? ent_fail(error, ENT_E_STATE, "a dry run writes nothing")
	               : code;
}

int ent_cli_import_ical(const char *database, const char *set, ent_str text, bool dry_run)
{
	struct filling filling = { .set = ent_str_of(set),
		                   .import = { .ics = text, .dry_run = dry_run } };
	struct ent_app *app = ent_cli_open(ent_cli_database(database), false);
	if (app == NULL) {
		return 1;
	}
	struct ent_call model = ent_cli_call(app);
	struct ent_error error;
	ent_error_clear(&error);
	enum ent_code code = ent_app_run(app, ENT_WRITE, &model, fill, &filling, &error);
	int status = code == ENT_OK || filling.tried ? 0 : ent_cli_fail(&error);
	ent_app_close(app);
	return status;
}
