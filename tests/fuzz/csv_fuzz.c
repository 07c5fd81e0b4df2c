/* fuzz: app - any bytes as a CSV file: every row that is accepted is written and read back
 * the same. The first byte picks the separator. */
#include "app/csv.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[1 << 22];
static struct ent_budget budget = { .fail_at = -1 };

struct input {
	const uint8_t *data;
	size_t size;
};

static void check_row(const struct ent_csv_row *row, struct ent_arena arena)
{
	struct ent_text out = ent_text_begin(&arena);
	for (size_t i = 0; i < row->count; i++) {
		ent_csv_field(&out, i == 0, row->fields[i], false);
	}
	ent_csv_end(&out);
	struct ent_csv again;
	struct ent_csv_row back;
	struct ent_error error;
	ent_csv_begin(&again, ent_text_end(&out), ',');
	enum ent_code code = ent_csv_next(&again, &arena, &back, &error);
	assert(code == ENT_OK && back.count == row->count && back.is_blank == row->is_blank);
	for (size_t i = 0; i < row->count; i++) {
		assert(ent_str_eq(back.fields[i], row->fields[i]));
	}
	assert(again.at == again.text.len);
}

static void run(void *arg)
{
	const struct input *input = arg;
	static const char separators[] = { 0, ',', ';', '\t', '|' };
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	struct ent_csv csv;
	ent_str text = { (const char *)input->data + 1, input->size - 1 };
	ent_csv_begin(&csv, text, separators[input->data[0] % sizeof(separators)]);
	size_t at = csv.at;
	int64_t line = csv.line;
	while (csv.at < csv.text.len) {
		struct ent_arena scratch = arena;
		struct ent_csv_row row;
		struct ent_error error;
		enum ent_code code = ent_csv_next(&csv, &scratch, &row, &error);
		assert(csv.at > at && csv.line >= line); /* always goes on */
		at = csv.at;
		line = csv.line;
		if (code == ENT_OK) {
			check_row(&row, scratch);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	budget.high = memory;
	if (size > 0) {
		bool fits = ent_guard(&budget, run, &input);
		(void)fits;
	}
	return 0;
}
