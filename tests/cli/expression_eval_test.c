/* Criteria asked through `entitled eval`. */
#include "cli/eval.h"
#include "test.h"

TEST(eval_expression)
{
	static const struct {
		const char *line;
		bool is_ok;
		const char *answer; /* behind "ok": */
	} rows[] = {
		{ "\"op\":\"expression.check\",\"expression\":\"account.tier='a' or flag\"", true,
		  "{\"valid\":false,\"faults\":[{\"code\":\"unknown_field\",\"at\":20,\"length\":4,"
		  "\"line\":1,\"column\":21,\"found\":\"flag\",\"reason\":\"case has no field "
		  "flag; "
		  "a text goes in quotes\"}]}" },
		{ "\"op\":\"expression.check\",\"expression\":\"account.tier='a' and number is "
		  "null\"",
		  true,
		  "{\"valid\":true,\"expression\":\"account.tier = \\\"a\\\" and number is null\","
		  "\"reads\":{\"case\":[\"number\"],\"account\":[\"tier\"]}}" },
		{ "\"op\":\"expression.check\",\"expression\":\"true\"", true,
		  "{\"valid\":true,\"expression\":\"true\",\"reads\":{}}" },
		{ "\"op\":\"expression.eval\",\"expression\":\"not (priority >= 'high')\","
		  "\"case\":{\"priority\":\"low\"},\"account\":null",
		  true,
		  "{\"result\":true,\"steps\":[{\"depth\":0,\"expression\":\"not (priority >= "
		  "\\\"high\\\")\",\"result\":true},{\"depth\":1,\"expression\":\"priority >= "
		  "\\\"high\\\"\",\"result\":false,\"fields\":\"priority is \\\"low\\\"\"}]}" },
		{ "\"op\":\"expression.eval\",\"expression\":\"prio = 1\"", false,
		  "{\"code\":\"unknown_field\",\"detail\":\"expression: at 1: case has no field "
		  "prio; "
		  "did you mean priority?\",\"pointer\":\"/expression\",\"errors\":"
		  "[{\"pointer\":\"/expression\",\"code\":\"unknown_field\",\"value\":\"prio\","
		  "\"detail\":\"at 1: case has no field prio; did you mean priority?\"}]}" },
		{ "\"op\":\"expression.eval\",\"expression\":\"true\",\"account\":7", false,
		  "{\"code\":\"type\",\"detail\":\"account: give an "
		  "object\",\"pointer\":\"/account\",\"errors\":[{\"pointer\":\"/account\","
		  "\"code\":\"type\",\"detail\":\"give an object\"}]}" },
		{ "\"op\":\"expression.eval\",\"expression\":\"true\",\"account\":{\"teir\":\"x\"}",
		  false,
		  "{\"code\":\"unknown_field\",\"detail\":\"account/teir: did you mean "
		  "\\\"tier\\\"?\","
		  "\"pointer\":\"/account/teir\",\"errors\":[{\"pointer\":\"/account/teir\","
		  "\"code\":\"unknown_field\",\"detail\":\"did you mean \\\"tier\\\"?\"}]}" },
		{ "\"op\":\"expression.eval\"", false,
		  "{\"code\":\"required\",\"detail\":\"expression: give an expression such as "
		  "priority"
		  " = \\\"high\\\"\",\"pointer\":\"/expression\",\"errors\":[{\"pointer\":"
		  "\"/expression\",\"code\":\"required\",\"detail\":\"give an expression such as "
		  "priority = \\\"high\\\"\"}]}" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_text out;
		ROW(rows[i].line);
		ent_str line = ent_text_format(&arena, "{\"id\":1,%s}", rows[i].line);
		const char *want =
			ent_text_format(&arena, "{\"id\":1,\"ok\":%s,\"%s\":%s}",
		                        rows[i].is_ok ? "true" : "false",
		                        rows[i].is_ok ? "result" : "error", rows[i].answer)
				.ptr;
		ent_eval_line(line, &arena, &out);
		CHECK_TEXT(ent_text_end(&out).ptr, want);
	}
	ROW(NULL);
}
