/* The values in a service level, each with its place. */
#include "json/sla_inner.h"

#include "core/entitlement_check.h"

const char *ent_sla_below(struct ent_sla_reader *r, const char *place, const char *name)
{
	return ent_text_format(r->arena, "%s/%s", place, name).ptr;
}

const char *ent_sla_item(struct ent_sla_reader *r, const char *place, size_t at)
{
	return ent_text_format(r->arena, "%s/%zu", place, at).ptr;
}

/* ---- objects ---- */

static const char *nearest(const struct ent_sla_member *members, size_t count, ent_str name)
{
	const char *best = NULL;
	size_t least = ENT_EDITS_NEAR + 1;
	for (size_t i = 0; i < count; i++) {
		size_t edits = ent_str_edits(name, ent_str_of(members[i].name));
		if (edits < least && edits < name.len) {
			best = members[i].name;
			least = edits;
		}
	}
	return best;
}

static void note_unknown(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                         const char *near)
{
	struct ent_pointer pointer = ent_pointer_of("");
	pointer.len = 0;
	ent_pointer_add(&pointer, node->name);
	const char *text = ent_text_format(r->arena, "%s%s", place, pointer.text).ptr;
	if (near == NULL) {
		ent_note(r->error, ENT_E_UNKNOWN_FIELD, text, NO_TEXT, "remove it");
	} else {
		ent_note(r->error, ENT_E_UNKNOWN_FIELD, text, NO_TEXT, "did you mean \"%s\"?",
		         near);
	}
}

uint64_t ent_sla_object(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                        const struct ent_sla_member *members, size_t count, void *out)
{
	uint64_t given = 0;
	if (node->kind != ENT_JSON_OBJECT) {
		ent_note(r->error, ENT_E_TYPE, place, ent_json_shown(node), "give an object");
		return 0;
	}
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		size_t at = 0;
		while (at < count && !ent_str_is(n->name, members[at].name)) {
			at++;
		}
		if (at == count) {
			note_unknown(r, n, place, nearest(members, count, n->name));
		} else if (n->kind != ENT_JSON_NULL) {
			const struct ent_sla_member *member = &members[at];
			member->read(r, member, n, ent_sla_below(r, place, member->name),
			             (char *)out + member->offset);
			given |= UINT64_C(1) << at;
		}
	}
	return given;
}

bool ent_sla_is_array(struct ent_sla_reader *r, const struct ent_node *node, size_t most,
                      const char *place, const char *remedy)
{
	if (node->kind != ENT_JSON_ARRAY) {
		ent_note(r->error, ENT_E_TYPE, place, ent_json_shown(node), "%s", remedy);
		return false;
	}
	if (node->count > most) {
		ent_note(r->error, ENT_E_LIMIT, place, NO_TEXT, "give at most %zu", most);
		return false;
	}
	return true;
}

/* ---- values ---- */

/* Is it a text that is not empty? Notes if not. */
static bool is_text(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                    const char *remedy)
{
	if (node->kind != ENT_JSON_STRING || node->text.len == 0) {
		ent_note(r->error, node->kind != ENT_JSON_STRING ? ENT_E_TYPE : ENT_E_REQUIRED,
		         place, ent_json_shown(node), "%s", remedy);
		return false;
	}
	return true;
}

void ent_sla_text(struct ent_sla_reader *r, const struct ent_sla_member *member,
                  const struct ent_node *node, const char *place, void *out)
{
	if (!is_text(r, node, place, "give a text")) {
		return;
	}
	if (ent_str_characters(node->text) > (size_t)member->limit) {
		ent_note(r->error, ENT_E_LIMIT, place, node->text, "give at most %lld characters",
		         (long long)member->limit);
		return;
	}
	*(ent_str *)out = ent_text_copy(r->arena, node->text);
}

static const char *words_of(struct ent_sla_reader *r, const struct ent_names *names)
{
	struct ent_text text = ent_text_begin(r->arena);
	for (size_t i = 0; i < names->count; i++) {
		const char *joint = i == 0 ? "" : i + 1 < names->count ? ", " : " or ";
		ent_text_addf(&text, "%s%s", joint, names->text[i]);
	}
	return ent_text_end(&text).ptr;
}

void ent_sla_word(struct ent_sla_reader *r, const struct ent_sla_member *member,
                  const struct ent_node *node, const char *place, void *out)
{
	const struct ent_names *names = member->more;
	unsigned value;
	if (node->kind != ENT_JSON_STRING || !ent_names_find(names, node->text, &value)) {
		bool text = node->kind == ENT_JSON_STRING;
		ent_note(r->error, text ? ENT_E_UNKNOWN_VALUE : ENT_E_TYPE, place,
		         ent_json_shown(node), "give %s", words_of(r, names));
		return;
	}
	*(unsigned *)out = value;
}

