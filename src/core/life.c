#include "core/life.h"

enum { FREE_LIVE, FREE_ALWAYS };

enum {
	CODE_may = ENT_OK,
#define ENT_ERROR(name, http, title) CODE_##name = ENT_E_##name,
#include "base/error.def"
};
_Static_assert(ENT_CODE_COUNT <= UINT8_MAX, "codes do not fit the table");

static const struct {
	const char *text;
	uint8_t code[ENT_ENTITLEMENT_CANCELLED + 1];
} actions[ENT_ACTION_COUNT] = {
#define ENT_ACTION(constant, text, draft, waiting, active, suspended, expired, cancelled) \
	{ text, { CODE_##draft, CODE_##waiting, CODE_##active, CODE_##suspended,          \
	          CODE_##expired, CODE_##cancelled } },
#include "core/life.def"
};

static const struct {
	const char *name;
	int until;
} free_fields[] = {
#define ENT_FREE(field, until) { #field, FREE_##until },
#include "core/life_field.def"
};

const char *ent_action_text(enum ent_action action)
{
	return actions[action].text;
}

void ent_life_dates(struct ent_entitlement *e, const struct ent_zone *zone)
{
	e->starts_at = ENT_INSTANT_NONE;
	e->ends_at = ENT_INSTANT_NONE;
	if (!ent_date_is_none(e->starts_on)) {
		e->starts_at = ent_zone_day_begins(zone, e->starts_on);
	}
	if (!ent_date_is_none(e->ends_on)) {
		e->ends_at = ent_zone_day_begins(zone, (ent_date){ e->ends_on.day + 1 });
	}
}

static int64_t end_us(ent_instant ends_at)
{
	return ent_instant_is_none(ends_at) ? INT64_MAX : ends_at.us;
}

struct ent_life ent_life_of(const struct ent_entitlement *e)
{
	return (struct ent_life){ e->starts_at, e->ends_at, e->cancelled_at, e->stage };
}

/* Its own end or its cancellation, whichever is first. */
static int64_t last_us(const struct ent_life *life)
{
	int64_t end = end_us(life->ends_at);
	int64_t cancelled = end_us(life->cancelled_at);
	return end < cancelled ? end : cancelled;
}

static bool is_suspended(struct ent_children suspensions, ent_instant at)
{
	const struct ent_entitlement_suspension *rows = suspensions.items;
	for (size_t i = 0; i < suspensions.count; i++) {
		if (rows[i].starts_at.us <= at.us && at.us < end_us(rows[i].ends_at)) {
			return true;
		}
	}
	return false;
}

enum ent_entitlement_state ent_life_state_in(const struct ent_life *life,
                                             struct ent_children suspensions, ent_instant at)
{
	if (life->stage == ENT_STAGE_DRAFT) {
		return ENT_ENTITLEMENT_DRAFT;
	}
	if (life->stage == ENT_STAGE_CANCELLED && ent_instant_is_none(life->cancelled_at)) {
		return ENT_ENTITLEMENT_CANCELLED;
	}
	if (at.us >= last_us(life)) {
		return end_us(life->cancelled_at) < end_us(life->ends_at)
		               ? ENT_ENTITLEMENT_CANCELLED
		               : ENT_ENTITLEMENT_EXPIRED;
	}
	if (at.us < life->starts_at.us) {
		return ENT_ENTITLEMENT_WAITING;
	}
	return is_suspended(suspensions, at) ? ENT_ENTITLEMENT_SUSPENDED : ENT_ENTITLEMENT_ACTIVE;
}

enum ent_entitlement_state ent_life_state(const struct ent_entitlement *e, ent_instant at)
{
	struct ent_life life = ent_life_of(e);
	return ent_life_state_in(&life, e->suspensions, at);
}

ent_instant ent_life_next(const struct ent_entitlement *e, ent_instant after)
{
	struct ent_boundary first;
	struct ent_entitlement copy = *e;
	copy.activated_at = ENT_INSTANT_NONE;
	if (ent_life_boundaries(&copy, after, (ent_instant){ INT64_MAX - 1 }, &first, 1) == 0) {
		return ENT_INSTANT_END;
	}
	return first.at;
}

struct boundaries {
	struct ent_boundary *out;
	size_t room, count;
	int64_t from, to;
};

/* Keeps the first `room` in order; the sort is stable in what was added first. */
static void add_boundary(struct boundaries *list, int64_t at, enum ent_boundary_kind kind)
{
	if (at <= list->from || at > list->to || at == INT64_MAX) {
		return;
	}
	size_t i = list->count < list->room ? list->count : list->room;
	list->count++;
	while (i > 0 && list->out[i - 1].at.us > at) {
		if (i < list->room) {
			list->out[i] = list->out[i - 1];
		}
		i--;
	}
	if (i < list->room) {
		list->out[i] = (struct ent_boundary){ { at }, kind };
	}
}

size_t ent_life_boundaries(const struct ent_entitlement *e, ent_instant from, ent_instant to,
                           struct ent_boundary *out, size_t room)
{
	struct boundaries list = { .out = out, .room = room, .from = from.us, .to = to.us };
	const struct ent_entitlement_suspension *rows = e->suspensions.items;
	struct ent_life life = ent_life_of(e);
	int64_t last = last_us(&life);
	if (e->stage == ENT_STAGE_DRAFT) {
		return 0;
	}
	if (list.from < e->activated_at.us) {
		list.from = e->activated_at.us;
	}
	if (e->starts_at.us < last) {
		add_boundary(&list, e->starts_at.us, ENT_BOUNDARY_ACTIVATED);
	}
	for (size_t i = 0; i < e->suspensions.count; i++) {
		int64_t begin = rows[i].starts_at.us;
		int64_t end = end_us(rows[i].ends_at);
		if (end > begin && end > e->starts_at.us && begin < last) {
			bool later = begin > e->starts_at.us;
			add_boundary(&list, later ? begin : e->starts_at.us,
			             ENT_BOUNDARY_SUSPENDED);
			add_boundary(&list, end < last ? end : INT64_MAX, ENT_BOUNDARY_RESUMED);
		}
	}
	if (last != INT64_MAX) {
		bool cancelled = end_us(e->cancelled_at) < end_us(e->ends_at);
		add_boundary(&list, last,
		             cancelled ? ENT_BOUNDARY_CANCELLED : ENT_BOUNDARY_EXPIRED);
	}
	return list.count;
}

enum ent_code ent_life_may(enum ent_entitlement_state state, enum ent_action action)
{
	return (enum ent_code)actions[action].code[state];
}

enum ent_code ent_life_check(const struct ent_entitlement *e, enum ent_action action,
                             ent_instant at, struct ent_error *error)
{
	enum ent_entitlement_state state = ent_life_state(e, at);
	enum ent_code code = ent_life_may(state, action);
	if (code != ENT_OK) {
		return ent_fail(error, code, "cannot %s: the entitlement is %s",
		                actions[action].text, ent_entitlement_state_names.text[state]);
	}
	return ENT_OK;
}

enum ent_code ent_life_may_edit(enum ent_entitlement_state state, ent_str field)
{
	bool live = state == ENT_ENTITLEMENT_WAITING || state == ENT_ENTITLEMENT_ACTIVE ||
	            state == ENT_ENTITLEMENT_SUSPENDED;
	for (size_t i = 0; i < ENT_COUNT(free_fields); i++) {
		if (ent_str_is(field, free_fields[i].name) &&
		    (live || free_fields[i].until == FREE_ALWAYS)) {
			return ENT_OK;
		}
	}
	return ent_life_may(state, ent_str_is(field, "channels") ? ENT_ACTION_EDIT_CHANNELS
	                                                         : ENT_ACTION_EDIT);
}
