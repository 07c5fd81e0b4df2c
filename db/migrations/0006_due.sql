-- 0006: one table for everything that time brings. A row says when something is due next for
-- a record; what that is, the record itself says. `subject` is a line of src/app/agenda.def.
-- `retry_at` is there after a failure: then, not at `at`, it is looked at again.

CREATE TABLE "due" (
	account_id BIGINT NOT NULL,
	subject TEXT NOT NULL,
	subject_id BIGINT NOT NULL,
	at BIGINT NOT NULL,
	attempts BIGINT NOT NULL DEFAULT 0,
	retry_at BIGINT,
	last_error TEXT,
	PRIMARY KEY (account_id, subject, subject_id)
);
CREATE INDEX due_by_at ON "due" (at, account_id) WHERE retry_at IS NULL;
CREATE INDEX due_by_retry_at ON "due" (retry_at) WHERE retry_at IS NOT NULL;

INSERT INTO "due" (account_id, subject, subject_id, at)
	SELECT account_id, 'entitlement', id, due_at FROM "entitlement" WHERE due_at IS NOT NULL;
DROP INDEX entitlement_by_due_at;
