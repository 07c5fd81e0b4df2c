/* fuzz: cli - any bytes as the members of a question about prices. Whatever is asked is answered,
 * the same each time and with its steps or without them. */
#include "cli/eval.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 1 << 23 };

static char memory[MEMORY];
static struct ent_budget budget = { .fail_at = -1 };

struct asking {
	ent_str members; /* op: 0 to 7 in the first byte; then what stands behind a comma */
};

static const char *const ops[] = { "line",    "rollup", "prorate", "ramp",
	                           "renewal", "blend",  "derived", "delta" };

static ent_str ask(const char *op, ent_str members, const char *explain, struct ent_arena *arena)
{
	struct ent_text out;
	ent_str line = ent_text_format(arena, "{\"op\":\"price.%s\"%s%s%.*s}", op, explain,
	                               members.len > 0 ? "," : "", (int)members.len, members.ptr);
	ent_eval_line(line, arena, &out);
	return ent_text_end(&out);
}

static bool is_ok(ent_str reply)
{
	assert(ent_str_contains(reply, ENT_STR("\"ok\":")));
	return ent_str_contains(reply, ENT_STR("\"ok\":true"));
}

static void run(void *arg)
{
	const struct asking *asking = arg;
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	ent_str members = asking->members;
	if (members.len == 0) {
		return;
	}
	const char *op = ops[(unsigned char)members.ptr[0] % ENT_COUNT(ops)];
	members = (ent_str){ members.ptr + 1, members.len - 1 };
	ent_str plain = ask(op, members, "", &arena);
	ent_str again = ask(op, members, "", &arena);
	assert(ent_str_eq(plain, again));
	if (!ent_str_contains(members, ENT_STR("explain"))) {
		ent_str steps = ask(op, members, ",\"explain\":true", &arena);
		assert(is_ok(steps) == is_ok(plain));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct asking asking = { { (const char *)data, size } };
	budget.high = memory;
	if (size < MEMORY / 16) {
		bool fits = ent_guard(&budget, run, &asking);
		(void)fits; /* deep steps of a long text need much */
	}
	return 0;
}
