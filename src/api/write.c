/* Records as JSON: chosen fields, expanded references. */
#include "api/inner.h"

#include "app/allowed.h"
#include "app/entity.h"
#include "base/text.h"

enum { EXPAND_MAX = 20 };

/* One reference to be expanded, and the records that it leads to. */
struct expansion {
	const struct ent_field *field;
	ent_str name;
	struct ent_list records;
};

static enum ent_code load_expansion(struct ent_call *call, const struct ent_type *type,
                                    const struct ent_list *list, struct expansion *expansion,
                                    struct ent_error *error)
{
	ent_id *ids = ENT_NEW(call->arena, ent_id, list->count);
	struct ent_ids wanted = { ids, 0 };
	for (size_t i = 0; i < list->count; i++) {
		const char *object = (const char *)list->items + i * type->size;
		ent_id id = *(const ent_id *)ent_field_at(expansion->field, object);
		if (!ent_id_is_none(id) && !ent_ids_has(wanted, id)) {
			ids[wanted.count++] = id;
		}
	}
	const struct ent_type *target = expansion->field->target;
	/* What the caller may not read stays an identifier: null where it would be shown. */
	struct ent_error ignored;
	if (wanted.count == 0 ||
	    ent_call_may(call, ent_text_format(call->arena, "%s.read", target->name).ptr,
	                 &ignored) != ENT_OK) {
		return ENT_OK;
	}
	return ent_record_by_ids(call, target, wanted, &expansion->records, error);
}

static enum ent_code load_expansions(struct ent_request *request, struct ent_call *call,
                                     const struct ent_type *type, const struct ent_list *list,
                                     struct expansion *out, size_t *count, struct ent_error *error)
{
	ent_str rest = request->expand;
	enum ent_code code = ENT_OK;
	*count = 0;
	while (rest.len > 0 && code == ENT_OK && *count < EXPAND_MAX) {
		struct ent_cut cut = ent_str_cut(rest, ',');
		rest = cut.tail;
		ent_str name =
			ent_text_format(call->arena, "%.*s_id", (int)cut.head.len, cut.head.ptr);
		const struct ent_field *field = ent_type_field(type, name);
		if (field == NULL || field->kind != ENT_K_ID) {
			continue; /* ent_request_query() has refused it on this type's own paths */
		}
		out[*count] = (struct expansion){ .field = field, .name = cut.head };
		code = load_expansion(call, type, list, &out[*count], error);
		(*count)++;
	}
	return code;
}

static void write_expansion(const struct expansion *expansion, const void *object,
                            struct ent_text *out)
{
	const struct ent_type *target = expansion->field->target;
	ent_id id = *(const ent_id *)ent_field_at(expansion->field, object);
	ent_text_char(out, ',');
	ent_json_string(out, expansion->name);
	ent_text_char(out, ':');
	for (size_t i = 0; i < expansion->records.count; i++) {
		const char *record = (const char *)expansion->records.items + i * target->size;
		if (ent_id_eq(*(const ent_id *)record, id)) {
			ent_text_addf(out, "{\"object\":\"%s\",", target->name);
			ent_json_members(target, record, NULL, out);
			ent_text_char(out, '}');
			return;
		}
	}
	ent_text_add(out, ENT_STR("null"));
}

/* The fields that were asked for; always the id. NULL: all. */
static const struct ent_set *chosen(const struct ent_request *request, const struct ent_type *type,
                                    struct ent_set *room)
{
	ent_str rest = request->fields;
	if (rest.len == 0) {
		return NULL;
	}
	*room = (struct ent_set){ { 0 } };
	ent_set_add(room, ENT_AT_ID);
	while (rest.len > 0) {
		struct ent_cut cut = ent_str_cut(rest, ',');
		const struct ent_field *field = ent_type_field(type, cut.head);
		rest = cut.tail;
		if (field != NULL) {
			ent_set_add(room, ent_type_at(type, field));
		}
	}
	return room;
}

/* ---- what may be done ---- */

static void add_flag(struct ent_call *call, const struct ent_type *type, const void *object,
                     const char *name, struct ent_text *out)
{
	struct ent_error refusal;
	ent_error_clear(&refusal);
	struct ent_call own = *call; /* what it takes is above the text, and given back */
	char memory[512];
	struct ent_budget budget = { .high = memory, .fail_at = -1 };
	struct ent_arena room = { memory, memory + sizeof(memory), &budget };
	own.arena = &room;
	enum ent_code code = ent_action_allowed(&own, type, object, name, &refusal);
	ent_json_comma(out);
	ent_text_addf(out, "{\"name\":\"%s\",\"allowed\":%s,\"code\":", name,
	              code == ENT_OK ? "true" : "false");
	ent_json_string(out, ent_str_of(code == ENT_OK ? NULL : ent_code_name(code)));
	ent_text_add(out, ENT_STR(",\"reason\":"));
	ent_json_string(out, ent_str_of(code == ENT_OK ? NULL : refusal.detail));
	ent_text_char(out, '}');
}

/* "actions": changing and deleting it, and each action of its type. */
static void add_flags(struct ent_call *call, const struct ent_type *type, const void *object,
                      struct ent_text *out)
{
	size_t count;
	const struct ent_action_row *actions = ent_actions(&count);
	const struct ent_entity *entity = ent_entity_of(type);
	ent_text_add(out, ENT_STR(",\"actions\":["));
	if (entity->updatable) {
		add_flag(call, type, object, "update", out);
	}
	if (entity->deletable) {
		add_flag(call, type, object, "delete", out);
	}
	for (size_t i = 0; i < count; i++) {
		if (actions[i].type == type) {
			add_flag(call, type, object, actions[i].name, out);
		}
	}
	ent_text_char(out, ']');
}

enum ent_code ent_request_write(struct ent_request *request, struct ent_call *call,
                                const struct ent_type *type, const struct ent_list *list,
                                ent_str *texts, struct ent_error *error)
{
	struct expansion *expansions = ENT_NEW(call->arena, struct expansion, EXPAND_MAX);
	size_t count;
	struct ent_set room;
	const struct ent_set *only = chosen(request, type, &room);
	enum ent_code code = load_expansions(request, call, type, list, expansions, &count, error);
	for (size_t i = 0; i < list->count && code == ENT_OK; i++) {
		const char *object = (const char *)list->items + i * type->size;
		struct ent_text out = ent_text_begin(call->arena);
		ent_text_addf(&out, "{\"object\":\"%s\",", type->name);
		ent_json_members(type, object, only, &out);
		for (size_t k = 0; k < count; k++) {
			write_expansion(&expansions[k], object, &out);
		}
		if (request->wants_actions) {
			add_flags(call, type, object, &out);
		}
		ent_text_char(&out, '}');
		texts[i] = ent_text_end(&out);
	}
	return code;
}
