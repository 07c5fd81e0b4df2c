/* expression.c - how long a criterion takes: compiled, beside the same written in C, and beside a
 * naive interpreter that compares fields as the texts of the border.
 *
 *     cc -O2 -std=c17 -D_GNU_SOURCE -Isrc bench/expression.c src/core/?*.c src/base/?*.c
 */
#include "core/expression.h"
#include "core/type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CASES = 1 << 10, ROUNDS = 2000 };

static char memory[1 << 22];
static struct ent_budget budget = { .fail_at = -1 };
static struct ent_case cases[CASES];
static struct ent_account accounts[CASES];

static const char criterion[] = "priority in ('high', 'critical') and account.tier = 'gold' "
				"and not (channel = 'chat' or contact_not_verified)";

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool by_hand(const struct ent_case *c, const struct ent_account *a)
{
	return (c->priority == ENT_PRIORITY_HIGH || c->priority == ENT_PRIORITY_CRITICAL) &&
	       ent_str_is(a->tier, "gold") &&
	       !(ent_str_is(c->channel, "chat") || c->contact_not_verified);
}

/* A field found by name and compared as text. */
static bool is_text(const struct ent_type *type, const void *object, const char *name,
                    const char *text)
{
	char room[64];
	const struct ent_field *field = ent_type_field(type, ent_str_of(name));
	struct ent_value value = ent_field_get(field, object, room);
	if (value.kind == ENT_K_BOOL) {
		return ent_str_is(ENT_STR("true"), text) == (value.number != 0);
	}
	return value.kind == ENT_K_TEXT && ent_str_is(value.text, text);
}

static bool naive(const struct ent_case *c, const struct ent_account *a)
{
	return (is_text(&ent_case_type, c, "priority", "high") ||
	        is_text(&ent_case_type, c, "priority", "critical")) &&
	       is_text(&ent_account_type, a, "tier", "gold") &&
	       !(is_text(&ent_case_type, c, "channel", "chat") ||
	         is_text(&ent_case_type, c, "contact_not_verified", "true"));
}

static void fill(void)
{
	static const char *const tiers[] = { "gold", "silver", "gold", NULL };
	static const char *const channels[] = { "phone", "chat", "email", NULL };
	for (int i = 0; i < CASES; i++) {
		ent_type_clear(&ent_case_type, &cases[i]);
		ent_type_clear(&ent_account_type, &accounts[i]);
		cases[i].priority = (unsigned)random() % 4;
		cases[i].channel = ent_str_of(channels[random() % 4]);
		cases[i].contact_not_verified = random() % 4 == 0;
		accounts[i].tier = ent_str_of(tiers[random() % 4]);
	}
}

static void report(const char *what, double seconds, long count, long yes)
{
	printf("%-24s %8.1f ns   (%ld of %ld true)\n", what, seconds * 1e9 / (double)count, yes,
	       count);
}

int main(void)
{
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	const struct ent_expression *e = NULL;
	struct ent_error error = { 0 };
	fill();
	double t = now();
	for (int i = 0; i < CASES; i++) {
		struct ent_arena scratch = arena;
		if (ent_expression_compile(ent_str_of(criterion), &ent_case_scope, &scratch, &e,
		                           &error) != ENT_OK) {
			printf("%s\n", error.detail);
			return 1;
		}
	}
	report("compile", now() - t, CASES, 0);
	char *before = arena.next;
	if (ent_expression_compile(ent_str_of(criterion), &ent_case_scope, &arena, &e, &error) !=
	    ENT_OK) {
		return 1;
	}
	printf("%-24s %8zu bytes\n", "compiled", (size_t)(arena.next - before));
	long yes[3] = { 0 };
	double took[3];
	for (int way = 0; way < 3; way++) {
		t = now();
		for (int r = 0; r < ROUNDS; r++) {
			for (int i = 0; i < CASES; i++) {
				const void *objects[ENT_CASE_ROOTS] = { &cases[i], &accounts[i] };
				yes[way] += way == 0   ? ent_expression_eval(e, objects)
				            : way == 1 ? by_hand(&cases[i], &accounts[i])
				                       : naive(&cases[i], &accounts[i]);
			}
		}
		took[way] = now() - t;
	}
	report("compiled, evaluated", took[0], (long)CASES * ROUNDS, yes[0]);
	report("by hand in C", took[1], (long)CASES * ROUNDS, yes[1]);
	report("naive, over texts", took[2], (long)CASES * ROUNDS, yes[2]);
	return yes[0] != yes[1] || yes[0] != yes[2];
}
