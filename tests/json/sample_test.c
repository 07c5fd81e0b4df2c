/* The sample itself, which all tests of described types share. */
#include "sample.h"

#define ENT_SELF part_type
static const struct ent_field part_fields[] = {
	ENT_FIELD_ROW(struct part, ent_id, id, KEY, 0, SIDE, "")
	ENT_FIELD_ROW(struct part, ent_str, name, REQUIRED, 10, LIST, "")
	ENT_FIELD_ROW(struct part, ent_count, total, OPTIONAL, 100, LIST, "")
	ENT_FIELD_ROW(struct part, int64_t, used, HIDDEN, -1, NONE, "")
	ENT_FIELD_ROW(struct part, ent_count, left, DERIVED, 0, LIST, "")
};
#undef ENT_SELF

#define ENT_SELF sample_type
static const struct ent_field sample_fields[] = {
	ENT_FIELD_ROW(struct sample, ent_id, id, KEY, 0, SIDE, "")
	ENT_FIELD_ROW(struct sample, int64_t, version, SERVER, 0, SIDE, "")
	ENT_REF_ROW(struct sample, account, account_id, FIXED, LIST, "")
	ENT_FIELD_ROW(struct sample, ent_str, origin, ONCE, 10, LIST, "")
	ENT_FIELD_ROW(struct sample, ent_str, title, REQUIRED, 10, LIST, "")
	ENT_FIELD_ROW(struct sample, bool, flag, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct sample, int64_t, size, OPTIONAL, 100, LIST, "")
	ENT_FIELD_ROW(struct sample, int64_t, balance, OPTIONAL, -1, LIST, "")
	ENT_FIELD_ROW(struct sample, ent_count, quantity, OPTIONAL, 50, LIST, "")
	ENT_FIELD_ROW(struct sample, ent_date, starts_on, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct sample, ent_instant, due_at, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct sample, ent_duration, term, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct sample, ent_decimal, rate, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct sample, ent_money, price, OPTIONAL, 0, LIST, "")
	ENT_ENUM_ROW(struct sample, term_unit, unit, OPTIONAL, LIST, "")
	ENT_REF_ROW(struct sample, product, product_id, OPTIONAL, LIST, "")
	ENT_REFS_ROW(struct sample, product, products, OPTIONAL, 3, LIST, "")
	ENT_FIELD_ROW(struct sample, struct ent_words, scopes, OPTIONAL, 3, LIST, "")
	ENT_FIELD_ROW(struct sample, struct ent_map, metadata, OPTIONAL, 3, LIST, "")
	{ .name = "parts", .kind = ENT_K_CHILDREN, .rule = ENT_R_OPTIONAL, .limit = 3,
	  .offset = offsetof(struct sample, parts), .child = &part_type, .meaning = "" },
	ENT_FIELD_ROW(struct sample, struct ent_json, changes, SERVER, 0, LIST, "")
	ENT_FIELD_ROW(struct sample, ent_str, secret, WRITE, 12, FORM, "")
	ENT_FIELD_ROW(struct sample, ent_str, secret_hash, HIDDEN, 64, NONE, "")
	ENT_FIELD_ROW(struct sample, ent_count, remaining, DERIVED, 0, LIST, "")
};
#undef ENT_SELF

const struct ent_type part_type = {
	.name = "part", .prefix = "prt", .fields = part_fields,
	.count = ENT_COUNT(part_fields), .size = sizeof(struct part),
};

const struct ent_type sample_type = {
	.name = "sample", .prefix = "smp", .fields = sample_fields,
	.count = ENT_COUNT(sample_fields), .size = sizeof(struct sample),
};

static const char *issues(const struct ent_error *error, struct ent_arena *arena)
{
	struct ent_text text = ent_text_begin(arena);
	for (size_t i = 0; i < error->issue_count && i < ENT_ISSUE_MAX; i++) {
		const struct ent_issue *issue = &error->issues[i];
		ent_text_addf(&text, "%s%s %s [%s] %s", i > 0 ? "\n" : "",
		              ent_code_name(issue->code), issue->pointer, issue->value,
		              issue->remedy);
	}
	return ent_text_end(&text).ptr;
}

const char *sample_read(const char *text, enum ent_json_use use, struct sample *object,
                        struct ent_arena *arena)
{
	struct ent_error error = { 0 };
	const struct ent_node *node;
	if (ent_json_parse(ent_str_of(text), arena, &node, &error) != ENT_OK) {
		return ent_text_format(arena, "%s", error.detail).ptr;
	}
	struct ent_set given;
	if (ent_json_read(&sample_type, node, use, arena, object, &given, &error) != ENT_OK) {
		return issues(&error, arena);
	}
	struct ent_text out = ent_text_begin(arena);
	ent_json_write(&sample_type, object, &given, &out);
	return ent_text_end(&out).ptr;
}

const char *sample_read_new(const char *text, enum ent_json_use use, struct ent_arena *arena)
{
	struct sample *object = ENT_NEW(arena, struct sample, 1);
	ent_type_clear(&sample_type, object);
	return sample_read(text, use, object, arena);
}

TEST(sample_has_every_kind_and_rule)
{
	unsigned kinds = 0;
	unsigned rules = 0;
	for (size_t i = 0; i < sample_type.count; i++) {
		kinds |= 1u << sample_type.fields[i].kind;
		rules |= 1u << sample_type.fields[i].rule;
	}
	CHECK_INT(kinds, (2u << ENT_K_CHILDREN) - 2);
	CHECK_INT(rules, (2u << ENT_R_WRITE) - 1);
}
