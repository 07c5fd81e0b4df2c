-- 0005: webhook endpoints, and the outbox of webhooks and e-mails with its log.

CREATE TABLE "webhook_endpoint" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	name TEXT NOT NULL,
	url TEXT NOT NULL,
	event_types TEXT NOT NULL DEFAULT '',
	account_id BIGINT,
	description TEXT,
	disabled BOOLEAN NOT NULL,
	disabled_reason TEXT,
	failing_since BIGINT,
	hint TEXT,
	signing_secret TEXT,
	previous_secret TEXT,
	previous_secret_until BIGINT,
	PRIMARY KEY (id),
	FOREIGN KEY (account_id) REFERENCES "account" (id)
);
CREATE UNIQUE INDEX webhook_endpoint_by_external_id
	ON "webhook_endpoint" (external_system, external_id)
	WHERE external_id IS NOT NULL;

-- No foreign keys: the log outlives what it tells of.
CREATE TABLE "delivery" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	created_at BIGINT,
	kind TEXT NOT NULL
		CHECK (kind IN ('webhook', 'email')),
	state TEXT NOT NULL
		CHECK (state IN ('pending', 'delivered', 'failed', 'dead', 'cancelled')),
	endpoint_id BIGINT,
	recipient TEXT,
	event_id BIGINT,
	event_type TEXT,
	subject_id TEXT,
	message_id TEXT,
	mail_subject TEXT,
	body TEXT,
	attempts BIGINT NOT NULL,
	next_attempt_at BIGINT,
	last_attempt_at BIGINT,
	last_status BIGINT,
	last_error TEXT,
	delivered_at BIGINT,
	response TEXT,
	queue TEXT,
	seq BIGINT NOT NULL,
	PRIMARY KEY (account_id, id)
);
CREATE INDEX delivery_by_id ON "delivery" (id);
CREATE INDEX delivery_by_message ON "delivery" (message_id);
CREATE INDEX delivery_by_endpoint ON "delivery" (endpoint_id, state);
CREATE INDEX delivery_due ON "delivery" (next_attempt_at) WHERE state IN ('pending', 'failed');
CREATE INDEX delivery_in_order ON "delivery" (queue, seq, id)
	WHERE state IN ('pending', 'failed');
CREATE INDEX delivery_by_delivered_at ON "delivery" (delivered_at)
	WHERE delivered_at IS NOT NULL;

ALTER TABLE "settings" ADD COLUMN delivery_days BIGINT NOT NULL DEFAULT 30;
ALTER TABLE "settings" ADD COLUMN endpoint_failure_days BIGINT NOT NULL DEFAULT 5;
