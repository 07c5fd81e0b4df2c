/* fuzz: app - any bytes as a table of a source, with other names for its columns: what is
 * recognised is so again, each column means one thing, and what is said to be passed over is. The
 * first byte picks the source, the second whether headers are renamed to each other. */
#include "app/import_inner.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[1 << 24];
static struct ent_budget budget = { .fail_at = -1 };

struct input {
	ent_str text;
	enum ent_import_from from;
	unsigned renames;
};

struct told {
	size_t ignored;
};

static void count_ignored(void *arg, const struct ent_import_file *file, ent_str column)
{
	struct told *told = arg;
	(void)file;
	assert(column.len > 0);
	told->ignored++;
}

/* Every header as the next one; every third is passed over. */
static struct ent_map rename_all(const struct input *input, struct ent_arena *arena)
{
	struct ent_csv csv;
	struct ent_csv_row row;
	struct ent_error error;
	ent_csv_begin(&csv, input->text, 0);
	if (input->renames == 0 || ent_csv_next(&csv, arena, &row, &error) != ENT_OK) {
		return (struct ent_map){ NULL, 0 };
	}
	struct ent_pair *pairs = ENT_NEW(arena, struct ent_pair, row.count);
	for (size_t i = 0; i < row.count; i++) {
		pairs[i].name = ent_str_trim(row.fields[i]);
		pairs[i].value = i % 3 == 2 ? ENT_STR("") : row.fields[(i + 1) % row.count];
	}
	return (struct ent_map){ pairs, row.count };
}

static enum ent_code open_table(struct ent_import_options *options, struct ent_import_file *file,
                                struct ent_arena *arena, struct ent_import_reader *reader)
{
	struct ent_error error;
	ent_error_clear(&error);
	*reader = (struct ent_import_reader){ .options = options, .file = file, .arena = *arena };
	enum ent_code code = ent_import_open(reader, &error);
	*arena = reader->arena;
	assert(code == ENT_OK || code == error.code);
	return code;
}

static void check(const struct ent_import_reader *reader,
                  const struct ent_import_options *options, const struct told *told)
{
	size_t skipped = 0;
	assert(reader->object != NULL && reader->file->recognised != NULL);
	for (size_t i = 0; i < reader->header.count; i++) {
		const struct ent_import_column *column = &reader->columns[i];
		skipped += column->how == ENT_HOW_SKIP;
		assert(column->how != ENT_HOW_FIELD || column->field != NULL);
		assert(column->how != ENT_HOW_SLOT || column->slot < ENT_SLOT_COUNT);
		bool is_passed = i < options->columns.count &&
		                 options->columns.pairs[i].value.len == 0;
		assert(!is_passed || column->how == ENT_HOW_SKIP);
	}
	assert(told->ignored <= skipped);
}

static void run(void *arg)
{
	const struct input *input = arg;
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	struct told told = { 0 };
	struct ent_import_options options = { .from = input->from,
		                              .columns = rename_all(input, &arena),
		                              .ignored = count_ignored,
		                              .arg = &told };
	struct ent_import_file file = { .name = "table", .text = input->text };
	struct ent_import_reader *reader = ENT_NEW(&arena, struct ent_import_reader, 2);
	enum ent_code code = open_table(&options, &file, &arena, &reader[0]);
	if (code != ENT_OK) {
		return;
	}
	check(&reader[0], &options, &told);
	file.object = file.recognised; /* what it was taken for is what it is told to be */
	code = open_table(&options, &file, &arena, &reader[1]);
	assert(code == ENT_OK && reader[1].object == reader[0].object);
	for (size_t i = 0; i < reader[0].header.count; i++) {
		assert(reader[1].columns[i].how == reader[0].columns[i].how &&
		       reader[1].columns[i].field == reader[0].columns[i].field);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	budget.high = memory;
	if (size < 2) {
		return 0;
	}
	struct input input = { .text = { (const char *)data + 2, size - 2 },
		               .from = (enum ent_import_from)(data[0] % ENT_FROM_COUNT),
		               .renames = data[1] % 2U };
	bool fits = ent_guard(&budget, run, &input);
	(void)fits;
	return 0;
}
