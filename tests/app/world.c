#include "app/world.h"

#include "app/entity.h"
#include "app/verify.h"
#include "base/text.h"
#include "json/json.h"
#include "fault.h"

struct world world;
static struct ent_budget budget;
static struct ent_arena whole;

ent_instant world_instant(const char *text)
{
	ent_instant out = ENT_INSTANT_NONE;
	char full[40];
	snprintf(full, sizeof(full), "%s%s", text, strlen(text) == 10 ? "T00:00:00Z" : "");
	if (!ent_instant_parse(ent_str_of(full), &out)) {
		test_check(false, __FILE__, __LINE__, text);
	}
	return out;
}

ent_date world_date(const char *text)
{
	ent_date out = ENT_DATE_NONE;
	if (text != NULL && !ent_date_parse(ent_str_of(text), &out)) {
		test_check(false, __FILE__, __LINE__, text);
	}
	return out;
}

void world_open(const char *now)
{
	struct ent_error *error = &world.error;
	struct ent_app_config config = { .database = helper_url(), .create = true, .workers = 2,
		                         .clock = world_instant(now) };
	/* the tables must be there before the application takes its node number */
	struct ent_store *store = helper_open();
	ent_store_close(store);
	if (whole.next == NULL) {
		CHECK(ent_arena_reserve((size_t)256 << 20, &budget, &whole));
	}
	world.arena = whole;
	world.who = &ent_principal_system;
	world.idempotency_key = NULL;
	ent_error_clear(error);
	if (ent_app_open(&config, &world.app, error) != ENT_OK) {
		printf("# %s\n", error->detail);
		exit(1); /* no test can go on */
	}
}

void world_close(void)
{
	ent_app_close(world.app);
	world.app = NULL;
}

void world_at(const char *now)
{
	ent_app_advance(world.app, world_instant(now));
}

void world_check_ok(enum ent_code code, const char *file, int line)
{
	char what[400];
	snprintf(what, sizeof(what), "%s: %s", ent_code_name(code), world.error.detail);
	test_check(code == ENT_OK, file, line, what);
	for (size_t i = 0; code != ENT_OK && i < world.error.issue_count && i < ENT_ISSUE_MAX;
	     i++) {
		printf("#   %s %s: %s\n", world.error.issues[i].pointer,
		       ent_code_name(world.error.issues[i].code), world.error.issues[i].remedy);
	}
}

struct faulty {
	ent_use *use;
	void *arg;
};

static enum ent_code run_faulty(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct faulty *faulty = arg;
	struct ent_db *inner = call->db;
	struct fault_db fault = fault_around(inner);
	fault.fail_at = world.fail_at;
	call->db = &fault.db;
	enum ent_code code = faulty->use(call, faulty->arg, error);
	call->db = inner;
	return code;
}

enum ent_code world_run(enum ent_access access, ent_use *use, void *arg)
{
	struct faulty faulty = { use, arg };
	struct ent_call model = {
		.now = ent_app_now(world.app),
		.who = world.who,
		.request_id = ENT_STR("test"),
		.origin = ENT_STR("test"),
		.idempotency_key = ent_str_of(world.idempotency_key),
	};
	ent_error_clear(&world.error);
	if (world.is_faulty) {
		return ent_app_run(world.app, access, &model, run_faulty, &faulty, &world.error);
	}
	return ent_app_run(world.app, access, &model, use, arg, &world.error);
}

/* ---- records ------------------------------------------------------------------------------- */

/* "$1" becomes the first id in quotes. */
static ent_str fill(const char *json, const struct world_ref *refs)
{
	struct ent_text text = ent_text_begin(&world.arena);
	for (const char *p = json; *p != '\0'; p++) {
		if (*p == '$' && p[1] >= '1' && p[1] <= '9' && refs != NULL) {
			const struct world_ref *ref = &refs[*++p - '1'];
			char id[ENT_ID_ROOM];
			ent_id_format(ref->id, ref->type->prefix, id);
			ent_text_addf(&text, "\"%s\"", id);
		} else {
			ent_text_char(&text, *p);
		}
	}
	return ent_text_end(&text);
}

