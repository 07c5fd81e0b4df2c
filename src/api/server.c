#include "api/inner.h"

#include "api/stream.h"
#include "app/people.h"
#include "base/log.h"
#include "base/text.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LOOP_ARENA_BYTES = 64 << 20,
	LOOP_KEEP_BYTES = 1 << 20,
};

/* What each HTTP loop owns. */
struct loop {
	struct ent_budget budget;
	struct ent_arena whole; /* as it was reserved */
	struct ent_arena arena; /* behind what `db` needs of it */
	struct ent_db *db;      /* for reading; NULL: everything that is not in memory is a task */
};

/* ---- life ---- */

enum ent_code ent_api_open(const struct ent_api_config *config, struct ent_api **out,
                           struct ent_error *error)
{
	size_t count;
	ent_routes(&count);
	struct ent_api *api = calloc(1, sizeof(*api));
	if (api == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the API");
	}
	api->app = config->app;
	api->config = *config;
	/* request ids go on from the time of the start, so that no restart repeats one */
	atomic_init(&api->last_request, (uint64_t)ent_app_now(config->app).us << 8);
	api->metrics = ent_metrics_open();
	api->limiter = ent_limiter_open();
	api->running = ent_running_open();
	api->streams = ent_streams_open(config->app, config->streams);
	if (api->streams == NULL || api->metrics == NULL || api->limiter == NULL ||
	    api->running == NULL) {
		ent_api_close(api);
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the API");
	}
	enum ent_code code = ent_api_load_pages(config->web, error);
	if (code != ENT_OK) {
		ent_api_close(api);
		return code;
	}
	*out = api;
	return ENT_OK;
}

void ent_api_close(struct ent_api *api)
{
	if (api == NULL) {
		return;
	}
	ent_streams_close(api->streams);
	ent_metrics_close(api->metrics);
	ent_limiter_close(api->limiter);
	ent_running_close(api->running);
	free(api);
}

void ent_api_attach(struct ent_api *api, const struct ent_http_server *server)
{
	api->server = server;
}

void ent_api_end_streams(struct ent_api *api)
{
	ent_streams_stop(api->streams);
}

void ent_api_set_ready(struct ent_api *api, bool ready)
{
	atomic_store(&api->is_ready, ready);
}

void *ent_api_loop_begin(void *context)
{
	struct ent_api *api = context;
	struct loop *loop = calloc(1, sizeof(*loop));
	if (loop == NULL || !ent_arena_reserve(LOOP_ARENA_BYTES, &loop->budget, &loop->whole)) {
		free(loop);
		return NULL;
	}
	loop->arena = loop->whole;
	struct ent_store *store = ent_app_store(api->app);
	if (ent_store_dialect(store) == ENT_SQLITE) {
		struct ent_error error;
		if (ent_store_reader(store, &loop->arena, &loop->db, &error) != ENT_OK) {
			ent_log(ENT_LOG_WARN, "no reader for a loop",
			        ENT_LOG_FIELDS(ent_log_text("detail", ent_str_of(error.detail))));
			loop->db = NULL;
		}
	}
	return loop;
}

void ent_api_loop_end(void *context, void *loop_data)
{
	(void)context;
	struct loop *loop = loop_data;
	if (loop == NULL) {
		return;
	}
	if (loop->db != NULL) {
		loop->db->ops->close(loop->db);
	}
	ent_arena_release(&loop->whole);
	free(loop);
}

/* ---- as a task ---- */

static ent_str decoded_reason(const struct ent_http_exchange *exchange, struct ent_arena *arena)
{
	ent_str reason = ent_http_header_get(exchange, "x-reason");
	ent_str out;
	if (reason.len == 0 || reason.len > 3000 || !ent_url_decode(reason, false, arena, &out)) {
		return (ent_str){ NULL, 0 };
	}
	return out;
}

static void begin_call(struct ent_request *request, struct ent_db *db, struct ent_arena *arena,
                       enum ent_access access)
{
	struct ent_api *api = request->api;
	request->call = (struct ent_call){
		.app = api->app,
		.db = db,
		.arena = arena,
		.now = ent_app_now(api->app),
		.who = &request->who,
		.request_id = ent_str_of(request->id),
		.origin = request->exchange->peer,
		.reason = decoded_reason(request->exchange, arena),
		.idempotency_key = request->idempotency_key,
		.epoch = ent_app_epoch(api->app, access),
	};
}

static enum ent_code work(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                          struct ent_error *error)
{
	struct ent_request *request = (struct ent_request *)task;
	begin_call(request, db, arena, task->access);
	enum ent_code code = ent_request_answer(request, &request->call, error);
	if (code == ENT_OK && task->access == ENT_WRITE) {
		code = ent_call_finish(&request->call, error);
	}
	return code;
}

