/* app.h - the program behind every border: what lives as long as it, and what
 * one call knows of the world.
 *
 * A use case is load -> decide -> save in one transaction, with authorisation
 * first. It never reads a clock, makes an identifier or finds out who asks: all
 * of that comes in struct ent_call.
 */
#ifndef ENT_APP_APP_H
#define ENT_APP_APP_H

#include "base/arena.h"
#include "base/error.h"
#include "core/access.h"
#include "core/type.h"
#include "core/zone.h"
#include "store/store.h"

struct ent_agenda_entry;
struct ent_contract_changed;
struct ent_coverage_set;
struct ent_nest;
struct ent_endpoints;
struct ent_hours_hold;
struct ent_pile;
struct ent_sla_held;
struct ent_sla_policies;
struct ent_app; /* opaque: store, clock, identifiers, caches */

struct ent_app_config {
	const char *database; /* URL or file name; see store.h */
	bool create;          /* make the SQLite file if there is none */
	int workers;          /* store threads; 0: a good number */
	int64_t cache_bytes;  /* bound of the coverage cache; 0: 256 MiB, -1: no cache */
	ent_instant clock;    /* virtual start of the clock; none: the system's */
};

/* Open the store and start. Does not migrate. */
ENT_CHECK enum ent_code ent_app_open(const struct ent_app_config *config, struct ent_app **out,
                                     struct ent_error *error);
void ent_app_close(struct ent_app *app);
struct ent_store *ent_app_store(struct ent_app *app);

/* The clock: microseconds UTC, never going back within a process. */
ent_instant ent_app_now(struct ent_app *app);
/* Move a virtual clock on; asserts that it is one. */
void ent_app_advance(struct ent_app *app, ent_instant to);

/* Is the clock moved by hand? */
bool ent_app_is_virtual(const struct ent_app *app);

/* Call `wake` after each commit that put something into the outbox, on the committing thread;
 * NULL: nobody any more, and no call is running then. */
void ent_app_on_outbox(struct ent_app *app, void (*wake)(void *arg), void *arg);

/* A new identifier: unique in all processes on this store, rising in this one. */
ent_id ent_app_id(struct ent_app *app);

enum { ENT_PATH_MAX = 32 }; /* how deep trees of accounts, products and assets may be */

/* The epoch of the caches, for ent_call.epoch: take it before the database is read. 0 for
 * writes on SQLite, as those that share a commit see each other before it. */
uint64_t ent_app_epoch(struct ent_app *app, enum ent_access access);

/* ---- one call ------------------------------------------------------------- */

/* A row of account_head that this transaction holds: the lock of an account, its
 * version, and the end of its chain of events. */
struct ent_head {
	ent_id account_id; /* none: the organisation's own */
	int64_t version;
	int64_t seq;
	ent_str hash;
	bool is_changed;
	struct ent_head *next;
};

/* Versions of a record, any of which may be the present one: see ENT_VERSION_LISTED. */
struct ent_versions {
	const int64_t *items;
	size_t count;
};

