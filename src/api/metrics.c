#include "api/inner.h"

#include "api/stream.h"
#include "app/agenda.h"
#include "app/cache.h"
#include "app/delivery.h"
#include "app/inner.h"
#include "base/text.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Upper bounds in microseconds. */
static const int64_t bounds[] = { 100,   250,   500,    1000,   2500,    5000,
	                          10000, 25000, 100000, 500000, 1000000, 5000000 };

static const int statuses[] = { 200, 201, 204, 304, 308, 400, 401, 403, 404, 405, 406,
	                        408, 409, 412, 413, 415, 422, 428, 429, 500, 503 };

struct series {
	_Atomic uint64_t counts[ENT_COUNT(statuses)];
	_Atomic uint64_t buckets[ENT_COUNT(bounds) + 1];
	_Atomic uint64_t us;
};

struct ent_metrics {
	struct series series[ENT_ROUTE_MAX + 1]; /* the last: no route */
};

struct ent_metrics *ent_metrics_open(void)
{
	return calloc(1, sizeof(struct ent_metrics));
}

void ent_metrics_close(struct ent_metrics *metrics)
{
	free(metrics);
}

static void up(_Atomic uint64_t *counter, uint64_t by)
{
	atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

void ent_metrics_count(struct ent_metrics *metrics, const struct ent_route *route, int status,
                       int64_t us)
{
	size_t count;
	size_t at = route == NULL ? ENT_ROUTE_MAX : (size_t)(route - ent_routes(&count));
	struct series *series = &metrics->series[at];
	for (size_t i = 0; i < ENT_COUNT(statuses); i++) {
		if (statuses[i] == status) {
			up(&series->counts[i], 1);
			break;
		}
	}
	size_t bucket = 0;
	while (bucket < ENT_COUNT(bounds) && us > bounds[bucket]) {
		bucket++;
	}
	up(&series->buckets[bucket], 1);
	up(&series->us, (uint64_t)(us > 0 ? us : 0));
}

static uint64_t get(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit((_Atomic uint64_t *)(uintptr_t)counter, memory_order_relaxed);
}

static void write_counts(const struct series *series, const char *method, const char *path,
                         struct ent_text *out)
{
	for (size_t i = 0; i < ENT_COUNT(statuses); i++) {
		uint64_t n = get(&series->counts[i]);
		if (n > 0) {
			ent_text_addf(out,
			              "http_requests_total{route=\"%s\",method=\"%s\",status=\"%"
			              "d\"} %llu\n",
			              path, method, statuses[i], (unsigned long long)n);
		}
	}
}

static void write_histogram(const struct series *series, const char *method, const char *path,
                            struct ent_text *out)
{
	uint64_t sum = 0;
	for (size_t i = 0; i <= ENT_COUNT(bounds); i++) {
		sum += get(&series->buckets[i]);
	}
	if (sum == 0) {
		return;
	}
	uint64_t below = 0;
	for (size_t i = 0; i < ENT_COUNT(bounds); i++) {
		below += get(&series->buckets[i]);
		ent_text_addf(out,
		              "http_request_duration_seconds_bucket{route=\"%s\",method=\"%s\",le="
		              "\"%g\"} "
		              "%llu\n",
		              path, method, (double)bounds[i] / 1e6, (unsigned long long)below);
	}
	ent_text_addf(out,
	              "http_request_duration_seconds_bucket{route=\"%s\",method=\"%s\",le=\"+Inf\"}"
	              " %llu\n"
	              "http_request_duration_seconds_sum{route=\"%s\",method=\"%s\"} %g\n"
	              "http_request_duration_seconds_count{route=\"%s\",method=\"%s\"} %llu\n",
	              path, method, (unsigned long long)sum, path, method,
	              (double)get(&series->us) / 1e6, path, method, (unsigned long long)sum);
}

static void one(struct ent_text *out, const char *name, const char *kind, const char *help,
                uint64_t value)
{
	ent_text_addf(out, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", name, help, name, kind, name,
	              (unsigned long long)value);
}

static void write_process(struct ent_api *api, struct ent_text *out)
{
	struct ent_store_stats store;
	struct ent_cache_stats cache;
	struct ent_http_stats http = { 0 };
	ent_store_stats(ent_app_store(api->app), &store);
	ent_cache_stats(ent_app_cache(api->app), &cache);
	if (api->server != NULL) {
		ent_http_stats(api->server, &http);
	}
	one(out, "http_connections_open", "gauge", "Connections open now.", http.connections_open);
	one(out, "http_connections_total", "counter", "Connections accepted.",
	    http.connections_accepted);
	one(out, "http_connections_refused_total", "counter", "Connections beyond the limit.",
	    http.connections_refused);
	one(out, "http_timeouts_total", "counter", "Connections cut for being slow.",
	    http.timeouts);
	one(out, "http_bad_requests_total", "counter", "Requests refused at the border.",
	    http.bad_requests);
	one(out, "store_reads_total", "counter", "Reading transactions.", store.reads);
	one(out, "store_writes_total", "counter", "Writing transactions.", store.writes);
	one(out, "store_commits_total", "counter", "Commits; several writes may share one.",
	    store.commits);
	one(out, "store_rollbacks_total", "counter", "Transactions that changed nothing.",
	    store.rollbacks);
	one(out, "store_retries_total", "counter", "Transactions run again.", store.retries);
	one(out, "store_overloads_total", "counter", "Requests refused because too many waited.",
	    store.overloads);
	one(out, "store_queued", "gauge", "Transactions waiting now.", store.queued);
	one(out, "coverage_cache_hits_total", "counter", "Coverage sets found in memory.",
	    cache.hits);
	one(out, "coverage_cache_misses_total", "counter", "Coverage sets read from the store.",
	    cache.misses);
	one(out, "coverage_cache_evictions_total", "counter", "Coverage sets that made room.",
	    cache.evictions);
	one(out, "coverage_cache_sets", "gauge", "Coverage sets in memory.", cache.sets);
	one(out, "coverage_cache_bytes", "gauge", "Memory of the coverage cache.", cache.bytes);
}

static void write_streams(struct ent_api *api, struct ent_text *out)
{
	struct ent_stream_stats stats;
	ent_streams_stats(api->streams, &stats);
	one(out, "entitled_streams_open", "gauge", "Event streams open now.", stats.open);
	one(out, "entitled_streams_total", "counter", "Event streams opened.", stats.total);
	one(out, "entitled_streams_cut_total", "counter",
	    "Event streams cut because their client was slow.", stats.cut);
	one(out, "entitled_stream_events_total", "counter", "Events told on streams.", stats.told);
	one(out, "entitled_stream_resets_total", "counter",
	    "Times that a stream said that it leaves events out.", stats.resets);
}

static void write_by_subject(struct ent_text *out, const char *name, const char *help,
                             const uint64_t *values)
{
	ent_text_addf(out, "# HELP %s %s\n# TYPE %s counter\n", name, help, name);
	for (size_t i = 0; i < ENT_AGENDA_SUBJECTS; i++) {
		ent_text_addf(out, "%s{subject=\"%s\"} %llu\n", name,
		              ent_agenda_name((enum ent_agenda_subject)i),
		              (unsigned long long)values[i]);
	}
}

static void write_lags(struct ent_text *out, const struct ent_agenda_stats *stats)
{
	const char *name = "entitled_scheduler_lag_seconds";
	uint64_t below = 0;
	ent_text_addf(out,
	              "# HELP %s From falling due to the commit of what it brought.\n"
	              "# TYPE %s histogram\n",
	              name, name);
	for (size_t i = 0; i < ENT_AGENDA_LAGS; i++) {
		below += stats->lags[i];
		ent_text_addf(out, "%s_bucket{le=\"%g\"} %llu\n", name,
		              (double)ent_agenda_lag_bounds[i] / 1e6, (unsigned long long)below);
	}
	below += stats->lags[ENT_AGENDA_LAGS];
	ent_text_addf(out, "%s_bucket{le=\"+Inf\"} %llu\n%s_sum %g\n%s_count %llu\n", name,
	              (unsigned long long)below, name, (double)stats->lag_us / 1e6, name,
	              (unsigned long long)below);
}

static void write_scheduler(struct ent_api *api, const struct ent_agenda_backlog *backlog,
                            struct ent_text *out)
{
	struct ent_agenda_stats stats;
	ent_agenda_stats(api->app, &stats);
	write_lags(out, &stats);
	write_by_subject(out, "entitled_due_handled_total", "What fell due and was done.",
	                 stats.handled);
	write_by_subject(out, "entitled_due_failed_total", "Attempts that failed.", stats.failed);
	one(out, "entitled_due_batches_total", "counter", "Transactions that did it.",
	    stats.batches);
	if (backlog != NULL) {
		one(out, "entitled_due_overdue", "gauge", "What is due and not done yet.",
		    (uint64_t)backlog->overdue);
		one(out, "entitled_due_failing", "gauge", "Of that, what failed and waits.",
		    (uint64_t)backlog->failing);
	}
}

void ent_metrics_write_outbox(struct ent_api *api, const struct ent_delivery_backlog *backlog,
                              struct ent_text *out)
{
	struct ent_delivery_counts counts = ent_delivery_counts(api->app);
	ent_text_add(out, ENT_STR("# HELP outbox_waiting Webhooks and e-mails not yet sent; at "
	                          "most 100,000.\n# TYPE outbox_waiting gauge\n"));
	for (size_t i = 0; i < ENT_COUNT(backlog->waiting); i++) {
		ent_text_addf(out, "outbox_waiting{kind=\"%s\"} %lld\n",
		              ent_delivery_kind_names.text[i], (long long)backlog->waiting[i]);
	}
	one(out, "outbox_dead", "gauge", "Webhooks and e-mails given up; at most 100,000.",
	    (uint64_t)backlog->dead);
	ent_text_addf(out, "# HELP outbox_lag_seconds How long the first that is due has been so.\n"
	              "# TYPE outbox_lag_seconds gauge\noutbox_lag_seconds %g\n",
	              (double)backlog->lag_us / 1e6);
	one(out, "outbox_delivered_total", "counter", "Attempts that arrived.", counts.delivered);
	one(out, "outbox_failed_total", "counter", "Attempts that failed.", counts.failed);
	one(out, "outbox_died_total", "counter", "Webhooks and e-mails given up.", counts.dead);
}

void ent_metrics_write(struct ent_api *api, const struct ent_agenda_backlog *backlog,
                       struct ent_text *out)
{
	size_t count;
	const struct ent_route *routes = ent_routes(&count);
	ent_text_add(out, ENT_STR("# HELP http_requests_total Requests answered.\n"
	                          "# TYPE http_requests_total counter\n"));
	for (size_t i = 0; i < count; i++) {
		write_counts(&api->metrics->series[i], routes[i].method, routes[i].path, out);
	}
	write_counts(&api->metrics->series[ENT_ROUTE_MAX], "", "", out);
	ent_text_add(out, ENT_STR("# HELP http_request_duration_seconds From the head of a request "
	                          "to its reply.\n"
	                          "# TYPE http_request_duration_seconds histogram\n"));
	for (size_t i = 0; i < count; i++) {
		write_histogram(&api->metrics->series[i], routes[i].method, routes[i].path, out);
	}
	write_process(api, out);
	write_streams(api, out);
	write_scheduler(api, backlog, out);
}
