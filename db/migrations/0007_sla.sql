-- 0007: service levels (policies, their versions), milestones of cases, and what accounts,
-- entitlements, cases and the organisation say about them.

CREATE TABLE "sla_policy" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	name TEXT NOT NULL,
	description TEXT,
	is_default BOOLEAN NOT NULL,
	default_version_id BIGINT,
	version_count BIGINT NOT NULL,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX sla_policy_by_name ON "sla_policy" (name);
CREATE UNIQUE INDEX sla_policy_by_external_id
	ON "sla_policy" (external_system, external_id)
	WHERE external_id IS NOT NULL;

CREATE TABLE "sla_policy_version" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	sla_policy_id BIGINT NOT NULL,
	number BIGINT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('draft', 'active', 'inactive')),
	used_at BIGINT,
	notes TEXT,
	calendar_id BIGINT,
	pause_statuses TEXT NOT NULL DEFAULT '',
	pause_criteria TEXT,
	exit_criteria TEXT,
	rules TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (sla_policy_id) REFERENCES "sla_policy" (id),
	FOREIGN KEY (calendar_id) REFERENCES "calendar" (id)
);
CREATE UNIQUE INDEX sla_policy_version_by_number
	ON "sla_policy_version" (sla_policy_id, number);
CREATE UNIQUE INDEX sla_policy_version_by_external_id
	ON "sla_policy_version" (external_system, external_id)
	WHERE external_id IS NOT NULL;

CREATE TABLE "milestone" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	account_id BIGINT NOT NULL,
	case_id BIGINT,
	name TEXT,
	kind TEXT NOT NULL CHECK (kind IN ('custom', 'first_response', 'next_response', 'resolution')),
	stage TEXT NOT NULL CHECK (stage IN ('open', 'paused', 'completed', 'cancelled', 'withdrawn')),
	occurrence BIGINT NOT NULL,
	sla_policy_version_id BIGINT,
	started_at BIGINT,
	target_at BIGINT,
	completed_at BIGINT,
	paused_at BIGINT,
	ended_at BIGINT,
	cause TEXT,
	allowed TEXT,
	unit TEXT NOT NULL CHECK (unit IN ('business', 'calendar', 'business_days')),
	calendar_id BIGINT,
	calendar_revision BIGINT NOT NULL,
	held BOOLEAN NOT NULL,
	moved_target_at BIGINT,
	moved_at BIGINT,
	held_target_at BIGINT,
	warn_at BIGINT,
	pause_spans TEXT,
	fired BIGINT NOT NULL,
	due_at BIGINT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, case_id) REFERENCES "case" (account_id, id) ON DELETE CASCADE,
	FOREIGN KEY (sla_policy_version_id) REFERENCES "sla_policy_version" (id),
	FOREIGN KEY (calendar_id) REFERENCES "calendar" (id)
);
CREATE INDEX milestone_by_id ON "milestone" (id);
CREATE UNIQUE INDEX milestone_by_external_id
	ON "milestone" (account_id, external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX milestone_by_external ON "milestone" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX milestone_by_case ON "milestone" (account_id, case_id);
CREATE INDEX milestone_by_target ON "milestone" (target_at) WHERE stage = 'open';
CREATE INDEX milestone_by_calendar ON "milestone" (calendar_id) WHERE stage IN ('open', 'paused');

ALTER TABLE "entitlement" ADD COLUMN sla_policy_id BIGINT REFERENCES "sla_policy" (id);
ALTER TABLE "entitlement" ADD COLUMN calendar_id BIGINT REFERENCES "calendar" (id);
ALTER TABLE "account" ADD COLUMN sla_policy_id BIGINT REFERENCES "sla_policy" (id);
ALTER TABLE "account" ADD COLUMN calendar_id BIGINT REFERENCES "calendar" (id);
ALTER TABLE "entitlement_template" ADD COLUMN sla_policy_id BIGINT REFERENCES "sla_policy" (id);
ALTER TABLE "entitlement_template" ADD COLUMN calendar_id BIGINT REFERENCES "calendar" (id);

ALTER TABLE "settings" ADD COLUMN calendar_id BIGINT REFERENCES "calendar" (id);
ALTER TABLE "settings" ADD COLUMN sla_enabled BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE "settings" ADD COLUMN sla_after_manual BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE "settings" ADD COLUMN pause_statuses TEXT NOT NULL DEFAULT '';

ALTER TABLE "case" ADD COLUMN sla_policy_id BIGINT REFERENCES "sla_policy" (id);
ALTER TABLE "case" ADD COLUMN sla_source TEXT NOT NULL DEFAULT 'none' CHECK (sla_source IN ('none', 'manual', 'entitlement', 'account', 'default', 'disabled'));
ALTER TABLE "case" ADD COLUMN sla_policy_version_id BIGINT REFERENCES "sla_policy_version" (id);
ALTER TABLE "case" ADD COLUMN calendar_id BIGINT REFERENCES "calendar" (id);
ALTER TABLE "case" ADD COLUMN sla_start_at BIGINT;
ALTER TABLE "case" ADD COLUMN sla_stage TEXT NOT NULL DEFAULT 'none' CHECK (sla_stage IN ('none', 'open', 'paused', 'met', 'met_late'));
ALTER TABLE "case" ADD COLUMN next_due_at BIGINT;
ALTER TABLE "case" ADD COLUMN next_warn_at BIGINT;
ALTER TABLE "case" ADD COLUMN sla_due_at BIGINT;
ALTER TABLE "case" ADD COLUMN sla_pauses TEXT;
ALTER TABLE "case" ADD COLUMN awaiting_response BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE "case" ADD COLUMN first_responded_at BIGINT;
ALTER TABLE "case" ADD COLUMN last_customer_at BIGINT;
ALTER TABLE "case" ADD COLUMN last_response_at BIGINT;
CREATE INDEX case_by_next_due ON "case" (next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX case_by_sla_version ON "case" (sla_policy_version_id)
	WHERE sla_policy_version_id IS NOT NULL;
