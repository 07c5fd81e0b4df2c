/* doc.h - writes JSON documents that the program describes itself with.
 *
 * Fragments are JSON with ' for ": "'type':'integer','minimum':0". Commas between members are
 * put where they belong, wherever a fragment ends, so {, [ and their ends may be given apart.
 * What fits on one line stays there, so that a change of the document is easy to review.
 */
#ifndef ENT_API_DOC_H
#define ENT_API_DOC_H

#include "json/json.h"

struct ent_doc {
	struct ent_text text;
	char last; /* that was not a blank; '\0' at the start */
	bool compact;
	size_t depth;
	size_t open[ENT_JSON_DEPTH_MAX]; /* where each open bracket is */
};

/* While it grows, nothing else may be allocated from `arena`. */
struct ent_doc ent_doc_begin(struct ent_arena *arena, bool compact);
ent_str ent_doc_end(struct ent_doc *doc); /* without a line break at its end */

/* A fragment. Texts put in may hold neither ' nor ": see ent_doc_text(). */
void ent_doc_add(struct ent_doc *doc, const char *format, ...) ENT_PRINTF(2, 3);
/* A fragment as it is, of any length. */
void ent_doc_json(struct ent_doc *doc, const char *fragment);
/* A member with any text; NULL is null. */
void ent_doc_text(struct ent_doc *doc, const char *name, const char *text);

#endif
