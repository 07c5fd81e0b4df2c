/* Fragments become one document, with commas and line breaks where they belong. */
#include "api/doc.h"
#include "test.h"

static const struct {
	const char *name;
	bool compact;
	const char *fragments[6];
	const char *want;
} rows[] = {
	{ "nothing in it", false, { "{}" }, "{}" },
	{ "commas are put", false, { "{'a':1", "'b':[true", "null]}" },
	  "{\"a\": 1, \"b\": [true, null]}" },
	{ "commas are taken", false, { "{'a':1,", ",'b':2}" }, "{\"a\": 1, \"b\": 2}" },
	{ "a value after its name", false, { "{'a':", "{'b':", "'c'}}" },
	  "{\"a\": {\"b\": \"c\"}}" },
	{ "compact", true, { "{'a':[1,2,", "3],'b':{'c':'d'}}" },
	  "{\"a\":[1,2,3],\"b\":{\"c\":\"d\"}}" },
	{ "strings stay as they are", true, { "['a, b: {c} [d]','-1.5',-1.5]" },
	  "[\"a, b: {c} [d]\",\"-1.5\",-1.5]" },
	{ "too long for a line", false,
	  { "{'a':'0123456789012345678901234567890123456789','b':{'c':",
	    "'0123456789012345678901234567890123456789','d':[1,2]}}" },
	  "{\n\t\"a\": \"0123456789012345678901234567890123456789\",\n"
	  "\t\"b\": {\"c\": \"0123456789012345678901234567890123456789\", \"d\": [1, 2]}\n}" },
};

TEST(doc_puts_fragments_together)
{
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].name);
		struct ent_arena arena = test_arena();
		struct ent_doc doc = ent_doc_begin(&arena, rows[i].compact);
		for (size_t k = 0; k < 6 && rows[i].fragments[k] != NULL; k++) {
			ent_doc_json(&doc, rows[i].fragments[k]);
		}
		CHECK_TEXT(ent_doc_end(&doc).ptr, rows[i].want);
	}
}

TEST(doc_escapes_texts)
{
	struct ent_arena arena = test_arena();
	struct ent_doc doc = ent_doc_begin(&arena, false);
	ent_doc_add(&doc, "{'a':%d", 1);
	ent_doc_text(&doc, "b", "it's \"so\"\n\t");
	ent_doc_text(&doc, "c", NULL);
	ent_doc_add(&doc, "}");
	CHECK_TEXT(ent_doc_end(&doc).ptr,
	           "{\"a\": 1, \"b\": \"it's \\\"so\\\"\\n\\t\", \"c\": null}");
}
