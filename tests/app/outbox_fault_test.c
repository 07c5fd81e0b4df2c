/* The outbox when things go wrong: whichever call fails, nothing has happened; and with several
 * senders at once, each message is sent by one at a time, in its order, and none is lost. */
#include "app/delivery_inner.h"
#include "app/inner.h"
#include "app/settings.h"
#include "app/world.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#define DELIVERY (&ent_delivery_type)

static ent_id account;

static void make_endpoint(const char *types)
{
	char json[200];
	snprintf(json, sizeof(json),
	         "{\"name\":\"e\",\"url\":\"https://example.com/\",\"event_types\":[%s]}", types);
	world_create(&ent_webhook_endpoint_type, json, NULL);
}

/* A message about its opening, and one for each change. */
static void make_case(int changes)
{
	ent_id c = world_create(&ent_case_type, "{\"account_id\":$1,\"title\":\"t\"}",
	                        REFS({ &ent_account_type, account }));
	for (int i = 0; i < changes; i++) {
		char json[40];
		snprintf(json, sizeof(json), "{\"title\":\"change %d\"}", i);
		OK(world_try_update(&ent_case_type, c, json, NULL));
	}
}

/* ---- whichever call fails ------------------------------------------------------------------- */

/* A number that changes with everything that is written. */
static int64_t trace(void)
{
	return world_number(
		"SELECT (SELECT SUM(attempts * 3 + COALESCE(next_attempt_at, 0) / 1000 + "
		"CASE state WHEN 'pending' THEN 1 WHEN 'failed' THEN 2 WHEN 'dead' "
		"THEN 4 ELSE 8 END) FROM delivery) + 1000000 * (SELECT COUNT(*) FROM "
		"event) + 17 * (SELECT SUM(version + seq) FROM account_head "
		"WHERE account_id >= 0) + 31 * (SELECT SUM(version + "
		"COALESCE(failing_since, 0) / 1000) FROM webhook_endpoint) "
		"WHERE $1 > 0",
		(ent_id){ 1 });
}

static void fail_each_call(ent_use *use, void *arg, int least)
{
	int64_t before = trace();
	enum ent_code code = ENT_E_STORAGE;
	int n = 0;
	for (; code == ENT_E_STORAGE; n++) {
		world.is_faulty = true;
		world.fail_at = n;
		code = world_run(ENT_WRITE, use, arg);
		world.is_faulty = false;
		if (code != ENT_OK) {
			CHECK_INT(trace(), before);
		}
	}
	OK(code);
	CHECK(n > least);
	CHECK(trace() != before);
}

static struct ent_job take(struct ent_claim *claim)
{
	struct ent_claiming claiming = { claim, *claim->arena };
	fail_each_call(ent_delivery_claim_work, &claiming, 3);
	CHECK_INT((long long)claim->count, 1);
	return claim->jobs[0];
}

static struct ent_outcome outcome_of(const struct ent_job *job, enum ent_sent sent)
{
	struct ent_outcome outcome = { .id = job->id,
		                       .account_id = job->account_id,
		                       .endpoint_id = job->endpoint_id,
		                       .sent = sent,
		                       .attempts = job->attempts,
		                       .reason = "it was told to",
		                       .is_failing = job->is_failing };
	snprintf(outcome.queue, sizeof(outcome.queue), "%s", job->queue.ptr);
	return outcome;
}

static struct ent_settling settle(const struct ent_outcome *outcome, int least)
{
	struct ent_settling settling = { .retries = &ent_retries_standard,
		                         .outcomes = outcome,
		                         .count = 1 };
	fail_each_call(ent_delivery_settle_work, &settling, least);
	return settling;
}

static int64_t in_state(const char *state)
{
	char sql[120];
	snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM delivery WHERE state = '%s' AND id > $1",
	         state);
	return world_number(sql, (ent_id){ 1 });
}

static enum ent_code replay_dead(struct ent_call *call, void *arg, struct ent_error *error)
{
	return ent_delivery_replay_dead(call, arg, error);
}

