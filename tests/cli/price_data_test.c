/* Prices asked through `entitled eval`: tests/data/price_*.txt. A line is
 * `operation {input} = part ; part`, where the reply has each part, in this order, or
 * `operation {input} = error code pointer`; # begins a comment. */
#include "cli/eval.h"
#include "test.h"

enum { FILE_ROOM = 1 << 16, ARENA_ROOM = 1 << 24 };

static ent_str ask(ent_str op, ent_str input, struct ent_arena *arena)
{
	struct ent_text out;
	ent_str members = { input.ptr + 1, input.len - 1 };
	ent_str line = ent_text_format(arena, "{\"op\":\"%.*s\"%s%.*s", (int)op.len, op.ptr,
	                               members.len > 1 ? "," : "", (int)members.len, members.ptr);
	ent_eval_line(line, arena, &out);
	return ent_text_end(&out);
}

static void check_parts(ent_str reply, const char *parts)
{
	const char *at = reply.ptr;
	while (parts != NULL) {
		const char *end = strstr(parts, " ; ");
		char part[400];
		size_t len = end == NULL ? strlen(parts) : (size_t)(end - parts);
		snprintf(part, sizeof(part), "%.*s", (int)len, parts);
		const char *found = strstr(at, part);
		if (found == NULL) {
			CHECK_TEXT(at, part);
			return;
		}
		at = found + len;
		parts = end == NULL ? NULL : end + 3;
	}
}

static void check_line(const char *line, const char *equals, struct ent_arena arena)
{
	const char *space = strchr(line, ' ');
	char want[200] = "\"ok\":true";
	char code[40];
	char pointer[100];
	ent_str op = { line, (size_t)(space - line) };
	ent_str input = { space + 1, (size_t)(equals - space - 1) };
	ent_str reply = ask(op, input, &arena);
	if (sscanf(equals + 3, "error %39s %99s", code, pointer) == 2) {
		snprintf(want, sizeof(want), "\"error\":{\"code\":\"%s\"", code);
		check_parts(reply, want);
		snprintf(want, sizeof(want), "\"pointer\":\"%s\",\"errors\":[", pointer);
		check_parts(reply, want);
		return;
	}
	check_parts(reply, want);
	check_parts(reply, equals + 3);
}

/* The file, read; ends with a line's end. */
static char *read_file(const char *path)
{
	static char text[FILE_ROOM];
	char name[300];
	snprintf(name, sizeof(name), "%s/%s", ENT_SOURCE_DIR, path);
	FILE *file = fopen(name, "rb");
	CHECK(file != NULL);
	size_t len = file == NULL ? 0 : fread(text, 1, sizeof(text) - 1, file);
	CHECK(len > 0 && len < sizeof(text) - 1 && text[len - 1] == '\n');
	if (file != NULL) {
		fclose(file);
	}
	text[len] = '\0';
	return text;
}

static struct ent_arena reserve(struct ent_budget *budget)
{
	struct ent_arena arena = { NULL, NULL, NULL };
	bool reserved = ent_arena_reserve(ARENA_ROOM, budget, &arena);
	CHECK(reserved);
	return arena;
}

static int check_file(const char *path)
{
	struct ent_budget budget;
	struct ent_arena arena = reserve(&budget);
	int count = 0;
	for (char *line = read_file(path); *line != '\0';) {
		char *end = strchr(line, '\n');
		*end = '\0';
		const char *equals = strstr(line, "} = ");
		if (line[0] != '#' && equals != NULL) {
			ROW(line);
			check_line(line, equals + 1, arena);
			count++;
		}
		line = end + 1;
	}
	ROW(NULL);
	ent_arena_release(&arena);
	return count;
}

TEST(price_data_examples)
{
	CHECK_INT(check_file("tests/data/price_examples.txt"), 126);
}

TEST(price_data_killbill)
{
	CHECK_INT(check_file("tests/data/price_killbill.txt"), 80);
}

TEST(price_data_servicenow)
{
	CHECK_INT(check_file("tests/data/price_servicenow.txt"), 30);
}

/* What docs/prices.md shows: a question, and in the next line parts of its answer. */
TEST(price_data_manual)
{
	static const char arrow[] = "    → ";
	struct ent_budget budget;
	struct ent_arena arena = reserve(&budget);
	int count = 0;
	for (char *line = read_file("docs/prices.md"); *line != '\0';) {
		char *end = strchr(line, '\n');
		*end = '\0';
		if (strncmp(line, "    {\"op\":", 10) == 0) {
			struct ent_text out;
			char *answer = end + 1;
			ROW(line);
			end = strchr(answer, '\n');
			*end = '\0';
			CHECK(strncmp(answer, arrow, sizeof(arrow) - 1) == 0);
			ent_eval_line(ent_str_of(line + 4), &arena, &out);
			check_parts(ent_text_end(&out), answer + sizeof(arrow) - 1);
			count++;
		}
		line = end + 1;
	}
	ROW(NULL);
	ent_arena_release(&arena);
	CHECK_INT(count, 12);
}

/* Whatever allocation fails, the guard gets the control back, and asked again it is answered. */
static void ask_about_all(void *arg)
{
	static const char *const questions[] = {
		"{\"op\":\"price.rollup\",\"explain\":true,\"lines\":[{\"list_price\":\"100\","
		"\"ramp\":"
		"\"yearly\",\"starts_on\":\"2025-01-01\",\"term\":\"30\",\"adjustments\":[{"
		"\"value\":\"5\"}]},"
		"{\"parent\":0,\"list_price\":\"5\"}]}",
		"{\"op\":\"price.derived\",\"percent\":\"10\",\"explain\":true,\"sources\":[{"
		"\"unit_price\":"
		"\"1\",\"starts_on\":\"2025-01-01\",\"ends_on\":\"2025-02-01\"}]}",
		"{\"op\":\"price.line\",\"quantity\":\"-1\",\"x\":2}",
	};
	(void)arg;
	for (size_t i = 0; i < ENT_COUNT(questions); i++) {
		struct ent_arena arena = test_arena();
		struct ent_text out;
		ent_eval_line(ent_str_of(questions[i]), &arena, &out);
		CHECK(ent_str_contains(ent_text_end(&out), ENT_STR("\"ok\":")));
	}
}

static void after(void *arg, bool ok)
{
	(void)arg;
	(void)ok;
}

TEST(price_data_without_memory)
{
	CHECK(test_each_allocation_fails(ask_about_all, after, NULL) > 50);
}
