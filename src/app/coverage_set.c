/* coverage_set.c - what an account's entitlements are, as the store has them. */
#include "app/coverage_set.h"

#include "app/coverage_contract.h"
#include "app/inner.h"
#include "app/ledger.h"
#include "base/text.h"
#include "core/terms.h"

#include <pthread.h>
#include <string.h>

/* ---- child rows ---- */

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

/* ---- rows ---- */

enum ent_code ent_coverage_no_account(ent_id account, struct ent_error *error)
{
	char text[ENT_ID_ROOM];
	ent_str id = { text, ent_id_format(account, "acc", text) };
	return ent_refuse(error, ENT_E_NO_SUCH_RECORD, "/account_id", id,
	                  "there is no such account");
}

/* The columns that make a right; the account's come before them. */
#define COLUMNS(COLUMN)                                                                      \
	COLUMN(id) COLUMN(created_at) COLUMN(account_id) COLUMN(number) COLUMN(name)         \
	COLUMN(stage) COLUMN(starts_on) COLUMN(time_zone) COLUMN(starts_at) COLUMN(ends_at)  \
	COLUMN(asset_id) COLUMN(unit) COLUMN(total) COLUMN(unlimited) COLUMN(reset)          \
	COLUMN(roll_over) COLUMN(restricted) COLUMN(contact_policy) COLUMN(other_channels)   \
	COLUMN(covers_descendants) COLUMN(priority) COLUMN(products) COLUMN(contacts)        \
	COLUMN(ledger_granted) COLUMN(ledger_consumed) COLUMN(ledger_reserved)               \
	COLUMN(ledger_period) COLUMN(ledger_ends_at) COLUMN(amends_at) COLUMN(extra_rows)    \
	COLUMN(cancelled_at) COLUMN(contract_id) COLUMN(contract_line_id)

enum { AT_PARENT, AT_DEFAULT, AT_ENTITLEMENT };

#define OF_ACCOUNT "SELECT a.parent_id, a.default_entitlement_id"
#define OF_BOTH                                                        \
	" FROM account a LEFT JOIN entitlement t ON t.account_id = a.id " \
	"WHERE a.id = $1 ORDER BY t.id"

static const char *const column_names[] = {
#define COLUMN(name) #name,
	COLUMNS(COLUMN)
#undef COLUMN
};

static const char few_sql[] =
#define COLUMN(name) ", t." #name
	OF_ACCOUNT COLUMNS(COLUMN) OF_BOTH;
#undef COLUMN

/* Made once. */
static const struct ent_field *few_fields[ENT_COUNT(column_names)];
static struct ent_entitlement blank;
static ent_str full_sql;

static void make_full_sql(void)
{
	static char memory[4096];
	static struct ent_budget budget = { .high = memory, .fail_at = -1 };
	static struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	struct ent_text text = ent_text_begin(&arena);
	ent_text_add(&text, ENT_STR(OF_ACCOUNT ", "));
	ent_row_columns(&ent_entitlement_type, "t.", &text);
	ent_text_add(&text, ENT_STR(OF_BOTH));
	full_sql = ent_text_end(&text);
}

static void make_once(void)
{
	make_full_sql();
	ent_type_clear(&ent_entitlement_type, &blank);
	for (size_t i = 0; i < ENT_COUNT(column_names); i++) {
		few_fields[i] = ent_type_field(&ent_entitlement_type, ent_str_of(column_names[i]));
		assert(few_fields[i] != NULL);
	}
}

/* The account with its entitlements, in one round trip: each row begins with what is the
 * account's; without entitlements the rest is empty. */
static enum ent_code select_set(struct ent_call *call, ent_id account, enum ent_set_use use,
                                struct ent_rows *rows, struct ent_error *error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_once);
	ent_str sql = use == ENT_SET_FULL ? full_sql : (ent_str){ few_sql, sizeof(few_sql) - 1 };
	return ent_db_run(call->db, sql, ENT_ARGS(ent_arg_id(account)), call->arena, rows, error);
}

static enum ent_code read_few(const struct ent_row *row, struct ent_arena *arena,
                              struct ent_entitlement *e, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < ENT_COUNT(column_names) && code == ENT_OK; i++) {
		code = ent_field_from_column(few_fields[i], e, row->cell[AT_ENTITLEMENT + i], arena,
		                             error);
	}
	return code;
}