/* What pointed into the arena of a run that did not end, or never began. */
static void forget_arena(struct ent_request *request)
{
	request->wish = NULL;
	request->who = (struct ent_principal){ .actor = ENT_STR("nobody") };
	request->reply = (struct ent_reply){ .status = 503 };
}

/* ---- noting that a key was used ---- */

struct noting {
	struct ent_task task; /* first */
	struct ent_app *app;
	ent_id key;
};

static enum ent_code note(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                          struct ent_error *error)
{
	struct noting *noting = (struct noting *)task;
	struct ent_call call = {
		.app = noting->app,
		.db = db,
		.arena = arena,
		.now = ent_app_now(noting->app),
		.who = &ent_principal_system,
	};
	return ent_people_note_use(&call, noting->key, error);
}

static void noted(struct ent_task *task, enum ent_code code, struct ent_arena *arena,
                  struct ent_error *error)
{
	(void)arena;
	if (code != ENT_OK) {
		ent_log(ENT_LOG_WARN, "use of a key was not noted",
		        ENT_LOG_FIELDS(ent_log_text("detail", ent_str_of(error->detail))));
	}
	free(task);
}

static void note_use(const struct ent_request *request)
{
	struct noting *noting = request->is_first_use ? malloc(sizeof(*noting)) : NULL;
	if (noting != NULL) {
		*noting = (struct noting){
			.task = { .access = ENT_WRITE, .work = note, .done = noted },
			.app = request->api->app,
			.key = request->who.id,
		};
		ent_store_submit(ent_app_store(request->api->app), &noting->task);
	}
}

/* ---- the end of a task ---- */

static void done(struct ent_task *task, enum ent_code code, struct ent_arena *arena,
                 struct ent_error *error)
{
	struct ent_request *request = (struct ent_request *)task;
	ent_call_end(&request->call);
	if (code == ENT_E_OUT_OF_MEMORY || code == ENT_E_OVERLOADED) {
		forget_arena(request);
	}
	if (code == ENT_OK && task->access == ENT_WRITE) {
		ent_call_committed(&request->call);
	}
	if (code == ENT_OK && request->phase == ENT_PHASE_PREPARE) {
		request->phase = ENT_PHASE_WRITE;
		task->access = ENT_WRITE;
		ent_store_submit(ent_app_store(request->api->app), task);
		return;
	}
	if (code != ENT_OK) {
		ent_request_problem(request, error, arena);
	}
	note_use(request);
	ent_request_send(request, arena);
	if (request->running_hash != 0) {
		ent_running_leave(request->api->running, request->running_hash);
	}
	free(request);
}

/* Requests that need slow work before their transaction go through two tasks. */
static bool needs_preparing(const struct ent_request *request)
{
	const struct ent_route *route = request->match.route;
	return (route->flags & ENT_ROUTE_TWICE) != 0 ||
	       (route->type == &ent_user_type && route->access == ENT_WRITE &&
	        request->exchange->body.len > 0);
}

static void submit(struct ent_request *request)
{
	const struct ent_route *route = request->match.route;
	request->task = (struct ent_task){ .access = route->access, .work = work, .done = done };
	request->phase = ENT_PHASE_WRITE;
	if (needs_preparing(request)) {
		request->phase = ENT_PHASE_PREPARE;
		request->task.access = ENT_READ;
	}
	ent_store_submit(ent_app_store(request->api->app), &request->task);
}

/* ---- on the loop ---- */

struct quick {
	struct ent_request *request;
	struct ent_arena arena;
	struct ent_db *db;
	enum ent_code code;
};

static void try_inline(void *arg)
{
	struct quick *quick = arg;
	struct ent_request *request = quick->request;
	struct ent_error *error = &request->error;
	ent_error_clear(error);
	begin_call(request, quick->db, &quick->arena, ENT_READ);
	request->phase = ENT_PHASE_WRITE;
	quick->code = ent_request_answer(request, &request->call, error);
	ent_call_end(&request->call);
	if (quick->code != ENT_E_BUSY) {
		note_use(request);
	}
	if (quick->code == ENT_OK) {
		ent_request_send(request, &quick->arena);
	} else if (quick->code != ENT_E_BUSY) {
		ent_request_problem(request, error, &quick->arena);
		ent_request_send(request, &quick->arena);
	}
}

/* True if the request was answered. */
static bool answer_inline(struct ent_request *request, struct loop *loop)
{
	if (loop == NULL) {
		return false;
	}
	struct quick quick = {
		.request = request, .arena = loop->arena, .db = loop->db, .code = ENT_E_BUSY
	};
	if (loop->db != NULL &&
	    loop->db->ops->begin(loop->db, ENT_READ, &request->error) != ENT_OK) {
		return false;
	}
	bool whole = ent_guard(&loop->budget, try_inline, &quick);
	if (!whole) {
		ent_call_end(&request->call);
		forget_arena(request);
	}
	if (loop->db != NULL) {
		loop->db->ops->rollback(loop->db);
	}
	if (!whole || quick.arena.next - loop->arena.next > LOOP_KEEP_BYTES) {
		ent_arena_trim(&loop->arena, LOOP_KEEP_BYTES);
	}
	return whole && quick.code != ENT_E_BUSY;
}

