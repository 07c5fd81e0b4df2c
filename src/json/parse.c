#include "json/inner.h"

#include <string.h>

struct parser {
	const char *begin;
	const char *at;
	const char *end;
	struct ent_arena *arena;
	struct ent_error *error;
};

static bool fail(struct parser *parser, const char *at, const char *what)
{
	ent_fail(parser->error, ENT_E_SYNTAX, "byte %zu: %s", (size_t)(at - parser->begin), what);
	return false;
}

/* The next byte that is no blank, or NUL at the end; NUL itself fits nowhere. */
static char peek(struct parser *parser)
{
	const char *at = parser->at;
	while (at < parser->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) {
		at++;
	}
	parser->at = at;
	return at < parser->end ? *at : '\0';
}

/* ---- strings ------------------------------------------------------------- */

/* Has a byte of `word` its high bit clear and is less than `than`? */
static uint64_t less(uint64_t word, uint64_t than)
{
	return (word - ENT_JSON_ONES * than) & ~word;
}

const char *ent_json_run(const char *at, const char *end, uint64_t *seen)
{
	while (end - at >= 8) {
		uint64_t word;
		memcpy(&word, at, 8);
		uint64_t hit = less(word, 0x20) | less(word ^ ENT_JSON_ONES * '"', 1) |
		               less(word ^ ENT_JSON_ONES * '\\', 1);
		if ((hit & ENT_JSON_HIGH) != 0) {
			break;
		}
		*seen |= word;
		at += 8;
	}
	while (at < end && (unsigned char)*at >= 0x20 && *at != '"' && *at != '\\') {
		*seen |= (unsigned char)*at++;
	}
	return at;
}

/* Four hexadecimal digits at the front of `s`. */
static bool hex4(ent_str s, uint32_t *out)
{
	if (s.len < 4) {
		return false;
	}
	uint32_t value = 0;
	for (size_t i = 0; i < 4; i++) {
		char c = s.ptr[i];
		char lower = (char)(c | 0x20);
		if (c >= '0' && c <= '9') {
			value = value << 4 | (uint32_t)(c - '0');
		} else if (lower >= 'a' && lower <= 'f') {
			value = value << 4 | (uint32_t)(lower - 'a' + 10);
		} else {
			return false;
		}
	}
	*out = value;
	return true;
}

