/* How the value of a year moved, after random lives of contracts by real operations: what moved
 * adds up to the difference of both ends, whatever the periods, and the ends are what the contracts
 * themselves say. */
#include "app/operate.h"
#include "app/report.h"

enum { LIVES = 8, CONTRACTS = 4, STEPS = 9, ROWS = 40 };

static uint64_t state;

static int64_t chance(int64_t below)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)((state >> 33) % (uint64_t)below);
}

/* ---- lives ---- */

static ent_id make(ent_id account)
{
	char json[700];
	snprintf(json, sizeof(json),
	         "{\"account_id\":$1,\"name\":\"Care\",\"currency\":\"EUR\",\"starts_on\":"
	         "\"2025-0%d-01\",\"term\":\"P%dM\",\"uplift_percent\":\"%d\",\"renewal_basis\":"
	         "\"contracted_price\",\"lines\":[{\"name\":\"A\",\"quantity\":\"%d\","
	         "\"unit_price\":{\"amount\":\"%d\",\"currency\":\"EUR\"}},{\"name\":\"B\","
	         "\"quantity\":\"%d\",\"period\":\"quarterly\",\"unit_price\":{\"amount\":\"%d\","
	         "\"currency\":\"EUR\"}%s}]}",
	         (int)(1 + chance(3)), (int)(4 + chance(9)), (int)(5 * chance(3)),
	         (int)(1 + chance(20)), (int)(1 + chance(50)), (int)(1 + chance(9)),
	         (int)(1 + chance(90)),
	         chance(3) == 0 ? ",\"ramp\":\"quarterly\",\"ramp_percent\":\"7\"" : "");
	return world_create(&ent_contract_type, json, REFS({ &ent_account_type, account }));
}

/* What is done to a contract; what is refused in its state is as good. */
static void act(ent_id contract, ent_id other, ent_id product, ent_id account)
{
	static const char *const acts[] = {
		("upsell {\"lines\":[{\"line_id\":$1,\"quantity\":\"23\"}]}"),
		("downsell {\"lines\":[{\"line_id\":$1,\"quantity\":\"0.5\"}]}"),
		("downsell {\"lines\":[{\"line_id\":$1,\"quantity\":\"0\"}]}"),
		("swap {\"lines\":[{\"line_id\":$1,\"product_id\":$3,\"unit_price\":{"
		 "\"amount\":\"17\",\"currency\":\"EUR\"}}]}"),
		("add_lines {\"lines\":[{\"name\":\"C\",\"unit_price\":{\"amount\":\"33\","
		 "\"currency\":\"EUR\"}}]}"),
		"cancel {\"lines\":[$1]}", "cancel {}", "extend {\"term\":\"P2M\"}", "renew {}",
		"renew {\"term\":\"P3M\"}", "renew {\"back_date\":true}",
		"renew {\"consolidate\":true}", "merge {\"contracts\":[$2]}",
		"merge {\"contracts\":[$2],\"group_lines\":true}", "split {\"lines\":[$1]}",
		"transfer {\"account_id\":$4}", "suspend {}", "resume {}",
		"co_terminate {\"ends_on\":\"2026-03-31\"}",
	};
	char name[20];
	const char *asked = acts[chance(ENT_COUNT(acts))];
	const char *json = strchr(asked, ' ') + 1;
	snprintf(name, sizeof(name), "%.*s", (int)(json - asked - 1), asked);
	int64_t lines = world_number(
		"SELECT count(*) FROM contract_line WHERE contract_id = $1", contract);
	struct ent_contract_plan ignored;
	if (lines == 0) {
		return; /* all went over to another one */
	}
	enum ent_code code = operate_try(
		name, contract, json,
		REFS({ &ent_contract_line_type, operate_line(contract, (int)chance(lines)).id },
	             { &ent_contract_type, other }, { &ent_product_type, product },
	             { &ent_account_type, account }),
		false, &ignored);
	CHECK(code == ENT_OK || ent_code_http(code) < 500);
}

static ent_id any_contract(void)
{
	int64_t count = world_number("SELECT count(*) FROM contract", ENT_ID_NONE);
	char sql[100];
	snprintf(sql, sizeof(sql), "SELECT id FROM contract ORDER BY id LIMIT 1 OFFSET %d",
	         (int)chance(count));
	return (ent_id){ world_number(sql, ENT_ID_NONE) };
}

