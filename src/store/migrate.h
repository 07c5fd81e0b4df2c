/* migrate.h - for the tests: how the text of a migration is taken apart. */
#ifndef ENT_STORE_MIGRATE_H
#define ENT_STORE_MIGRATE_H

#include "base/str.h"

/* The next statement of *rest, without its semicolon; empty at the end. A statement ends
 * with a semicolon at the end of a line; lines of "--" before it are skipped. */
ent_str ent_sql_next(ent_str *rest);

#endif