static char *put_utf8(char *to, uint32_t code)
{
	if (code < 0x80) {
		*to++ = (char)code;
		return to;
	}
	if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
	} else {
		if (code < 0x10000) {
			*to++ = (char)(0xe0 | code >> 12);
		} else {
			*to++ = (char)(0xf0 | code >> 18);
			*to++ = (char)(0x80 | (code >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (code & 0x3f));
	return to;
}

static ent_str skip(ent_str s, size_t n)
{
	return (ent_str){ s.ptr + n, s.len - n };
}

/* The code point of "\u1234" or of a pair of them at the front of *rest, which is cut off. */
static bool unicode(struct parser *parser, ent_str *rest, uint32_t *code)
{
	const char *at = rest->ptr;
	if (!hex4(skip(*rest, 2), code)) {
		return fail(parser, at, "expected four hexadecimal digits");
	}
	*rest = skip(*rest, 6);
	if (*code == 0) {
		return fail(parser, at, "U+0000 is not permitted");
	}
	if (*code < 0xd800 || *code > 0xdfff) {
		return true;
	}
	uint32_t low;
	if (*code >= 0xdc00 || !ent_str_begins(*rest, ENT_STR("\\u")) ||
	    !hex4(skip(*rest, 2), &low) || low < 0xdc00 || low > 0xdfff) {
		return fail(parser, at, "lone surrogate");
	}
	*rest = skip(*rest, 6);
	*code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

/* `raw` has whole escapes: a backslash is never its last byte. */
static bool unescape(struct parser *parser, ent_str raw, ent_str *out)
{
	static const char from[] = "\"\\/bfnrt";
	static const char into[] = "\"\\/\b\f\n\r\t";
	char *begin = ent_arena_bytes(parser->arena, raw.len); /* it never grows */
	char *to = begin;
	while (raw.len > 0) {
		const char *escape = memchr(raw.ptr, '\\', raw.len);
		size_t run = escape == NULL ? raw.len : (size_t)(escape - raw.ptr);
		memcpy(to, raw.ptr, run);
		to += run;
		raw = skip(raw, run);
		if (raw.len == 0) {
			break;
		}
		const char *simple = memchr(from, raw.ptr[1], sizeof(from) - 1);
		if (simple != NULL) {
			*to++ = into[simple - from];
			raw = skip(raw, 2);
		} else if (raw.ptr[1] == 'u') {
			uint32_t code;
			if (!unicode(parser, &raw, &code)) {
				return false;
			}
			to = put_utf8(to, code);
		} else {
			return fail(parser, raw.ptr, "no such escape");
		}
	}
	*out = (ent_str){ begin, (size_t)(to - begin) };
	return true;
}

static bool parse_string(struct parser *parser, ent_str *out)
{
	const char *quote = parser->at++;
	uint64_t seen = 0;
	bool escaped = false;
	for (;;) {
		parser->at = ent_json_run(parser->at, parser->end, &seen);
		if (parser->at == parser->end) {
			return fail(parser, quote, "the string does not end");
		}
		if (*parser->at == '"') {
			break;
		}
		if (*parser->at != '\\') {
			return fail(parser, parser->at, "control characters must be escaped");
		}
		escaped = true;
		if (parser->end - parser->at < 2) {
			return fail(parser, quote, "the string does not end");
		}
		parser->at += 2;
	}
	ent_str raw = { quote + 1, (size_t)(parser->at++ - quote - 1) };
	if ((seen & ENT_JSON_HIGH) != 0 && !ent_str_is_text(raw)) {
		return fail(parser, quote, "the string is not UTF-8");
	}
	*out = raw;
	return !escaped || unescape(parser, raw, out);
}

/* ---- numbers and words --------------------------------------------------- */

/* At least one digit. */
static bool digits(struct parser *parser)
{
	const char *at = parser->at;
	while (at < parser->end && *at >= '0' && *at <= '9') {
		at++;
	}
	if (at == parser->at) {
		return fail(parser, at, "expected a digit");
	}
	parser->at = at;
	return true;
}

static bool accept(struct parser *parser, char a, char b)
{
	if (parser->at < parser->end && (*parser->at == a || *parser->at == b)) {
		parser->at++;
		return true;
	}
	return false;
}

static bool parse_number(struct parser *parser, struct ent_node *node)
{
	const char *begin = parser->at;
	accept(parser, '-', '-');
	if (!accept(parser, '0', '0') && !digits(parser)) {
		return false;
	}
	if (accept(parser, '.', '.') && !digits(parser)) {
		return false;
	}
	if (accept(parser, 'e', 'E')) {
		accept(parser, '+', '-');
		if (!digits(parser)) {
			return false;
		}
	}
	node->kind = ENT_JSON_NUMBER;
	node->text = (ent_str){ begin, (size_t)(parser->at - begin) };
	if (node->text.len > ENT_JSON_NUMBER_MAX) {
		return fail(parser, begin, "the number has more than 100 characters");
	}
	return true;
}

static bool parse_word(struct parser *parser, struct ent_node *node, enum ent_json_kind kind,
                       ent_str word)
{
	ent_str rest = { parser->at, (size_t)(parser->end - parser->at) };
	if (!ent_str_begins(rest, word)) {
		return fail(parser, parser->at, "expected a value");
	}
	node->kind = kind;
	parser->at += word.len;
	return true;
}

/* ---- arrays and objects -------------------------------------------------- */

static bool parse_value(struct parser *parser, size_t depth, struct ent_node *node);

static struct ent_node *append(struct parser *parser, struct ent_node *to, struct ent_node **last)
{
	struct ent_node *node = ENT_NEW(parser->arena, struct ent_node, 1);
	if (*last == NULL) {
		to->first = node;
	} else {
		(*last)->next = node;
	}
	*last = node;
	to->count++;
	return node;
}

static bool parse_array(struct parser *parser, size_t depth, struct ent_node *node)
{
	node->kind = ENT_JSON_ARRAY;
	parser->at++;
	if (peek(parser) == ']') {
		parser->at++;
		return true;
	}
	struct ent_node *last = NULL;
	char c;
	do {
		if (!parse_value(parser, depth, append(parser, node, &last))) {
			return false;
		}
		c = peek(parser);
		if (c != ',' && c != ']') {
			return fail(parser, parser->at, "expected ',' or ']'");
		}
		parser->at++;
	} while (c == ',');
	return true;
}

static bool parse_member(struct parser *parser, size_t depth, struct ent_node *node)
{
	if (peek(parser) != '"') {
		return fail(parser, parser->at, "expected a name in quotes");
	}
	if (!parse_string(parser, &node->name)) {
		return false;
	}
	if (peek(parser) != ':') {
		return fail(parser, parser->at, "expected ':'");
	}
	parser->at++;
	return parse_value(parser, depth, node);
}

static bool is_unique(struct parser *parser, const char *begin, const struct ent_node *object)
{
	const struct ent_node *twice = ent_json_twice(object, *parser->arena);
	if (twice == NULL) {
		return true;
	}
	size_t len = twice->name.len < 60 ? twice->name.len : 60;
	while (len < twice->name.len && ((unsigned char)twice->name.ptr[len] & 0xc0) == 0x80) {
		len--;
	}
	ent_fail(parser->error, ENT_E_SYNTAX, "byte %zu: the object has \"%.*s\" twice",
	         (size_t)(begin - parser->begin), (int)len, twice->name.ptr);
	return false;
}

static bool parse_object(struct parser *parser, size_t depth, struct ent_node *node)
{
	const char *begin = parser->at++;
	node->kind = ENT_JSON_OBJECT;
	if (peek(parser) == '}') {
		parser->at++;
		return true;
	}
	struct ent_node *last = NULL;
	char c;
	do {
		if (!parse_member(parser, depth, append(parser, node, &last))) {
			return false;
		}
		c = peek(parser);
		if (c != ',' && c != '}') {
			return fail(parser, parser->at, "expected ',' or '}'");
		}
		parser->at++;
	} while (c == ',');
	return is_unique(parser, begin, node);
}

static bool parse_value(struct parser *parser, size_t depth, struct ent_node *node)
{
	char c = peek(parser);
	if ((c == '{' || c == '[') && depth == ENT_JSON_DEPTH_MAX) {
		return fail(parser, parser->at, "nested deeper than 32");
	}
	switch (c) {
	case '{':
		return parse_object(parser, depth + 1, node);
	case '[':
		return parse_array(parser, depth + 1, node);
	case '"':
		node->kind = ENT_JSON_STRING;
		return parse_string(parser, &node->text);
	case 't':
		return parse_word(parser, node, ENT_JSON_TRUE, ENT_STR("true"));
	case 'f':
		return parse_word(parser, node, ENT_JSON_FALSE, ENT_STR("false"));
	case 'n':
		return parse_word(parser, node, ENT_JSON_NULL, ENT_STR("null"));
	default:
		if (c == '-' || (c >= '0' && c <= '9')) {
			return parse_number(parser, node);
		}
		return fail(parser, parser->at, "expected a value");
	}
}

enum ent_code ent_json_parse(ent_str text, struct ent_arena *arena, const struct ent_node **out,
                             struct ent_error *error)
{
	if (text.ptr == NULL) {
		text = ENT_STR("");
	}
	struct parser parser = { text.ptr, text.ptr, text.ptr + text.len, arena, error };
	if (ent_str_begins(text, ENT_STR("\xef\xbb\xbf"))) {
		return ent_fail(error, ENT_E_SYNTAX, "byte 0: a byte order mark is not permitted");
	}
	struct ent_node *node = ENT_NEW(arena, struct ent_node, 1);
	if (!parse_value(&parser, 0, node)) {
		return error->code;
	}
	if (peek(&parser) != '\0' || parser.at < parser.end) {
		return ent_fail(error, ENT_E_SYNTAX, "byte %zu: expected the end",
		                (size_t)(parser.at - parser.begin));
	}
	*out = node;
	return ENT_OK;
}
