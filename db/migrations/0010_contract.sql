-- 0010: contracts with their lines, what they cover, where they come from and what was done to
-- them; contracts of entitlements and cases. A coverage row may name an asset of an account below.

CREATE TABLE "contract_template" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	name TEXT NOT NULL,
	notes TEXT,
	term TEXT,
	keep_draft BOOLEAN NOT NULL,
	approval_required BOOLEAN NOT NULL,
	approver_id BIGINT,
	currency TEXT,
	proration TEXT NOT NULL
		CHECK (proration IN ('actual_days', 'daily_annual', 'thirty_360')),
	discount_percent BIGINT,
	discount_mode TEXT NOT NULL
		CHECK (discount_mode IN ('retain', 'override')),
	payment_terms TEXT,
	auto_renew BOOLEAN NOT NULL,
	notice_days BIGINT,
	renew_days_before BIGINT,
	renewal_term TEXT,
	renewal_proposal TEXT NOT NULL
		CHECK (renewal_proposal IN ('direct', 'quote', 'order')),
	renewal_basis TEXT NOT NULL
		CHECK (renewal_basis IN ('list_price', 'contracted_price')),
	uplift_percent BIGINT,
	uplift_per TEXT NOT NULL
		CHECK (uplift_per IN ('term', 'year')),
	inactive BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (approver_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX contract_template_by_external_id
	ON "contract_template" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX contract_template_by_name ON "contract_template" (name);

CREATE TABLE "template_clause" (
	id BIGINT NOT NULL,
	template_id BIGINT,
	sequence BIGINT,
	title TEXT NOT NULL,
	body TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY (template_id) REFERENCES "contract_template" (id) ON DELETE CASCADE
);
CREATE INDEX template_clause_by_template ON "template_clause" (template_id);

CREATE TABLE "contract" (
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
	reference TEXT,
	description TEXT,
	template_id BIGINT,
	stage TEXT NOT NULL
		CHECK (stage IN ('draft', 'live', 'cancelled')),
	keep_draft BOOLEAN NOT NULL,
	approval_required BOOLEAN NOT NULL,
	approval TEXT NOT NULL
		CHECK (approval IN ('not_required', 'draft', 'in_review', 'approved', 'rejected')),
	approver_id BIGINT,
	administrator_id BIGINT,
	starts_on BIGINT NOT NULL,
	ends_on BIGINT,
	term TEXT,
	time_zone TEXT,
	starts_at BIGINT,
	ends_at BIGINT,
	ends_early BOOLEAN NOT NULL,
	activated_at BIGINT,
	cancelled_at BIGINT,
	currency TEXT,
	proration TEXT NOT NULL
		CHECK (proration IN ('actual_days', 'daily_annual', 'thirty_360')),
	discount_percent BIGINT,
	discount_mode TEXT NOT NULL
		CHECK (discount_mode IN ('retain', 'override')),
	payment_terms TEXT,
	auto_renew BOOLEAN NOT NULL,
	notice_days BIGINT,
	renew_days_before BIGINT,
	renewal_term TEXT,
	renewal_proposal TEXT NOT NULL
		CHECK (renewal_proposal IN ('direct', 'quote', 'order')),
	renewal_basis TEXT NOT NULL
		CHECK (renewal_basis IN ('list_price', 'contracted_price')),
	uplift_percent BIGINT,
	uplift_per TEXT NOT NULL
		CHECK (uplift_per IN ('term', 'year')),
	renewal_root_id BIGINT,
	renewed_from_id BIGINT,
	line_count BIGINT NOT NULL,
	extra_rows BIGINT NOT NULL,
	seen_at BIGINT,
	due_at BIGINT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id) REFERENCES "account" (id),
	FOREIGN KEY (template_id) REFERENCES "contract_template" (id),
	FOREIGN KEY (approver_id) REFERENCES "user" (id),
	FOREIGN KEY (administrator_id) REFERENCES "user" (id)
);
CREATE INDEX contract_by_id ON "contract" (id);
CREATE UNIQUE INDEX contract_by_external_id
	ON "contract" (account_id, external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX contract_by_external ON "contract" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX contract_by_number ON "contract" (account_id, number);
CREATE INDEX contract_by_ends_at ON "contract" (ends_at);
CREATE INDEX contract_by_reference ON "contract" (reference) WHERE reference IS NOT NULL;
CREATE INDEX contract_by_root ON "contract" (account_id, renewal_root_id)
	WHERE renewal_root_id IS NOT NULL;

CREATE TABLE "contract_contact" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	contract_id BIGINT,
	contact_id BIGINT NOT NULL,
	role TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, contract_id) REFERENCES "contract" (account_id, id) ON DELETE CASCADE,
	FOREIGN KEY (account_id, contact_id) REFERENCES "contact" (account_id, id)
);
CREATE INDEX contract_contact_by_contract ON "contract_contact" (account_id, contract_id);

CREATE TABLE "contract_clause" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	contract_id BIGINT,
	sequence BIGINT,
	title TEXT NOT NULL,
	body TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, contract_id) REFERENCES "contract" (account_id, id) ON DELETE CASCADE
);
CREATE INDEX contract_clause_by_contract ON "contract_clause" (account_id, contract_id);

