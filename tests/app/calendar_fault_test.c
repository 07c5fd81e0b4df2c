/* Changes of hours that are cut short at any statement leave no trace. */
#include "app/world.h"
#include "fault.h"
#include "json/json.h"

static const struct ent_type *const CALENDAR = &ent_calendar_type;
static const struct ent_type *const HOLIDAYS = &ent_holiday_set_type;

struct cutting {
	const struct ent_type *type;
	ent_id id;
	const char *json; /* NULL: delete it */
	int64_t fail_at;
};

static enum ent_code patch_with(void *arg, struct ent_arena *arena, void *object,
                                struct ent_set *given, struct ent_error *error)
{
	const struct cutting *cutting = arg;
	const struct ent_node *node = NULL;
	CHECK_INT(ent_json_parse(ent_str_of(cutting->json), arena, &node, error), ENT_OK);
	return ent_json_read(cutting->type, node, ENT_JSON_UPDATE, arena, object, given, error);
}

static enum ent_code change(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct cutting *cutting = arg;
	struct ent_db *inner = call->db;
	struct fault_db fault = fault_around(inner);
	void *object = ent_arena_alloc(call->arena, 1, cutting->type->size, 16);
	fault.fail_at = cutting->fail_at++;
	call->db = &fault.db;
	enum ent_code code = cutting->json == NULL
	                             ? ent_record_delete(call, cutting->type, cutting->id, 0, error)
	                             : ent_record_update(call, cutting->type, cutting->id, 0,
	                                                 patch_with, cutting, object, error);
	call->db = inner;
	return code;
}

/* A number that changes with every row that is written. */
static int64_t trace(void)
{
	return world_number("SELECT (SELECT COUNT(*) FROM event WHERE id <> $1) + "
	                    "1000 * (SELECT COUNT(*) FROM calendar_revision) + "
	                    "100000 * (SELECT COALESCE(SUM(version + 7 * revision), 0) "
	                    "FROM calendar) + "
	                    "10000000 * (SELECT COALESCE(SUM(version), 0) FROM holiday_set)",
	                    ENT_ID_NONE);
}

static void cut(const struct ent_type *type, ent_id id, const char *json, int least)
{
	struct cutting cutting = { type, id, json, 0 };
	int64_t before = trace();
	enum ent_code code = ENT_E_STORAGE;
	ROW(json == NULL ? "delete" : json);
	while (code == ENT_E_STORAGE) {
		code = world_run(ENT_WRITE, change, &cutting);
		if (code != ENT_OK) {
			CHECK_INT(trace(), before);
		}
	}
	OK(code);
	CHECK(trace() != before);
	CHECK(cutting.fail_at > least);
	CHECK_INT(world_findings(), 0);
	ROW(NULL);
}

APP_TEST(calendar_changes_leave_no_trace_when_cut_short)
{
	world_open("2026-06-10T08:00:00Z");
	ent_id set =
		world_create(HOLIDAYS, "{\"name\":\"Germany\",\"holidays\":[\"*-10-03\"]}", NULL);
	ent_id ids[2];
	for (int i = 0; i < 2; i++) {
		char json[200];
		snprintf(json, sizeof(json),
		         "{\"name\":\"C%d\",\"time_zone\":\"UTC\",\"week\":\"mon 09:00-17:00\","
		         "\"holiday_sets\":[$1]}",
		         i);
		ids[i] = world_create(CALENDAR, json, REFS({ HOLIDAYS, set }));
	}
	cut(CALENDAR, ids[0], "{\"week\":{\"tue\":[[\"09:00\",\"10:00\"]]}}", 6);
	cut(HOLIDAYS, set, "{\"holidays\":[\"easter\"]}", 12);
	cut(CALENDAR, ids[0], NULL, 6);
	world_close();
}
