/* connection.c - the life of one connection, on its loop's thread. */
#include "http/inner.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char no_memory[] = "HTTP/1.1 503 Service Unavailable\r\n"
				"Content-Length: 0\r\nConnection: close\r\n\r\n";
static const char too_many[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
			       "Content-Length: 0\r\nConnection: close\r\n\r\n";

static void process(struct ent_http_connection *connection);

static void on_closed(uv_handle_t *handle)
{
	struct ent_http_connection *connection = handle->data;
	struct ent_http_loop *loop = connection->loop;
	struct ent_http_work *work = connection->work;
	ent_http_loop_remove(connection);
	if (work != NULL) {
		work->connection = NULL;
		if (work->pending) {
			ent_http_stream_left(work);
		} else {
			ent_http_work_give(work);
		}
	}
	loop->connections--;
	loop->refused -= connection->refused;
	if (loop->free_connection_count == ENT_HTTP_KEEP_COUNT) {
		free(connection);
	} else {
		connection->next = loop->free_connections;
		loop->free_connections = connection;
		loop->free_connection_count++;
	}
	ent_http_loop_drained(loop);
}

static bool begin_close(struct ent_http_connection *connection)
{
	struct ent_http_loop *loop = connection->loop;
	if (connection->place == ENT_HTTP_CLOSING) {
		return false;
	}
	ent_http_loop_place(connection, ENT_HTTP_CLOSING);
	if (!connection->refused) {
		atomic_fetch_sub(&loop->server->connections, 1);
		ent_http_count(&loop->counters.open, UINT64_MAX);
	}
	return true;
}

void ent_http_connection_close(struct ent_http_connection *connection)
{
	if (begin_close(connection)) {
		uv_close((uv_handle_t *)&connection->tcp, on_closed);
	}
}

/* Close and forget what the client has not taken. */
void ent_http_connection_reset(struct ent_http_connection *connection)
{
	if (begin_close(connection) && uv_tcp_close_reset(&connection->tcp, on_closed) != 0) {
		uv_close((uv_handle_t *)&connection->tcp, on_closed);
	}
}

static void drop_work(struct ent_http_connection *connection)
{
	if (connection->work != NULL) {
		ent_http_work_give(connection->work);
		connection->work = NULL;
	}
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	(void)suggested;
	struct ent_http_connection *connection = handle->data;
	struct ent_http_loop *loop = connection->loop;
	if (connection->place == ENT_HTTP_LINGERING) {
		*buf = uv_buf_init(loop->discard, sizeof(loop->discard));
		return;
	}
	struct ent_http_work *work = connection->work;
	if (work == NULL) {
		work = connection->work = ent_http_work_take(loop);
		if (work == NULL) {
			*buf = uv_buf_init(NULL, 0); /* on_read() gets UV_ENOBUFS */
			return;
		}
		work->connection = connection;
	}
	*buf = uv_buf_init(work->in.at + work->in.size,
	                   (unsigned)(work->in.capacity - work->in.size));
}

static bool is_busy(const struct ent_http_connection *connection)
{
	return connection->place == ENT_HTTP_PENDING || connection->place == ENT_HTTP_WRITING ||
	       connection->place == ENT_HTTP_STREAMING;
}

static void on_end(struct ent_http_connection *connection, ssize_t why)
{
	connection->reading = false;
	connection->ended = true;
	if (why == UV_ENOBUFS) {
		uv_buf_t text = uv_buf_init((char *)(uintptr_t)no_memory, sizeof(no_memory) - 1);
		(void)uv_try_write((uv_stream_t *)&connection->tcp, &text, 1);
	}
	if (why != UV_EOF || !is_busy(connection) || connection->place == ENT_HTTP_STREAMING) {
		ent_http_connection_close(connection);
	}
}

static void take_in(struct ent_http_connection *connection, size_t count)
{
	struct ent_http_work *work = connection->work;
	work->in.size += count;
	if (connection->place == ENT_HTTP_IDLE && work->in.size == 0) {
		drop_work(connection); /* woken for nothing */
		return;
	}
	if (!is_busy(connection)) {
		process(connection);
	}
	if (is_busy(connection) && work->in.size == work->in.capacity) {
		uv_read_stop((uv_stream_t *)&connection->tcp); /* the exchange looks into this */
		connection->reading = false;                   /* buffer: it cannot grow */
	}
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
	(void)buf;
	struct ent_http_connection *connection = stream->data;
	if (count < 0) {
		on_end(connection, count);
		return;
	}
	ent_http_count(&connection->loop->counters.bytes_in, (uint64_t)count);
	if (connection->place != ENT_HTTP_LINGERING) {
		take_in(connection, (size_t)count);
	} else if ((size_t)count >= connection->left) {
		ent_http_connection_close(connection);
	} else {
		connection->left -= (size_t)count;
	}
}

static void read_on(struct ent_http_connection *connection)
{
	if (!connection->reading && !connection->ended) {
		connection->reading = true;
		if (uv_read_start((uv_stream_t *)&connection->tcp, on_alloc, on_read) != 0) {
			ent_http_connection_close(connection);
		}
	}
}

/* Tell the client that no more is coming, and read on for a while: a close with
 * unread bytes would be a reset, and that can overtake the reply. */
void ent_http_connection_linger(struct ent_http_connection *connection)
{
	int fd;
	drop_work(connection);
	if (connection->ended || uv_fileno((uv_handle_t *)&connection->tcp, &fd) != 0 ||
	    shutdown(fd, SHUT_WR) != 0) {
		ent_http_connection_close(connection);
		return;
	}
	connection->left = ENT_HTTP_LINGER_BYTES;
	ent_http_loop_place(connection, ENT_HTTP_LINGERING);
	read_on(connection);
}

/* A reply has gone. True if more of the client's bytes are here. */
static bool next(struct ent_http_connection *connection)
{
	struct ent_http_work *work = connection->work;
	size_t left = work->in.size - work->parser.end;
	if (work->closes || (left == 0 && connection->loop->draining)) {
		ent_http_connection_linger(connection);
		return false;
	}
	if (left > 0) {
		memmove(work->in.at, work->in.at + work->parser.end, left);
	}
	work->in.size = left;
	work->exchange.received_us = 0;
	work->continued = false;
	ent_http_parser_init(&work->parser);
	ent_http_loop_place(connection, ENT_HTTP_IDLE);
	if (left > 0) {
		return true;
	}
	drop_work(connection);
	if (connection->ended) {
		ent_http_connection_close(connection);
	} else {
		read_on(connection);
	}
	return false;
}

static void on_written(uv_write_t *request, int status)
{
	struct ent_http_connection *connection = request->data;
	struct ent_http_work *work = connection->work;
	if (connection->place == ENT_HTTP_CLOSING) {
		return;
	}
	if (status != 0) {
		ent_http_connection_close(connection);
		return;
	}
	work->out.size = 0;
	if (work->is_stream) {
		ent_http_stream_flush(connection);
	} else if (!work->answered || next(connection)) {
		process(connection);
	}
}

/* True if all of work->out is with the system; else on_written() goes on, or the
 * connection is closing. */
bool ent_http_connection_send(struct ent_http_connection *connection)
{
	struct ent_http_work *work = connection->work;
	uv_stream_t *stream = (uv_stream_t *)&connection->tcp;
	uv_buf_t rest = uv_buf_init(work->out.at, 0);
	rest.len = work->out.size;
	if (work->out.size == 0) {
		rest = uv_buf_init((char *)(uintptr_t)no_memory, sizeof(no_memory) - 1);
	}
	ent_http_count(&connection->loop->counters.replies, work->answered);
	ent_http_count(&connection->loop->counters.bytes_out, rest.len);
	int sent = uv_try_write(stream, &rest, 1);
	if (sent >= 0 && (size_t)sent == rest.len) {
		work->out.size = 0;
		return true;
	}
	if (sent > 0) {
		rest.base += sent;
		rest.len -= (size_t)sent;
	}
	work->write.data = connection;
	if ((sent < 0 && sent != UV_EAGAIN) ||
	    uv_write(&work->write, stream, &rest, 1, on_written) != 0) {
		ent_http_connection_close(connection);
		return false;
	}
	connection->left = ent_http_untaken(&connection->tcp);
	uv_update_time(&connection->loop->uv); /* handle() may have taken long */
	ent_http_loop_place(connection, ENT_HTTP_WRITING);
	return false;
}

/* Answer what is wrong with a request, and close. */
static void refuse(struct ent_http_connection *connection, int status, const char *detail)
{
	struct ent_http_work *work = connection->work;
	const struct ent_http_config *config = &connection->loop->server->config;
	char body[2048];
	struct ent_http_reply reply = { .status = status };
	struct ent_http_header type = { ENT_STR("Content-Type"), ent_str_of(config->problem_type) };
	if (config->problem != NULL) {
		reply.body = (ent_str){ body, config->problem(status, detail, body, sizeof(body)) };
		assert(reply.body.len <= sizeof(body));
		reply.headers = &type;
		reply.header_count = config->problem_type != NULL;
	}
	work->parser.keep_alive = false;
	work->answered = true;
	ent_http_work_answer(work, &reply);
	if (ent_http_connection_send(connection)) {
		(void)next(connection);
	}
}

/* Ask for the body that the client holds back. False if it did not go at once. */
static bool send_continue(struct ent_http_connection *connection)
{
	static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct ent_http_work *work = connection->work;
	work->continued = true;
	work->answered = false;
	if (!ent_http_buffer_room(&work->out, sizeof(text) - 1)) {
		refuse(connection, 503, "out of memory");
		return false;
	}
	memcpy(work->out.at, text, sizeof(text) - 1);
	work->out.size = sizeof(text) - 1;
	return ent_http_connection_send(connection);
}

static void wait_for_more(struct ent_http_connection *connection)
{
	struct ent_http_work *work = connection->work;
	enum ent_http_place place = ENT_HTTP_IN_HEAD;
	if (connection->ended) {
		ent_http_connection_close(connection);
		return;
	}
	if (work->parser.phase == ENT_HTTP_BODY) {
		place = ENT_HTTP_IN_BODY;
		if (work->parser.expects_continue && !work->continued &&
		    !send_continue(connection)) {
			return;
		}
	}
	if (connection->place != place) {
		connection->left = 0;
		ent_http_loop_place(connection, place);
	}
	if (!ent_http_work_room(work)) {
		refuse(connection, 503, "too many requests are being received");
		return;
	}
	read_on(connection);
}

/* True if the reply was given at once and has gone. */
static bool dispatch(struct ent_http_connection *connection)
{
	struct ent_http_loop *loop = connection->loop;
	struct ent_http_work *work = connection->work;
	const struct ent_http_config *config = &loop->server->config;
	memcpy(work->peer, connection->peer, sizeof(work->peer));
	work->exchange.peer = ent_str_of(work->peer);
	work->exchange.loop_data = loop->data;
	work->answered = false;
	work->awaited = true;
	ent_http_count(&loop->counters.requests, 1);

	loop->current = work;
	config->handle(&work->exchange, config->context);
	bool is_answered = loop->current == NULL;
	loop->current = NULL;
	if (is_answered) {
		work->answered = true;
		return ent_http_connection_send(connection);
	}
	work->pending = true;
	loop->pending++;
	ent_http_loop_place(connection, ENT_HTTP_PENDING);
	return false;
}

/* Take in what has come. True if there may be another request in it. */
static bool step(struct ent_http_connection *connection)
{
	struct ent_http_work *work = connection->work;
	struct ent_http_parser *parser = &work->parser;
	enum ent_http_phase phase = ent_http_parse(parser, &connection->loop->server->limits,
	                                           work->in.at, &work->in.size, &work->exchange);
	if (parser->head_end != 0 && work->exchange.received_us == 0) {
		work->exchange.received_us = (int64_t)(uv_hrtime() / 1000);
	}
	switch (phase) {
	case ENT_HTTP_HEAD:
	case ENT_HTTP_BODY:
		wait_for_more(connection);
		return false;
	case ENT_HTTP_BAD:
		ent_http_count(&connection->loop->counters.bad_requests, 1);
		refuse(connection, parser->status, parser->detail);
		return false;
	case ENT_HTTP_DONE:
		return dispatch(connection) && next(connection);
	}
	return false;
}

static void process(struct ent_http_connection *connection)
{
	while (step(connection)) {
	}
}

void ent_http_connection_replied(struct ent_http_connection *connection)
{
	connection->work->answered = true;
	if (ent_http_connection_send(connection) && next(connection)) {
		process(connection);
	}
}

/* A client that takes at least a KiB a second may take its time. */
static void expire_write(struct ent_http_connection *connection)
{
	uint64_t timeout = connection->loop->server->timeouts[ENT_HTTP_WRITING];
	size_t left = ent_http_untaken(&connection->tcp);
	if (left < connection->left && connection->left - left > timeout * 1024 / 1000) {
		connection->left = left;
		ent_http_loop_place(connection, ENT_HTTP_WRITING);
		return;
	}
	ent_http_count(&connection->loop->counters.timeouts, 1);
	ent_http_connection_reset(connection);
}

static void expire_read(struct ent_http_connection *connection, const char *detail)
{
	ent_http_count(&connection->loop->counters.timeouts, 1);
	refuse(connection, 408, detail);
}

void ent_http_connection_expire(struct ent_http_connection *connection)
{
	switch (connection->place) {
	case ENT_HTTP_IN_HEAD:
		expire_read(connection, "request head took too long");
		return;
	case ENT_HTTP_IN_BODY:
		if (ent_http_work_is_paced(connection->work, &connection->left)) {
			ent_http_loop_place(connection, ENT_HTTP_IN_BODY);
		} else {
			expire_read(connection, "request body took too long");
		}
		return;
	case ENT_HTTP_WRITING:
		expire_write(connection);
		return;
	case ENT_HTTP_IDLE:
	case ENT_HTTP_LINGERING:
		ent_http_connection_close(connection);
		return;
	case ENT_HTTP_PENDING:
	case ENT_HTTP_STREAMING:
	case ENT_HTTP_CLOSING:
	case ENT_HTTP_PLACES:
		break;
	}
	assert(false && "a connection without a deadline expired");
}

static struct ent_http_connection *take_connection(struct ent_http_loop *loop)
{
	struct ent_http_connection *connection = loop->free_connections;
	if (connection == NULL) {
		return calloc(1, sizeof(*connection));
	}
	loop->free_connections = connection->next;
	loop->free_connection_count--;
	memset(connection, 0, sizeof(*connection));
	return connection;
}

void ent_http_connection_open(struct ent_http_loop *loop, int fd, const char *peer)
{
	struct ent_http_server *server = loop->server;
	bool is_refused =
		atomic_fetch_add(&server->connections, 1) >= server->config.connections_max;
	struct ent_http_connection *connection = NULL;
	ent_http_count(&loop->counters.accepted, 1);
	if (!is_refused || loop->refused < ENT_HTTP_REFUSED_MAX) {
		connection = take_connection(loop);
	}
	if (is_refused || connection == NULL) {
		atomic_fetch_sub(&server->connections, 1);
		ent_http_count(&loop->counters.refused, 1);
	}
	if (connection == NULL) {
		(void)send(fd, too_many, sizeof(too_many) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
		close(fd);
		return;
	}
	connection->loop = loop;
	connection->refused = is_refused;
	connection->place = ENT_HTTP_PLACES; /* in none yet */
	memcpy(connection->peer, peer, strlen(peer) + 1);
	uv_tcp_init(&loop->uv, &connection->tcp); /* cannot fail without flags */
	connection->tcp.data = connection;
	loop->connections++;
	loop->refused += is_refused;
	if (!is_refused) {
		ent_http_count(&loop->counters.open, 1);
	}
	if (uv_tcp_open(&connection->tcp, fd) != 0) {
		close(fd);
		ent_http_connection_close(connection);
		return;
	}
	if (is_refused) {
		uv_buf_t text = uv_buf_init((char *)(uintptr_t)too_many, sizeof(too_many) - 1);
		(void)uv_try_write((uv_stream_t *)&connection->tcp, &text, 1);
		ent_http_connection_linger(connection);
	} else {
		ent_http_loop_place(connection, ENT_HTTP_IDLE);
		read_on(connection);
	}
}
