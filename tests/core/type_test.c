/* What the descriptions promise to every format. */
#include "core/type.h"
#include "test.h"

static bool is_word(const char *s)
{
	bool good = s[0] >= 'a' && s[0] <= 'z';
	for (size_t i = 0; s[i] != '\0'; i++) {
		good = good && ((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') ||
		                (s[i] == '_' && s[i + 1] != '_' && s[i + 1] != '\0'));
	}
	return good;
}

static void check_field(const struct ent_type *type, const struct ent_field *field)
{
	CHECK(is_word(field->name));
	CHECK(strlen(field->name) <= 40);
	CHECK(field->meaning[0] != '\0');
	CHECK(field->meaning[strlen(field->meaning) - 1] != '.');
	CHECK(field->offset < type->size);
	CHECK((field->names != NULL) == (field->kind == ENT_K_ENUM));
	CHECK((field->child != NULL) == (field->kind == ENT_K_CHILDREN));
	CHECK((field->target != NULL) == (field->kind == ENT_K_ID || field->kind == ENT_K_IDS));
	CHECK(field->rule != ENT_R_HIDDEN || field->show == ENT_SHOW_NONE);
	CHECK(field->rule != ENT_R_KEY || field->target == type);
	CHECK(ent_type_field(type, ent_str_of(field->name)) == field);
	CHECK(ent_type_member(type, field->offset) == field);
	CHECK(&type->fields[ent_type_at(type, field)] == field);
	if (field->kind == ENT_K_CHILDREN) {
		CHECK(field->child->fields[0].rule == ENT_R_KEY);
	}
}

TEST(type_fields_are_described_well)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		const struct ent_type *type = types[i];
		ROW(type->name);
		CHECK(type->count <= ENT_FIELD_MAX);
		CHECK(type->fields[0].rule == ENT_R_KEY);
		CHECK(ent_str_is(ENT_STR("id"), type->fields[0].name));
		for (size_t a = 0; a < type->count; a++) {
			check_field(type, &type->fields[a]);
			CHECK(a == 0 || type->fields[a].rule != ENT_R_KEY);
			for (size_t b = 0; b < a; b++) {
				CHECK(strcmp(type->fields[a].name, type->fields[b].name) != 0);
				CHECK(type->fields[a].offset > type->fields[b].offset);
			}
		}
	}
}

TEST(type_names_are_unique)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		const struct ent_type *type = types[i];
		ROW(type->name);
		CHECK(is_word(type->name));
		CHECK(is_word(type->prefix) && strlen(type->prefix) <= ENT_PREFIX_MAX);
		CHECK(ent_type_named(ent_str_of(type->name)) == type);
		CHECK(type->plural == NULL || is_word(type->plural));
		if (type->plural != NULL) {
			CHECK(ent_type_plural(ent_str_of(type->plural)) == type);
		}
		for (size_t k = 0; k < i; k++) {
			CHECK(strcmp(type->name, types[k]->name) != 0);
			CHECK(strcmp(type->prefix, types[k]->prefix) != 0);
		}
	}
	CHECK(ent_type_named(ENT_STR("nothing")) == NULL);
	CHECK(ent_type_plural(ENT_STR("settings")) == NULL);
	CHECK(ent_type_plural(ENT_STR("")) == NULL);
}

TEST(type_refers_to_fields_that_are)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		const struct ent_type *type = types[i];
		ROW(type->name);
		CHECK(ent_type_field(type, ent_str_of(type->label)) != NULL);
		ent_str rest = ent_str_of(type->search);
		while (rest.len > 0) {
			struct ent_cut cut = ent_str_cut(rest, ' ');
			const struct ent_field *field = ent_type_field(type, cut.head);
			CHECK(field != NULL && field->kind == ENT_K_TEXT);
			rest = cut.tail;
		}
		const struct ent_field *account = ent_type_field(type, ENT_STR("account_id"));
		CHECK(!type->owned || (account != NULL && account->target == &ent_account_type));
	}
}

TEST(type_records_begin_alike)
{
	static const char *const names[] = { "id", "version", "created_at", "updated_at",
		                             "external_system", "external_id", "metadata" };
	static const size_t offsets[] = {
		offsetof(struct ent_record, id),
		offsetof(struct ent_record, version),
		offsetof(struct ent_record, created_at),
		offsetof(struct ent_record, updated_at),
		offsetof(struct ent_record, external_system),
		offsetof(struct ent_record, external_id),
		offsetof(struct ent_record, metadata),
	};
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		ROW(types[i]->name);
		if (!ent_type_is_record(types[i])) {
			continue;
		}
		for (size_t k = 0; k < ENT_COUNT(names); k++) {
			CHECK_TEXT(types[i]->fields[k].name, names[k]);
			CHECK_INT((long long)types[i]->fields[k].offset, (long long)offsets[k]);
		}
		const struct ent_field *next = &types[i]->fields[ENT_AT_ACCOUNT_ID];
		CHECK(!types[i]->owned || strcmp(next->name, "account_id") == 0);
		CHECK(!types[i]->owned ||
		      next->offset == offsetof(struct ent_record, account_id));
	}
	CHECK(ent_type_is_record(&ent_case_type));
	CHECK(!ent_type_is_record(&ent_event_type));
}

static void check_names(const struct ent_names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		unsigned at = 99;
		CHECK(is_word(names->text[i]));
		CHECK(ent_names_find(names, ent_str_of(names->text[i]), &at));
		CHECK_INT(at, (long long)i);
	}
	unsigned none;
	CHECK(!ent_names_find(names, ENT_STR(""), &none));
	CHECK(!ent_names_find(names, ENT_STR("NONE"), &none));
}

TEST(type_words_are_unique)
{
#define ENT_NAME(constant, text)
#define ENT_ENUMERATION(name, values) ROW(#name); check_names(&ent_##name##_names);
#include "core/entity/enum.def"
}