void ent_sla_bool(struct ent_sla_reader *r, const struct ent_sla_member *member,
                  const struct ent_node *node, const char *place, void *out)
{
	(void)member;
	if (node->kind != ENT_JSON_TRUE && node->kind != ENT_JSON_FALSE) {
		ent_note(r->error, ENT_E_TYPE, place, ent_json_shown(node), "give true or false");
		return;
	}
	*(bool *)out = node->kind == ENT_JSON_TRUE;
}

void ent_sla_number(struct ent_sla_reader *r, const struct ent_sla_member *member,
                    const struct ent_node *node, const char *place, void *out)
{
	int64_t number;
	if (node->kind != ENT_JSON_NUMBER) {
		ent_note(r->error, ENT_E_TYPE, place, ent_json_shown(node), "give a number");
	} else if (!ent_json_int(node, &number) || number < 1 || number > member->limit) {
		ent_note(r->error, ENT_E_RANGE, place, node->text,
		         "give a whole number from 1 to %lld", (long long)member->limit);
	} else {
		*(int32_t *)out = (int32_t)number;
	}
}

void ent_sla_duration(struct ent_sla_reader *r, const struct ent_sla_member *member,
                      const struct ent_node *node, const char *place, void *out)
{
	ent_duration duration;
	(void)member;
	if (node->kind != ENT_JSON_STRING) {
		ent_note(r->error, ENT_E_TYPE, place, ent_json_shown(node),
		         "give a duration such as PT4H");
	} else if (!ent_duration_parse(node->text, &duration)) {
		ent_note(r->error, ENT_E_FORMAT, place, node->text,
		         "give an ISO 8601 duration such as PT30M, PT4H or P2D");
	} else {
		*(ent_duration *)out = duration;
	}
}

void ent_sla_id(struct ent_sla_reader *r, const struct ent_sla_member *member,
                const struct ent_node *node, const char *place, void *out)
{
	const char *prefix = member->more;
	ent_id id;
	if (node->kind != ENT_JSON_STRING) {
		ent_note(r->error, ENT_E_TYPE, place, ent_json_shown(node),
		         "give an identifier that begins with %s_", prefix);
	} else if (!ent_id_parse(node->text, prefix, &id)) {
		ent_note(r->error, ENT_E_FORMAT, place, node->text,
		         "give an identifier that begins with %s_", prefix);
	} else {
		*(ent_id *)out = id;
	}
}

/* ---- lists ---- */

/* The items of an array, or the value itself as the only one. */
static const struct ent_node *items_of(const struct ent_node *node, struct ent_node *one,
                                       size_t *count)
{
	*count = node->count;
	if (node->kind == ENT_JSON_ARRAY) {
		return node->first;
	}
	*one = *node;
	one->next = NULL;
	*count = 1;
	return one;
}

static struct ent_words read_texts(struct ent_sla_reader *r, const struct ent_sla_member *member,
                                   const struct ent_node *node, const char *place,
                                   bool (*is_good)(ent_str), const char *remedy)
{
	struct ent_node one;
	size_t count;
	const struct ent_node *first = items_of(node, &one, &count);
	if (count > (size_t)member->limit) {
		ent_note(r->error, ENT_E_LIMIT, place, NO_TEXT, "give at most %lld",
		         (long long)member->limit);
		return (struct ent_words){ NULL, 0 };
	}
	ent_str *items = ENT_NEW(r->arena, ent_str, count);
	size_t at = 0;
	for (const struct ent_node *n = first; n != NULL; n = n->next) {
		const char *there =
			node->kind == ENT_JSON_ARRAY ? ent_sla_item(r, place, at) : place;
		at++;
		if (!is_text(r, n, there, remedy)) {
			continue;
		}
		if (ent_str_characters(n->text) > 120 || (is_good != NULL && !is_good(n->text))) {
			ent_note(r->error, ENT_E_FORMAT, there, n->text, "%s", remedy);
			continue;
		}
		items[at - 1] = ent_text_copy(r->arena, n->text);
	}
	return (struct ent_words){ items, count };
}

void ent_sla_texts(struct ent_sla_reader *r, const struct ent_sla_member *member,
                   const struct ent_node *node, const char *place, void *out)
{
	*(struct ent_words *)out =
		read_texts(r, member, node, place, NULL, "give a text of at most 120 characters");
}

void ent_sla_statuses(struct ent_sla_reader *r, const struct ent_sla_member *member,
                      const struct ent_node *node, const char *place, void *out)
{
	*(struct ent_words *)out = read_texts(r, member, node, place, ent_channel_is_valid,
	                                      "give a status such as on_hold");
}

/* ---- expressions ---- */

void ent_sla_expression(struct ent_sla_reader *r, const struct ent_sla_member *member,
                        const struct ent_node *node, const char *place, void *out)
{
	(void)member;
	if (!is_text(r, node, place, "give an expression such as priority = \"high\"")) {
		return;
	}
	size_t first = r->error->issue_count;
	if (ent_expression_compile(node->text, &ent_sla_scope, r->arena, out, r->error) != ENT_OK) {
		ent_error_nest(r->error, first, place);
	}
}
