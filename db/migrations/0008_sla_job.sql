-- 0008: what counts as the customer's word and as an answer to it; work on many clocks.

ALTER TABLE "case_comment" ADD COLUMN from_customer BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE "case_activity" ADD COLUMN answers_customer BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE "case" ADD COLUMN opened_by_id BIGINT;

CREATE TABLE "sla_job" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	kind TEXT NOT NULL CHECK (kind IN ('switch', 'recalculate')),
	state TEXT NOT NULL CHECK (state IN ('running', 'done', 'cancelled')),
	dry_run BOOLEAN NOT NULL,
	sla_policy_version_id BIGINT,
	calendar_id BIGINT,
	fire BOOLEAN NOT NULL,
	total BIGINT NOT NULL,
	done BIGINT NOT NULL,
	moved BIGINT NOT NULL,
	failed BIGINT NOT NULL,
	last_error TEXT,
	finished_at BIGINT,
	report TEXT,
	reach BIGINT NOT NULL,
	report_rows BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (sla_policy_version_id) REFERENCES "sla_policy_version" (id)
);
CREATE INDEX sla_job_by_state ON "sla_job" (state, id);
CREATE UNIQUE INDEX sla_job_by_external_id
	ON "sla_job" (external_system, external_id)
	WHERE external_id IS NOT NULL;
