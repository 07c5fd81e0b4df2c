/* pile.h - what one transaction writes about many records, put together: few statements
 * instead of one for each row.
 *
 * While call->pile is set, events and what is given to ent_pile_insert() and _update() wait
 * there until ent_pile_write(). Nobody may read them from the database before; so it is for the
 * handlers of the agenda and for operations on contracts, which load what they need first. Each
 * record is written once.
 */
#ifndef ENT_APP_PILE_H
#define ENT_APP_PILE_H

#include "app/app.h"

struct ent_pile_entry;

struct ent_pile {
	struct ent_pile_entry *first, **last; /* zeroed: empty */
	size_t count;
	bool has_records; /* what ent_record_insert() and _save() write waits, too */
};

/* ent_row_insert() or ent_row_update(), now or with the pile. An object that waits must stay as it
 * is until then. */
ENT_CHECK enum ent_code ent_pile_insert(struct ent_call *call, const struct ent_type *type,
                                        const void *object, struct ent_error *error);
ENT_CHECK enum ent_code ent_pile_update(struct ent_call *call, const struct ent_type *type,
                                        const void *object, const struct ent_set *set,
                                        struct ent_error *error);

/* The same for records and their rows: at once unless the pile has_records. */
ENT_CHECK enum ent_code ent_pile_record(struct ent_call *call, const struct ent_type *type,
                                        const void *object, const struct ent_set *set,
                                        struct ent_error *error);

/* Write what waits, and let nothing wait any more. Fails as those do. */
ENT_CHECK enum ent_code ent_pile_write(struct ent_call *call, struct ent_error *error);

#endif
