#include "app/coverage.h"

#include "app/coverage_set.h"
#include "app/inner.h"

/* ---- from memory ---- */

static enum ent_code not_in_memory(struct ent_error *error)
{
	return ent_fail(error, ENT_E_BUSY, "not in memory");
}

/* From memory, until ent_call_end(). NULL: it is not there. */
static const struct ent_coverage_set *recall_set(struct ent_call *call, ent_id account)
{
	size_t last = call->set_count;
	if (last > 0 && ent_id_eq(call->sets[last - 1]->account_id, account)) {
		return call->sets[last - 1];
	}
	if (!ent_app_may_cache(call->app)) {
		return NULL;
	}
	const struct ent_coverage_set *set = ent_cache_get_set(ent_app_cache(call->app), account);
	if (set != NULL) {
		assert(call->set_count < ENT_PATH_MAX);
		call->sets[call->set_count++] = set;
	}
	return set;
}

/* What is asked about lies in places of the memory that have nothing to do with each other:
 * have all of them brought near at once, instead of waiting for each. */
static void expect(struct ent_call *call, const struct ent_coverage_question *q)
{
	struct ent_cache *cache = ent_app_cache(call->app);
	const ent_id links[] = { q->contact_id, q->product_id, q->asset_id };
	ent_cache_expect_set(cache, q->account_id);
	for (size_t i = 0; i < ENT_COUNT(links); i++) {
		if (!ent_id_is_none(links[i])) {
			ent_cache_expect_link(cache, links[i]);
		}
	}
	if (!ent_id_is_none(q->account_id)) {
		(void)recall_set(call, q->account_id);
	}
}

/* From memory, or from the store with what a decision reads. */
static enum ent_code find_kept(struct ent_call *call, ent_id account,
                               const struct ent_coverage_set **out, struct ent_error *error)
{
	struct ent_cache *cache = ent_app_cache(call->app);
	bool cached = ent_app_may_cache(call->app);
	*out = recall_set(call, account);
	if (*out != NULL) {
		return ENT_OK;
	}
	if (call->db == NULL) {
		return not_in_memory(error);
	}
	struct ent_coverage_set *set = ENT_NEW(call->arena, struct ent_coverage_set, 1);
	enum ent_code code = ent_coverage_load(call, account, ENT_SET_FEW, call->now, set, error);
	if (code == ENT_OK && cached && ent_call_may_keep(call)) {
		ent_cache_put_set(cache, call->epoch, set);
	}
	*out = set;
	return code;
}

/* The set as it was or will be at `at`. */
static enum ent_code find_set(struct ent_call *call, ent_id account,
                              enum ent_coverage_source source, ent_instant at,
                              const struct ent_coverage_set **out, struct ent_error *error)
{
	if (source == ENT_COVERAGE_CACHED && at.us >= call->now.us) {
		enum ent_code code = find_kept(call, account, out, error);
		if (code != ENT_OK || at.us < (*out)->amends_at.us) {
			return code;
		}
	}
	if (call->db == NULL) {
		return not_in_memory(error);
	}
	struct ent_coverage_set *set = ENT_NEW(call->arena, struct ent_coverage_set, 1);
	*out = set;
	return ent_coverage_load(call, account, ENT_SET_FULL, at, set, error);
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
	return code == ENT_OK && !sees ? ent_coverage_no_account(a->account, a->error) : code;
}

/* The sets of the account and those above it, as they were or will be at `at`. */
static enum ent_code gather_sets(struct asking *a, enum ent_coverage_source source, ent_instant at,
                                 const struct ent_coverage_set **sets, size_t *count)
{
	enum ent_code code = ENT_OK;
	ent_id account = a->account;
	for (*count = 0; code == ENT_OK && !ent_id_is_none(account) && *count < ENT_PATH_MAX;) {
		code = find_set(a->call, account, source, at, &sets[*count], a->error);
		if (code == ENT_OK) {
			account = sets[(*count)++]->parent_id;
		}
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
	if (source == ENT_COVERAGE_CACHED) {
		expect(call, question);
	}
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
