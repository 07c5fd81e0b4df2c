/* Why a database could not be opened, so that a person can do something about it: SQLite says
 * "unable to open database file" of a folder as of a file that is not there. */
#include "store/inner.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

enum ent_code ent_sqlite_not_opened(sqlite3 *handle, const char *path, enum ent_sqlite_use use,
                                    int rc, struct ent_error *error)
{
	int number = handle != NULL ? sqlite3_system_errno(handle) : 0;
	bool has_cause = (rc & 0xff) == SQLITE_CANTOPEN && number != 0;
	if (has_cause && number == ENOENT && use != ENT_SQLITE_CREATOR) {
		return ent_fail(error, ENT_E_STORAGE,
		                "there is no database %s: `entitled migrate` makes one", path);
	}
	if (handle != NULL && sqlite3_db_readonly(handle, "main") == 1) {
		return ent_fail(error, ENT_E_STORAGE, "could not open %s: it may not be written",
		                path);
	}
	return ent_fail(error, ENT_E_STORAGE, "could not open %s: %s", path,
	                has_cause        ? strerror(number)
	                : handle != NULL ? sqlite3_errmsg(handle)
	                                 : sqlite3_errstr(rc));
}
