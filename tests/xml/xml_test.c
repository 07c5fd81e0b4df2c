#include "test.h"
#include "xml/xml.h"

#include <stdio.h>
#include <string.h>

static char memory[1 << 26];
static struct ent_budget budget = { .fail_at = -1 };

/* The memory of one reading. */
static struct ent_arena fresh(void)
{
	return (struct ent_arena){ memory, memory + sizeof(memory), &budget };
}

/* "a(b=text c(d))" */
static void add_tree(const struct ent_xml *node, struct ent_text *out)
{
	ent_text_add(out, node->name);
	if (node->text.len > 0) {
		ent_text_char(out, '=');
		ent_text_add(out, node->text);
	}
	for (const struct ent_xml *child = node->first; child != NULL; child = child->next) {
		ent_text_char(out, child == node->first ? '(' : ' ');
		add_tree(child, out);
	}
	if (node->first != NULL) {
		ent_text_char(out, ')');
	}
}

/* The tree, or what is wrong with it. */
static const char *shown(ent_str text)
{
	struct ent_arena arena = fresh();
	struct ent_xml *root;
	struct ent_error error;
	ent_error_clear(&error);
	enum ent_code code = ent_xml_read(text, &arena, &root, &error);
	struct ent_text out = ent_text_begin(&arena);
	if (code == ENT_OK) {
		add_tree(root, &out);
	} else {
		ent_text_addf(&out, "%s: %s", ent_code_name(code), error.detail);
	}
	return ent_text_end(&out).ptr;
}

static const struct {
	const char *text, *want;
} rows[] = {
	{ "<a/>", "a" },
	{ "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a x=\"1\">\n <b> text </b>\n "
	  "<c><d/></c></a>",
	  "a(b=text c(d))" },
	{ "<s:a xmlns:s=\"urn:x\"><s:b>1</s:b></s:a>", "a(b=1)" },
	{ "<a>x &amp; y &lt; z &#65;&#x1F600;</a>", "a=x & y < z A\xf0\x9f\x98\x80" },
	{ "<a>one<!-- no --><![CDATA[ <two> ]]></a>", "a=one <two>" },
	{ "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe4\xf6</a>", "a=\xc3\xa4\xc3\xb6" },
};

#define NO_TYPE "a document type (DOCTYPE) is not allowed"

static const struct {
	const char *text;
	int line;
	const char *why;
} refused[] = {
	/* wrong */
	{ "", 1, "no element found" },
	{ "<a>", 1, "no element found" },
	{ "<a>\n</b>", 2, "mismatched tag" },
	{ "<a>text<b/></a>", 1, "an element stands within text" },
	/* what our trees cannot hold */
	{ "<a><b/>text</a>", 1, "text stands between elements" },
	{ "<a/><b/>", 1, "junk after document element" },
	{ "<a>\xff</a>", 1, "not well-formed (invalid token)" },
	{ "{\"a\":1}", 1, "not well-formed (invalid token)" },
	/* hostile */
	{ "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;&x;\">]><a>&z;</a>", 1, NO_TYPE },
	{ "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\"><a/>", 1, NO_TYPE },
	{ "<!DOCTYPE a [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><a>&f;</a>", 1, NO_TYPE },
	{ "<!DOCTYPE a [<!ENTITY % p SYSTEM \"file:///etc/passwd\">%p;]><a/>", 1, NO_TYPE },
	{ "<a>&f;</a>", 1, "undefined entity" },
};

TEST(xml_is_read_as_a_tree_or_refused)
{
	for (size_t i = 0; i < ENT_COUNT(refused); i++) {
		char want[120];
		snprintf(want, sizeof(want), "syntax: line %d: %s", refused[i].line,
		         refused[i].why);
		CHECK_TEXT(shown(ent_str_of(refused[i].text)), want);
	}
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		CHECK_TEXT(shown(ent_str_of(rows[i].text)), rows[i].want);
	}
}

TEST(xml_children_are_found_by_name)
{
	struct ent_arena arena = fresh();
	struct ent_xml *root;
	struct ent_error error;
	CHECK_INT(ent_xml_read(ENT_STR("<a><b>1</b><c>2</c>\n<b>3</b></a>"), &arena, &root, &error),
	          ENT_OK);
	const struct ent_xml *b = ent_xml_child(root, "b");
	CHECK(ent_str_is(b->text, "1"));
	CHECK(ent_str_is(ent_xml_again(b)->text, "3"));
	CHECK_INT(ent_xml_again(b)->line, 2);
	CHECK(ent_xml_again(ent_xml_again(b)) == NULL);
	CHECK(ent_str_is(ent_xml_text(root, "c"), "2"));
	CHECK_INT(ent_xml_text(root, "d").len, 0);
	CHECK(ent_xml_child(NULL, "d") == NULL);
}

/* `count` times `piece`, between the others. */
static ent_str repeated(struct ent_text *text, const char *before, const char *piece, size_t count,
                        const char *after)
{
	text->arena->next = text->begin;
	ent_text_add(text, ent_str_of(before));
	for (size_t i = 0; i < count; i++) {
		ent_text_add(text, ent_str_of(piece));
	}
	ent_text_add(text, ent_str_of(after));
	return ent_text_end(text);
}

TEST(xml_is_bounded)
{
	static char room[6 << 20];
	struct ent_arena arena = { room, room + sizeof(room), &budget };
	struct ent_text text = ent_text_begin(&arena);
	CHECK_TEXT(shown(repeated(&text, "", "<a>", 100000, "")),
	           "limit: line 1: its elements are nested too deeply");
	CHECK_TEXT(shown(repeated(&text, "<a>", "<b/>", ENT_XML_ELEMENTS_MAX, "</a>")),
	           "limit: line 1: it has too many elements");
	CHECK_TEXT(shown(repeated(&text, "<a>", "0123456789", (5 << 20) / 10, "</a>")),
	           "too_large: a document has at most 4194304 bytes");
	CHECK_TEXT(shown(repeated(&text, "<a><b/>", "<!--x-->", 100000, "</a>")), "a(b)");
	CHECK_TEXT(shown(repeated(&text, "<a>", "<b></b>", 2, "</a>")), "a(b b)");
	CHECK_TEXT(shown(repeated(&text, "<a><a>", "<a>", ENT_XML_DEPTH_MAX - 2, "")),
	           "syntax: line 1: no element found");
}
