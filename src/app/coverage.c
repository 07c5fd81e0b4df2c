#include "app/coverage.h"

#include "app/inner.h"
#include "base/text.h"
#include "core/terms.h"

#include <string.h>

/* ---- loading a set ---- */

/* Hand each entitlement its rows, which come ordered by entitlement. */
static void give(struct ent_coverage_item *items, size_t count, const struct ent_list *rows,
                 const struct ent_type *type, size_t member)
{
	const struct ent_field *parent = ent_type_field(type, ENT_STR("entitlement_id"));
	size_t size = type->size;
	for (size_t i = 0; i < rows->count;) {
		char *first = (char *)rows->items + i * size;
		ent_id id = *(ent_id *)ent_field_at(parent, first);
		size_t n = 1;
		while (i + n < rows->count &&
		       ent_id_eq(*(ent_id *)ent_field_at(parent, first + n * size), id)) {
			n++;
		}
		for (size_t k = 0; k < count; k++) {
			struct ent_entitlement *e = &items[k].entitlement;
			if (ent_id_eq(e->id, id)) {
				*(struct ent_children *)((char *)e + member) =
					(struct ent_children){ first, n };
			}
		}
		i += n;
	}
}

static const struct {
	enum ent_extra bit;
	const struct ent_type *type;
	size_t member;
} extras[] = {
	{ ENT_EXTRA_GRANTS, &ent_entitlement_grant_type, offsetof(struct ent_entitlement, grants) },
	{ ENT_EXTRA_CHANNELS, &ent_entitlement_channel_type,
	  offsetof(struct ent_entitlement, channels) },
	{ ENT_EXTRA_SUSPENSIONS, &ent_entitlement_suspension_type,
	  offsetof(struct ent_entitlement, suspensions) },
	{ ENT_EXTRA_LOTS, &ent_term_lot_type, offsetof(struct ent_entitlement, lots) },
};

static enum ent_code load_extras(struct ent_call *call, struct ent_coverage_item *items,
                                 size_t count, ent_id account, struct ent_error *error)
{
	int64_t bits = 0;
	for (size_t i = 0; i < count; i++) {
		bits |= items[i].entitlement.extra_rows;
	}
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < ENT_COUNT(extras) && code == ENT_OK; i++) {
		if ((bits & extras[i].bit) == 0) {
			continue;
		}
		struct ent_list rows;
		code = ent_row_select(
			call->db, extras[i].type,
			ENT_STR("WHERE t.account_id = $1 ORDER BY t.entitlement_id, t.id"),
			ENT_ARGS(ent_arg_id(account)), call->arena, &rows, error);
		if (code == ENT_OK) {
			give(items, count, &rows, extras[i].type, extras[i].member);
		}
	}
	return code;
}

static enum ent_code no_account(ent_id account, struct ent_error *error)
{
	char text[ENT_ID_ROOM];
	ent_str id = { text, ent_id_format(account, "acc", text) };
	return ent_refuse(error, ENT_E_NO_SUCH_RECORD, "/account_id", id,
	                  "there is no such account");
}

/* The account with its entitlements, in one round trip: each row begins with what is the
 * account's; without entitlements the rest is empty. */
static enum ent_code select_set(struct ent_call *call, ent_id account, struct ent_rows *rows,
                                struct ent_error *error)
{
	struct ent_text sql = ent_text_begin(call->arena);
	ent_text_add(&sql, ENT_STR("SELECT a.parent_id, a.default_entitlement_id, "));
	ent_row_columns(&ent_entitlement_type, "t.", &sql);
	ent_text_add(&sql, ENT_STR(" FROM account a LEFT JOIN entitlement t ON t.account_id = a.id "
	                           "WHERE a.id = $1 ORDER BY t.id"));
	return ent_db_run(call->db, ent_text_end(&sql), ENT_ARGS(ent_arg_id(account)), call->arena,
	                  rows, error);
}

enum { AT_PARENT, AT_DEFAULT, AT_ENTITLEMENT };

