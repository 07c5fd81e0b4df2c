/* coverage.check with everything inline:
 *
 *     {"op":"coverage.check","account_id":"acme","contact_id":"marcie","product_id":"printer",
 *      "channel":"phone","at":"2026-01-01T00:00:00Z","units":1,"order":["asset","product"],
 *      "accounts":[{"id":"acme","parent_id":"group","default_entitlement_id":"gold"}],
 *      "products":[{"id":"printer","parent_id":"hardware"}],
 *      "assets":[{"id":"a1","parent_id":null,"product_id":"printer"}],
 *      "entitlements":[{"id":"gold","account_id":"acme","starts_on":"2026-01-01", …,
 *                       "state":"active","total":10,"consumed":3,"reserved":0,
 *                       "grants":[…],"channels":[{"channel":"phone","total":5,"consumed":1}]}]}
 *
 * Entitlements are as in the API, and so are "contracts", "contract_lines" and "contract_coverages"
 * that they are under. Identifiers may be any text. state draft and cancelled are taken from
 * `state`, the others follow from the dates. */
#include "cli/eval.h"
#include "cli/eval_contract.h"

#include "api/coverage.h"
#include "core/life.h"
#include "core/terms.h"
#include "store/zoneinfo.h"

#include <string.h>

/* ---- any text as an identifier ---- */

struct name {
	ent_str text;
	const char *prefix;
	struct name *next;
};

struct names {
	struct name *first;
	struct name **last;
	int64_t count;
	struct ent_arena *arena;
};

/* The text's number, the same each time it occurs, as a typed identifier. */
static ent_str typed(struct names *names, ent_str text, const char *prefix)
{
	ent_id id;
	char room[ENT_ID_ROOM];
	if (ent_id_parse(text, prefix, &id)) {
		return text;
	}
	int64_t n = 1;
	struct name *name = names->first;
	for (; name != NULL; name = name->next, n++) {
		if (ent_str_eq(name->text, text) && strcmp(name->prefix, prefix) == 0) {
			break;
		}
	}
	if (name == NULL) {
		name = ENT_NEW(names->arena, struct name, 1);
		name->text = text;
		name->prefix = prefix;
		*names->last = name;
		names->last = &name->next;
	}
	return ent_text_copy(names->arena,
	                     (ent_str){ room, ent_id_format((ent_id){ n }, prefix, room) });
}

static const struct {
	const char *member;
	const char *prefix;
} prefixes[] = {
	{ "account_id", "acc" },  { "contact_id", "con" },     { "product_id", "prd" },
	{ "asset_id", "ast" },    { "contacts", "con" },       { "products", "prd" },
	{ "contract_id", "ctr" }, { "entitlement_id", "ent" }, { "default_entitlement_id", "ent" },
	{ "contract_line_id", "ctl" }, { "split_from_id", "ctl" }, { "root_id", "ctl" },
};

