#include "core/plan_cover.h"

#include "base/hash.h"

struct ent_plan_covers ent_plan_covers_of(struct ent_arena *arena, size_t most)
{
	struct ent_plan_covers covers = { .room = 16 };
	while (covers.room < 2 * most) {
		covers.room *= 2;
	}
	covers.slots = ENT_NEW(arena, struct ent_contract_coverage *, covers.room);
	return covers;
}

static bool is_like(const struct ent_contract_coverage *a, const struct ent_contract_coverage *b)
{
	return ent_id_eq(a->contract_id, b->contract_id) &&
	       ent_id_eq(a->contract_line_id, b->contract_line_id) &&
	       ent_id_eq(a->entitlement_id, b->entitlement_id) &&
	       ent_id_eq(a->asset_id, b->asset_id) && ent_id_eq(a->product_id, b->product_id);
}

/* The place of one like it, or of where it would stand. */
static struct ent_contract_coverage **slot_of(const struct ent_plan_covers *covers,
                                              const struct ent_contract_coverage *row)
{
	const ent_id key[] = { row->contract_id, row->contract_line_id, row->entitlement_id,
		               row->asset_id, row->product_id };
	uint64_t hash = ent_hash((ent_str){ (const char *)key, sizeof(key) }, 0);
	size_t at = (size_t)hash & (covers->room - 1);
	while (covers->slots[at] != NULL && !is_like(covers->slots[at], row)) {
		at = (at + 1) & (covers->room - 1);
	}
	return &covers->slots[at];
}

struct ent_contract_coverage *ent_plan_covers_find(const struct ent_plan_covers *covers,
                                                   const struct ent_contract_coverage *row)
{
	return *slot_of(covers, row);
}

void ent_plan_covers_add(struct ent_plan_covers *covers, struct ent_contract_coverage *row)
{
	struct ent_contract_coverage **slot = slot_of(covers, row);
	if (*slot == NULL) {
		*slot = row; /* else the first one stands for all */
	}
}

/* ---- times ------------------------------------------------------------------------------ */

struct ent_plan_time {
	struct ent_contract_coverage row; /* first: the tables know it */
	int64_t first, last;              /* its days */
	struct ent_plan_time *next;       /* the next one that is alike */
	bool is_kept;
	bool is_gone; /* another one has its days */
};

struct ent_plan_times ent_plan_times_of(struct ent_arena *arena, size_t most)
{
	return (struct ent_plan_times){ .made = ent_plan_covers_of(arena, most),
		                        .kept = ent_plan_covers_of(arena, most),
		                        .rows = ENT_NEW(arena, struct ent_plan_time, most),
		                        .room = most,
		                        .arena = arena };
}

static struct ent_plan_time *first_like(const struct ent_plan_covers *covers,
                                        const struct ent_contract_coverage *row)
{
	return (struct ent_plan_time *)(void *)ent_plan_covers_find(covers, row);
}

static struct ent_plan_time *append(struct ent_plan_times *times, struct ent_plan_covers *covers,
                                    const struct ent_contract_coverage *row)
{
	struct ent_plan_time *time = &times->rows[times->count++];
	assert(times->count <= times->room);
	*time = (struct ent_plan_time){ .row = *row };
	time->first = ent_date_is_none(row->starts_on) ? INT32_MIN : row->starts_on.day;
	time->last = ent_date_is_none(row->ends_on) ? INT32_MAX : row->ends_on.day;
	struct ent_plan_time *first = first_like(covers, row);
	if (first == NULL) {
		ent_plan_covers_add(covers, &time->row);
	} else {
		time->next = first->next;
		first->next = time;
	}
	return time;
}

void ent_plan_times_keep(struct ent_plan_times *times, const struct ent_contract_coverage *row)
{
	append(times, &times->kept, row)->is_kept = true;
}

static struct ent_plan_time *meeting(const struct ent_plan_times *times,
                                     const struct ent_plan_time *time)
{
	struct ent_plan_time *t = first_like(&times->made, &time->row);
	while (t != NULL && (t == time || t->is_gone || t->first > time->last + 1 ||
	                     time->first > t->last + 1)) {
		t = t->next;
	}
	return t;
}

void ent_plan_times_add(struct ent_plan_times *times, const struct ent_contract_coverage *row)
{
	struct ent_plan_time *time = append(times, &times->made, row);
	struct ent_plan_time *other;
	while ((other = meeting(times, time)) != NULL) {
		other->first = time->first < other->first ? time->first : other->first;
		other->last = time->last > other->last ? time->last : other->last;
		time->is_gone = true;
		time = other;
	}
}

/* The kept row that is the first to have one of the days from `day` on; NULL: none has. */
static const struct ent_plan_time *kept_from(const struct ent_plan_times *times,
                                             const struct ent_plan_time *time, int64_t day)
{
	const struct ent_plan_time *found = NULL;
	for (struct ent_plan_time *t = first_like(&times->kept, &time->row); t != NULL;
	     t = t->next) {
		bool meets = t->last >= day && t->first <= time->last;
		if (meets && (found == NULL || t->first < found->first)) {
			found = t;
		}
	}
	return found;
}

static void make_days(struct ent_plan *plan, const struct ent_plan_time *time, int64_t first,
                      int64_t last)
{
	struct ent_contract_coverage *made =
		ent_plan_make(plan, &ent_contract_coverage_type, &time->row)->after;
	made->account_id = time->row.account_id;
	made->starts_on = first == INT32_MIN ? ENT_DATE_NONE : (ent_date){ (int32_t)first };
	made->ends_on = last == INT32_MAX ? ENT_DATE_NONE : (ent_date){ (int32_t)last };
}

void ent_plan_times_make(const struct ent_plan_times *times, struct ent_plan *plan)
{
	for (size_t i = 0; i < times->count; i++) {
		const struct ent_plan_time *time = &times->rows[i];
		if (time->is_kept || time->is_gone) {
			continue;
		}
		int64_t day = time->first;
		const struct ent_plan_time *kept = kept_from(times, time, day);
		for (; kept != NULL; kept = kept_from(times, time, day)) {
			if (day < kept->first) {
				make_days(plan, time, day, kept->first - 1);
			}
			day = kept->last + 1;
		}
		if (day <= time->last) {
			make_days(plan, time, day, time->last);
		}
	}
}