CREATE TABLE "contract_suspension" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	contract_id BIGINT,
	starts_at BIGINT,
	ends_at BIGINT,
	reason TEXT,
	extend_term BOOLEAN NOT NULL,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, contract_id) REFERENCES "contract" (account_id, id) ON DELETE CASCADE
);
CREATE INDEX contract_suspension_by_contract ON "contract_suspension" (account_id, contract_id);

CREATE TABLE "contract_line" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	account_id BIGINT NOT NULL,
	contract_id BIGINT,
	parent_id BIGINT,
	root_id BIGINT,
	number TEXT,
	name TEXT NOT NULL,
	description TEXT,
	product_id BIGINT,
	asset_id BIGINT,
	location TEXT,
	quantity BIGINT,
	unit_of_measure TEXT,
	per_parent BOOLEAN NOT NULL,
	starts_on BIGINT,
	ends_on BIGINT,
	starts_at BIGINT,
	ends_at BIGINT,
	ends_early BOOLEAN NOT NULL,
	cancelled_at BIGINT,
	pricing_method TEXT NOT NULL
		CHECK (pricing_method IN ('recurring', 'one_time')),
	period TEXT NOT NULL
		CHECK (period IN ('monthly', 'weekly', 'quarterly', 'half_yearly', 'yearly', 'months')),
	period_months BIGINT,
	list_price BIGINT,
	list_price_currency TEXT,
	unit_price BIGINT,
	unit_price_currency TEXT,
	proration TEXT NOT NULL
		CHECK (proration IN ('contract', 'actual_days', 'daily_annual', 'thirty_360')),
	ramp TEXT NOT NULL
		CHECK (ramp IN ('none', 'yearly', 'quarterly', 'custom')),
	ramp_percent BIGINT,
	ramp_increase TEXT NOT NULL
		CHECK (ramp_increase IN ('compound', 'simple')),
	derived_percent BIGINT,
	derived_from TEXT NOT NULL DEFAULT '',
	renewable BOOLEAN NOT NULL,
	count_quantity BOOLEAN NOT NULL,
	renewal_basis TEXT NOT NULL
		CHECK (renewal_basis IN ('contract', 'list_price', 'contracted_price')),
	uplift_percent BIGINT,
	renewal_root_id BIGINT,
	renewed_from_id BIGINT,
	split_from_id BIGINT,
	line_type TEXT NOT NULL
		CHECK (line_type IN ('new', 'renew', 'upsell', 'amend', 'cancel', 'no_change')),
	line_action TEXT NOT NULL
		CHECK (line_action IN ('add', 'change', 'disconnect', 'no_change')),
	extra_rows BIGINT NOT NULL,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, contract_id) REFERENCES "contract" (account_id, id),
	FOREIGN KEY (account_id, parent_id) REFERENCES "contract_line" (account_id, id),
	FOREIGN KEY (product_id) REFERENCES "product" (id),
	FOREIGN KEY (account_id, asset_id) REFERENCES "asset" (account_id, id)
);
CREATE INDEX contract_line_by_id ON "contract_line" (id);
CREATE UNIQUE INDEX contract_line_by_external_id
	ON "contract_line" (account_id, external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX contract_line_by_external ON "contract_line" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX contract_line_by_contract ON "contract_line" (account_id, contract_id, id);
CREATE INDEX contract_line_by_contract_id ON "contract_line" (contract_id, id);
CREATE INDEX contract_line_by_parent ON "contract_line" (account_id, parent_id)
	WHERE parent_id IS NOT NULL;
CREATE INDEX contract_line_by_asset ON "contract_line" (account_id, asset_id)
	WHERE asset_id IS NOT NULL;
CREATE INDEX contract_line_by_product ON "contract_line" (product_id)
	WHERE product_id IS NOT NULL;

CREATE TABLE "line_suspension" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	contract_line_id BIGINT,
	starts_at BIGINT,
	ends_at BIGINT,
	reason TEXT,
	extend_term BOOLEAN NOT NULL,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, contract_line_id)
		REFERENCES "contract_line" (account_id, id) ON DELETE CASCADE
);
CREATE INDEX line_suspension_by_line ON "line_suspension" (account_id, contract_line_id);

CREATE TABLE "price_adjustment" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	contract_line_id BIGINT,
	sequence BIGINT,
	name TEXT,
	type TEXT NOT NULL
		CHECK (type IN ('markdown_percent', 'markdown_amount', 'markup_percent',
			'markup_amount', 'override')),
	value BIGINT NOT NULL,
	source TEXT NOT NULL
		CHECK (source IN ('manual', 'automatic')),
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, contract_line_id)
		REFERENCES "contract_line" (account_id, id) ON DELETE CASCADE
);
CREATE INDEX price_adjustment_by_line ON "price_adjustment" (account_id, contract_line_id);

