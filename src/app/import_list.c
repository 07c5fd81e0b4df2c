/* Cells that hold several things: lists, maps, rows. */
#include "app/import_inner.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

static size_t count_items(ent_str text)
{
	size_t count = 1;
	for (size_t i = 0; i < text.len; i++) {
		count += text.ptr[i] == ';';
	}
	return count;
}

static enum ent_code set_ids(struct ent_import_work *work, const struct ent_field *field,
                             ent_str text, struct ent_error *error)
{
	ent_id *ids = ENT_NEW(work->call->arena, ent_id, count_items(text));
	size_t count = 0;
	char pointer[96];
	snprintf(pointer, sizeof(pointer), "/%s", field->name);
	enum ent_code code = ENT_OK;
	for (struct ent_cut cut = { .tail = text, .found = true }; cut.found && code == ENT_OK;) {
		cut = ent_str_cut(cut.tail, ';');
		ent_str item = ent_str_trim(cut.head);
		if (item.len > 0) {
			code = ent_import_refer(work, field->target, item, pointer, &ids[count],
			                        error);
			count += !ent_id_is_none(ids[count]);
		}
	}
	if ((int64_t)count > field->limit && field->limit > 0) {
		ent_import_note(field, ENT_E_LIMIT, text, "too many of them", error);
	}
	*(struct ent_ids *)ent_field_at(field, work->object) = (struct ent_ids){ ids, count };
	return code;
}

/* phone:10;email:0;chat - channel, total, and what remains of it. */
static void set_channels(struct ent_import_work *work, const struct ent_field *field, ent_str text,
                         struct ent_error *error)
{
	const struct ent_type *child = field->child;
	const struct ent_field *name = ent_type_field(child, ENT_STR("channel"));
	const struct ent_field *total = ent_type_field(child, ENT_STR("total"));
	const struct ent_field *remaining = ent_type_field(child, ENT_STR("remaining"));
	char *items = ent_arena_alloc(work->call->arena, count_items(text), child->size, 16);
	size_t count = 0;
	for (struct ent_cut cut = { .tail = text, .found = true }; cut.found;) {
		cut = ent_str_cut(cut.tail, ';');
		struct ent_cut first = ent_str_cut(ent_str_trim(cut.head), ':');
		struct ent_cut second = ent_str_cut(first.tail, ':');
		if (first.head.len == 0) {
			continue;
		}
		void *item = items + count++ * child->size;
		ent_type_clear(child, item);
		*(ent_str *)ent_field_at(name, item) = ent_str_trim(first.head);
		ent_count *units = ent_field_at(total, item);
		ent_count ignored;
		ent_count *left = remaining == NULL ? &ignored : ent_field_at(remaining, item);
		int64_t least, most;
		ent_field_bounds(total, &least, &most);
		bool good = second.head.len == 0 || ent_str_int(second.head, &units->n);
		good = good && (second.tail.len == 0 || ent_str_int(second.tail, &left->n));
		if (!good || (second.head.len > 0 && (units->n < least || units->n > most))) {
			ent_import_note(field, ENT_E_FORMAT, cut.head,
			                "give channel:total, e.g. phone:10", error);
		}
	}
	*(struct ent_children *)ent_field_at(field, work->object) =
		(struct ent_children){ items, count };
}

/* A member of a row: by its name, or for a reference name_external_id. */
static enum ent_code set_member(struct ent_import_work *work, const struct ent_type *child,
                                void *item, const struct ent_node *member, const char *pointer,
                                struct ent_error *error)
{
	static const ent_str suffix = { "_external_id", 12 };
	ent_str name = member->name;
	if (name.len > suffix.len &&
	    ent_str_eq((ent_str){ name.ptr + name.len - suffix.len, suffix.len }, suffix)) {
		name = ent_text_format(work->call->arena, "%.*s_id", (int)(name.len - suffix.len),
		                       name.ptr);
	}
	const struct ent_field *field = ent_type_field(child, name);
	if (field == NULL || !ent_field_is_read(field)) {
		ent_note(error, ENT_E_UNKNOWN_FIELD, pointer, member->name,
		         "there is no such member");
		return ENT_OK;
	}
	if (field->kind == ENT_K_ID && member->kind == ENT_JSON_STRING) {
		return ent_import_refer(work, field->target, member->text, pointer,
		                        ent_field_at(field, item), error);
	}
	(void)ent_json_set(field, item, member, ENT_JSON_CREATE, work->call->arena, error);
	return ENT_OK;
}

