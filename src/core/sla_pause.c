#include "core/sla_inner.h"

#include <string.h>

/* "1790000000000000-1790000003600000 1790000009000000": microseconds, no end while it lasts. */

static ent_str digits(ent_str *rest)
{
	size_t len = rest->len > 0 && rest->ptr[0] == '-';
	while (len < rest->len && rest->ptr[len] >= '0' && rest->ptr[len] <= '9') {
		len++;
	}
	ent_str number = { rest->ptr, len };
	*rest = (ent_str){ rest->ptr + len, rest->len - len };
	return number;
}

/* What is damaged ends the list: pauses are ours, nobody else writes them. */
static bool read_span(ent_str *rest, struct ent_sla_span *span)
{
	while (rest->len > 0 && rest->ptr[0] == ' ') {
		*rest = (ent_str){ rest->ptr + 1, rest->len - 1 };
	}
	span->to = INT64_MAX;
	if (!ent_str_int(digits(rest), &span->from)) {
		return false;
	}
	if (rest->len == 0 || rest->ptr[0] != '-') {
		return true;
	}
	*rest = (ent_str){ rest->ptr + 1, rest->len - 1 };
	return ent_str_int(digits(rest), &span->to);
}

static size_t count_spans(ent_str text)
{
	size_t count = text.len > 0;
	for (size_t i = 0; i < text.len; i++) {
		count += text.ptr[i] == ' ';
	}
	return count;
}

struct ent_sla_spans ent_sla_spans_read(ent_str text, struct ent_arena *arena)
{
	struct ent_sla_spans spans = { NULL, 0 };
	spans.items = ENT_NEW(arena, struct ent_sla_span, count_spans(text) + 2);
	while (text.len > 0 && read_span(&text, &spans.items[spans.count])) {
		spans.count++;
	}
	return spans;
}

ent_str ent_sla_spans_print(const struct ent_sla_spans *spans, struct ent_arena *arena)
{
	if (spans->count == 0) {
		return (ent_str){ NULL, 0 };
	}
	struct ent_text out = ent_text_begin(arena);
	for (size_t i = 0; i < spans->count; i++) {
		if (i > 0) {
			ent_text_char(&out, ' ');
		}
		ent_text_int(&out, spans->items[i].from);
		if (spans->items[i].to != INT64_MAX) {
			ent_text_char(&out, '-');
			ent_text_int(&out, spans->items[i].to);
		}
	}
	return ent_text_end(&out);
}

/* There is always room: of too many, the two that are nearest to each other become one. */
static void join_nearest(struct ent_sla_spans *spans)
{
	struct ent_sla_span *items = spans->items;
	size_t best = 1;
	for (size_t i = 2; i < spans->count; i++) {
		int64_t gap = items[i].from - items[i - 1].to;
		best = gap < items[best].from - items[best - 1].to ? i : best;
	}
	items[best - 1].to = items[best].to;
	memmove(items + best, items + best + 1, (spans->count - best - 1) * sizeof(*items));
	spans->count--;
}

void ent_sla_spans_open(struct ent_sla_spans *spans, ent_instant at)
{
	struct ent_sla_span *last = spans->count > 0 ? &spans->items[spans->count - 1] : NULL;
	if (last != NULL && last->to >= at.us) {
		last->to = INT64_MAX; /* goes on without a gap */
		return;
	}
	if (spans->count >= ENT_SLA_PAUSES_MAX) {
		join_nearest(spans);
	}
	spans->items[spans->count++] = (struct ent_sla_span){ at.us, INT64_MAX };
}

void ent_sla_spans_close(struct ent_sla_spans *spans, ent_instant at)
{
	ent_sla_spans_cut(spans, ENT_INSTANT_NONE, at);
}

void ent_sla_spans_cut(struct ent_sla_spans *spans, ent_instant from, ent_instant to)
{
	size_t kept = 0;
	for (size_t i = 0; i < spans->count; i++) {
		struct ent_sla_span span = spans->items[i];
		span.from = span.from < from.us ? from.us : span.from;
		span.to = span.to > to.us ? to.us : span.to;
		if (span.from < span.to) {
			spans->items[kept++] = span;
		}
	}
	spans->count = kept;
}

int64_t ent_sla_spans_sum(const struct ent_sla_spans *spans, const struct ent_sla_clock *clock,
                          enum ent_target_unit unit, ent_instant from, ent_instant to,
                          struct ent_arena scratch)
{
	int64_t sum = 0;
	for (size_t i = 0; i < spans->count; i++) {
		struct ent_sla_span span = spans->items[i];
		ent_instant first = { span.from < from.us ? from.us : span.from };
		ent_instant last = { span.to > to.us ? to.us : span.to };
		sum += ent_sla_between(clock, unit, first, last, scratch);
	}
	return sum;
}
