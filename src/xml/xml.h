/* xml.h - small XML documents of strangers as a tree. The only folder that knows expat.
 *
 * For metadata: elements that hold either elements or text. Attributes, comments and processing
 * instructions are passed over. A document type is refused, and with it entities of its own,
 * external ones and their expansion; size, depth and number of elements are bounded.
 */
#ifndef ENT_XML_XML_H
#define ENT_XML_XML_H

#include "base/error.h"
#include "base/text.h"

enum { ENT_XML_BYTES_MAX = 4 << 20, ENT_XML_DEPTH_MAX = 32, ENT_XML_ELEMENTS_MAX = 50000 };

struct ent_xml {
	ent_str name; /* without the prefix of a namespace */
	ent_str text; /* UTF-8, without blanks around it; empty of what holds elements */
	int64_t line;
	struct ent_xml *first, *next; /* child and sibling, in their order */
};

/* The root. SYNTAX: no such document, with the line. TOO_LARGE, LIMIT: beyond what is above. */
ENT_CHECK enum ent_code ent_xml_read(ent_str text, struct ent_arena *arena, struct ent_xml **out,
                                     struct ent_error *error);

/* The first child of this name, or NULL; that of the same name behind `node`. */
const struct ent_xml *ent_xml_child(const struct ent_xml *node, const char *name);
const struct ent_xml *ent_xml_again(const struct ent_xml *node);

/* The text of the first child of this name; empty if there is none. */
ent_str ent_xml_text(const struct ent_xml *node, const char *name);

#endif
