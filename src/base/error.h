/* error.h - result codes and the explanation that travels with them.
 *
 * A function that can fail returns enum ent_code (ENT_OK is 0) and takes a
 * struct ent_error * as its last parameter. It writes *error only when it
 * fails. There is no global or thread-local "last error".
 *
 * Input is checked whole: each bad value is noted as an issue, and the check
 * fails at its end if there were any, so that a caller sees all of them at once.
 */
#ifndef ENT_BASE_ERROR_H
#define ENT_BASE_ERROR_H

#include "base/base.h"
#include "base/str.h"

enum ent_code {
	ENT_OK = 0,
#define ENT_ERROR(name, http, title) ENT_E_##name,
#include "base/error.def"
	ENT_CODE_COUNT
};

enum { ENT_ISSUE_MAX = 16 };

/* One bad value. Texts are cut to fit; they are for people. */
struct ent_issue {
	enum ent_code code;
	char pointer[96]; /* RFC 6901: "/grants/0/product_id"; "" is the whole */
	char value[48];   /* what was given, as far as it fits; "" if nothing was */
	char remedy[128]; /* one line, lower case, no full stop */
};

struct ent_error {
	enum ent_code code;
	char detail[256];   /* one line for a person, lower case, no full stop */
	size_t issue_count; /* of all issues, also of those that did not fit */
	struct ent_issue issues[ENT_ISSUE_MAX];
};

/* Fill *error (without issues) and return `code`, so that a failure is one statement. */
enum ent_code ent_fail(struct ent_error *error, enum ent_code code, const char *format, ...)
	ENT_PRINTF(3, 4);

/* Note one bad value; goes on collecting. Begin with an error that is zeroed or
 * ent_error_clear()ed. `value` may be no text. */
void ent_note(struct ent_error *error, enum ent_code code, const char *pointer, ent_str value,
              const char *format, ...) ENT_PRINTF(5, 6);

/* One bad value and nothing more: ent_note() and ent_noted() in one. */
enum ent_code ent_refuse(struct ent_error *error, enum ent_code code, const char *pointer,
                         ent_str value, const char *format, ...) ENT_PRINTF(5, 6);

/* ENT_OK if nothing was noted. Else fails: with the issue's own code and remedy
 * if there is one issue, with INVALID if there are several. */
ENT_CHECK enum ent_code ent_noted(struct ent_error *error);

/* The member of the body that an issue is in: "grants" of "/grants/0/product_id". */
ent_str ent_issue_member(const struct ent_issue *issue);

/* Was something noted on this member, or inside of it? */
bool ent_error_is_in(const struct ent_error *error, const char *member);

/* Put `prefix` before the pointers of the issues from number `first` on:
 * a child does not know where it stands in its parent. */
void ent_error_nest(struct ent_error *error, size_t first, const char *prefix);

void ent_error_clear(struct ent_error *error); /* cheap: does not touch the issues */

const char *ent_code_name(enum ent_code code);  /* "not_found": stable, for machines */
const char *ent_code_title(enum ent_code code); /* "not found": for people */
int ent_code_http(enum ent_code code);          /* 404 */

#endif
