#include "cli/cli.h"

#include "api/api.h"
#include "app/background.h"
#include "base/log.h"
#include "cli/sending.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct serving {
	const char *database;
	const char *listen;
	const char *web;
	const char *clock;
	int64_t threads;
	int64_t workers;
	int64_t cache_mb;
	int64_t grace_s;
	int64_t streams;
	bool no_cache;
	bool quiet;
	bool secure_cookie;
	bool migrate;
	struct ent_sending sending;
	struct ent_deliver_config deliver;
};

/* What works beside the HTTP loops. */
struct beside {
	struct ent_background *background;
	struct ent_deliver *deliver; /* NULL: other servers send */
};

/* "127.0.0.1:8080", "[::1]:0", ":8080" (all IPv4 addresses). */
static bool split_address(const char *text, char *address, size_t size, int *port)
{
	const char *colon = strrchr(text, ':');
	int64_t number;
	if (colon == NULL || !ent_str_int(ent_str_of(colon + 1), &number) || number < 0 ||
	    number > 65535) {
		return false;
	}
	size_t len = (size_t)(colon - text);
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len >= size) {
		return false;
	}
	memcpy(address, text, len);
	address[len] = '\0';
	if (len == 0) {
		memcpy(address, "0.0.0.0", 8);
	}
	*port = (int)number;
	return true;
}

static bool read_clock(const char *text, ent_instant *out)
{
	*out = ENT_INSTANT_NONE;
	return text == NULL || ent_instant_parse(ent_str_of(text), out);
}

static void block_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static struct ent_app *open_app(const struct serving *serving, ent_instant clock)
{
	struct ent_app_config config = {
		.database = ent_cli_database(serving->database),
		.create = serving->migrate,
		.workers = (int)serving->workers,
		.cache_bytes = serving->no_cache ? -1 : serving->cache_mb << 20,
		.clock = clock,
	};
	struct ent_app *app = NULL;
	struct ent_error error;
	struct ent_migration_report report;
	block_signals(); /* before there are threads */
	if (ent_app_open(&config, &app, &error) != ENT_OK) {
		ent_cli_fail(&error);
		return NULL;
	}
	enum ent_code code = serving->migrate
	                             ? ent_store_migrate(ent_app_store(app), &report, &error)
	                             : ent_store_migrate_check(ent_app_store(app), &report, &error);
	if (code != ENT_OK) {
		ent_cli_fail(&error);
		ent_app_close(app);
		return NULL;
	}
	return app;
}

/* Wait for SIGTERM or SIGINT. All threads have them blocked. */
static int wait_for_signal(void)
{
	sigset_t set;
	int signal_number = 0;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigwait(&set, &signal_number);
	return signal_number;
}

static void stop_beside(struct beside *beside)
{
	if (beside->deliver != NULL) {
		ent_deliver_stop(beside->deliver);
	}
	ent_background_stop(beside->background);
}

static enum ent_code start_beside(const struct serving *serving, struct ent_app *app,
                                  struct beside *out, struct ent_error *error)
{
	struct ent_deliver_config config = serving->deliver;
	config.app = app;
	*out = (struct beside){ .deliver = NULL };
	enum ent_code code = ent_background_start(app, &out->background, error);
	if (code == ENT_OK && !serving->sending.off) {
		code = ent_deliver_start(&config, &out->deliver, error);
		if (code != ENT_OK) {
			ent_background_stop(out->background);
		}
	}
	return code;
}

static int run(const struct serving *serving, struct ent_app *app, const char *address, int port)
{
	struct ent_error error;
	struct ent_api *api;
	struct beside beside;
	struct ent_api_config api_config = {
		.app = app,
		.log_requests = !serving->quiet,
		.secure_cookie = serving->secure_cookie,
		.streams = (size_t)serving->streams,
		.web = serving->web,
	};
	if (ent_api_open(&api_config, &api, &error) != ENT_OK) {
		return ent_cli_fail(&error);
	}
	struct ent_http_config http = {
		.address = address,
		.port = port,
		.loops = (int)serving->threads,
		.body_bytes_max = ENT_API_BODY_MAX,
		.large_path = ENT_API_TABLE_PATH,
		.large_bytes_max = ENT_API_TABLE_MAX,
		.handle = ent_api_handle,
		.context = api,
		.loop_begin = ent_api_loop_begin,
		.loop_end = ent_api_loop_end,
		.problem = ent_api_problem,
		.problem_type = "application/problem+json",
	};
	struct ent_http_server *server;
	if (start_beside(serving, app, &beside, &error) != ENT_OK) {
		ent_api_close(api);
		return ent_cli_fail(&error);
	}
	if (ent_http_start(&http, &server, &error) != ENT_OK) {
		stop_beside(&beside);
		ent_api_close(api);
		fprintf(stderr, "entitled serve: --listen %s: %s\n", serving->listen,
		        error.detail);
		return 1;
	}
	ent_api_attach(api, server);
	ent_api_set_ready(api, true);
	ent_log(ENT_LOG_INFO, "listening",
	        ENT_LOG_FIELDS(ent_log_text("address", ent_str_of(address)),
	                       ent_log_int("port", ent_http_port(server)),
	                       ent_log_text("version", ENT_STR(ENT_VERSION))));
	int number = wait_for_signal();
	ent_log(ENT_LOG_INFO, "stopping", ENT_LOG_FIELDS(ent_log_int("signal", number)));
	ent_api_set_ready(api, false);
	ent_api_end_streams(api);
	int cut = ent_http_stop(server, (int)serving->grace_s * 1000);
	stop_beside(&beside);
	ent_http_free(server);
	ent_api_close(api);
	ent_log(ENT_LOG_INFO, "stopped", ENT_LOG_FIELDS(ent_log_int("connections_cut", cut)));
	return 0;
}

