#include "core/date_term.h"

bool ent_term_parse(ent_str text, struct ent_term *out)
{
	struct ent_term term = { .is_negative = text.len > 0 && text.ptr[0] == '-' };
	ent_str rest = { text.ptr + term.is_negative, text.len - term.is_negative };
	if (!ent_duration_parse(rest, &term.duration)) {
		return false;
	}
	*out = term;
	return true;
}

void ent_term_print(struct ent_term term, struct ent_text *out)
{
	char room[ENT_DURATION_ROOM];
	size_t len = ent_duration_format(term.duration, room);
	if (term.is_negative) {
		ent_text_char(out, '-');
	}
	ent_text_add(out, (ent_str){ room, len });
}

static int64_t day_of(int64_t local)
{
	return local / ENT_DAY_US - (local % ENT_DAY_US < 0);
}

static bool in_years(int64_t day)
{
	return day >= ent_date_make(ENT_YEAR_MIN, 1, 1).day &&
	       day < ent_date_make(ENT_YEAR_MAX + 1, 1, 1).day;
}

static int64_t add_months(int64_t local, int64_t months)
{
	ent_date date = { (int32_t)day_of(local) };
	int64_t clock = local - date.day * ENT_DAY_US;
	return ent_date_add_months(date, (int32_t)months).day * ENT_DAY_US + clock;
}

bool ent_term_add(int64_t start, struct ent_term term, int32_t times, int64_t *out)
{
	int64_t sign = term.is_negative ? -times : (int64_t)times;
	int64_t months = sign * term.duration.months;
	int64_t days = sign * term.duration.days;
	int64_t seconds, us;
	int64_t months_max = (ENT_YEAR_MAX + 1) * INT64_C(12);
	if (months > months_max || months < -months_max ||
	    __builtin_mul_overflow(sign, term.duration.seconds, &seconds) ||
	    __builtin_mul_overflow(seconds, ENT_SECOND_US, &us)) {
		return false;
	}
	int64_t local = add_months(start, months);
	if (!in_years(day_of(local)) || !in_years(day_of(local) + days)) {
		return false;
	}
	if (__builtin_add_overflow(local + days * ENT_DAY_US, us, &local) ||
	    !in_years(day_of(local))) {
		return false;
	}
	*out = local;
	return true;
}

struct ent_term ent_term_between(int64_t from, int64_t to)
{
	struct ent_civil a = ent_date_civil((ent_date){ (int32_t)day_of(from) });
	struct ent_civil b = ent_date_civil((ent_date){ (int32_t)day_of(to) });
	int64_t months = (b.year - a.year) * INT64_C(12) + b.month - a.month;
	int64_t rest = to - add_months(from, months);
	if (to >= from && rest < 0) {
		months--;
	} else if (to < from && rest > 0) {
		months++;
	}
	rest = to - add_months(from, months);
	struct ent_term term = { .is_negative = to < from };
	term.duration.months = (int32_t)(months < 0 ? -months : months);
	rest = rest < 0 ? -rest : rest;
	term.duration.days = (int32_t)(rest / ENT_DAY_US);
	term.duration.seconds = rest % ENT_DAY_US / ENT_SECOND_US;
	return term;
}
