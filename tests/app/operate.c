#include "app/operate.h"

#include "base/text.h"
#include "json/json.h"

struct operating {
	const struct ent_action_row *action;
	ent_id id;
	ent_str json;
	bool preview;
	struct ent_contract_plan *out;
};

static enum ent_code act(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct operating *o = arg;
	struct ent_set given;
	const struct ent_node *node;
	void *input = ent_arena_alloc(call->arena, 1, o->action->input->size, 16);
	struct ent_contract_plan plan;
	ent_type_clear(o->action->input, input);
	enum ent_code code = ent_json_parse(o->json, call->arena, &node, error);
	if (code == ENT_OK) {
		code = ent_json_read(o->action->input, node, ENT_JSON_CREATE, call->arena, input,
		                     &given, error);
	}
	call->preview = o->preview;
	if (code == ENT_OK) {
		code = o->action->act(call, o->id, 0, input, &plan, error);
	}
	if (code == ENT_OK) {
		ent_type_copy(&ent_contract_plan_type, &plan, o->out, &world.arena);
	}
	return code;
}

ent_str operate_fill(const char *json, const struct world_ref *refs)
{
	struct ent_text text = ent_text_begin(&world.arena);
	for (const char *p = json; *p != '\0'; p++) {
		if (*p == '$' && p[1] >= '1' && p[1] <= '9') {
			const struct world_ref *ref = &refs[*++p - '1'];
			char room[ENT_ID_ROOM];
			ent_text_char(&text, '"');
			ent_text_add(
				&text,
				(ent_str){ room, ent_id_format(ref->id, ref->type->prefix, room) });
			ent_text_char(&text, '"');
		} else {
			ent_text_char(&text, *p);
		}
	}
	return ent_text_end(&text);
}

enum ent_code operate_try(const char *name, ent_id contract, const char *json,
                          const struct world_ref *refs, bool preview, struct ent_contract_plan *out)
{
	struct operating o = { .action = ent_action_of(&ent_contract_type, ent_str_of(name)),
		               .id = contract,
		               .json = operate_fill(json, refs),
		               .preview = preview,
		               .out = out };
	CHECK(o.action != NULL && o.action->has_preview);
	return world_run(preview ? ENT_READ : ENT_WRITE, act, &o);
}

static const char *text_of(struct ent_json json)
{
	return json.text.len == 0 ? "" : json.text.ptr;
}

struct ent_contract_plan operate(const char *name, ent_id contract, const char *json,
                                 const struct world_ref *refs)
{
	struct ent_contract_plan shown, done;
	const char *before = operate_dump();
	ent_type_clear(&ent_contract_plan_type, &shown);
	ent_type_clear(&ent_contract_plan_type, &done);
	world_check_ok(operate_try(name, contract, json, refs, true, &shown), name, 0);
	SAME_TABLES(operate_dump(), before);
	CHECK(ent_id_is_none(shown.operation_id));
	world_check_ok(operate_try(name, contract, json, refs, false, &done), name, 0);
	CHECK_TEXT(text_of(done.changes), text_of(shown.changes));
	CHECK_TEXT(text_of(done.warnings), text_of(shown.warnings));
	CHECK_INT(done.price_delta.micro, shown.price_delta.micro);
	CHECK_INT(done.price_after.micro, shown.price_after.micro);
	CHECK(!ent_id_is_none(done.operation_id));
	CHECK(done.contract_version > shown.contract_version);
	return done;
}

enum ent_code operate_refused(const char *name, ent_id contract, const char *json,
                              const struct world_ref *refs)
{
	struct ent_contract_plan ignored;
	const char *before = operate_dump();
	enum ent_code shown = operate_try(name, contract, json, refs, true, &ignored);
	enum ent_code done = operate_try(name, contract, json, refs, false, &ignored);
	CHECK_CODE(done, shown);
	SAME_TABLES(operate_dump(), before);
	return done;
}

void operate_same(const char *got, const char *want, const char *file, int line)
{
	const char *a = got;
	const char *b = want;
	size_t i = 0;
	while (a[i] != '\0' && a[i] == b[i]) {
		i++;
	}
	if (a[i] == b[i]) {
		return;
	}
	while (i > 0 && a[i - 1] != '\n') {
		i--;
	}
	printf("# %s:%d: tables differ from\n# %.1600s\n", file, line, b + i);
	CHECK_TEXT(ent_text_copy(&world.arena, (ent_str){ a + i, strnlen(a + i, 1600) }).ptr, "");
}

