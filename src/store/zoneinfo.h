/* zoneinfo.h - the time zones of this machine, by name.
 *
 * Each is read once, from $TZDIR or /usr/share/zoneinfo, and stays valid and
 * unchanged until the process ends. Safe from any thread; finding a zone again
 * takes no lock.
 */
#ifndef ENT_STORE_ZONEINFO_H
#define ENT_STORE_ZONEINFO_H

#include "core/zone.h"

enum { ENT_ZONEINFO_MAX = 1000, ENT_ZONE_NAME_MAX = 64 };

/* Could it name a zone? IANA names only: no path out of the directory, none of
 * the files in it that are not zones, nor "posix/…" and "right/…". */
bool ent_zone_name_is_valid(ent_str name);

/* "UTC" needs no file.
 *
 * UNKNOWN_VALUE  no such zone
 * LIMIT          more than ENT_ZONEINFO_MAX different ones were asked for
 * SYSTEM         no memory for it, or its file could not be read */
ENT_CHECK enum ent_code ent_zoneinfo_find(ent_str name, const struct ent_zone **out,
                                          struct ent_error *error);

#endif