static enum ent_code load_set(struct ent_call *call, ent_id account, struct ent_coverage_set *out,
                              struct ent_error *error)
{
	struct ent_rows rows;
	*out = (struct ent_coverage_set){ .account_id = account };
	enum ent_code code = select_set(call, account, &rows, error);
	if (code != ENT_OK || rows.count == 0) {
		return code == ENT_OK ? no_account(account, error) : code;
	}
	out->parent_id.value = rows.first->cell[AT_PARENT].number;
	out->default_entitlement_id.value = rows.first->cell[AT_DEFAULT].number;
	if (rows.first->cell[AT_ENTITLEMENT].kind == ENT_K_NULL) {
		return ENT_OK;
	}
	struct ent_coverage_item *items =
		ENT_NEW(call->arena, struct ent_coverage_item, rows.count);
	for (const struct ent_row *row = rows.first; row != NULL && code == ENT_OK;
	     row = row->next) {
		struct ent_coverage_item *item = &items[out->count++];
		ent_type_clear(&ent_entitlement_type, &item->entitlement);
		code = ent_row_read(&ent_entitlement_type, row, AT_ENTITLEMENT, call->arena,
		                    &item->entitlement, error);
		if (code == ENT_OK) {
			code = ent_call_zone(call, item->entitlement.time_zone, account,
			                     &item->zone, error);
		}
	}
	out->items = items;
	return code == ENT_OK ? load_extras(call, items, out->count, account, error) : code;
}

/* ---- from memory ---- */

static enum ent_code not_in_memory(struct ent_error *error)
{
	return ent_fail(error, ENT_E_BUSY, "not in memory");
}

/* What is kept is as of the last change; scheduled amendments are laid over a copy. */
static enum ent_code overlay(struct ent_call *call, struct ent_coverage_set *set, ent_instant at,
                             struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	struct ent_coverage_item *items = NULL;
	for (size_t i = 0; i < set->count && code == ENT_OK; i++) {
		ent_instant amends_at = set->items[i].entitlement.amends_at;
		if (ent_instant_is_none(amends_at) || amends_at.us > at.us) {
			continue;
		}
		if (call->db == NULL) {
			return not_in_memory(error);
		}
		if (items == NULL) {
			items = ENT_NEW(call->arena, struct ent_coverage_item, set->count);
			memcpy(items, set->items, set->count * sizeof(*items));
			set->items = items;
		}
		items[i].is_amended = true;
		code = ent_amendment_overlay(call, &items[i].entitlement, at, error);
	}
	return code;
}

/* The balances as of a past instant, from the ledger. */
static enum ent_code rewind_set(struct ent_call *call, struct ent_coverage_set *set, ent_instant at,
                                struct ent_error *error)
{
	struct ent_coverage_item *items =
		ENT_NEW(call->arena, struct ent_coverage_item, set->count);
	memcpy(items, set->items, set->count * sizeof(*items));
	set->items = items;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < set->count && code == ENT_OK; i++) {
		struct ent_entitlement *e = &items[i].entitlement;
		if (e->unit == ENT_UNIT_NONE) {
			continue;
		}
		struct ent_entitlement *copy = ENT_NEW(call->arena, struct ent_entitlement, 1);
		ent_type_copy(&ent_entitlement_type, e, copy, call->arena);
		struct ent_list postings;
		code = ent_row_select(
			call->db, &ent_term_posting_type,
			ENT_STR("WHERE t.account_id = $1 AND t.entitlement_id = $2 AND "
		                "t.created_at <= $3 ORDER BY t.id"),
			ENT_ARGS(ent_arg_id(e->account_id), ent_arg_id(e->id), ent_arg_int(at.us)),
			call->arena, &postings, error);
		if (code == ENT_OK) {
			ent_terms_replay(copy, items[i].zone, postings.items, postings.count);
			*e = *copy;
		}
	}
	return code;
}

static enum ent_code find_set(struct ent_call *call, ent_id account,
                              enum ent_coverage_source source, const struct ent_coverage_set **out,
                              struct ent_error *error)
{
	struct ent_cache *cache = ent_app_cache(call->app);
	bool cached = source == ENT_COVERAGE_CACHED && ent_app_may_cache(call->app);
	const struct ent_coverage_set *kept = cached ? ent_cache_get_set(cache, account) : NULL;
	if (kept != NULL) {
		assert(call->set_count < ENT_PATH_MAX);
		call->sets[call->set_count++] = kept;
		*out = kept;
		return ENT_OK;
	}
	if (call->db == NULL) {
		return not_in_memory(error);
	}
	struct ent_coverage_set *set = ENT_NEW(call->arena, struct ent_coverage_set, 1);
	enum ent_code code = load_set(call, account, set, error);
	if (code == ENT_OK && cached && ent_call_may_keep(call)) {
		ent_cache_put_set(cache, call->epoch, set);
	}
	*out = set;
	return code;
}

