#include "store/helper.h"

#include "core/type.h"
#include "pattern.h"
#include "store/describe.h"
#include "json/json.h"

/* ---- descriptors and schema ------------------------------------------------------------ */

struct column {
	ent_str name;
	ent_str type; /* in lower case */
	bool nullable;
};

static ent_str lower(ent_str s, struct ent_arena *arena)
{
	char *copy = ent_arena_bytes(arena, s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		copy[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	copy[s.len] = '\0';
	return (ent_str){ copy, s.len };
}

struct schema {
	const struct ent_type *type;
	struct column columns[2 * ENT_FIELD_MAX];
	size_t count;
};

static const char *const schema_sql[] = {
	[ENT_SQLITE] = "SELECT name, type, 1 - \"notnull\" FROM pragma_table_info($1)",
	[ENT_POSTGRES] = "SELECT column_name::TEXT, data_type::TEXT, "
			 "CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END "
			 "FROM information_schema.columns WHERE table_name = $1",
};

static struct ent_arena test_room;

static enum ent_code read_schema(void *arg, struct ent_db *db, struct ent_arena *arena,
                                 struct ent_error *error)
{
	struct schema *schema = arg;
	struct ent_rows rows;
	enum ent_code code = ent_db_run(db, ent_str_of(schema_sql[db->dialect]),
	                                ENT_ARGS(ent_arg_text(ent_str_of(schema->type->name))),
	                                arena, &rows, error);
	schema->count = 0;
	for (const struct ent_row *row = rows.first; code == ENT_OK && row; row = row->next) {
		schema->columns[schema->count++] = (struct column){
			lower(row->cell[0].text, &test_room),
			lower(row->cell[1].text, &test_room),
			row->cell[2].number != 0,
		};
	}
	return code;
}

/* Looks for a column as ent_describe_column() would write it. */
static void check_column(const struct schema *schema, const char *name, const char *type,
                         bool nullable)
{
	ROW(name);
	for (size_t i = 0; i < schema->count; i++) {
		const struct column *column = &schema->columns[i];
		if (ent_str_is(column->name, name)) {
			CHECK_TEXT(column->type.ptr, type);
			CHECK_INT(column->nullable, nullable);
			return;
		}
	}
	printf("# %s.%s is missing\n", schema->type->name, name);
	CHECK(false);
}

static const char *type_of(const struct ent_field *field)
{
	switch (field->kind) {
	case ENT_K_BOOL:
		return "boolean";
	case ENT_K_TEXT:
	case ENT_K_DURATION:
	case ENT_K_ENUM:
	case ENT_K_IDS:
	case ENT_K_WORDS:
	case ENT_K_JSON:
	case ENT_K_MAP:
		return "text";
	default:
		return "bigint";
	}
}

static void check_schema(const struct schema *schema)
{
	size_t columns = 0;
	for (size_t i = 0; i < schema->type->count; i++) {
		const struct ent_field *field = &schema->type->fields[i];
		if (!ent_field_is_column(field)) {
			continue;
		}
		bool nullable = ent_column_nullable(schema->type, field);
		check_column(schema, field->name, type_of(field), nullable);
		columns++;
		if (field->kind == ENT_K_MONEY) {
			char name[80];
			snprintf(name, sizeof(name), "%s_currency", field->name);
			check_column(schema, name, "text", nullable);
			columns++;
		}
	}
	ROW(schema->type->name);
	CHECK_INT(schema->count, columns); /* and no others */
}

STORE_TEST(row_tables_are_as_described)
{
	struct ent_store *store = helper_open();
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		test_room = test_arena();
		struct ent_error error = { 0 };
		struct schema schema = { .type = types[i] };
		ROW(types[i]->name);
		CHECK_INT(ent_store_run(store, ENT_READ, read_schema, &schema, &error), ENT_OK);
		check_schema(&schema);
	}
	ent_store_close(store);
}

TEST(row_describes_a_table)
{
	struct ent_arena arena = test_arena();
	struct ent_text sql = ent_text_begin(&arena);
	ent_describe_table(&ent_entitlement_channel_type, &sql);
	CHECK_TEXT(ent_text_end(&sql).ptr, "CREATE TABLE \"entitlement_channel\" (\n"
	                                   "\tid BIGINT NOT NULL,\n"
	                                   "\taccount_id BIGINT NOT NULL,\n"
	                                   "\tentitlement_id BIGINT,\n"
	                                   "\tchannel TEXT NOT NULL,\n"
	                                   "\ttotal BIGINT,\n"
	                                   "\tconsumed BIGINT NOT NULL,\n"
	                                   "\treserved BIGINT NOT NULL,\n"
	                                   "\tPRIMARY KEY (account_id, id)\n);\n");
}

/* ---- round trips ------------------------------------------------------------------------- */

enum { ROUNDS = 40 };

struct trip {
	const struct ent_type *type;
	uint64_t seed;
	struct ent_arena room; /* of the test: for texts that outlive the task */
};

/* References would need their targets. There are an account, a contact, a case and a policy 7. */
static void no_references(const struct ent_type *type, void *object)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		bool is_owner = type->owned && strcmp(field->name, "account_id") == 0;
		if (field->kind == ENT_K_ID && field->rule != ENT_R_KEY && !is_owner) {
			bool is_there = strcmp(field->name, "case_id") == 0 ||
			                strcmp(field->name, "contact_id") == 0 ||
			                strcmp(field->name, "sla_policy_id") == 0;
			*(ent_id *)ent_field_at(field, object) = (ent_id){ is_there ? 7 : 0 };
		}
	}
}

