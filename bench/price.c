/* price.c - the roll-up of 100,000 lines: ent_price_tree(), beside a naive one that asks each
 * line for its own price and those of all lines below it, again and again. (Naive, but not
 * foolish: the lines below are linked.) The naive one is in double and knows neither errors,
 * proration nor adjustments: it is the floor of what pricing may cost, not a rival.
 *
 *     cc -O2 -std=c17 -D_GNU_SOURCE -Isrc bench/price.c src/core/?*.c src/base/?*.c
 */
#include "core/price.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LINES = 100000, ROUNDS = 20, NONE = -1 };

static char memory[1 << 24];
static struct ent_budget budget = { .fail_at = -1 };
static struct ent_price_line lines[LINES];
static struct ent_price_result results[LINES];
static int first[LINES], next[LINES];
static double total_mrr[LINES], total_net[LINES];

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A tree some ten lines deep, prices by the month and by the year, some once. */
static void fill(bool dated)
{
	static struct ent_price_adjustment markdown = { .value = { 7 * ENT_MICRO } };
	for (int i = 0; i < LINES; i++) {
		struct ent_price_line *line = &lines[i];
		*line = ent_price_line_empty();
		line->parent.n = i % 100 == 0 ? INT64_MIN : i - 1 - random() % (i % 100);
		line->list_price.micro = (1 + random() % 100000) * 10000;
		line->quantity.micro = (1 + random() % 500) * ENT_MICRO;
		line->period = random() % 2 ? ENT_PERIOD_MONTHLY : ENT_PERIOD_YEARLY;
		line->pricing_method = i % 10 ? ENT_PRICING_RECURRING : ENT_PRICING_ONE_TIME;
		line->term.micro = 24 * ENT_MICRO;
		if (dated) {
			line->starts_on = ent_date_make(2025, 1 + random() % 12, 1 + random() % 28);
			line->ends_on.day = line->starts_on.day + 300 + random() % 900;
			line->adjustments = (struct ent_children){ &markdown, 1 };
		}
	}
}

static void link_lines(void)
{
	for (int i = 0; i < LINES; i++) {
		first[i] = next[i] = NONE;
	}
	for (int i = LINES - 1; i >= 0; i--) {
		if (lines[i].parent.n >= 0) {
			next[i] = first[lines[i].parent.n];
			first[lines[i].parent.n] = i;
		}
	}
}

static double naive(int at, double *mrr)
{
	const struct ent_price_line *line = &lines[at];
	double price = (double)line->list_price.micro / 1e6 * (double)line->quantity.micro / 1e6;
	bool once = line->pricing_method == ENT_PRICING_ONE_TIME;
	*mrr = once ? 0 : price / (line->period == ENT_PERIOD_YEARLY ? 12 : 1);
	double net = once ? price : *mrr * 24;
	for (int child = first[at]; child != NONE; child = next[child]) {
		double below;
		net += naive(child, &below);
		*mrr += below;
	}
	return net;
}

static void measure(const char *what, bool dated)
{
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	struct ent_price_rules rules = ent_price_rules_empty();
	struct ent_pricing pricing = { &rules, &arena, NULL };
	struct ent_price_totals totals;
	struct ent_error error;
	double best = 1e9;
	fill(dated);
	for (int i = 0; i < ROUNDS; i++) {
		double begin = now();
		ent_error_clear(&error);
		if (ent_price_tree(lines, LINES, &pricing, results, &totals, &error) != ENT_OK) {
			printf("%s\n", error.detail);
			exit(1);
		}
		double took = now() - begin;
		best = took < best ? took : best;
	}
	printf("%-28s %7.2f ms  (total %.2f)\n", what, best * 1e3, (double)totals.tcv.micro / 1e6);
}

int main(void)
{
	measure("terms in months", false);
	link_lines();
	double best = 1e9;
	double total = 0;
	for (int i = 0; i < ROUNDS; i++) {
		double begin = now();
		total = 0;
		for (int at = 0; at < LINES; at++) {
			total_net[at] = naive(at, &total_mrr[at]);
			total += lines[at].parent.n < 0 ? total_net[at] : 0;
		}
		double took = now() - begin;
		best = took < best ? took : best;
	}
	printf("%-28s %7.2f ms  (total %.2f)\n", "the same, naive in double", best * 1e3, total);
	measure("dates and an adjustment", true);
	return 0;
}
