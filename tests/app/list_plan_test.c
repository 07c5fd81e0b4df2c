/* Pages that the workspace asks for are walks along an index, on both databases, however the
 * records lie: here what is over came first, and most is over, as it is with customers. */
#include "app/list.h"
#include "app/world.h"
#include "base/text.h"

#include <string.h>

static const struct ent_type *const CONTRACT = &ent_contract_type;
static const struct ent_type *const ENTITLEMENT = &ent_entitlement_type;
static const struct ent_type *const CASE = &ent_case_type;

/* ---- many records ------------------------------------------------------------------------- */

#define STATES                                                                  \
	"CASE WHEN n.k % 50 = 0 THEN 'suspended' WHEN n.k < 900 THEN 'active' " \
	"ELSE 'expired' END"

/* Columns of copies that are not those of the first; n.k: which copy it is. */
static const struct {
	const char *column, *sql;
} own[] = {
	{ "id", "t.id - n.k" },
	{ "number", "t.number || '-' || n.k" },
	{ "name", "t.name || '-' || n.k * 7919 % 10007" },
	{ "starts_on", "t.starts_on - n.k / 8" },
	{ "ends_on", "t.ends_on - n.k / 8" },
	{ "kept_state", STATES },
	{ "state", "CASE WHEN n.k < 300 THEN 'open' ELSE 'resolved' END" },
	{ "created_at", "t.created_at - n.k * 3600000000" },
	{ "resolved_at", "CASE WHEN n.k >= 300 THEN t.created_at - n.k * 3000000000 END" },
};

static void add_copied(struct ent_text *sql, ent_str column)
{
	for (size_t i = 0; i < ENT_COUNT(own); i++) {
		if (ent_str_is(column, own[i].column)) {
			ent_text_add(sql, ent_str_of(own[i].sql));
			return;
		}
	}
	ent_text_addf(sql, "t.%.*s", (int)column.len, column.ptr);
}

static enum ent_code copy(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct ent_type *type = arg;
	struct ent_rows rows;
	struct ent_text text = ent_text_begin(call->arena);
	ent_row_columns(type, "", &text);
	ent_str columns = ent_text_end(&text);
	text = ent_text_begin(call->arena);
	ent_text_addf(&text,
	              "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n "
	              "WHERE k < 3999) "
	              "INSERT INTO \"%s\" (%.*s) SELECT ",
	              type->name, (int)columns.len, columns.ptr);
	for (struct ent_cut cut = ent_str_cut(columns, ','); cut.head.len > 0;
	     cut = ent_str_cut(cut.tail, ',')) {
		size_t blank = *cut.head.ptr == ' ';
		add_copied(&text, (ent_str){ cut.head.ptr + blank, cut.head.len - blank });
		ent_text_add(&text, ent_str_of(cut.found ? ", " : ""));
	}
	ent_text_addf(&text, " FROM n CROSS JOIN \"%s\" t", type->name);
	enum ent_code code = ent_db_run(call->db, ent_text_end(&text), NULL, 0, call->arena, &rows,
	                                error);
	if (code == ENT_OK && helper_dialect == ENT_POSTGRES) { /* as it does by itself */
		code = ent_db_run(call->db, ENT_STR("ANALYZE"), NULL, 0, call->arena, &rows, error);
	}
	return code;
}

static void make(void)
{
	ent_id account = world_account("A");
	ent_id id = world_create(CONTRACT,
	                         "{\"account_id\":$1,\"name\":\"C\",\"starts_on\":\"2025-06-01\","
	                         "\"ends_on\":\"2026-12-31\"}",
	                         REFS({ &ent_account_type, account }));
	OK(world_run(ENT_WRITE, copy, (void *)(uintptr_t)CONTRACT));
	id = world_create(ENTITLEMENT,
	                  "{\"account_id\":$1,\"name\":\"E\",\"starts_on\":\"2025-06-01\","
	                  "\"ends_on\":\"2026-12-31\"}",
	                  REFS({ &ent_account_type, account }));
	world_do(ENTITLEMENT, "activate", id, "{}");
	OK(world_run(ENT_WRITE, copy, (void *)(uintptr_t)ENTITLEMENT));
	world_create(CASE, "{\"account_id\":$1,\"title\":\"T\"}",
	             REFS({ &ent_account_type, account }));
	OK(world_run(ENT_WRITE, copy, (void *)(uintptr_t)CASE));
}

