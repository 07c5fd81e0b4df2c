/* ical_inner.h - what ical_read.c and ical_event.c share. */
#ifndef ENT_ICAL_ICAL_INNER_H
#define ENT_ICAL_ICAL_INNER_H

#include "ical/ical.h"

#include <libical/ical.h>

/* An instance that another event replaces: its start on the wanted wall clock. */
struct ent_ical_override {
	const char *uid;
	int64_t start;
	struct ent_ical_override *next;
};

struct ent_ical_reader {
	const struct ent_ical_question *question;
	struct ent_arena *arena;
	struct ent_ical *out;
	icalcomponent *calendar;
	struct ent_ical_override *overrides;
	size_t steps, barren;
};

/* One event into reader->out; what cannot be is told there. */
void ent_ical_event(struct ent_ical_reader *reader, icalcomponent *event);

/* The value of a date or time property as seconds of the wanted wall clock. False: its zone is
 * unknown, or it lies outside of the years that can be written. */
bool ent_ical_local(const struct ent_ical_reader *reader, icalproperty *property, int64_t *out,
                    bool *is_date);

/* As much of a text as is shown; it points into `text`, which may be NULL. */
ent_str ent_ical_cut(const char *text);

void ent_ical_skip(struct ent_ical_reader *reader, icalcomponent *event, const char *reason);

#endif
