/* Clocks of many cases together: the same as one after the other. */
#include "app/agenda.h"
#include "app/clocks.h"

#include <stdio.h>
#include <string.h>

static enum ent_code one_by_one(struct ent_call *call, const struct ent_agenda_item *items,
                                size_t count, struct ent_error *error)
{
	struct ent_pile *pile = call->pile;
	enum ent_code code = ENT_OK;
	call->pile = NULL; /* each row is written at once */
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		code = ent_sla_agenda(call, &items[i], 1, error);
	}
	call->pile = pile;
	return code;
}

/* ---- what there is then --------------------------------------------------------------------- */

struct dump {
	char text[1 << 19];
	size_t len;
};

static const char *const queries[] = {
	"SELECT account_id, version, seq, hash FROM account_head ORDER BY account_id",
	"SELECT account_id, seq, type, prev_hash, hash FROM event ORDER BY account_id, seq",
	"SELECT id, version, stage, target_at, warn_at, due_at, fired FROM milestone ORDER BY id",
	("SELECT id, version, priority, updated_at, sla_stage, next_warn_at, next_due_at FROM "
	 "\"case\" ORDER BY id"),
	("SELECT account_id, subject, subject_id, at FROM due ORDER BY account_id, subject, "
	 "subject_id"),
	"SELECT id, case_id, subject FROM case_activity ORDER BY id",
};

static void add_row(struct dump *dump, const struct ent_rows *rows, const struct ent_row *row)
{
	for (size_t k = 0; k < rows->columns; k++) {
		const struct ent_value *cell = &row->cell[k];
		size_t room = sizeof(dump->text) - dump->len;
		int len = snprintf(dump->text + dump->len, room, "%lld %.*s|",
		                   cell->kind == ENT_K_TEXT ? 0LL : (long long)cell->number,
		                   cell->kind == ENT_K_TEXT ? (int)cell->text.len : 0,
		                   cell->kind == ENT_K_TEXT ? cell->text.ptr : "");
		CHECK(len > 0 && (size_t)len < room);
		dump->len += (size_t)len;
	}
}

static enum ent_code read_all(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct dump *dump = arg;
	enum ent_code code = ENT_OK;
	dump->len = 0;
	for (size_t i = 0; i < ENT_COUNT(queries) && code == ENT_OK; i++) {
		struct ent_rows rows;
		code = ent_db_run(call->db, ent_str_of(queries[i]), NULL, 0, call->arena, &rows,
		                  error);
		for (const struct ent_row *row = rows.first; code == ENT_OK && row != NULL;
		     row = row->next) {
			add_row(dump, &rows, row);
		}
	}
	return code;
}

/* ---- the scene ------------------------------------------------------------------------------ */

enum { CASES = 70, ACCOUNTS = 3 };

/* All fall due together; what looks at account and contact needs those records, too. */
static const char rules[] =
	"[{\"name\":\"Reply\",\"kind\":\"first_response\",\"target\":\"PT1H\",\"actions\":["
	"{\"name\":\"Hurry\",\"at\":\"PT0S\",\"do\":\"set\",\"field\":\"priority\","
	"\"value\":\"critical\"},"
	"{\"name\":\"Call\",\"at\":\"PT0S\",\"do\":\"task\",\"subject\":\"Call them\"}]},"
	"{\"name\":\"Vip\",\"target\":\"PT1H\",\"criteria\":\"account.name = 'Account 1'\"},"
	"{\"name\":\"Again\",\"target\":\"PT30M\",\"recurrence\":\"sequential\",\"start\":"
        "\"criteria\","
	"\"criteria\":\"priority = 'critical'\"},"
	"{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT8H\"}]";

static void play(ent_agenda_handler *handler, struct dump *out)
{
	ent_id accounts[ACCOUNTS];
	CHECK(helper_use_migrated(helper_dialect)); /* an empty one for each */
	world_open("2025-06-10T08:00:00Z");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", rules), "{}");
	for (int i = 0; i < ACCOUNTS; i++) {
		char name[20];
		snprintf(name, sizeof(name), "Account %d", i);
		accounts[i] = world_account(name);
	}
	for (int i = 0; i < CASES; i++) {
		clock_case(accounts[i % ACCOUNTS], ENT_ID_NONE, ENT_ID_NONE);
	}
	ent_agenda_replace(world.app, ENT_AGENDA_CASE, handler);
	clock_run("2025-06-10T10:00:00Z");
	OK(world_run(ENT_READ, read_all, out));
	world_close();
}

APP_TEST(sla_batch_is_as_one_by_one)
{
	static struct dump together, alone;
	play(NULL, &together);
	play(one_by_one, &alone);
	CHECK_INT(together.len, alone.len);
	CHECK(together.len > 10000);
	CHECK(strcmp(together.text, alone.text) == 0);
}