static bool within_bounds(const struct serving *s)
{
	const struct {
		const char *option;
		int64_t given, most;
	} rows[] = {
		{ "--threads", s->threads, 256 },        { "--workers", s->workers, 1024 },
		{ "--cache-mb", s->cache_mb, 1 << 20 },  { "--grace", s->grace_s, 24 * 60 * 60 },
		{ "--streams", s->streams, 1000 * 1000 },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		if (rows[i].given > rows[i].most) {
			fprintf(stderr, "entitled serve: %s %lld: give at most %lld\n",
			        rows[i].option, (long long)rows[i].given, (long long)rows[i].most);
			return false;
		}
	}
	return true;
}

int ent_cli_serve(int argc, char **argv)
{
	struct serving s = { .listen = "127.0.0.1:8080", .grace_s = 10 };
	const struct ent_option options[] = {
		ENT_OPTION_DB(s.database),
		{ "--listen", "ADDRESS:PORT", ENT_OPTION_TEXT, &s.listen,
		  "Default 127.0.0.1:8080; port 0: any" },
		{ "--threads", "N", ENT_OPTION_INT, &s.threads, "HTTP loops; default one a core" },
		{ "--workers", "N", ENT_OPTION_INT, &s.workers,
		  "Threads of the store; default a good number" },
		{ "--cache-mb", "N", ENT_OPTION_INT, &s.cache_mb, "Coverage cache; default 256" },
		{ "--no-cache", NULL, ENT_OPTION_FLAG, &s.no_cache,
		  "Read the store for every check" },
		{ "--web", "DIR", ENT_OPTION_TEXT, &s.web,
		  "Serve these pages instead of those built in" },
		{ "--migrate", NULL, ENT_OPTION_FLAG, &s.migrate,
		  "Make and migrate the database first if need be" },
		{ "--secure-cookie", NULL, ENT_OPTION_FLAG, &s.secure_cookie,
		  "Behind TLS: the session cookie is __Host- and Secure" },
		{ "--quiet", NULL, ENT_OPTION_FLAG, &s.quiet, "Do not log requests" },
		{ "--grace", "SECONDS", ENT_OPTION_INT, &s.grace_s,
		  "How long stopping waits for requests; default 10" },
		{ "--streams", "N", ENT_OPTION_INT, &s.streams, "Event streams; default 1000" },
		{ "--clock", "TIME", ENT_OPTION_TEXT, &s.clock,
		  "A clock that stands at this instant until POST /v1/clock moves it" },
		ENT_OPTIONS_SENDING(s.sending),
		{ NULL, NULL, ENT_OPTION_FLAG, NULL, NULL },
	};
	int rest;
	int status = ent_options_read("serve", "", "Serve the API and the workspace", options, argc,
	                              argv, &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	char address[64];
	int port;
	ent_instant clock;
	if (!split_address(s.listen, address, sizeof(address), &port)) {
		fprintf(stderr,
		        "entitled serve: --listen %s: give an address like 127.0.0.1:8080\n",
		        s.listen);
		return 2;
	}
	if (!read_clock(s.clock, &clock)) {
		fprintf(stderr,
		        "entitled serve: --clock %s: give a time like 2026-01-31T09:30:00Z\n",
		        s.clock);
		return 2;
	}
	if (!within_bounds(&s) || !ent_sending_read(&s.sending, &s.deliver)) {
		return 2;
	}
	struct ent_app *app = open_app(&s, clock);
	if (app == NULL) {
		return 1;
	}
	status = run(&s, app, address, port);
	ent_app_close(app);
	ent_log_flush();
	return status;
}
