/* pace.c - asks at a steady pace and tells how long answers took:
 *
 *     pace PORT KEY BODIES RATE SECONDS
 *
 * sends RATE requests a second to POST /v1/coverage/check, with the lines of the file BODIES,
 * over CONNECTIONS connections, at times that do not depend on the answers. A request's time
 * counts from when it was due, also if no connection was free then, so that a pause of the
 * server shows in all that it kept waiting.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 64, LINES_MAX = 100000, ANSWER_MAX = 65536 };

static struct connection {
	double due; /* of the request that is on its way; 0: none */
	size_t got;
	char answer[ANSWER_MAX + 1];
} connections[CONNECTIONS];
static struct pollfd fds[CONNECTIONS];
static char *requests[LINES_MAX];
static size_t request_count, failed;

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void give_up(const char *what)
{
	perror(what);
	exit(1);
}

static void read_bodies(const char *path, const char *key)
{
	char line[4096];
	FILE *file = fopen(path, "r");
	if (file == NULL) {
		give_up(path);
	}
	while (request_count < LINES_MAX && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (asprintf(&requests[request_count++],
		             "POST /v1/coverage/check HTTP/1.1\r\nHost: bench\r\n"
		             "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
		             "Content-Length: %zu\r\n\r\n%s",
		             key, strlen(line), line) < 0) {
			give_up("memory");
		}
	}
	fclose(file);
	if (request_count == 0) {
		fprintf(stderr, "pace: %s is empty\n", path);
		exit(1);
	}
}

static void connect_all(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (size_t i = 0; i < CONNECTIONS; i++) {
		int one = 1;
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 ||
		    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0) {
			give_up("connect");
		}
		fcntl(fd, F_SETFL, O_NONBLOCK);
		fds[i] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
}

/* Is the whole answer here? */
static int is_whole(struct connection *c)
{
	c->answer[c->got] = '\0';
	char *end = strstr(c->answer, "\r\n\r\n");
	char *length = strcasestr(c->answer, "\r\nContent-Length: ");
	if (end == NULL || length == NULL || length > end) {
		return 0;
	}
	size_t want = (size_t)(end + 4 - c->answer) + strtoull(length + 18, NULL, 10);
	failed += c->got >= want && strncmp(c->answer, "HTTP/1.1 200", 12) != 0;
	return c->got >= want;
}

/* Take in what has come; the time of the answer, or a negative one. */
static double take(size_t i)
{
	struct connection *c = &connections[i];
	ssize_t n = recv(fds[i].fd, c->answer + c->got, ANSWER_MAX - c->got, 0);
	if (n <= 0 && errno != EAGAIN) {
		give_up("recv");
	}
	c->got += n > 0 ? (size_t)n : 0;
	if (c->due == 0 || !is_whole(c)) {
		return -1;
	}
	double took = seconds() - c->due;
	c->due = 0;
	c->got = 0;
	return took;
}

/* Send what is due on connections that are free; returns how many went. */
static size_t send_due(size_t sent, size_t all, double begin, double rate)
{
	size_t before = sent;
	for (size_t i = 0; i < CONNECTIONS && sent < all; i++) {
		double due = begin + (double)sent / rate;
		if (connections[i].due != 0) {
			continue;
		}
		if (due > seconds()) {
			break;
		}
		const char *request = requests[(sent * 2654435761U) % request_count];
		size_t len = strlen(request);
		if (send(fds[i].fd, request, len, MSG_NOSIGNAL) != (ssize_t)len) {
			give_up("send");
		}
		connections[i].due = due;
		sent++;
	}
	return sent - before;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	if (argc != 6) {
		fprintf(stderr, "usage: pace PORT KEY BODIES RATE SECONDS\n");
		return 2;
	}
	double rate = atof(argv[4]);
	size_t all = (size_t)(rate * atof(argv[5]));
	double *times = calloc(all + 1, sizeof(*times));
	if (times == NULL || all == 0) {
		give_up("rate");
	}
	read_bodies(argv[3], argv[2]);
	connect_all(atoi(argv[1]));
	double begin = seconds();
	size_t sent = 0;
	size_t answered = 0;
	while (answered < all) {
		sent += send_due(sent, all, begin, rate);
		if (poll(fds, CONNECTIONS, 0) <= 0) { /* busy, as timers are coarse */
			continue;
		}
		for (size_t i = 0; i < CONNECTIONS; i++) {
			double took = (fds[i].revents & POLLIN) != 0 ? take(i) : -1;
			if (took >= 0) {
				times[answered++] = took;
			}
		}
	}
	qsort(times, all, sizeof(*times), by_size);
	printf("%.3f %.3f %.3f %zu\n", times[all / 2] * 1e3, times[all * 99 / 100] * 1e3,
	       times[all - 1] * 1e3, failed);
	return 0;
}
