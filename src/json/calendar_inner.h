/* calendar_inner.h - what calendar.c and calendar_holiday.c share. */
#ifndef ENT_JSON_CALENDAR_INNER_H
#define ENT_JSON_CALENDAR_INNER_H

#include "json/calendar.h"

struct ent_calendar_reader {
	struct ent_arena *arena;
	struct ent_error *error;
};

#define NO_TEXT ((ent_str){ NULL, 0 })

/* The pointer to a member of what `path` points to. */
const char *ent_calendar_below(struct ent_calendar_reader *r, const char *path, ent_str name);

static inline const char *item_of(struct ent_calendar_reader *r, const char *path, size_t at)
{
	return ent_text_format(r->arena, "%s/%zu", path, at).ptr;
}

static inline bool is_given(const struct ent_node *node)
{
	return node != NULL && node->kind != ENT_JSON_NULL;
}

/* Is it of that kind? Notes if not. */
bool ent_calendar_expect(struct ent_calendar_reader *r, const struct ent_node *node,
                         enum ent_json_kind kind, const char *path, const char *remedy);
/* Are there no more than that? */
bool ent_calendar_within(struct ent_calendar_reader *r, size_t count, size_t most,
                         const char *path);
/* The text of a member, or no text; false if it is none. */
bool ent_calendar_text(const struct ent_node *object, const char *name, ent_str *out);
/* The same of one that is short, such as "name". Notes. */
bool ent_calendar_name(struct ent_calendar_reader *r, const struct ent_node *object,
                       const char *member, const char *path, ent_str *out);

/* How many days it has, if they can be said as such; else 0. */
int32_t ent_holiday_days(const struct ent_holiday *holiday);

/* "holidays" and its other names, of a version. */
void ent_calendar_read_closed(struct ent_calendar_reader *r, const struct ent_node *object,
                              const char *path, struct ent_calendar_version *out);

#endif
