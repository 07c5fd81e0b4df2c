/* mail.h - what an e-mail is made of, pure: addresses, subjects, the message of RFC 5322. */
#ifndef ENT_CORE_MAIL_H
#define ENT_CORE_MAIL_H

#include "base/text.h"
#include "core/value.h"

/* A bare address that no header or command can be broken with: ASCII without blanks, controls,
 * quotes, commas, angle brackets and the like; one '@', something before it, a host name or an
 * address in brackets behind it; at most 254 bytes. */
bool ent_mail_is_address(ent_str text);

/* At most `max` characters of it. */
ent_str ent_mail_clip(ent_str text, size_t max);

/* One line: runs of controls and line ends become a blank, none at either end; at most 500
 * characters. */
ent_str ent_mail_subject(ent_str text, struct ent_arena *arena);

struct ent_mail_message {
	ent_str from, to; /* as ent_mail_is_address() */
	ent_str subject;  /* as ent_mail_subject() made it */
	ent_str body;     /* UTF-8 */
	ent_str id;       /* of the delivery: <id@host of from> */
	ent_instant date;
};

/* The message with CRLF line ends: Date, From, To, Message-ID, Subject (encoded words of RFC
 * 2047 where it is not ASCII), the body in base64. Nothing given can add a header. */
ent_str ent_mail_write(const struct ent_mail_message *message, struct ent_arena *arena);

#endif