static void make_request_id(struct ent_request *request)
{
	ent_str given = ent_http_header_get(request->exchange, "x-request-id");
	bool good = given.len > 0 && given.len < sizeof(request->id);
	for (size_t i = 0; i < given.len && good; i++) {
		char c = given.ptr[i];
		good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		       c == '-' || c == '_' || c == '.';
	}
	if (good) {
		memcpy(request->id, given.ptr, given.len);
		request->id[given.len] = '\0';
		return;
	}
	/* unique: the process's clock at its start, then a counter */
	uint64_t n = atomic_fetch_add(&request->api->last_request, 1);
	memcpy(request->id, "req_", 4);
	for (size_t i = 19; i >= 4; i--) {
		request->id[i] = "0123456789abcdef"[n & 15];
		n >>= 4;
	}
	request->id[20] = '\0';
}

static enum ent_code check_key(struct ent_request *request, struct ent_error *error)
{
	ent_str key = ent_http_header_get(request->exchange, "idempotency-key");
	if (key.len >= 2 && key.ptr[0] == '"' && key.ptr[key.len - 1] == '"') {
		key = (ent_str){ key.ptr + 1, key.len - 2 };
	}
	if (key.ptr != NULL && (key.len == 0 || key.len > 255 || !ent_str_is_text(key))) {
		return ent_fail(error, ENT_E_IDEMPOTENCY_KEY, "give a key of 1 to 255 characters");
	}
	request->idempotency_key = key;
	bool counts = key.len > 0 && request->match.route->access == ENT_WRITE;
	if (counts) {
		request->running_hash = ent_idempotency_hash(request) | 1;
		if (!ent_running_enter(request->api->running, request->running_hash)) {
			request->running_hash = 0;
			return ent_fail(error, ENT_E_IDEMPOTENCY_IN_PROGRESS,
			                "wait for the first request with this key");
		}
	}
	return ENT_OK;
}

/* A refusal before anything was looked up; never needs more than a little room. */
static void refuse(struct ent_request *request, struct loop *loop)
{
	char memory[4096];
	struct ent_budget budget = { .high = memory, .fail_at = -1 };
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	(void)loop;
	ent_request_problem(request, &request->error, &arena);
	ent_request_send(request, &arena);
}

/* What may be done with a path; nobody needs to be known for that. */
static void answer_options(struct ent_request *request)
{
	char memory[64];
	struct ent_budget budget = { .high = memory, .fail_at = -1 };
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	request->reply.status = 204;
	ent_reply_header(request, "allow", ent_str_of(request->match.allow));
	ent_request_send(request, &arena);
}

static enum ent_code find_route(struct ent_request *request, struct ent_error *error)
{
	const struct ent_http_exchange *exchange = request->exchange;
	request->match = ent_route_find(exchange->method, exchange->path);
	if (request->match.route != NULL) {
		return ENT_OK;
	}
	if (request->match.known) {
		return ent_fail(error, ENT_E_METHOD_NOT_ALLOWED, "use one of %s",
		                request->match.allow);
	}
	return ent_fail(error, ENT_E_NOT_FOUND, "there is no such path; see /openapi.json");
}

void ent_api_handle(struct ent_http_exchange *exchange, void *context)
{
	struct ent_api *api = context;
	struct loop *loop = exchange->loop_data;
	struct ent_request request;
	memset(&request, 0, offsetof(struct ent_request, error));
	request.api = api;
	request.exchange = exchange;
	ent_error_clear(&request.error);
	make_request_id(&request);
	if (find_route(&request, &request.error) != ENT_OK) {
		if (request.match.known && ent_str_is(exchange->method, "OPTIONS")) {
			answer_options(&request);
		} else if (request.error.code != ENT_E_NOT_FOUND || !ent_api_serve_file(&request)) {
			refuse(&request, loop);
		}
		return;
	}
	if (check_key(&request, &request.error) != ENT_OK) {
		refuse(&request, loop);
		return;
	}
	if (request.match.route->flags & ENT_ROUTE_INLINE && answer_inline(&request, loop)) {
		return;
	}
	struct ent_request *task = malloc(sizeof(*task));
	if (task == NULL) {
		ent_fail(&request.error, ENT_E_OVERLOADED, "no memory for another request");
		refuse(&request, loop);
		return;
	}
	memcpy(task, &request, offsetof(struct ent_request, error));
	submit(task);
}
