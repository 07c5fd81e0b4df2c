-- Lists of contracts: the state that they go by, and indexes for what they are sorted and filtered
-- by, with the keys that src/app/list_sql.c makes: none comes last, so it is the greatest number, or
-- U+10FFFF. COLLATE "C" is for PostgreSQL only, as SQLite compares bytes anyway (migrate.c).

ALTER TABLE "contract" ADD COLUMN kept_state TEXT NOT NULL DEFAULT 'draft'
	CHECK (kept_state IN ('draft', 'active', 'partly_suspended', 'suspended', 'expired',
		'cancelled'));
-- The states of those that are there are found out by who looks after what is due.
UPDATE "contract" SET due_at = 0 WHERE stage <> 'draft';
INSERT INTO "due" (account_id, subject, subject_id, at)
	SELECT account_id, 'contract', id, 0 FROM "contract" WHERE stage <> 'draft'
	ON CONFLICT (account_id, subject, subject_id) DO UPDATE SET at = 0, retry_at = NULL;

CREATE INDEX contract_by_due_at ON "contract" (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX contract_by_state ON "contract" (kept_state, id, due_at);
CREATE INDEX contract_by_state_end
	ON "contract" (kept_state, COALESCE(ends_on, 9223372036854775807), id);
CREATE INDEX contract_by_last_day ON "contract" (COALESCE(ends_on, 9223372036854775807), id);
CREATE INDEX contract_by_first_day ON "contract" (starts_on, id);
CREATE INDEX contract_by_number_of_all ON "contract" (number);
CREATE INDEX contract_in_order_of_number ON "contract"
	((COALESCE(number, '􏿿')) COLLATE "C", id);
CREATE INDEX contract_in_order_of_name ON "contract" (name COLLATE "C", id);
CREATE INDEX contract_by_created_at
	ON "contract" (COALESCE(created_at, 9223372036854775807), id);
CREATE INDEX contract_by_updated_at
	ON "contract" (COALESCE(updated_at, 9223372036854775807), id);
CREATE INDEX contract_by_renewal_stage ON "contract" (renewal_stage, id);
CREATE INDEX contract_by_approval ON "contract" (approval, id);
CREATE INDEX contract_by_administrator ON "contract" (administrator_id, id)
	WHERE administrator_id IS NOT NULL;
CREATE INDEX contract_by_template ON "contract" (template_id, id) WHERE template_id IS NOT NULL;
