/* Text to tokens, and the places of faults. */
#include "core/expression_inner.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

char ent_fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool ent_token_is(const struct ent_token *token, const char *text)
{
	size_t length = strlen(text);
	if ((token->form != ENT_TOKEN_WORD && token->form != ENT_TOKEN_MARK) ||
	    token->text.len != length) {
		return false;
	}
	for (size_t i = 0; i < length; i++) {
		if (ent_fold(token->text.ptr[i]) != text[i]) {
			return false;
		}
	}
	return true;
}

bool ent_token_is_reserved(ent_str word)
{
	static const char *const words[] = { "and",      "or",          "not",      "in",
		                             "is",       "null",        "true",     "false",
		                             "contains", "starts_with", "ends_with" };
	struct ent_token token = { .form = ENT_TOKEN_WORD, .text = word };
	for (size_t i = 0; i < ENT_COUNT(words); i++) {
		if (ent_token_is(&token, words[i])) {
			return true;
		}
	}
	return false;
}

/* ---- faults ---- */

void ent_fault_at(struct ent_compiling *c, enum ent_code code, size_t at, size_t length,
                  ent_str reason)
{
	if (c->faults->count == ENT_ISSUE_MAX) {
		return;
	}
	struct ent_expression_fault *fault = &c->faults->items[c->faults->count++];
	*fault = (struct ent_expression_fault){
		.code = code, .at = at, .length = length, .line = 1, .reason = reason
	};
	size_t begin = 0;
	for (size_t i = 0; i < at; i++) {
		if (c->text.ptr[i] == '\n') {
			fault->line++;
			begin = i + 1;
		}
	}
	fault->column = 1 + ent_str_characters((ent_str){ c->text.ptr + begin, at - begin });
	fault->found = ent_text_copy(c->arena, (ent_str){ c->text.ptr + at, length });
}

void ent_fault_grammar(struct ent_compiling *c, enum ent_code code, const char *reason)
{
	if (!c->is_lost) {
		c->is_lost = true;
		ent_fault_at(c, code, c->now.at, c->now.length, ent_str_of(reason));
	}
}

/* ---- tokens ---- */

static size_t sequence_length(char first)
{
	unsigned char c = (unsigned char)first;
	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static void scan_text(struct ent_compiling *c)
{
	const char *p = c->text.ptr;
	char quote = p[c->now.at];
	struct ent_text out = ent_text_begin(c->arena);
	size_t at = c->now.at + 1;
	for (; at < c->text.len && p[at] != quote; at++) {
		char byte = p[at];
		if (byte == '\\' && at + 1 < c->text.len) {
			byte = p[++at];
			if (strchr("\"'\\nt", byte) == NULL) {
				ent_text_end(&out);
				c->now.at = at - 1;
				c->now.length = 1 + sequence_length(byte);
				ent_fault_grammar(c, ENT_E_SYNTAX,
				                  "behind \\ write \\, a quote, n or t");
				return;
			}
			byte = byte == 'n' ? '\n' : byte == 't' ? '\t' : byte;
		}
		ent_text_char(&out, byte);
	}
	c->now.form = ENT_TOKEN_TEXT;
	c->now.text = ent_text_end(&out);
	if (at == c->text.len) {
		c->now.length = at - c->now.at;
		ent_fault_grammar(c, ENT_E_SYNTAX, "the text has no closing quote");
		return;
	}
	c->now.length = at + 1 - c->now.at;
}

/* Everything that stands without a gap, so that 2026-01-31 is one wrong number. */
static void scan_number(struct ent_compiling *c)
{
	size_t at = c->now.at + 1;
	while (at < c->text.len && (is_letter(c->text.ptr[at]) || is_digit(c->text.ptr[at]) ||
	                            strchr(".:+-", c->text.ptr[at]) != NULL)) {
		at++;
	}
	c->now.form = ENT_TOKEN_NUMBER;
	c->now.length = at - c->now.at;
}

static void scan_mark(struct ent_compiling *c)
{
	static const char *const marks[] = { "<=", ">=", "!=", "==", "<>", "(", ")",
		                             "[",  "]",  ",",  ".",  "=",  "<", ">" };
	ent_str rest = { c->text.ptr + c->now.at, c->text.len - c->now.at };
	c->now.form = ENT_TOKEN_MARK;
	for (size_t i = 0; i < ENT_COUNT(marks); i++) {
		ent_str mark = ent_str_of(marks[i]);
		if (ent_str_begins(rest, mark)) {
			c->now.length = mark.len;
			return;
		}
	}
	c->now.length = sequence_length(rest.ptr[0]);
	const char *reason = "this character has no meaning here";
	if (rest.ptr[0] == '&') {
		reason = "write and";
	} else if (rest.ptr[0] == '|') {
		reason = "write or";
	} else if (rest.ptr[0] == '!') {
		reason = "write not";
	} else if (ent_str_begins(rest, ENT_STR("\xe2\x80"))) {
		reason = "write straight quotes: \" or '";
	}
	ent_fault_grammar(c, ENT_E_SYNTAX, reason);
}

void ent_scan(struct ent_compiling *c)
{
	const char *p = c->text.ptr;
	while (c->next < c->text.len && strchr(" \t\r\n", p[c->next]) != NULL) {
		c->next++;
	}
	c->now = (struct ent_token){ .form = ENT_TOKEN_END, .at = c->next };
	if (c->is_lost || c->next == c->text.len) {
		return;
	}
	char first = p[c->next];
	if (first == '"' || first == '\'') {
		scan_text(c);
	} else if (is_digit(first) || first == '-') {
		scan_number(c);
	} else if (is_letter(first)) {
		c->now.form = ENT_TOKEN_WORD;
		while (c->next + c->now.length < c->text.len &&
		       (is_letter(p[c->next + c->now.length]) ||
		        is_digit(p[c->next + c->now.length]))) {
			c->now.length++;
		}
	} else {
		scan_mark(c);
	}
	if (c->now.form != ENT_TOKEN_TEXT) {
		c->now.text = (ent_str){ p + c->now.at, c->now.length };
	}
	c->next = c->now.at + c->now.length;
}
