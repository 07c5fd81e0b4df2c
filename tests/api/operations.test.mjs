// Operations on contracts: previews, answers, versions, permissions, undo.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from './harness.mjs';
import { all, day, refused, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
after(async () => {
  await server.stop();
});

const euros = (amount) => ({ amount, currency: 'EUR' });

async function care() {
  const account = await world.account();
  const made = await world.make('contracts', {
    account_id: account.id, name: 'Care', starts_on: day(-10), ends_on: day(355), currency: 'EUR',
    lines: [
      { name: 'Seats', quantity: '100', unit_price: euros('10'), lines: [{ name: 'Toner' }] },
      { name: 'Hotline', unit_price: euros('20') },
    ],
  });
  const lines = await all(client, '/v1/contract_lines', { contract_id: made.id, sort: 'number' });
  return { made, lines };
}

const inputs = (lines, product) => ({
  upsell: { effective_on: day(30), lines: [{ line_id: lines[0].id, quantity: '150' }] },
  downsell: { effective_on: day(30), lines: [{ line_id: lines[0].id, quantity: '60' }] },
  swap: { effective_on: day(30), lines: [{ line_id: lines[0].id, quantity: '40', product_id: product.id, unit_price: euros('15') }] },
  amend: { effective_on: day(30), lines: [{ line_id: lines[0].id, characteristics: [{ name: 'size', value: 'L' }] }] },
  add_lines: { effective_on: day(30), lines: [{ name: 'More', unit_price: euros('5'), lines: [{ name: 'Inside' }] }] },
  suspend: { starts_at: `${day(30)}T00:00:00Z`, ends_at: `${day(40)}T00:00:00Z`, extend_term: true },
  cancel: { effective_on: day(30) },
  shorten: { ends_on: day(100) },
});

test('lists that are needed and empty are refused: a split of nothing took all', async () => {
  const { made } = await care();
  for (const name of ['upsell', 'downsell', 'swap', 'amend', 'add_lines', 'split']) {
    for (const path of [name, `${name}/preview`]) {
      const { errors } = await refused(client, 'POST', `/v1/contracts/${made.id}/${path}`, { body: { lines: [] } }, 422, 'required');
      assert.deepEqual(errors.map((one) => one.pointer), ['#/lines'], path);
    }
  }
  await refused(client, 'POST', `/v1/contracts/${made.id}/merge`, { body: { contracts: [] } }, 422, 'required');
});

test('each operation does what its preview says, and can be taken back', async () => {
  const product = await world.product();
  const { made, lines } = await care();
  for (const [name, input] of Object.entries(inputs(lines, product))) {
    const before = (await client.get(`/v1/contracts/${made.id}`)).body;
    const shown = await client.post(`/v1/contracts/${made.id}/${name}/preview`, input);
    assert.equal(shown.status, 200, name);
    assert.equal(shown.body.operation_id, null);
    assert.equal((await client.get(`/v1/contracts/${made.id}`)).body.version, before.version);
    const done = await client.post(`/v1/contracts/${made.id}/${name}`, input);
    assert.equal(done.status, 200, name);
    assert.equal(JSON.stringify(done.body.changes), JSON.stringify(shown.body.changes));
    assert.deepEqual(done.body.price_delta, shown.body.price_delta);
    const kept = (await client.get(`/v1/contract_operations/${done.body.operation_id}`)).body;
    assert.deepEqual([kept.kind, kept.state], [name, 'scheduled']);
    assert.deepEqual(kept.changes, done.body.changes);
    const undone = await client.post(`/v1/contract_operations/${kept.id}/undo`, { reason: 'a mistake' });
    assert.deepEqual([undone.status, undone.body.state], [200, 'undone'], name);
    const now = (await client.get(`/v1/contracts/${made.id}`)).body;
    assert.deepEqual([now.ends_on, now.cancelled_at, now.tcv], [before.ends_on, before.cancelled_at, before.tcv], name);
    assert.deepEqual((await all(client, '/v1/contract_lines', { contract_id: made.id })).length, 3, name);
  }
});

test('a refusal names what was given, and amounts have the digits of their currency', async () => {
  const { made, lines } = await care();
  const input = { lines: [{ line_id: lines[0].id, quantity: '1' }] };
  const refusal = await refused(client, 'POST', `/v1/contracts/${made.id}/upsell`, { body: input }, 422, 'range');
  assert.deepEqual(refusal.errors.map(({ pointer, value }) => [pointer, value]), [['#/lines/0/quantity', '1']]);
  const plan = (await client.post(`/v1/contracts/${made.id}/extend/preview`, { term: 'P1Y' })).body;
  const amounts = JSON.stringify(plan).match(/"amount":"[^"]*"/g);
  assert.ok(amounts.length > 3);
  for (const amount of amounts) assert.match(amount, /\.\d\d+"$/);
});

test('extend, resume and what is done at once', async () => {
  const { made, lines } = await care();
  const longer = await client.post(`/v1/contracts/${made.id}/extend`, { term: 'P1M' });
  assert.equal(longer.status, 200);
  assert.ok(Number(longer.body.price_delta.amount) > 0);
  assert.equal((await client.post(`/v1/contracts/${made.id}/suspend`, { lines: [lines[0].id] })).status, 200);
  assert.equal((await client.get(`/v1/contracts/${made.id}`)).body.state, 'partly_suspended');
  const resumed = await client.post(`/v1/contracts/${made.id}/resume`, {});
  assert.equal(resumed.status, 200);
  await refused(client, 'POST', `/v1/contract_operations/${resumed.body.operation_id}/undo`, { body: {} }, 409, 'state');
  await refused(client, 'POST', `/v1/contracts/${made.id}/resume/preview`, { body: {} }, 409, 'cannot_resume');
});

test('an entitlement under a line follows it', async () => {
  const account = await world.account();
  const made = await world.make('contracts', {
    account_id: account.id, name: 'Care', starts_on: day(-10), ends_on: day(355),
    lines: [{ name: 'Seats', quantity: '10', entitlements: [{ name: 'Phone', unit: 'cases', total: 9 }] }],
  });
  const [line] = await all(client, '/v1/contract_lines', { contract_id: made.id });
  const [phone] = await all(client, '/v1/entitlements', { contract_id: made.id });
  await refused(client, 'POST', `/v1/entitlements/${phone.id}/suspend`, { body: {} }, 409, 'entitlement_under_line');
  const input = { effective_on: day(20), lines: [{ line_id: line.id, quantity: '4' }] };
  assert.equal((await client.post(`/v1/contracts/${made.id}/downsell`, input)).status, 200);
  const moved = (await client.get(`/v1/entitlements/${phone.id}`)).body;
  assert.notEqual(moved.contract_line_id, line.id);
  assert.equal(moved.remaining, 9);
  const answer = await world.check({ account_id: account.id });
  assert.equal(answer.covered, true, JSON.stringify(answer));
});

test('versions, keys and faults', async () => {
  const { made, lines } = await care();
  const path = `/v1/contracts/${made.id}/suspend`;
  await refused(client, 'POST', path, { body: {}, headers: { 'if-match': '"99"' } }, 412, 'precondition_failed');
  const key = { headers: { 'idempotency-key': 'once-0123456789' } };
  const first = await client.post(path, {}, key);
  const again = await client.post(path, {}, key);
  assert.equal(first.body.operation_id, again.body.operation_id);
  const bad = { lines: [lines[1].id, made.id], effective_on: 'soon' };
  await refused(client, 'POST', `/v1/contracts/${made.id}/cancel`, { body: bad }, 422, 'invalid');
  await refused(client, 'POST', `/v1/contracts/${made.id}/cancel`, { body: { lines: [lines[1].id] } }, 409, 'not_root');
});

test('what has passed needs a permission of its own', async () => {
  const { made, lines } = await care();
  const input = { effective_on: day(-5), lines: [{ line_id: lines[0].id, quantity: '60' }] };
  await refused(client, 'POST', `/v1/contracts/${made.id}/downsell/preview`, { body: input, key: server.createKey('order_agent', '*') }, 403, 'retroactive');
  assert.equal((await client.post(`/v1/contracts/${made.id}/downsell`, input, { key: server.createKey('manager', '*') })).status, 200);
  await refused(client, 'POST', `/v1/contracts/${made.id}/cancel/preview`, { body: {}, key: server.createKey('agent', '*') }, 403, 'forbidden');
});

test('each operation is done to the version that its preview showed, or not at all', async () => {
  const product = await world.product();
  for (const name of ['upsell', 'downsell', 'swap', 'amend', 'add_lines', 'suspend', 'resume', 'cancel', 'extend', 'shorten', 'renew', 'merge', 'split', 'co_terminate', 'transfer', 'clone']) {
    const { made, lines } = await care();
    const other = await world.make('contracts', { account_id: made.account_id, name: 'Other', starts_on: day(-10), ends_on: day(355), currency: 'EUR', lines: [{ name: 'Desks' }] });
    const input = {
      ...inputs(lines, product), resume: {}, extend: { term: 'P1M' }, renew: { keep_draft: true }, merge: { contracts: [other.id] }, split: { lines: [lines[2].id] },
      co_terminate: { ends_on: day(400) }, transfer: { account_id: (await world.account()).id, effective_on: day(1) }, clone: {},
    }[name];
    if (name === 'resume') await client.post(`/v1/contracts/${made.id}/suspend`, {});
    const path = `/v1/contracts/${made.id}/${name}`;
    const shown = await client.post(`${path}/preview`, input);
    assert.equal(shown.status, 200, `${name}: ${JSON.stringify(shown.body)}`);
    const seen = { 'if-match': `"v${shown.body.contract_version}"` };
    await client.patch(`/v1/contracts/${made.id}`, { description: 'changed by somebody' });
    for (const at of [path, `${path}/preview`]) {
      const problem = await refused(client, 'POST', at, { body: input, headers: seen }, 412, 'precondition_failed');
      assert.match(problem.detail, new RegExp(`it is ${shown.body.contract_version + 1} now`), name);
    }
    const again = await client.post(`${path}/preview`, input);
    assert.equal(again.body.contract_version, shown.body.contract_version + 1, name);
    const done = await client.post(path, input, { headers: { 'if-match': `"v${again.body.contract_version}"` } });
    assert.ok([200, 201].includes(done.status), `${name}: ${JSON.stringify(done.body)}`);
    if (name !== 'resume') assert.equal(JSON.stringify(done.body.changes), JSON.stringify(again.body.changes), name); // that is at once
  }
});

test('what is locked says how it changes', async () => {
  const { lines } = await care();
  const { errors } = await refused(client, 'PATCH', `/v1/contract_lines/${lines[0].id}`, { body: { quantity: '7' } }, 409, 'edit_locked');
  assert.deepEqual(errors.map((one) => [one.pointer, one.detail]), [['#/quantity', 'it is active: change it by an operation']]);
});
