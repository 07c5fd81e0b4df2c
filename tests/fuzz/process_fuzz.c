/* fuzz: app - any bytes as XML, and that as an entitlement process: what is made of it is JSON. */
#include "app/import_process.h"
#include "json/json.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[1 << 25];
static struct ent_budget budget = { .fail_at = -1 };

static enum ent_code find_hours(void *arg, ent_str name, ent_str *out, struct ent_error *error)
{
	(void)arg;
	*out = ENT_STR("cal_0sa58zm5r0000");
	return name.len > 40
	               ? ent_refuse(error, ENT_E_NO_SUCH_RECORD, "/businessHours", name, "none")
	               : ENT_OK;
}

static ent_str find_recurrence(void *arg, ent_str name)
{
	(void)arg;
	return name.len % 3 == 0   ? (ent_str){ NULL, 0 }
	       : name.len % 3 == 1 ? ENT_STR("recursChained")
	                           : ENT_STR("none");
}

struct input {
	ent_str text;
	struct ent_arena arena;
};

static void check(void *arg)
{
	struct input *input = arg;
	const struct ent_process_names names = { find_hours, find_recurrence, NULL };
	struct ent_process process;
	struct ent_error error;
	struct ent_xml *root;
	const struct ent_node *node;
	ent_error_clear(&error);
	if (ent_xml_read(input->text, &input->arena, &root, &error) != ENT_OK) {
		return;
	}
	if (ent_process_read(root, ENT_STR("file"), &names, &input->arena, &process, &error) !=
	    ENT_OK) {
		return;
	}
	enum ent_code code = ent_json_parse(process.policy, &input->arena, &node, &error);
	assert(code == ENT_OK);
	code = ent_json_parse(process.version, &input->arena, &node, &error);
	assert(code == ENT_OK && ent_json_member(node, "rules") != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char copy[1 << 16];
	struct input input = { { copy, size < sizeof(copy) ? size : sizeof(copy) },
		               { memory, memory + sizeof(memory), &budget } };
	memcpy(copy, data, input.text.len);
	memcpy(copy, data, input.text.len);
	budget.high = memory;
	bool whole = ent_guard(&budget, check, &input);
	(void)whole; /* too much for the memory here is no mistake */
	return 0;
}
