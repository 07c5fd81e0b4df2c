/* Lines whose price is a share of others', and what of a contract's price is new, renewed, more
 * and less. */
#include "core/contract_price_inner.h"

/* ---- shares of other lines ---- */

struct sharing {
	const struct ent_contract_work *w;
	struct ent_line_price *price;
	size_t *from; /* the lines it is a share of */
	size_t count;
	ent_date until; /* of its own; the horizon where it has no end */
	struct ent_price_source *sources;
	size_t source_count;
};

static bool can_share(const struct ent_line_price *price)
{
	return ent_decimal_is_none(price->line->derived_percent) && price->run_count > 0;
}

/* Those named, else those beside it; never one that is a share itself, or paid once. */
static void find_lines(struct sharing *s, size_t at)
{
	const struct ent_contract_price *out = s->w->out;
	const struct ent_ids named = s->price->line->derived_from;
	size_t room = named.count > 0 ? named.count : out->count;
	s->from = ENT_NEW(s->w->in->arena, size_t, room);
	for (size_t i = 0; i < room; i++) {
		int64_t k = named.count > 0 ? ent_contract_line_index(s->w->in, named.items[i])
		                            : (int64_t)i;
		bool is_beside = k >= 0 && out->lines[k].parent == s->price->parent;
		if (k >= 0 && (size_t)k != at && (named.count > 0 || is_beside) &&
		    can_share(&out->lines[k])) {
			s->from[s->count++] = (size_t)k;
		}
	}
}

/* A source for each run that meets the days of the line. */
static void find_sources(struct sharing *s)
{
	const struct ent_contract_price *out = s->w->out;
	ent_date from = s->price->given.starts_on;
	size_t room = 0;
	for (size_t i = 0; i < s->count; i++) {
		room += out->lines[s->from[i]].run_count;
	}
	s->sources = ENT_NEW(s->w->in->arena, struct ent_price_source, room);
	for (size_t i = 0; i < s->count; i++) {
		const struct ent_line_price *price = &out->lines[s->from[i]];
		for (size_t k = 0; k < price->run_count; k++) {
			const struct ent_price_run *run = &price->runs[k];
			struct ent_price_source *source = &s->sources[s->source_count];
			ent_type_clear(&ent_price_source_type, source);
			bool is_open =
				ent_date_is_none(run->until) || run->until.day > s->until.day;
			source->name = price->given.name;
			source->quantity = run->quantity;
			source->unit_price = run->unit_price;
			source->period = price->given.period;
			source->period_months = price->given.period_months;
			source->starts_on = run->from.day < from.day ? from : run->from;
			source->ends_on.day = (is_open ? s->until.day : run->until.day) - 1;
			s->source_count += source->starts_on.day <= source->ends_on.day;
		}
	}
}

/* Discounts in percent by hand or rule, one upon the other, as one. */
static bool own_discount(const struct ent_contract_line *line, ent_decimal *out)
{
	const struct ent_price_adjustment *rows = line->adjustments.items;
	ent_decimal left = { ENT_PERCENT };
	for (size_t i = 0; i < line->adjustments.count; i++) {
		if (rows[i].type == ENT_ADJUST_MARKDOWN_PERCENT &&
		    !ent_amount_scale(left, ENT_PERCENT - rows[i].value.micro, ENT_PERCENT,
		                      ENT_ROUND_HALF_AWAY, &left)) {
			return false;
		}
	}
	out->micro = ENT_PERCENT - left.micro;
	return true;
}

