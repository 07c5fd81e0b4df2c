/* work.c - what a request needs while it is under way, and its reply. */
#include "http/inner.h"

#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

void ent_http_work_free(struct ent_http_work *work)
{
	if (work->is_large) {
		atomic_fetch_sub(&work->loop->server->large, 1);
	}
	ent_http_buffer_free(&work->in);
	ent_http_buffer_free(&work->out);
	ent_http_buffer_free(&work->flow.more);
	free(work);
}

static struct ent_http_work *new_work(struct ent_http_loop *loop)
{
	struct ent_http_work *work = calloc(1, sizeof(*work));
	if (work == NULL) {
		return NULL;
	}
	work->loop = loop;
	if (!ent_http_buffer_room(&work->in, ENT_HTTP_BUFFER_BYTES)) {
		free(work);
		return NULL;
	}
	return work;
}

struct ent_http_work *ent_http_work_take(struct ent_http_loop *loop)
{
	struct ent_http_work *work = loop->free_works;
	if (work != NULL) {
		loop->free_works = work->next;
		loop->free_work_count--;
	} else {
		work = new_work(loop);
	}
	if (work != NULL) {
		ent_http_parser_init(&work->parser);
		work->in.size = 0;
		work->out.size = 0;
		work->exchange.received_us = 0;
		work->continued = false;
		work->is_stream = false;
		work->is_last = false;
	}
	return work;
}

void ent_http_work_give(struct ent_http_work *work)
{
	struct ent_http_loop *loop = work->loop;
	work->connection = NULL;
	ent_http_buffer_free(&work->flow.more);
	work->flow = (struct ent_http_flow){ .listed = false };
	bool is_large = work->in.capacity > ENT_HTTP_KEEP_BYTES;
	if (is_large || loop->free_work_count == ENT_HTTP_KEEP_COUNT) {
		loop->buffered -= work->is_large ? 0 : work->in.capacity - ENT_HTTP_BUFFER_BYTES;
		ent_http_work_free(work);
		return;
	}
	if (work->out.capacity > ENT_HTTP_KEEP_BYTES) {
		ent_http_buffer_free(&work->out);
	}
	work->next = loop->free_works;
	loop->free_works = work;
	loop->free_work_count++;
}

/* A body that is larger than others: its bytes are no longer counted, its place is. */
static bool become_large(struct ent_http_work *work)
{
	struct ent_http_loop *loop = work->loop;
	if (work->is_large) {
		return true;
	}
	if (atomic_fetch_add(&loop->server->large, 1) >= ENT_HTTP_LARGE_COUNT) {
		atomic_fetch_sub(&loop->server->large, 1);
		return false;
	}
	loop->buffered -= work->in.capacity - ENT_HTTP_BUFFER_BYTES;
	work->is_large = true;
	return true;
}

/* May it have so many more bytes? */
static bool claim(struct ent_http_work *work, size_t more)
{
	struct ent_http_loop *loop = work->loop;
	const struct ent_http_server *server = loop->server;
	bool grows_large = work->parser.phase == ENT_HTTP_BODY && work->parser.may_be_large &&
	                   work->in.capacity + more > 2 * server->limits.body_bytes;
	if (grows_large) {
		return become_large(work);
	}
	bool fits = more <= server->buffered_max - loop->buffered;
	loop->buffered += fits ? more : 0;
	return fits;
}

bool ent_http_work_room(struct ent_http_work *work)
{
	struct ent_http_buffer *in = &work->in;
	if (in->size < in->capacity) {
		return true;
	}
	size_t more = in->capacity;
	if (!claim(work, more)) {
		return false;
	}
	char *at = malloc(in->capacity + more);
	if (at == NULL) {
		work->loop->buffered -= work->is_large ? 0 : more;
		return false;
	}
	memcpy(at, in->at, in->size);
	if (work->parser.phase == ENT_HTTP_BODY) {
		ent_http_rebase(&work->exchange, in->at, at);
	}
	free(in->at);
	in->at = at;
	in->capacity += more;
	return true;
}

bool ent_http_work_is_paced(const struct ent_http_work *work, size_t *before)
{
	uint64_t timeout = work->loop->server->timeouts[ENT_HTTP_IN_BODY];
	size_t came = work->in.size - *before;
	*before = work->in.size;
	return work->parser.may_be_large && came > timeout * ENT_HTTP_LARGE_PACE / 1000;
}

void ent_http_work_answer(struct ent_http_work *work, const struct ent_http_reply *reply)
{
	const struct ent_http_server *server = work->loop->server;
	struct ent_http_reply failure = { .status = 500 };
	if (!ent_http_reply_is_sound(reply)) {
		reply = &failure; /* rather than let a value add headers */
	}
	bool keeps = work->parser.keep_alive && !work->is_stream && !server->stopping;
	struct ent_http_form form = { .keep_alive = keeps,
		                      .is_stream = work->is_stream,
		                      .is_1_0 = work->parser.is_1_0,
		                      .is_head = work->parser.is_head };
	work->out.size = 0;
	work->closes = !form.keep_alive;
	if (!ent_http_format(reply, form, &work->out)) {
		work->closes = true; /* an empty out is sent as 503 */
	}
}

ent_str ent_http_header_get(const struct ent_http_exchange *exchange, const char *name)
{
	ent_str wanted = ent_str_of(name);
	for (size_t i = 0; i < exchange->header_count; i++) {
		if (ent_str_eq(exchange->headers[i].name, wanted)) {
			return exchange->headers[i].value;
		}
	}
	return (ent_str){ NULL, 0 };
}

/* The loop has ended without this reply; nobody waits for it. */
void ent_http_work_bury(struct ent_http_work *work)
{
	struct ent_http_loop *loop = work->loop;
	bool is_last = --loop->orphans == 0;
	uv_mutex_unlock(&loop->mutex);
	ent_http_work_free(work);
	if (is_last) {
		ent_http_server_release(loop->server);
	}
}

void ent_http_reply(struct ent_http_exchange *exchange, const struct ent_http_reply *reply)
{
	struct ent_http_work *work = (struct ent_http_work *)exchange;
	struct ent_http_loop *loop = work->loop;
	assert(work->awaited);
	work->awaited = false;
	ent_http_work_answer(work, reply);
	if (ent_http_loop_here() == loop && loop->current == work) {
		loop->current = NULL; /* tells the caller of handle() */
		return;
	}
	uv_mutex_lock(&loop->mutex);
	if (loop->closed) {
		ent_http_work_bury(work);
		return;
	}
	bool is_first = loop->replied == NULL;
	work->next = loop->replied;
	loop->replied = work;
	if (is_first) {
		uv_async_send(&loop->async); /* under the lock: the loop may not end before */
	}
	uv_mutex_unlock(&loop->mutex);
}

size_t ent_http_untaken(const uv_tcp_t *tcp)
{
	int fd;
	int queued;
	size_t mine = uv_stream_get_write_queue_size((const uv_stream_t *)tcp);
	if (uv_fileno((const uv_handle_t *)tcp, &fd) != 0 || ioctl(fd, SIOCOUTQ, &queued) != 0) {
		return mine;
	}
	return mine + (size_t)queued;
}
