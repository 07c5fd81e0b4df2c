-- Nothing reads it: what time brings next is in the milestones of the case and in the table "due".
ALTER TABLE "case" DROP COLUMN sla_due_at;
