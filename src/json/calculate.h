/* calculate.h - questions about business time, asked and answered as JSON.
 *
 * Times are RFC 3339 or, without an offset, on the wall clock of the calendar's zone, and are
 * answered in the form of the question's first one. "never" is {"time":null,"never":true}.
 */
#ifndef ENT_JSON_CALCULATE_H
#define ENT_JSON_CALCULATE_H

#include "core/calendar.h"
#include "json/json.h"

struct ent_calculation {
	const struct ent_node *input; /* {"start":…,"seconds":…} */
	const struct ent_timetable *calendar;
	const struct ent_hours *hours; /* of that calendar; NULL: made for the question */
	const char *others; /* members besides its own, as of ent_json_only() */
};

/* Run an operation ("add"): *result is its answer. Fails with everything that is noted, by
 * others too. */
ENT_CHECK enum ent_code ent_calculate(const struct ent_calculation *calculation, ent_str op,
                                      struct ent_arena *arena, ent_str *result,
                                      struct ent_error *error);

/* The name of each operation; NULL behind the last. */
const char *ent_calculation_name(size_t at);

#endif
