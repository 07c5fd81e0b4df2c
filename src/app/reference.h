/* reference.h - do the identifiers that were given name something that may be named? */
#ifndef ENT_APP_REFERENCE_H
#define ENT_APP_REFERENCE_H

#include "app/app.h"

/* Check every reference in *object (and in its children) that is not in *before (NULL:
 * all of them): the record exists, the caller sees it, and where both belong to accounts
 * they belong to the same. Notes NO_SUCH_RECORD, WRONG_ACCOUNT. One query in all. */
ENT_CHECK enum ent_code ent_reference_check(struct ent_call *call, const struct ent_type *type,
                                            const void *before, const void *object,
                                            struct ent_error *error);

/* An identifier that was given somewhere else, such as in JSON of a shape of its own. */
struct ent_reference {
	const struct ent_type *target;
	ent_id id;
	const char *pointer;
	struct ent_reference *next;
};

/* Check these, of a record that belongs to no account. Notes NO_SUCH_RECORD. */
ENT_CHECK enum ent_code ent_reference_check_list(struct ent_call *call,
                                                 const struct ent_type *type,
                                                 const struct ent_reference *first,
                                                 struct ent_error *error);

/* The same of many objects of one type and account, each with its place in the input. */
struct ent_referrer {
	const void *before;
	const void *object;
	const char *prefix; /* of pointers: "/lines/3" */
};
ENT_CHECK enum ent_code ent_reference_check_many(struct ent_call *call,
                                                 const struct ent_type *type,
                                                 const struct ent_referrer *items, size_t count,
                                                 struct ent_error *error);

#endif
