-- 0011: lists that people keep, and how the workspace looks to them.

CREATE TABLE "view" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	user_id BIGINT,
	name TEXT NOT NULL,
	list TEXT NOT NULL,
	query TEXT,
	columns TEXT NOT NULL DEFAULT '',
	shared BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX view_by_name ON "view" (user_id, list, name);
CREATE INDEX view_by_list ON "view" (list);
CREATE UNIQUE INDEX view_by_external_id
	ON "view" (external_system, external_id)
	WHERE external_id IS NOT NULL;

ALTER TABLE "user" ADD COLUMN theme TEXT NOT NULL DEFAULT 'system'
	CHECK (theme IN ('system', 'light', 'dark'));
ALTER TABLE "user" ADD COLUMN density TEXT NOT NULL DEFAULT 'calm'
	CHECK (density IN ('calm', 'compact'));
