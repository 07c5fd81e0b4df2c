/* coverage_place.h - what contracts say about entitlements: when they are in force, and which
 * coverage rows speak for them. For what the store holds and for what is given inline.
 */
#ifndef ENT_CORE_COVERAGE_PLACE_H
#define ENT_CORE_COVERAGE_PLACE_H

#include "core/coverage.h"

/* The contracts and lines that entitlements are under, with the lines above them and those that
 * they went on from, all with their suspensions and the instants of their days. */
struct ent_coverage_around {
	const struct ent_contract *contracts;
	size_t contract_count;
	const struct ent_contract_line *lines; /* in order of id */
	size_t line_count;
	const struct ent_contract_coverage *rows; /* in order of their owners */
	size_t row_count;
	struct ent_cover *covers; /* of the rows; ent_coverage_around_rows() */
	struct ent_arena *arena;
};

/* Whose row it is: the entitlement, the line, or the contract. */
ent_id ent_coverage_row_owner(const struct ent_contract_coverage *row);

/* Fill in `covers`, once the rows are there. */
void ent_coverage_around_rows(struct ent_coverage_around *around);

/* Fill in contract and covers of an item. A contract that is not there leaves it without one. */
void ent_coverage_place(const struct ent_coverage_around *around, struct ent_coverage_item *item);

#endif
