#include "app/desk.h"

#include "app/settings.h"
#include "app/verify.h"
#include "base/text.h"
#include "core/terms.h"

/* ---- running -------------------------------------------------------------------------- */

/* In a savepoint of the running transaction. */
static enum ent_code run_nested(struct desk *desk, const struct ent_call *model, ent_use *use,
                                void *arg)
{
	struct ent_call call = *model;
	int depth = desk->db->depth;
	call.app = desk->app;
	call.db = desk->db;
	call.arena = desk->arena;
	enum ent_code code = desk->db->ops->begin(desk->db, ENT_WRITE, &desk->error);
	if (code == ENT_OK) {
		code = use(&call, arg, &desk->error);
	}
	if (code == ENT_OK) {
		code = ent_call_finish(&call, &desk->error);
	}
	if (code == ENT_OK) {
		code = desk->db->ops->commit(desk->db, &desk->error);
	}
	if (desk->db->depth > depth) {
		ent_db_unwind(desk->db, depth);
	}
	return code;
}

enum ent_code desk_run(struct desk *desk, enum ent_access access, ent_use *use, void *arg)
{
	struct ent_call model = {
		.now = ent_app_now(desk->app),
		.who = &desk->who,
		.origin = ENT_STR("test"),
		.request_id = ENT_STR("req"),
	};
	ent_error_clear(&desk->error);
	return desk->db != NULL ? run_nested(desk, &model, use, arg)
	                        : ent_app_run(desk->app, access, &model, use, arg, &desk->error);
}

struct batch {
	struct desk *desk;
	void (*body)(struct desk *desk, void *arg);
	void *arg;
};

static enum ent_code run_batch(void *arg, struct ent_db *db, struct ent_arena *arena,
                               struct ent_error *error)
{
	struct batch *batch = arg;
	(void)error;
	batch->desk->db = db;
	batch->desk->arena = arena;
	batch->body(batch->desk, batch->arg);
	batch->desk->db = NULL;
	return ENT_OK;
}

void desk_batch(struct desk *desk, void (*body)(struct desk *desk, void *arg), void *arg)
{
	struct batch batch = { desk, body, arg };
	struct ent_error error = { .code = ENT_OK };
	CHECK_INT(ent_store_run(ent_app_store(desk->app), ENT_WRITE, run_batch, &batch, &error),
	          ENT_OK);
	CHECK_TEXT(error.detail, "");
}

static void must(const struct desk *desk, enum ent_code code)
{
	CHECK_INT(code, ENT_OK);
	if (code != ENT_OK) {
		CHECK_TEXT(desk->error.detail, "");
	}
}

struct creating {
	const struct ent_type *type;
	void *object;
};

static enum ent_code create(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct creating *creating = arg;
	struct ent_set given = { { UINT64_MAX, UINT64_MAX } };
	void *copy = ent_record_copy(call->arena, creating->type, creating->object);
	enum ent_code code = ent_record_create(call, creating->type, copy, &given, error);
	if (code == ENT_OK) {
		*(ent_id *)creating->object = *(ent_id *)copy;
	}
	return code;
}

enum ent_code desk_make(struct desk *desk, const struct ent_type *type, void *object)
{
	struct creating creating = { type, object };
	return desk_run(desk, ENT_WRITE, create, &creating);
}

static ent_id make(struct desk *desk, const struct ent_type *type, void *object)
{
	must(desk, desk_make(desk, type, object));
	return *(ent_id *)object;
}

static enum ent_code select_number(struct ent_call *call, void *arg, struct ent_error *error)
{
	int64_t *number = arg;
	struct ent_rows rows;
	const char *sql = (const char *)(uintptr_t)*number;
	enum ent_code code = ent_db_run(call->db, ent_str_of(sql), NULL, 0, call->arena, &rows,
	                                error);
	if (code == ENT_OK) {
		*number = rows.count > 0 ? rows.first->cell[0].number : -1;
	}
	return code;
}

int64_t desk_number(struct desk *desk, const char *sql)
{
	int64_t number = (int64_t)(uintptr_t)sql;
	must(desk, desk_run(desk, ENT_READ, select_number, &number));
	return number;
}

/* ---- life ------------------------------------------------------------------------------- */

void desk_open(struct desk *desk)
{
	*desk = (struct desk){ .who = ent_principal_system };
	ent_store_close(helper_open()); /* migrated */
	struct ent_app_config config = { .database = helper_url() };
	CHECK(ent_instant_parse(ENT_STR("2026-03-02T09:00:00Z"), &config.clock));
	CHECK_INT(ent_app_open(&config, &desk->app, &desk->error), ENT_OK);
	CHECK_TEXT(desk->error.detail, "");
	if (desk->app == NULL) {
		exit(1); /* no test can go on */
	}
	desk->account = desk_account(desk, ENT_ID_NONE);
}

void desk_close(struct desk *desk)
{
	ent_app_close(desk->app);
}

void desk_wait(struct desk *desk, int64_t days)
{
	ent_instant now = ent_app_now(desk->app);
	ent_app_advance(desk->app, (ent_instant){ now.us + days * ENT_DAY_US });
}

void desk_role(struct desk *desk, enum ent_role role)
{
	desk->who = (struct ent_principal){
		.who = ENT_WHO_USER, .role = role, .name = ENT_STR("Somebody"),
		.actor = ENT_STR("usr_x"), .permissions = ent_role_permissions(role),
	};
}

ent_id desk_account(struct desk *desk, ent_id parent)
{
	struct ent_account account;
	ent_type_clear(&ent_account_type, &account);
	account.name = ENT_STR("Acme");
	account.parent_id = parent;
	return make(desk, &ent_account_type, &account);
}

