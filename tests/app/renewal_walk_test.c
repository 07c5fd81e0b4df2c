/* Whatever happens to a contract whose renewal is a draft already: in the end the draft says what a
 * renewal that is made then would say. */
#include "app/agenda.h"
#include "app/operate.h"
#include "base/text.h"
#include "json/json.h"

enum { LIVES = 8, STEPS = 10 };

static uint64_t state;

static int64_t chance(int64_t below)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)((state >> 33) % (uint64_t)below);
}

static const char care[] =
	"{\"account_id\":$1,\"name\":\"Care\",\"starts_on\":\"2025-01-01\",\"ends_on\":"
	"\"2025-12-31\",\"currency\":\"EUR\",\"auto_renew\":true,\"renewal_proposal\":\"quote\","
	"\"renewal_basis\":\"contracted_price\",\"uplift_percent\":\"5\",\"coverage\":[{"
	"\"product_id\":$2}],\"lines\":[{\"name\":\"A\",\"quantity\":\"10\",\"unit_price\":{"
	"\"amount\":\"10\",\"currency\":\"EUR\"},\"coverage\":[{\"product_id\":$2}],\"lines\":[{"
	"\"name\":\"AA\",\"per_parent\":true,\"unit_price\":{\"amount\":\"2\",\"currency\":"
	"\"EUR\"}}],\"entitlements\":[{\"name\":\"Phone\",\"unit\":\"cases\",\"total\":10}]},{"
	"\"name\":\"B\",\"unit_price\":{\"amount\":\"20\",\"currency\":\"EUR\"},\"ramp\":"
	"\"quarterly\",\"ramp_percent\":\"4\"},{\"name\":\"C\",\"derived_percent\":\"10\"}]}";

/* ---- what happens ---- */

/* Operations; without a word before the blank an edit of the contract, of a line ("/") or of an
 * entitlement ("!"), or an amendment of that ("~"). */
static const char *const acts[] = {
	"upsell {\"lines\":[{\"line_id\":$1,\"quantity\":\"15\"}]}",
	"downsell {\"lines\":[{\"line_id\":$1,\"quantity\":\"4\"}]}",
	"cancel {\"lines\":[$1]}",
	"extend {\"term\":\"P1M\"}",
	"suspend {\"lines\":[$1],\"ends_at\":\"2025-11-01T00:00:00Z\",\"extend_term\":true}",
	("add_lines {\"lines\":[{\"name\":\"D\",\"unit_price\":{\"amount\":\"3\",\"currency\":"
	 "\"EUR\"},\"coverage\":[{\"product_id\":$2}]}]}"),
	"amend "
	"{\"lines\":[{\"line_id\":$1,\"characteristics\":[{\"name\":\"k\",\"value\":\"v\"}]}]}",
	("swap {\"lines\":[{\"line_id\":$1,\"product_id\":$2,\"unit_price\":{\"amount\":\"7\","
	 "\"currency\":\"EUR\"}}]}"),
	" {\"payment_terms\":\"net 60\"}",
	" {\"uplift_percent\":\"8\",\"name\":\"Care again\"}",
	" {\"clauses\":[{\"title\":\"t\",\"body\":\"b\"}]}",
	" {\"ends_on\":\"2026-02-28\"}",
	"/ {\"name\":\"Another name\"}",
	"/ {\"uplift_percent\":\"12\"}",
	"/ {\"renewable\":false}",
	"/ {\"renewable\":true}",
	("~ {\"effective_on\":\"2025-06-10\",\"changes\":{\"name\":\"June\",\"priority\":4}}"),
	("~ {\"effective_on\":\"2025-08-01\",\"changes\":{\"total\":40}}"),
	("! {\"name\":\"Desk\",\"priority\":3,"
	 "\"kb_access\":\"full\"}"),
	"! {\"name\":\"Hotline\",\"type\":\"phone\"}",
};

static ent_id some_line(ent_id contract)
{
	int64_t count =
		world_number("SELECT count(*) FROM contract_line WHERE contract_id = $1", contract);
	return operate_line(contract, (int)chance(count)).id;
}

static ent_id some_right(ent_id contract)
{
	return (ent_id){ world_number("SELECT MIN(id) FROM entitlement WHERE contract_id = $1",
		                      contract) };
}

