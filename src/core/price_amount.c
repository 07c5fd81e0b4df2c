#include "core/price_amount.h"

/* a × b in 128 bits, by halves: a helper of the compiler that tells of overflow is not in every
 * library. */
static bool multiply(ent_wide a, int64_t b, ent_wide *out)
{
	if (a >= -INT64_MAX && a <= INT64_MAX) {
		*out = a * b;
		return true;
	}
	bool negative = (a < 0) != (b < 0);
	ent_uwide x = a < 0 ? 0 - (ent_uwide)a : (ent_uwide)a;
	uint64_t y = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
	ent_uwide low = (ent_uwide)(uint64_t)x * y;
	ent_uwide high = (x >> 64) * y + (low >> 64);
	if ((high >> 63) != 0) {
		return false;
	}
	ent_wide product = (ent_wide)(high << 64 | (uint64_t)low);
	*out = negative ? -product : product;
	return true;
}

struct ent_fraction ent_fraction_of(int64_t num, int64_t den)
{
	assert(den > 0);
	return (struct ent_fraction){ num, den, false };
}

void ent_fraction_times(struct ent_fraction *f, int64_t num, int64_t den)
{
	assert(den > 0);
	f->lost = f->lost || !multiply(f->num, num, &f->num) ||
	          (den != 1 && !multiply(f->den, den, &f->den));
}

static bool is_narrow(ent_wide a)
{
	return a >= -INT64_MAX && a <= INT64_MAX;
}

/* Of a number and a positive one. Mostly both are short, and then it is cheap. */
static ent_wide gcd(ent_wide a, ent_wide b)
{
	while (b != 0 && !(is_narrow(a) && is_narrow(b))) {
		ent_wide rest = a % b;
		a = b;
		b = rest;
	}
	int64_t x = b == 0 ? 0 : (int64_t)a;
	int64_t y = b == 0 ? 0 : (int64_t)b;
	while (y != 0) {
		int64_t rest = x % y;
		x = y;
		y = rest;
	}
	a = b == 0 ? a : x;
	return a < 0 ? -a : a;
}

void ent_fraction_reduce(struct ent_fraction *f)
{
	ent_wide common = gcd(f->num, f->den);
	if (common > 1) {
		f->num /= common;
		f->den /= common;
	}
}

void ent_fraction_add(struct ent_fraction *f, struct ent_fraction g)
{
	if (f->den != g.den) {
		ent_wide den = g.den / gcd(f->den, g.den);
		ent_wide own = f->den / gcd(f->den, g.den);
		f->lost = f->lost || !is_narrow(den) || !is_narrow(own);
		if (f->lost) {
			return;
		}
		ent_fraction_times(f, (int64_t)den, (int64_t)den);
		ent_fraction_times(&g, (int64_t)own, (int64_t)own);
	}
	f->lost = f->lost || g.lost || __builtin_add_overflow(f->num, g.num, &f->num);
}

static int64_t unit_of(int digits)
{
	assert(digits >= 0 && digits <= ENT_AMOUNT_DIGITS);
	int64_t unit = ENT_MICRO;
	while (digits-- > 0) {
		unit /= 10;
	}
	return unit;
}

bool ent_fraction_round(const struct ent_fraction *f, int digits, enum ent_price_rounding rounding,
                        ent_decimal *out)
{
	int64_t unit = unit_of(digits);
	ent_wide den;
	den = f->den;
	if (f->lost || (unit != 1 && !multiply(f->den, unit, &den))) {
		return false;
	}
	bool narrow = is_narrow(f->num) && is_narrow(den);
	ent_wide whole = narrow ? (int64_t)f->num / (int64_t)den : f->num / den;
	ent_wide rest = f->num - whole * den;
	ent_wide lost = rest < 0 ? -rest : rest;
	ent_wide gap = den - lost; /* to the next one away from zero */
	bool away = lost > gap;
	if (lost == gap) {
		away = rounding == ENT_ROUND_HALF_AWAY || whole % 2 != 0;
	}
	whole += away ? (f->num < 0 ? -1 : 1) : 0;
	if (whole > ENT_AMOUNT_MAX / unit || whole < -ENT_AMOUNT_MAX / unit) {
		return false;
	}
	out->micro = (int64_t)whole * unit;
	return true;
}

