-- Prints a script for pgbench that opens a case with the statements of our own: the INSERTs
-- are those of the newest case, with its identifiers made variables. Also makes the table that
-- tells the script whom a case is for. For a database in which `direct open` has opened some.
\set QUIET on
\pset tuples_only on
\pset format unaligned
DROP TABLE IF EXISTS bench_whom;
CREATE TABLE bench_whom AS SELECT row_number() OVER (ORDER BY id) AS n, account_id, id AS contact_id,
	(SELECT max(id) FROM product) AS product_id FROM contact;
ALTER TABLE bench_whom ADD PRIMARY KEY (n);
ANALYZE;

-- A row as an INSERT: keys become variables, the rest literals of the same length (pgbench
-- would take what follows a colon for a variable).
CREATE OR REPLACE FUNCTION pg_temp.as_insert(of text, r jsonb) RETURNS text LANGUAGE sql AS $$
SELECT 'INSERT INTO "' || of || '" (' || string_agg(key, ', ') || ') VALUES (' || string_agg(
	CASE WHEN key = 'id' THEN ':id' WHEN key = 'account_id' THEN ':account_id'
	WHEN key = 'contact_id' AND of = 'case' THEN ':contact_id'
	WHEN key = 'case_id' THEN ':case_id' WHEN key = 'entitlement_id' THEN ':e_id'
	WHEN key = 'seq' THEN ':seq' WHEN value IS NULL THEN 'NULL'
	ELSE quote_literal(replace(value, ':', '.')) END, ', ') || ');'
FROM jsonb_each_text(r)
$$;
CREATE TEMP VIEW newest AS SELECT * FROM "case" WHERE entitlement_id IS NOT NULL
	ORDER BY id DESC LIMIT 1;
SELECT '\set n random(1, ' || max(n) || ')' || E'\n\\set case_id random(1, 9000000000000000000)'
	|| E'\n\\set event_id random(1, 9000000000000000000)' FROM bench_whom;
SELECT $$BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
UPDATE account_head SET version = version + 1 WHERE account_id =
	(SELECT account_id FROM bench_whom WHERE n = :n) RETURNING account_id, version, seq + 1 AS seq, hash \gset
SELECT w.contact_id, w.product_id, a.id, c.account_id, p.id FROM bench_whom w JOIN account a ON a.id = w.account_id
	JOIN contact c ON c.account_id = w.account_id AND c.id = w.contact_id JOIN product p ON p.id = w.product_id
	WHERE w.n = :n \gset$$;
SELECT 'SELECT t.id, t.version, a.parent_id, a.default_entitlement_id, '
	|| string_agg('t.' || column_name, ', ' ORDER BY ordinal_position)
	|| ' FROM account a LEFT JOIN entitlement t ON t.account_id = a.id WHERE a.id = :account_id ORDER BY t.id \aset e_'
	FROM information_schema.columns WHERE table_name = 'entitlement' AND column_name NOT IN ('id', 'account_id', 'version');
SELECT '\startpipeline';
SELECT replace(pg_temp.as_insert('case', to_jsonb(newest)), ':id', ':case_id') FROM newest;
SELECT replace(pg_temp.as_insert('event', to_jsonb(e)), ':id', ':event_id') FROM event e, newest
	WHERE e.account_id = newest.account_id AND e.type = 'case.opened' ORDER BY e.seq DESC LIMIT 1;
SELECT replace(pg_temp.as_insert('term_posting', to_jsonb(p)), ':id', ':case_id') FROM term_posting p, newest
	WHERE p.case_id = newest.id LIMIT 1;
SELECT $$UPDATE entitlement SET version = :e_version + 1, updated_at = 1795313804000000,
	ledger_consumed = ledger_consumed + 1, seen_at = 1795313804000000
	WHERE account_id = :account_id AND id = :e_id AND version = :e_version;$$;
SELECT replace(replace(pg_temp.as_insert('event', to_jsonb(e)), ':id', ':case_id'), ':seq', ':seq + 1') FROM event e, newest
	WHERE e.account_id = newest.account_id AND e.type LIKE 'entitlement.%' ORDER BY e.seq DESC LIMIT 1;
SELECT $$UPDATE account_head SET seq = :seq + 1, hash = repeat('0', 64) WHERE account_id = :account_id;
COMMIT;
\endpipeline$$;