ent_id desk_contact(struct desk *desk, ent_id account)
{
	struct ent_contact contact;
	ent_type_clear(&ent_contact_type, &contact);
	contact.name = ENT_STR("Marcie");
	contact.account_id = account;
	return make(desk, &ent_contact_type, &contact);
}

ent_id desk_product(struct desk *desk, ent_id parent)
{
	struct ent_product product;
	ent_type_clear(&ent_product_type, &product);
	product.name = ENT_STR("Printer");
	product.parent_id = parent;
	return make(desk, &ent_product_type, &product);
}

ent_id desk_asset(struct desk *desk, ent_id account, ent_id product)
{
	struct ent_asset asset;
	ent_type_clear(&ent_asset_type, &asset);
	asset.name = ENT_STR("The printer");
	asset.account_id = account;
	asset.product_id = product;
	return make(desk, &ent_asset_type, &asset);
}

static enum ent_code change_settings(struct ent_call *call, void *arg, struct ent_error *error)
{
	ent_str sql = ent_text_format(call->arena, "UPDATE \"settings\" SET %s", (char *)arg);
	struct ent_settings settings = { .id = ent_settings_id };
	ent_record_touch(call, &ent_settings_type, &settings);
	return ent_db_exec(call->db, sql, NULL, 0, 1, call->arena, error);
}

void desk_settings(struct desk *desk, const char *change)
{
	must(desk, desk_run(desk, ENT_WRITE, change_settings, (char *)(uintptr_t)change));
}

/* ---- entitlements -------------------------------------------------------------------------- */

static void add_channel(struct ent_entitlement_channel *rows, size_t *count, ent_str name,
                        int64_t total)
{
	if (total > 0) {
		ent_type_clear(&ent_entitlement_channel_type, &rows[*count]);
		rows[*count].channel = name;
		rows[(*count)++].total = (ent_count){ total - 1 };
	}
}

static enum ent_code activate(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct ent_input_reason input = { .reason = { NULL, 0 } };
	struct ent_entitlement *e = ENT_NEW(call->arena, struct ent_entitlement, 1);
	return ent_entitlement_activate(call, *(ent_id *)arg, 0, &input, e, error);
}

ent_id desk_entitlement(struct desk *desk, const struct desk_terms *terms)
{
	struct ent_entitlement_channel rows[3];
	struct ent_entitlement e;
	ent_type_clear(&ent_entitlement_type, &e);
	e.account_id = ent_id_is_none(terms->account) ? desk->account : terms->account;
	e.name = ENT_STR("Support");
	e.unit = terms->unit == ENT_UNIT_NONE ? ENT_UNIT_CASES : terms->unit;
	e.unlimited = terms->unlimited;
	if (!e.unlimited) {
		e.total.n = terms->total == 0 ? 10 : terms->total;
	}
	e.charge_on = terms->charge_on;
	e.restricted = terms->restricted;
	e.covers_descendants = terms->covers_descendants;
	e.other_channels = terms->deny_others ? ENT_CHANNELS_DENY : ENT_CHANNELS_ALLOW;
	if (terms->days > 0) {
		ent_instant now = ent_app_now(desk->app);
		e.ends_on.day = (int32_t)(now.us / ENT_DAY_US + terms->days - 1);
	}
	e.products = (struct ent_ids){ &terms->product, !ent_id_is_none(terms->product) };
	e.contacts = (struct ent_ids){ &terms->contact, !ent_id_is_none(terms->contact) };
	e.channels.items = rows;
	add_channel(rows, &e.channels.count, ENT_STR("phone"), terms->phone);
	add_channel(rows, &e.channels.count, ENT_STR("email"), terms->email);
	add_channel(rows, &e.channels.count, ENT_STR("web"), terms->web);
	ent_id id = make(desk, &ent_entitlement_type, &e);
	must(desk, desk_run(desk, ENT_WRITE, activate, &id));
	return id;
}

struct reading {
	ent_id id;
	struct desk_balance balance;
};

static enum ent_code read_balance(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct reading *reading = arg;
	struct ent_entitlement e;
	enum ent_code code = ent_record_get(call, &ent_entitlement_type, reading->id, &e, error);
	if (code == ENT_OK) {
		struct ent_entitlement_channel *phone = ent_terms_channel(&e, ENT_STR("phone"));
		struct ent_entitlement_channel *email = ent_terms_channel(&e, ENT_STR("email"));
		reading->balance = (struct desk_balance){
			.remaining = e.remaining.n, .available = e.available.n,
			.consumed = e.consumed.n, .reserved = e.reserved.n,
			.phone = phone == NULL ? 0 : phone->available.n,
			.email = email == NULL ? 0 : email->available.n,
		};
	}
	return code;
}

struct desk_balance desk_balance(struct desk *desk, ent_id entitlement)
{
	struct ent_principal who = desk->who;
	struct reading reading = { .id = entitlement };
	desk->who = ent_principal_system;
	must(desk, desk_run(desk, ENT_READ, read_balance, &reading));
	desk->who = who;
	return reading.balance;
}

/* ---- what must always be so ---------------------------------------------------------- */

static void report(void *arg, const struct ent_finding *finding)
{
	(void)arg;
	CHECK_TEXT(finding->detail, finding->subject);
}

void desk_verify(struct desk *desk)
{
	struct ent_verify_result result;
	must(desk, ent_verify(desk->app, report, NULL, &result, &desk->error));
	CHECK_INT(result.findings, 0);
}
