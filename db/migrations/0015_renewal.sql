-- Renewals that run by themselves, and reminders.
ALTER TABLE "contract" ADD COLUMN anchor_on BIGINT;
ALTER TABLE "contract_line" ADD COLUMN anchor_on BIGINT;
ALTER TABLE "contract" ADD COLUMN renews_at BIGINT;
ALTER TABLE "contract" ADD COLUMN reminds_at BIGINT;
ALTER TABLE "contract" ADD COLUMN reminder_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "settings" ADD COLUMN reminder_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "contract" ADD COLUMN renewal_key TEXT;
CREATE UNIQUE INDEX contract_by_renewal_key ON "contract" (account_id, renewal_key)
	WHERE renewal_key IS NOT NULL;
CREATE INDEX contract_by_renewed_from ON "contract" (account_id, renewed_from_id)
	WHERE renewed_from_id IS NOT NULL;

CREATE TABLE "contract_reminder" (
	id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	contract_id BIGINT,
	kind TEXT NOT NULL CHECK (kind IN ('expiry', 'notice', 'ramp_step', 'low_balance')),
	days BIGINT,
	percent BIGINT,
	recipients TEXT NOT NULL,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, contract_id) REFERENCES "contract" (account_id, id) ON DELETE CASCADE
);
CREATE INDEX contract_reminder_by_contract ON "contract_reminder" (account_id, contract_id);

CREATE TABLE "settings_reminder" (
	id BIGINT NOT NULL,
	settings_id BIGINT,
	kind TEXT NOT NULL CHECK (kind IN ('expiry', 'notice', 'ramp_step', 'low_balance')),
	days BIGINT,
	percent BIGINT,
	recipients TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (settings_id) REFERENCES "settings" (id) ON DELETE CASCADE
);
CREATE INDEX settings_reminder_by_settings ON "settings_reminder" (settings_id);

-- What was reminded of: once each.
CREATE TABLE "reminded" (
	account_id BIGINT NOT NULL,
	contract_id BIGINT NOT NULL,
	what TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (account_id, contract_id, what),
	FOREIGN KEY (account_id, contract_id) REFERENCES "contract" (account_id, id) ON DELETE CASCADE
);
