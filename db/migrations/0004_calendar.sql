-- 0004: calendars, the holidays they share, and their hours as they were at each change.

CREATE TABLE "holiday_set" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	name TEXT NOT NULL,
	description TEXT,
	holidays TEXT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX holiday_set_by_name ON "holiday_set" (name);
CREATE UNIQUE INDEX holiday_set_by_external_id
	ON "holiday_set" (external_system, external_id)
	WHERE external_id IS NOT NULL;

CREATE TABLE "calendar" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	name TEXT NOT NULL,
	description TEXT,
	time_zone TEXT NOT NULL,
	week TEXT NOT NULL,
	holidays TEXT,
	exceptions TEXT,
	breaks TEXT,
	versions TEXT,
	holiday_sets TEXT NOT NULL DEFAULT '',
	revision BIGINT NOT NULL,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX calendar_by_name ON "calendar" (name);
CREATE UNIQUE INDEX calendar_by_external_id
	ON "calendar" (external_system, external_id)
	WHERE external_id IS NOT NULL;

-- A revision is never changed; it goes with its calendar.
CREATE TABLE "calendar_revision" (
	id BIGINT NOT NULL,
	calendar_id BIGINT,
	revision BIGINT NOT NULL,
	created_at BIGINT,
	name TEXT,
	time_zone TEXT,
	definition TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY (calendar_id) REFERENCES "calendar" (id)
);
CREATE UNIQUE INDEX calendar_revision_by_number ON "calendar_revision" (calendar_id, revision);