/* The prefix of the rows in a member of a record with the prefix `self`. */
static const char *prefix_below(ent_str member, const char *self)
{
	static const struct {
		const char *member, *self, *prefix;
	} rows[] = {
		{ "grants", "ent", "grt" },      { "channels", "ent", "chn" },
		{ "suspensions", "ent", "sus" }, { "suspensions", "ctr", "csu" },
		{ "suspensions", "ctl", "lsu" }, { "lots", "ent", "lot" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		if (ent_str_is(member, rows[i].member) && strcmp(self, rows[i].self) == 0) {
			return rows[i].prefix;
		}
	}
	return self;
}

/* A copy of the tree with typed identifiers; `self` is the prefix of "id" and "parent_id". */
static struct ent_node *retype(struct names *names, const struct ent_node *from, const char *self,
                               const char *prefix)
{
	struct ent_node *to = ENT_NEW(names->arena, struct ent_node, 1);
	*to = *from;
	if (from->kind == ENT_JSON_STRING && prefix != NULL) {
		to->text = typed(names, from->text, prefix);
	}
	const struct ent_node **link = &to->first;
	for (const struct ent_node *n = from->first; n != NULL; n = n->next) {
		const char *of = from->kind == ENT_JSON_ARRAY ? prefix : NULL;
		if (ent_str_is(n->name, "id") || ent_str_is(n->name, "parent_id")) {
			of = self;
		}
		for (size_t i = 0; i < ENT_COUNT(prefixes) && of == NULL; i++) {
			if (ent_str_is(n->name, prefixes[i].member)) {
				of = prefixes[i].prefix;
			}
		}
		struct ent_node *copy = retype(names, n, prefix_below(n->name, self), of);
		*link = copy;
		link = &copy->next;
	}
	*link = NULL;
	return to;
}

/* ---- what is given about the world ---- */

struct world {
	struct ent_arena *arena;
	struct ent_error *error;
	struct names names;
	const struct ent_node *accounts, *products, *assets;
	struct ent_coverage_item *items;
	size_t count;
};

static const struct ent_node *list_of(struct world *w, const struct ent_node *input,
                                      const char *name, const char *self)
{
	const struct ent_node *list = ent_json_member(input, name);
	if (list == NULL || list->kind == ENT_JSON_NULL) {
		return NULL;
	}
	if (list->kind != ENT_JSON_ARRAY) {
		ent_note(w->error, ENT_E_TYPE, ent_text_format(w->arena, "/%s", name).ptr,
		         (ent_str){ NULL, 0 }, "give an array");
		return NULL;
	}
	return retype(&w->names, list, self, NULL);
}

/* The same of records of which only some members matter: all that the API shows may be given. */
static const struct ent_node *tree_of(struct world *w, const struct ent_node *input,
                                      const char *name, const struct ent_type *type)
{
	const struct ent_node *list = list_of(w, input, name, type->prefix);
	size_t at = 0;
	for (const struct ent_node *n = list == NULL ? NULL : list->first; n != NULL; n = n->next) {
		struct ent_set given;
		void *object = ent_arena_alloc(w->arena, 1, type->size, _Alignof(max_align_t));
		ent_type_clear(type, object);
		ent_json_read_into(type, n, ENT_JSON_ANY,
		                   ent_text_format(w->arena, "/%s/%zu", name, at++).ptr, w->arena,
		                   object, &given, w->error);
	}
	return list;
}

static ent_id id_of(const struct ent_node *object, const char *name, const char *prefix)
{
	ent_id id = ENT_ID_NONE;
	const struct ent_node *node = ent_json_member(object, name);
	if (node != NULL && node->kind == ENT_JSON_STRING &&
	    !ent_id_parse(node->text, prefix, &id)) {
		return ENT_ID_NONE;
	}
	return id;
}

static const struct ent_node *find(const struct ent_node *list, ent_id id, const char *prefix)
{
	for (const struct ent_node *n = list == NULL ? NULL : list->first; n != NULL; n = n->next) {
		if (ent_id_eq(id_of(n, "id", prefix), id)) {
			return n;
		}
	}
	return NULL;
}

/* `id`, then what it is below. */
static struct ent_ids path(struct world *w, const struct ent_node *list, ent_id id,
                           const char *prefix)
{
	ent_id *items = ENT_NEW(w->arena, ent_id, ENT_PATH_MAX);
	size_t count = 0;
	while (!ent_id_is_none(id) && count < ENT_PATH_MAX) {
		items[count++] = id;
		const struct ent_node *node = find(list, id, prefix);
		id = node == NULL ? ENT_ID_NONE : id_of(node, "parent_id", prefix);
	}
	return (struct ent_ids){ items, count };
}

/* ---- entitlements ---- */

/* Balances are given as the API shows them. */
static void take_balance(struct ent_entitlement *e, const struct ent_set *given)
{
	const struct ent_type *type = &ent_entitlement_type;
	bool has_state = ent_set_has(given, ent_type_at(type, ENT_FIELD_OF(entitlement, state)));
	e->stage = ENT_STAGE_LIVE;
	if (has_state && e->state == ENT_ENTITLEMENT_DRAFT) {
		e->stage = ENT_STAGE_DRAFT;
	} else if (has_state && e->state == ENT_ENTITLEMENT_CANCELLED) {
		e->stage = ENT_STAGE_CANCELLED;
	}
	int64_t total = ent_count_is_none(e->total) ? 0 : e->total.n;
	e->ledger_granted = ent_count_is_none(e->granted) ? total : e->granted.n;
	e->ledger_consumed = ent_count_is_none(e->consumed) ? 0 : e->consumed.n;
	if (ent_count_is_none(e->consumed) && !ent_count_is_none(e->remaining)) {
		e->ledger_consumed = e->ledger_granted - e->remaining.n;
	}
	e->ledger_reserved = ent_count_is_none(e->reserved) ? 0 : e->reserved.n;
	e->ledger_ends_at = ENT_INSTANT_NONE;
	e->activated_at =
		ent_instant_is_none(e->activated_at) ? (ent_instant){ 0 } : e->activated_at;
	struct ent_entitlement_channel *rows = e->channels.items;
	for (size_t i = 0; i < e->channels.count; i++) {
		if (!ent_count_is_none(rows[i].remaining) && !ent_count_is_none(rows[i].total)) {
			rows[i].consumed = rows[i].total.n - rows[i].remaining.n;
		}
	}
}

static void read_entitlement(struct world *w, const struct ent_node *node, size_t at,
                             struct ent_coverage_item *out)
{
	struct ent_set given;
	struct ent_entitlement *e = &out->entitlement;
	ent_str prefix = ent_text_format(w->arena, "/entitlements/%zu", at);
	ent_type_clear(&ent_entitlement_type, e);
	ent_json_read_into(&ent_entitlement_type, node, ENT_JSON_ANY, prefix.ptr, w->arena, e,
	                   &given, w->error);
	ent_str zone = e->time_zone.len > 0 ? e->time_zone : ENT_STR("UTC");
	struct ent_error ignored;
	out->zone = &ent_zone_utc;
	if (ent_zoneinfo_find(zone, &out->zone, &ignored) != ENT_OK) {
		ent_note(w->error, ENT_E_UNKNOWN_VALUE,
		         ent_text_format(w->arena, "%s/time_zone", prefix.ptr).ptr, zone,
		         "give an IANA zone such as Europe/Berlin");
	}
	take_balance(e, &given);
	ent_life_dates(e, out->zone);
}

static void read_entitlements(struct world *w, const struct ent_node *list)
{
	size_t count = list == NULL ? 0 : list->count;
	w->items = ENT_NEW(w->arena, struct ent_coverage_item, count);
	for (const struct ent_node *n = list == NULL ? NULL : list->first; n != NULL; n = n->next) {
		read_entitlement(w, n, w->count, &w->items[w->count]);
		w->count++;
	}
}

/* The sets of the account and those above it. Entitlements that name no account belong to
 * the one that is asked about. */
static size_t make_sets(struct world *w, ent_id account, const struct ent_coverage_set **sets)
{
	struct ent_ids accounts = path(w, w->accounts, account, "acc");
	if (accounts.count == 0) {
		static const ent_id nobody[] = { { 0 } };
		accounts = (struct ent_ids){ nobody, 1 };
	}
	for (size_t i = 0; i < accounts.count; i++) {
		struct ent_coverage_set *set = ENT_NEW(w->arena, struct ent_coverage_set, 1);
		struct ent_right *rights = ENT_NEW(w->arena, struct ent_right, w->count);
		set->account_id = accounts.items[i];
		set->default_entitlement_id = id_of(find(w->accounts, accounts.items[i], "acc"),
		                                    "default_entitlement_id", "ent");
		for (size_t k = 0; k < w->count; k++) {
			ent_id owner = w->items[k].entitlement.account_id;
			if (ent_id_eq(owner, accounts.items[i]) ||
			    (i == 0 && ent_id_is_none(owner))) {
				if (w->items[k].entitlement.is_default) {
					set->default_entitlement_id = w->items[k].entitlement.id;
				}
				ent_right_of(&w->items[k], w->arena, &rights[set->count++]);
			}
		}
		set->rights = rights;
		sets[i] = set;
	}
	return accounts.count;
}

/* ---- the operation ---- */

/* The members that make the question, typed; the rest is the world. */
static const struct ent_node *question_node(struct world *w, const struct ent_node *input)
{
	static const char *const names[] = {
		"account_id",  "contact_id", "product_id", "asset_id", "entitlement_id",
		"contract_id", "channel",    "at",         "units"
	};
	static const char *const others[] = {
		"id", "op", "accounts", "products", "assets", "entitlements", "contracts",
		"contract_lines", "contract_coverages", "order", "default_entitlement_id",
	};
	struct ent_node *object = ENT_NEW(w->arena, struct ent_node, 1);
	object->kind = ENT_JSON_OBJECT;
	const struct ent_node **link = &object->first;
	for (const struct ent_node *n = input->first; n != NULL; n = n->next) {
		bool known = false;
		for (size_t i = 0; i < ENT_COUNT(others); i++) {
			known = known || ent_str_is(n->name, others[i]);
		}
		if (known) {
			continue; /* what is in neither list is refused by ent_coverage_read() */
		}
		const char *prefix = NULL;
		for (size_t i = 0; i < ENT_COUNT(names) && prefix == NULL; i++) {
			for (size_t k = 0; k < ENT_COUNT(prefixes) && ent_str_is(n->name, names[i]);
			     k++) {
				if (strcmp(names[i], prefixes[k].member) == 0) {
					prefix = prefixes[k].prefix;
				}
			}
		}
		struct ent_node *copy = retype(&w->names, n, "", prefix);
		*link = copy;
		link = &copy->next;
		object->count++;
	}
	*link = NULL;
	return object;
}

static void read_order(struct world *w, const struct ent_node *list, enum ent_choice *order,
                       size_t *count)
{
	size_t at = 0;
	*count = 0;
	for (const struct ent_node *n = list == NULL ? NULL : list->first; n != NULL; n = n->next) {
		if (n->kind != ENT_JSON_STRING || *count == ENT_CHOICE_COUNT ||
		    !ent_choice_parse(n->text, &order[*count])) {
			ent_note(w->error, ENT_E_UNKNOWN_VALUE,
			         ent_text_format(w->arena, "/order/%zu", at).ptr, n->text,
			         "give rules of choice such as asset, product, priority");
		} else {
			(*count)++;
		}
		at++;
	}
}

/* Put back what identifiers were called. Only names of entitlements and accounts are in an
 * answer; they stand in quotes. */
static ent_str untyped(const struct names *names, ent_str text, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	for (size_t i = 0; i < text.len; i++) {
		int64_t n = 1;
		bool replaced = false;
		for (const struct name *name = names->first; name != NULL && text.ptr[i] == '"';
		     name = name->next, n++) {
			char id[ENT_ID_ROOM];
			size_t len = ent_id_format((ent_id){ n }, name->prefix, id);
			if (text.len - i > len + 1 && memcmp(text.ptr + i + 1, id, len) == 0 &&
			    text.ptr[i + 1 + len] == '"') {
				ent_json_string(&out, name->text);
				i += len + 1;
				replaced = true;
				break;
			}
		}
		if (!replaced) {
			ent_text_char(&out, text.ptr[i]);
		}
	}
	return ent_text_end(&out);
}

static ent_id default_given(struct world *w, const struct ent_node *input)
{
	const struct ent_node *node = ent_json_member(input, "default_entitlement_id");
	ent_id id = ENT_ID_NONE;
	if (node != NULL && node->kind == ENT_JSON_STRING &&
	    !ent_id_parse(typed(&w->names, node->text, "ent"), "ent", &id)) {
		return ENT_ID_NONE;
	}
	return id;
}

/* The product asked about, the asset's, and the families of both. */
static struct ent_ids products_of(struct world *w, const struct ent_coverage_question *q)
{
	ent_id owned = id_of(find(w->assets, q->asset_id, "ast"), "product_id", "prd");
	struct ent_ids own = path(w, w->products, q->product_id, "prd");
	struct ent_ids of_asset = path(w, w->products, owned, "prd");
	ent_id *items = ENT_NEW(w->arena, ent_id, own.count + of_asset.count);
	for (size_t i = 0; i < own.count + of_asset.count; i++) {
		items[i] = i < own.count ? own.items[i] : of_asset.items[i - own.count];
	}
	return (struct ent_ids){ items, own.count + of_asset.count };
}

enum ent_code ent_eval_coverage_check(const struct ent_node *input, struct ent_arena *arena,
                                      ent_str *result, struct ent_error *error)
{
	struct world w = { .arena = arena, .error = error, .names = { .arena = arena } };
	w.names.last = &w.names.first;
	struct ent_coverage_question q;
	enum ent_choice order[ENT_CHOICE_COUNT];
	size_t order_count;
	const struct ent_node *at = ent_json_member(input, "at");
	enum ent_code code = ent_coverage_read(question_node(&w, input), &q, error);
	if (at == NULL || at->kind == ENT_JSON_NULL) {
		ent_note(error, ENT_E_REQUIRED, "/at", (ent_str){ NULL, 0 },
		         "say when, e.g. 2026-01-31T09:30:00Z");
	}
	w.accounts = tree_of(&w, input, "accounts", &ent_account_type);
	w.products = tree_of(&w, input, "products", &ent_product_type);
	w.assets = tree_of(&w, input, "assets", &ent_asset_type);
	read_entitlements(&w, list_of(&w, input, "entitlements", "ent"));
	struct ent_eval_contracts contracts = {
		.contracts = list_of(&w, input, "contracts", "ctr"),
		.lines = list_of(&w, input, "contract_lines", "ctl"),
		.coverages = list_of(&w, input, "contract_coverages", "cov"),
	};
	ent_eval_place(&contracts, w.items, w.count, arena, error);
	read_order(&w, ent_json_member(input, "order"), order, &order_count);
	code = ent_noted(error); /* of all that was read */
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_coverage_set *sets[ENT_PATH_MAX];
	size_t count = make_sets(&w, q.account_id, sets);
	ent_id given = default_given(&w, input);
	if (!ent_id_is_none(given)) {
		((struct ent_coverage_set *)(uintptr_t)sets[0])->default_entitlement_id = given;
	}
	struct ent_coverage_ask ask = {
		.at = q.at,
		.units = q.units,
		.entitlement_id = q.entitlement_id,
		.contact_id = q.contact_id,
		.contract_id = q.contract_id,
		.channel = q.channel,
		.products = products_of(&w, &q),
		.assets = path(&w, w.assets, q.asset_id, "ast"),
	};
	struct ent_coverage_answer answer = {
		.candidates = ENT_NEW(arena, struct ent_coverage_candidate,
		                      ent_coverage_room(sets, count)),
	};
	ent_coverage_check(sets, count, &ask, order_count > 0 ? order : NULL, order_count, &answer);
	struct ent_text out = ent_text_begin(arena);
	ent_coverage_write(&answer, answer.account_id, q.at, &out);
	*result = untyped(&w.names, ent_text_end(&out), arena);
	return ENT_OK;
}
