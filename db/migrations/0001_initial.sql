-- 0001: everything entitled begins with.
--
-- The common subset of SQLite and PostgreSQL (ARCHITECTURE.md). Columns are named and
-- ordered as in src/core/entity/*.def, and a test holds the two against each other.
-- Never edit a migration that was released: add one (CONTRIBUTING.md, "add a field").
--
-- An account is the unit: what it owns has it first in the key, and refers to nothing
-- of another account. What may cross accounts, because an entitlement can cover the
-- accounts below its own (the entitlement of a case, the case of a posting), has no
-- FOREIGN KEY; the use cases check it.
-- account_id 0 in event and account_head is the organisation itself.

CREATE TABLE "settings" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	organisation TEXT NOT NULL,
	time_zone TEXT NOT NULL,
	default_on_create BOOLEAN NOT NULL,
	default_on_update BOOLEAN NOT NULL,
	coverage_order TEXT NOT NULL DEFAULT '',
	channels TEXT NOT NULL DEFAULT '',
	close_children BOOLEAN NOT NULL,
	require_if_match BOOLEAN NOT NULL,
	idempotency_hours BIGINT NOT NULL,
	session_hours BIGINT NOT NULL,
	requests_per_minute BIGINT NOT NULL,
	PRIMARY KEY (id)
);

CREATE TABLE "account" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	name TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('business', 'consumer')),
	parent_id BIGINT,
	number TEXT,
	tier TEXT,
	time_zone TEXT,
	email TEXT,
	phone TEXT,
	address TEXT,
	country TEXT,
	description TEXT,
	default_entitlement_id BIGINT,
	PRIMARY KEY (id),
	FOREIGN KEY (parent_id) REFERENCES "account" (id)
);
CREATE UNIQUE INDEX account_by_external_id
	ON "account" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX account_by_parent ON "account" (parent_id);

CREATE TABLE "product" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	name TEXT NOT NULL,
	code TEXT,
	kind TEXT NOT NULL CHECK (kind IN ('goods', 'service', 'bundle')),
	parent_id BIGINT,
	ends_on BIGINT,
	inactive BOOLEAN NOT NULL,
	description TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY (parent_id) REFERENCES "product" (id)
);
CREATE UNIQUE INDEX product_by_external_id
	ON "product" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX product_by_code ON "product" (code);
CREATE INDEX product_by_parent ON "product" (parent_id);

CREATE TABLE "team" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	name TEXT NOT NULL,
	description TEXT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX team_by_external_id
	ON "team" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX team_by_name ON "team" (name);

CREATE TABLE "contact" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	account_id BIGINT NOT NULL,
	name TEXT NOT NULL,
	email TEXT,
	phone TEXT,
	title TEXT,
	inactive BOOLEAN NOT NULL,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id) REFERENCES "account" (id)
);
CREATE INDEX contact_by_id ON "contact" (id);
CREATE UNIQUE INDEX contact_by_external_id
	ON "contact" (account_id, external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX contact_by_external ON "contact" (external_system, external_id)
	WHERE external_id IS NOT NULL;

CREATE TABLE "user" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	email TEXT NOT NULL,
	name TEXT NOT NULL,
	role TEXT NOT NULL
		CHECK (role IN ('viewer', 'agent', 'sales_agent', 'order_agent', 'manager',
			'admin', 'integration', 'customer')),
	password_hash TEXT,
	disabled BOOLEAN NOT NULL,
	accounts TEXT NOT NULL DEFAULT '',
	account_trees BOOLEAN NOT NULL,
	contact_id BIGINT,
	teams TEXT NOT NULL DEFAULT '',
	time_zone TEXT,
	language TEXT,
	last_login_at BIGINT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX user_by_external_id
	ON "user" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX user_by_email ON "user" (email);

CREATE TABLE "api_key" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	name TEXT NOT NULL,
	role TEXT NOT NULL
		CHECK (role IN ('viewer', 'agent', 'sales_agent', 'order_agent', 'manager',
			'admin', 'integration', 'customer')),
	scopes TEXT NOT NULL DEFAULT '',
	accounts TEXT NOT NULL DEFAULT '',
	account_trees BOOLEAN NOT NULL,
	expires_at BIGINT,
	hint TEXT,
	secret_hash TEXT,
	last_used_at BIGINT,
	revoked_at BIGINT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX api_key_by_external_id
	ON "api_key" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX api_key_by_secret_hash ON "api_key" (secret_hash);

CREATE TABLE "asset" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	account_id BIGINT NOT NULL,
	name TEXT NOT NULL,
	product_id BIGINT,
	serial_number TEXT,
	parent_id BIGINT,
	contact_id BIGINT,
	status TEXT NOT NULL CHECK (status IN ('in_use', 'ordered', 'in_stock', 'retired')),
	quantity BIGINT,
	purchased_on BIGINT,
	installed_on BIGINT,
	ends_on BIGINT,
	description TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id) REFERENCES "account" (id),
	FOREIGN KEY (product_id) REFERENCES "product" (id),
	FOREIGN KEY (account_id, parent_id) REFERENCES "asset" (account_id, id),
	FOREIGN KEY (account_id, contact_id) REFERENCES "contact" (account_id, id)
);
CREATE INDEX asset_by_id ON "asset" (id);
CREATE UNIQUE INDEX asset_by_external_id
	ON "asset" (account_id, external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX asset_by_external ON "asset" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX asset_by_account_serial_number ON "asset" (account_id, serial_number);
CREATE INDEX asset_by_serial_number ON "asset" (serial_number);
CREATE INDEX asset_by_product ON "asset" (product_id);
CREATE INDEX asset_by_parent ON "asset" (account_id, parent_id);

CREATE TABLE "entitlement_template" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	name TEXT NOT NULL,
	type TEXT,
	term TEXT,
	unit TEXT NOT NULL CHECK (unit IN ('none', 'cases', 'minutes', 'visits', 'custom')),
	unit_name TEXT,
	total BIGINT,
	unlimited BOOLEAN NOT NULL,
	reset TEXT NOT NULL CHECK (reset IN ('none', 'monthly', 'quarterly', 'yearly')),
	roll_over BIGINT,
	charge_on TEXT NOT NULL CHECK (charge_on IN ('creation', 'resolution')),
	restricted BOOLEAN NOT NULL,
	overage_price BIGINT,
	overage_price_currency TEXT,
	contact_policy TEXT NOT NULL CHECK (contact_policy IN ('lenient', 'strict')),
	other_channels TEXT NOT NULL CHECK (other_channels IN ('allow', 'deny')),
	covers_descendants BOOLEAN NOT NULL,
	kb_access TEXT NOT NULL CHECK (kb_access IN ('standard', 'premium', 'none')),
	priority BIGINT NOT NULL,
	products TEXT NOT NULL DEFAULT '',
	conversion TEXT NOT NULL CHECK (conversion IN ('none', 'one_per_line', 'one_per_unit')),
	activate BOOLEAN NOT NULL,
	inactive BOOLEAN NOT NULL,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX entitlement_template_by_external_id
	ON "entitlement_template" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX entitlement_template_by_name ON "entitlement_template" (name);

CREATE TABLE "template_channel" (
	id BIGINT NOT NULL,
	template_id BIGINT,
	channel TEXT NOT NULL,
	total BIGINT,
	PRIMARY KEY (id),
	FOREIGN KEY (template_id) REFERENCES "entitlement_template" (id) ON DELETE CASCADE
);
CREATE INDEX template_channel_by_template ON "template_channel" (template_id);

CREATE TABLE "entitlement" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	account_id BIGINT NOT NULL,
	number TEXT,
	name TEXT NOT NULL,
	stage TEXT NOT NULL CHECK (stage IN ('draft', 'live', 'cancelled')),
	type TEXT,
	starts_on BIGINT,
	ends_on BIGINT,
	time_zone TEXT,
	starts_at BIGINT,
	ends_at BIGINT,
	contact_id BIGINT,
	asset_id BIGINT,
	template_id BIGINT,
	unit TEXT NOT NULL CHECK (unit IN ('none', 'cases', 'minutes', 'visits', 'custom')),
	unit_name TEXT,
	total BIGINT,
	unlimited BOOLEAN NOT NULL,
	reset TEXT NOT NULL CHECK (reset IN ('none', 'monthly', 'quarterly', 'yearly')),
	roll_over BIGINT,
	charge_on TEXT NOT NULL CHECK (charge_on IN ('creation', 'resolution')),
	restricted BOOLEAN NOT NULL,
	overage_price BIGINT,
	overage_price_currency TEXT,
	contact_policy TEXT NOT NULL CHECK (contact_policy IN ('lenient', 'strict')),
	other_channels TEXT NOT NULL CHECK (other_channels IN ('allow', 'deny')),
	covers_descendants BOOLEAN NOT NULL,
	kb_access TEXT NOT NULL CHECK (kb_access IN ('standard', 'premium', 'none')),
	priority BIGINT NOT NULL,
	products TEXT NOT NULL DEFAULT '',
	contacts TEXT NOT NULL DEFAULT '',
	ledger_granted BIGINT NOT NULL,
	ledger_consumed BIGINT NOT NULL,
	ledger_reserved BIGINT NOT NULL,
	ledger_period BIGINT NOT NULL,
	ledger_ends_at BIGINT,
	revision BIGINT NOT NULL,
	amends_at BIGINT,
	extra_rows BIGINT NOT NULL,
	activated_at BIGINT,
	cancelled_at BIGINT,
	renewal_root_id BIGINT,
	renewed_from_id BIGINT,
	source_key TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id) REFERENCES "account" (id),
	FOREIGN KEY (account_id, contact_id) REFERENCES "contact" (account_id, id),
	FOREIGN KEY (account_id, asset_id) REFERENCES "asset" (account_id, id),
	FOREIGN KEY (template_id) REFERENCES "entitlement_template" (id),
	FOREIGN KEY (account_id, renewal_root_id) REFERENCES "entitlement" (account_id, id),
	FOREIGN KEY (account_id, renewed_from_id) REFERENCES "entitlement" (account_id, id)
);
CREATE INDEX entitlement_by_id ON "entitlement" (id);
CREATE UNIQUE INDEX entitlement_by_external_id
	ON "entitlement" (account_id, external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX entitlement_by_external ON "entitlement" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX entitlement_by_ends_at ON "entitlement" (ends_at);
CREATE INDEX entitlement_by_amends_at
	ON "entitlement" (amends_at) WHERE amends_at IS NOT NULL;
CREATE UNIQUE INDEX entitlement_by_source_key ON "entitlement" (account_id, source_key)
	WHERE source_key IS NOT NULL;
CREATE INDEX entitlement_by_number ON "entitlement" (number);

CREATE TABLE "entitlement_grant" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	entitlement_id BIGINT,
	product_id BIGINT,
	asset_id BIGINT,
	contact_id BIGINT,
	channel TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, entitlement_id)
		REFERENCES "entitlement" (account_id, id) ON DELETE CASCADE,
	FOREIGN KEY (product_id) REFERENCES "product" (id),
	FOREIGN KEY (account_id, asset_id) REFERENCES "asset" (account_id, id),
	FOREIGN KEY (account_id, contact_id) REFERENCES "contact" (account_id, id)
);
CREATE INDEX entitlement_grant_by_entitlement
	ON "entitlement_grant" (account_id, entitlement_id);

CREATE TABLE "entitlement_channel" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	entitlement_id BIGINT,
	channel TEXT NOT NULL,
	total BIGINT,
	consumed BIGINT NOT NULL,
	reserved BIGINT NOT NULL,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, entitlement_id)
		REFERENCES "entitlement" (account_id, id) ON DELETE CASCADE
);
CREATE INDEX entitlement_channel_by_entitlement
	ON "entitlement_channel" (account_id, entitlement_id);

CREATE TABLE "entitlement_suspension" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	entitlement_id BIGINT,
	starts_at BIGINT,
	ends_at BIGINT,
	reason TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, entitlement_id)
		REFERENCES "entitlement" (account_id, id) ON DELETE CASCADE
);
CREATE INDEX entitlement_suspension_by_entitlement
	ON "entitlement_suspension" (account_id, entitlement_id);

CREATE TABLE "entitlement_revision" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	entitlement_id BIGINT,
	created_at BIGINT,
	revision BIGINT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('scheduled', 'applied', 'withdrawn')),
	effective_at BIGINT,
	changes TEXT,
	before TEXT,
	actor TEXT,
	reason TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, entitlement_id) REFERENCES "entitlement" (account_id, id)
);
CREATE INDEX entitlement_revision_by_id ON "entitlement_revision" (id);
CREATE INDEX entitlement_revision_by_entitlement
	ON "entitlement_revision" (account_id, entitlement_id);

CREATE TABLE "case" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	account_id BIGINT NOT NULL,
	number TEXT,
	title TEXT NOT NULL,
	description TEXT,
	state TEXT NOT NULL CHECK (state IN ('open', 'resolved', 'cancelled')),
	status TEXT,
	priority TEXT NOT NULL CHECK (priority IN ('normal', 'low', 'high', 'critical')),
	contact_id BIGINT,
	product_id BIGINT,
	asset_id BIGINT,
	channel TEXT,
	entitlement_id BIGINT,
	coverage TEXT NOT NULL CHECK (coverage IN ('uncovered', 'covered')),
	coverage_rule TEXT,
	contact_not_verified BOOLEAN NOT NULL,
	override_terms BOOLEAN NOT NULL,
	units_charged BIGINT NOT NULL,
	units_reserved BIGINT NOT NULL,
	parent_id BIGINT,
	merged_into_id BIGINT,
	team_id BIGINT,
	assignee_id BIGINT,
	resolution TEXT,
	billable_minutes BIGINT,
	resolved_at BIGINT,
	cancelled_at BIGINT,
	reopen_count BIGINT NOT NULL,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id) REFERENCES "account" (id),
	FOREIGN KEY (account_id, contact_id) REFERENCES "contact" (account_id, id),
	FOREIGN KEY (product_id) REFERENCES "product" (id),
	FOREIGN KEY (account_id, asset_id) REFERENCES "asset" (account_id, id),
	FOREIGN KEY (account_id, parent_id) REFERENCES "case" (account_id, id),
	FOREIGN KEY (account_id, merged_into_id) REFERENCES "case" (account_id, id),
	FOREIGN KEY (team_id) REFERENCES "team" (id),
	FOREIGN KEY (assignee_id) REFERENCES "user" (id)
);
CREATE INDEX case_by_id ON "case" (id);
CREATE UNIQUE INDEX case_by_external_id
	ON "case" (account_id, external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX case_by_external ON "case" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX case_by_state ON "case" (state, id);
CREATE INDEX case_by_assignee ON "case" (assignee_id);
CREATE INDEX case_by_team ON "case" (team_id);
CREATE INDEX case_by_entitlement ON "case" (account_id, entitlement_id);
CREATE INDEX case_by_parent ON "case" (account_id, parent_id)
	WHERE parent_id IS NOT NULL;
CREATE INDEX case_by_number ON "case" (number);

CREATE TABLE "case_comment" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	account_id BIGINT NOT NULL,
	case_id BIGINT NOT NULL,
	body TEXT NOT NULL,
	internal BOOLEAN NOT NULL,
	author TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, case_id) REFERENCES "case" (account_id, id) ON DELETE CASCADE
);
CREATE INDEX case_comment_by_id ON "case_comment" (id);
CREATE UNIQUE INDEX case_comment_by_external_id
	ON "case_comment" (account_id, external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX case_comment_by_external ON "case_comment" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX case_comment_by_case ON "case_comment" (account_id, case_id);

CREATE TABLE "case_activity" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	account_id BIGINT NOT NULL,
	case_id BIGINT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('task', 'call', 'email', 'visit', 'time_entry')),
	subject TEXT NOT NULL,
	body TEXT,
	state TEXT NOT NULL CHECK (state IN ('open', 'done', 'cancelled')),
	minutes BIGINT,
	billable_minutes BIGINT,
	billed BOOLEAN NOT NULL,
	user_id BIGINT,
	due_at BIGINT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, case_id) REFERENCES "case" (account_id, id) ON DELETE CASCADE,
	FOREIGN KEY (user_id) REFERENCES "user" (id)
);
CREATE INDEX case_activity_by_id ON "case_activity" (id);
CREATE UNIQUE INDEX case_activity_by_external_id
	ON "case_activity" (account_id, external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX case_activity_by_external ON "case_activity" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX case_activity_by_case ON "case_activity" (account_id, case_id);

CREATE TABLE "term_lot" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	entitlement_id BIGINT,
	created_at BIGINT,
	units BIGINT NOT NULL,
	consumed BIGINT NOT NULL,
	expired BIGINT NOT NULL,
	ends_at BIGINT,
	reason TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, entitlement_id) REFERENCES "entitlement" (account_id, id)
);
CREATE INDEX term_lot_by_id ON "term_lot" (id);
CREATE INDEX term_lot_by_entitlement ON "term_lot" (account_id, entitlement_id);

CREATE TABLE "term_posting" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	entitlement_id BIGINT,
	created_at BIGINT,
	kind TEXT NOT NULL
		CHECK (kind IN ('grant', 'top_up', 'reserve', 'release', 'consume', 'refund',
			'adjust', 'expire', 'roll_over')),
	units BIGINT NOT NULL,
	period BIGINT NOT NULL,
	channel TEXT,
	case_id BIGINT,
	lot_id BIGINT,
	reverses_id BIGINT,
	actor TEXT,
	reason TEXT,
	idempotency_key TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, entitlement_id) REFERENCES "entitlement" (account_id, id),
	FOREIGN KEY (account_id, lot_id) REFERENCES "term_lot" (account_id, id),
	FOREIGN KEY (account_id, reverses_id) REFERENCES "term_posting" (account_id, id)
);
CREATE INDEX term_posting_by_id ON "term_posting" (id);
CREATE INDEX term_posting_by_entitlement ON "term_posting" (account_id, entitlement_id, id);
CREATE INDEX term_posting_by_case ON "term_posting" (account_id, case_id);

CREATE TABLE "event" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	created_at BIGINT,
	type TEXT,
	subject_type TEXT,
	subject_id TEXT,
	actor TEXT,
	origin TEXT,
	request_id TEXT,
	reason TEXT,
	before TEXT,
	after TEXT,
	prev_hash TEXT,
	hash TEXT,
	PRIMARY KEY (account_id, id)
);
CREATE INDEX event_by_id ON "event" (id);
CREATE UNIQUE INDEX event_by_seq ON "event" (account_id, seq);
CREATE INDEX event_by_subject ON "event" (subject_id);

-- The newest change and event of each account; 0 is the organisation. Use cases that
-- write lock this row first, so that the changes of an account come one after another.
CREATE TABLE account_head (
	account_id BIGINT NOT NULL PRIMARY KEY,
	version BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	hash TEXT
);

-- Replies kept for replay by Idempotency-Key. No status yet: in progress.
CREATE TABLE idempotency (
	key_hash TEXT NOT NULL PRIMARY KEY,
	fingerprint TEXT NOT NULL,
	status BIGINT,
	headers TEXT,
	body TEXT,
	created_at BIGINT NOT NULL
);
CREATE INDEX idempotency_by_created_at ON idempotency (created_at);

CREATE TABLE session (
	token_hash TEXT NOT NULL PRIMARY KEY,
	user_id BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	csrf TEXT NOT NULL,
	origin TEXT,
	FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_expires_at ON session (expires_at);

CREATE TABLE login_attempt (
	name TEXT NOT NULL,
	origin TEXT NOT NULL,
	failed_at BIGINT NOT NULL
);
CREATE INDEX login_attempt_by_name ON login_attempt (name, failed_at);
CREATE INDEX login_attempt_by_origin ON login_attempt (origin, failed_at);

-- The next number that no process has reserved yet.
CREATE TABLE number_series (
	name TEXT NOT NULL PRIMARY KEY,
	next BIGINT NOT NULL
);

-- Processes that are alive, by the node number in their identifiers.
CREATE TABLE node (
	node BIGINT NOT NULL PRIMARY KEY,
	token TEXT NOT NULL,
	leased_until BIGINT NOT NULL
);

INSERT INTO "settings" (id, version, created_at, updated_at, metadata, organisation, time_zone,
	default_on_create, default_on_update, coverage_order, channels, close_children,
	require_if_match, idempotency_hours, session_hours, requests_per_minute)
VALUES (1, 1, 0, 0, '{}', 'My organisation', 'UTC', TRUE, TRUE, '', '', FALSE, FALSE, 24, 12, 0);
INSERT INTO account_head (account_id, version, seq) VALUES (0, 0, 0);
