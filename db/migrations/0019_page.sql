-- Pages of entitlements, cases and milestones, as 0016 has it for contracts: the state that lists of
-- entitlements go by, and indexes for what the workspace asks.

ALTER TABLE "entitlement" ADD COLUMN kept_state TEXT NOT NULL DEFAULT 'draft'
	CHECK (kept_state IN ('draft', 'waiting', 'active', 'suspended', 'expired', 'cancelled'));
-- The states of those that are there are found out by who looks after what is due.
UPDATE "entitlement" SET due_at = 0 WHERE stage <> 'draft';
INSERT INTO "due" (account_id, subject, subject_id, at)
	SELECT account_id, 'entitlement', id, 0 FROM "entitlement" WHERE stage <> 'draft'
	ON CONFLICT (account_id, subject, subject_id) DO UPDATE SET at = 0, retry_at = NULL;

-- "+ 0": so that PostgreSQL takes no index but these for the pages of a state; it takes the
-- contracts of each to be spread evenly over all days, and walks through all that are over to find
-- the first that is active (order_key() in list_sql.c).
DROP INDEX contract_by_state;
DROP INDEX contract_by_state_end;
CREATE INDEX contract_by_state ON "contract" (kept_state, (id + 0), due_at);
CREATE INDEX contract_by_state_end
	ON "contract" (kept_state, (COALESCE(ends_on, 9223372036854775807) + 0), id);
CREATE INDEX contract_by_state_start ON "contract" (kept_state, (starts_on + 0), id);

CREATE INDEX entitlement_by_due_at ON "entitlement" (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX entitlement_by_state ON "entitlement" (kept_state, (id + 0), due_at);
CREATE INDEX entitlement_by_state_end
	ON "entitlement" (kept_state, (COALESCE(ends_on, 9223372036854775807) + 0), id);
CREATE INDEX entitlement_by_state_start
	ON "entitlement" (kept_state, (COALESCE(starts_on, 9223372036854775807) + 0), id);
CREATE INDEX entitlement_by_last_day
	ON "entitlement" (COALESCE(ends_on, 9223372036854775807), id);
CREATE INDEX entitlement_by_first_day
	ON "entitlement" (COALESCE(starts_on, 9223372036854775807), id);
CREATE INDEX entitlement_in_order_of_number ON "entitlement"
	((COALESCE(number, '􏿿')) COLLATE "C", id);
CREATE INDEX entitlement_in_order_of_name ON "entitlement" (name COLLATE "C", id);

-- Cases are many and open ones few: the queue by age, and what was resolved last.
CREATE INDEX case_by_state_age
	ON "case" (state, COALESCE(created_at, 9223372036854775807), id);
CREATE INDEX case_by_state_resolved
	ON "case" (state, COALESCE(resolved_at, 9223372036854775807), id);
CREATE INDEX case_in_order_of_number ON "case" ((COALESCE(number, '􏿿')) COLLATE "C", id);

-- Nothing asks for these columns without what makes them keys.
DROP INDEX entitlement_by_ends_at;
DROP INDEX milestone_by_target;
CREATE INDEX milestone_in_order_of_target
	ON "milestone" (COALESCE(target_at, 9223372036854775807), id) WHERE stage = 'open';
