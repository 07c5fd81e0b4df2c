/* feed.h - what has happened lately, for those who watch while it happens.
 *
 * There is no sequence of all events: each account has its own, and a transaction commits
 * later than it makes its identifiers. So a feed looks again at the last moments each time and
 * keeps in mind which events it has seen there.
 */
#ifndef ENT_APP_FEED_H
#define ENT_APP_FEED_H

#include "app/app.h"

/* Call `wake` after each commit that wrote an event, and when other processes may have
 * written some, on any thread, under a lock: it must only note it. NULL: nobody any more. */
void ent_app_on_event(struct ent_app *app, void (*wake)(void *arg), void *arg);

/* An event as far as it is told. */
struct ent_news {
	ent_id id;
	ent_id account_id; /* none: the organisation's */
	int64_t seq;
	ent_instant at;
	ent_str type, subject_type, subject_id;
	const struct ent_type *subject; /* NULL: a type that is no more */
	size_t permission;              /* to read the subject */
};

struct ent_feed; /* for one thread */

struct ent_feed *ent_feed_open(void); /* NULL: no memory */
void ent_feed_close(struct ent_feed *feed);
/* Nobody has watched: begin with what happens from now on. */
void ent_feed_restart(struct ent_feed *feed);

/* What one look has found; in the arena of its call. */
struct ent_feed_look {
	const struct ent_news *items; /* not seen before, by their ids */
	size_t count;
	bool is_too_much; /* more than can be told: items is empty */
	ent_id last;      /* whoever has heard of everything up to here goes on behind it */
	/* for ent_feed_saw(): */
	int64_t *ids;
	size_t id_count;
	int64_t newest, floor;
};

/* Look what is new. `is_deep`: also for what took long to commit. STORAGE, BUSY. */
ENT_CHECK enum ent_code ent_feed_read(const struct ent_feed *feed, struct ent_call *call,
                                      bool is_deep, struct ent_feed_look *out,
                                      struct ent_error *error);
/* Keep in mind what a look has found. OUT_OF_MEMORY: it will be found again. */
ENT_CHECK enum ent_code ent_feed_saw(struct ent_feed *feed, const struct ent_feed_look *look,
                                     struct ent_error *error);

/* Everything behind `id` that this call's snapshot has, and a moment before it where others
 * may have committed late. *is_too_much: more than `max`, and none is given. */
ENT_CHECK enum ent_code ent_feed_since(struct ent_call *call, ent_id id, size_t max,
                                       struct ent_feed_look *out, struct ent_error *error);

/* May the caller hear of it? Who may read the subject may; a customer hears nothing of what
 * is internal. STORAGE, BUSY. */
ENT_CHECK enum ent_code ent_feed_sees(struct ent_call *call, const struct ent_news *news,
                                      bool *out, struct ent_error *error);

#endif
