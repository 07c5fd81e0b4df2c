#include "app/tables.h"

#include "app/verify.h"

struct tables_told tables_told;

static void take_row(void *arg, const struct ent_import_row *row)
{
	(void)arg;
	tables_told.rows++;
	if (row->status != ENT_IMPORT_FAILED && row->message.len == 0) {
		return;
	}
	char line[256];
	snprintf(line, sizeof(line), "%s:%lld|%.*s|%.*s|%.*s", row->file->name,
	         (long long)row->line, (int)row->column.len, row->column.ptr, (int)row->value.len,
	         row->value.ptr, (int)row->message.len, row->message.ptr);
	if (tables_told.first[0] == '\0') {
		snprintf(tables_told.first, sizeof(tables_told.first), "%s", line);
	}
	int n = snprintf(tables_told.all + tables_told.len,
	                 sizeof(tables_told.all) - tables_told.len, "%s\n", line);
	tables_told.len += tables_told.len + (size_t)n < sizeof(tables_told.all) ? (size_t)n : 0;
}

struct ent_import_options tables_options(enum ent_import_from from)
{
	return (struct ent_import_options){ .from = from,
		                            .date_order = ENT_ORDER_MDY,
		                            .row = take_row };
}

enum ent_code tables_import(const struct ent_import_options *options, struct ent_import_file *files,
                            size_t count)
{
	struct ent_call model = { .now = ent_app_now(world.app),
		                  .who = &ent_principal_system,
		                  .origin = ENT_STR("test") };
	memset(&tables_told, 0, sizeof(tables_told));
	ent_error_clear(&world.error);
	return ent_import_run(world.app, &model, options, files, count, &world.error);
}

struct ent_import_file tables_native(const char *object, const char *text)
{
	struct ent_import_options options = tables_options(ENT_FROM_CSV);
	struct ent_import_file file = { .name = object,
		                        .object = object,
		                        .text = ent_str_of(text) };
	OK(tables_import(&options, &file, 1));
	return file;
}

void tables_all(enum ent_import_from from, const char *const *names, const ent_str *text,
                size_t count, enum ent_import_status wanted)
{
	enum { MOST = 16 };
	struct ent_import_options options = tables_options(from);
	struct ent_import_file files[MOST];
	assert(count <= MOST);
	memset(files, 0, sizeof(files));
	for (size_t i = 0; i < count; i++) {
		files[i].name = names[i];
		files[i].text = text[i];
	}
	OK(tables_import(&options, files, count));
	for (size_t i = 0; i < count; i++) {
		int64_t all = 0;
		for (int k = 0; k < ENT_IMPORT_STATUS_COUNT; k++) {
			all += files[i].counts[k];
		}
		ROW(names[i]);
		CHECK(all > 0);
		CHECK_INT(files[i].counts[wanted], all);
	}
	ROW("");
	printf("%s%s", tables_told.first[0] == '\0' ? "" : "# ", tables_told.first);
}

void tables_check(const struct ent_import_file *file, int64_t created, int64_t updated,
                  int64_t unchanged, int64_t failed)
{
	ROW(file->name);
	CHECK_INT(file->counts[ENT_IMPORT_CREATED], created);
	CHECK_INT(file->counts[ENT_IMPORT_UPDATED], updated);
	CHECK_INT(file->counts[ENT_IMPORT_UNCHANGED], unchanged);
	CHECK_INT(file->counts[ENT_IMPORT_FAILED], failed);
	ROW("");
	if (file->counts[ENT_IMPORT_FAILED] != failed) {
		printf("# %s\n", tables_told.first);
	}
}

int64_t tables_sum(void)
{
	static const char *const tables[] = {
		"account",
		"contact",
		"product",
		"asset",
		"entitlement",
		"entitlement_template",
		"\"case\"",
		"term_posting",
		"event",
		"entitlement_grant",
		"entitlement_channel",
		"contract",
		"contract_line",
		"contract_coverage",
		"calendar",
	};
	uint64_t sum = 0;
	for (size_t i = 0; i < ENT_COUNT(tables); i++) {
		char sql[128];
		snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM %s", tables[i]);
		sum = sum * 31 + (uint64_t)world_number(sql, ENT_ID_NONE);
	}
	sum = sum * 31 +
	      world_number("SELECT COALESCE(SUM(version), 0) FROM entitlement", ENT_ID_NONE);
	return sum * 31 +
	       world_number("SELECT COALESCE(SUM(seq), 0) FROM account_head", ENT_ID_NONE);
}

static void report_finding(void *arg, const struct ent_finding *finding)
{
	(void)arg;
	printf("# %s %s: %s\n", finding->kind, finding->subject, finding->detail);
}

void tables_books(void)
{
	struct ent_verify_result result;
	OK(ent_verify(world.app, report_finding, NULL, &result, &world.error));
	CHECK_INT(result.findings, 0);
}

ent_id tables_id(const char *table_name, const char *id)
{
	char sql[128];
	snprintf(sql, sizeof(sql), "SELECT id FROM %s WHERE external_id = '%s'", table_name, id);
	return (ent_id){ world_number(sql, ENT_ID_NONE) };
}
