/* deliver.h - the thread that sends what is in the outbox: webhooks by HTTP, mails by SMTP.
 *
 * It takes what is due (app/delivery.h), sends up to 64 at once, and writes down what became of
 * them; no transaction is open while it waits for the network. Any number of servers may run
 * it. Killed, it delays what it had by the lease and loses nothing. */
#ifndef ENT_DELIVER_DELIVER_H
#define ENT_DELIVER_DELIVER_H

#include "app/delivery.h"

struct ent_deliver_config {
	struct ent_app *app;
	struct ent_retries retries;
	int64_t timeout_ms;               /* of one attempt; 0: 20 s */
	bool allow_private;               /* webhooks may go to any address */
	const char *const *allowed_hosts; /* these may be anywhere: names as in URLs */
	size_t allowed_count;
	const char *smtp_url; /* "smtp://host:25", "smtps://host"; NULL: mails wait */
	const char *smtp_user, *smtp_password; /* NULL: none */
	const char *smtp_ca; /* file of certificates to trust instead of the system's; or NULL */
	const char *mail_from;                 /* bare address; with smtp_url */
};

struct ent_deliver;

/* Texts of `config` are kept by reference. */
ENT_CHECK enum ent_code ent_deliver_start(const struct ent_deliver_config *config,
                                          struct ent_deliver **out, struct ent_error *error);
/* What is being sent has two seconds to end; the rest is tried again later. */
void ent_deliver_stop(struct ent_deliver *deliver);

#endif
