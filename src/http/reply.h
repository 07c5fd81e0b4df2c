/* reply.h - a reply as bytes. */
#ifndef ENT_HTTP_REPLY_H
#define ENT_HTTP_REPLY_H

#include "http/http.h"

/* Grows by malloc; given back with ent_http_buffer_free(). */
struct ent_http_buffer {
	char *at;
	size_t size;
	size_t capacity;
};

/* Room for `more` bytes; false, with the buffer as it was, if there is no memory. */
ENT_CHECK bool ent_http_buffer_room(struct ent_http_buffer *buffer, size_t more);
void ent_http_buffer_free(struct ent_http_buffer *buffer);

/* What the request decides about the form of its reply. */
struct ent_http_form {
	bool keep_alive;
	bool is_1_0;
	bool is_head;
	bool is_stream; /* its end is not known: in chunks, or until the connection ends */
};

/* Are all names tokens and all values without control bytes? */
bool ent_http_reply_is_sound(const struct ent_http_reply *reply);

/* Append a sound reply. False without memory; then nothing is appended. */
ENT_CHECK bool ent_http_format(const struct ent_http_reply *reply, struct ent_http_form form,
                               struct ent_http_buffer *out);

#endif
