/* sending.h - the options of `serve` that concern webhooks and e-mails. */
#ifndef ENT_CLI_SENDING_H
#define ENT_CLI_SENDING_H

#include "cli/cli.h"
#include "deliver/deliver.h"

struct ent_sending {
	bool off;
	bool allow_private;
	struct ent_option_list hosts;
	int64_t timeout_s;
	const char *retries;
	const char *smtp_url, *smtp_user, *smtp_password_file, *smtp_ca, *mail_from;
};

#define ENT_OPTIONS_SENDING(s)                                                                \
	{ "--no-delivery", NULL, ENT_OPTION_FLAG, &(s).off,                                   \
	  "Leave webhooks and e-mails to other servers" },                                    \
	{ "--allow-private-callbacks", NULL, ENT_OPTION_FLAG, &(s).allow_private,             \
	  "Send webhooks to addresses that are not public, too" },                            \
	{ "--allow-callback-host", "HOST", ENT_OPTION_LIST, &(s).hosts,                       \
	  "Send webhooks to this host wherever it is; may be repeated" },                     \
	{ "--delivery-timeout", "SECONDS", ENT_OPTION_INT, &(s).timeout_s,                    \
	  "How long one attempt may take; default 20" },                                      \
	{ "--delivery-retries", "SECONDS,...", ENT_OPTION_TEXT, &(s).retries,                 \
	  "Waits between attempts; default 5,300,1800,7200,18000,36000,50400,72000,86400" },  \
	{ "--smtp-url", "URL", ENT_OPTION_TEXT, &(s).smtp_url,                                \
	  "Mail server, smtp://HOST:PORT or smtps://HOST" },                                  \
	{ "--smtp-user", "NAME", ENT_OPTION_TEXT, &(s).smtp_user,                             \
	  "Its user; the password is in $ENTITLED_SMTP_PASSWORD" },                           \
	{ "--smtp-password-file", "FILE", ENT_OPTION_TEXT, &(s).smtp_password_file,           \
	  "Or in the first line of this file" },                                              \
	{ "--smtp-ca", "FILE", ENT_OPTION_TEXT, &(s).smtp_ca,                                 \
	  "Certificates (PEM) to trust instead of the system's" },                            \
	{ "--mail-from", "ADDRESS", ENT_OPTION_TEXT, &(s).mail_from,                          \
	  "From whom e-mails come" }

/* Options into a configuration; prints what is wrong and returns false. Texts stay where they
 * are. */
ENT_CHECK bool ent_sending_read(const struct ent_sending *sending, struct ent_deliver_config *out);

#endif