/* ---- plans -------------------------------------------------------------------------------- */

static const struct listed {
	const char *name;
	const struct ent_type *type;
	const char *filters[3][3]; /* field, operator, value */
	const char *sort;
	const char *index;
	bool is_empty; /* no rows: PostgreSQL is told not to walk through the table */
} lists[] = {
	{ "newest", CONTRACT, { { 0 } }, "", "contract_by_id", false },
	{ "active", CONTRACT, { { "state", "", "active" } }, "", "contract_by_state", false },
	{ "expired", CONTRACT, { { "state", "", "expired" } }, "", "contract_by_state", false },
	{ "suspended", CONTRACT, { { "state", "", "suspended" } }, "", "contract_by_state", false },
	{ "active by end", CONTRACT, { { "state", "", "active" } }, "ends_on",
	  "contract_by_state_end", false },
	{ "active by start", CONTRACT, { { "state", "", "active" } }, "starts_on",
	  "contract_by_state_start", false },
	{ "board", CONTRACT,
	  { { "state", "in", "active,partly_suspended,suspended" },
	    { "ends_on", "gte", "2025-09-10" },
	    { "ends_on", "lte", "2025-10-10" } },
	  "ends_on", "contract_by_state_end", false },
	{ "end soon", CONTRACT,
	  { { "ends_on", "gte", "2025-09-10" }, { "ends_on", "lte", "2025-10-10" } }, "ends_on",
	  "contract_by_last_day", false },
	{ "by end", CONTRACT, { { 0 } }, "-ends_on", "contract_by_last_day", false },
	{ "by start", CONTRACT, { { 0 } }, "starts_on", "contract_by_first_day", false },
	{ "by name", CONTRACT, { { 0 } }, "name", "contract_in_order_of_name", false },
	{ "by number", CONTRACT, { { 0 } }, "-number", "contract_in_order_of_number", false },
	{ "newest", ENTITLEMENT, { { 0 } }, "", "entitlement_by_id", false },
	{ "active by end", ENTITLEMENT, { { "state", "", "active" } }, "ends_on",
	  "entitlement_by_state_end", false },
	{ "waiting by start", ENTITLEMENT, { { "state", "", "waiting" } }, "starts_on",
	  "entitlement_by_state_start", false },
	{ "drafts", ENTITLEMENT, { { "state", "", "draft" } }, "", "entitlement_by_state", false },
	{ "expired", ENTITLEMENT, { { "state", "", "expired" } }, "-ends_on",
	  "entitlement_by_state_end", false },
	{ "by end", ENTITLEMENT, { { 0 } }, "ends_on", "entitlement_by_last_day", false },
	{ "by start", ENTITLEMENT, { { 0 } }, "-starts_on", "entitlement_by_first_day", false },
	{ "by name", ENTITLEMENT, { { 0 } }, "name", "entitlement_in_order_of_name", false },
	{ "by number", ENTITLEMENT, { { 0 } }, "number", "entitlement_in_order_of_number", false },
	{ "newest", CASE, { { 0 } }, "", "case_by_id", false },
	{ "open", CASE, { { "state", "", "open" } }, "", "case_by_", false },
	{ "queue", CASE, { { "state", "", "open" } }, "created_at", "case_by_state_age", false },
	{ "uncovered", CASE, { { "state", "", "open" }, { "coverage", "", "uncovered" } },
	  "created_at", "case_by_coverage", false },
	{ "by age", CASE, { { 0 } }, "created_at", "case_by_state_age", false },
	{ "newest by age", CASE, { { 0 } }, "-created_at", "case_by_state_age", false },
	{ "resolved", CASE, { { "state", "", "resolved" } }, "-resolved_at",
	  "case_by_state_resolved", false },
	{ "by number", CASE, { { 0 } }, "number", "case_in_order_of_number", false },
	{ "clocks", &ent_milestone_type, { { "state", "in", "running,violated" } }, "target_at",
	  "milestone_in_order_of_target", true },
	{ "late", &ent_milestone_type, { { "state", "", "violated" } }, "target_at",
	  "milestone_in_order_of_target", true },
};

