/* JSON out: strings, names, nodes. */
#include "json/inner.h"

#include <stdio.h>
#include <string.h>

/* One byte that may not stand in a string as it is. */
static char *put_escape(char *p, char c)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char into[] = "\"\\bfnrt";
	static const char hex[] = "0123456789abcdef";
	const char *simple = memchr(from, c, sizeof(from) - 1);
	*p++ = '\\';
	if (simple != NULL) {
		*p++ = into[simple - from];
		return p;
	}
	memcpy(p, "u00", 3);
	p[3] = hex[(unsigned char)c >> 4];
	p[4] = hex[(unsigned char)c & 15];
	return p + 5;
}

char *ent_json_put_string(char *p, ent_str s)
{
	if (s.ptr == NULL) {
		memcpy(p, "null", 4);
		return p + 4;
	}
	const char *at = s.ptr;
	const char *end = s.ptr + s.len;
	uint64_t seen = 0;
	*p++ = '"';
	for (;;) {
		const char *stop = ent_json_run(at, end, &seen);
		memcpy(p, at, (size_t)(stop - at));
		p += stop - at;
		if (stop == end) {
			break;
		}
		p = put_escape(p, *stop);
		at = stop + 1;
	}
	*p++ = '"';
	return p;
}

void ent_json_string(struct ent_text *out, ent_str s)
{
	if (s.ptr == NULL) {
		ent_text_add(out, ENT_STR("null"));
		return;
	}
	const char *at = s.ptr;
	const char *end = s.ptr + s.len;
	uint64_t seen = 0;
	const char *stop = ent_json_run(at, end, &seen);
	if (stop == end) { /* by far the most */
		char *p = ent_arena_bytes(out->arena, s.len + 2);
		p[0] = '"';
		memcpy(p + 1, s.ptr, s.len);
		p[s.len + 1] = '"';
		return;
	}
	ent_text_used(out, ent_json_put_string(ent_text_room(out, ENT_JSON_STRING_ROOM(s)), s));
}

void ent_json_name(struct ent_text *out, const char *name)
{
	size_t len = strlen(name);
	char *p = ent_arena_bytes(out->arena, len + 3);
	p[0] = '"';
	memcpy(p + 1, name, len);
	memcpy(p + 1 + len, "\":", 2);
}

static void add_members(struct ent_text *out, const struct ent_node *node)
{
	bool object = node->kind == ENT_JSON_OBJECT;
	ent_text_char(out, object ? '{' : '[');
	for (const struct ent_node *member = node->first; member != NULL; member = member->next) {
		if (member != node->first) {
			ent_text_char(out, ',');
		}
		if (object) {
			ent_json_string(out, member->name);
			ent_text_char(out, ':');
		}
		ent_json_node(out, member); /* no deeper than the parser went */
	}
	ent_text_char(out, object ? '}' : ']');
}

void ent_json_node(struct ent_text *out, const struct ent_node *node)
{
	switch (node->kind) {
	case ENT_JSON_NULL:
	case ENT_JSON_FALSE:
	case ENT_JSON_TRUE:
	case ENT_JSON_NUMBER:
		ent_text_add(out, ent_json_shown(node));
		return;
	case ENT_JSON_STRING:
		ent_json_string(out, node->text);
		return;
	case ENT_JSON_ARRAY:
	case ENT_JSON_OBJECT:
		add_members(out, node);
		return;
	}
}

static void add_text(struct ent_text *out, const char *name, const char *text)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_json_string(out, ent_str_of(text));
}

void ent_json_issues(const struct ent_error *error, const char *root, struct ent_text *out)
{
	ent_text_char(out, '[');
	for (size_t i = 0; i < error->issue_count && i < ENT_ISSUE_MAX; i++) {
		const struct ent_issue *issue = &error->issues[i];
		char pointer[sizeof(issue->pointer) + 8];
		snprintf(pointer, sizeof(pointer), "%s%s", root, issue->pointer);
		ent_text_add(out, i > 0 ? ENT_STR(",{") : ENT_STR("{"));
		add_text(out, "pointer", pointer);
		add_text(out, "code", ent_code_name(issue->code));
		if (issue->value[0] != '\0') {
			add_text(out, "value", issue->value);
		}
		add_text(out, "detail", issue->remedy);
		ent_text_char(out, '}');
	}
	if (error->issue_count > ENT_ISSUE_MAX) {
		ent_text_addf(
			out,
			",{\"pointer\":\"%s\",\"code\":\"invalid\",\"detail\":\"and %zu more\"}",
			root, error->issue_count - ENT_ISSUE_MAX);
	}
	ent_text_char(out, ']');
}
