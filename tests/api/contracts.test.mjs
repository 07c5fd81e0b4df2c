// Contracts: whole ones in one call, their rules, states and approval, and what they cover.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from './harness.mjs';
import { all, day, pointers, refused, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
after(async () => {
  await server.stop();
});

const contract = (account, more = {}) =>
  world.make('contracts', { account_id: account.id, name: `Contract ${++world.made}`, starts_on: day(-10), ends_on: day(355), ...more });
const linesOf = (id) => all(client, '/v1/contract_lines', { contract_id: id, sort: 'number' });

test('a whole contract in one call', async () => {
  const account = await world.account();
  const [asset, product, contact] = [await world.asset(account), await world.product(), await world.contact(account)];
  const made = await contract(account, {
    currency: 'EUR',
    contacts: [{ contact_id: contact.id, role: 'billing' }],
    clauses: [{ title: 'Delivery' }, { title: 'Payment', body: 'At once.' }],
    coverage: [{ product_id: product.id }],
    lines: [
      {
        name: 'Platform',
        product_id: product.id,
        quantity: '2.5',
        unit_price: { amount: '100', currency: 'EUR' },
        adjustments: [{ type: 'markdown_percent', value: '5', name: 'Loyalty' }, { value: '3' }],
        characteristics: [{ name: 'seats', value: '25' }],
        lines: [{ name: 'Support', starts_on: day(5), lines: [{ name: 'Weekend' }] }],
        entitlements: [{ name: 'Phone', unit: 'cases', total: 10, restricted: true, coverage: [{ asset_id: asset.id }] }],
      },
      { name: 'Training', pricing_method: 'one_time' },
    ],
  });
  assert.match(made.number, /^CTR-\d{6}$/);
  assert.equal(made.state, 'active');
  assert.equal(made.stage, 'live');
  assert.equal(made.line_count, 4);
  assert.deepEqual(made.clauses.map((one) => one.sequence), [1, 2]);
  const lines = await linesOf(made.id);
  assert.deepEqual(lines.map((one) => one.name), ['Platform', 'Support', 'Weekend', 'Training']);
  assert.deepEqual(lines.map((one) => one.number), [1, 2, 3, 4].map((n) => `${made.number}-${n}`));
  const [platform, support, weekend, training] = lines;
  assert.deepEqual([support.parent_id, weekend.parent_id, weekend.root_id, training.root_id], [platform.id, support.id, platform.id, training.id]);
  assert.equal(platform.quantity, '2.5');
  assert.equal(platform.renewable, true);
  assert.deepEqual(platform.adjustments.map((one) => [one.sequence, one.type, one.source]), [[1, 'markdown_percent', 'manual'], [2, 'markdown_percent', 'manual']]);
  assert.deepEqual([weekend.starts_on, weekend.ends_on], [day(5), made.ends_on]);
  assert.deepEqual(lines.map((one) => one.state), ['active', 'draft', 'draft', 'active']);
  const [phone] = await all(client, '/v1/entitlements', { contract_id: made.id });
  assert.deepEqual([phone.state, phone.contract_line_id, phone.remaining], ['active', platform.id, 10]);
  const covered = await all(client, '/v1/contract_coverages', { account_id: account.id });
  assert.deepEqual(covered.map((one) => [one.contract_id, one.entitlement_id]).sort(), [[made.id, null], [null, phone.id]].sort());
  const drafts = await client.get(`/v1/contract_lines?contract_id=${made.id}&state=draft&sort=number`);
  assert.deepEqual(drafts.body.data.map((one) => one.id), [support.id, weekend.id]);
});

test('every fault of a nested contract is told at once, with its place', async () => {
  const account = await world.account();
  const problem = await refused(client, 'POST', '/v1/contracts', {
    body: {
      account_id: account.id,
      name: 'Wrong',
      starts_on: day(0),
      ends_on: day(364),
      currency: 'EUR',
      lines: [
        { name: 'Good' },
        { name: 'Early', starts_on: day(-1), product_id: 'prd_0000000000001' },
        { name: 'Deep', lines: [{ name: 'Reversed', starts_on: day(20), ends_on: day(10) }, { unit_price: { amount: '1', currency: 'USD' } }] },
        { name: 'Entitled', entitlements: [{ name: 'Late', ends_on: day(400) }], coverage: [{}] },
      ],
    },
  }, 422, 'invalid');
  assert.deepEqual(pointers(problem), [
    '#/lines/1/product_id',
    '#/lines/1/starts_on',
    '#/lines/2/lines/0/ends_on',
    '#/lines/2/lines/1/name',
    '#/lines/2/lines/1/unit_price',
    '#/lines/3/coverage/0/asset_id',
    '#/lines/3/entitlements/0/ends_on',
  ]);
  const codes = Object.fromEntries(problem.errors.map((one) => [one.pointer, one.code]));
  assert.equal(codes['#/lines/1/starts_on'], 'date_outside_parent');
  assert.equal(codes['#/lines/2/lines/0/ends_on'], 'date_order');
  assert.equal(codes['#/lines/2/lines/1/unit_price'], 'currency_mismatch');
  assert.equal((await client.get(`/v1/contracts?account_id=${account.id}`)).body.data.length, 0);
});

test('ten thousand lines in one request', async () => {
  const account = await world.account();
  const lines = Array.from({ length: 100 }, (_, i) => ({ name: `Root ${i}`, lines: Array.from({ length: 99 }, (__, k) => ({ name: `Line ${i}.${k}`, quantity: `${k + 1}` })) }));
  const began = Date.now();
  const made = await contract(account, { lines });
  assert.equal(made.line_count, 10000);
  console.log(`# 10,000 lines in ${Date.now() - began} ms`);
});
