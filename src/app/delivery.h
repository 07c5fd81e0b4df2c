/* delivery.h - taking from the outbox and saying what became of it; the network is elsewhere
 * (src/deliver).
 *
 * Taking moves `next_attempt_at` on by a lease and counts an attempt, in a transaction of its
 * own; so any number of servers share the work, and what a server had when it died is taken over
 * when the lease ends: each is sent at least once, with the same message_id. Of those with the
 * same queue (endpoint and subject) only the first that is open is taken; one that comes too
 * early is put off until then, and called when its turn has come.
 */
#ifndef ENT_APP_DELIVERY_H
#define ENT_APP_DELIVERY_H

#include "app/app.h"
#include "core/webhook.h"

/* ---- for who sends ------------------------------------------------------------------- */

enum { ENT_CLAIM_MAX = 64 };

/* Something to be sent. Texts are in the arena given to ent_delivery_claim(). */
struct ent_job {
	ent_id id, account_id, endpoint_id;
	enum ent_delivery_kind kind;
	int64_t attempts; /* with this one */
	ent_instant created_at;
	ent_str message_id, body;
	ent_str url, secret, previous_secret; /* webhook; previous_secret: none once it is over */
	ent_str recipient, mail_subject;      /* e-mail */
	bool is_failing;                      /* the endpoint has failed before */
	ent_str queue;
};

struct ent_busy {
	ent_id endpoint_id; /* none: the mail server */
	size_t count;       /* being sent to it now */
};

struct ent_claim {
	int64_t lease_us;
	size_t max;         /* at most ENT_CLAIM_MAX */
	size_t max_at_once; /* for one endpoint, with those that it is busy with */
	const struct ent_busy *busy;
	size_t busy_count;
	bool has_mail_server; /* else e-mails wait a minute, and last_error says why */
	/* What was taken; `jobs` are in `arena`, which is emptied first: */
	struct ent_arena *arena;
	struct ent_job *jobs;
	size_t count;
	bool is_more; /* there may be more at once */
};

/* Take what is due. BUSY, STORAGE. */
ENT_CHECK enum ent_code ent_delivery_claim(struct ent_app *app, struct ent_claim *claim,
                                           struct ent_error *error);

enum ent_sent {
	ENT_SENT_OK,
	ENT_SENT_FAILED,  /* to be tried again */
	ENT_SENT_REFUSED, /* never to be tried again */
	ENT_SENT_GONE     /* the endpoint wants nothing any more: 410 */
};

struct ent_outcome {
	ent_id id, account_id, endpoint_id;
	enum ent_sent sent;
	int64_t attempts;
	int64_t status;  /* of HTTP or SMTP; 0: none */
	int64_t asked_s; /* Retry-After; 0: none */
	uint32_t chance; /* random */
	bool is_failing; /* as of the job */
	char queue[360];
	char reason[320];   /* what went wrong */
	char response[600]; /* the beginning of the reply, UTF-8 */
};

/* Write down what became of up to ENT_CLAIM_MAX jobs. What was cancelled meanwhile stays so.
 * BUSY, STORAGE: call it again with the same. */
ENT_CHECK enum ent_code ent_delivery_settle(struct ent_app *app, const struct ent_retries *retries,
                                            const struct ent_outcome *outcomes, size_t count,
                                            struct ent_error *error);

/* ---- for who operates ---------------------------------------------------------------- */

/* Make the oldest dead of an endpoint pending again, at most 10,000. */
ENT_CHECK enum ent_code ent_delivery_replay_all(struct ent_call *call, ent_id endpoint,
                                                struct ent_error *error);
/* The same for all that are not of a disabled or deleted endpoint; *out: how many. */
ENT_CHECK enum ent_code ent_delivery_replay_dead(struct ent_call *call, int64_t *out,
                                                 struct ent_error *error);

/* The first that is open in a queue need not wait for its turn any more. */
ENT_CHECK enum ent_code ent_delivery_call_next(struct ent_call *call, ent_str queue,
                                               struct ent_error *error);

/* Delete what arrived longer ago than the settings keep it; a few thousand a call. */
ENT_CHECK enum ent_code ent_delivery_sweep(struct ent_call *call, struct ent_error *error);

/* Of this process, since it started. */
struct ent_delivery_counts {
	uint64_t delivered, failed, dead;
};
struct ent_delivery_counts ent_delivery_counts(struct ent_app *app);

/* Of the database, now. Counts end at 100,000. */
struct ent_delivery_backlog {
	int64_t waiting[2]; /* by enum ent_delivery_kind */
	int64_t dead;
	int64_t lag_us; /* how long the first that is due has been so */
};
ENT_CHECK enum ent_code ent_delivery_backlog(struct ent_call *call,
                                             struct ent_delivery_backlog *out,
                                             struct ent_error *error);

#endif