static enum ent_code make_account(struct ent_db *db, ent_id id, struct ent_arena *arena,
                                  struct ent_error *error)
{
	struct ent_account account;
	ent_type_clear(&ent_account_type, &account);
	account.id = id;
	account.name = ENT_STR("an account");
	return ent_row_insert(db, &ent_account_type, &account, arena, error);
}

static void prepare(const struct ent_type *type, void *object, uint64_t *seed,
                    struct ent_arena *arena)
{
	pattern_fill(type, object, seed, arena);
	no_references(type, object);
	if (type->owned) {
		*(ent_id *)ent_field_at(ent_type_field(type, ENT_STR("account_id")), object) =
			(ent_id){ 7 };
	}
	if (ent_type_is_record(type)) {
		struct ent_record *record = object;
		record->version = 1;
	}
}

static void check_same(const struct ent_type *type, const void *a, const void *b,
                       struct ent_arena scratch)
{
	struct ent_set differ = ent_row_diff(type, a, b, scratch);
	for (size_t i = 0; i < type->count; i++) {
		if (ent_set_has(&differ, i)) {
			printf("# %s.%s differs\n", type->name, type->fields[i].name);
		}
	}
	CHECK(ent_set_is_empty(&differ));
}

/* Insert, read, change all but the key, read, delete, look in vain. */
static enum ent_code make_trip(void *arg, struct ent_db *db, struct ent_arena *arena,
                               struct ent_error *error)
{
	struct trip *trip = arg;
	const struct ent_type *type = trip->type;
	struct ent_error missing;
	uint64_t seed = trip->seed;
	char *a = ent_arena_alloc(arena, 3, type->size, _Alignof(max_align_t));
	char *b = a + type->size;
	char *got = b + type->size;
	prepare(type, a, &seed, arena);
	prepare(type, b, &seed, arena);
	memcpy(b, a, sizeof(ent_id));
	ent_id id = *(ent_id *)a;
	ent_id account = { type->owned ? 7 : 0 };
	if (ent_type_is_record(type)) {
		((struct ent_record *)b)->version = 2;
	}
	enum ent_code code = ent_row_insert(db, type, a, arena, error);
	if (code == ENT_OK) {
		code = ent_row_get(db, type, account, id, arena, got, error);
	}
	if (code == ENT_OK) {
		check_same(type, a, got, *arena);
		struct ent_set differ = ent_row_diff(type, a, b, *arena);
		code = ent_row_update(db, type, b, &differ, arena, error);
	}
	if (code == ENT_OK) {
		code = ent_row_get(db, type, ENT_ID_NONE, id, arena, got, error);
	}
	if (code == ENT_OK) {
		check_same(type, b, got, *arena);
		code = ent_row_delete(db, type, b, arena, error);
	}
	if (code == ENT_OK) {
		CHECK_INT(ent_row_get(db, type, account, id, arena, got, &missing),
		          ENT_E_NOT_FOUND);
	}
	return code;
}