CREATE TABLE "ramp_segment" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	contract_line_id BIGINT,
	starts_on BIGINT NOT NULL,
	ends_on BIGINT,
	quantity BIGINT,
	unit_price BIGINT,
	unit_price_currency TEXT,
	percent BIGINT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, contract_line_id)
		REFERENCES "contract_line" (account_id, id) ON DELETE CASCADE
);
CREATE INDEX ramp_segment_by_line ON "ramp_segment" (account_id, contract_line_id);

CREATE TABLE "contract_characteristic" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	contract_line_id BIGINT,
	name TEXT NOT NULL,
	value TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, contract_line_id)
		REFERENCES "contract_line" (account_id, id) ON DELETE CASCADE
);
CREATE INDEX contract_characteristic_by_line
	ON "contract_characteristic" (account_id, contract_line_id);

CREATE TABLE "contract_coverage" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	account_id BIGINT NOT NULL,
	contract_id BIGINT,
	contract_line_id BIGINT,
	entitlement_id BIGINT,
	asset_id BIGINT,
	product_id BIGINT,
	starts_on BIGINT,
	ends_on BIGINT,
	starts_at BIGINT,
	ends_at BIGINT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, contract_id) REFERENCES "contract" (account_id, id),
	FOREIGN KEY (account_id, contract_line_id) REFERENCES "contract_line" (account_id, id),
	FOREIGN KEY (account_id, entitlement_id)
		REFERENCES "entitlement" (account_id, id) ON DELETE CASCADE,
	FOREIGN KEY (product_id) REFERENCES "product" (id)
);
CREATE INDEX contract_coverage_by_id ON "contract_coverage" (id);
CREATE UNIQUE INDEX contract_coverage_by_external_id
	ON "contract_coverage" (account_id, external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX contract_coverage_by_external ON "contract_coverage" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX contract_coverage_by_contract ON "contract_coverage" (account_id, contract_id)
	WHERE contract_id IS NOT NULL;
CREATE INDEX contract_coverage_by_line ON "contract_coverage" (account_id, contract_line_id)
	WHERE contract_line_id IS NOT NULL;
CREATE INDEX contract_coverage_by_entitlement ON "contract_coverage" (account_id, entitlement_id)
	WHERE entitlement_id IS NOT NULL;
CREATE INDEX contract_coverage_by_asset ON "contract_coverage" (asset_id)
	WHERE asset_id IS NOT NULL;
CREATE INDEX contract_coverage_by_product ON "contract_coverage" (product_id)
	WHERE product_id IS NOT NULL;

CREATE TABLE "contract_operation" (
	id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT,
	updated_at BIGINT,
	external_system TEXT,
	external_id TEXT,
	metadata TEXT NOT NULL DEFAULT '{}',
	account_id BIGINT NOT NULL,
	contract_id BIGINT,
	kind TEXT NOT NULL
		CHECK (kind IN ('amend', 'upsell', 'downsell', 'swap', 'add_lines', 'suspend',
			'resume', 'cancel', 'extend', 'shorten', 'renew', 'merge', 'split',
			'co_terminate', 'transfer', 'clone', 'undo')),
	state TEXT NOT NULL
		CHECK (state IN ('scheduled', 'applied', 'undone', 'failed')),
	effective_on BIGINT,
	effective_at BIGINT,
	lines TEXT NOT NULL DEFAULT '',
	input TEXT,
	changes TEXT,
	price_delta BIGINT,
	price_delta_currency TEXT,
	actor TEXT,
	reason TEXT,
	applied_at BIGINT,
	undone_at BIGINT,
	failure TEXT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, contract_id) REFERENCES "contract" (account_id, id)
);
CREATE INDEX contract_operation_by_id ON "contract_operation" (id);
CREATE UNIQUE INDEX contract_operation_by_external_id
	ON "contract_operation" (account_id, external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX contract_operation_by_external ON "contract_operation" (external_system, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX contract_operation_by_contract ON "contract_operation" (account_id, contract_id, id);

CREATE TABLE "contract_link" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	created_at BIGINT,
	kind TEXT NOT NULL
		CHECK (kind IN ('renewed', 'consolidated', 'split', 'transferred', 'cloned')),
	from_contract_id BIGINT,
	from_line_id BIGINT,
	to_contract_id BIGINT,
	to_line_id BIGINT,
	quantity BIGINT,
	operation_id BIGINT,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id) REFERENCES "account" (id)
);
CREATE INDEX contract_link_by_id ON "contract_link" (id);
CREATE INDEX contract_link_by_from ON "contract_link" (from_contract_id);
CREATE INDEX contract_link_by_to ON "contract_link" (to_contract_id);

ALTER TABLE "entitlement" ADD COLUMN contract_id BIGINT;
ALTER TABLE "entitlement" ADD COLUMN contract_line_id BIGINT;
CREATE INDEX entitlement_by_contract ON "entitlement" (account_id, contract_id)
	WHERE contract_id IS NOT NULL;
ALTER TABLE "case" ADD COLUMN contract_id BIGINT;
CREATE INDEX case_by_contract ON "case" (contract_id) WHERE contract_id IS NOT NULL;
ALTER TABLE "account" ADD COLUMN approve_contracts BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE "settings" ADD COLUMN approve_contracts BOOLEAN NOT NULL DEFAULT FALSE;
