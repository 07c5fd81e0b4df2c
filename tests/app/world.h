/* world.h - a running application on a fresh database, with a clock that is moved by hand.
 *
 *     APP_TEST(id) { world_open("2025-06-10T08:00:00Z"); … world_close(); }
 *
 * makes id_sqlite and id_postgres, as STORE_TEST does. All calls are made as `world.who`
 * (the system unless set), each in a transaction of its own; results live until
 * world_close(). What fails leaves its reason in world.error; use world_ok() where it must not.
 */
#ifndef ENT_TESTS_APP_WORLD_H
#define ENT_TESTS_APP_WORLD_H

#include "app/action.h"
#include "app/app.h"
#include "app/record.h"
#include "store/helper.h"

#define APP_TEST(id) HELPER_TEST(id, helper_use_migrated)

struct world {
	struct ent_app *app;
	struct ent_error error;
	struct ent_arena arena;
	const struct ent_principal *who;
	const char *idempotency_key;
	bool is_faulty; /* each use case fails at its n-th call of the store: */
	int64_t fail_at;
};
extern struct world world;

void world_open(const char *now);
void world_close(void);

void world_at(const char *now); /* "2025-06-10T08:00:00Z" or a date; moves the clock on */
ent_instant world_instant(const char *text);
ent_date world_date(const char *text); /* NULL: none */

/* ---- records, from and to JSON ----------------------------------------------------------- */

/* Create from a JSON object; the id. "$1"… are replaced by ids (with prefix) of `refs`. */
struct world_ref {
	const struct ent_type *type;
	ent_id id;
};
#define REFS(...) ((const struct world_ref[]){ __VA_ARGS__, { NULL, { 0 } } })

enum ent_code world_try_create(const struct ent_type *type, const char *json,
                               const struct world_ref *refs, ent_id *out);
ent_id world_create(const struct ent_type *type, const char *json, const struct world_ref *refs);

/* Merge patch. */
enum ent_code world_try_update(const struct ent_type *type, ent_id id, const char *json,
                               const struct world_ref *refs);
enum ent_code world_try_delete(const struct ent_type *type, ent_id id);

/* As it is shown now; CHECKs that it is there. */
void world_get(const struct ent_type *type, ent_id id, void *out);
struct ent_entitlement world_entitlement(ent_id id);
struct ent_case world_case(ent_id id);

ent_id world_account(const char *name);

/* An action with its input as JSON ("{}"). */
enum ent_code world_try(const struct ent_type *type, const char *action, ent_id id,
                        const char *json, const struct world_ref *refs);
/* The same, CHECKed. */
void world_do(const struct ent_type *type, const char *action, ent_id id, const char *json);

/* ---- looking ------------------------------------------------------------------------------- */

const char *world_state(ent_id entitlement);     /* "active" */
int64_t world_available(ent_id entitlement);     /* INT64_MIN where there is no bound */
int64_t world_number(const char *sql, ent_id id); /* first cell; $1 is the id */
void world_sql(const char *sql, ent_id id);       /* changes behind the application's back */

/* The verbs of all events of this subject, oldest first: "created activated". */
const char *world_events(const struct ent_type *type, ent_id id);

/* What ent_verify() finds; each is printed. */
int world_findings(void);

/* Run a use case of a test's own. */
enum ent_code world_run(enum ent_access access, ent_use *use, void *arg);
/* The same as the system, in a transaction on `db`: on this thread, with this memory. `code`
 * says OUT_OF_MEMORY until it is known. */
void world_run_on(struct ent_db *db, struct ent_arena arena, ent_use *use, void *arg,
                  enum ent_code *code);

#define CHECK_CODE(got, want) CHECK_TEXT(ent_code_name(got), ent_code_name(want))
void world_check_ok(enum ent_code code, const char *file, int line);
#define OK(code) world_check_ok((code), __FILE__, __LINE__)

#endif
