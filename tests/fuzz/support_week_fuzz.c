/* fuzz: app - any bytes as the support calendar of Dynamics: what is accepted is 168 of + and -,
 * and the hours that it becomes are those, one for one. */
#include "app/import_support_week.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[1 << 20];
static struct ent_budget budget = { .fail_at = -1 };

static bool is_week(ent_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '+' && text.ptr[i] != '-') {
			return false;
		}
	}
	return text.len == ENT_SUPPORT_HOURS;
}

/* Drawn again from the spans, which are apart and in order. */
static void check(const struct ent_week *week, ent_str text)
{
	char drawn[ENT_SUPPORT_HOURS];
	memset(drawn, '-', sizeof(drawn));
	for (int day = 0; day < 7; day++) {
		int64_t before = -1;
		for (size_t i = 0; i < week->days[day].count; i++) {
			const struct ent_opening *span = &week->days[day].items[i];
			assert(span->from > before && span->to > span->from);
			assert(span->from % 3600 == 0 && span->to % 3600 == 0 && span->to <= 86400);
			for (int64_t s = span->from; s < span->to; s += 3600) {
				drawn[24 * day + s / 3600] = '+';
			}
			before = span->to;
		}
	}
	assert(memcmp(drawn, text.ptr, sizeof(drawn)) == 0);
}

struct input {
	ent_str text;
};

static void run(void *arg)
{
	const struct input *input = arg;
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	struct ent_week week;
	bool taken = ent_support_week(input->text, &arena, &week);
	assert(taken == is_week(input->text));
	if (taken) {
		check(&week, input->text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { { (const char *)data, size } };
	budget.high = memory;
	bool fits = ent_guard(&budget, run, &input);
	(void)fits;
	/* bytes make a week, too: a bit for each hour */
	if (size >= ENT_SUPPORT_HOURS / 8) {
		char text[ENT_SUPPORT_HOURS];
		for (size_t i = 0; i < sizeof(text); i++) {
			text[i] = (data[i / 8] >> i % 8 & 1) != 0 ? '+' : '-';
		}
		input.text = (ent_str){ text, sizeof(text) };
		fits = ent_guard(&budget, run, &input);
		assert(fits);
	}
	return 0;
}
