#include "cli/sending.h"

#include "core/mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PASSWORD_ROOM = 1024 };

static bool wrong(const char *option, const char *value, const char *remedy)
{
	fprintf(stderr, "entitled serve: %s %s: %s\n", option, value, remedy);
	return false;
}

static bool read_password(const char *file, const char **out)
{
	static char room[PASSWORD_ROOM];
	FILE *in = fopen(file, "r");
	bool ok = in != NULL && fgets(room, sizeof(room), in) != NULL;
	if (in != NULL) {
		fclose(in);
	}
	room[strcspn(room, "\r\n")] = '\0';
	*out = room;
	return ok || wrong("--smtp-password-file", file, "could not be read");
}

/* A host and nothing else: what is behind it would be a name for EHLO, and a user belongs into
 * --smtp-user, where it is not logged. */
static bool is_mail_server(ent_str url)
{
	ent_str rest = { NULL, 0 };
	if (ent_str_begins(url, ENT_STR("smtp://"))) {
		rest = (ent_str){ url.ptr + 7, url.len - 7 };
	} else if (ent_str_begins(url, ENT_STR("smtps://"))) {
		rest = (ent_str){ url.ptr + 8, url.len - 8 };
	}
	return rest.len > 0 && !ent_str_cut(rest, '@').found && !ent_str_cut(rest, '/').found;
}

static bool read_mail(const struct ent_sending *sending, struct ent_deliver_config *out)
{
	if (sending->smtp_url == NULL) {
		return sending->mail_from == NULL && sending->smtp_user == NULL &&
		                       sending->smtp_ca == NULL
		               ? true
		               : wrong("--smtp-url", "is missing", "name the mail server, too");
	}
	if (!is_mail_server(ent_str_of(sending->smtp_url))) {
		return wrong("--smtp-url", sending->smtp_url,
		             "give smtp://HOST:PORT or smtps://HOST");
	}
	if (sending->smtp_ca != NULL && access(sending->smtp_ca, R_OK) != 0) {
		return wrong("--smtp-ca", sending->smtp_ca, "could not be read");
	}
	const char *from = sending->mail_from == NULL ? "" : sending->mail_from;
	if (!ent_mail_is_address(ent_str_of(from))) {
		return wrong("--mail-from", from, "give an address like support@example.com");
	}
	out->smtp_url = sending->smtp_url;
	out->mail_from = from;
	out->smtp_user = sending->smtp_user;
	out->smtp_ca = sending->smtp_ca;
	out->smtp_password = getenv("ENTITLED_SMTP_PASSWORD");
	if (sending->smtp_password_file != NULL) {
		return read_password(sending->smtp_password_file, &out->smtp_password);
	}
	return sending->smtp_user == NULL || out->smtp_password != NULL
	               ? true
	               : wrong("--smtp-user", sending->smtp_user,
	                       "set $ENTITLED_SMTP_PASSWORD or give --smtp-password-file");
}

bool ent_sending_read(const struct ent_sending *sending, struct ent_deliver_config *out)
{
	*out = (struct ent_deliver_config){
		.retries = ent_retries_standard,
		.timeout_ms = sending->timeout_s * 1000,
		.allow_private = sending->allow_private,
		.allowed_hosts = sending->hosts.items,
		.allowed_count = sending->hosts.count,
	};
	if (sending->timeout_s > 600) {
		return wrong("--delivery-timeout", "", "give at most 600 seconds");
	}
	if (sending->retries != NULL &&
	    !ent_retries_parse(ent_str_of(sending->retries), &out->retries)) {
		return wrong("--delivery-retries", sending->retries,
		             "give up to 20 rising numbers of seconds like 5,300,1800");
	}
	return read_mail(sending, out);
}
