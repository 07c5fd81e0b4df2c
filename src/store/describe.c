#include "store/describe.h"

static bool is_key(const struct ent_type *type, const struct ent_field *field)
{
	ent_str name = ent_str_of(field->name);
	return field->rule == ENT_R_KEY || (type->owned && ent_str_is(name, "account_id"));
}

bool ent_column_nullable(const struct ent_type *type, const struct ent_field *field)
{
	return ent_field_nullable(field) && !is_key(type, field);
}

const char *ent_sql_type(enum ent_kind kind)
{
	switch (kind) {
	case ENT_K_BOOL:
		return "BOOLEAN";
	case ENT_K_INT:
	case ENT_K_ID:
	case ENT_K_DATE:
	case ENT_K_INSTANT:
	case ENT_K_DECIMAL:
	case ENT_K_MONEY:
	case ENT_K_COUNT:
		return "BIGINT";
	case ENT_K_TEXT:
	case ENT_K_DURATION:
	case ENT_K_ENUM:
	case ENT_K_IDS:
	case ENT_K_WORDS:
	case ENT_K_JSON:
	case ENT_K_MAP:
		return "TEXT";
	case ENT_K_NULL:
	case ENT_K_CHILDREN:
		break;
	}
	assert(false);
	return "";
}

void ent_describe_column(const struct ent_type *type, const struct ent_field *field,
                         struct ent_text *out)
{
	bool nullable = ent_column_nullable(type, field);
	ent_text_addf(out, "\t%s %s%s", field->name, ent_sql_type(field->kind),
	              nullable ? "" : " NOT NULL");
	if (field->kind == ENT_K_IDS || field->kind == ENT_K_WORDS) {
		ent_text_add(out, ENT_STR(" DEFAULT ''"));
	} else if (field->kind == ENT_K_MAP) {
		ent_text_add(out, ENT_STR(" DEFAULT '{}'"));
	} else if (field->kind == ENT_K_MONEY) {
		ent_text_addf(out, ",\n\t%s_currency TEXT%s", field->name,
		              nullable ? "" : " NOT NULL");
	} else if (field->kind == ENT_K_ENUM) {
		ent_text_addf(out, "\n\t\tCHECK (%s IN (", field->name);
		for (size_t i = 0; i < field->names->count; i++) {
			ent_text_addf(out, "%s'%s'", i > 0 ? ", " : "", field->names->text[i]);
		}
		ent_text_add(out, ENT_STR("))"));
	}
}

void ent_describe_table(const struct ent_type *type, struct ent_text *out)
{
	ent_text_addf(out, "CREATE TABLE \"%s\" (\n", type->name);
	for (size_t i = 0; i < type->count; i++) {
		if (ent_field_is_column(&type->fields[i])) {
			ent_describe_column(type, &type->fields[i], out);
			ent_text_add(out, ENT_STR(",\n"));
		}
	}
	ent_text_addf(out, "\tPRIMARY KEY (%sid)\n);\n", type->owned ? "account_id, " : "");
}
