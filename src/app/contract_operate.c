/* contract_operate.c - the operations inside one contract. */
#include "app/action.h"
#include "app/contract_nest_inner.h"
#include "app/operation.h"
#include "base/text.h"
#include "core/plan_amend.h"

/* ---- what inputs have in common --------------------------------------------------------- */

/* The lines that an input names, as identifiers or as objects with line_id. */
static struct ent_ids lines_of(struct ent_call *call, const struct ent_type *type,
                               const void *input)
{
	const struct ent_field *field = ent_type_field(type, ENT_STR("lines"));
	if (field->kind == ENT_K_IDS) {
		return *(const struct ent_ids *)ent_field_at(field, input);
	}
	if (field->kind != ENT_K_CHILDREN) {
		return (struct ent_ids){ NULL, 0 };
	}
	const struct ent_children *rows = ent_field_at(field, input);
	const struct ent_field *line = ent_type_field(field->child, ENT_STR("line_id"));
	ent_id *ids = ENT_NEW(call->arena, ent_id, rows->count);
	for (size_t i = 0; i < rows->count; i++) {
		const char *row = (const char *)rows->items + i * field->child->size;
		ids[i] = *(const ent_id *)ent_field_at(line, row);
	}
	return (struct ent_ids){ ids, rows->count };
}

static const struct ent_product *product_of(const struct ent_list *products, ent_id id)
{
	const struct ent_product *items = products->items;
	for (size_t i = 0; i < products->count; i++) {
		if (ent_id_eq(items[i].id, id)) {
			return &items[i];
		}
	}
	return NULL;
}

struct product_names {
	const struct ent_field *rows, *product, *name; /* of the input; NULL: it has none */
};

static struct product_names names_of(const struct ent_type *type)
{
	struct product_names names = { .rows = ent_type_field(type, ENT_STR("lines")) };
	const struct ent_type *child = names.rows->child;
	if (child != NULL) {
		names.product = ent_type_field(child, ENT_STR("product_id"));
		names.name = ent_type_field(child, ENT_STR("name"));
	}
	return names;
}

/* Products that an input names are there; a line whose product changes is called after it, unless
 * a name is given. */
static enum ent_code name_products(struct ent_operating *op, const void *input,
                                   struct ent_error *error)
{
	struct product_names names = names_of(op->asked.input_type);
	if (names.product == NULL) {
		return ENT_OK;
	}
	const struct ent_children *rows = ent_field_at(names.rows, input);
	ent_id *ids = ENT_NEW(op->call->arena, ent_id, rows->count);
	struct ent_ids some = { ids, 0 };
	struct ent_list products = { NULL, 0 };
	for (size_t i = 0; i < rows->count; i++) {
		char *row = (char *)rows->items + i * names.rows->child->size;
		ent_id id = *(ent_id *)ent_field_at(names.product, row);
		if (!ent_id_is_none(id) && !ent_ids_has(some, id)) {
			ids[some.count++] = id;
		}
	}
	enum ent_code code = some.count == 0 ? ENT_OK
	                                     : ent_record_by_ids(op->call, &ent_product_type, some,
	                                                         &products, error);
	for (size_t i = 0; code == ENT_OK && i < rows->count; i++) {
		char *row = (char *)rows->items + i * names.rows->child->size;
		ent_id id = *(ent_id *)ent_field_at(names.product, row);
		ent_str *name = ent_field_at(names.name, row);
		const struct ent_product *product = product_of(&products, id);
		if (!ent_id_is_none(id) && product == NULL) {
			ent_note(error, ENT_E_NO_SUCH_RECORD,
			         ent_text_format(op->call->arena, "/lines/%zu/product_id", i).ptr,
			         (ent_str){ NULL, 0 }, "there is no such product");
		} else if (product != NULL && name->len == 0) {
			*name = product->name;
		}
	}
	return code;
}

/* ---- the operations --------------------------------------------------------------------- */