/* ---- links ---- */

static const char *const link_sql[] = {
	[ENT_LINK_CONTACT] = "SELECT account_id, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) "
			     "FROM contact WHERE id = $1",
	[ENT_LINK_PRODUCT] = "SELECT CAST(NULL AS BIGINT), parent_id, CAST(NULL AS BIGINT) "
			     "FROM product WHERE id = $1",
	[ENT_LINK_ASSET] = "SELECT account_id, parent_id, product_id FROM asset WHERE id = $1",
};

/* *out of kind NONE if there is no such record. */
static enum ent_code find_link(struct ent_call *call, enum ent_link_kind kind, ent_id id,
                               struct ent_link *out, struct ent_error *error)
{
	struct ent_cache *cache = ent_app_cache(call->app);
	bool cached = ent_app_may_cache(call->app);
	if (cached && ent_cache_get_link(cache, id, out) && out->kind == kind) {
		return ENT_OK;
	}
	if (call->db == NULL) {
		return not_in_memory(error);
	}
	*out = (struct ent_link){ .id = id };
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db, ent_str_of(link_sql[kind]),
	                                ENT_ARGS(ent_arg_id(id)), call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		out->kind = kind;
		out->account_id.value = rows.first->cell[0].number;
		out->parent_id.value = rows.first->cell[1].number;
		out->product_id.value = rows.first->cell[2].number;
		if (ent_call_may_keep(call)) {
			ent_cache_put_link(cache, call->epoch, out);
		}
	}
	return code;
}

struct path {
	ent_id items[2 * ENT_PATH_MAX];
	size_t count;
};

/* Add `id` and what is above it. Notes NO_SUCH_RECORD for `id` itself. */
static enum ent_code climb(struct ent_call *call, enum ent_link_kind kind, ent_id id,
                           const char *pointer, struct path *path, struct ent_link *first,
                           struct ent_error *error)
{
	size_t limit = path->count + ENT_PATH_MAX;
	for (ent_id at = id; !ent_id_is_none(at) && path->count < limit;) {
		struct ent_link link;
		enum ent_code code = find_link(call, kind, at, &link, error);
		if (code != ENT_OK) {
			return code;
		}
		if (ent_id_eq(at, id)) {
			*first = link;
		}
		if (link.kind == ENT_LINK_NONE) {
			if (ent_id_eq(at, id)) {
				ent_note(error, ENT_E_NO_SUCH_RECORD, pointer, (ent_str){ NULL, 0 },
				         "there is no such %s",
				         kind == ENT_LINK_PRODUCT ? "product" : "asset");
			}
			break;
		}
		path->items[path->count++] = at;
		at = link.parent_id;
	}
	return ENT_OK;
}

/* ---- the question ---- */

struct asking {
	struct ent_call *call;
	const struct ent_coverage_question *question;
	ent_id account;
	struct path products, assets;
	struct ent_error *error;
};

/* A contact or asset must be of the account, or tells which it is. */
static void settle_account(struct asking *a, const struct ent_link *link, const char *pointer)
{
	if (link->kind == ENT_LINK_NONE) {
		ent_note(a->error, ENT_E_NO_SUCH_RECORD, pointer, (ent_str){ NULL, 0 },
		         "there is no such record");
	} else if (ent_id_is_none(a->account)) {
		a->account = link->account_id;
	} else if (!ent_id_eq(a->account, link->account_id)) {
		ent_note(a->error, ENT_E_WRONG_ACCOUNT, pointer, (ent_str){ NULL, 0 },
		         "name one of the same account");
	}
}

static enum ent_code look_up(struct asking *a)
{
	const struct ent_coverage_question *q = a->question;
	struct ent_link link = { .kind = ENT_LINK_NONE };
	enum ent_code code = ENT_OK;
	if (!ent_id_is_none(q->contact_id)) {
		code = find_link(a->call, ENT_LINK_CONTACT, q->contact_id, &link, a->error);
		if (code == ENT_OK) {
			settle_account(a, &link, "/contact_id");
		}
	}
	if (code == ENT_OK && !ent_id_is_none(q->product_id)) {
		code = climb(a->call, ENT_LINK_PRODUCT, q->product_id, "/product_id", &a->products,
		             &link, a->error);
	}
	if (code == ENT_OK && !ent_id_is_none(q->asset_id)) {
		code = climb(a->call, ENT_LINK_ASSET, q->asset_id, "/asset_id", &a->assets, &link,
		             a->error);
		if (code == ENT_OK && link.kind != ENT_LINK_NONE) {
			settle_account(a, &link, "/asset_id");
			struct ent_link ignored;
			code = ent_id_is_none(link.product_id)
			               ? ENT_OK
			               : climb(a->call, ENT_LINK_PRODUCT, link.product_id,
			                       "/asset_id", &a->products, &ignored, a->error);
		}
	}
	if (code == ENT_OK && ent_id_is_none(a->account) && a->error->issue_count == 0) {
		ent_note(a->error, ENT_E_REQUIRED, "/account_id", (ent_str){ NULL, 0 },
		         "give account_id, contact_id or asset_id");
	}
	return code == ENT_OK ? ent_noted(a->error) : code;
}

