/* Health, readiness, metrics, descriptions, pages. */
#include "api/inner.h"

#include "app/agenda.h"
#include "app/delivery.h"
#include "base/text.h"
#include "http/static.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Made or read once at the start, then unchanging. */
static struct ent_static pages;
static ent_str openapi;
static ent_str meta;
static struct ent_budget pages_budget;
static struct ent_arena pages_arena;

enum ent_code ent_handle_get_health(struct ent_request *request, struct ent_call *call,
                                    struct ent_error *error)
{
	(void)call;
	(void)error;
	ent_reply_json(request, 200, ENT_STR("{\"status\":\"ok\"}"));
	return ENT_OK;
}

enum ent_code ent_handle_get_ready(struct ent_request *request, struct ent_call *call,
                                   struct ent_error *error)
{
	if (!atomic_load(&request->api->is_ready)) {
		return ent_fail(error, ENT_E_UNAVAILABLE, "starting or stopping");
	}
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db, ENT_STR("SELECT MAX(number) FROM migration"),
	                                NULL, 0, call->arena, &rows, error);
	if (code == ENT_OK) {
		ent_reply_json(request, 200,
		               ent_text_format(call->arena,
		                               "{\"status\":\"ready\",\"migration\":%lld}",
		                               (long long)rows.first->cell[0].number));
	}
	return code;
}

enum ent_code ent_handle_get_metrics(struct ent_request *request, struct ent_call *call,
                                     struct ent_error *error)
{
	struct ent_agenda_backlog backlog;
	struct ent_delivery_backlog outbox;
	bool is_known = ent_agenda_backlog(call, &backlog, error) == ENT_OK;
	bool is_told = is_known && ent_delivery_backlog(call, &outbox, error) == ENT_OK;
	ent_error_clear(error);
	struct ent_text out = ent_text_begin(call->arena);
	ent_metrics_write(request->api, is_known ? &backlog : NULL, &out);
	if (is_told) {
		ent_metrics_write_outbox(request->api, &outbox, &out);
	}
	ent_reply_json(request, 200, ent_text_end(&out));
	request->reply.type = "text/plain; version=0.0.4; charset=utf-8";
	return ENT_OK;
}

enum ent_code ent_handle_get_openapi(struct ent_request *request, struct ent_call *call,
                                     struct ent_error *error)
{
	(void)call;
	(void)error;
	ent_reply_json(request, 200, openapi);
	return ENT_OK;
}

enum ent_code ent_handle_get_meta(struct ent_request *request, struct ent_call *call,
                                  struct ent_error *error)
{
	(void)call;
	(void)error;
	ent_reply_json(request, 200, meta);
	return ENT_OK;
}

/* ---- pages ---- */

enum ent_code ent_api_load_pages(const char *folder, struct ent_error *error)
{
	enum { PAGES_BYTES = 256 << 20 };
	if (!ent_arena_reserve(PAGES_BYTES, &pages_budget, &pages_arena)) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no address space for the pages");
	}
	openapi = ent_openapi_write(&pages_arena);
	meta = ent_meta_write(&pages_arena);
	return folder != NULL ? ent_static_folder(folder, &pages_arena, &pages, error)
	                      : ent_static_embedded(&pages_arena, &pages, error);
}

bool ent_api_serve_file(struct ent_request *request)
{
	struct ent_static_room room;
	struct ent_http_reply reply;
	if (!ent_static_answer(&pages, request->exchange, &room, &reply)) {
		return false;
	}
	ent_metrics_count(request->api->metrics, NULL, reply.status, 0);
	ent_http_reply(request->exchange, &reply);
	return true;
}
