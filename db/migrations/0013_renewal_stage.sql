-- How far the talks about a contract's renewal are.
ALTER TABLE "contract" ADD COLUMN renewal_stage TEXT NOT NULL DEFAULT 'none'
	CHECK (renewal_stage IN ('none', 'contacted', 'proposed', 'committed', 'lost'));
CREATE INDEX contract_by_end ON "contract" (ends_on) WHERE ends_on IS NOT NULL;
