-- 0018: imports in the background, their tables in parts, and what became of each row.

ALTER TABLE "settings" ADD COLUMN import_megabytes BIGINT NOT NULL DEFAULT 50;
ALTER TABLE "settings" ADD COLUMN import_rows BIGINT NOT NULL DEFAULT 500000;
ALTER TABLE "settings" ADD COLUMN import_days BIGINT NOT NULL DEFAULT 30;

CREATE TABLE "import_job" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'stopped', 'failed')),
	dry_run BOOLEAN NOT NULL,
	source TEXT NOT NULL CHECK (source IN ('csv', 'salesforce', 'dynamics', 'servicenow')),
	kind TEXT,
	name TEXT,
	user_id BIGINT,
	api_key_id BIGINT,
	total BIGINT NOT NULL,
	done BIGINT NOT NULL,
	created BIGINT NOT NULL,
	updated BIGINT NOT NULL,
	unchanged BIGINT NOT NULL,
	failed BIGINT NOT NULL,
	blank BIGINT NOT NULL,
	last_error TEXT,
	started_at BIGINT,
	finished_at BIGINT,
	ignored TEXT,
	columns TEXT NOT NULL DEFAULT '{}',
	source_system TEXT,
	currency TEXT,
	time_zone TEXT,
	date_order TEXT NOT NULL CHECK (date_order IN ('iso', 'mdy', 'dmy', 'ymd')),
	delimiter TEXT,
	nulls BOOLEAN NOT NULL,
	header TEXT,
	second_pass BOOLEAN NOT NULL,
	reach BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX import_job_by_state ON "import_job" (state, id);
CREATE UNIQUE INDEX import_job_by_external_id
	ON "import_job" (external_system, external_id)
	WHERE external_id IS NOT NULL;

-- The rows of the file, some in each; line: that of the first.
CREATE TABLE "import_part" (
	import_job_id BIGINT NOT NULL,
	number BIGINT NOT NULL,
	line BIGINT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (import_job_id, number),
	FOREIGN KEY (import_job_id) REFERENCES "import_job" (id)
);

-- What became of them. own_key and waits_for say which row another one waits for.
CREATE TABLE "import_row" (
	import_job_id BIGINT NOT NULL,
	line BIGINT NOT NULL,
	part BIGINT NOT NULL,
	status TEXT NOT NULL CHECK (status IN
		('created', 'updated', 'unchanged', 'failed', 'waiting')),
	record_id TEXT,
	cell TEXT,
	value TEXT,
	message TEXT,
	own_key TEXT,
	waits_for TEXT,
	PRIMARY KEY (import_job_id, line),
	FOREIGN KEY (import_job_id) REFERENCES "import_job" (id)
);
CREATE INDEX import_row_by_status ON "import_row" (import_job_id, status, line);
CREATE INDEX import_row_by_key ON "import_row" (import_job_id, own_key)
	WHERE own_key IS NOT NULL;
