-- Open cases that nothing covers, by age: few among many, and a tab of the queue counts them.
CREATE INDEX case_by_coverage
	ON "case" (coverage, state, COALESCE(created_at, 9223372036854775807), id);
