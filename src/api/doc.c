#include "api/doc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 84, FRAGMENT_MAX = 1024 };

struct ent_doc ent_doc_begin(struct ent_arena *arena, bool compact)
{
	return (struct ent_doc){ .text = ent_text_begin(arena), .compact = compact };
}

static void put(struct ent_doc *doc, char c)
{
	ent_text_char(&doc->text, c);
	doc->last = c;
}

static void new_line(struct ent_doc *doc)
{
	if (doc->compact) {
		return;
	}
	ent_text_char(&doc->text, '\n');
	for (size_t i = 0; i < doc->depth; i++) {
		ent_text_char(&doc->text, '\t');
	}
}

/* What is due before a name or a value. */
static void begin_item(struct ent_doc *doc)
{
	bool first = doc->last == '{' || doc->last == '[';
	if (doc->last == '\0' || doc->last == ':') {
		return;
	}
	if (!first) {
		put(doc, ',');
	}
	new_line(doc);
}

/* Text without its line breaks, into `out` unless it is NULL; returns its length. No string
 * holds a line break or tab that is not escaped. */
static size_t fold(const char *text, size_t len, char *out)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		if (c == '\t' || (c == '\n' && text[i - 1] != ',')) {
			continue;
		}
		if (out != NULL) {
			out[n] = c == '\n' ? ' ' : c;
		}
		n++;
	}
	return n;
}

/* Put what begins at `start` on one line if it is short. */
static void fold_if_short(struct ent_doc *doc, size_t start)
{
	char *text = doc->text.begin + start;
	size_t len = (size_t)(doc->text.arena->next - text);
	char line[LINE_MAX_BYTES];
	if (doc->compact || len > (size_t)LINE_MAX_BYTES * ENT_JSON_DEPTH_MAX ||
	    fold(text, len, NULL) > LINE_MAX_BYTES) {
		return;
	}
	len = fold(text, len, line);
	memcpy(text, line, len);
	doc->text.arena->next = text + len;
}

static void open_bracket(struct ent_doc *doc, char c)
{
	assert(doc->depth < ENT_JSON_DEPTH_MAX);
	begin_item(doc);
	doc->open[doc->depth++] = (size_t)(doc->text.arena->next - doc->text.begin);
	put(doc, c);
}

static void close_bracket(struct ent_doc *doc, char c)
{
	assert(doc->depth > 0);
	size_t start = doc->open[--doc->depth];
	assert(doc->text.begin[start] == (c == '}' ? '{' : '['));
	if (doc->last != '{' && doc->last != '[') {
		new_line(doc);
	}
	put(doc, c);
	fold_if_short(doc, start);
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
}

/* A string or a word from `p` on; returns what is behind it. */
static const char *add_token(struct ent_doc *doc, const char *p)
{
	begin_item(doc);
	if (*p != '\'') {
		while (is_word(*p)) {
			put(doc, *p++);
		}
		return p;
	}
	put(doc, '"');
	for (p++; *p != '\''; p++) {
		assert(*p != '\0' && *p != '"');
		put(doc, *p);
	}
	put(doc, '"');
	return p + 1;
}

void ent_doc_json(struct ent_doc *doc, const char *p)
{
	while (*p != '\0') {
		if (*p == '\'' || is_word(*p)) {
			p = add_token(doc, p);
			continue;
		}
		if (*p == '{' || *p == '[') {
			open_bracket(doc, *p);
		} else if (*p == '}' || *p == ']') {
			close_bracket(doc, *p);
		} else if (*p == ':') {
			put(doc, ':');
			ent_text_add(&doc->text, doc->compact ? ENT_STR("") : ENT_STR(" "));
		} else {
			assert(*p == ',' || *p == ' ' || *p == '\n' || *p == '\t');
		}
		p++;
	}
}

void ent_doc_add(struct ent_doc *doc, const char *format, ...)
{
	char fragment[FRAGMENT_MAX];
	va_list args;
	va_start(args, format);
	int len = vsnprintf(fragment, sizeof(fragment), format, args);
	va_end(args);
	assert(len >= 0 && (size_t)len < sizeof(fragment));
	ent_doc_json(doc, fragment);
}

void ent_doc_text(struct ent_doc *doc, const char *name, const char *text)
{
	begin_item(doc);
	ent_json_name(&doc->text, name);
	ent_text_add(&doc->text, doc->compact ? ENT_STR("") : ENT_STR(" "));
	ent_json_string(&doc->text, ent_str_of(text));
	doc->last = '"';
}

ent_str ent_doc_end(struct ent_doc *doc)
{
	assert(doc->depth == 0);
	return ent_text_end(&doc->text);
}
