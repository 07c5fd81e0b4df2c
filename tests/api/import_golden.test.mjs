// The whole report of an import of each source, with all that is wrong in its tables, byte for byte.
//
// tests/data/imports/SOURCE has the files, before/ what they refer to. What must be told is report.txt,
// and NAME.error.csv for each table with rows that failed. After a change that means to tell
// something else: ENT_GOLDEN=write node --test tests/api/import_golden.test.mjs, then read the diff.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { makeStore, root, run } from './harness.mjs';

const data = join(root, 'tests', 'data', 'imports');
const writes = process.env.ENT_GOLDEN === 'write';
const inputs = (folder) => readdirSync(folder).filter((name) => /\.(csv|xml)$/.test(name) && !name.endsWith('.error.csv')).sort().map((name) => join(folder, name));

function golden(path, said) {
  if (writes) writeFileSync(path, said);
  assert.equal(said, existsSync(path) ? readFileSync(path, 'utf8') : '', path);
}

for (const source of readdirSync(data).sort()) {
  test(`the report of ${source}`, { timeout: 60000 }, () => {
    const folder = join(data, source);
    const results = mkdtempSync(join(tmpdir(), 'entitled-golden-'));
    const store = makeStore();
    try {
      const before = join(folder, 'before');
      if (existsSync(before)) store.cli(['import', '--system', source, ...inputs(before)]);
      const tables = ['--currency', 'EUR', '--time-zone', 'Europe/Berlin', '--date-order', 'mdy', '--results', results];
      const options = ['--from', source, ...(source === 'salesforce-metadata' ? [] : tables)];
      const { stdout, stderr, status } = run(['import', ...options, ...inputs(folder)], { env: store.env });
      assert.equal(status, 1, stderr);
      const plain = (text) => text.replaceAll(`${folder}/`, '').replaceAll(results, 'RESULTS').replace(/\b[a-z]{3}_[0-9a-z]{13}\b/g, 'OUR_ID');
      golden(join(folder, 'report.txt'), plain(`${stdout}${stderr.split('\n').filter((line) => !/\r|%/.test(line)).join('\n')}`));
      for (const name of readdirSync(results).filter((one) => one.endsWith('.error.csv')).sort()) {
        golden(join(folder, basename(name)), plain(readFileSync(join(results, name), 'utf8')));
      }
      const again = run(['import', ...options, ...inputs(folder)], { env: store.env });
      assert.doesNotMatch(again.stdout, /[1-9]\d* created/, 'nothing is made twice');
      store.cli(['verify']);
    } finally {
      store.drop();
      rmSync(results, { recursive: true });
    }
  });
}
