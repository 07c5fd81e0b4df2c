/* stream.c - replies without an end: their beginning and more of them come from any thread,
 * their bytes go out on the loop's. */
#include "http/inner.h"

#include <stdio.h>
#include <string.h>

enum {
	SOCKET_BYTES = 64 << 10, /* that the system holds for a slow client, instead of megabytes */
	FRAME_BYTES = 24         /* a chunk's size and line ends */
};

static const char last_chunk[] = "0\r\n\r\n";

/* ---- any thread ---- */

/* Under loop->mutex: have the loop look at it. */
static void list(struct ent_http_work *work)
{
	struct ent_http_loop *loop = work->loop;
	if (work->flow.listed) {
		return;
	}
	bool is_first = loop->replied == NULL;
	work->flow.listed = true;
	work->next = loop->replied;
	loop->replied = work;
	if (is_first) {
		uv_async_send(&loop->async);
	}
}

static void append(struct ent_http_buffer *buffer, const char *bytes, size_t count)
{
	memcpy(buffer->at + buffer->size, bytes, count);
	buffer->size += count;
}

/* A chunk, or the text as it is where the client knows no chunks. False without memory. */
static bool frame(struct ent_http_work *work, ent_str text)
{
	struct ent_http_buffer *more = &work->flow.more;
	char size[FRAME_BYTES];
	if (!ent_http_buffer_room(more, text.len + FRAME_BYTES)) {
		return false;
	}
	if (!work->parser.is_1_0) {
		append(more, size, (size_t)snprintf(size, sizeof(size), "%zx\r\n", text.len));
	}
	append(more, text.ptr, text.len);
	if (!work->parser.is_1_0) {
		append(more, "\r\n", 2);
	}
	return true;
}

static enum ent_http_sent send_more(struct ent_http_work *work, ent_str text)
{
	if (work->flow.gone) {
		return ENT_HTTP_GONE;
	}
	if (text.len == 0) {
		return ENT_HTTP_SENT; /* an empty chunk would be the last one */
	}
	if (work->flow.more.size + text.len > ENT_HTTP_STREAM_BYTES || !frame(work, text)) {
		return ENT_HTTP_FULL;
	}
	return ENT_HTTP_SENT;
}

struct ent_http_stream *ent_http_stream(struct ent_http_exchange *exchange,
                                        const struct ent_http_reply *reply, void (*gone)(void *arg),
                                        void *arg)
{
	struct ent_http_work *work = (struct ent_http_work *)exchange;
	assert(work->awaited);
	assert(!work->parser.is_head);
	work->awaited = false;
	uv_mutex_lock(&work->loop->mutex);
	work->is_stream = true;
	work->flow.on_gone = gone;
	work->flow.arg = arg;
	ent_http_work_answer(work, reply);
	(void)send_more(work, reply->body);
	if (!work->loop->closed) {
		list(work);
	}
	uv_mutex_unlock(&work->loop->mutex);
	return (struct ent_http_stream *)work;
}

enum ent_http_sent ent_http_stream_send(struct ent_http_stream *stream, ent_str text)
{
	struct ent_http_work *work = (struct ent_http_work *)stream;
	uv_mutex_lock(&work->loop->mutex);
	assert(!work->flow.ends);
	enum ent_http_sent sent = send_more(work, text);
	if (sent == ENT_HTTP_SENT) {
		list(work);
	}
	uv_mutex_unlock(&work->loop->mutex);
	return sent;
}

void ent_http_stream_end(struct ent_http_stream *stream, bool cut)
{
	struct ent_http_work *work = (struct ent_http_work *)stream;
	struct ent_http_loop *loop = work->loop;
	uv_mutex_lock(&loop->mutex);
	assert(!work->flow.ends);
	work->flow.ends = true;
	work->flow.cut = cut;
	if (loop->closed) {
		ent_http_work_bury(work);
		return;
	}
	list(work);
	uv_mutex_unlock(&loop->mutex);
}

