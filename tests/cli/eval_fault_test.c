/* What `entitled eval` says to input that is wrong: every fault, each with its place. */
#include "cli/eval.h"
#include "test.h"

#include <string.h>

TEST(eval_tells_every_fault)
{
	static const struct {
		const char *line;
		const char *want; /* "code pointer" of each fault, in order */
	} rows[] = {
		{ "\"op\":\"date.add_term\",\"start\":5,\"term\":\"1 month\",\"times\":0.5",
		  "type /start, format /term, range /times" },
		{ "\"op\":\"date.add_term\",\"strat\":\"2026-01-31\"",
		  "unknown_field /strat, required /start, required /term" },
		{ "\"op\":\"date.term_between\",\"from\":\"soon\",\"until\":1",
		  "format /from, required /to" },
		{ "\"op\":\"calendar.between\",\"calendar\":null,\"from\":\"2026-01-01\","
		  "\"to\":\"x\",\"absolut\":true",
		  "unknown_field /absolut, format /to" },
		{ "\"op\":\"calendar.add\",\"calendar\":null,\"start\":\"2026-01-01\","
		  "\"seconds\":\"60\"",
		  "type /seconds" },
		{ "\"op\":\"price.blend\",\"items\":[]", "required /items" },
		{ "\"op\":\"calendar.week\",\"calendar\":{\"timezone\":\"Mars\"},\"at\":1",
		  "unknown_value /calendar/timezone" },
		{ "\"op\":\"expression.check\",\"expr\":\"true\"",
		  "required /expression" },
		{ "\"op\":\"expression.eval\",\"expression\":\"prio = 1\",\"acount\":{}",
		  "unknown_field /acount, unknown_field /expression" },
		{ "\"op\":\"coverage.check\",\"account_id\":\"a\",\"prodct_id\":\"p\",\"units\":-1,"
		  "\"order\":[\"asset\",\"luck\"],\"entitlements\":[{\"id\":\"e\",\"total\":-1}]",
		  "unknown_field /prodct_id, range /units, required /at, "
		  "range /entitlements/0/total, unknown_value /order/1" },
		{ "\"op\":\"coverage.check\",\"account_id\":\"a\",\"at\":\"2026-01-01T00:00:00Z\","
		  "\"accounts\":[{\"id\":\"a\",\"parnt_id\":\"b\"}],\"products\":{}",
		  "unknown_field /accounts/0/parnt_id, type /products" },
		{ "\"op\":\"price.line\",\"quantity\":\"x\",\"priod\":\"monthly\"",
		  "format /quantity, unknown_field /priod" },
		{ "\"op\":\"calendar.ad\"", "unknown_value /op" },
		{ "\"op\":7", "type /op" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_text out, got;
		struct ent_error error;
		const struct ent_node *answer;
		ROW(rows[i].line);
		ent_eval_line(ent_text_format(&arena, "{%s}", rows[i].line), &arena, &out);
		ent_str text = ent_text_end(&out);
		CHECK_INT(ent_json_parse(text, &arena, &answer, &error), ENT_OK);
		got = ent_text_begin(&arena);
		const struct ent_node *list =
			ent_json_member(ent_json_member(answer, "error"), "errors");
		for (const struct ent_node *n = list == NULL ? NULL : list->first; n != NULL;
		     n = n->next) {
			ent_text_add(&got, n == list->first ? ENT_STR("") : ENT_STR(", "));
			ent_text_add(&got, ent_json_member(n, "code")->text);
			ent_text_char(&got, ' ');
			ent_text_add(&got, ent_json_member(n, "pointer")->text);
		}
		CHECK_TEXT(ent_text_end(&got).ptr, rows[i].want);
	}
	ROW(NULL);
}

TEST(eval_guesses_the_operation)
{
	struct ent_arena arena = test_arena();
	struct ent_text out;
	ent_eval_line(ENT_STR("{\"op\":\"calendar.ad\"}"), &arena, &out);
	CHECK(strstr(ent_text_end(&out).ptr, "did you mean calendar.add?") != NULL);
}
