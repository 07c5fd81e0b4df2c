/* plan_split.h - lines that end and go on as others, with all that is below and under them. */
#ifndef ENT_CORE_PLAN_SPLIT_H
#define ENT_CORE_PLAN_SPLIT_H

#include "core/plan_inner.h"

/* What is in a holding by the place of the line that it is in; SIZE_MAX ends a list. */
struct ent_plan_index {
	size_t *child, *sibling;       /* lines: first one below, next one beside */
	size_t *cover, *next_cover;    /* coverage rows of lines */
	size_t *right, *next_right;    /* entitlements of lines */
};

struct ent_plan_split {
	struct ent_plan *plan;
	const struct ent_holding *holding;
	struct ent_plan_index index;
	struct ent_plan_ends ends; /* lines that end without another, for ent_plan_split_end() */
	bool *named;               /* lines that the input has named already */
	bool *holds;               /* and those above them */
	struct ent_error *error;
};

struct ent_plan_split ent_plan_split_begin(struct ent_plan *plan, const struct ent_holding *holding,
                                           struct ent_error *error);
void ent_plan_split_end(struct ent_plan_split *split);

/* One more line like this one from `from` on, split from it; nothing else moves. With `below`
 * those below it that are for each one of it. */
struct ent_contract_line *ent_plan_add_beside(struct ent_plan_split *split, size_t at,
                                              ent_date from, ent_decimal quantity, bool below);

/* The line ends on the day before `from`; one like it goes on with what is below, coverage and
 * entitlements. What below it is paid once was paid with the old one. */
struct ent_contract_line *ent_plan_replace(struct ent_plan_split *split, size_t at, ent_date from,
                                           ent_decimal quantity);

/* There will be another number of a line that is changed in place. What is below for each one of it
 * goes on as another on that day, so that there were as many before as there were. */
void ent_plan_keep_counted(struct ent_plan_split *split, size_t at, ent_date from);

/* The line and all below it end on the day before `from`; from its first day on: cancelled. */
void ent_plan_end_tree(struct ent_plan_split *split, size_t at, ent_date from);

/* It only ends: what is under it is gone over elsewhere. */
void ent_plan_cut(struct ent_plan_split *split, size_t at, ent_date from);

/* The row of the line says so. */
void ent_plan_say(struct ent_plan *plan, const struct ent_contract_line *line,
                  enum ent_line_type type, enum ent_line_action action);

#endif
