/* outbox.h - what is to be told to the world, written down in the transaction that makes it so.
 *
 * Every event makes a row of `delivery` for each webhook endpoint that wants it; use cases add
 * e-mails and webhooks of their own. Sending is somebody else's: app/delivery.h, src/deliver.
 * Rows with the same endpoint and subject, or that hang on the same case, are sent one after
 * another, in the order of the account's events.
 */
#ifndef ENT_APP_OUTBOX_H
#define ENT_APP_OUTBOX_H

#include "app/app.h"

/* A row for each endpoint that wants this event, which is written already. Costs nothing
 * where there are no endpoints. `order` is the record in whose order it is sent: its subject,
 * or the case that this hangs on. ent_event_tell() calls it. */
ENT_CHECK enum ent_code ent_outbox_event(struct ent_call *call, const struct ent_event *event,
                                         ent_str order, struct ent_error *error);

/* What a mail or a webhook of a use case's own is about. */
struct ent_matter {
	ent_id account_id;                   /* none: the organisation */
	const struct ent_type *subject_type; /* e.g. &ent_case_type: order is kept for each */
	ent_id subject_id;                   /* record */
	ent_str event_type;                  /* "milestone.violated" */
	ent_id event_id;                     /* the event that caused it, or none */
};

enum { ENT_MAIL_TO_MAX = 50 };

struct ent_mail {
	struct ent_matter matter;
	const ent_str *to; /* bare addresses, name@example.com; each gets a message and a row of
	                    * its own, at most ENT_MAIL_TO_MAX */
	size_t to_count;
	ent_str subject; /* UTF-8; line ends become blanks */
	ent_str body;    /* UTF-8, plain text */
};

/* Queue an e-mail, in this transaction; takes the account's lock. What can never be sent (no
 * address, too many, no mail address) becomes a row in state dead that says so, since who
 * acts on a clock has nobody to complain to. Only what is luck fails: BUSY, STORAGE. */
ENT_CHECK enum ent_code ent_outbox_mail(struct ent_call *call, const struct ent_mail *mail,
                                        struct ent_error *error);

/* Queue a webhook to one endpoint, whatever its event_types are. `data` is a JSON object; the
 * CloudEvent around it has type entitled.<event_type> and the id of the delivery, which stays
 * the same over all attempts. An endpoint that is disabled or gone makes a dead row. */
ENT_CHECK enum ent_code ent_outbox_webhook(struct ent_call *call, ent_id endpoint,
                                           const struct ent_matter *matter, ent_str data,
                                           struct ent_error *error);

/* The same, with the row made (`id`, `state` …), for use cases that show it. */
ENT_CHECK enum ent_code ent_outbox_webhook_row(struct ent_call *call, ent_id endpoint,
                                               const struct ent_matter *matter, ent_str data,
                                               struct ent_delivery *out, struct ent_error *error);

/* Put the endpoints into the cache from a reading transaction: writes on SQLite may not. */
ENT_CHECK enum ent_code ent_outbox_warm(struct ent_call *call, struct ent_error *error);

#endif
