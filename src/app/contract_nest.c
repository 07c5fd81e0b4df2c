#include "app/contract_nest_inner.h"

#include "app/entitlement.h"
#include "app/entity.h"
#include "app/reference.h"
#include "base/text.h"
#include "json/json.h"

struct reading {
	struct ent_call *call;
	const struct ent_contract *contract;
	ent_date
		from; /* on which lines at the top begin at the earliest; none: with the contract */
	const struct ent_zone *zone;
	struct ent_nest *nest;
	struct ent_error *error;
};

/* Where something is nested. */
struct place {
	struct ent_contract_line *line; /* NULL: in the contract itself */
	const struct ent_contract_line *root;
	struct ent_entitlement *entitlement; /* NULL: in the line or contract */
	struct ent_days days;
	const char *pointer;
	int depth;
};

static const ent_str no_value = { NULL, 0 };

/* The list of this name, with its pointer; NULL: there is none. */
static const struct ent_node *list_of(const struct reading *r, const struct place *place,
                                      const char *name, const struct ent_node *list, size_t count)
{
	const char *pointer = ent_text_format(r->call->arena, "%s/%s", place->pointer, name).ptr;
	if (list == NULL || list->kind == ENT_JSON_NULL) {
		return NULL;
	}
	if (list->kind != ENT_JSON_ARRAY) {
		ent_note(r->error, ENT_E_TYPE, pointer, no_value, "give a list");
		return NULL;
	}
	if (list->count > ENT_NEST_MAX - count || place->depth > ENT_NEST_DEPTH_MAX) {
		ent_note(r->error, ENT_E_LIMIT, pointer, no_value,
		         "give at most %d of them in one request, at most %d deep", ENT_NEST_MAX,
		         ENT_NEST_DEPTH_MAX);
		return NULL;
	}
	return list->first;
}

static const char *item_pointer(const struct reading *r, const struct place *place,
                                const char *name, size_t at)
{
	return ent_text_format(r->call->arena, "%s/%s/%zu", place->pointer, name, at).ptr;
}

/* What follows from where it is cannot be given. */
static void refuse_given(const struct reading *r, const struct ent_type *type,
                         const struct ent_set *given, const char *const *names, size_t count,
                         const char *pointer)
{
	for (size_t i = 0; i < count; i++) {
		const struct ent_field *field = ent_type_field(type, ent_str_of(names[i]));
		if (ent_set_has(given, ent_type_at(type, field))) {
			ent_note(r->error, ENT_E_READ_ONLY,
			         ent_text_format(r->call->arena, "%s/%s", pointer, names[i]).ptr,
			         no_value, "follows from where it is, leave it out");
		}
	}
}

/* ---- coverage --------------------------------------------------------------------------- */

static void read_covers(const struct reading *r, const struct place *place,
                        const struct ent_node *list)
{
	static const char *const owners[] = { "contract_id", "contract_line_id", "entitlement_id" };
	struct ent_nest *nest = r->nest;
	const struct ent_node *node = list_of(r, place, "coverage", list, nest->cover_count);
	for (size_t i = 0; node != NULL; node = node->next, i++) {
		struct nested_cover *item = ENT_NEW(r->call->arena, struct nested_cover, 1);
		struct ent_contract_coverage *row = &item->row;
		struct ent_set given;
		*item = (struct nested_cover){ .owner = place->days,
			                       .pointer = item_pointer(r, place, "coverage", i) };
		ent_type_clear(&ent_contract_coverage_type, row);
		ent_json_read_into(&ent_contract_coverage_type, node, ENT_JSON_CREATE,
		                   item->pointer, r->call->arena, row, &given, r->error);
		refuse_given(r, &ent_contract_coverage_type, &given, owners, ENT_COUNT(owners),
		             item->pointer);
		row->id = ent_app_id(r->call->app);
		row->account_id = r->contract->account_id;
		row->contract_id = row->contract_line_id = row->entitlement_id = ENT_ID_NONE;
		if (place->entitlement != NULL) {
			row->entitlement_id = place->entitlement->id;
			place->entitlement->extra_rows |= ENT_EXTRA_COVERAGE;
		} else if (place->line != NULL) {
			row->contract_line_id = place->line->id;
			place->line->extra_rows |= ENT_CONTRACT_COVERAGE;
		} else {
			row->contract_id = r->contract->id;
			nest->covers_contract = true;
		}
		*nest->last_cover = item;
		nest->last_cover = &item->next;
		nest->cover_count++;
	}
}

