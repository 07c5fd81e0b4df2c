/* The states of random contracts and lines: those that SQL finds are those that the rules say. */
#include "app/contract.h"
#include "app/world.h"
#include "pattern.h"

static const struct ent_type *const CONTRACT = &ent_contract_type;
static const struct ent_type *const LINE = &ent_contract_line_type;

enum { CONTRACTS = 40, AROUND = 6 };

static uint64_t seed = 17;
static int64_t noon; /* of the day on which it is asked */

static const char *some_instant(char room[static 24])
{
	int64_t at = noon + pattern_int(&seed, -AROUND, AROUND) * ENT_HOUR_US;
	if (pattern_int(&seed, 0, 2) == 0) {
		return "NULL";
	}
	snprintf(room, 24, "%lld", (long long)at);
	return room;
}

static void set_random(const char *table, ent_id id)
{
	char sql[400];
	char a[24], b[24], c[24];
	bool cancels = pattern_int(&seed, 0, 3) == 0;
	snprintf(sql, sizeof(sql),
	         "UPDATE %s SET starts_at = %s, ends_at = %s, cancelled_at = %s, ends_early = %s "
	         "WHERE id = $1",
	         table, some_instant(a), some_instant(b), cancels ? some_instant(c) : "NULL",
	         pattern_int(&seed, 0, 1) == 0 ? "TRUE" : "FALSE");
	world_sql(sql, id);
}

static void suspend(const char *table, const char *owner, ent_id id, int64_t row)
{
	char sql[400];
	char until[24];
	snprintf(sql, sizeof(sql),
	         "INSERT INTO %s_suspension (id, account_id, %s_id, starts_at, ends_at, "
	         "extend_term) SELECT %lld, account_id, id, %lld, %s, FALSE FROM %s WHERE id = $1",
	         table, owner, (long long)row,
	         (long long)(noon + pattern_int(&seed, -AROUND, AROUND) * ENT_HOUR_US),
	         some_instant(until), owner);
	world_sql(sql, id);
	snprintf(sql, sizeof(sql), "UPDATE %s SET extra_rows = extra_rows | 1 WHERE id = $1",
	         owner);
	world_sql(sql, id);
}

static enum ent_code look_at(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct ent_contract contract;
	enum ent_code code =
		ent_record_load(call, CONTRACT, *(const ent_id *)arg, &contract, error);
	ent_contract_changed(call, CONTRACT, &contract);
	return code == ENT_OK ? ent_call_finish(call, error) : code;
}

/* Lists go by its state of now, by one that holds until an hour on, or find it out. */
static void settle(ent_id id, int64_t how)
{
	char sql[100];
	snprintf(sql, sizeof(sql), "UPDATE contract SET due_at = %lld WHERE id = $1",
	         (long long)(how == 0 ? noon - ENT_HOUR_US : noon + ENT_HOUR_US));
	world_sql(how == 1 ? "UPDATE contract SET due_at = NULL WHERE id = $1" : sql, id);
	if (how != 0) {
		OK(world_run(ENT_WRITE, look_at, &id));
	}
}

/* A contract with two roots; below the first, inside of its time, another line. */
static void make_one(ent_id account, int64_t n)
{
	static const char *const stages[] = { "draft", "cancelled", "live", "live", "live" };
	char sql[200];
	ent_id id = world_create(CONTRACT,
	                         "{\"account_id\":$1,\"name\":\"C\",\"starts_on\":\"2025-01-01\","
	                         "\"lines\":[{\"name\":\"L\",\"lines\":[{\"name\":\"K\"}]},"
	                         "{\"name\":\"M\"}]}",
	                         REFS({ &ent_account_type, account }));
	set_random("contract", id);
	snprintf(sql, sizeof(sql), "UPDATE contract SET stage = '%s', extra_rows = 4 WHERE id = $1",
	         stages[pattern_int(&seed, 0, 4)]);
	world_sql(sql, id);
	if (pattern_int(&seed, 0, 3) == 0) {
		suspend("contract", "contract", id, 3 * n + 1);
	}
	for (int i = 0; i < 3; i++) {
		snprintf(sql, sizeof(sql),
		         "SELECT id FROM contract_line WHERE contract_id = $1 ORDER BY id LIMIT 1 "
		         "OFFSET %d",
		         i);
		ent_id line = { world_number(sql, id) };
		set_random("contract_line", line);
		if (i != 1 && pattern_int(&seed, 0, 1) == 0) {
			suspend("line", "contract_line", line, 3 * n + i + 1);
		}
	}
	settle(id, n % 3);
}

