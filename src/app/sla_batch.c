/* What the clocks of many cases need, with one query for each kind of record. */
#include "app/sla.h"

#include "app/sla_version.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static unsigned roots_of_one(const struct ent_expression *e)
{
	unsigned roots = 0;
	for (size_t root = 0; e != NULL && root < ENT_SLA_ROOTS; root++) {
		if (!ent_set_is_empty(ent_expression_reads(e, root))) {
			roots |= 1u << root;
		}
	}
	return roots;
}

unsigned ent_sla_roots_of(const struct ent_sla_version *version)
{
	if (version == NULL) {
		return 0;
	}
	unsigned roots = roots_of_one(version->pause) | roots_of_one(version->exit);
	for (size_t i = 0; i < version->rule_count; i++) {
		const struct ent_milestone_rule *rule = &version->rules[i];
		roots |= roots_of_one(rule->criteria) | roots_of_one(rule->completion) |
		         roots_of_one(rule->pause);
		for (size_t k = 0; k < rule->action_count; k++) {
			roots |= roots_of_one(rule->actions[k].condition);
		}
	}
	return roots;
}

static ent_id id_of(struct ent_value cell)
{
	return cell.kind == ENT_K_NULL ? ENT_ID_NONE : (ent_id){ cell.number };
}

struct ent_sla_links ent_sla_links_of(const struct ent_value *cell)
{
	return (struct ent_sla_links){
		.account_policy = id_of(cell[0]),
		.account_calendar = id_of(cell[1]),
		.tier = cell[2].text,
		.entitlement_policy = id_of(cell[3]),
		.entitlement_calendar = id_of(cell[4]),
	};
}

/* ---- loading -------------------------------------------------------------------------------- */

/* head + "(places)" + end, for these ids. */
struct asking {
	struct ent_value args[ENT_IDS_ROOM];
	size_t n;
	ent_str sql;
};

static void ask(struct ent_call *call, struct asking *asking, const char *head, struct ent_ids ids,
                const char *end)
{
	struct ent_text sql = ent_text_begin(call->arena);
	ent_text_add(&sql, ent_str_of(head));
	ent_text_char(&sql, '(');
	asking->n = ent_args_ids(&sql, asking->args, 0, ids);
	ent_text_char(&sql, ')');
	ent_text_add(&sql, ent_str_of(end));
	asking->sql = ent_text_end(&sql);
}

static enum ent_code load_cases(struct ent_call *call, struct ent_ids ids,
                                struct ent_sla_batch *batch, struct ent_error *error)
{
	struct asking asking;
	struct ent_rows rows;
	struct ent_text head = ent_text_begin(call->arena);
	ent_text_add(&head, ENT_STR("SELECT " ENT_SLA_LINKS ", "));
	ent_row_columns(&ent_case_type, "t.", &head);
	ent_text_add(&head,
	             ENT_STR(" FROM \"case\" t JOIN account a ON a.id = t.account_id "
	                     "LEFT JOIN entitlement e ON e.id = t.entitlement_id WHERE t.id IN "));
	ask(call, &asking, ent_text_end(&head).ptr, ids, " ORDER BY t.id");
	enum ent_code code =
		ent_db_run(call->db, asking.sql, asking.args, asking.n, call->arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_case *cases = ENT_NEW(call->arena, struct ent_case, rows.count);
	struct ent_sla_links *links = ENT_NEW(call->arena, struct ent_sla_links, rows.count);
	batch->cases = (struct ent_list){ cases, 0 };
	batch->links = links;
	for (const struct ent_row *row = rows.first; row != NULL && code == ENT_OK;
	     row = row->next) {
		size_t i = batch->cases.count++;
		ent_type_clear(&ent_case_type, &cases[i]);
		links[i] = ent_sla_links_of(row->cell);
		code = ent_row_read(&ent_case_type, row, ENT_SLA_LINK_COUNT, call->arena, &cases[i],
		                    error);
	}
	return code;
}

static int by_case_and_id(const void *a, const void *b)
{
	const struct ent_milestone *x = a;
	const struct ent_milestone *y = b;
	int order = (x->case_id.value > y->case_id.value) - (x->case_id.value < y->case_id.value);
	return order != 0 ? order : (x->id.value > y->id.value) - (x->id.value < y->id.value);
}

/* By way of the case, as there is no index of milestones by case alone. They are put in order
 * here, where that costs nothing: databases would copy whole rows. */
static enum ent_code load_milestones(struct ent_call *call, struct ent_ids ids,
                                     struct ent_sla_batch *batch, struct ent_error *error)
{
	struct asking asking;
	ask(call, &asking,
	    "JOIN \"case\" c ON t.account_id = c.account_id AND t.case_id = c.id WHERE c.id IN ",
	    ids, "");
	enum ent_code code = ent_row_select(call->db, &ent_milestone_type, asking.sql, asking.args,
	                                    asking.n, call->arena, &batch->milestones, error);
	if (code == ENT_OK && batch->milestones.count > 1) {
		qsort(batch->milestones.items, batch->milestones.count,
		      sizeof(struct ent_milestone), by_case_and_id);
	}
	return code;
}

static ent_id referred(const struct ent_case *c, enum ent_sla_root root)
{
	switch (root) {
	case ENT_SLA_ACCOUNT:
		return c->account_id;
	case ENT_SLA_CONTACT:
		return c->contact_id;
	case ENT_SLA_PRODUCT:
		return c->product_id;
	case ENT_SLA_ASSET:
		return c->asset_id;
	case ENT_SLA_ENTITLEMENT:
		return c->entitlement_id;
	default:
		return ENT_ID_NONE;
	}
}

static enum ent_code load_objects(struct ent_call *call, enum ent_sla_root root,
                                  const unsigned *wanted, struct ent_sla_batch *batch,
                                  struct ent_error *error)
{
	struct asking asking;
	const struct ent_case *cases = batch->cases.items;
	ent_id *ids = ENT_NEW(call->arena, ent_id, batch->cases.count);
	size_t n = 0;
	for (size_t i = 0; i < batch->cases.count; i++) {
		ent_id id = referred(&cases[i], root);
		if ((wanted[i] >> root & 1) != 0 && !ent_id_is_none(id)) {
			ids[n++] = id;
		}
	}
	if (n == 0) {
		return ENT_OK;
	}
	ask(call, &asking, "WHERE t.id IN ", (struct ent_ids){ ids, n }, " ORDER BY t.id");
	return ent_row_select(call->db, ent_sla_scope.roots[root].type, asking.sql, asking.args,
	                      asking.n, call->arena, &batch->objects[root], error);
}

static enum ent_code load_all_objects(struct ent_call *call, struct ent_sla_batch *batch,
                                      struct ent_error *error)
{
	const struct ent_case *cases = batch->cases.items;
	unsigned *wanted = ENT_NEW(call->arena, unsigned, batch->cases.count);
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < batch->cases.count && code == ENT_OK; i++) {
		const struct ent_sla_version *version = NULL;
		if (!ent_id_is_none(cases[i].sla_policy_version_id)) {
			code = ent_call_sla_version(call, cases[i].sla_policy_version_id, &version,
			                            error);
			wanted[i] = code == ENT_OK ? ent_sla_roots_of(version) : 0;
		}
	}
	for (unsigned root = 0; root < ENT_SLA_ROOTS && code == ENT_OK; root++) {
		code = load_objects(call, (enum ent_sla_root)root, wanted, batch, error);
	}
	return code;
}

