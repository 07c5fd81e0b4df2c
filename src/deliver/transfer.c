#include "deliver/transfer.h"

#include "core/mail.h"
#include "deliver/address.h"
#include "deliver/sign.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECEIVED_MAX = 64 << 10, CONNECT_MS = 10000, TIMEOUT_MS = 20000 };

/* ---- addresses ---- */

static bool is_public(const struct curl_sockaddr *to, char name[static 64])
{
	if (to->family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, &to->addr, sizeof(in));
		inet_ntop(AF_INET, &in.sin_addr, name, 64);
		return ent_address_is_public((const uint8_t *)&in.sin_addr, 4);
	}
	if (to->family == AF_INET6 && to->addrlen >= sizeof(struct sockaddr_in6)) {
		struct sockaddr_in6 in;
		memcpy(&in, (const void *)&to->addr, sizeof(in));
		inet_ntop(AF_INET6, &in.sin6_addr, name, 64);
		return ent_address_is_public((const uint8_t *)&in.sin6_addr, 16);
	}
	snprintf(name, 64, "of another kind");
	return false;
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct ent_transfer *t = arg;
	char name[64];
	if (purpose != CURLSOCKTYPE_IPCXN || (!t->may_go_anywhere && !is_public(to, name))) {
		memcpy(t->refused, name, sizeof(name));
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- bytes in and out ---- */

static size_t keep_reply(char *bytes, size_t size, size_t count, void *arg)
{
	struct ent_transfer *t = arg;
	size_t len = size * count;
	size_t room = sizeof(t->outcome.response) - 1 - t->reply_len;
	size_t kept = len < room ? len : room;
	memcpy(t->outcome.response + t->reply_len, bytes, kept);
	t->reply_len += kept;
	t->received += len;
	return t->received > RECEIVED_MAX ? 0 : len; /* enough: the status is known */
}

static size_t give_mail(char *room, size_t size, size_t count, void *arg)
{
	struct ent_transfer *t = arg;
	size_t len = t->mail_len - t->mail_sent;
	if (len > size * count) {
		len = size * count;
	}
	memcpy(room, t->mail + t->mail_sent, len);
	t->mail_sent += len;
	return len;
}

/* ---- making a request ---- */

static bool add_header(struct ent_transfer *t, struct ent_arena *arena, const char *name,
                       ent_str value)
{
	ent_str line = ent_text_format(arena, "%s: %.*s", name, (int)value.len, value.ptr);
	struct curl_slist *longer = curl_slist_append(t->headers, line.ptr);
	if (longer != NULL) {
		t->headers = longer;
	}
	return longer != NULL;
}

/* With the old secret, too, as long as it is kept: a receiver knows one of them. */
static ent_str signatures(const struct ent_job *job, int64_t now_s, struct ent_arena *arena)
{
	ent_str one = { "", 0 };
	ent_str other = one;
	if (!ent_webhook_sign(job->secret, job->message_id, now_s, job->body, arena, &one)) {
		return one;
	}
	if (job->previous_secret.len == 0 ||
	    !ent_webhook_sign(job->previous_secret, job->message_id, now_s, job->body, arena,
	                      &other)) {
		return one;
	}
	return ent_text_format(arena, "%s %s", one.ptr, other.ptr);
}

static bool is_allowed_host(const struct ent_deliver_config *config, ent_str url)
{
	char *host = NULL;
	bool found = false;
	CURLU *parts = curl_url();
	if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url.ptr, 0) == CURLUE_OK &&
	    curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
		for (size_t i = 0; i < config->allowed_count && !found; i++) {
			found = strcasecmp(config->allowed_hosts[i], host) == 0;
		}
	}
	curl_free(host);
	curl_url_cleanup(parts);
	return found;
}

static bool make_webhook(struct ent_transfer *t, const struct ent_deliver_config *config,
                         const struct ent_job *job, ent_instant now, struct ent_arena *arena)
{
	int64_t now_s = now.us / ENT_SECOND_US;
	t->may_go_anywhere = config->allow_private || is_allowed_host(config, job->url);
	bool ok = add_header(t, arena, "Content-Type",
	                     ENT_STR("application/cloudevents+json; charset=utf-8")) &&
	          add_header(t, arena, "webhook-id", job->message_id) &&
	          add_header(t, arena, "webhook-timestamp",
	                     ent_text_format(arena, "%lld", (long long)now_s)) &&
	          add_header(t, arena, "webhook-signature", signatures(job, now_s, arena)) &&
	          add_header(t, arena, "Expect", ENT_STR(""));
	curl_easy_setopt(t->easy, CURLOPT_URL, job->url.ptr);
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "entitled/" ENT_VERSION);
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)job->body.len);
	return curl_easy_setopt(t->easy, CURLOPT_COPYPOSTFIELDS, job->body.ptr) == CURLE_OK && ok;
}

