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

test('a name of any length is looked at in no time', { timeout: 20000 }, async () => {
  const { status } = await client.request('POST', '/v1/imports', {
    body: { name: `${'x'.repeat(200000)} accounts.csv`, text: 'nonsense\n1', dry_run: true },
  });
  assert.equal(status, 422);
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

// A few hundred rows as they come in practice: quotes, line breaks, blank rows, dates in two ways, and
// rows that are wrong, each in a way of its own.
function realistic() {
  const id = (prefix, n) => `${prefix}B${String(n).padStart(11, '0')}`;
  const wrong = ['no such account', 'no date', 'days the wrong way round', 'a word for a number'];
  const contracts = ['Id,Name,AccountId,StartDate,EndDate,AdditionalDiscount,SpecialTerms,Status'];
  const lines = ['Id,ServiceContractId,ParentContractLineItemId,Quantity,UnitPrice,Discount,TotalPrice'];
  const faults = { contracts: 0, lines: 0 };
  for (let n = 0; n < 400; n++) {
    const fault = n % 23 === 7 ? wrong[(n / 23) % wrong.length | 0] : '';
    faults.contracts += fault === '' ? 0 : 1;
    const year = 2020 + (n % 8);
    const start = fault === 'no date' ? '' : `${year}-01-01`;
    const end = fault === 'days the wrong way round' ? `${year - 1}-12-31` : n % 9 === 0 ? '' : `${year}-12-31T00:00:00.000Z`;
    contracts.push([id('810', n), `"Care ""${n}"", all of it"`, id('001', fault === 'no such account' ? 99 : n % 5), start, end,
      fault === 'a word for a number' ? 'much' : n % 3 * 5, '"Spare parts\nare included"', ''].join(','));
    if (n % 50 === 3) contracts.push(', ,,');
    const bad = fault === '' && n % 31 === 5;
    faults.lines += fault !== '' || bad ? 1 : 0;
    lines.push([id('811', n), id('810', n), '', bad ? '-1' : 1 + (n % 4), '120.50', n % 2 * 10, ''].join(','));
  }
  return { contracts: contracts.join('\r\n'), lines: lines.join('\n'), faults, id };
}

test('some hundred contracts and lines, with all that is wrong with them, twice', async () => {
  const { contracts, lines, faults, id } = realistic();
  const from = { from: 'salesforce', currency: 'EUR' };
  await run({ ...from, object: 'Account', text: table([['Id', 'Name'], ...[0, 1, 2, 3, 4].map((n) => [id('001', n), `Customer ${n}`])]) });
  for (const state of ['created', 'unchanged']) {
    const headers = await run({ ...from, object: 'ServiceContract', text: contracts });
    assert.equal(headers.counts.failed, faults.contracts);
    assert.equal(headers.counts[state], 400 - faults.contracts);
    assert.equal(headers.counts.blank, 8);
    const below = await run({ ...from, object: 'ContractLineItem', text: lines });
    assert.equal(below.counts.failed, faults.lines);
    assert.equal(below.counts[state], 400 - faults.lines);
    for (const row of [...headers.rows, ...below.rows].filter((one) => one.status === 'failed')) {
      assert.ok(row.message && row.line > 1, JSON.stringify(row));
    }
  }
});
