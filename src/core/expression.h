/* expression.h - criteria: small typed expressions over records.
 *
 *     priority in ("high", "critical") and account.tier = "gold"
 *
 * An expression is compiled once, when it is saved: every name, kind and literal
 * is checked then, so evaluation cannot fail. It can only read: it has no calls,
 * no clock and no loops, and looks at each of its tests at most once. The
 * language is told in docs/expressions.md.
 *
 * Logic has two values. A missing value equals only null; != and not in are the
 * exact opposites of = and in; all other comparisons with it are false.
 */
#ifndef ENT_CORE_EXPRESSION_H
#define ENT_CORE_EXPRESSION_H

#include "base/text.h"
#include "core/field.h"

enum {
	ENT_EXPRESSION_CHARACTERS = 2000,
	ENT_EXPRESSION_NODES = 200, /* tests, and, or, not */
	ENT_EXPRESSION_DEPTH = 20,  /* of parentheses and nots */
	ENT_EXPRESSION_LIST = 100,  /* literals of one in (…) */
	ENT_EXPRESSION_ROOTS = 16
};

/* A record that an expression may read. */
struct ent_expression_root {
	const char *name; /* "account" */
	const struct ent_type *type;
	const struct ent_set *derived; /* the DERIVED fields its objects hold; NULL: none */
};

/* The fields of the first root may be named without it. A compiled expression
 * points into its scope; scopes are mostly static. */
struct ent_expression_scope {
	const struct ent_expression_root *roots;
	size_t count;
};

/* Compiled, immutable; lives in the arena it was compiled into. */
struct ent_expression;

/* What is wrong, and where: for editors that underline it. */
struct ent_expression_fault {
	enum ent_code code;
	size_t at;     /* byte offset */
	size_t length; /* bytes; 0 at the end of the text */
	size_t line;   /* from 1 */
	size_t column; /* characters, from 1 */
	ent_str found; /* that part of the text */
	ent_str reason;
};

struct ent_expression_faults {
	struct ent_expression_fault items[ENT_ISSUE_MAX];
	size_t count; /* faults beyond the room are not kept */
};

/* Compile `text`, which may go away afterwards. A fault of a name, kind or literal does
 * not end the check, one of grammar does. *out is NULL if there were any.
 * Returns whether there were none. */
ENT_CHECK bool ent_expression_check(ent_str text, const struct ent_expression_scope *scope,
                                    struct ent_arena *arena, const struct ent_expression **out,
                                    struct ent_expression_faults *faults);

/* The same; faults are noted in *error under the pointer "" with their place in the
 * remedy ("at 17: …"; ent_error_nest() puts the member's name before it). */
ENT_CHECK enum ent_code ent_expression_compile(ent_str text,
                                               const struct ent_expression_scope *scope,
                                               struct ent_arena *arena,
                                               const struct ent_expression **out,
                                               struct ent_error *error);

/* objects[i] is of the type of root i, or NULL if there is none: then all its fields are
 * null. Allocates nothing. */
bool ent_expression_eval(const struct ent_expression *e, const void *const *objects);

/* The fields it reads of one root, by position in its type: a change that touches none of
 * them cannot change the result. (Whether there is an object counts as all of them.) */
const struct ent_set *ent_expression_reads(const struct ent_expression *e, size_t root);

/* Canonical text, for people. It compiles to an expression that prints the same and means
 * the same, unless it is now beyond a limit: parentheses are added. So store what was given. */
void ent_expression_print(const struct ent_expression *e, struct ent_text *out);

/* One part of an expression and what came of it. */
struct ent_expression_step {
	size_t depth;   /* 0: the whole; the parts of a step follow it, one deeper */
	ent_str text;   /* its canonical text */
	ent_str fields; /* of a test: what it read, `priority is "normal"`; else no text */
	bool result;
};

/* Why: all parts, also those that evaluation would skip, in the order of the text. */
const struct ent_expression_step *ent_expression_explain(const struct ent_expression *e,
                                                         const void *const *objects,
                                                         struct ent_arena *arena,
                                                         size_t *count);

/* The same as lines: `false: priority = "high" (priority is "normal")`, two blanks a level. */
ent_str ent_expression_explain_text(const struct ent_expression *e, const void *const *objects,
                                    struct ent_arena *arena);

/* ---- criteria about cases ---- */

/* The records that all criteria about a case may name. Nothing derived: it would change
 * with time alone, and nobody would ask again. */
enum ent_case_root {
	ENT_ROOT_CASE, /* may be left out */
	ENT_ROOT_ACCOUNT,
	ENT_ROOT_CONTACT,
	ENT_ROOT_PRODUCT,
	ENT_ROOT_ASSET,
	ENT_ROOT_ENTITLEMENT,
	ENT_CASE_ROOTS
};

extern const struct ent_expression_scope ent_case_scope;

#endif