static bool make_mail(struct ent_transfer *t, const struct ent_deliver_config *config,
                      const struct ent_job *job, struct ent_arena *arena)
{
	const struct ent_mail_message message = {
		.from = ent_str_of(config->mail_from),
		.to = job->recipient,
		.subject = job->mail_subject,
		.body = job->body,
		.id = job->message_id,
		.date = job->created_at,
	};
	ent_str text = ent_mail_write(&message, arena);
	t->mail = malloc(text.len);
	t->mail_len = text.len;
	t->headers = curl_slist_append(NULL, job->recipient.ptr);
	if (t->mail == NULL || t->headers == NULL) {
		return false;
	}
	memcpy(t->mail, text.ptr, text.len);
	curl_easy_setopt(t->easy, CURLOPT_URL, config->smtp_url);
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	/* who takes STARTTLS out of the greeting must not get the password */
	curl_easy_setopt(t->easy, CURLOPT_USE_SSL,
	                 (long)(config->smtp_user != NULL ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	if (config->smtp_ca != NULL) {
		curl_easy_setopt(t->easy, CURLOPT_CAINFO, config->smtp_ca);
	}
	curl_easy_setopt(t->easy, CURLOPT_MAIL_FROM, config->mail_from);
	curl_easy_setopt(t->easy, CURLOPT_MAIL_RCPT, t->headers);
	curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, give_mail);
	curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
	if (config->smtp_user != NULL) {
		curl_easy_setopt(t->easy, CURLOPT_USERNAME, config->smtp_user);
		curl_easy_setopt(t->easy, CURLOPT_PASSWORD, config->smtp_password);
	}
	return curl_easy_setopt(t->easy, CURLOPT_UPLOAD, 1L) == CURLE_OK;
}

static void set_common(struct ent_transfer *t, const struct ent_deliver_config *config)
{
	long timeout = config->timeout_ms > 0 ? (long)config->timeout_ms : TIMEOUT_MS;
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->easy, CURLOPT_PROXY, ""); /* whatever the environment says */
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->fault);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, keep_reply);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, timeout);
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS,
	                 timeout < CONNECT_MS ? timeout : CONNECT_MS);
}

struct ent_transfer *ent_transfer_open(const struct ent_deliver_config *config,
                                       const struct ent_job *job, ent_instant now,
                                       struct ent_arena scratch)
{
	struct ent_transfer *t = calloc(1, sizeof(*t));
	if (t == NULL) {
		return NULL;
	}
	t->kind = job->kind;
	t->outcome = (struct ent_outcome){
		.id = job->id,
		.account_id = job->account_id,
		.endpoint_id = job->endpoint_id,
		.attempts = job->attempts,
		.chance = randombytes_random(),
		.is_failing = job->is_failing,
	};
	snprintf(t->outcome.queue, sizeof(t->outcome.queue), "%s", job->queue.ptr);
	t->easy = curl_easy_init();
	bool ok = t->easy != NULL;
	if (ok) {
		set_common(t, config);
		ok = job->kind == ENT_DELIVERY_WEBHOOK ? make_webhook(t, config, job, now, &scratch)
		                                       : make_mail(t, config, job, &scratch);
	}
	if (!ok) {
		ent_transfer_close(t);
		return NULL;
	}
	return t;
}

void ent_transfer_close(struct ent_transfer *t)
{
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	free(t->mail);
	free(t);
}

/* ---- judging ---- */

/* What can be stored and shown: no controls, and ASCII only where it is no UTF-8. */
static void clean(char *text, size_t len)
{
	while (len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80) {
		len--; /* the last character may have been cut */
	}
	if (len > 0 && (unsigned char)text[len - 1] >= 0xc0) {
		len--;
	}
	bool is_text = ent_str_is_text((ent_str){ text, len });
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		bool is_control = (c < ' ' && c != '\n' && c != '\t') || c == 0x7f;
		if (is_control || (!is_text && c >= 0x80)) {
			text[i] = '?';
		}
	}
	text[len] = '\0';
}

static void say(struct ent_transfer *t, const char *what, const char *detail)
{
	snprintf(t->outcome.reason, sizeof(t->outcome.reason), "%s%s", what, detail);
	clean(t->outcome.reason, strlen(t->outcome.reason));
}

static void judge_status(struct ent_transfer *t)
{
	long status = (long)t->outcome.status;
	char number[24];
	snprintf(number, sizeof(number), "%ld", status);
	curl_off_t asked = 0;
	curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &asked);
	t->outcome.asked_s = asked;
	t->outcome.sent = status / 100 == 2 ? ENT_SENT_OK
	                  : status == 410   ? ENT_SENT_GONE
	                                    : ENT_SENT_FAILED;
	if (status / 100 == 3) {
		say(t, "it redirects, which is not followed: ", number);
	} else if (t->outcome.sent != ENT_SENT_OK) {
		say(t, "it answered ", number);
	}
}

static const char *fault_of(const struct ent_transfer *t, CURLcode result)
{
	return t->fault[0] != '\0' ? t->fault : curl_easy_strerror(result);
}

static void judge_webhook(struct ent_transfer *t, CURLcode result)
{
	bool had_enough = result == CURLE_WRITE_ERROR && t->received > RECEIVED_MAX;
	if (result == CURLE_OK || had_enough) {
		judge_status(t);
		return;
	}
	t->outcome.sent = ENT_SENT_FAILED;
	t->outcome.status = 0;
	if (t->refused[0] != '\0') {
		say(t, "not sent to an address that is not public: ", t->refused);
	} else {
		say(t, "", fault_of(t, result));
	}
}

/* 4xx is for now, 5xx for ever; but a wrong password is ours, not the message's. */
static void judge_mail(struct ent_transfer *t, CURLcode result)
{
	bool is_final = t->outcome.status / 100 == 5 && result != CURLE_LOGIN_DENIED;
	t->outcome.sent = result == CURLE_OK ? ENT_SENT_OK
	                  : is_final         ? ENT_SENT_REFUSED
	                                     : ENT_SENT_FAILED;
	if (result != CURLE_OK) {
		say(t, "", fault_of(t, result));
	}
}

void ent_transfer_judge(struct ent_transfer *t, CURLcode result)
{
	long status = 0;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	t->outcome.status = status;
	clean(t->outcome.response, t->reply_len);
	if (t->kind == ENT_DELIVERY_WEBHOOK) {
		judge_webhook(t, result);
	} else {
		judge_mail(t, result);
	}
}

void ent_transfer_cut(struct ent_transfer *t, const char *why)
{
	clean(t->outcome.response, t->reply_len);
	t->outcome.sent = ENT_SENT_FAILED;
	say(t, why, "");
}
