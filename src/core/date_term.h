/* date_term.h - terms (ISO 8601 durations, possibly negative) on the wall clock.
 *
 * Months first, on the same day of the month or else its last; then days; then
 * seconds. Local times are microseconds since 1970-01-01 00:00 on the wall clock.
 */
#ifndef ENT_CORE_DATE_TERM_H
#define ENT_CORE_DATE_TERM_H

#include "base/text.h"
#include "core/value.h"

struct ent_term {
	bool is_negative;
	ent_duration duration;
};

ENT_CHECK bool ent_term_parse(ent_str text, struct ent_term *out); /* "P1Y", "-P1M15D" */
void ent_term_print(struct ent_term term, struct ent_text *out);

/* `times` terms behind `start`, all counted from it: 31 January and three times P1M is 30 April,
 * by way of no 28 February. False outside the years 1..9999. */
ENT_CHECK bool ent_term_add(int64_t start, struct ent_term term, int32_t times, int64_t *out);

/* What must be added to `from` to get `to`, in as many months, then days, as fit; parts of a
 * second are dropped. ent_term_add(from, it, 1) is `to`. */
struct ent_term ent_term_between(int64_t from, int64_t to);

#endif
