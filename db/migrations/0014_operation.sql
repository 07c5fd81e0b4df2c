-- What the undo of an operation needs.
ALTER TABLE "contract_operation" ADD COLUMN made TEXT;
ALTER TABLE "contract_operation" ADD COLUMN restore TEXT;
CREATE INDEX contract_operation_scheduled ON "contract_operation" (account_id, contract_id)
	WHERE state = 'scheduled';
