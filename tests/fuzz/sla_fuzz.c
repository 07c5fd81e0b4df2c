/* fuzz: json - any bytes as the rules of a service level. What is accepted is accepted again from
 * what is stored of it, and says as much. */
#include "json/sla.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[1 << 23];
static struct ent_budget budget = { .fail_at = -1 };

struct work {
	ent_str text;
	struct ent_arena arena;
};

static void check_again(const struct ent_node *node, const struct ent_sla_version *version,
                        struct ent_arena *arena)
{
	struct ent_sla_policy_version row;
	struct ent_sla_version again;
	struct ent_error error = { 0 };
	ent_type_clear(&ent_sla_policy_version_type, &row);
	struct ent_text out = ent_text_begin(arena);
	ent_json_node(&out, node);
	row.rules.text = ent_text_end(&out);
	enum ent_code code = ent_sla_version_load(&row, arena, &again, &error);
	assert(code == ENT_OK);
	assert(again.rule_count == version->rule_count);
	for (size_t i = 0; i < again.rule_count; i++) {
		const struct ent_milestone_rule *a = &version->rules[i];
		const struct ent_milestone_rule *b = &again.rules[i];
		assert(ent_str_eq(a->name, b->name) && a->name.len > 0);
		assert(a->action_count == b->action_count);
		assert(a->target_count == b->target_count);
	}
}

static void run(void *arg)
{
	struct work *work = arg;
	const struct ent_node *node;
	struct ent_error error = { 0 };
	struct ent_sla_version version = { 0 };
	if (ent_json_parse(work->text, &work->arena, &node, &error) != ENT_OK) {
		return;
	}
	ent_sla_rules_read(node, "/rules", &work->arena, &version, &error);
	if (ent_noted(&error) == ENT_OK) {
		check_again(node, &version, &work->arena);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct work work = {
		.text = { (const char *)data, size },
		.arena = { memory, memory + sizeof(memory), &budget },
	};
	budget.high = memory;
	bool fits = ent_guard(&budget, run, &work);
	(void)fits;
	return 0;
}
