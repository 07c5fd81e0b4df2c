#include "app/import_source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *ent_import_from_text(enum ent_import_from from)
{
	static const char *const texts[ENT_FROM_COUNT] = { "csv", "salesforce", "dynamics",
		                                           "servicenow" };
	return texts[from];
}

const struct ent_import_source *ent_import_source_of(enum ent_import_from from)
{
	static const struct ent_import_source *const sources[ENT_FROM_COUNT] = {
		[ENT_FROM_SALESFORCE] = &ent_salesforce_source,
		[ENT_FROM_DYNAMICS] = &ent_dynamics_source,
		[ENT_FROM_SERVICENOW] = &ent_servicenow_source,
	};
	return sources[from];
}

/* ---- objects and columns ----------------------------------------------------------------- */

const struct ent_import_object *ent_import_source_object(const struct ent_import_source *source,
                                                         ent_str name)
{
	for (size_t i = 0; i < source->object_count; i++) {
		const struct ent_import_object *object = &source->objects[i];
		bool also = object->alias != NULL &&
		            ent_import_same_word(name, ent_str_of(object->alias));
		if (also || ent_import_same_word(name, ent_str_of(object->name))) {
			return object;
		}
	}
	return NULL;
}

static bool has_column(const struct ent_csv_row *header, const char *name)
{
	for (size_t i = 0; i < header->count; i++) {
		if (ent_import_same_word(header->fields[i], ent_str_of(name))) {
			return true;
		}
	}
	return false;
}

const char *ent_import_sign(const struct ent_import_sign *signs, size_t count,
                            const struct ent_csv_row *header)
{
	for (size_t i = 0; i < count; i++) {
		bool without = signs[i].without != NULL && has_column(header, signs[i].without);
		if (has_column(header, signs[i].column) && !without) {
			return signs[i].object;
		}
	}
	return "";
}

const struct ent_import_object *ent_import_source_guess(const struct ent_import_source *source,
                                                        const struct ent_csv_row *header)
{
	const char *name = ent_import_sign(source->signs, source->sign_count, header);
	return ent_import_source_object(source, ent_str_of(name));
}

/* As one of the rows of the .def says. */
static bool map_column(const struct ent_import_mapping *mapping, struct ent_import_column *column)
{
	column->how = mapping->how;
	if (mapping->how == ENT_HOW_SLOT) {
		return ent_import_slot_named(mapping->name, &column->slot);
	}
	if (mapping->how == ENT_HOW_META) {
		column->header = ent_str_of(mapping->name);
	} else if (mapping->how != ENT_HOW_SKIP) {
		column->field = ent_type_field(mapping->object->type, ent_str_of(mapping->name));
	}
	return true;
}

bool ent_import_source_column(const struct ent_import_source *source,
                              const struct ent_import_object *object,
                              const struct ent_csv_row *header, struct ent_import_column *column)
{
	ent_str name =
		source->plain == NULL ? column->header : source->plain(column->header, header);
	for (size_t i = 0; i < source->column_count; i++) {
		const struct ent_import_mapping *mapping = &source->columns[i];
		bool named = ent_import_same_word(name, ent_str_of(mapping->api)) ||
		             (mapping->label != NULL &&
		              ent_import_same_word(name, ent_str_of(mapping->label)));
		if (mapping->object == object && named) {
			return map_column(mapping, column);
		}
	}
	/* What an organisation has added is kept, where there is a place for it. */
	bool added = source->is_added(name);
	bool has_place = object->store == NULL || object->keeps_added;
	column->how = added && has_place ? ENT_HOW_META : ENT_HOW_SKIP;
	return added;
}

/* ---- what follows from the cells --------------------------------------------------------- */

void ent_import_remark(struct ent_import_work *work, const char *format, ...)
{
	char text[256];
	va_list args;
	va_start(args, format);
	int len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	ent_str before = work->notice;
	work->notice = ent_text_format(work->call->arena, "%.*s%s%s", (int)before.len,
	                               before.len > 0 ? before.ptr : "", before.len > 0 ? "; " : "",
	                               len > 0 ? text : "");
}

void ent_import_give_text(struct ent_import_work *work, const struct ent_field *field, ent_str text,
                          struct ent_error *error)
{
	if (text.len > 0 && ent_field_set(field, work->object, ent_value_text(text), error)) {
		ent_import_give(work, field);
	}
}

const char *ent_import_slot_pointer(enum ent_import_slot slot)
{
	static const char *const names[] = {
#define ENT_IMPORT_SLOT(name) "/#" #name,
#include "app/import_slot.def"
	};
	return names[slot];
}

bool ent_import_truth(struct ent_import_work *work, enum ent_import_slot slot,
                      struct ent_error *error)
{
	bool truth = false;
	if (work->slots[slot].len > 0 && !ent_import_bool(work->slots[slot], &truth)) {
		ent_note(error, ENT_E_FORMAT, ent_import_slot_pointer(slot), work->slots[slot],
		         "give true or false");
	}
	return truth;
}

ent_decimal ent_import_decimal(struct ent_import_work *work, enum ent_import_slot slot,
                               struct ent_error *error)
{
	ent_decimal out = ENT_DECIMAL_NONE;
	ent_str text = work->slots[slot];
	if (text.len > 0 && !ent_decimal_parse(text, &out)) {
		ent_note(error, ENT_E_FORMAT, ent_import_slot_pointer(slot), text,
		         "give a number such as 1200.50");
		return ENT_DECIMAL_NONE;
	}
	return out;
}

const char *ent_import_choose(struct ent_import_work *work, enum ent_import_slot slot,
                              const struct ent_import_option *options, size_t count,
                              struct ent_error *error)
{
	ent_str text = work->slots[slot];
	if (text.len == 0) {
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		if (ent_str_is(text, options[i].code) ||
		    ent_import_same_word(text, ent_str_of(options[i].label))) {
			return options[i].word;
		}
	}
	ent_note(error, ENT_E_UNKNOWN_VALUE, ent_import_slot_pointer(slot), text,
	         "give a value such as %s", options[0].label);
	return NULL;
}