static void cover(ent_id contract, ent_id product)
{
	ent_id row = { world_number("SELECT COALESCE(MIN(id), 0) FROM contract_coverage WHERE "
		                    "contract_id = $1",
		                    contract) };
	enum ent_code code;
	if (row.value != 0 && chance(2) == 0) {
		code = world_try_delete(&ent_contract_coverage_type, row);
	} else {
		code = world_try_create(&ent_contract_coverage_type,
		                        "{\"contract_line_id\":$1,\"product_id\":$2}",
		                        REFS({ &ent_contract_line_type, some_line(contract) },
		                             { &ent_product_type, product }),
		                        &row);
	}
	CHECK(code == ENT_OK || ent_code_http(code) < 500);
}

static void act(ent_id contract, ent_id product)
{
	size_t n = (size_t)chance(ENT_COUNT(acts) + 3);
	if (n >= ENT_COUNT(acts)) {
		cover(contract, product);
		return;
	}
	const char *json = strchr(acts[n], ' ') + 1;
	const struct world_ref *refs = REFS({ &ent_contract_line_type, some_line(contract) },
	                                    { &ent_product_type, product });
	char name[20];
	struct ent_contract_plan ignored;
	snprintf(name, sizeof(name), "%.*s", (int)(json - acts[n] - 1), acts[n]);
	enum ent_code code =
		name[0] == '~' ? world_try(&ent_entitlement_type, "amend", some_right(contract),
	                                   json, NULL)
		: name[0] == '!'
			? world_try_update(&ent_entitlement_type, some_right(contract), json, refs)
		: name[0] == '\0' ? world_try_update(&ent_contract_type, contract, json, NULL)
		: name[0] == '/' ? world_try_update(&ent_contract_line_type, refs[0].id, json, NULL)
				 : operate_try(name, contract, json, refs, false, &ignored);
	CHECK(code == ENT_OK || ent_code_http(code) < 500);
}

static void run_agenda(void)
{
	struct ent_agenda_report report = { .handled = 0 };
	struct ent_error error;
	ent_error_clear(&error);
	CHECK_INT(ent_agenda_run(world.app, ENT_INSTANT_NONE, &report, &error), ENT_OK);
	CHECK_TEXT(report.failed == 0 ? "" : report.error.detail, "");
}

/* ---- what a renewal says ---- */

static void say_fields(const struct ent_type *type, const void *object, struct ent_text *out)
{
	static const char *const own[] = { "contract_id", "parent_id", "contract_line_id",
		                           "entitlement_id", "derived_from" };
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		bool is_own = field->rule != ENT_R_ONCE && field->rule != ENT_R_REQUIRED &&
		              field->rule != ENT_R_OPTIONAL;
		for (size_t k = 0; k < ENT_COUNT(own); k++) {
			is_own = is_own || strcmp(field->name, own[k]) == 0;
		}
		if (!is_own && field->kind != ENT_K_CHILDREN) {
			ent_text_addf(out, " %s=", field->name);
			ent_json_value(field, object, out);
		}
	}
	ent_text_char(out, '\n');
}

struct saying {
	ent_id contract;
	ent_str text;
};

#define ROWS_OF(type, where, order)                                                              \
	ent_row_select(call->db, &ent_##type##_type, ENT_STR("WHERE " where " ORDER BY " order), \
	               ENT_ARGS(ent_arg_id(s->contract)), call->arena, &list, error)
#define LINES                                                             \
	"(SELECT l.id FROM contract_line l WHERE l.contract_id = $1 AND " \
	"l.cancelled_at IS NULL)"
#define FROM "(SELECT l.renewed_from_id FROM contract_line l WHERE l.id = t.contract_line_id)"

static enum ent_code say(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct saying *s = arg;
	struct ent_text text = ent_text_begin(&world.arena);
	struct ent_list list;
	struct ent_contract contract;
	enum ent_code code =
		ent_record_load(call, &ent_contract_type, s->contract, &contract, error);
	if (code == ENT_OK) {
		ent_text_addf(&text, "clauses=%zu", contract.clauses.count);
		say_fields(&ent_contract_type, &contract, &text);
		code = ROWS_OF(contract_line, "t.contract_id = $1 AND t.cancelled_at IS NULL",
		               "t.renewed_from_id");
	}
	const struct ent_contract_line *lines = list.items;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		ent_text_addf(&text, "%lld derived=%zu", (long long)lines[i].renewed_from_id.value,
		              lines[i].derived_from.count);
		say_fields(&ent_contract_line_type, &lines[i], &text);
	}
	if (code == ENT_OK) {
		code = ROWS_OF(entitlement, "t.contract_id = $1 AND t.stage <> 'cancelled'",
		               "t.renewed_from_id");
	}
	const struct ent_entitlement *rights = list.items;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		ent_text_addf(&text, "%lld", (long long)rights[i].renewed_from_id.value);
		say_fields(&ent_entitlement_type, &rights[i], &text);
	}
	if (code == ENT_OK) {
		code = ROWS_OF(contract_coverage,
		               "t.contract_id = $1 OR t.contract_line_id IN " LINES,
		               "t.contract_id, " FROM ", t.product_id, t.id");
	}
	const struct ent_contract_coverage *covers = list.items;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		ent_text_addf(&text, "%s", ent_id_is_none(covers[i].contract_id) ? "line" : "all");
		say_fields(&ent_contract_coverage_type, &covers[i], &text);
	}
	s->text = ent_text_end(&text);
	return code;
}

