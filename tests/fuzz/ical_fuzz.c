/* fuzz: ical - any bytes as iCalendar. What is read is written and read back the same. */
#include "ical/ical.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[1 << 24];
static struct ent_budget budget = { .fail_at = -1 };

static bool no_zone(ent_str name, const struct ent_zone **out)
{
	*out = &ent_zone_utc;
	return ent_str_is(name, "UTC");
}

static enum ent_code read_text(ent_str text, struct ent_arena *arena, struct ent_ical *out)
{
	struct ent_error error = { 0 };
	struct ent_ical_question question = { .text = text,
		                              .zone = &ent_zone_utc,
		                              .from = ent_date_make(2026, 1, 1),
		                              .until = ent_date_make(2028, 1, 1),
		                              .find_zone = no_zone };
	return ent_ical_read(&question, arena, out, &error);
}

struct input {
	ent_str text;
	struct ent_arena arena;
};

static void check(void *arg)
{
	struct input *input = arg;
	struct ent_ical first, second;
	if (read_text(input->text, &input->arena, &first) != ENT_OK) {
		return;
	}
	for (size_t i = 0; i < first.holiday_count; i++) {
		const struct ent_holiday *h = &first.holidays[i];
		assert(h->from >= 0 && h->from < ENT_DAY_S && h->to > 0 && h->to <= ENT_DAY_S);
		assert((h->first.form == ENT_DAY_ONCE) == (h->last.form == ENT_DAY_ONCE));
	}
	struct ent_text out = ent_text_begin(&input->arena);
	ent_ical_write(ENT_STR("x"), first.holidays, first.holiday_count, (ent_instant){ 0 }, 2026,
	               2027, &out);
	ent_str text = ent_text_end(&out);
	if (text.len <= ENT_ICAL_BYTES_MAX) {
		enum ent_code code = read_text(text, &input->arena, &second);
		assert(code == ENT_OK);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char copy[1 << 16];
	struct input input = { { copy, size < sizeof(copy) ? size : sizeof(copy) },
		               { memory, memory + sizeof(memory), &budget } };
	memcpy(copy, data, input.text.len);
	budget.high = memory;
	bool whole = ent_guard(&budget, check, &input);
	(void)whole; /* too much for the memory here is no mistake */
	return 0;
}