/* The share of what the sources bring a month and a year on the first day of the run. */
static bool fill_run(const struct sharing *s, const struct ent_price_derived *derived,
                     struct ent_price_run *run)
{
	ent_decimal mrr = { 0 };
	ent_decimal arr = { 0 };
	int64_t left = ENT_PERCENT - derived->own_discount_percent.micro;
	for (size_t i = 0; i < s->count; i++) {
		const struct ent_price_run *now =
			ent_line_price_on(&s->w->out->lines[s->from[i]], run->from);
		if (now != NULL && (!ent_amount_add(mrr, now->mrr, &mrr) ||
		                    !ent_amount_add(arr, now->arr, &arr))) {
			return false;
		}
	}
	ent_decimal *const amounts[] = { &mrr, &arr };
	for (size_t i = 0; i < 2; i++) {
		struct ent_fraction share = ent_fraction_of(derived->percent.micro, ENT_PERCENT);
		ent_fraction_times(&share, left, ENT_PERCENT);
		ent_fraction_reduce(&share);
		ent_fraction_times(&share, amounts[i]->micro, 1);
		if (!ent_fraction_round(&share, ENT_AMOUNT_DIGITS, s->w->rules.rounding,
		                        amounts[i])) {
			return false;
		}
	}
	run->unit_price = mrr;
	return ent_amount_scale(mrr, run->quantity.micro, ENT_MICRO, s->w->rules.rounding,
	                        &run->mrr) &&
	       ent_amount_scale(arr, run->quantity.micro, ENT_MICRO, s->w->rules.rounding,
	                        &run->arr);
}

static bool take_spans(const struct sharing *s, const struct ent_price_derived *derived,
                       struct ent_children spans, ent_decimal quantity)
{
	const struct ent_price_span *items = spans.items;
	struct ent_line_price *price = s->price;
	bool has_end = !ent_date_is_none(price->until);
	price->runs = ENT_NEW(s->w->in->arena, struct ent_price_run, spans.count);
	for (size_t i = 0; i < spans.count; i++) {
		struct ent_price_run *run = &price->runs[price->run_count++];
		ent_decimal net;
		run->from = items[i].starts_on;
		run->until.day = items[i].ends_on.day + 1;
		if (!has_end && run->until.day == s->until.day) {
			run->until = ENT_DATE_NONE;
		}
		run->quantity = quantity;
		if (!fill_run(s, derived, run) ||
		    !ent_amount_scale(items[i].price, quantity.micro, ENT_MICRO,
		                      s->w->rules.rounding, &net)) {
			return false;
		}
		if (has_end && !ent_amount_add(price->result.net, net, &price->result.net)) {
			return false;
		}
	}
	return true;
}

enum ent_code ent_contract_derive(const struct ent_contract_work *w, size_t at)
{
	struct sharing s = { .w = w, .price = &w->out->lines[at] };
	struct ent_pricing pricing = ent_contract_work_pricing(w, s.price);
	struct ent_price_derived derived;
	struct ent_children spans;
	ent_type_clear(&ent_price_derived_type, &derived);
	s.price->given.pricing_method = ENT_PRICING_RECURRING;
	s.price->result = (struct ent_price_result){ .quantity = w->quantities[at] };
	s.until = ent_date_is_none(s.price->until) ? ent_price_horizon(s.price->given.starts_on)
	                                           : s.price->until;
	find_lines(&s, at);
	find_sources(&s);
	if (s.source_count == 0 || s.until.day <= s.price->given.starts_on.day) {
		return ENT_OK;
	}
	derived.percent = s.price->line->derived_percent;
	derived.proration = s.price->given.proration;
	derived.starts_on = s.price->given.starts_on;
	derived.ends_on.day = s.until.day - 1;
	derived.sources = (struct ent_children){ s.sources, s.source_count };
	if (!own_discount(s.price->line, &derived.own_discount_percent)) {
		return ent_price_overflow(w->error, "/adjustments");
	}
	enum ent_code code = ent_price_derive(&derived, &pricing, &spans, w->error);
	if (code == ENT_OK && !take_spans(&s, &derived, spans, w->quantities[at])) {
		code = ent_price_overflow(w->error, "/derived_percent");
	}
	return code;
}

/* ---- what it is ---- */

/* A line, and those that a change split from it. */
struct change {
	int64_t source; /* the line that this one was split from, or ENT_NO_PARENT */
	size_t count;   /* how many were split from this one, and their days */
	ent_date from, until;
	ent_decimal lost;  /* what this one would have cost from its end to theirs */
	ent_decimal delta; /* of a root: how much more its tree costs by changes */
};

/* What a tree was split from holds for all of it. */
static int64_t source_of(const struct ent_contract_work *w, size_t at)
{
	const struct ent_line_price *price = &w->out->lines[at];
	int64_t source = ent_contract_line_index(w->in, price->line->split_from_id);
	return source >= 0 ? source
	                   : ent_contract_line_index(
				     w->in, w->out->lines[price->root].line->split_from_id);
}