bool ent_amount_scale(ent_decimal a, int64_t num, int64_t den, enum ent_price_rounding rounding,
                      ent_decimal *out)
{
	struct ent_fraction f = ent_fraction_of(a.micro, 1);
	ent_fraction_times(&f, num, den);
	return ent_fraction_round(&f, ENT_AMOUNT_DIGITS, rounding, out);
}

bool ent_amount_add(ent_decimal a, ent_decimal b, ent_decimal *out)
{
	int64_t sum;
	if (__builtin_add_overflow(a.micro, b.micro, &sum) || sum > ENT_AMOUNT_MAX ||
	    sum < -ENT_AMOUNT_MAX) {
		return false;
	}
	out->micro = sum;
	return true;
}

bool ent_amount_round(ent_decimal a, int digits, enum ent_price_rounding rounding, ent_decimal *out)
{
	struct ent_fraction f = ent_fraction_of(a.micro, 1);
	return ent_fraction_round(&f, digits, rounding, out);
}

/* ---- splits -------------------------------------------------------------- */

struct share {
	size_t at;
	ent_wide lost; /* what rounding towards zero took, in parts of the sum of weights */
};

/* Who is given a unit first: the one that lost more, of equals the earlier. */
static bool is_before(const struct share *a, const struct share *b)
{
	return a->lost != b->lost ? a->lost > b->lost : a->at < b->at;
}

/* Let the share at `at` sink in the heap until none below it comes before it. */
static void sink(struct share *heap, size_t count, size_t at)
{
	struct share share = heap[at];
	for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
		if (child + 1 < count && is_before(&heap[child + 1], &heap[child])) {
			child++;
		}
		if (!is_before(&heap[child], &share)) {
			break;
		}
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = share;
}

/* Give each of the `left` that come first a unit more. */
static void hand_out(struct share *shares, size_t count, int64_t left, int64_t unit,
                     ent_decimal *parts)
{
	for (size_t i = count / 2; i > 0; i--) {
		sink(shares, count, i - 1);
	}
	for (; left > 0; left--) {
		parts[shares[0].at].micro += unit;
		shares[0] = shares[--count];
		sink(shares, count, 0);
	}
}

static bool sum_of(const ent_decimal *weights, size_t count, int64_t *sum)
{
	ent_decimal all = { 0 };
	for (size_t i = 0; i < count; i++) {
		if (weights[i].micro < 0 || !ent_amount_add(all, weights[i], &all)) {
			return false;
		}
	}
	*sum = all.micro;
	return true;
}

bool ent_amount_split(ent_decimal whole, int digits, const ent_decimal *weights, size_t count,
                      struct ent_arena scratch, ent_decimal *parts)
{
	int64_t unit = unit_of(digits);
	int64_t sum;
	assert(count > 0);
	if (!sum_of(weights, count, &sum) || whole.micro % unit != 0) {
		return false;
	}
	struct share *shares = ENT_NEW(&scratch, struct share, count);
	int64_t sign = whole.micro < 0 ? -1 : 1;
	int64_t units = whole.micro / unit * sign;
	int64_t left = units;
	ent_wide total = sum == 0 ? (ent_wide)count : sum;
	for (size_t i = 0; i < count; i++) {
		ent_wide exact = (ent_wide)units * (sum == 0 ? 1 : weights[i].micro);
		shares[i] = (struct share){ i, exact % total };
		parts[i].micro = (int64_t)(exact / total) * unit * sign;
		left -= (int64_t)(exact / total);
	}
	hand_out(shares, count, left, unit * sign, parts);
	return true;
}
