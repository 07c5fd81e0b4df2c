#include "core/arr.h"

/* ---- chains ---- */

static int64_t index_of(const int64_t *ids, size_t count, int64_t id)
{
	size_t low = 0;
	size_t high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ids[middle] < id) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < count && ids[low] == id ? (int64_t)low : -1;
}

static uint32_t top_of(uint32_t *tops, uint32_t at)
{
	while (tops[at] != at) {
		tops[at] = tops[tops[at]];
		at = tops[at];
	}
	return at;
}

void ent_chains_join(const int64_t *ids, size_t count, const struct ent_chain_edge *edges,
                     size_t edge_count, struct ent_arena *arena, struct ent_chains *out)
{
	uint32_t *tops = ENT_NEW(arena, uint32_t, count);
	for (size_t i = 0; i < count; i++) {
		tops[i] = (uint32_t)i;
	}
	for (size_t i = 0; i < edge_count; i++) {
		int64_t from = index_of(ids, count, edges[i].from);
		int64_t to = index_of(ids, count, edges[i].to);
		if (from >= 0 && to >= 0) {
			tops[top_of(tops, (uint32_t)to)] = top_of(tops, (uint32_t)from);
		}
	}
	for (size_t i = 0; i < count; i++) {
		tops[i] = top_of(tops, (uint32_t)i);
	}
	*out = (struct ent_chains){ ids, tops, count };
}

int64_t ent_chain_of(const struct ent_chains *chains, ent_id line)
{
	int64_t at = index_of(chains->ids, chains->count, line.value);
	return at < 0 ? -1 : (int64_t)chains->tops[at];
}

/* ---- periods ---- */

/* The first day of the period behind the one of `day`. */
static ent_date next_period(ent_date day, enum ent_report_period by)
{
	struct ent_civil civil = ent_date_civil(day);
	switch (by) {
	case ENT_BY_WEEK: /* 1970-01-01 was a Thursday */
		return (ent_date){ day.day + 7 - ((day.day + 3) % 7 + 7) % 7 };
	case ENT_BY_MONTH:
		return ent_date_add_months(ent_date_make(civil.year, civil.month, 1), 1);
	case ENT_BY_QUARTER:
		return ent_date_add_months(
			ent_date_make(civil.year, (civil.month - 1) / 3 * 3 + 1, 1), 3);
	case ENT_BY_YEAR:
		break;
	}
	return ent_date_make(civil.year + 1, 1, 1);
}

size_t ent_periods(ent_date from, ent_date to, enum ent_report_period by, struct ent_period *out)
{
	size_t count = 0;
	while (from.day <= to.day) {
		ent_date next = next_period(from, by);
		if (count == ENT_PERIODS_MAX) {
			return 0;
		}
		out[count].first = from;
		out[count++].last.day = next.day - 1 < to.day ? next.day - 1 : to.day;
		from = next;
	}
	return count;
}

int64_t ent_period_of(const struct ent_period *periods, size_t count, ent_date day)
{
	size_t low = 0;
	size_t high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (periods[middle].last.day < day.day) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < count && periods[low].first.day <= day.day ? (int64_t)low : -1;
}

/* ---- movements ---- */

static bool add(int64_t *sum, int64_t more)
{
	return !__builtin_add_overflow(*sum, more, sum);
}

/* At the price after, what the quantity before would bring; the change's share of price. */
static bool price_effect(const struct ent_arr_point *before, const struct ent_arr_point *after,
                         int64_t *out)
{
	ent_decimal scaled;
	if (after->is_changed || before->quantity <= 0 || after->quantity <= 0) {
		*out = 0;
		return true;
	}
	if (!ent_amount_scale((ent_decimal){ after->arr }, before->quantity, after->quantity,
	                      ENT_ROUND_HALF_AWAY, &scaled)) {
		return false;
	}
	*out = scaled.micro - before->arr;
	return true;
}

bool ent_arr_move(const struct ent_arr_point *before, const struct ent_arr_point *after,
                  bool has_been, struct ent_arr_moved *out)
{
	if (!add(&out->opening, before->arr) || !add(&out->closing, after->arr)) {
		return false;
	}
	if (before->arr == 0) {
		return add(has_been ? &out->won_back : &out->new, after->arr);
	}
	if (after->arr == 0) {
		return add(&out->churn, -before->arr);
	}
	int64_t price;
	if (!price_effect(before, after, &price)) {
		return false;
	}
	int64_t rest = after->arr - before->arr - price;
	return add(price > 0 ? &out->uplift : &out->downsell, price) &&
	       add(rest > 0 ? &out->upsell : &out->downsell, rest);
}

ent_decimal ent_percent_of(int64_t part, int64_t whole)
{
	ent_decimal percent;
	struct ent_fraction f = ent_fraction_of(part, 1);
	if (whole <= 0) {
		return ENT_DECIMAL_NONE;
	}
	ent_fraction_times(&f, ENT_PERCENT, whole);
	return ent_fraction_round(&f, 2, ENT_ROUND_HALF_AWAY, &percent) ? percent
	                                                                : ENT_DECIMAL_NONE;
}