/* ---- entitlements ----------------------------------------------------------------------- */

/* As an entitlement is created: with its account, without what is nested in it. */
static const struct ent_node *as_entitlement(const struct reading *r, const struct ent_node *node)
{
	char *text = ent_arena_bytes(r->call->arena, ENT_ID_ROOM);
	size_t len = ent_id_format(r->contract->account_id, ent_account_type.prefix, text);
	struct ent_node *object = ENT_NEW(r->call->arena, struct ent_node, 1);
	struct ent_node *account = ENT_NEW(r->call->arena, struct ent_node, 1);
	*account = (struct ent_node){ .kind = ENT_JSON_STRING,
		                      .text = { text, len },
		                      .name = ENT_STR("account_id") };
	*object = *node;
	object->first = account;
	const struct ent_node **last = &account->next;
	for (const struct ent_node *member = node->first; member != NULL; member = member->next) {
		if (ent_str_is(member->name, "coverage") ||
		    ent_str_is(member->name, "account_id")) {
			continue;
		}
		struct ent_node *copy = ENT_NEW(r->call->arena, struct ent_node, 1);
		*copy = *member;
		copy->next = NULL;
		*last = copy;
		last = &copy->next;
	}
	return object;
}

static enum ent_code judge_right(const struct reading *r, const struct place *place,
                                 struct nested_right *item, const struct ent_set *given)
{
	struct ent_entitlement *e = &item->entitlement;
	size_t first = r->error->issue_count;
	if (ent_date_is_none(e->starts_on)) {
		e->starts_on = place->days.first;
	}
	if (ent_date_is_none(e->ends_on)) {
		e->ends_on = place->days.last;
	}
	if (e->time_zone.len == 0) {
		e->time_zone = r->contract->time_zone;
	}
	enum ent_code code = ent_entitlement_judge(r->call, NULL, e, given, r->error);
	if (code == ENT_OK) {
		ent_contract_entitlement_check(e, place->days, r->error);
		code = ent_record_check_external(r->call, &ent_entitlement_type, NULL,
		                                 (const struct ent_record *)e, r->error);
	}
	ent_error_nest(r->error, first, item->pointer);
	return code;
}

static enum ent_code read_rights(const struct reading *r, const struct place *place,
                                 const struct ent_node *list)
{
	static const char *const owners[] = { "contract_id", "contract_line_id" };
	struct ent_nest *nest = r->nest;
	enum ent_code code = ENT_OK;
	const struct ent_node *node = list_of(r, place, "entitlements", list, nest->right_count);
	for (size_t i = 0; node != NULL && code == ENT_OK; node = node->next, i++) {
		struct nested_right *item = ENT_NEW(r->call->arena, struct nested_right, 1);
		struct ent_entitlement *e = &item->entitlement;
		struct ent_set given;
		*item = (struct nested_right){ .pointer =
			                               item_pointer(r, place, "entitlements", i) };
		ent_type_clear(&ent_entitlement_type, e);
		ent_json_read_into(&ent_entitlement_type,
		                   node->kind == ENT_JSON_OBJECT ? as_entitlement(r, node) : node,
		                   ENT_JSON_CREATE, item->pointer, r->call->arena, e, &given,
		                   r->error);
		refuse_given(r, &ent_entitlement_type, &given, owners, ENT_COUNT(owners),
		             item->pointer);
		e->id = ent_app_id(r->call->app);
		e->contract_id = r->contract->id;
		e->contract_line_id = place->line != NULL ? place->line->id : ENT_ID_NONE;
		struct place inside = *place;
		code = judge_right(r, place, item, &given);
		inside.entitlement = e;
		inside.days = (struct ent_days){ e->starts_on, e->ends_on };
		inside.pointer = item->pointer;
		read_covers(r, &inside, ent_json_member(node, "coverage"));
		*nest->last_right = item;
		nest->last_right = &item->next;
		nest->right_count++;
	}
	return code;
}

/* ---- lines ------------------------------------------------------------------------------ */

static enum ent_code read_lines(const struct reading *r, const struct place *place,
                                const struct ent_node *list);

