/* transfer.h - one attempt: a job made into a request of libcurl, and its end into an outcome. */
#ifndef ENT_DELIVER_TRANSFER_H
#define ENT_DELIVER_TRANSFER_H

#include "deliver/deliver.h"

#include <curl/curl.h>

struct ent_transfer {
	CURL *easy;
	struct curl_slist *headers; /* or recipients */
	struct ent_outcome outcome;
	enum ent_delivery_kind kind;
	bool may_go_anywhere;
	char refused[64]; /* the address that it may not go to */
	char fault[CURL_ERROR_SIZE];
	char *mail; /* what is sent by SMTP */
	size_t mail_len, mail_sent;
	size_t reply_len; /* in outcome.response */
	size_t received;
	struct ent_transfer *next;
};

/* NULL if there is no memory. `scratch` is used for texts that libcurl copies. */
struct ent_transfer *ent_transfer_open(const struct ent_deliver_config *config,
                                       const struct ent_job *job, ent_instant now,
                                       struct ent_arena scratch);
void ent_transfer_close(struct ent_transfer *transfer);

/* It ended: fill in the outcome. */
void ent_transfer_judge(struct ent_transfer *transfer, CURLcode result);
/* It was cut short by ourselves. */
void ent_transfer_cut(struct ent_transfer *transfer, const char *why);

#endif
