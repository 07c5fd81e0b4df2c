/* Simulations and what comes of them (tests/data/sla_*.txt). A block is
 *
 *     # its name
 *     {"version": …, "case": …, "events": […]}
 *     => {"milestones": […]}
 *
 * and ends with an empty line. What is expected is a part of the answer: members that are not
 * named do not matter, lists are as long as given. `let NAME = JSON` puts JSON where $NAME is. */
#include "cli/eval.h"
#include "test.h"

enum { FILE_ROOM = 200000, BLOCK_ROOM = 20000, LETS = 16 };

static char file_room[FILE_ROOM];

static ent_str read_data(const char *name)
{
	char path[300];
	snprintf(path, sizeof(path), "%s/tests/data/%s.txt", ENT_SOURCE_DIR, name);
	FILE *file = fopen(path, "rb");
	CHECK(file != NULL);
	if (file == NULL) {
		return (ent_str){ NULL, 0 };
	}
	size_t len = fread(file_room, 1, sizeof(file_room), file);
	fclose(file);
	CHECK(len < sizeof(file_room));
	return (ent_str){ file_room, len };
}

/* ---- is it part of it? ---- */

static void shown(const struct ent_node *node, struct ent_arena *arena, const char **out)
{
	if (node == NULL) {
		*out = "nothing";
		return;
	}
	struct ent_text text = ent_text_begin(arena);
	ent_json_node(&text, node);
	*out = ent_text_end(&text).ptr;
}

static void check_part(const struct ent_node *got, const struct ent_node *want, const char *place,
                       struct ent_arena *arena)
{
	bool same = got != NULL && got->kind == want->kind;
	if (same && want->kind == ENT_JSON_OBJECT) {
		for (const struct ent_node *n = want->first; n != NULL; n = n->next) {
			ent_str below = ent_text_format(arena, "%s/%.*s", place, (int)n->name.len,
			                                n->name.ptr);
			const char *name = ent_text_copy(arena, n->name).ptr;
			check_part(ent_json_member(got, name), n, below.ptr, arena);
		}
		return;
	}
	if (same && want->kind == ENT_JSON_ARRAY && got->count == want->count) {
		const struct ent_node *g = got->first;
		size_t at = 0;
		for (const struct ent_node *n = want->first; n != NULL; n = n->next) {
			check_part(g, n, ent_text_format(arena, "%s/%zu", place, at++).ptr, arena);
			g = g->next;
		}
		return;
	}
	if (!same || !ent_str_eq(got->text, want->text) || got->count != want->count) {
		const char *a;
		const char *b;
		shown(got, arena, &a);
		shown(want, arena, &b);
		CHECK_TEXT(ent_text_format(arena, "%s: %s", place, a).ptr,
		           ent_text_format(arena, "%s: %s", place, b).ptr);
	}
}

/* ---- blocks ---- */

struct let {
	ent_str name, text;
};

static struct let lets[LETS];
static size_t let_count;

static bool put_let(struct ent_text *out, ent_str *rest)
{
	for (size_t i = 0; i < let_count; i++) {
		ent_str after = { rest->ptr + 1, rest->len - 1 };
		if (ent_str_begins(after, lets[i].name)) {
			ent_text_add(out, lets[i].text);
			*rest = (ent_str){ after.ptr + lets[i].name.len,
				           after.len - lets[i].name.len };
			return true;
		}
	}
	return false;
}

static ent_str with_lets(ent_str text, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	while (text.len > 0) {
		if (text.ptr[0] != '$' || !put_let(&out, &text)) {
			ent_text_char(&out, text.ptr[0]);
			text = (ent_str){ text.ptr + 1, text.len - 1 };
		}
	}
	return ent_text_end(&out);
}

static void run_block(ent_str name, ent_str input, ent_str want)
{
	struct ent_arena arena = test_arena();
	struct ent_error error = { 0 };
	const struct ent_node *got = NULL;
	const struct ent_node *expected = NULL;
	char row[200];
	snprintf(row, sizeof(row), "%.*s", (int)name.len, name.ptr);
	ROW(row);
	ent_str body = with_lets(ent_str_trim(input), &arena);
	ent_str line = ent_text_format(&arena, "{\"op\":\"sla.simulate\",%s", body.ptr + 1);
	struct ent_text out;
	ent_eval_line(line, &arena, &out);
	ent_str text = ent_text_end(&out);
	CHECK_INT(ent_json_parse(text, &arena, &got, &error), ENT_OK);
	CHECK_INT(ent_json_parse(with_lets(want, &arena), &arena, &expected, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
	const struct ent_node *result = ent_json_member(got, "result");
	if (expected != NULL) {
		check_part(result == NULL ? ent_json_member(got, "error") : result, expected, "",
		           &arena);
	}
	ROW(NULL);
}

static ent_str next_line(ent_str *rest)
{
	struct ent_cut cut = ent_str_cut(*rest, '\n');
	*rest = cut.tail;
	return cut.head;
}

static void add_let(ent_str line)
{
	struct ent_cut cut = ent_str_cut((ent_str){ line.ptr + 4, line.len - 4 }, '=');
	CHECK(let_count < LETS);
	lets[let_count++] = (struct let){ ent_str_trim(cut.head), ent_str_trim(cut.tail) };
}

static int run_file(const char *file)
{
	ent_str rest = read_data(file);
	ent_str name = { NULL, 0 };
	ent_str input = { NULL, 0 };
	ent_str want = { NULL, 0 };
	int blocks = 0;
	let_count = 0;
	while (rest.len > 0) {
		ent_str line = next_line(&rest);
		ent_str *part = want.ptr == NULL ? &input : &want;
		if (ent_str_begins(line, ENT_STR("let "))) {
			add_let(line);
		} else if (ent_str_begins(line, ENT_STR("# "))) {
			name = (ent_str){ line.ptr + 2, line.len - 2 };
		} else if (ent_str_begins(line, ENT_STR("=> "))) {
			want = (ent_str){ line.ptr + 3, line.len - 3 };
		} else if (line.len > 0) {
			part->ptr = part->ptr == NULL ? line.ptr : part->ptr;
			part->len = (size_t)(line.ptr + line.len - part->ptr);
		}
		if ((line.len == 0 || rest.len == 0) && want.ptr != NULL) {
			run_block(name, input, want);
			blocks++;
			input = want = (ent_str){ NULL, 0 };
		}
	}
	return blocks;
}

TEST(sla_simulations_of_salesforce)
{
	CHECK(run_file("sla_salesforce") >= 14);
}

TEST(sla_simulations_of_dynamics)
{
	CHECK(run_file("sla_dynamics") >= 18);
}

TEST(sla_simulations_of_frappe_helpdesk)
{
	CHECK(run_file("sla_frappe_helpdesk") >= 14);
}

TEST(sla_simulations_of_ours)
{
	CHECK(run_file("sla_ours") >= 31);
}