/* ---- the loop's ---- */

/* Nobody sends to it and nobody receives it. */
static void release(struct ent_http_work *work)
{
	work->pending = false;
	work->loop->pending--;
	ent_http_work_give(work);
}

void ent_http_stream_left(struct ent_http_work *work)
{
	uv_mutex_lock(&work->loop->mutex);
	bool is_ours = work->flow.ends && !work->flow.listed;
	bool is_news = !work->flow.gone && !work->flow.ends;
	work->flow.gone = true;
	if (is_news && work->flow.on_gone != NULL) {
		work->flow.on_gone(work->flow.arg); /* before the stream can be ended */
	}
	uv_mutex_unlock(&work->loop->mutex);
	if (is_ours) {
		release(work);
	}
}

/* Take what waits into `out`. False if nothing does. */
static bool refill(struct ent_http_work *work)
{
	struct ent_http_loop *loop = work->loop;
	uv_mutex_lock(&loop->mutex);
	struct ent_http_buffer empty = work->out;
	work->out = work->flow.more;
	work->flow.more = empty;
	work->flow.more.size = 0;
	bool ends = work->flow.ends || loop->draining;
	uv_mutex_unlock(&loop->mutex);
	if (work->out.size == 0 && ends && !work->is_last) {
		work->is_last = true;
		if (!work->parser.is_1_0 &&
		    ent_http_buffer_room(&work->out, sizeof(last_chunk) - 1)) {
			append(&work->out, last_chunk, sizeof(last_chunk) - 1);
		}
	}
	return work->out.size > 0;
}

void ent_http_stream_flush(struct ent_http_connection *connection)
{
	struct ent_http_work *work = connection->work;
	while (work->out.size > 0 || refill(work)) {
		if (!ent_http_connection_send(connection)) {
			return; /* on_written() goes on, or it is closing */
		}
		work->answered = false; /* counted once */
	}
	if (connection->ended) {
		ent_http_connection_close(connection);
	} else if (work->is_last) {
		connection->work = NULL;
		work->connection = NULL;
		ent_http_stream_left(work);
		ent_http_connection_linger(connection);
	} else {
		ent_http_loop_place(connection, ENT_HTTP_STREAMING);
	}
}

/* The head goes out. */
static void begin(struct ent_http_connection *connection)
{
	int bytes = SOCKET_BYTES;
	struct ent_http_work *work = connection->work;
	(void)uv_send_buffer_size((uv_handle_t *)&connection->tcp, &bytes);
	work->answered = true;
	if (work->out.size == 0) { /* no memory for it */
		ent_http_connection_close(connection);
	} else {
		ent_http_stream_flush(connection);
	}
}

bool ent_http_stream_deliver(struct ent_http_work *work)
{
	struct ent_http_loop *loop = work->loop;
	struct ent_http_connection *connection = work->connection;
	bool is_over = loop->closed; /* then whoever calls has the lock */
	if (!work->is_stream) {
		return false;
	}
	if (!is_over) {
		uv_mutex_lock(&loop->mutex);
	}
	bool ends = work->flow.ends;
	bool cut = work->flow.cut;
	work->flow.listed = false;
	if (!is_over) {
		uv_mutex_unlock(&loop->mutex);
	}
	if (connection == NULL && ends) {
		release(work);
	} else if (connection == NULL || connection->place == ENT_HTTP_CLOSING) {
		return true;
	} else if (cut) {
		ent_http_connection_reset(connection);
	} else if (connection->place == ENT_HTTP_PENDING) {
		begin(connection);
	} else if (connection->place == ENT_HTTP_STREAMING) {
		ent_http_stream_flush(connection);
	}
	return true;
}

void ent_http_stream_drain(struct ent_http_loop *loop)
{
	struct ent_http_connection *next;
	for (struct ent_http_connection *c = loop->places[ENT_HTTP_STREAMING].first; c != NULL;
	     c = next) {
		next = c->next;
		ent_http_stream_flush(c);
	}
}
