/* fuzz: json - any bytes as a simulation: rules, calendars, a case and events. What comes out is
 * JSON, and the same each time. */
#include "json/sla_simulate.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[1 << 24];
static struct ent_budget budget = { .fail_at = -1 };

static enum ent_code find_zone(void *arg, ent_str name, const struct ent_zone **out,
                               struct ent_error *error)
{
	(void)arg;
	*out = &ent_zone_utc;
	return ent_str_is(name, "UTC") ? ENT_OK : ent_fail(error, ENT_E_UNKNOWN_VALUE, "no zone");
}

static enum ent_code simulate(ent_str text, struct ent_arena *arena, ent_str *out)
{
	static const struct ent_sla_world world = { .find_zone = find_zone };
	const struct ent_node *node;
	struct ent_error error;
	ent_error_clear(&error);
	enum ent_code code = ent_json_parse(text, arena, &node, &error);
	if (code == ENT_OK) {
		code = ent_sla_simulate(node, &world, arena, out, &error);
	}
	assert(code == ENT_OK || error.detail[0] != '\0' || error.issue_count > 0);
	return code;
}

struct work {
	ent_str text;
	struct ent_arena arena;
};

static void run(void *arg)
{
	struct work *work = arg;
	const struct ent_node *node;
	struct ent_error error;
	ent_str first, second;
	if (simulate(work->text, &work->arena, &first) != ENT_OK) {
		return;
	}
	enum ent_code code = simulate(work->text, &work->arena, &second);
	assert(code == ENT_OK && ent_str_eq(first, second));
	code = ent_json_parse(first, &work->arena, &node, &error);
	assert(code == ENT_OK && ent_json_member(node, "milestones") != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct work work = {
		.text = { (const char *)data, size },
		.arena = { memory, memory + sizeof(memory), &budget },
	};
	budget.high = memory;
	bool whole = ent_guard(&budget, run, &work);
	(void)whole; /* more than there is memory for here */
	return 0;
}