static void note_change(struct change *change, const struct ent_line_price *price)
{
	bool is_first = change->count++ == 0;
	ent_date from = price->given.starts_on;
	bool is_later = ent_date_is_none(price->until) ||
	                (!ent_date_is_none(change->until) && price->until.day > change->until.day);
	change->from = is_first || from.day < change->from.day ? from : change->from;
	change->until = is_first || is_later ? price->until : change->until;
}

static bool find_lost(const struct ent_contract_work *w, size_t at, struct change *change)
{
	const struct ent_line_price *price = &w->out->lines[at];
	ent_date last = w->in->contract->ends_on;
	bool is_over = change->count == 0 && price->line->line_type == ENT_LINE_TYPE_CANCEL;
	bool is_replaced = change->count > 0 && price->until.day <= change->from.day;
	ent_date until = change->until;
	if (is_over) {
		until = ent_date_is_none(last) ? last : (ent_date){ last.day + 1 };
	}
	if ((!is_over && !is_replaced) || price->run_count == 0 || ent_date_is_none(until) ||
	    ent_date_is_none(price->until) || until.day <= price->until.day) {
		return true;
	}
	const struct ent_price_run *run = &price->runs[price->run_count - 1];
	return ent_price_run_net(price, run, price->until, until, &change->lost);
}

static ent_decimal *kind_of(struct ent_contract_price *out, const struct ent_contract_line *root)
{
	if (root->line_type == ENT_LINE_TYPE_UPSELL) {
		return &out->upsell;
	}
	bool is_renewed =
		root->line_type == ENT_LINE_TYPE_RENEW || !ent_id_is_none(root->renewed_from_id);
	return is_renewed ? &out->renewal : &out->net_new;
}

/* What a line costs, and would have, is of the kind of its root, or of the change that made it. */
static bool count_in(const struct ent_contract_work *w, size_t at, struct change *changes)
{
	struct ent_contract_price *out = w->out;
	const struct ent_line_price *price = &out->lines[at];
	struct change *own = &changes[at];
	ent_decimal worth;
	ent_decimal *to = own->source >= 0 ? &changes[out->lines[own->source].root].delta
	                                   : kind_of(out, out->lines[price->root].line);
	ent_decimal *delta = &changes[price->root].delta;
	return ent_amount_add(price->result.net, own->lost, &worth) &&
	       ent_amount_add(*to, worth, to) &&
	       ent_amount_add(*delta, (ent_decimal){ -own->lost.micro }, delta);
}

static bool round_kinds(const struct ent_contract_work *w)
{
	struct ent_contract_price *out = w->out;
	ent_decimal *const sums[] = { &out->net_new, &out->renewal, &out->upsell, &out->downsell };
	bool fits = true;
	for (size_t i = 0; i < ENT_COUNT(sums) && fits; i++) {
		fits = ent_amount_round(*sums[i], ent_price_digits(&w->rules), w->rules.rounding,
		                        sums[i]);
	}
	return fits;
}

bool ent_contract_price_kinds(const struct ent_contract_work *w)
{
	struct ent_contract_price *out = w->out;
	struct change *changes = ENT_NEW(w->in->arena, struct change, out->count);
	bool fits = true;
	for (size_t i = 0; i < out->count; i++) {
		changes[i].source = source_of(w, i);
		if (changes[i].source >= 0) {
			note_change(&changes[changes[i].source], &out->lines[i]);
		}
	}
	for (size_t i = 0; i < out->count && fits; i++) {
		fits = find_lost(w, i, &changes[i]);
	}
	for (size_t i = 0; i < out->count && fits; i++) {
		fits = count_in(w, i, changes);
	}
	for (size_t i = 0; i < out->count && fits; i++) {
		int64_t delta = changes[i].delta.micro;
		ent_decimal *to = delta > 0 ? &out->upsell : &out->downsell;
		fits = ent_amount_add(*to, (ent_decimal){ delta < 0 ? -delta : delta }, to);
	}
	return fits && round_kinds(w);
}