/* Pages of two by their cursors: as many as on one page, none of them twice. */
static enum ent_code turn_pages(struct ent_call *call, void *arg, struct ent_error *error)
{
	const char *sort = arg;
	struct ent_query query = { .limit = 2, .wants_total = true };
	struct ent_page page = { .has_more = true };
	ent_id seen[CONTRACTS];
	size_t count = 0;
	enum ent_code code = ENT_OK;
	ent_query_filter(&query, CONTRACT, ENT_STR("state"), ENT_STR("in"),
	                 ENT_STR("active,draft,expired,suspended"), call->arena, error);
	ent_query_filter(&query, CONTRACT, ENT_STR("state"), ENT_STR("ne"), ENT_STR("draft"),
	                 call->arena, error);
	ent_query_sort(&query, CONTRACT, ent_str_of(sort), error);
	while (page.has_more && code == ENT_OK && count < CONTRACTS) {
		code = ent_record_list(call, CONTRACT, &query, &page, error);
		const struct ent_contract *items = page.list.items;
		for (size_t i = 0; i < page.list.count; i++) {
			bool is_new = !ent_ids_has((struct ent_ids){ seen, count }, items[i].id);
			CHECK(is_new && items[i].state != ENT_CONTRACT_DRAFT &&
			      items[i].state != ENT_CONTRACT_CANCELLED);
			seen[count++] = items[i].id;
		}
		query.cursor = page.next_cursor;
	}
	CHECK_INT((long long)count, page.total);
	CHECK(count > 4);
	return code;
}

struct counting {
	const struct ent_type *type;
	enum ent_contract_state state;
	size_t count;
};

static enum ent_contract_state state_at(const struct ent_type *type, const char *item)
{
	return type == CONTRACT ? ((const struct ent_contract *)(const void *)item)->state
	                        : ((const struct ent_contract_line *)(const void *)item)->state;
}

static enum ent_code count_state(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct counting *counting = arg;
	struct ent_query query = { .limit = ENT_LIMIT_MAX };
	struct ent_page page;
	ent_query_filter(&query, counting->type, ENT_STR("state"), ENT_STR(""),
	                 ent_str_of(ent_contract_state_names.text[counting->state]), call->arena,
	                 error);
	enum ent_code code = ent_record_list(call, counting->type, &query, &page, error);
	if (code == ENT_OK) {
		const char *items = page.list.items;
		for (size_t i = 0; i < page.list.count; i++) {
			CHECK_INT(state_at(counting->type, items + i * counting->type->size),
			          counting->state);
		}
		counting->count += page.list.count;
	}
	return code;
}

APP_TEST(contract_state_in_sql_is_that_of_the_rules)
{
	world_open("2025-06-10T12:00:00Z");
	noon = world_instant("2025-06-10T12:00:00Z").us;
	ent_id account = world_account("A");
	for (int64_t n = 0; n < CONTRACTS; n++) {
		make_one(account, n);
	}
	struct counting contracts = { .type = CONTRACT };
	struct counting lines = { .type = LINE };
	size_t kinds = 0;
	for (int state = 0; state <= ENT_CONTRACT_CANCELLED; state++) {
		size_t before = contracts.count;
		contracts.state = lines.state = (enum ent_contract_state)state;
		OK(world_run(ENT_READ, count_state, &contracts));
		OK(world_run(ENT_READ, count_state, &lines));
		kinds += contracts.count > before;
	}
	CHECK_INT((long long)contracts.count, CONTRACTS);
	CHECK_INT((long long)lines.count, 3 * CONTRACTS);
	CHECK(kinds >= 5);
	static const char *const sorts[] = { "",         "state", "-state,name", "ends_on",
		                             "-ends_on", "name",  "-number" };
	for (size_t i = 0; i < ENT_COUNT(sorts); i++) {
		ROW(sorts[i]);
		OK(world_run(ENT_READ, turn_pages, (void *)(uintptr_t)sorts[i]));
	}
	world_close();
}
