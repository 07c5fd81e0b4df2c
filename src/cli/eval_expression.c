/* Criteria (docs/expressions.md) about records given inline, as in the API:
 *
 *     {"op":"expression.check","expression":"account.tier = \"gold\""}
 *         {"valid":true,"expression":"account.tier = \"gold\"","reads":{"account":["tier"]}}
 *     {"op":"expression.eval","expression":"priority = \"high\"","case":{"priority":"low"}}
 *         {"result":false,"steps":[{"depth":0,"expression":"priority = \"high\"",
 *                                   "result":false,"fields":"priority is \"low\""}]}
 *
 * Records: case, account, contact, product, asset, entitlement; what is left out or null is
 * not there, and all its fields are null. */
#include "cli/eval.h"

#include "core/type.h"
#include "json/expression.h"

static bool read_text(const struct ent_node *input, ent_str *out, struct ent_error *error)
{
	const struct ent_node *node = ent_json_member(input, "expression");
	if (node == NULL || node->kind != ENT_JSON_STRING) {
		ent_note(error, ENT_E_REQUIRED, "/expression", (ent_str){ NULL, 0 },
		         "give an expression such as priority = \"high\"");
		return false;
	}
	*out = node->text;
	return true;
}

/* One of the records, or NULL. */
static const void *read_object(const struct ent_node *input, const struct ent_expression_root *root,
                               struct ent_arena *arena, struct ent_error *error)
{
	const struct ent_node *node = ent_json_member(input, root->name);
	struct ent_set given;
	if (node == NULL || node->kind == ENT_JSON_NULL) {
		return NULL;
	}
	const char *pointer = ent_text_format(arena, "/%s", root->name).ptr;
	if (node->kind != ENT_JSON_OBJECT) {
		ent_note(error, ENT_E_TYPE, pointer, (ent_str){ NULL, 0 }, "give an object");
		return NULL;
	}
	void *object = ent_arena_alloc(arena, 1, root->type->size, _Alignof(max_align_t));
	ent_type_clear(root->type, object);
	ent_json_read_into(root->type, node, ENT_JSON_ANY, pointer, arena, object, &given, error);
	return object;
}

enum ent_code ent_eval_expression_check(const struct ent_node *input, struct ent_arena *arena,
                                        ent_str *result, struct ent_error *error)
{
	ent_str text;
	ent_json_only(input, "expression", NULL, error);
	if (!read_text(input, &text, error) || error->issue_count > 0) {
		return ent_noted(error);
	}
	*result = ent_expression_check_json(text, &ent_case_scope, arena);
	return ENT_OK;
}

enum ent_code ent_eval_expression_eval(const struct ent_node *input, struct ent_arena *arena,
                                       ent_str *result, struct ent_error *error)
{
	ent_str text;
	const struct ent_expression *e = NULL;
	const void *objects[ENT_CASE_ROOTS];
	ent_json_only(input, "expression case account contact product asset entitlement", NULL,
	              error);
	size_t first = error->issue_count;
	if (read_text(input, &text, error) &&
	    ent_expression_compile(text, &ent_case_scope, arena, &e, error) != ENT_OK) {
		ent_error_nest(error, first, "/expression");
	}
	for (size_t i = 0; i < ENT_CASE_ROOTS; i++) {
		objects[i] = read_object(input, &ent_case_scope.roots[i], arena, error);
	}
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	ent_str steps = ent_expression_explain_json(e, objects, arena);
	*result = ent_text_format(arena, "{\"result\":%s,\"steps\":%s}",
	                          ent_expression_eval(e, objects) ? "true" : "false", steps.ptr);
	return ENT_OK;
}
