/* desk.h - a support desk for the tests of cases: an organisation on a fresh database.
 *
 * DESK_TEST(id) makes two tests, id_sqlite and id_postgres, that get an open desk with one
 * account. Everything runs as a use case in a transaction of its own. What a call gives
 * back holds no texts; the refusal of the last call is in desk->error.
 */
#ifndef ENT_TESTS_APP_DESK_H
#define ENT_TESTS_APP_DESK_H

#include "app/action.h"
#include "store/helper.h"

struct desk {
	struct ent_app *app;
	struct ent_principal who; /* who calls; the system at first */
	ent_id account;
	struct ent_error error;
	char rule[41];   /* coverage_rule of the last case */
	char number[21]; /* its number */
	struct ent_db *db;       /* inside desk_batch(): what the calls use, each in a savepoint */
	struct ent_arena *arena;
};

void desk_open(struct desk *desk);
void desk_close(struct desk *desk);

#define DESK_TEST(id)                                \
	static void on_desk_##id(struct desk *desk); \
	STORE_TEST(id)                               \
	{                                            \
		static struct desk desk;             \
		desk_open(&desk);                    \
		on_desk_##id(&desk);                 \
		desk_verify(&desk);                  \
		desk_close(&desk);                   \
	}                                            \
	static void on_desk_##id(struct desk *desk)

/* Run `use` as desk->who; the code is returned, the error kept. */
enum ent_code desk_run(struct desk *desk, enum ent_access access, ent_use *use, void *arg);

/* Run `body` with all calls that it makes in one transaction: quicker, and with a database
 * and an arena that it may replace. */
void desk_batch(struct desk *desk, void (*body)(struct desk *desk, void *arg), void *arg);

/* ---- what there is ----------------------------------------------------------------- */

ent_id desk_account(struct desk *desk, ent_id parent);
ent_id desk_contact(struct desk *desk, ent_id account);
ent_id desk_product(struct desk *desk, ent_id parent);
ent_id desk_asset(struct desk *desk, ent_id account, ent_id product);
void desk_settings(struct desk *desk, const char *change); /* "close_children = TRUE" */
void desk_role(struct desk *desk, enum ent_role role);

/* What an entitlement of the desk's account is like; zero: 10 cases at creation. */
struct desk_terms {
	ent_id account; /* none: the desk's */
	enum ent_term_unit unit;
	int64_t total;
	enum ent_charge_on charge_on;
	bool restricted, unlimited, covers_descendants, deny_others;
	int64_t phone, email, web; /* rows of channels: total + 1; 0: no row */
	ent_id product, contact;
	int64_t days; /* until it ends; 0: never */
};
ent_id desk_entitlement(struct desk *desk, const struct desk_terms *terms); /* active */

struct desk_balance {
	int64_t remaining, available, consumed, reserved;
	int64_t phone, email; /* what is available there */
};
struct desk_balance desk_balance(struct desk *desk, ent_id entitlement);

/* ---- cases: what is given and becomes is in *c -------------------------------------------- */

struct ent_case desk_case(struct desk *desk, ent_id entitlement); /* not opened yet */
enum ent_code desk_open_case(struct desk *desk, struct ent_case *c);
enum ent_code desk_patch(struct desk *desk, struct ent_case *c); /* what is OPTIONAL in it */
enum ent_code desk_act(struct desk *desk, const char *action, struct ent_case *c,
                       const void *input);
enum ent_code desk_delete(struct desk *desk, struct ent_case *c);
void desk_read(struct desk *desk, struct ent_case *c);

/* Actions without much input. */
enum ent_code desk_do(struct desk *desk, const char *action, struct ent_case *c);
enum ent_code desk_resolve(struct desk *desk, struct ent_case *c, int64_t minutes); /* -1: none */
enum ent_code desk_link(struct desk *desk, struct ent_case *c, ent_id entitlement);
enum ent_code desk_override(struct desk *desk, struct ent_case *c, bool on);
enum ent_code desk_merge(struct desk *desk, struct ent_case *c, const ent_id *ids, size_t count);

/* Make a record of any type; it gets its id. */
enum ent_code desk_make(struct desk *desk, const struct ent_type *type, void *object);
/* An activity: its id. minutes, billable -1: none. */
ent_id desk_activity(struct desk *desk, const struct ent_case *c, enum ent_activity_state state,
                     int64_t minutes, int64_t billable);

/* ---- what must always be so ------------------------------------------------------------- */

/* ent_verify() finds nothing. */
void desk_verify(struct desk *desk);

/* Move the clock on. */
void desk_wait(struct desk *desk, int64_t days);

/* The first cell of a query. */
int64_t desk_number(struct desk *desk, const char *sql);

#endif