static enum ent_code make_seven(void *arg, struct ent_db *db, struct ent_arena *arena,
                                struct ent_error *error)
{
	(void)arg;
	enum ent_code code = make_account(db, (ent_id){ 7 }, arena, error);
	struct ent_contact contact;
	ent_type_clear(&ent_contact_type, &contact);
	contact.id = contact.account_id = (ent_id){ 7 };
	contact.name = ENT_STR("a contact");
	if (code == ENT_OK) {
		code = ent_row_insert(db, &ent_contact_type, &contact, arena, error);
	}
	struct ent_case c;
	ent_type_clear(&ent_case_type, &c);
	c.id = c.account_id = (ent_id){ 7 };
	c.title = ENT_STR("a case");
	if (code == ENT_OK) {
		code = ent_row_insert(db, &ent_case_type, &c, arena, error);
	}
	struct ent_sla_policy policy;
	ent_type_clear(&ent_sla_policy_type, &policy);
	policy.id = (ent_id){ 7 };
	policy.name = ENT_STR("a policy");
	return code == ENT_OK ? ent_row_insert(db, &ent_sla_policy_type, &policy, arena, error)
	                      : code;
}

STORE_TEST(row_round_trips)
{
	struct ent_store *store = helper_open();
	struct ent_error error = { 0 };
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	CHECK_INT(ent_store_run(store, ENT_WRITE, make_seven, NULL, &error), ENT_OK);
	for (size_t i = 0; i < count; i++) {
		for (uint64_t round = 0; round < ROUNDS; round++) {
			struct trip trip = { .type = types[i], .seed = round * 977 + i };
			ROW(types[i]->name);
			error.detail[0] = '\0';
			CHECK_INT(ent_store_run(store, ENT_WRITE, make_trip, &trip, &error),
			          ENT_OK);
			CHECK_TEXT(error.detail, "");
		}
	}
	ent_store_close(store);
}

/* ---- an event of the organisation itself ------------------------------------------------ */

static enum ent_code event_work(void *arg, struct ent_db *db, struct ent_arena *arena,
                                struct ent_error *error)
{
	(void)arg;
	struct ent_event event;
	struct ent_event got;
	ent_type_clear(&ent_event_type, &event);
	event.id = (ent_id){ 5 };
	event.seq = 1;
	enum ent_code code = ent_row_insert(db, &ent_event_type, &event, arena, error);
	if (code == ENT_OK) {
		code = ent_row_get(db, &ent_event_type, ENT_ID_NONE, event.id, arena, &got, error);
	}
	if (code == ENT_OK) {
		CHECK(ent_id_is_none(got.account_id));
	}
	return code;
}

