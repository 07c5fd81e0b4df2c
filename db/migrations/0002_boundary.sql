-- 0002: until when the events that time alone brings (activated, expired, …) are written for
-- an entitlement, and when the next one is due; whether a suspension extends the term.

ALTER TABLE "entitlement" ADD COLUMN seen_at BIGINT;
ALTER TABLE "entitlement" ADD COLUMN due_at BIGINT;
CREATE INDEX entitlement_by_due_at ON "entitlement" (due_at) WHERE due_at IS NOT NULL;
ALTER TABLE "entitlement_suspension" ADD COLUMN extend_term BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE "entitlement" SET seen_at = activated_at, due_at = activated_at WHERE stage <> 'draft';