/* Rows without a place come behind those before them, as use cases have it: so that a table that
 * comes again says what is there. */
static void place_rows(const struct ent_type *child, char *items, size_t count)
{
	const struct ent_field *place = ent_type_field(child, ENT_STR("sequence"));
	int64_t last = 0;
	for (size_t i = 0; i < count && place != NULL && place->kind == ENT_K_COUNT; i++) {
		ent_count *at = ent_field_at(place, items + i * child->size);
		if (ent_count_is_none(*at)) {
			at->n = last + 1;
		}
		last = at->n;
	}
}

static enum ent_code set_rows(struct ent_import_work *work, const struct ent_field *field,
                              ent_str text, struct ent_error *error)
{
	const struct ent_type *child = field->child;
	const struct ent_node *array = NULL;
	char pointer[96];
	struct ent_error wrong;
	snprintf(pointer, sizeof(pointer), "/%s", field->name);
	ent_error_clear(&wrong);
	if (ent_json_parse(text, work->call->arena, &array, &wrong) != ENT_OK ||
	    array->kind != ENT_JSON_ARRAY) {
		ent_import_note(field, ENT_E_SYNTAX, text, "give a JSON array of objects", error);
		return ENT_OK;
	}
	char *items = ent_arena_alloc(work->call->arena, array->count, child->size, 16);
	size_t count = 0;
	enum ent_code code = ENT_OK;
	for (const struct ent_node *n = array->first; n != NULL && code == ENT_OK; n = n->next) {
		void *item = items + count++ * child->size;
		ent_type_clear(child, item);
		for (const struct ent_node *m = n->first;
		     n->kind == ENT_JSON_OBJECT && m != NULL && code == ENT_OK; m = m->next) {
			code = set_member(work, child, item, m, pointer, error);
		}
	}
	place_rows(child, items, count);
	*(struct ent_children *)ent_field_at(field, work->object) =
		(struct ent_children){ items, count };
	return code;
}

static void set_words(struct ent_import_work *work, const struct ent_field *field, ent_str text)
{
	ent_str *words = ENT_NEW(work->call->arena, ent_str, count_items(text));
	size_t count = 0;
	for (struct ent_cut cut = { .tail = text, .found = true }; cut.found;) {
		cut = ent_str_cut(cut.tail, ';');
		ent_str word = ent_str_trim(cut.head);
		if (word.len > 0) {
			words[count++] = word;
		}
	}
	*(struct ent_words *)ent_field_at(field, work->object) = (struct ent_words){ words, count };
}

/* {"a":"b"}: as many metadata.NAME columns in one. */
static void set_map(struct ent_import_work *work, const struct ent_field *field, ent_str text,
                    struct ent_error *error)
{
	struct ent_map map;
	if (!ent_json_to_map(text, work->call->arena, &map)) {
		ent_import_note(field, ENT_E_SYNTAX, text, "give a JSON object of texts", error);
		return;
	}
	size_t room = work->metadata_count + map.count + ENT_CSV_COLUMNS_MAX;
	struct ent_pair *all = ENT_NEW(work->call->arena, struct ent_pair, room);
	if (work->metadata_count > 0) {
		memcpy(all, work->metadata, work->metadata_count * sizeof(*all));
	}
	work->metadata = all;
	for (size_t i = 0; i < map.count; i++) {
		ent_import_keep(work, map.pairs[i].name, map.pairs[i].value);
	}
}

enum ent_code ent_import_list(struct ent_import_work *work, const struct ent_field *field,
                              ent_str text, struct ent_error *error)
{
	switch (field->kind) {
	case ENT_K_IDS:
		return set_ids(work, field, text, error);
	case ENT_K_WORDS:
		set_words(work, field, text);
		return ENT_OK;
	case ENT_K_MAP:
		set_map(work, field, text, error);
		return ENT_OK;
	default:
		break;
	}
	bool short_form =
		text.ptr[0] != '[' && ent_type_field(field->child, ENT_STR("total")) != NULL;
	enum ent_code code = ENT_OK;
	if (short_form) {
		set_channels(work, field, text, error);
	} else {
		code = set_rows(work, field, text, error);
	}
	const struct ent_children *rows = ent_field_at(field, work->object);
	if (field->limit > 0 && (int64_t)rows->count > field->limit) {
		ent_import_note(field, ENT_E_LIMIT, (ent_str){ NULL, 0 }, "too many rows", error);
	}
	return code;
}
