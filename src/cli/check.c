#include "cli/cli.h"

#include "api/coverage.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct checking {
	ent_str json; /* the question */
	bool wants_json;
	int status;
};

static void print_candidate(const struct ent_coverage_candidate *c, bool chosen)
{
	const struct ent_right *e = c->right;
	char id[ENT_ID_ROOM];
	ent_id_format(e->id, "ent", id);
	printf("  %s %-12.*s %.*s (%s, %s)",
	       chosen            ? "*"
	       : c->reasons == 0 ? "+"
	                         : "-",
	       (int)e->number.len, e->number.ptr, (int)e->name.len, e->name.ptr,
	       ent_entitlement_state_names.text[c->state], id);
	if (c->bounded) {
		printf(", %lld of %lld left", (long long)c->available,
		       (long long)(ent_count_is_none(e->total) ? 0 : e->total.n));
	}
	puts(c->contact_not_verified ? ", contact not verified" : "");
	for (unsigned i = 0; i < ENT_REASON_COUNT; i++) {
		if ((c->reasons & UINT32_C(1) << i) != 0) {
			printf("      %s: %s\n", ent_reason_text((enum ent_reason)i),
			       ent_reason_meaning((enum ent_reason)i));
		}
	}
}

static void print_answer(const struct ent_coverage_answer *answer)
{
	if (answer->chosen == NULL) {
		printf("not covered; %zu candidate%s\n", answer->count,
		       answer->count == 1 ? "" : "s");
	} else {
		const struct ent_right *e = answer->chosen->right;
		printf("covered by %.*s %.*s; decided by: %s\n", (int)e->number.len, e->number.ptr,
		       (int)e->name.len, e->name.ptr, ent_choice_text(answer->rule));
	}
	for (size_t i = 0; i < answer->count; i++) {
		print_candidate(&answer->candidates[i], &answer->candidates[i] == answer->chosen);
	}
}

static enum ent_code check(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct checking *checking = arg;
	const struct ent_node *node;
	struct ent_coverage_question question;
	struct ent_coverage_answer answer;
	ent_error_clear(error);
	enum ent_code code = ent_json_parse(checking->json, call->arena, &node, error);
	if (code == ENT_OK) {
		code = ent_coverage_read(node, &question, error);
	}
	if (code == ENT_OK) {
		code = ent_coverage_decide(call, &question, ENT_COVERAGE_STORED, &answer, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	checking->status = answer.chosen == NULL;
	if (!checking->wants_json) {
		print_answer(&answer);
		return ENT_OK;
	}
	struct ent_text out = ent_text_begin(call->arena);
	ent_instant at = ent_instant_is_none(question.at) ? call->now : question.at;
	ent_coverage_write(&answer, answer.account_id, at, &out);
	puts(ent_text_end(&out).ptr);
	return ENT_OK;
}

/* The options as the JSON that the API takes, so that both have one reader. */
static ent_str question_json(const char *const names[], const char *const values[], size_t count,
                             int64_t units, struct ent_arena *arena)
{
	struct ent_text json = ent_text_begin(arena);
	ent_text_char(&json, '{');
	for (size_t i = 0; i < count; i++) {
		if (values[i] != NULL) {
			ent_json_comma(&json);
			ent_json_name(&json, names[i]);
			ent_json_string(&json, ent_str_of(values[i]));
		}
	}
	ent_json_comma(&json);
	ent_json_name(&json, "units");
	ent_text_int(&json, units);
	ent_text_char(&json, '}');
	return ent_text_end(&json);
}

int ent_cli_check(int argc, char **argv)
{
	const char *database = NULL;
	static const char *const names[] = { "account_id", "contact_id",     "product_id",
		                             "asset_id",   "entitlement_id", "channel",
		                             "at" };
	const char *values[ENT_COUNT(names)] = { NULL };
	int64_t units = 1;
	struct checking checking = { .wants_json = false };
	const struct ent_option options[] = {
		ENT_OPTION_DB(database),
		{ "--account", "ID", ENT_OPTION_TEXT, &values[0], "Who" },
		{ "--contact", "ID", ENT_OPTION_TEXT, &values[1],
		  "Who asks; tells the account too" },
		{ "--product", "ID", ENT_OPTION_TEXT, &values[2], "For which product" },
		{ "--asset", "ID", ENT_OPTION_TEXT, &values[3], "For which asset" },
		{ "--entitlement", "ID", ENT_OPTION_TEXT, &values[4],
		  "By this one; others are only listed" },
		{ "--channel", "NAME", ENT_OPTION_TEXT, &values[5], "How, e.g. phone" },
		{ "--at", "TIME", ENT_OPTION_TEXT, &values[6], "When; default now" },
		{ "--units", "N", ENT_OPTION_INT, &units, "What it would cost; default 1" },
		{ "--json", NULL, ENT_OPTION_FLAG, &checking.wants_json, "As the API answers" },
		{ NULL, NULL, ENT_OPTION_FLAG, NULL, NULL },
	};
	int rest;
	int status = ent_options_read(
		"check", "",
		"Is this customer covered, by what, and why\n"
		"(exit status 0: yes, 1: no, 2: it could not be told)",
		options, argc, argv, &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	struct ent_arena arena;
	if (!ent_cli_room(&arena)) {
		return 2;
	}
	checking.json = question_json(names, values, ENT_COUNT(names), units, &arena);
	struct ent_app *app = ent_cli_open(ent_cli_database(database), false);
	if (app == NULL) {
		return 2;
	}
	struct ent_call model = ent_cli_call(app);
	struct ent_error error;
	if (ent_app_run(app, ENT_READ, &model, check, &checking, &error) != ENT_OK) {
		ent_cli_fail(&error);
		checking.status = 2;
	}
	ent_app_close(app);
	return checking.status;
}
