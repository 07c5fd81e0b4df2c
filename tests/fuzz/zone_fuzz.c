/* fuzz: core - any bytes as a time zone file: what is accepted has ascending
 * changes, and local time leads back to the instant it came from. */
#include "core/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[1 << 18];
static struct ent_budget budget = { .fail_at = -1 };

struct input {
	const uint8_t *data;
	size_t size;
};

static void check_instant(const struct ent_zone *zone, ent_instant instant)
{
	int64_t local = ent_zone_local(zone, instant);
	ent_instant first = ent_zone_instant(zone, local, ENT_PICK_FIRST, NULL);
	ent_instant second = ent_zone_instant(zone, local, ENT_PICK_SECOND, NULL);
	assert(first.us <= second.us);
	assert(first.us == instant.us || second.us == instant.us);
	assert(ent_zone_next_change(zone, instant).us > instant.us);
}

static void run(void *arg)
{
	const struct input *in = arg;
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	const struct ent_zone *zone;
	struct ent_error error = { 0 };
	ent_str bytes = { (const char *)in->data, in->size };
	if (ent_zone_parse(bytes, ENT_STR("Fuzz/Zone"), &arena, &zone, &error)) {
		return;
	}
	for (size_t i = 1; i < zone->count; i++) {
		assert(zone->at[i - 1] < zone->at[i]);
	}
	for (int64_t year = -50; year < 500; year += 7) {
		check_instant(zone, (ent_instant){ year * 365 * ENT_DAY_US });
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	return ent_guard(&budget, run, &in) ? 0 : -1; /* -1: too big; not for the corpus */
}
