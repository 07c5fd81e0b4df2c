/* webhook.h - the rules of webhooks, pure: which events, which addresses, when to try again. */
#ifndef ENT_CORE_WEBHOOK_H
#define ENT_CORE_WEBHOOK_H

#include "core/value.h"

/* ---- words that name types of events: "case.opened", "case.*", "*" -------------- */

/* Is it "*", "case.*", or "case.opened" with a type of record that exists? */
bool ent_event_word_is_known(ent_str word);

/* Does one of `words` name this type? "*" is all but delivery.* and webhook_endpoint.*, which
 * tell of the sending itself and have to be named. */
bool ent_event_is_wanted(struct ent_words words, ent_str type);

/* ---- addresses -------------------------------------------------------------------- */

/* What is wrong with the address of an endpoint, as a remedy; NULL: nothing. http or https, a
 * host, no user or password, no fragment, nothing but printable ASCII. */
const char *ent_callback_url_fault(ent_str url);

/* ---- trying again ------------------------------------------------------------------- */

enum { ENT_RETRIES_MAX = 20 };

/* Seconds to wait after the first, second … attempt that failed. */
struct ent_retries {
	int64_t seconds[ENT_RETRIES_MAX];
	size_t count;
};

/* That of Standard Webhooks: 5 s, 5 and 30 min, 2, 5, 10, 14, 20 and 24 h. */
extern const struct ent_retries ent_retries_standard;

/* "5,300,1800": numbers of seconds from 0 to 30 days, not less than the one before. */
ENT_CHECK bool ent_retries_parse(ent_str text, struct ent_retries *out);

/* Microseconds until the next attempt, when `attempts` have failed and the receiver asked for
 * `asked_s` seconds (Retry-After; 0: not, more than a day is a day); up to a tenth longer, by
 * `chance`, so that what failed together does not come back together. -1: give up. */
int64_t ent_retry_wait_us(const struct ent_retries *retries, int64_t attempts, int64_t asked_s,
                          uint32_t chance);

#endif
