#include "json/expression.h"

static void write_string(struct ent_text *out, const char *name, ent_str value)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_json_string(out, value);
}

static void write_number(struct ent_text *out, const char *name, size_t value)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_text_int(out, (int64_t)value);
}

static void write_faults(const struct ent_expression_faults *faults, struct ent_text *out)
{
	ent_text_add(out, ENT_STR("{\"valid\":false,\"faults\":["));
	for (size_t i = 0; i < faults->count; i++) {
		const struct ent_expression_fault *f = &faults->items[i];
		ent_json_comma(out);
		ent_text_char(out, '{');
		write_string(out, "code", ent_str_of(ent_code_name(f->code)));
		write_number(out, "at", f->at);
		write_number(out, "length", f->length);
		write_number(out, "line", f->line);
		write_number(out, "column", f->column);
		write_string(out, "found", f->found);
		write_string(out, "reason", f->reason);
		ent_text_char(out, '}');
	}
	ent_text_add(out, ENT_STR("]}"));
}

static void write_reads(const struct ent_expression *e, const struct ent_expression_scope *scope,
                        struct ent_text *out)
{
	for (size_t root = 0; root < scope->count; root++) {
		const struct ent_set *reads = ent_expression_reads(e, root);
		const struct ent_type *type = scope->roots[root].type;
		if (ent_set_is_empty(reads)) {
			continue;
		}
		ent_json_comma(out);
		ent_json_name(out, scope->roots[root].name);
		ent_text_char(out, '[');
		for (size_t i = 0; i < type->count; i++) {
			if (ent_set_has(reads, i)) {
				ent_json_comma(out);
				ent_json_string(out, ent_str_of(type->fields[i].name));
			}
		}
		ent_text_char(out, ']');
	}
}

ent_str ent_expression_check_json(ent_str text, const struct ent_expression_scope *scope,
                                  struct ent_arena *arena)
{
	const struct ent_expression *e;
	struct ent_expression_faults faults;
	if (!ent_expression_check(text, scope, arena, &e, &faults)) {
		struct ent_text out = ent_text_begin(arena);
		write_faults(&faults, &out);
		return ent_text_end(&out);
	}
	struct ent_text canonical = ent_text_begin(arena);
	ent_expression_print(e, &canonical);
	ent_str printed = ent_text_end(&canonical);
	struct ent_text out = ent_text_begin(arena);
	ent_text_add(&out, ENT_STR("{\"valid\":true"));
	write_string(&out, "expression", printed);
	ent_text_add(&out, ENT_STR(",\"reads\":{"));
	write_reads(e, scope, &out);
	ent_text_add(&out, ENT_STR("}}"));
	return ent_text_end(&out);
}

static void write_step(const struct ent_expression_step *step, struct ent_text *out)
{
	ent_json_comma(out);
	ent_text_char(out, '{');
	write_number(out, "depth", step->depth);
	write_string(out, "expression", step->text);
	ent_json_comma(out);
	ent_json_name(out, "result");
	ent_text_add(out, step->result ? ENT_STR("true") : ENT_STR("false"));
	if (step->fields.ptr != NULL) {
		write_string(out, "fields", step->fields);
	}
	ent_text_char(out, '}');
}

ent_str ent_expression_explain_json(const struct ent_expression *e, const void *const *objects,
                                    struct ent_arena *arena)
{
	size_t count;
	const struct ent_expression_step *steps = ent_expression_explain(e, objects, arena, &count);
	struct ent_text out = ent_text_begin(arena);
	ent_text_char(&out, '[');
	for (size_t i = 0; i < count; i++) {
		write_step(&steps[i], &out);
	}
	ent_text_char(&out, ']');
	return ent_text_end(&out);
}
