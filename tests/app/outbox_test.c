/* The outbox: what use cases put into it, and how it is taken from, in order and once. */
#include "app/delivery.h"
#include "app/outbox.h"
#include "app/world.h"

static ent_id account;

static enum ent_code mail_three(struct ent_call *call, void *arg, struct ent_error *error)
{
	(void)arg;
	const ent_str to[] = { ENT_STR("a@example.com"), ENT_STR("no address"),
		               ENT_STR("b@example.com") };
	const struct ent_mail mail = {
		.matter = { .account_id = account, .event_type = ENT_STR("case.opened") },
		.to = to,
		.to_count = ENT_COUNT(to),
		.subject = ENT_STR("Hello\r\nBcc: c@example.com"),
		.body = ENT_STR("text"),
	};
	return ent_outbox_mail(call, &mail, error);
}

static struct ent_claim claim(size_t max, struct ent_arena *arena)
{
	struct ent_claim claim = { .lease_us = 60 * ENT_SECOND_US,
		                   .max = max,
		                   .max_at_once = 4,
		                   .has_mail_server = true,
		                   .arena = arena };
	ent_error_clear(&world.error);
	OK(ent_delivery_claim(world.app, &claim, &world.error));
	return claim;
}

static void settle(const struct ent_job *job, enum ent_sent sent)
{
	struct ent_outcome outcome = { .id = job->id,
		                       .account_id = job->account_id,
		                       .endpoint_id = job->endpoint_id,
		                       .sent = sent,
		                       .attempts = job->attempts };
	snprintf(outcome.queue, sizeof(outcome.queue), "%s", job->queue.ptr);
	ent_error_clear(&world.error);
	OK(ent_delivery_settle(world.app, &ent_retries_standard, &outcome, 1, &world.error));
}

static int64_t in_state(const char *state)
{
	char sql[128];
	snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM delivery WHERE state = '%s' AND id > $1",
	         state);
	return world_number(sql, (ent_id){ 1 });
}

APP_TEST(outbox_mails_each_recipient)
{
	world_open("2026-03-02T08:00:00Z");
	account = world_account("Acme");
	OK(world_run(ENT_WRITE, mail_three, NULL));
	CHECK_INT(in_state("pending"), 2);
	CHECK_INT(in_state("dead"), 1);
	CHECK_INT(world_number("SELECT COUNT(*) FROM delivery WHERE id > $1 AND "
	                       "mail_subject = 'Hello Bcc: c@example.com'",
	                       (ent_id){ 1 }),
	          3);
	world_close();
}

