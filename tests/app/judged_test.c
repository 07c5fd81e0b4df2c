/* The table of what checks go by names fields that there are, each once; what else is wrong with
 * what could not be read. */
#include "app/record.h"
#include "app/world.h"
#include "fault.h"
#include "json/json.h"

static const struct {
	const struct ent_type *type;
	const char *field, *others;
} rows[] = {
#define ENT_JUDGED(type, field, others) { &ent_##type##_type, #field, others },
#include "app/judged.def"
};

TEST(judged_names_fields_of_entities)
{
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		const struct ent_entity *entity = ent_entity_of(rows[i].type);
		ROW(rows[i].field);
		CHECK(entity != NULL && entity->check != NULL);
		CHECK(ent_type_field(rows[i].type, ent_str_of(rows[i].field)) != NULL);
		ent_str others = ent_str_of(rows[i].others);
		while (others.len > 0) {
			struct ent_cut cut = ent_str_cut(others, ' ');
			CHECK(ent_type_field(rows[i].type, cut.head) != NULL);
			CHECK(!ent_str_is(cut.head, rows[i].field));
			others = cut.tail;
		}
		for (size_t k = 0; k < i; k++) {
			CHECK(rows[k].type != rows[i].type ||
			      strcmp(rows[k].field, rows[i].field) != 0);
		}
	}
}

/* ---- any statement may fail ----------------------------------------------------------------- */

struct judging {
	const struct ent_type *type;
	ent_id id; /* none: it is made */
	char json[300];
	int64_t fail_at;
	size_t issues;
};

static enum ent_code read_body(void *arg, struct ent_arena *arena, void *object,
                               struct ent_set *given, struct ent_error *error)
{
	const struct judging *judging = arg;
	const struct ent_node *node = NULL;
	bool is_new = ent_id_is_none(judging->id);
	CHECK_INT(ent_json_parse(ent_str_of(judging->json), arena, &node, error), ENT_OK);
	return ent_json_read(judging->type, node, is_new ? ENT_JSON_CREATE : ENT_JSON_UPDATE, arena,
	                     object, given, error);
}

static enum ent_code judge(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct judging *judging = arg;
	struct ent_db *inner = call->db;
	struct fault_db fault = fault_around(inner);
	struct ent_set given;
	enum ent_code code;
	void *object = ent_arena_alloc(call->arena, 1, judging->type->size, 16);
	ent_type_clear(judging->type, object);
	fault.fail_at = judging->fail_at++;
	call->db = &fault.db;
	if (ent_id_is_none(judging->id)) {
		CHECK(read_body(judging, call->arena, object, &given, error) != ENT_OK);
		code = ent_record_faults(call, judging->type, NULL, object, &given, error);
	} else {
		code = ent_record_update(call, judging->type, judging->id, 0, read_body, judging,
		                         object, error);
	}
	call->db = inner;
	judging->issues = error->issue_count;
	return code;
}

static void cut(struct judging judging, size_t issues)
{
	enum ent_code code = ENT_E_STORAGE;
	ROW(judging.json);
	while (code == ENT_E_STORAGE) {
		code = world_run(ENT_WRITE, judge, &judging);
	}
	CHECK_CODE(code, ENT_E_INVALID);
	CHECK_INT((int64_t)judging.issues, (int64_t)issues);
	CHECK(judging.fail_at > 2);
	CHECK_INT(world_findings(), 0);
	ROW(NULL);
}

APP_TEST(judged_in_part_tells_failures_of_the_store)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id made = world_create(&ent_entitlement_type, "{\"account_id\":$1,\"name\":\"E\"}",
	                           REFS({ &ent_account_type, account }));
	int64_t version = world_number("SELECT version FROM entitlement WHERE id = $1", made);
	char text[ENT_ID_ROOM];
	ent_id_format(account, "acc", text);
	struct judging create = { .type = &ent_entitlement_type };
	snprintf(create.json, sizeof(create.json),
	         "{\"account_id\":\"%s\",\"name\":5,\"unit\":\"cases\",\"channels\":[{\"channel\":"
	         "\"a\"}],\"contacts\":[\"con_0123456789abc\"],\"ends_on\":\"2025-01-01\","
	         "\"starts_on\":\"2025-02-01\"}",
	         text);
	cut(create, 4);
	struct judging update = { .type = &ent_entitlement_type, .id = made };
	snprintf(update.json, sizeof(update.json),
	         "{\"name\":5,\"calendar_id\":\"cal_0123456789abc\",\"starts_on\":\"2025-02-01\","
	         "\"ends_on\":\"2025-01-01\"}");
	cut(update, 3);
	CHECK_INT(world_number("SELECT COUNT(*) FROM entitlement WHERE id <> $1", made), 0);
	CHECK_INT(world_number("SELECT version FROM entitlement WHERE id = $1", made), version);
	world_close();
}