struct ent_call {
	struct ent_app *app;
	struct ent_db *db;
	struct ent_arena *arena;
	ent_instant now;
	const struct ent_principal *who;
	ent_str request_id;
	ent_str origin; /* "127.0.0.1", "cli", "scheduler" */
	ent_str reason; /* why, where one was given */
	ent_str idempotency_key;
	ent_str password_hash; /* of a password in the input, made before the transaction */
	struct ent_versions versions; /* that a change may be made to, where there are several */
	ent_str fields; /* comma-separated: only these are shown of what is read; empty: all */
	uint64_t epoch; /* of the caches, from before `db` was first read; 0: it is not to be
	                 * cached what it shows */
	/* Made by the call itself: */
	const struct ent_settings *settings; /* see ent_call_settings() */
	const struct ent_endpoints *endpoints; /* who wants events; see outbox.c */
	bool has_outbox; /* deliveries were written */
	bool has_events;
	bool is_history; /* an import: what is over may still be told */
	struct ent_sla_held *sla_versions;           /* see sla_version.h; until ent_call_end() */
	const struct ent_sla_policies *sla_policies;
	bool sla_policies_kept;                      /* by the cache */
	struct ent_head *heads;
	struct ent_touched *touched;
	struct ent_agenda_entry *agenda; /* see ent_agenda_set() */
	struct ent_contract_changed *contracts; /* see ent_contract_keep() */
	struct ent_pile *pile;           /* rows that wait to be written together; see pile.h */
	bool preview;                   /* say what would be done, write nothing */
	bool is_woken; /* ent_agenda_wake() was called */
	struct ent_nest *nest; /* inside of what is created; see contract_nest.h */
	/* Of the caches, until ent_call_end(): */
	const struct ent_settings *kept_settings;
	const struct ent_coverage_set *sets[ENT_PATH_MAX];
	size_t set_count;
	struct ent_hours_hold *hours;
};

/* A call inside another one, with memory of its own. It gives back what it takes itself. */
static inline struct ent_call ent_call_within(const struct ent_call *call, struct ent_arena *arena)
{
	struct ent_call own = *call;
	own.arena = arena;
	own.kept_settings = NULL;
	own.set_count = 0;
	own.hours = NULL;
	own.sla_versions = NULL;
	own.sla_policies_kept = false;
	own.pile = NULL;
	return own;
}

/* Give back what the call holds of the caches; in every case, also after a failure. */
void ent_call_end(struct ent_call *call);

/* Ids of records (and accounts) that a transaction changed, for the caches. */
struct ent_touched {
	int64_t id;
	struct ent_touched *next;
};
void ent_call_touch(struct ent_call *call, ent_id id);

/* FORBIDDEN (naming the permission) or, for nobody, UNAUTHENTICATED. */
ENT_CHECK enum ent_code ent_call_may(const struct ent_call *call, const char *permission,
                                     struct ent_error *error);

/* Is this account inside the caller's row scope? STORAGE, BUSY. */
ENT_CHECK enum ent_code ent_call_sees(struct ent_call *call, ent_id account, bool *out,
                                      struct ent_error *error);

/* Take the account's lock until the end of the transaction: first thing of every
 * write that concerns an account. Idempotent. */
ENT_CHECK enum ent_code ent_call_lock(struct ent_call *call, ent_id account,
                                      struct ent_error *error);
/* The same if it has been locked ever before, which tells that it exists; *out says so. */
ENT_CHECK enum ent_code ent_call_lock_known(struct ent_call *call, ent_id account, bool *out,
                                            struct ent_error *error);

/* The end of every write: stores the heads and the agenda, announces what was touched. */
ENT_CHECK enum ent_code ent_call_finish(struct ent_call *call, struct ent_error *error);

/* After the commit: this process's caches forget what was touched, its scheduler hears of
 * what is due now. */
void ent_call_committed(struct ent_call *call);

/* Run a use case in a transaction of its own, from a thread that can wait (CLI,
 * scheduler, tests). `use` gets a call like `model`, with db and arena filled in. */
typedef enum ent_code ent_use(struct ent_call *call, void *arg, struct ent_error *error);
ENT_CHECK enum ent_code ent_app_run(struct ent_app *app, enum ent_access access,
                                    const struct ent_call *model, ent_use *use, void *arg,
                                    struct ent_error *error);

/* The settings, as they were when the call first asked; valid for the call. */
ENT_CHECK enum ent_code ent_call_settings(struct ent_call *call, const struct ent_settings **out,
                                          struct ent_error *error);

/* The zone of a name, or the account's, or the organisation's where it is empty. */
ENT_CHECK enum ent_code ent_call_zone(struct ent_call *call, ent_str name, ent_id account,
                                      const struct ent_zone **out, struct ent_error *error);

#endif