STORE_TEST(row_keeps_events_of_no_account)
{
	struct ent_store *store = helper_open();
	struct ent_error error = { 0 };
	CHECK_INT(ent_store_run(store, ENT_WRITE, event_work, NULL, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
	CHECK_INT(helper_number(store, "SELECT account_id FROM event"), 0);
	ent_store_close(store);
}

/* ---- versions ------------------------------------------------------------------------------ */

static enum ent_code rename_work(void *arg, struct ent_db *db, struct ent_arena *arena,
                                 struct ent_error *error)
{
	const int64_t *version = arg;
	struct ent_account account;
	struct ent_set set = { { 0, 0 } };
	enum ent_code code = ent_row_get(db, &ent_account_type, ENT_ID_NONE, (ent_id){ 7 }, arena,
	                                 &account, error);
	if (code != ENT_OK) {
		return code;
	}
	account.version = *version;
	account.name = ENT_STR("renamed");
	ent_set_add(&set, ent_type_at(&ent_account_type, ENT_FIELD_OF(account, name)));
	return ent_row_update(db, &ent_account_type, &account, &set, arena, error);
}

STORE_TEST(row_update_needs_the_version)
{
	struct ent_store *store = helper_open();
	struct ent_error error = { 0 };
	CHECK_INT(ent_store_run(store, ENT_WRITE, make_seven, NULL, &error), ENT_OK);
	CHECK_INT(helper_number(store, "SELECT version FROM account"), 0);
	int64_t version = 3;
	CHECK_INT(ent_store_run(store, ENT_WRITE, rename_work, &version, &error),
	          ENT_E_PRECONDITION_FAILED);
	CHECK_TEXT(error.detail, "changed by someone else");
	version = 1;
	CHECK_INT(ent_store_run(store, ENT_WRITE, rename_work, &version, &error), ENT_OK);
	CHECK_INT(ent_store_run(store, ENT_WRITE, rename_work, &version, &error),
	          ENT_E_PRECONDITION_FAILED);
	CHECK_INT(helper_number(store, "SELECT version FROM account"), 1);
	CHECK_INT(helper_number(store, "SELECT COUNT(*) FROM account WHERE name = 'renamed'"), 1);
	ent_store_close(store);
}

/* ---- errors --------------------------------------------------------------------------------- */

static enum ent_code sql_work(void *arg, struct ent_db *db, struct ent_arena *arena,
                              struct ent_error *error)
{
	struct ent_rows rows;
	return ent_db_run(db, ent_str_of(arg), NULL, 0, arena, &rows, error);
}

static enum ent_code queued_work(void *arg, struct ent_db *db, struct ent_arena *arena,
                                 struct ent_error *error)
{
	return ent_db_exec(db, ent_str_of(arg), NULL, 0, ENT_ANY_ROWS, arena, error);
}

STORE_TEST(row_errors_have_codes)
{
	static const struct {
		const char *sql;
		enum ent_code code;
	} rows[] = {
		{ "INSERT INTO account_head (account_id, version, seq) VALUES (0, 0, 0)",
		  ENT_E_DUPLICATE },
		{ "INSERT INTO account_head (account_id, version) VALUES (1, 1)", ENT_E_CONFLICT },
		{ "INSERT INTO \"contact\" (id, version, account_id, name, inactive) "
		  "VALUES (1, 1, 99, 'x', FALSE)",
		  ENT_E_CONFLICT },
		{ "INSERT INTO \"account\" (id, version, name, kind) VALUES (1, 1, 'x', 'y')",
		  ENT_E_CONFLICT },
		{ "INSERT INTO \"team\" (id, version, name) VALUES (1, 1, 'x'), (2, 1, 'x')",
		  ENT_E_DUPLICATE },
		{ "SELECT 1 FROM no_such_table", ENT_E_UNAVAILABLE },
		{ "SELECT nothing FROM account", ENT_E_STORAGE },
		{ "SELEKT", ENT_E_STORAGE },
	};
	struct ent_store *store = helper_open();
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_error error = { 0 };
		ROW(rows[i].sql);
		void *sql = (void *)(uintptr_t)rows[i].sql;
		CHECK_INT(ent_store_run(store, ENT_WRITE, sql_work, sql, &error), rows[i].code);
		CHECK(error.detail[0] != '\0');
		CHECK_INT(ent_store_run(store, ENT_WRITE, queued_work, sql, &error), rows[i].code);
	}
	ent_store_close(store);
}