enum ent_code ent_sla_batch_load(struct ent_call *call, struct ent_ids ids,
                                 struct ent_sla_batch *out, struct ent_error *error)
{
	*out = (struct ent_sla_batch){ .links = NULL };
	enum ent_code code = load_cases(call, ids, out, error);
	if (code == ENT_OK) {
		code = load_milestones(call, ids, out, error);
	}
	return code == ENT_OK ? load_all_objects(call, out, error) : code;
}

/* ---- finding -------------------------------------------------------------------------------- */

/* The first item whose id, at `offset` in it, is not below; items are in their order. */
static size_t lower(const struct ent_list *list, size_t size, size_t offset, ent_id id)
{
	size_t low = 0;
	size_t high = list->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		ent_id there;
		memcpy(&there, (const char *)list->items + middle * size + offset, sizeof(there));
		if (there.value < id.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

struct ent_case *ent_sla_batch_case(const struct ent_sla_batch *batch, ent_id id)
{
	struct ent_case *cases = batch->cases.items;
	size_t at = lower(&batch->cases, sizeof(*cases), offsetof(struct ent_case, id), id);
	return at < batch->cases.count && ent_id_eq(cases[at].id, id) ? &cases[at] : NULL;
}

const struct ent_sla_links *ent_sla_batch_links(const struct ent_sla_batch *batch, ent_id case_id)
{
	const struct ent_case *c = ent_sla_batch_case(batch, case_id);
	return c == NULL ? NULL : &batch->links[c - (const struct ent_case *)batch->cases.items];
}

struct ent_list ent_sla_batch_milestones(const struct ent_sla_batch *batch, ent_id case_id)
{
	struct ent_milestone *items = batch->milestones.items;
	size_t size = sizeof(*items);
	size_t offset = offsetof(struct ent_milestone, case_id);
	size_t from = lower(&batch->milestones, size, offset, case_id);
	size_t end = lower(&batch->milestones, size, offset, (ent_id){ case_id.value + 1 });
	return (struct ent_list){ from < end ? &items[from] : NULL, end - from };
}

const void *ent_sla_batch_object(const struct ent_sla_batch *batch, enum ent_sla_root root,
                                 ent_id id)
{
	const struct ent_list *list = &batch->objects[root];
	const struct ent_type *type = ent_sla_scope.roots[root].type;
	size_t offset = type->fields[ENT_AT_ID].offset;
	size_t at = lower(list, type->size, offset, id);
	bool there =
		at < list->count && lower(list, type->size, offset, (ent_id){ id.value + 1 }) > at;
	return there ? (const char *)list->items + at * type->size : NULL;
}