static enum ent_code check_scope(struct asking *a)
{
	const struct ent_principal *who = a->call->who;
	if (who->accounts.count > 0 && who->account_trees && a->call->db == NULL &&
	    !ent_ids_has(who->accounts, a->account)) {
		return not_in_memory(a->error);
	}
	bool sees;
	enum ent_code code = ent_call_sees(a->call, a->account, &sees, a->error);
	return code == ENT_OK && !sees ? no_account(a->account, a->error) : code;
}

/* The sets of the account and those above it, as they were or will be at `at`. */
static enum ent_code gather_sets(struct asking *a, enum ent_coverage_source source, ent_instant at,
                                 const struct ent_coverage_set **sets, size_t *count)
{
	bool past = at.us < a->call->now.us;
	if (past && a->call->db == NULL) {
		return not_in_memory(a->error);
	}
	enum ent_code code = ENT_OK;
	ent_id account = a->account;
	for (*count = 0; code == ENT_OK && !ent_id_is_none(account) && *count < ENT_PATH_MAX;) {
		const struct ent_coverage_set *set = NULL;
		code = find_set(a->call, account, source, &set, a->error);
		if (code != ENT_OK) {
			break;
		}
		struct ent_coverage_set *own = ENT_NEW(a->call->arena, struct ent_coverage_set, 1);
		*own = *set;
		code = overlay(a->call, own, at, a->error);
		if (code == ENT_OK && past) {
			code = rewind_set(a->call, own, at, a->error);
		}
		sets[(*count)++] = own;
		account = set->parent_id;
	}
	return code;
}

/* The order of choice: the settings' or NULL for the built-in one. */
static enum ent_code choice_order(struct ent_call *call, enum ent_choice *order, size_t *count,
                                  struct ent_error *error)
{
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(call, &settings, error);
	*count = 0;
	for (size_t i = 0; code == ENT_OK && i < settings->coverage_order.count; i++) {
		if (*count < ENT_CHOICE_COUNT &&
		    ent_choice_parse(settings->coverage_order.items[i], &order[*count])) {
			(*count)++;
		}
	}
	return code;
}

enum ent_code ent_coverage_decide(struct ent_call *call,
                                  const struct ent_coverage_question *question,
                                  enum ent_coverage_source source, struct ent_coverage_answer *out,
                                  struct ent_error *error)
{
	struct asking a = {
		.call = call, .question = question, .account = question->account_id, .error = error
	};
	ent_instant at = ent_instant_is_none(question->at) ? call->now : question->at;
	const struct ent_coverage_set *sets[ENT_PATH_MAX];
	size_t count = 0;
	enum ent_choice order[ENT_CHOICE_COUNT];
	size_t order_count = 0;
	enum ent_code code = look_up(&a);
	if (code == ENT_OK) {
		code = check_scope(&a);
	}
	if (code == ENT_OK) {
		code = gather_sets(&a, source, at, sets, &count);
	}
	if (code == ENT_OK) {
		code = choice_order(call, order, &order_count, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_coverage_ask ask = {
		.at = at,
		.units = question->units,
		.entitlement_id = question->entitlement_id,
		.contact_id = question->contact_id,
		.contract_id = question->contract_id,
		.channel = question->channel,
		.products = { a.products.items, a.products.count },
		.assets = { a.assets.items, a.assets.count },
		.held_id = question->held_id,
		.held_units = question->held_units,
		.held_channel = question->held_channel,
	};
	out->candidates =
		ENT_NEW(call->arena, struct ent_coverage_candidate, ent_coverage_room(sets, count));
	ent_coverage_check(sets, count, &ask, order_count > 0 ? order : NULL, order_count, out);
	return ENT_OK;
}
