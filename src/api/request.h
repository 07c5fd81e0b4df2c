/* request.h - one request on its way through the API.
 *
 * It is born on an HTTP loop. Quick ones are answered there; the others travel as a
 * task of the store, whose thread runs the handler in a transaction, and reply when the
 * outcome is durable. ARCHITECTURE.md tells the whole story in numbered steps.
 */
#ifndef ENT_API_REQUEST_H
#define ENT_API_REQUEST_H

#include "api/api.h"
#include "api/route.h"
#include "http/http.h"
#include "json/json.h"

enum { ENT_REPLY_HEADER_MAX = 16 };

struct ent_reply {
	int status;
	ent_str body; /* with the type below; empty: none */
	const char *type;
	int64_t version; /* > 0: as ETag */
	struct ent_http_header headers[ENT_REPLY_HEADER_MAX];
	size_t header_count;
};

/* What needs slow work before its transaction runs as two tasks. */
enum ent_phase { ENT_PHASE_PREPARE, ENT_PHASE_WRITE };

struct ent_request {
	struct ent_task task; /* first */
	struct ent_api *api;
	struct ent_http_exchange *exchange;
	struct ent_route_match match;
	struct ent_call call;
	struct ent_principal who;
	char id[40];          /* the request's, NUL-terminated */
	ent_str idempotency_key;
	ent_str session;      /* the cookie's token, if it came with one */
	ent_str bearer;       /* the key that it came with */
	uint64_t running_hash; /* of the key while it is in progress; 0: none */
	enum ent_phase phase;
	bool is_counted; /* against the limit of requests */
	bool is_first_use; /* of the key, for a minute */
	bool is_replay;
	char hashed[136]; /* of the password in the body, made while preparing */
	struct ent_login_state {
		ent_id user_id;
		bool is_right;
		char email[256];
	} login; /* of sign_in, between its phases */
	const struct ent_node *body; /* parsed; NULL: none was sent */
	struct ent_query query;      /* of a list */
	ent_str expand;              /* comma-separated paths */
	ent_str fields;
	bool wants_actions; /* of the one record: what may be done with it */
	const struct ent_stream_wish *wish; /* the reply is a stream; NULL: it is not */
	struct ent_reply reply;
	struct ent_error error; /* of requests that run on a loop */
};

void ent_reply_header(struct ent_request *request, const char *name, ent_str value);

/* application/json with this body. */
void ent_reply_json(struct ent_request *request, int status, ent_str body);

/* Parse the query string: filters and paging for a list, expand and fields. Notes what is
 * not understood. */
ENT_CHECK enum ent_code ent_request_query(struct ent_request *request, struct ent_call *call,
                                          struct ent_error *error);

/* As ent_noted(), but that several bad parameters are still a bad request: 400, not 422. */
ENT_CHECK enum ent_code ent_query_noted(struct ent_error *error);

/* Hand every parameter of the query string to `visit`, which notes what is wrong. BAD_PARAMETER, or
 * the one code that was noted. */
typedef void ent_request_parameter(void *arg, ent_str name, ent_str value, struct ent_arena *arena,
                                   struct ent_error *error);
ENT_CHECK enum ent_code ent_request_each_parameter(const struct ent_request *request,
                                                   struct ent_arena *arena,
                                                   ent_request_parameter *visit, void *arg,
                                                   struct ent_error *error);

/* "%20" and "+" undone, in the arena; false if it is not valid or no text. */
ENT_CHECK bool ent_url_decode(ent_str text, bool plus, struct ent_arena *arena, ent_str *out);

/* Did the body come as a text? */
bool ent_request_is_text(const struct ent_request *request);

/* The {id} of the path, of the route's type. NOT_FOUND if it is none. */
ENT_CHECK enum ent_code ent_request_id(const struct ent_request *request, ent_id *out,
                                       struct ent_error *error);

/* The version that If-Match asks for, or one of ENT_VERSION_…; fills call->versions.
 * PRECONDITION_FAILED if none can match, PRECONDITION_REQUIRED if the settings demand one. */
ENT_CHECK enum ent_code ent_request_version(struct ent_request *request, struct ent_call *call,
                                            int64_t *out, struct ent_error *error);

/* The body; an empty object where none was sent. */
const struct ent_node *ent_request_body(const struct ent_request *request);

/* The body as an object of a described type. */
ENT_CHECK enum ent_code ent_request_read(struct ent_request *request, struct ent_call *call,
                                         const struct ent_type *type, enum ent_json_use use,
                                         void *object, struct ent_set *given,
                                         struct ent_error *error);

/* Write a record with its "object", the fields that were asked for and what was expanded. */
ENT_CHECK enum ent_code ent_request_write(struct ent_request *request, struct ent_call *call,
                                          const struct ent_type *type, const struct ent_list *list,
                                          ent_str *texts, struct ent_error *error);

/* Answer with a page of the workspace, if the path is one's. */
bool ent_api_serve_file(struct ent_request *request);

/* application/problem+json of an error. */
ent_str ent_problem_write(int status, const struct ent_error *error, const char *request_id,
                          struct ent_arena *arena);

#endif