static enum ent_code read_item(struct ent_call *call, const struct ent_row *row,
                               enum ent_set_use use, struct ent_coverage_item *item,
                               struct ent_error *error)
{
	struct ent_entitlement *e = &item->entitlement;
	*e = blank;
	enum ent_code code = use == ENT_SET_FULL
	                             ? ent_row_read(&ent_entitlement_type, row, AT_ENTITLEMENT,
	                                            call->arena, e, error)
	                             : read_few(row, call->arena, e, error);
	bool moves = ent_terms_moves_at(e).us != INT64_MAX;
	if (code == ENT_OK && (moves || use == ENT_SET_FULL)) {
		code = ent_call_zone(call, e->time_zone, e->account_id, &item->zone, error);
	}
	return code;
}

static enum ent_code read_items(struct ent_call *call, const struct ent_rows *rows,
                                enum ent_set_use use, struct ent_coverage_item *items,
                                struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (const struct ent_row *row = rows->first; row != NULL && code == ENT_OK;
	     row = row->next) {
		code = read_item(call, row, use, items++, error);
	}
	return code;
}

/* ---- at another time ---- */

/* What is kept is as of the last change; scheduled amendments are laid over it. */
static enum ent_code overlay(struct ent_call *call, struct ent_coverage_item *items, size_t count,
                             ent_instant at, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		ent_instant amends_at = items[i].entitlement.amends_at;
		if (!ent_instant_is_none(amends_at) && amends_at.us <= at.us) {
			items[i].is_amended = true;
			code = ent_amendment_overlay(call, &items[i].entitlement, at, error);
		}
	}
	return code;
}

/* The balances as of a past instant, from the ledger. */
static enum ent_code rewind_items(struct ent_call *call, struct ent_coverage_item *items,
                                  size_t count, ent_instant at, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		struct ent_entitlement *e = &items[i].entitlement;
		if (e->unit == ENT_UNIT_NONE) {
			continue;
		}
		code = ent_ledger_rewind(call, e, items[i].zone, at, error);
	}
	return code;
}

/* ---- a set ---- */

static void make_rights(struct ent_call *call, const struct ent_coverage_item *items, size_t count,
                        enum ent_set_use use, struct ent_coverage_set *out)
{
	struct ent_right *rights = ENT_NEW(call->arena, struct ent_right, count);
	for (size_t i = 0; i < count; i++) {
		ent_instant amends_at = items[i].entitlement.amends_at;
		if (!ent_instant_is_none(amends_at) && amends_at.us < out->amends_at.us) {
			out->amends_at = amends_at;
		}
		ent_right_of(&items[i], call->arena, &rights[i]);
		if (use == ENT_SET_FEW) {
			rights[i].full = NULL; /* it is not */
		}
	}
	out->rights = rights;
	out->count = count;
}

enum ent_code ent_coverage_load(struct ent_call *call, ent_id account, enum ent_set_use use,
                                ent_instant at, struct ent_coverage_set *out,
                                struct ent_error *error)
{
	struct ent_rows rows;
	*out = (struct ent_coverage_set){ .account_id = account, .amends_at = ENT_INSTANT_END };
	enum ent_code code = select_set(call, account, use, &rows, error);
	if (code != ENT_OK || rows.count == 0) {
		return code == ENT_OK ? ent_coverage_no_account(account, error) : code;
	}
	out->parent_id.value = rows.first->cell[AT_PARENT].number;
	out->default_entitlement_id.value = rows.first->cell[AT_DEFAULT].number;
	if (rows.first->cell[AT_ENTITLEMENT].kind == ENT_K_NULL) {
		return ENT_OK;
	}
	size_t count = rows.count;
	struct ent_coverage_item *items = ENT_NEW(call->arena, struct ent_coverage_item, count);
	code = read_items(call, &rows, use, items, error);
	if (code == ENT_OK) {
		code = load_extras(call, items, count, account, error);
	}
	if (code == ENT_OK) {
		code = ent_coverage_contracts(call, account, items, count, error);
	}
	if (code == ENT_OK && use == ENT_SET_FULL) {
		code = overlay(call, items, count, at, error);
	}
	if (code == ENT_OK && use == ENT_SET_FULL && at.us < call->now.us) {
		code = rewind_items(call, items, count, at, error);
	}
	if (code == ENT_OK) {
		make_rights(call, items, count, use, out);
	}
	return code;
}
