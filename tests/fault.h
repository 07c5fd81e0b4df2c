/* fault.h - an adapter of the store that wraps a real one and fails its n-th call. */
#ifndef ENT_TESTS_FAULT_H
#define ENT_TESTS_FAULT_H

#include "store/store.h"

struct fault_db {
	struct ent_db db;
	struct ent_db *inner;
	int64_t fail_at; /* run, exec, begin and commit count; -1: none fails */
	enum ent_code code;
};

/* Not closed by its own close(): the inner one stays its owner's. */
struct fault_db fault_around(struct ent_db *inner);

#endif