struct job {
	const struct ent_type *type;
	ent_id id;
	ent_str json;
	void *object;
	const struct ent_action_row *action;
	const char *sql;
	int64_t number;
	ent_str text;
};

static enum ent_code read_into(const struct job *job, const struct ent_type *type,
                               enum ent_json_use use, struct ent_arena *arena, void *object,
                               struct ent_set *given, struct ent_error *error)
{
	const struct ent_node *node;
	enum ent_code code = ent_json_parse(job->json, arena, &node, error);
	if (code == ENT_OK) {
		code = ent_json_read(type, node, use, arena, object, given, error);
	}
	return code;
}

static enum ent_code create(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct job *job = arg;
	struct ent_set given = { { 0 } };
	struct ent_record *object = ent_arena_alloc(call->arena, 1, job->type->size, 16);
	ent_type_clear(job->type, object);
	enum ent_code code = read_into(job, job->type, ENT_JSON_CREATE, call->arena, object, &given,
	                               error);
	if (code == ENT_OK) {
		code = ent_record_create(call, job->type, object, &given, error);
	}
	job->id = object->id;
	return code;
}

enum ent_code world_try_create(const struct ent_type *type, const char *json,
                               const struct world_ref *refs, ent_id *out)
{
	struct job job = { .type = type, .json = fill(json, refs) };
	enum ent_code code = world_run(ENT_WRITE, create, &job);
	*out = job.id;
	return code;
}

ent_id world_create(const struct ent_type *type, const char *json, const struct world_ref *refs)
{
	ent_id id;
	enum ent_code code = world_try_create(type, json, refs, &id);
	world_check_ok(code, json, 0);
	return id;
}

static enum ent_code patch(void *arg, struct ent_arena *arena, void *object, struct ent_set *given,
                           struct ent_error *error)
{
	const struct job *job = arg;
	return read_into(job, job->type, ENT_JSON_UPDATE, arena, object, given, error);
}

static enum ent_code update(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct job *job = arg;
	void *object = ent_arena_alloc(call->arena, 1, job->type->size, 16);
	return ent_record_update(call, job->type, job->id, 0, patch, job, object, error);
}

enum ent_code world_try_update(const struct ent_type *type, ent_id id, const char *json,
                               const struct world_ref *refs)
{
	struct job job = { .type = type, .id = id, .json = fill(json, refs) };
	return world_run(ENT_WRITE, update, &job);
}

static enum ent_code delete(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct job *job = arg;
	return ent_record_delete(call, job->type, job->id, 0, error);
}

enum ent_code world_try_delete(const struct ent_type *type, ent_id id)
{
	struct job job = { .type = type, .id = id };
	return world_run(ENT_WRITE, delete, &job);
}

static enum ent_code get(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct job *job = arg;
	void *object = ent_arena_alloc(call->arena, 1, job->type->size, 16);
	enum ent_code code = ent_record_get(call, job->type, job->id, object, error);
	if (code == ENT_OK) {
		ent_type_copy(job->type, object, job->object, &world.arena);
	}
	return code;
}

void world_get(const struct ent_type *type, ent_id id, void *out)
{
	struct job job = { .type = type, .id = id, .object = out };
	ent_type_clear(type, out);
	OK(world_run(ENT_READ, get, &job));
}

struct ent_entitlement world_entitlement(ent_id id)
{
	struct ent_entitlement e;
	world_get(&ent_entitlement_type, id, &e);
	return e;
}

struct ent_case world_case(ent_id id)
{
	struct ent_case c;
	world_get(&ent_case_type, id, &c);
	return c;
}

ent_id world_account(const char *name)
{
	char json[256];
	snprintf(json, sizeof(json), "{\"name\":\"%s\"}", name);
	return world_create(&ent_account_type, json, NULL);
}

static enum ent_code act(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct job *job = arg;
	struct ent_set given = { { 0 } };
	void *input = ent_arena_alloc(call->arena, 1, job->action->input->size, 16);
	void *out = ent_arena_alloc(call->arena, 1, job->action->result->size, 16);
	ent_type_clear(job->action->input, input);
	enum ent_code code = read_into(job, job->action->input, ENT_JSON_CREATE, call->arena, input,
	                               &given, error);
	if (code == ENT_OK) {
		code = job->action->act(call, job->id, 0, input, out, error);
	}
	return code;
}

