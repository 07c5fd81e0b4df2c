// POST /v1/imports: tables of text, as `entitled import` reads them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from './harness.mjs';
import { refused } from './world.mjs';

const server = await startServer();
const { client } = server;
after(async () => {
  await server.stop();
});

const table = (rows) => rows.map((row) => row.join(',')).join('\n');
const run = async (body) => (await client.post('/v1/imports', body)).body;

test('a dry run tells each row and writes nothing, then it is done, then nothing changes', async () => {
  const accounts = {
    object: 'accounts',
    system: 'erp',
    text: table([['external_id', 'name'], ['i1', 'Imported'], ['i2', '']]),
  };
  const tried = await run({ ...accounts, dry_run: true });
  assert.equal(tried.counts.created, 1);
  assert.equal(tried.counts.failed, 1);
  assert.deepEqual(tried.rows.map((row) => [row.line, row.status]), [[2, 'created'], [3, 'failed']]);
  assert.match(tried.rows[1].message, /name/);
  const again = await run(accounts);
  assert.equal(again.counts.created, 1, 'the dry run wrote nothing');
  const last = await run(accounts);
  assert.equal(last.counts.unchanged, 1);
  assert.equal(last.rows[0].id, again.rows[0].id);
});

test('contracts and lines of Salesforce, with headers that somebody has renamed', async () => {
  const from = { from: 'salesforce', currency: 'EUR' };
  await run({ ...from, object: 'Account', text: table([['Id', 'Name'], ['001A00000000001', 'Acme']]) });
  const contract = await run({
    ...from,
    object: 'ServiceContract',
    columns: { Partner: 'AccountId', Rating: '' },
    text: table([
      ['Id', 'Name', 'Partner', 'StartDate', 'EndDate', 'Rating', 'Odd'],
      ['810A00000000001', 'Care', '001A00000000001', '2026-01-01', '2026-12-31', 'A', 'x'],
    ]),
  });
  assert.equal(contract.counts.created, 1);
  assert.deepEqual(contract.ignored, ['Odd']);
  const lines = await run({
    ...from,
    object: 'ContractLineItem',
    text: table([
      ['Id', 'ServiceContractId', 'Quantity', 'UnitPrice', 'TotalPrice'],
      ['811A00000000001', '810A00000000001', '2', '600', '1200'],
      ['811A00000000002', '810A00000000009', '1', '5', '5'],
    ]),
  });
  assert.deepEqual(lines.rows.map((row) => row.status), ['created', 'failed']);
  assert.equal(lines.rows[1].column, 'ServiceContractId');
  const shown = (await client.get(`/v1/contracts/${contract.rows[0].id}`)).body;
  assert.deepEqual(shown.tcv, { amount: '1200.00', currency: 'EUR' });
});

test('what is refused', async () => {
  await refused(client, 'POST', '/v1/imports', { body: {} }, 422, 'required');
  await refused(client, 'POST', '/v1/imports', { body: { text: 'a,b\n1,2\n', odd: 1 } }, 422, 'unknown_field');
  await refused(client, 'POST', '/v1/imports', { body: { text: 'a,b\n1,2\n', from: 'sap' } }, 422, 'unknown_value');
  await refused(client, 'POST', '/v1/imports', { body: { text: 'a,b\n1,2\n' } }, 422, 'unknown_value');
  await refused(client, 'POST', '/v1/imports', { body: { text: 'external_id,colour\n1,2\n', object: 'accounts' } }, 422, 'unknown_field');
  await refused(client, 'POST', '/v1/imports', { body: { text: `external_id,name\n${'1,2\n'.repeat(501)}`, object: 'accounts' } }, 422, 'limit');
});