static enum ent_code plan(struct ent_call *call, const struct listed *list, ent_str *out,
                          struct ent_error *error)
{
	bool is_sqlite = helper_dialect == ENT_SQLITE;
	struct ent_query query = { .limit = ENT_LIMIT_DEFAULT };
	const struct ent_value *args;
	size_t count;
	struct ent_rows rows;
	for (size_t i = 0; i < 3 && list->filters[i][0] != NULL; i++) {
		const char *const *f = list->filters[i];
		ent_query_filter(&query, list->type, ent_str_of(f[0]), ent_str_of(f[1]),
		                 ent_str_of(f[2]), call->arena, error);
	}
	ent_query_sort(&query, list->type, ent_str_of(list->sort), error);
	ent_str sql = ent_list_sql(call, list->type, &query, &args, &count);
	sql = ent_text_format(call->arena, "EXPLAIN %s %.*s",
	                      is_sqlite ? "QUERY PLAN" : "(COSTS OFF)", (int)sql.len, sql.ptr);
	enum ent_code code = ent_db_run(call->db, sql, args, count, call->arena, &rows, error);
	struct ent_text text = ent_text_begin(call->arena);
	for (const struct ent_row *row = code == ENT_OK ? rows.first : NULL; row != NULL;
	     row = row->next) {
		ent_text_addf(&text, "%.*s\n", (int)row->cell[is_sqlite ? 3 : 0].text.len,
		              row->cell[is_sqlite ? 3 : 0].text.ptr);
	}
	*out = ent_text_end(&text);
	return code;
}

/* Is the list's own table read without an index? */
static bool walks_through(const struct listed *list, const char *plan)
{
	const char *quote = list->type == CASE ? "\"" : "";
	char scan[64];
	snprintf(scan, sizeof(scan), "Seq Scan on %s%s%s ", quote, list->type->name, quote);
	return strstr(plan, scan) != NULL || strstr(plan, "SCAN t\n") != NULL ||
	       strstr(plan, "SCAN d\n") != NULL;
}

static enum ent_code explain(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct listed *list = arg;
	struct ent_rows rows;
	ent_str found;
	enum ent_code code = ENT_OK;
	if (list->is_empty && helper_dialect == ENT_POSTGRES) {
		code = ent_db_run(call->db,
		                  ENT_STR("SELECT set_config('enable_seqscan', 'off', TRUE), "
		                          "set_config('enable_sort', 'off', TRUE)"),
		                  NULL, 0, call->arena, &rows, error);
	}
	if (code == ENT_OK) {
		code = plan(call, list, &found, error);
	}
	if (code == ENT_OK) {
		found = ent_text_format(call->arena, "%.*s", (int)found.len, found.ptr);
		bool is_good = strstr(found.ptr, list->index) != NULL &&
		               !walks_through(list, found.ptr);
		test_check(is_good, __FILE__, __LINE__, found.ptr);
	}
	return code;
}

APP_TEST(list_pages_are_walks_along_an_index)
{
	world_open("2025-06-10T08:00:00Z");
	make();
	for (size_t i = 0; i < ENT_COUNT(lists); i++) {
		ROW(lists[i].name);
		OK(world_run(ENT_READ, explain, (void *)(uintptr_t)&lists[i]));
	}
	world_close();
}