APP_TEST(outbox_fault_each_call_fails)
{
	struct ent_arena arena = test_arena();
	struct ent_claim claim = {
		.lease_us = 60 * ENT_SECOND_US, .max = 8, .max_at_once = 4, .arena = &arena
	};
	world_open("2026-03-02T08:00:00Z");
	account = world_account("Acme");
	make_endpoint("\"case.opened\",\"case.updated\"");
	make_case(1);
	CHECK_INT(in_state("pending"), 2);
	struct ent_job job = take(&claim);
	struct ent_outcome outcome = outcome_of(&job, ENT_SENT_FAILED);
	CHECK(!settle(&outcome, 1).ends[0]);
	CHECK_INT(in_state("failed"), 1);
	world_at("2026-03-02T09:00:00Z");
	job = take(&claim);
	CHECK_INT(job.attempts, 2);
	outcome = outcome_of(&job, ENT_SENT_OK);
	settle(&outcome, 2); /* and the next one is called */
	CHECK_INT(in_state("delivered"), 1);

	job = take(&claim);
	struct ent_outcome refused = outcome_of(&job, ENT_SENT_REFUSED);
	CHECK(settle(&refused, 0).ends[0]);
	struct ent_ending ending = { .outcome = &refused };
	fail_each_call(ent_delivery_end_work, &ending, 4);
	CHECK(ending.is_dead);
	CHECK_INT(in_state("dead"), 1);
	CHECK_TEXT(world_events(DELIVERY, job.id), "died");

	int64_t replayed;
	fail_each_call(replay_dead, &replayed, 0);
	CHECK_INT(replayed, 1);
	CHECK_INT(in_state("pending"), 1);
	job = take(&claim);
	outcome = outcome_of(&job, ENT_SENT_OK);
	settle(&outcome, 1);
	CHECK_INT(in_state("delivered"), 2);
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* ---- several senders ------------------------------------------------------------------------ */

enum { SENDERS = 3, AT_ONCE = 3, CASES = 8, CHANGES = 6, MESSAGES = CASES * (1 + CHANGES) };
enum { ROUNDS_MAX = 60 };

struct message {
	int64_t id;
	char queue[360];
	int64_t seen; /* how often it arrived */
	bool is_out;  /* somebody sends it now */
	bool is_over; /* delivered, or given up */
};

static struct {
	pthread_mutex_t lock;
	struct message items[MESSAGES + 1];
	size_t count;
	int64_t wrong; /* sent by two at once, before its turn, or again when it was over */
	int64_t lost;  /* outcomes that nobody would write down */
	uint64_t random;
} sent = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct message *message_of(const struct ent_job *job)
{
	size_t i = 0;
	while (i < sent.count && sent.items[i].id != job->id.value) {
		i++;
	}
	struct message *m = &sent.items[i];
	if (i == sent.count) {
		sent.count++;
		*m = (struct message){ .id = job->id.value };
		snprintf(m->queue, sizeof(m->queue), "%s", job->queue.ptr);
	}
	return m;
}

/* Identifiers rise in the order in which messages were written. */
static void begin_sending(const struct ent_job *job)
{
	struct message *own = message_of(job);
	sent.wrong += own->is_out || own->is_over;
	for (size_t i = 0; i < sent.count; i++) {
		const struct message *m = &sent.items[i];
		bool same = strcmp(m->queue, own->queue) == 0 && m != own;
		sent.wrong += same && (m->is_out || (m->id < own->id && !m->is_over));
	}
	own->is_out = true;
}

/* What becomes of it; false: the sender dies before it can say so. */
static bool end_sending(const struct ent_job *job, struct ent_outcome *out)
{
	struct message *m = message_of(job);
	uint64_t luck = test_random(&sent.random, 10);
	enum ent_sent what = luck < 6 ? ENT_SENT_OK : luck < 8 ? ENT_SENT_FAILED : ENT_SENT_REFUSED;
	bool says_so = luck != 5;
	m->seen += what == ENT_SENT_OK;
	m->is_out = false;
	m->is_over = says_so && what != ENT_SENT_FAILED;
	*out = outcome_of(job, what);
	return says_so;
}

static enum ent_code try_claim(struct ent_claim *claim, struct ent_arena *room)
{
	enum ent_code code;
	struct ent_error error;
	*claim = (struct ent_claim){
		.lease_us = 60 * ENT_SECOND_US, .max = AT_ONCE, .max_at_once = 20, .arena = room
	};
	do {
		ent_error_clear(&error);
		code = ent_delivery_claim(world.app, claim, &error);
	} while (code == ENT_E_BUSY);
	return code;
}

/* A message of the same queue is open to others only once its outcome is written: so noting it
 * behind the claim and before the outcome hides nothing. */
static void begin_all(const struct ent_claim *claim)
{
	pthread_mutex_lock(&sent.lock);
	for (size_t i = 0; i < claim->count; i++) {
		begin_sending(&claim->jobs[i]);
	}
	pthread_mutex_unlock(&sent.lock);
}

static void end_all(const struct ent_claim *claim)
{
	struct ent_outcome outcomes[AT_ONCE];
	size_t count = 0;
	pthread_mutex_lock(&sent.lock);
	for (size_t i = 0; i < claim->count; i++) {
		count += end_sending(&claim->jobs[i], &outcomes[count]);
	}
	pthread_mutex_unlock(&sent.lock);
	enum ent_code code;
	struct ent_error error;
	do {
		ent_error_clear(&error);
		code = ent_delivery_settle(world.app, &ent_retries_standard, outcomes, count,
		                           &error);
	} while (code == ENT_E_BUSY);
	if (code != ENT_OK) {
		pthread_mutex_lock(&sent.lock);
		sent.lost++;
		pthread_mutex_unlock(&sent.lock);
	}
}

/* Until nothing is due. */
static void *send_what_is_due(void *arg)
{
	static char memory[SENDERS][1 << 20];
	static struct ent_budget budgets[SENDERS];
	size_t at = (size_t)(uintptr_t)arg;
	struct ent_claim claim;
	budgets[at] = (struct ent_budget){ .fail_at = -1 };
	enum ent_code code;
	do {
		struct ent_arena room = { memory[at], memory[at] + sizeof(memory[at]),
			                  &budgets[at] };
		code = try_claim(&claim, &room);
		if (code == ENT_OK) {
			begin_all(&claim);
			sched_yield();
			end_all(&claim);
		}
	} while (code == ENT_OK && claim.count > 0);
	return NULL;
}

static void send_together(void)
{
	pthread_t threads[SENDERS];
	for (size_t i = 0; i < SENDERS; i++) {
		CHECK_INT(pthread_create(&threads[i], NULL, send_what_is_due, (void *)(uintptr_t)i),
		          0);
	}
	for (size_t i = 0; i < SENDERS; i++) {
		pthread_join(threads[i], NULL);
	}
}

/* Some fail, some are refused, and some senders die with what they have. */
APP_TEST(outbox_is_shared_by_several_senders)
{
	world_open("2026-03-02T08:00:00Z");
	sent.random = 20260302;
	sent.count = 0;
	account = world_account("Acme");
	OK(world_try_update(&ent_settings_type, ent_settings_id, "{\"endpoint_failure_days\":0}",
	                    NULL));
	make_endpoint("\"case.opened\",\"case.updated\"");
	for (int i = 0; i < CASES; i++) {
		make_case(CHANGES);
	}
	CHECK_INT(in_state("pending"), MESSAGES);
	for (int i = 0; i < ROUNDS_MAX && in_state("pending") + in_state("failed") > 0; i++) {
		send_together();
		ent_app_advance(world.app, (ent_instant){ ent_app_now(world.app).us +
		                                          25 * 3600 * ENT_SECOND_US });
	}
	CHECK_INT(sent.wrong, 0);
	CHECK_INT(sent.lost, 0);
	CHECK_INT((long long)sent.count, MESSAGES);
	CHECK_INT(in_state("delivered") + in_state("dead"), MESSAGES);
	for (size_t i = 0; i < sent.count; i++) {
		CHECK(sent.items[i].is_over);
	}
	CHECK_INT(world_findings(), 0);
	world_close();
}
