// Reports and prices of contracts over HTTP: parameters, forms, rights, the command line.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { run, startServer } from './harness.mjs';
import { day, pointers, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
after(async () => {
  await server.stop();
});

const REPORTS = ['expiring', 'expiring_windows', 'states', 'renewal_rate', 'arr_movement', 'ramp_forecast', 'usage',
  'usage_accounts', 'uncovered_assets', 'gap_days', 'sla_compliance', 'sla_breaches', 'uncovered_cases'];
const euro = (amount) => ({ amount, currency: 'EUR' });

const account = await world.account();
const contract = await world.make('contracts', {
  account_id: account.id, name: 'Care', starts_on: day(-10), ends_on: day(20), currency: 'EUR', discount_percent: '10',
  lines: [{ name: 'Seats', quantity: '3', list_price: euro('10'), lines: [{ name: 'Setup', pricing_method: 'one_time', list_price: euro('50') }] }],
});

test('every report answers as described, as JSON and as a table', async () => {
  const asset = await world.asset(account);
  for (const name of REPORTS) {
    const json = await client.get(`/v1/reports/${name}`);
    assert.equal(json.status, 200, name);
    assert.equal(json.body.report, name);
    const csv = await client.get(`/v1/reports/${name}?format=csv&limit=5`);
    assert.equal(csv.status, 200, name);
    assert.match(csv.headers['content-type'], /^text\/csv/);
  }
  const { body } = await client.get(`/v1/reports/expiring?account_id=${account.id}`);
  assert.deepEqual(body.rows.map((row) => [row.contract_id, row.number, row.account, row.window, row.arr.amount]),
    [[contract.id, contract.number, account.name, 30, '324.00']]);
  const uncovered = await client.get(`/v1/reports/uncovered_assets?account_id=${account.id}`);
  assert.deepEqual(uncovered.body.rows.map((row) => [row.asset_id, row.reasons]), [[asset.id, null]]);
});

test('all parameters that are wrong are told at once', async () => {
  const { status, body } = await client.get('/v1/reports/expiring?as_of=2025-02-30&windows=9,3&limit=x&by=week&account_id=acc_1', { status: 400 });
  assert.equal(status, 400);
  assert.equal(body.code, 'bad_parameter');
  assert.deepEqual(pointers(body).sort(), ['#/account_id', '#/as_of', '#/by', '#/limit']);
  const windows = await client.get('/v1/reports/expiring?windows=9,3', { status: 400 });
  assert.deepEqual([windows.status, pointers(windows.body)], [400, ['#/windows']]);
  const spans = await client.get('/v1/reports/arr_movement?from=2025-02-01&to=2025-01-01', { status: 400 });
  assert.deepEqual([spans.status, pointers(spans.body)], [400, ['#/to']]);
  assert.equal((await client.get('/v1/reports/nothing', { status: 404 })).status, 404);
});

test('prices of a contract, with their steps', async () => {
  const plain = await client.get(`/v1/contracts/${contract.id}/price`);
  assert.equal(plain.status, 200);
  assert.deepEqual([plain.body.one_time, plain.body.mrr, plain.body.arr], ['45', '27', '324']);
  assert.equal(plain.body.lines[0].steps, undefined);
  const { body } = await client.get(`/v1/contracts/${contract.id}/price?explain=true&on=${day(30)}`);
  assert.equal(body.mrr, '0');
  assert.deepEqual(body.lines[0].steps.map((step) => step.what), ['list_price', 'discount', 'quantity', 'term']);
  assert.deepEqual(body.lines[0].runs.map((one) => [one.from, one.to, one.mrr]), [[day(-10), day(20), '27']]);
  const wrong = await client.get(`/v1/contracts/${contract.id}/price?on=tomorrow&explain=1&why=`, { status: 400 });
  assert.deepEqual([wrong.status, pointers(wrong.body).sort()], [400, ['#/explain', '#/on', '#/why']]);
  const shown = await client.get(`/v1/contracts/${contract.id}`);
  assert.deepEqual([shown.body.arr, shown.body.one_time], [euro('324.00'), euro('45.00')]);
  const few = await client.get(`/v1/contracts/${contract.id}?fields=name`);
  assert.deepEqual(Object.keys(few.body).sort(), ['id', 'name', 'object']);
});

test('the command line prints the same', async () => {
  const cli = (...args) => run(['report', ...args], { env: server.env });
  const json = cli('expiring', '--account', account.id);
  assert.equal(json.status, 0, json.stderr);
  const { body } = await client.get(`/v1/reports/expiring?account_id=${account.id}`);
  assert.deepEqual(JSON.parse(json.stdout), body);
  const csv = cli('states', '--csv', '--as-of', day(0), '--account', account.id);
  assert.equal(csv.stdout.split('\n')[0], 'state,contracts,arr,arr_currency,tcv,tcv_currency');
  assert.equal(cli('states', '--by', 'week').status, 1);
  assert.equal(cli('nothing').status, 2);
  assert.equal(cli().status, 2);
});