static const char *said(ent_id contract)
{
	struct saying s = { .contract = contract };
	OK(world_run(ENT_READ, say, &s));
	return s.text.ptr;
}

static ent_id successor(ent_id contract)
{
	return (ent_id){ world_number("SELECT COALESCE(MAX(id), 0) FROM contract WHERE "
		                      "renewed_from_id = $1 AND cancelled_at IS NULL AND "
		                      "stage <> 'cancelled'",
		                      contract) };
}

/* ---- the walk ---- */

static void live(void)
{
	ent_id product = world_create(&ent_product_type, "{\"name\":\"Y\"}", NULL);
	ent_id id = world_create(
		&ent_contract_type, care,
		REFS({ &ent_account_type, world_account("Acme") }, { &ent_product_type, product }));
	world_at("2025-01-02T12:00:00Z");
	run_agenda();
	ent_id draft = successor(id);
	CHECK(draft.value != 0);
	for (int i = 0; i < STEPS; i++) {
		char day[32];
		snprintf(day, sizeof(day), "2025-%02d-%02dT12:00:00Z", 2 + i / 2,
		         (int)(1 + i % 2 * 14 + chance(13)));
		world_at(day);
		act(id, product);
		run_agenda();
		if (operate_contract(id).ends_early) {
			CHECK_INT(successor(id).value, 0);
			return;
		}
		CHECK_INT(successor(id).value, draft.value);
	}
	const char *kept = said(draft);
	world_sql("UPDATE contract SET stage = 'cancelled', renewal_key = NULL WHERE id = $1",
	          draft);
	struct ent_contract_plan plan;
	enum ent_code code = operate_try("renew", id, "{\"back_date\":true,\"keep_draft\":true}",
	                                 NULL, false, &plan);
	if (code == ENT_OK) { /* else nothing is left to be renewed */
		SAME_TABLES(kept, said(successor(id)));
	}
}

APP_TEST(renewal_walk_ends_with_what_a_new_one_would_be)
{
	char row[40];
	for (int i = 0; i < LIVES; i++) {
		if (i > 0) {
			CHECK(helper_use_migrated(helper_dialect));
		}
		state = (uint64_t)i * UINT64_C(0x9E3779B97F4A7C15) + 5;
		snprintf(row, sizeof(row), "life %d", i);
		world_open("2025-01-01T12:00:00Z");
		ROW(row);
		live();
		ROW("");
		world_close();
	}
}

/* What an amendment brings later is in the draft as soon as it is in force, whoever comes first. */
APP_TEST(renewal_draft_follows_amendments_when_they_take_effect)
{
	for (int first = 0; first < 2; first++) {
		if (first > 0) {
			CHECK(helper_use_migrated(helper_dialect));
		}
		world_open("2025-01-01T12:00:00Z");
		ent_id id = world_create(
			&ent_contract_type, care,
			REFS({ &ent_account_type, world_account("Acme") },
		             { &ent_product_type,
		               world_create(&ent_product_type, "{\"name\":\"Y\"}", NULL) }));
		world_at("2025-01-02T12:00:00Z");
		run_agenda();
		ent_id right = some_right(id);
		ent_id kept = some_right(successor(id));
		world_do(&ent_entitlement_type, "amend", right,
		         "{\"effective_on\":\"2025-06-10\",\"changes\":{\"name\":\"June\","
		         "\"total\":40}}");
		run_agenda();
		CHECK_INT(world_entitlement(kept).total.n, 10);
		world_at("2025-06-10T00:00:00Z");
		if (first == 1) { /* and not the scheduler */
			world_do(&ent_entitlement_type, "consume", right, "{\"units\":1}");
		}
		run_agenda();
		CHECK_INT(world_entitlement(right).total.n, 40);
		CHECK_INT(world_entitlement(kept).total.n, 40);
		CHECK_TEXT(world_entitlement(kept).name.ptr, "June");
		CHECK_INT(world_findings(), 0);
		world_close();
	}
}