enum ent_code world_try(const struct ent_type *type, const char *action, ent_id id,
                        const char *json, const struct world_ref *refs)
{
	struct job job = { .type = type, .id = id, .json = fill(json, refs),
		           .action = ent_action_of(type, ent_str_of(action)) };
	assert(job.action != NULL);
	return world_run(ENT_WRITE, act, &job);
}

void world_do(const struct ent_type *type, const char *action, ent_id id, const char *json)
{
	enum ent_code code = world_try(type, action, id, json, NULL);
	world_check_ok(code, action, 0);
}

/* ---- looking --------------------------------------------------------------------------------- */

const char *world_state(ent_id entitlement)
{
	return ent_entitlement_state_names.text[world_entitlement(entitlement).state];
}

int64_t world_available(ent_id entitlement)
{
	return world_entitlement(entitlement).available.n;
}

static enum ent_code number(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct job *job = arg;
	struct ent_rows rows;
	struct ent_value id = ent_arg_id(job->id);
	size_t count = strstr(job->sql, "$1") != NULL;
	enum ent_code code = ent_db_run(call->db, ent_str_of(job->sql), &id, count, call->arena,
	                                &rows, error);
	if (code == ENT_OK && rows.count > 0 && rows.columns > 0) {
		job->number = rows.first->cell[0].number;
	}
	return code;
}

int64_t world_number(const char *sql, ent_id id)
{
	struct job job = { .sql = sql, .id = id, .number = -1 };
	OK(world_run(ENT_READ, number, &job));
	return job.number;
}

void world_sql(const char *sql, ent_id id)
{
	struct job job = { .sql = sql, .id = id };
	OK(world_run(ENT_WRITE, number, &job));
}

static enum ent_code events(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct job *job = arg;
	struct ent_rows rows;
	char id[ENT_ID_ROOM];
	size_t len = ent_id_format(job->id, job->type->prefix, id);
	enum ent_code code = ent_db_run(
		call->db, ENT_STR("SELECT type FROM event WHERE subject_id = $1 ORDER BY seq"),
		ENT_ARGS(ent_arg_text((ent_str){ id, len })), call->arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_text text = ent_text_begin(&world.arena);
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next) {
		ent_text_add(&text, row == rows.first ? ENT_STR("") : ENT_STR(" "));
		ent_text_add(&text, ent_str_cut(row->cell[0].text, '.').tail);
	}
	job->text = ent_text_end(&text);
	return ENT_OK;
}

const char *world_events(const struct ent_type *type, ent_id id)
{
	struct job job = { .type = type, .id = id, .text = ENT_STR("") };
	OK(world_run(ENT_READ, events, &job));
	return job.text.ptr;
}

static void count_finding(void *arg, const struct ent_finding *finding)
{
	printf("#   %s %s: %s\n", finding->kind, finding->subject, finding->detail);
	++*(int *)arg;
}

int world_findings(void)
{
	int count = 0;
	struct ent_verify_result result;
	ent_error_clear(&world.error);
	OK(ent_verify(world.app, count_finding, &count, &result, &world.error));
	return count;
}

void world_run_on(struct ent_db *db, struct ent_arena arena, ent_use *use, void *arg,
                  enum ent_code *out)
{
	static struct ent_call call;
	ent_call_end(&call); /* where memory ran out, it still holds what caches lent it */
	call = (struct ent_call){ .app = world.app, .db = db, .arena = &arena,
		                  .now = ent_app_now(world.app), .who = &ent_principal_system };
	ent_error_clear(&world.error);
	*out = ENT_E_OUT_OF_MEMORY;
	enum ent_code code = db->ops->begin(db, ENT_WRITE, &world.error);
	if (code == ENT_OK) {
		code = use(&call, arg, &world.error);
	}
	ent_call_end(&call);
	if (code == ENT_OK) {
		code = db->ops->commit(db, &world.error);
	}
	*out = code;
}