static enum ent_code read_inside(const struct reading *r, const struct place *place,
                                 const struct ent_node *node)
{
	read_covers(r, place, ent_json_member(node, "coverage"));
	enum ent_code code = read_rights(r, place, ent_json_member(node, "entitlements"));
	return code == ENT_OK ? read_lines(r, place, ent_json_member(node, "lines")) : code;
}

/* A line at the top of what is added to a contract, whose own first day is not in question. */
static void check_added(const struct reading *r, const struct ent_contract_line *line)
{
	char given[11], first[11];
	int32_t day = line->starts_on.day;
	if (day >= r->contract->starts_on.day && day < r->from.day) {
		ent_date_format(line->starts_on, given);
		ent_date_format(r->from, first);
		ent_note(r->error, ENT_E_DATE_OUTSIDE_PARENT, "/starts_on", ent_str_of(given),
		         "lines are added from %s on: begin then or later, or give an earlier "
		         "effective_on",
		         first);
	}
}

static void settle_line(const struct reading *r, const struct place *place,
                        struct nested_line *item, const struct ent_set *given)
{
	struct ent_contract_line *line = &item->line;
	size_t first = r->error->issue_count;
	line->id = ent_app_id(r->call->app);
	line->account_id = r->contract->account_id;
	line->contract_id = r->contract->id;
	line->parent_id = place->line != NULL ? place->line->id : ENT_ID_NONE;
	line->root_id = place->root != NULL ? place->root->id : line->id;
	item->root = place->root != NULL ? place->root : line;
	bool is_added = place->line == NULL && !ent_date_is_none(r->from);
	if (is_added && ent_date_is_none(line->starts_on)) {
		line->starts_on = r->from;
	}
	ent_contract_line_settle(line, given, place->line, r->contract);
	ent_contract_line_check(line, place->line, r->contract, r->error);
	if (is_added) {
		check_added(r, line);
	}
	if (r->zone != NULL) {
		ent_contract_line_dates(line, r->zone);
	}
	ent_error_nest(r->error, first, item->pointer);
}

static enum ent_code read_lines(const struct reading *r, const struct place *place,
                                const struct ent_node *list)
{
	static const char *const owners[] = { "contract_id", "parent_id" };
	struct ent_nest *nest = r->nest;
	enum ent_code code = ENT_OK;
	const struct ent_node *node = list_of(r, place, "lines", list, nest->line_count);
	for (size_t i = 0; node != NULL && code == ENT_OK; node = node->next, i++) {
		struct nested_line *item = ENT_NEW(r->call->arena, struct nested_line, 1);
		struct ent_set given;
		*item = (struct nested_line){ .pointer = item_pointer(r, place, "lines", i) };
		ent_type_clear(&ent_contract_line_type, &item->line);
		ent_json_read_into(&ent_contract_line_type, node, ENT_JSON_CREATE, item->pointer,
		                   r->call->arena, &item->line, &given, r->error);
		refuse_given(r, &ent_contract_line_type, &given, owners, ENT_COUNT(owners),
		             item->pointer);
		settle_line(r, place, item, &given);
		code = ent_record_check_external(r->call, &ent_contract_line_type, NULL,
		                                 (const struct ent_record *)&item->line, r->error);
		*nest->last_line = item;
		nest->last_line = &item->next;
		nest->line_count++;
		struct place inside = {
			.line = &item->line,
			.root = item->root,
			.days = { item->line.starts_on, item->line.ends_on },
			.pointer = item->pointer,
			.depth = place->depth + 1,
		};
		if (code == ENT_OK) {
			code = read_inside(r, &inside, node);
		}
	}
	return code;
}

/* ---- judging ---------------------------------------------------------------------------- */