static void live(void)
{
	ent_id accounts[] = { world_account("One"), world_account("Two") };
	ent_id product = world_create(&ent_product_type, "{\"name\":\"Y\"}", NULL);
	for (int i = 0; i < CONTRACTS; i++) {
		(void)make(accounts[0]);
	}
	for (int i = 0; i < STEPS; i++) {
		char day[32];
		snprintf(day, sizeof(day), "2025-%02d-%02dT12:00:00Z", 4 + i,
		         (int)(1 + chance(28)));
		world_at(day);
		act(any_contract(), any_contract(), product, accounts[1]);
		act(any_contract(), any_contract(), product, accounts[1]);
	}
}

/* ---- what is said of them ---- */

struct asking {
	const char *name;
	const char *from, *to, *by, *as_of; /* NULL: left out */
	struct ent_report_arr_movement moved[ROWS];
	size_t count;
	int64_t arr; /* of all states together */
};

static void set(struct ent_call *call, const struct ent_report *report, const char *name,
                const char *value, struct ent_input_report *input, struct ent_error *error)
{
	if (value != NULL) {
		ent_report_set(report, ent_str_of(name), ent_str_of(value), input, call->arena,
		               error);
	}
}

static enum ent_code ask(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct asking *a = arg;
	const struct ent_report *report = ent_report_named(ent_str_of(a->name));
	struct ent_input_report input = ent_report_input(report);
	struct ent_report_answer answer;
	set(call, report, "from", a->from, &input, error);
	set(call, report, "to", a->to, &input, error);
	set(call, report, "by", a->by, &input, error);
	set(call, report, "as_of", a->as_of, &input, error);
	enum ent_code code = ent_noted(error);
	if (code == ENT_OK) {
		code = ent_report_run(call, report, &input, &answer, error);
	}
	a->count = 0;
	a->arr = 0;
	for (size_t i = 0; code == ENT_OK && i < answer.rows.count; i++) {
		if (report->row == &ent_report_states_type) {
			const struct ent_report_states *rows = answer.rows.items;
			a->arr += rows[i].arr.micro;
		} else if (a->count < ROWS) {
			const struct ent_report_arr_movement *rows = answer.rows.items;
			a->moved[a->count++] = rows[i];
		}
	}
	return code;
}

static int64_t arr_on(ent_date day)
{
	static struct asking states = { .name = "states" };
	char text[11];
	ent_date_format(day, text);
	states.as_of = text;
	OK(world_run(ENT_READ, ask, &states));
	return states.arr;
}

static void check(const char *by)
{
	static struct asking movement = { .name = "arr_movement",
		                          .from = "2025-02-01",
		                          .to = "2026-06-30" };
	int64_t sum = 0;
	movement.by = by;
	OK(world_run(ENT_READ, ask, &movement));
	CHECK(movement.count > 0);
	for (size_t i = 0; i < movement.count; i++) {
		const struct ent_report_arr_movement *m = &movement.moved[i];
		int64_t moved = m->new.micro + m->won_back.micro + m->upsell.micro +
		                m->uplift.micro + m->downsell.micro + m->churn.micro;
		ent_date before = { m->from.day - 1 };
		sum += moved;
		CHECK_INT(m->closing.micro - m->opening.micro, moved);
		CHECK(m->new.micro >= 0 && m->won_back.micro >= 0 && m->upsell.micro >= 0);
		CHECK(m->downsell.micro <= 0 && m->churn.micro <= 0);
		if (i > 0) {
			CHECK_INT(m->opening.micro, movement.moved[i - 1].closing.micro);
		}
		CHECK_INT(m->opening.micro, arr_on(before));
		CHECK_INT(m->closing.micro, arr_on(m->to));
	}
	int64_t end = movement.moved[movement.count - 1].closing.micro;
	CHECK_INT(end - movement.moved[0].opening.micro, sum);
}

APP_TEST(report_walk_of_arr_adds_up)
{
	static const char *const periods[] = { "month", "quarter", "year" };
	char row[40];
	int64_t done = 0;
	for (int i = 0; i < LIVES; i++) {
		if (i > 0) {
			CHECK(helper_use_migrated(helper_dialect));
		}
		state = (uint64_t)i * UINT64_C(0x9E3779B97F4A7C15) + 77;
		snprintf(row, sizeof(row), "life %d", i);
		world_open("2025-01-01T12:00:00Z");
		ROW(row);
		live();
		done += world_number("SELECT count(DISTINCT kind) FROM contract_operation",
		                     ENT_ID_NONE);
		for (size_t k = 0; k < ENT_COUNT(periods); k++) {
			check(periods[k]);
		}
		ROW("");
		world_close();
	}
	CHECK(done > 4 * LIVES);
}
