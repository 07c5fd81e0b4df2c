// Contracts: whole ones in one call, their rules, states and approval, and what they cover.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Client, launch, startServer } from './harness.mjs';
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

// ---- coverage: from memory, from the store, and as the contract changes ----------------------------

const plain = await launch(server, { args: ['--no-cache', '--quiet'] });
const uncached = new Client(plain.port, server.key, server.contract);
after(async () => {
  uncached.close();
  await plain.stop();
});

// The reasons against an entitlement, the same from both servers; [] is covered.
async function against(question, id) {
  const answer = await world.check(question);
  assert.deepEqual((await uncached.post('/v1/coverage/check', { ...question, at: answer.at })).body, answer);
  return answer.candidates.find((one) => one.entitlement_id === id).reasons.map((one) => one.code);
}

test('the three models side by side, as time and people change them', async () => {
  const account = await world.account();
  const alone = await world.entitlement(account);
  const made = await contract(account, {
    starts_on: day(-10),
    ends_on: day(355),
    entitlements: [{ name: 'By contract' }],
    lines: [{ name: 'Root', lines: [{ name: 'Below', starts_on: day(10), entitlements: [{ name: 'By line' }] }] }],
  });
  const rights = await all(client, '/v1/entitlements', { contract_id: made.id });
  const [byContract, byLine] = ['By contract', 'By line'].map((name) => rights.find((one) => one.name === name));
  const ask = { account_id: account.id };
  assert.deepEqual(await against(ask, alone.id), []);
  assert.deepEqual(await against(ask, byContract.id), []);
  assert.deepEqual(await against(ask, byLine.id), ['not_active', 'contract_not_active']);
  const later = { ...ask, at: `${day(20)}T12:00:00Z` };
  assert.deepEqual(await against(later, byLine.id), []);
  assert.deepEqual(await against({ ...ask, at: `${day(-20)}T12:00:00Z` }, byContract.id), ['not_active', 'contract_not_active']);
  const other = await contract(account);
  assert.deepEqual(await against({ ...later, contract_id: other.id }, byLine.id), ['other_contract']);
  const named = await world.check({ ...later, contract_id: made.id });
  assert.equal(named.entitlement_id, byLine.id);
  assert.equal(named.rule, 'contract_line');
  const opened = await world.case(account, { entitlement_id: byContract.id });
  assert.equal(opened.contract_id, made.id);
});

test('coverage rows of entitlement, line and contract', async () => {
  const account = await world.account();
  const family = await world.product();
  const [printer, mouse] = [await world.product({ parent_id: family.id }), await world.product()];
  const [covered, foreign] = [await world.asset(account, { product_id: printer.id }), await world.asset(account, { product_id: mouse.id })];
  const made = await contract(account, {
    coverage: [{ product_id: mouse.id }],
    lines: [
      { name: 'L', coverage: [{ product_id: family.id, ends_on: day(30) }], lines: [{ name: 'K', entitlements: [{ name: 'under K' }] }] },
      { name: 'M', entitlements: [{ name: 'under M' }, { name: 'own', products: [mouse.id], coverage: [{ asset_id: covered.id }] }] },
    ],
  });
  const rights = Object.fromEntries((await all(client, '/v1/entitlements', { contract_id: made.id })).map((one) => [one.name, one.id]));
  const rows = [
    ['under K', { product_id: printer.id }, []],
    ['under K', { asset_id: covered.id }, []],
    ['under K', { product_id: mouse.id }, ['product_not_covered']],
    ['under K', { product_id: printer.id, at: `${day(31)}T12:00:00Z` }, ['product_not_covered']],
    ['under K', {}, []],
    ['under M', { product_id: mouse.id }, []],
    ['under M', { asset_id: covered.id }, ['product_not_covered']],
    ['own', { product_id: mouse.id }, []],
    ['own', { asset_id: covered.id }, []],
    ['own', { asset_id: foreign.id }, []],
    ['own', { product_id: printer.id }, ['product_not_covered']],
  ];
  for (const [name, ask, want] of rows) {
    assert.deepEqual(await against({ account_id: account.id, ...ask }, rights[name]), want, `${name} ${JSON.stringify(ask)}`);
  }
  // a row more, a row less: heard of at once
  const row = await world.make('contract_coverages', { contract_line_id: (await linesOf(made.id))[0].id, product_id: mouse.id });
  assert.deepEqual(await against({ account_id: account.id, product_id: mouse.id }, rights['under K']), []);
  await client.delete(`/v1/contract_coverages/${row.id}`);
  assert.deepEqual(await against({ account_id: account.id, product_id: mouse.id }, rights['under K']), ['product_not_covered']);
});

test('coverage rows are refused where they do not fit', async () => {
  const [account, stranger] = [await world.account(), await world.account()];
  const below = await world.account({ parent_id: account.id });
  const [own, theirs, product] = [await world.asset(below), await world.asset(stranger), await world.product()];
  const made = await contract(account);
  const post = (body, status, code) => refused(client, 'POST', '/v1/contract_coverages', { body }, status, code);
  await post({ product_id: product.id }, 422, 'coverage_owner');
  await post({ contract_id: made.id }, 422, 'coverage_target');
  await post({ contract_id: made.id, asset_id: own.id, product_id: product.id }, 422, 'coverage_target');
  await post({ contract_id: made.id, asset_id: theirs.id }, 422, 'wrong_account');
  await post({ contract_id: made.id, product_id: product.id, starts_on: day(-20) }, 422, 'date_outside_parent');
  await world.make('contract_coverages', { contract_id: made.id, asset_id: own.id, ends_on: day(10) });
  await post({ contract_id: made.id, asset_id: own.id, starts_on: day(10) }, 409, 'coverage_overlap');
  await world.make('contract_coverages', { contract_id: made.id, asset_id: own.id, starts_on: day(11) });
});

test('lines of their own, and trees added to what is there', async () => {
  const account = await world.account();
  const made = await contract(account);
  const line = await world.make('contract_lines', { contract_id: made.id, name: 'L', lines: [{ name: 'K' }] });
  assert.equal(line.number, `${made.number}-1`);
  const added = await world.act('contracts', made.id, 'lines', { lines: [{ name: 'M', lines: [{ name: 'N' }] }] });
  assert.equal(added.line_count, 4);
  assert.deepEqual((await linesOf(made.id)).map((one) => one.number), [1, 2, 3, 4].map((n) => `${made.number}-${n}`));
  const problem = await refused(client, 'POST', `/v1/contracts/${made.id}/lines`, { body: { lines: [{ name: 'O', lines: [{ name: 'P', ends_on: day(999) }] }] } }, 422, 'date_outside_parent');
  assert.deepEqual(pointers(problem), ['#/lines/0/lines/0/ends_on']);
  await refused(client, 'POST', '/v1/contract_lines', { body: { name: 'nowhere' } }, 422, 'required');
  await refused(client, 'PATCH', `/v1/contracts/${made.id}`, { body: { lines: [{ name: 'no' }] } }, 422, 'read_only');
});
