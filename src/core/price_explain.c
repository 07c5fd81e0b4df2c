/* Steps from a list price to a total, and what is wrong on the way. */
#include "core/price_inner.h"

#include "base/text.h"

#include <string.h>

void ent_price_explain(struct ent_price_steps *steps, struct ent_price_step step)
{
	if (steps == NULL) {
		return;
	}
	if (steps->count == steps->room) {
		size_t room = steps->room == 0 ? 16 : 2 * steps->room;
		struct ent_price_step *items = ENT_NEW(steps->arena, struct ent_price_step, room);
		if (steps->count > 0) {
			memcpy(items, steps->items, steps->count * sizeof(*items));
		}
		steps->items = items;
		steps->room = room;
	}
	steps->items[steps->count++] = step;
}

ent_str ent_price_factor(const struct ent_price_steps *steps, const char *before,
                         ent_decimal decimal, const char *after)
{
	char room[ENT_DECIMAL_ROOM];
	if (steps == NULL) {
		return (ent_str){ NULL, 0 };
	}
	ent_decimal_format(decimal, room);
	return ent_text_format(steps->arena, "%s%s%s", before, room, after);
}

ent_str ent_price_mixed(struct ent_fraction f, const char *before, struct ent_arena *arena)
{
	ent_fraction_reduce(&f);
	long long whole = (long long)(f.num / f.den);
	long long rest = (long long)(f.num % f.den);
	if (rest == 0) {
		return ent_text_format(arena, "%s%lld", before, whole);
	}
	if (whole == 0) {
		return ent_text_format(arena, "%s%lld/%lld", before, rest, (long long)f.den);
	}
	return ent_text_format(arena, "%s%lld %lld/%lld", before, whole, rest < 0 ? -rest : rest,
	                       (long long)f.den);
}

ent_str ent_price_factor_of(const struct ent_price_steps *steps, const char *before,
                            struct ent_fraction f)
{
	return steps == NULL ? (ent_str){ NULL, 0 } : ent_price_mixed(f, before, steps->arena);
}

enum ent_code ent_price_overflow(struct ent_error *error, const char *pointer)
{
	return ent_refuse(error, ENT_E_RANGE, pointer, (ent_str){ NULL, 0 },
	                  "what comes of it is beyond 9000000000000");
}

bool ent_price_in_range(ent_decimal value, int64_t most, const char *pointer,
                        struct ent_error *error)
{
	char shown[ENT_DECIMAL_ROOM];
	if (ent_decimal_is_none(value) || (value.micro >= 0 && value.micro <= most)) {
		return true;
	}
	size_t len = ent_decimal_format(value, shown);
	if (most == ENT_AMOUNT_MAX) {
		ent_note(error, ENT_E_RANGE, pointer, (ent_str){ shown, len },
		         "must not be negative");
	} else {
		ent_note(error, ENT_E_RANGE, pointer, (ent_str){ shown, len }, "give 0 to %lld",
		         (long long)(most / ENT_MICRO));
	}
	return false;
}

void ent_price_check_rate(enum ent_price_period period, ent_count months, struct ent_error *error)
{
	if (period == ENT_PERIOD_MONTHS && (months.n < 1 || months.n > ENT_PRICE_MONTHS_MAX)) {
		ent_note(error, ENT_E_REQUIRED, "/period_months", (ent_str){ NULL, 0 },
		         "give 1 to %d months", ENT_PRICE_MONTHS_MAX);
	}
}