APP_TEST(outbox_keeps_order_and_takes_once)
{
	struct ent_arena arena = test_arena();
	struct ent_arena room = arena;
	world_open("2026-03-02T08:00:00Z");
	account = world_account("Acme");
	world_create(
		&ent_webhook_endpoint_type,
		"{\"name\":\"e\",\"url\":\"https://example.com/\",\"event_types\":[\"case.*\"]}",
		NULL);
	ent_id c = world_create(&ent_case_type, "{\"account_id\":$1,\"title\":\"t\"}",
	                        REFS({ &ent_account_type, account }));
	OK(world_try_update(&ent_case_type, c, "{\"title\":\"u\"}", NULL));
	CHECK_INT(in_state("pending"), 2);
	struct ent_claim first = claim(8, &room);
	CHECK_INT((long long)first.count, 1);
	CHECK(ent_str_contains(first.jobs[0].body, ENT_STR("entitled.case.")));
	struct ent_job job = first.jobs[0];
	struct ent_arena more = room;
	CHECK_INT((long long)claim(8, &more).count, 0); /* one is out, the other waits */
	world_at("2026-03-02T08:00:30Z");
	CHECK_INT((long long)claim(8, &more).count, 0);
	settle(&job, ENT_SENT_OK);
	struct ent_claim second = claim(8, &more);
	CHECK_INT((long long)second.count, 1); /* called when its turn came */
	world_at("2026-03-02T08:02:00Z");
	struct ent_arena last = more;
	struct ent_claim again = claim(8, &last);
	CHECK_INT((long long)again.count, 1); /* the lease ended */
	CHECK_INT(again.jobs[0].attempts, 2);
	settle(&second.jobs[0], ENT_SENT_FAILED); /* too late: it is somebody else's */
	CHECK_INT(in_state("failed"), 0);
	settle(&again.jobs[0], ENT_SENT_REFUSED);
	CHECK_INT(in_state("dead"), 1);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(outbox_keeps_what_hangs_on_a_case_in_its_order)
{
	struct ent_arena arena = test_arena();
	world_open("2026-03-02T08:00:00Z");
	account = world_account("Acme");
	world_create(&ent_webhook_endpoint_type,
	             "{\"name\":\"e\",\"url\":\"https://example.com/\",\"event_types\":"
	             "[\"case.opened\",\"case_comment.created\",\"case_activity.created\"]}",
	             NULL);
	ent_id c = world_create(&ent_case_type, "{\"account_id\":$1,\"title\":\"t\"}",
	                        REFS({ &ent_account_type, account }));
	world_create(&ent_case_comment_type, "{\"case_id\":$1,\"body\":\"b\"}",
	             REFS({ &ent_case_type, c }));
	world_create(&ent_case_activity_type, "{\"case_id\":$1,\"subject\":\"s\"}",
	             REFS({ &ent_case_type, c }));
	static const char *const types[] = { "case.opened", "case_comment.created",
		                             "case_activity.created" };
	CHECK_INT(in_state("pending"), (long long)ENT_COUNT(types));
	for (size_t i = 0; i < ENT_COUNT(types); i++) {
		struct ent_arena room = arena;
		struct ent_claim taken = claim(8, &room);
		CHECK_INT((long long)taken.count, 1);
		CHECK(ent_str_contains(taken.jobs[0].body, ent_str_of(types[i])));
		settle(&taken.jobs[0], ENT_SENT_OK);
	}
	CHECK_INT(in_state("delivered"), (long long)ENT_COUNT(types));
	world_close();
}

/* What is due for one that has enough is passed over, however old; nobody else waits for it. */
APP_TEST(outbox_passes_over_who_has_enough)
{
	struct ent_arena arena = test_arena();
	ent_id endpoints[2];
	world_open("2026-03-02T08:00:00Z");
	account = world_account("Acme");
	OK(world_run(ENT_WRITE, mail_three, NULL));
	for (size_t i = 0; i < 2; i++) {
		endpoints[i] = world_create(&ent_webhook_endpoint_type,
		                            "{\"name\":\"e\",\"url\":\"https://example.com/\","
		                            "\"event_types\":[\"case.opened\"]}",
		                            NULL);
	}
	world_create(&ent_case_type, "{\"account_id\":$1,\"title\":\"t\"}",
	             REFS({ &ent_account_type, account }));
	static const struct {
		bool busy[3]; /* the endpoints, the mail server */
		int64_t taken;
	} rows[] = { { { true, true, true }, 0 },  { { true, true, false }, 2 },
		     { { true, false, true }, 1 }, { { false, true, true }, 1 },
		     { { false, false, false }, 0 } };
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena room = arena;
		struct ent_busy busy[3];
		struct ent_claim taken = { .lease_us = ENT_SECOND_US,
			                   .max = 8,
			                   .max_at_once = 4,
			                   .busy = busy,
			                   .has_mail_server = true,
			                   .arena = &room };
		for (size_t k = 0; k < 3; k++) {
			if (rows[i].busy[k]) {
				busy[taken.busy_count++] = (struct ent_busy){
					k < 2 ? endpoints[k] : ENT_ID_NONE, 4
				};
			}
		}
		ent_error_clear(&world.error);
		OK(ent_delivery_claim(world.app, &taken, &world.error));
		CHECK_INT((long long)taken.count, rows[i].taken);
		for (size_t k = 0; k < taken.count; k++) {
			settle(&taken.jobs[k], ENT_SENT_OK);
		}
	}
	CHECK_INT(in_state("delivered"), 4);
	world_close();
}