/* Begin, plan, end: what each of them does. Their inputs have lines and a reason. */
#define OPERATION(name, KIND, DO)                                                                \
	enum ent_code ent_contract_##name(struct ent_call *call, ent_id id, int64_t version,     \
	                                  const void *input, void *out, struct ent_error *error) \
	{                                                                                        \
		const struct ent_input_contract_##name *given = input;                           \
		const struct ent_operation_asked asked = {                                       \
			.kind = ENT_OPERATION_##KIND,                                            \
			.action = ENT_CONTRACT_DO_##DO,                                          \
			.input_type = &ent_input_contract_##name##_type,                         \
			.input = input,                                                          \
			.reason = given->reason,                                                 \
			.lines = lines_of(call, &ent_input_contract_##name##_type, input),       \
		};                                                                               \
		struct ent_operating *op = ENT_NEW(call->arena, struct ent_operating, 1);        \
		enum ent_code code = ent_operation_begin(call, &asked, id, version, op, error);  \
		if (code == ENT_OK) {                                                            \
			ent_error_clear(error);                                                  \
			code = name_products(op, input, error);                                  \
		}                                                                                \
		if (code == ENT_OK) {                                                            \
			ent_plan_##name(&op->plan, &op->holdings[0], given, error);              \
			code = ent_operation_end(op, out, error);                                \
		}                                                                                \
		return code;                                                                     \
	}

OPERATION(suspend, SUSPEND, SUSPEND)
OPERATION(resume, RESUME, RESUME)
OPERATION(cancel, CANCEL, CANCEL)
OPERATION(extend, EXTEND, EXTEND)
OPERATION(shorten, SHORTEN, SHORTEN)
OPERATION(upsell, UPSELL, AMEND)
OPERATION(downsell, DOWNSELL, AMEND)
OPERATION(swap, SWAP, AMEND)
OPERATION(amend, AMEND, AMEND)

/* ---- add lines -------------------------------------------------------------------------- */

/* The identifiers that lines got when they were read, and those of the plan. */
struct renaming {
	struct ent_plan *plan;
	ent_id *from, *to;
	size_t count;
};

/* What was read got its identifiers in rising order. */
static ent_id renamed(const struct renaming *r, ent_id id)
{
	size_t low = 0;
	size_t high = r->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (r->from[middle].value < id.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < r->count && ent_id_eq(r->from[low], id) ? r->to[low] : id;
}

static struct ent_plan_row *adopt(struct renaming *r, const struct ent_type *type,
                                  const void *object)
{
	struct ent_plan_row *row = ent_plan_make(r->plan, type, NULL);
	ent_id id = ((const struct ent_record *)row->after)->id;
	ent_type_copy(type, object, row->after, r->plan->arena);
	((struct ent_record *)row->after)->id = id;
	return row;
}

static void adopt_lines(struct renaming *r, const struct ent_nest *nest)
{
	for (const struct nested_line *l = nest->lines; l != NULL; l = l->next) {
		struct ent_plan_row *row = adopt(r, &ent_contract_line_type, &l->line);
		struct ent_contract_line *line = row->after;
		r->from[r->count] = l->line.id;
		r->to[r->count++] = line->id;
		line->parent_id = renamed(r, line->parent_id);
		line->root_id = renamed(r, line->root_id);
		line->extra_rows = 0;
		row->line_type = ENT_LINE_TYPE_UPSELL;
		row->line_action = ENT_LINE_ACTION_ADD;
	}
}

static void adopt_rights(struct renaming *r, struct renaming *rights, const struct ent_nest *nest)
{
	for (const struct nested_right *n = nest->rights; n != NULL; n = n->next) {
		struct ent_entitlement *e = adopt(r, &ent_entitlement_type, &n->entitlement)->after;
		rights->from[rights->count] = n->entitlement.id;
		rights->to[rights->count++] = e->id;
		e->contract_line_id = renamed(r, e->contract_line_id);
		e->extra_rows &= ~(int64_t)ENT_EXTRA_COVERAGE;
	}
}

static void adopt_covers(struct renaming *r, const struct renaming *rights,
                         const struct ent_nest *nest)
{
	for (const struct nested_cover *n = nest->covers; n != NULL; n = n->next) {
		struct ent_contract_coverage *row =
			adopt(r, &ent_contract_coverage_type, &n->row)->after;
		row->contract_line_id = renamed(r, row->contract_line_id);
		row->entitlement_id = renamed(rights, row->entitlement_id);
	}
}

static void adopt_all(struct ent_plan *plan, const struct ent_nest *nest)
{
	struct renaming lines = { plan, ENT_NEW(plan->arena, ent_id, nest->line_count),
		                  ENT_NEW(plan->arena, ent_id, nest->line_count), 0 };
	struct renaming rights = { plan, ENT_NEW(plan->arena, ent_id, nest->right_count),
		                   ENT_NEW(plan->arena, ent_id, nest->right_count), 0 };
	adopt_lines(&lines, nest);
	adopt_rights(&lines, &rights, nest);
	adopt_covers(&lines, &rights, nest);
}

static enum ent_code read_lines(struct ent_operating *op,
                                const struct ent_input_contract_add_lines *given,
                                struct ent_error *error)
{
	struct ent_plan *plan = &op->plan;
	const struct ent_holding *holding = &op->holdings[0];
	struct ent_contract *contract =
		ent_record_copy(plan->arena, &ent_contract_type, holding->contract);
	int32_t day =
		ent_date_is_none(given->effective_on) ? plan->today.day : given->effective_on.day;
	plan->effective_on =
		(ent_date){ day > contract->starts_on.day ? day : contract->starts_on.day };
	if (!ent_plan_allow(plan, holding, NULL, ENT_CONTRACT_DO_ADD_LINES, "", error)) {
		return ENT_OK; /* noted */
	}
	if (given->effective_on.day < plan->today.day && !ent_date_is_none(given->effective_on) &&
	    !plan->may_backdate) {
		char room[11];
		ent_date_format(given->effective_on, room);
		ent_note(error, ENT_E_RETROACTIVE, "/effective_on", ent_str_of(room),
		         "give today or a later day, or ask somebody with contract.backdate");
	}
	contract->lines = given->lines;
	contract->coverage = contract->entitlements = (struct ent_json){ { NULL, 0 } };
	enum ent_code code = ent_nest_read(op->call, contract, NULL, NULL, plan->effective_on,
	                                   plan->zone, error);
	if (code == ENT_OK && op->call->nest->line_count == 0 && error->issue_count == 0) {
		ent_note(error, ENT_E_REQUIRED, "/lines", (ent_str){ NULL, 0 },
		         "give at least one line");
	}
	return code;
}

enum ent_code ent_contract_add_lines(struct ent_call *call, ent_id id, int64_t version,
                                     const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_contract_add_lines *given = input;
	const struct ent_operation_asked asked = {
		.kind = ENT_OPERATION_ADD_LINES,
		.action = ENT_CONTRACT_DO_ADD_LINES,
		.input_type = &ent_input_contract_add_lines_type,
		.input = input,
		.reason = given->reason,
	};
	struct ent_operating *op = ENT_NEW(call->arena, struct ent_operating, 1);
	enum ent_code code = ent_operation_begin(call, &asked, id, version, op, error);
	if (code == ENT_OK) {
		ent_error_clear(error);
		code = read_lines(op, given, error);
	}
	if (code == ENT_OK && call->nest != NULL) {
		adopt_all(&op->plan, call->nest);
	}
	call->nest = NULL;
	return code == ENT_OK ? ent_operation_end(op, out, error) : code;
}
