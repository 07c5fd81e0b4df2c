// Nanoseconds to parse, read and write a case, and megabytes of JSON parsed in a second.
//
//     cc -O2 -std=c17 -D_GNU_SOURCE -Isrc bench/json_bench.c src/json/*.c src/core/*.c
//         src/base/*.c -o build/json_bench
#include "core/type.h"
#include "json/json.h"

#include <stdio.h>
#include <time.h>

enum { TIMES = 200000, ROWS = 2000 };

static const char text[] =
	"{\"id\":\"cas_0123456789abc\",\"version\":3,\"created_at\":\"2026-01-31T09:30:00Z\","
	"\"updated_at\":\"2026-01-31T09:30:00.250Z\",\"external_system\":\"crm\",\"external_id\":"
	"\"4711\",\"metadata\":{\"color\":\"blue\"},\"account_id\":\"acc_0123456789abc\",\"number\":"
	"\"C-1042\",\"title\":\"The printer on the second floor does not print\",\"description\":"
	"\"It says \\\"paper jam\\\" but there is none.\\nWe have opened every flap.\",\"state\":"
	"\"open\",\"priority\":\"high\",\"contact_id\":\"con_0123456789abc\",\"channel\":\"phone\","
	"\"coverage\":\"covered\",\"units_charged\":1,\"resolved_at\":null,\"reopen_count\":0}";

static struct ent_arena memory;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static const struct ent_node *parse(ent_str from, struct ent_arena *arena)
{
	struct ent_error error;
	const struct ent_node *node = NULL;
	ent_error_clear(&error);
	enum ent_code code = ent_json_parse(from, arena, &node, &error);
	assert(code == ENT_OK);
	return node;
}

static void read_and_write(void)
{
	struct ent_error error;
	struct ent_set given;
	struct ent_case object;
	ent_str whole = { text, sizeof(text) - 1 };
	size_t written = 0;
	double begin = now();
	for (int i = 0; i < TIMES; i++) {
		struct ent_arena arena = memory;
		written += parse(whole, &arena)->count;
	}
	double parsed = now();
	for (int i = 0; i < TIMES; i++) {
		struct ent_arena arena = memory;
		const struct ent_node *node = parse(whole, &arena);
		ent_type_clear(&ent_case_type, &object);
		enum ent_code code = ent_json_read(&ent_case_type, node, ENT_JSON_ANY, &arena,
		                                   &object, &given, &error);
		assert(code == ENT_OK);
	}
	double read = now();
	struct ent_arena kept = memory; /* what the object points to stays */
	kept.next += 1 << 20;
	for (int i = 0; i < TIMES; i++) {
		struct ent_arena arena = kept;
		struct ent_text out = ent_text_begin(&arena);
		ent_json_write(&ent_case_type, &object, NULL, &out);
		written = ent_text_end(&out).len;
	}
	double end = now();
	printf("case of %zu bytes: parse %.0f ns, parse and read %.0f ns; write %zu bytes %.0f ns\n",
	       sizeof(text) - 1, (parsed - begin) / TIMES, (read - parsed) / TIMES, written,
	       (end - read) / TIMES);
}

static void throughput(void)
{
	struct ent_arena arena = memory;
	ent_str one = { text, sizeof(text) - 1 };
	struct ent_text list = ent_text_begin(&arena);
	for (int i = 0; i < ROWS; i++) {
		ent_text_char(&list, i == 0 ? '[' : ',');
		ent_text_add(&list, one);
	}
	ent_text_char(&list, ']');
	ent_str whole = ent_text_end(&list);
	double begin = now();
	for (int i = 0; i < 100; i++) {
		struct ent_arena scratch = arena;
		parse(whole, &scratch);
	}
	printf("list of %zu bytes: %.0f MB/s\n", whole.len,
	       (double)whole.len * 100 / (now() - begin) * 1e3);
}

static void run(void *arg)
{
	(void)arg;
	read_and_write();
	throughput();
}

int main(void)
{
	struct ent_budget budget;
	if (!ent_arena_reserve((size_t)64 << 20, &budget, &memory)) {
		return 1;
	}
	return ent_guard(&budget, run, NULL) ? 0 : 1;
}