/* ---- tables ----------------------------------------------------------------------------- */

struct dump {
	struct ent_text text;
	const ent_id *accounts; /* two, whose rows are left out in nothing; NULL: all, as told */
};

static bool is_left_out(const struct ent_field *field)
{
	static const char *const names[] = { "version", "updated_at", "due_at",
		                             "seen_at", "line_count", "extra_rows" };
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		if (strcmp(field->name, names[i]) == 0) {
			return true;
		}
	}
	return false;
}

static void dump_row(const struct ent_type *type, const void *row, struct dump *dump)
{
	struct ent_text *out = &dump->text;
	ent_text_addf(out, "%s {", type->name);
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (ent_field_is_column(field) && (dump->accounts != NULL || !is_left_out(field))) {
			ent_text_addf(out, " %s=", type->fields[i].name);
			ent_json_value(&type->fields[i], row, out);
		}
	}
	ent_text_add(out, ENT_STR(" }\n"));
}

static enum ent_code dump_all(struct ent_call *call, void *arg, struct ent_error *error)
{
	static const struct ent_type *const types[] = {
		&ent_contract_type,
		&ent_contract_suspension_type,
		&ent_contract_line_type,
		&ent_line_suspension_type,
		&ent_price_adjustment_type,
		&ent_ramp_segment_type,
		&ent_contract_characteristic_type,
		&ent_contract_coverage_type,
		&ent_entitlement_type,
		&ent_entitlement_channel_type,
		&ent_entitlement_grant_type,
		&ent_term_posting_type,
		&ent_contract_link_type,
		&ent_contract_operation_type, /* of the whole only: undone, it stays */
	};
	struct dump *dump = arg;
	bool is_whole = dump->accounts != NULL;
	size_t count = ENT_COUNT(types) - !is_whole;
	ent_str tail = is_whole ? ENT_STR("WHERE t.account_id IN ($1, $2) ORDER BY t.id")
	                        : ENT_STR("ORDER BY t.id");
	const struct ent_value args[] = { ent_arg_id(is_whole ? dump->accounts[0] : ENT_ID_NONE),
		                          ent_arg_id(is_whole ? dump->accounts[1] : ENT_ID_NONE) };
	enum ent_code code = ENT_OK;
	for (size_t t = 0; t < count && code == ENT_OK; t++) {
		struct ent_list list;
		code = ent_row_select(call->db, types[t], tail, args, is_whole ? 2 : 0, call->arena,
		                      &list, error);
		for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
			dump_row(types[t], (const char *)list.items + i * types[t]->size, dump);
		}
	}
	return code;
}

const char *operate_dump(void)
{
	struct dump dump = { ent_text_begin(&world.arena), NULL };
	OK(world_run(ENT_READ, dump_all, &dump));
	return ent_text_end(&dump.text).ptr;
}

const char *operate_dump_whole(const ent_id accounts[2])
{
	static const char *const marks[] = {
		"SELECT COUNT(*) FROM event",
		"SELECT SUM(version + seq) FROM account_head",
		"SELECT COUNT(*) FROM \"due\"",
		"SELECT COALESCE(SUM(at / 1000000), 0) FROM \"due\"",
	};
	struct dump dump = { ent_text_begin(&world.arena), accounts };
	OK(world_run(ENT_READ, dump_all, &dump));
	for (size_t i = 0; i < ENT_COUNT(marks); i++) {
		ent_text_addf(&dump.text, "%s: %lld\n", marks[i],
		              (long long)world_number(marks[i], ENT_ID_NONE));
	}
	return ent_text_end(&dump.text).ptr;
}

struct ent_contract operate_contract(ent_id contract)
{
	struct ent_contract out;
	world_get(&ent_contract_type, contract, &out);
	return out;
}

struct ent_contract_line operate_line(ent_id contract, int n)
{
	struct ent_contract_line out;
	char sql[160];
	snprintf(sql, sizeof(sql),
	         "SELECT id FROM contract_line WHERE contract_id = $1 ORDER BY id LIMIT 1 "
	         "OFFSET %d",
	         n);
	world_get(&ent_contract_line_type, (ent_id){ world_number(sql, contract) }, &out);
	return out;
}
