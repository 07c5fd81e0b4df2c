#include "xml/xml.h"

#include <expat.h>
#include <string.h>

/* What expat calls back into must not run out of the arena, which would jump over expat's own
 * memory: so everything is there before it begins. */
struct reading {
	XML_Parser parser;
	struct ent_xml *elements;
	size_t count, room;
	char *texts;
	size_t len, size;
	struct ent_xml *open[ENT_XML_DEPTH_MAX];
	struct ent_xml **tail[ENT_XML_DEPTH_MAX]; /* where the next child goes */
	size_t depth;
	enum ent_code code;
	const char *why; /* NULL: nothing of ours is wrong */
};

static void refuse(struct reading *reading, enum ent_code code, const char *why)
{
	if (reading->why == NULL) {
		reading->code = code;
		reading->why = why;
		XML_StopParser(reading->parser, XML_FALSE);
	}
}

static ent_str keep(struct reading *reading, const char *text, size_t len)
{
	if (len > reading->size - reading->len) {
		refuse(reading, ENT_E_TOO_LARGE, "its texts are too long");
		return (ent_str){ NULL, 0 };
	}
	char *to = reading->texts + reading->len;
	memcpy(to, text, len);
	reading->len += len;
	return (ent_str){ to, len };
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static ent_str trim(ent_str s)
{
	while (s.len > 0 && is_space(s.ptr[0])) {
		s = (ent_str){ s.ptr + 1, s.len - 1 };
	}
	while (s.len > 0 && is_space(s.ptr[s.len - 1])) {
		s.len--;
	}
	return s;
}

/* ---- called by expat ------------------------------------------------------------------------ */

static void on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *reading = arg;
	(void)attributes;
	if (reading->depth == ENT_XML_DEPTH_MAX) {
		refuse(reading, ENT_E_LIMIT, "its elements are nested too deeply");
		return;
	}
	if (reading->count == reading->room) {
		refuse(reading, ENT_E_LIMIT, "it has too many elements");
		return;
	}
	if (reading->depth > 0 && reading->open[reading->depth - 1]->text.len > 0) {
		refuse(reading, ENT_E_SYNTAX, "an element stands within text");
		return;
	}
	const char *colon = strrchr(name, ':');
	const char *own = colon == NULL ? name : colon + 1;
	struct ent_xml *element = &reading->elements[reading->count++];
	*element = (struct ent_xml){
		.name = keep(reading, own, strlen(own)),
		.line = (int64_t)XML_GetCurrentLineNumber(reading->parser),
	};
	if (reading->depth > 0) {
		*reading->tail[reading->depth - 1] = element;
		reading->tail[reading->depth - 1] = &element->next;
	}
	reading->open[reading->depth] = element;
	reading->tail[reading->depth++] = &element->first;
}

static void on_end(void *arg, const XML_Char *name)
{
	struct reading *reading = arg;
	(void)name;
	if (reading->why == NULL) {
		struct ent_xml *element = reading->open[--reading->depth];
		element->text = trim(element->text);
	}
}

/* Comes in pieces, which lie behind each other: no element can begin in between. */
static void on_text(void *arg, const XML_Char *text, int len)
{
	struct reading *reading = arg;
	if (reading->why != NULL || reading->depth == 0) {
		return;
	}
	struct ent_xml *element = reading->open[reading->depth - 1];
	bool blank = trim((ent_str){ text, (size_t)len }).len == 0;
	if (blank && element->text.len == 0) {
		return;
	}
	if (element->first != NULL) {
		if (!blank) {
			refuse(reading, ENT_E_SYNTAX, "text stands between elements");
		}
		return;
	}
	ent_str more = keep(reading, text, (size_t)len);
	if (element->text.len == 0) {
		element->text = more;
	} else {
		element->text.len += more.len;
	}
}

static void on_doctype(void *arg, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int has_subset)
{
	(void)name;
	(void)system;
	(void)public;
	(void)has_subset;
	refuse(arg, ENT_E_SYNTAX, "a document type (DOCTYPE) is not allowed");
}

/* ---- reading -------------------------------------------------------------------------------- */

static size_t count_brackets(ent_str text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++) {
		count += text.ptr[i] == '<';
	}
	return count;
}

static enum ent_code fail(const struct reading *reading, struct ent_error *error)
{
	long long line = (long long)XML_GetCurrentLineNumber(reading->parser);
	enum XML_Error what = XML_GetErrorCode(reading->parser);
	if (reading->why == NULL && what == XML_ERROR_NO_MEMORY) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory to read XML");
	}
	return ent_fail(error, reading->why != NULL ? reading->code : ENT_E_SYNTAX, "line %lld: %s",
	                line, reading->why != NULL ? reading->why : XML_ErrorString(what));
}

enum ent_code ent_xml_read(ent_str text, struct ent_arena *arena, struct ent_xml **out,
                           struct ent_error *error)
{
	enum { WIDEST = 3 }; /* bytes of UTF-8 for one of another encoding, at most */
	if (text.len > ENT_XML_BYTES_MAX) {
		return ent_fail(error, ENT_E_TOO_LARGE, "a document has at most %d bytes",
		                ENT_XML_BYTES_MAX);
	}
	size_t brackets = count_brackets(text);
	struct reading reading = {
		.room = brackets < ENT_XML_ELEMENTS_MAX ? brackets : ENT_XML_ELEMENTS_MAX,
		.size = WIDEST * text.len,
	};
	reading.elements = ENT_NEW(arena, struct ent_xml, reading.room + 1);
	reading.texts = ent_arena_bytes(arena, reading.size + 1);
	reading.parser = XML_ParserCreate(NULL);
	if (reading.parser == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory to read XML");
	}
	XML_SetUserData(reading.parser, &reading);
	XML_SetElementHandler(reading.parser, on_start, on_end);
	XML_SetCharacterDataHandler(reading.parser, on_text);
	XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
	enum XML_Status status = XML_Parse(reading.parser, text.ptr == NULL ? "" : text.ptr,
	                                   (int)text.len, XML_TRUE);
	enum ent_code code =
		status == XML_STATUS_OK && reading.why == NULL ? ENT_OK : fail(&reading, error);
	XML_ParserFree(reading.parser);
	*out = reading.elements;
	return code;
}

/* ---- looking -------------------------------------------------------------------------------- */

const struct ent_xml *ent_xml_child(const struct ent_xml *node, const char *name)
{
	const struct ent_xml *child = node == NULL ? NULL : node->first;
	while (child != NULL && !ent_str_is(child->name, name)) {
		child = child->next;
	}
	return child;
}

const struct ent_xml *ent_xml_again(const struct ent_xml *node)
{
	const struct ent_xml *other = node->next;
	while (other != NULL && !ent_str_eq(other->name, node->name)) {
		other = other->next;
	}
	return other;
}

ent_str ent_xml_text(const struct ent_xml *node, const char *name)
{
	const struct ent_xml *child = ent_xml_child(node, name);
	return child == NULL ? (ent_str){ NULL, 0 } : child->text;
}
