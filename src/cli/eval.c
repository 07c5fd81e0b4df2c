#include "cli/eval.h"

#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVAL_BYTES = 1 << 30, LINE_BYTES_MAX = 64 << 20, KEEP_BYTES = 1 << 20 };

static const struct {
	const char *name;
	ent_eval_op *run;
	const char *summary;
} ops[] = {
#define ENT_EVAL(name, function, summary) { name, function, summary },
#include "cli/eval.def"
};

static void write_error(struct ent_text *out, const struct ent_error *error)
{
	ent_text_add(out, ENT_STR("\"ok\":false,\"error\":{\"code\":"));
	ent_json_string(out, ent_str_of(ent_code_name(error->code)));
	ent_text_add(out, ENT_STR(",\"detail\":"));
	ent_json_string(out, ent_str_of(error->detail));
	ent_text_add(out, ENT_STR(",\"pointer\":"));
	ent_json_string(out, ent_str_of(error->issue_count > 0 ? error->issues[0].pointer : ""));
	if (error->issue_count > 0) {
		ent_text_add(out, ENT_STR(",\"errors\":"));
		ent_json_issues(error, "", out);
	}
	ent_text_add(out, ENT_STR("}}"));
}

static const char *nearest_op(ent_str name)
{
	const char *nearest = NULL;
	size_t best = ENT_EDITS_NEAR + 1;
	for (size_t i = 0; i < ENT_COUNT(ops); i++) {
		size_t edits = ent_str_edits(name, ent_str_of(ops[i].name));
		if (edits < best) {
			best = edits;
			nearest = ops[i].name;
		}
	}
	return nearest;
}

static enum ent_code run_op(const struct ent_node *input, struct ent_arena *arena, ent_str *result,
                            struct ent_error *error)
{
	const struct ent_node *op = ent_json_member(input, "op");
	if (op == NULL || op->kind != ENT_JSON_STRING) {
		return ent_refuse(error, op == NULL ? ENT_E_REQUIRED : ENT_E_TYPE, "/op",
		                  op == NULL ? (ent_str){ NULL, 0 } : op->text,
		                  "name an operation, e.g. coverage.check");
	}
	for (size_t i = 0; i < ENT_COUNT(ops); i++) {
		if (ent_str_is(op->text, ops[i].name)) {
			return ops[i].run(input, arena, result, error);
		}
	}
	const char *nearest = nearest_op(op->text);
	return ent_refuse(error, ENT_E_UNKNOWN_VALUE, "/op", op->text,
	                  nearest == NULL
	                          ? "there is no such operation; see `entitled eval --help`"
	                          : "there is no such operation; did you mean %s?",
	                  nearest);
}

void ent_eval_line(ent_str line, struct ent_arena *arena, struct ent_text *out)
{
	const struct ent_node *input = NULL;
	struct ent_error error;
	ent_str result = ENT_STR("null");
	ent_error_clear(&error);
	enum ent_code code = ent_json_parse(line, arena, &input, &error);
	if (code == ENT_OK && input->kind != ENT_JSON_OBJECT) {
		code = ent_fail(&error, ENT_E_TYPE, "a line must be a JSON object");
	}
	if (code == ENT_OK) {
		code = run_op(input, arena, &result, &error);
	}
	const struct ent_node *id = ent_json_member(input, "id");
	*out = ent_text_begin(arena);
	ent_text_add(out, ENT_STR("{\"id\":"));
	if (id == NULL) {
		ent_text_add(out, ENT_STR("null"));
	} else {
		ent_json_node(out, id);
	}
	ent_text_char(out, ',');
	if (code == ENT_OK) {
		ent_text_add(out, ENT_STR("\"ok\":true,\"result\":"));
		ent_text_add(out, result);
		ent_text_char(out, '}');
	} else {
		write_error(out, &error);
	}
}

/* ---- the command ---- */

struct evaluating {
	ent_str line;
	struct ent_arena arena;
};

static void evaluate(void *arg)
{
	struct evaluating *evaluating = arg;
	struct ent_text out;
	ent_eval_line(evaluating->line, &evaluating->arena, &out);
	ent_str text = ent_text_end(&out);
	fwrite(text.ptr, 1, text.len, stdout);
	putchar('\n');
}

static bool is_blank(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r' && line[i] != '\n') {
			return false;
		}
	}
	return true;
}

static void answer(const char *line, size_t len, const struct ent_arena *arena)
{
	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r')) {
		len--;
	}
	struct evaluating evaluating = { { line, len }, *arena };
	if (len > LINE_BYTES_MAX || !ent_guard(arena->budget, evaluate, &evaluating)) {
		puts("{\"id\":null,\"ok\":false,\"error\":{\"code\":\"too_large\",\"detail\":"
		     "\"the line needs too much memory\",\"pointer\":\"\"}}");
	}
	ent_arena_trim(arena, KEEP_BYTES);
}

int ent_cli_eval(int argc, char **argv)
{
	const struct ent_option options[] = { { NULL, NULL, ENT_OPTION_FLAG, NULL, NULL } };
	int rest;
	int status = ent_options_read("eval", "",
	                              "Answer JSON lines from standard input, without a database",
	                              options, argc, argv, &rest);
	if (status != 0 || rest < 0) {
		if (rest < 0) {
			puts("\noperations:");
		}
		for (size_t i = 0; rest < 0 && i < ENT_COUNT(ops); i++) {
			printf("  %-21s %s\n", ops[i].name, ops[i].summary);
		}
		return status;
	}
	struct ent_budget budget;
	struct ent_arena arena;
	if (!ent_arena_reserve(EVAL_BYTES, &budget, &arena)) {
		fprintf(stderr, "entitled eval: no address space\n");
		return 1;
	}
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	while ((len = getline(&line, &room, stdin)) >= 0) {
		if (!is_blank(line, (size_t)len)) {
			answer(line, (size_t)len, &arena);
			fflush(stdout);
		}
	}
	free(line);
	return ferror(stdin) != 0 || ferror(stdout) != 0;
}