/* References that were made here are not looked up: they are "before", too. */
static enum ent_code check_references(const struct reading *r)
{
	struct ent_arena *arena = r->call->arena;
	const struct ent_nest *nest = r->nest;
	struct ent_referrer *items = ENT_NEW(arena, struct ent_referrer, nest->line_count);
	size_t n = 0;
	for (const struct nested_line *l = nest->lines; l != NULL; l = l->next) {
		struct ent_contract_line *made = ENT_NEW(arena, struct ent_contract_line, 1);
		ent_type_clear(&ent_contract_line_type, made);
		made->contract_id = l->line.contract_id;
		made->parent_id = l->line.parent_id;
		items[n++] = (struct ent_referrer){ made, &l->line, l->pointer };
	}
	enum ent_code code =
		ent_reference_check_many(r->call, &ent_contract_line_type, items, n, r->error);
	items = ENT_NEW(arena, struct ent_referrer, nest->cover_count);
	n = 0;
	for (const struct nested_cover *c = nest->covers; c != NULL; c = c->next) {
		struct ent_contract_coverage *made =
			ENT_NEW(arena, struct ent_contract_coverage, 1);
		*made = c->row;
		made->asset_id = made->product_id = ENT_ID_NONE;
		items[n++] = (struct ent_referrer){ made, &c->row, c->pointer };
	}
	if (code == ENT_OK) {
		code = ent_reference_check_many(r->call, &ent_contract_coverage_type, items, n,
		                                r->error);
	}
	items = ENT_NEW(arena, struct ent_referrer, nest->right_count);
	n = 0;
	for (const struct nested_right *e = nest->rights; e != NULL; e = e->next) {
		struct ent_entitlement *made = ENT_NEW(arena, struct ent_entitlement, 1);
		ent_type_clear(&ent_entitlement_type, made);
		made->account_id = e->entitlement.account_id;
		made->contract_id = e->entitlement.contract_id;
		made->contract_line_id = e->entitlement.contract_line_id;
		items[n++] = (struct ent_referrer){ made, &e->entitlement, e->pointer };
	}
	return code == ENT_OK ? ent_reference_check_many(r->call, &ent_entitlement_type, items, n,
	                                                 r->error)
	                      : code;
}

static enum ent_code judge_covers(const struct reading *r)
{
	const struct ent_nest *nest = r->nest;
	struct ent_covering *rows = ENT_NEW(r->call->arena, struct ent_covering, nest->cover_count);
	size_t n = 0;
	for (struct nested_cover *c = nest->covers; c != NULL; c = c->next) {
		rows[n++] = (struct ent_covering){ &c->row, c->owner, c->pointer };
	}
	return ent_contract_coverage_judge_many(r->call, r->contract->account_id, rows, n, r->zone,
	                                        r->error);
}

/* The text of a JSON field as a node; NULL: nothing was given. It was JSON when it came. */
static enum ent_code node_of(struct ent_call *call, struct ent_json json,
                             const struct ent_node **out, struct ent_error *error)
{
	*out = NULL;
	return json.text.len == 0 ? ENT_OK : ent_json_parse(json.text, call->arena, out, error);
}

enum ent_code ent_nest_read(struct ent_call *call, const struct ent_contract *contract,
                            struct ent_contract_line *line, const struct ent_contract_line *root,
                            ent_date from, const struct ent_zone *zone, struct ent_error *error)
{
	struct ent_nest *nest = ENT_NEW(call->arena, struct ent_nest, 1);
	struct reading r = { call, contract, from, zone, nest, error };
	*nest = (struct ent_nest){ .last_line = &nest->lines, .is_reading = true };
	nest->last_cover = &nest->covers;
	nest->last_right = &nest->rights;
	call->nest = nest;
	const struct ent_node *lines, *covers, *rights;
	struct place place = { .line = line,
		               .root = root,
		               .days = { contract->starts_on, contract->ends_on },
		               .pointer = "" };
	if (line != NULL) {
		place.days = (struct ent_days){ line->starts_on, line->ends_on };
	}
	enum ent_code code =
		node_of(call, line != NULL ? line->lines : contract->lines, &lines, error);
	if (code == ENT_OK) {
		code = node_of(call, line != NULL ? line->coverage : contract->coverage, &covers,
		               error);
	}
	if (code == ENT_OK) {
		code = node_of(call, line != NULL ? line->entitlements : contract->entitlements,
		               &rights, error);
	}
	if (code == ENT_OK) {
		read_covers(&r, &place, covers);
		code = read_rights(&r, &place, rights);
	}
	if (code == ENT_OK) {
		code = read_lines(&r, &place, lines);
	}
	if (code == ENT_OK) {
		code = check_references(&r);
	}
	nest->is_reading = false;
	return code == ENT_OK ? judge_covers(&r) : code;
}
