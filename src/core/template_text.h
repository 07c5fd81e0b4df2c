/* template_text.h - texts with places for values: "{{case.number}} is due {{milestone.target_at}}".
 *
 * A place is {{thing.field}}, or {{thing.metadata.name}} for a text of a map. What things there
 * are is given by whoever fills the text; a wrong name is found when the text is saved. A single
 * brace is text. Nothing is computed, so nothing can go wrong when it is filled.
 */
#ifndef ENT_CORE_TEMPLATE_TEXT_H
#define ENT_CORE_TEMPLATE_TEXT_H

#include "base/error.h"
#include "base/text.h"
#include "core/field.h"
#include "core/zone.h"

struct ent_template_thing {
	const char *name; /* "case" */
	const struct ent_type *type;
	const void *object; /* NULL: there is none, and its fields are empty */
};

enum { ENT_TEMPLATE_PLACES_MAX = 200 };

/* Note everything that is wrong with it under `pointer`: the character at which, and the nearest
 * right name. `object` is not looked at. */
void ent_template_text_check(ent_str text, const struct ent_template_thing *things, size_t count,
                             const char *pointer, struct ent_error *error);

/* Fill it in: at most `max` bytes, cut where a character ends. Instants are told in `zone`
 * ("2026-03-01 09:30 +01:00"), dates as 2026-03-01, yes or no, money with its currency, lists
 * parted by ", ". What is none is empty; a place that ent_template_text_check() would refuse is
 * left as it is. Controls in values become blanks, but for line ends if `lines`: without them the
 * result is one line if `text` is. */
ent_str ent_template_text_fill(ent_str text, const struct ent_template_thing *things, size_t count,
                               const struct ent_zone *zone, bool lines, size_t max,
                               struct ent_arena *arena);

#endif
