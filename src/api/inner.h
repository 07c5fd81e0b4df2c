/* inner.h - what the files of api/ share and nobody else needs. */
#ifndef ENT_API_INNER_H
#define ENT_API_INNER_H

#include "api/request.h"
#include "app/delivery.h"

struct ent_agenda_backlog;
struct ent_metrics;
struct ent_limiter;
struct ent_streams;

struct ent_api {
	struct ent_app *app;
	struct ent_api_config config;
	const struct ent_http_server *server;
	struct ent_metrics *metrics;
	struct ent_limiter *limiter;
	struct ent_streams *streams;
	struct ent_running *running; /* idempotency keys of requests in progress */
	_Atomic bool is_ready;
	_Atomic uint64_t last_request;
};

/* ---- answer.c, send.c -------------------------------------------------------------------- */

/* Identify, authorise, limit, parse, replay or run the handler. In one transaction, or on a
 * loop; fills in request->reply. */
ENT_CHECK enum ent_code ent_request_answer(struct ent_request *request, struct ent_call *call,
                                           struct ent_error *error);
/* Send request->reply; the exchange is gone afterwards. */
void ent_request_send(struct ent_request *request, struct ent_arena *arena);
/* Turn an error into request->reply. */
void ent_request_problem(struct ent_request *request, const struct ent_error *error,
                         struct ent_arena *arena);
int64_t ent_monotonic_us(void);

/* ---- match.c ------------------------------------------------------------------------------- */

/* Read a list of entity-tags; false if it is none. Keeps the versions that they name, of which
 * there are at most a fourth of its bytes: tags that are weak or not ours name none. */
ENT_CHECK bool ent_etags_read(ent_str list, int64_t *versions, size_t *count);
/* PRECONDITION_FAILED if there is an If-Match: no record matches before it is made. */
ENT_CHECK enum ent_code ent_request_match_none(const struct ent_request *request,
                                               struct ent_error *error);

/* ---- session.c ----------------------------------------------------------------------------- */

/* Give the browser the token of its session. */
void ent_session_cookie(struct ent_request *request, struct ent_call *call, ent_str token,
                        int64_t seconds);
/* BAD_CREDENTIALS as a reply, not as an error, so that what counts the failure is committed. */
enum ent_code ent_reply_refused_login(struct ent_request *request, struct ent_call *call,
                                      struct ent_error *error);

/* ---- limits.c: requests a minute for each principal, and keys in progress -------------- */

struct ent_limiter *ent_limiter_open(void);
void ent_limiter_close(struct ent_limiter *limiter);
/* Take one token; false: none left. *remaining and *reset_s describe what is. */
bool ent_limiter_take(struct ent_limiter *limiter, int64_t who, int64_t per_minute, int64_t now_us,
                      int64_t *remaining, int64_t *reset_s);

struct ent_running *ent_running_open(void);
void ent_running_close(struct ent_running *running);
/* False if a request with this hash is in progress already. */
bool ent_running_enter(struct ent_running *running, uint64_t hash);
void ent_running_leave(struct ent_running *running, uint64_t hash);

/* ---- system.c ------------------------------------------------------------------------------ */

/* Read the pages of the workspace: those built in, or a folder's. */
ENT_CHECK enum ent_code ent_api_load_pages(const char *folder, struct ent_error *error);

/* ---- metrics.c ---------------------------------------------------------------------------- */

struct ent_metrics *ent_metrics_open(void);
void ent_metrics_close(struct ent_metrics *metrics);
void ent_metrics_count(struct ent_metrics *metrics, const struct ent_route *route, int status,
                       int64_t us);
/* `backlog` NULL: it is not known. */
void ent_metrics_write(struct ent_api *api, const struct ent_agenda_backlog *backlog,
                       struct ent_text *out);
void ent_metrics_write_outbox(struct ent_api *api, const struct ent_delivery_backlog *backlog,
                              struct ent_text *out);

/* ---- idempotency.c ------------------------------------------------------------------------- */

/* Has a request with this key been answered? Then its reply is in request->reply and
 * is_replay is set. IDEMPOTENCY_MISMATCH if that was another request. */
ENT_CHECK enum ent_code ent_idempotency_find(struct ent_request *request, struct ent_call *call,
                                             struct ent_error *error);
/* Keep the reply in the same transaction. */
ENT_CHECK enum ent_code ent_idempotency_keep(struct ent_request *request, struct ent_call *call,
                                             struct ent_error *error);
/* Of principal, method, path and key: for ent_running_enter(). */
uint64_t ent_idempotency_hash(const struct ent_request *request);

#endif
