#include "cli/results.h"

#include "test.h"

#include <unistd.h>

static const char *content(const char *folder, const char *name)
{
	static char text[2048];
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "r");
	size_t len = file == NULL ? 0 : fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	if (file != NULL) {
		fclose(file);
	}
	unlink(path);
	return text;
}

TEST(results_go_into_two_files_a_table)
{
	char folder[] = "/tmp/entitled-results-XXXXXX";
	CHECK(mkdtemp(folder) != NULL);
	ent_str names[] = { ENT_STR("Id"), ENT_STR("Name") };
	ent_str cells[] = { ENT_STR("1"), ENT_STR("Acme, \"Inc\"") };
	struct ent_csv_row header = { .fields = names, .count = 2 };
	struct ent_csv_row row = { .fields = cells, .count = 2 };
	struct ent_import_file first = { .name = "some/where/Account.v2.csv" };
	struct ent_import_file second = { .name = "contacts" };
	struct ent_import_row good = {
		.file = &first, .line = 2, .id = ENT_STR("acc_1"), .header = &header, .row = &row
	};
	struct ent_import_row wrong = good;
	struct ent_import_row broken = good;
	wrong.status = ENT_IMPORT_FAILED;
	wrong.column = names[1];
	wrong.message = ENT_STR("too long");
	wrong.line = 7;
	broken.status = ENT_IMPORT_FAILED;
	broken.file = &second;
	broken.row = NULL; /* could not be read at all */
	broken.message = ENT_STR("line 9: a quote is opened and not closed");
	broken.line = 9;
	struct ent_results results = { .folder = folder };
	CHECK(ent_results_add(&results, &wrong));
	ent_results_rewind(&results);
	CHECK(ent_results_add(&results, &good));
	CHECK(ent_results_add(&results, &wrong));
	CHECK(ent_results_add(&results, &broken));
	CHECK(ent_results_close(&results));
	CHECK_TEXT(content(folder, "Account.v2.success.csv"),
	           "ID,STATUS,Id,Name\nacc_1,created,1,\"Acme, \"\"Inc\"\"\"\n");
	CHECK_TEXT(content(folder, "Account.v2.error.csv"),
	           "Id,Name,ERROR\n1,\"Acme, \"\"Inc\"\"\",Name: too long (line 7)\n");
	CHECK_TEXT(content(folder, "contacts.success.csv"), "ID,STATUS,Id,Name\n");
	CHECK_TEXT(content(folder, "contacts.error.csv"),
	           "Id,Name,ERROR\n\"\",,line 9: a quote is opened and not closed (line 9)\n");
	CHECK(rmdir(folder) == 0);
	results = (struct ent_results){ .folder = "/nowhere/at/all" };
	CHECK(!ent_results_add(&results, &good));
	ent_results_close(&results);
}
