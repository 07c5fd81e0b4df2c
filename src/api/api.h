/* api.h - the JSON API: requests in, use cases called, replies out. */
#ifndef ENT_API_API_H
#define ENT_API_API_H

#include "app/app.h"
#include "http/http.h"

struct ent_api;

/* Bodies of requests: 10,000 questions of a batch; a table that is imported. */
enum { ENT_API_BODY_MAX = 4 << 20, ENT_API_TABLE_MAX = 100 << 20 };
#define ENT_API_TABLE_PATH "/v1/imports"

struct ent_api_config {
	struct ent_app *app;
	bool log_requests;  /* one JSON line each on standard error */
	bool secure_cookie; /* behind TLS: the session cookie says Secure and __Host- */
	size_t streams;     /* open at once; 0: a good number */
	const char *web;    /* a directory to serve instead of what is built in; NULL: built in */
};

ENT_CHECK enum ent_code ent_api_open(const struct ent_api_config *config, struct ent_api **out,
                                     struct ent_error *error);
void ent_api_close(struct ent_api *api);

/* What ent_http_config wants: handle, loop_begin, loop_end, problem. context is the api. */
void ent_api_handle(struct ent_http_exchange *exchange, void *context);
void *ent_api_loop_begin(void *context);
void ent_api_loop_end(void *context, void *loop_data);
size_t ent_api_problem(int status, const char *detail, char *out, size_t size);

/* For the metrics of connections; may be called once the server runs. */
void ent_api_attach(struct ent_api *api, const struct ent_http_server *server);

/* Ready to serve? False while starting and from the first moment of stopping. */
void ent_api_set_ready(struct ent_api *api, bool ready);

/* End the replies that have no end of their own, and begin no more of them. Before the HTTP
 * server is stopped. */
void ent_api_end_streams(struct ent_api *api);

/* openapi.json 3.1, the metadata of all types. */
ent_str ent_openapi_write(struct ent_arena *arena);
ent_str ent_meta_write(struct ent_arena *arena);

#endif
