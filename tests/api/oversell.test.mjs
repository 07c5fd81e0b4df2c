// However many ask at once, an entitlement of n units yields exactly n.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Client, fastBinary, startServer } from './harness.mjs';
import { all, World } from './world.mjs';

const CLIENTS = 64;
const TERMS = 1000;
const ATTEMPTS = 1300;

const server = await startServer({ program: fastBinary, args: ['--quiet'] });
const world = new World(server.client);
const crowd = new Client(server.port, server.key, server.contract, { sockets: CLIENTS });
after(async () => {
  crowd.close();
  await server.stop();
});

// `attempt(i)` by all clients at once; the replies by "status code".
async function rush(count, attempt) {
  const outcomes = new Map();
  let next = 0;
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    while (next < count) {
      const { status, body } = await attempt(next++);
      const name = status < 300 ? 'done' : `${status} ${body?.code}`;
      outcomes.set(name, [...(outcomes.get(name) ?? []), body]);
    }
  }));
  return outcomes;
}

const counts = (outcomes) => Object.fromEntries([...outcomes].map(([name, list]) => [name, list.length]));

async function postings(id) {
  const sums = {};
  for (const { kind, units } of await all(server.client, '/v1/term_postings', { entitlement_id: id })) {
    sums[kind] = (sums[kind] ?? 0) + units;
  }
  return sums;
}

const verifies = () => assert.match(server.cli(['verify']), /: 0 findings/);

test('charged at creation: a thousand cases of 1,300', { timeout: 120000 }, async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, { unit: 'cases', total: TERMS, restricted: true });
  const outcomes = await rush(ATTEMPTS, (i) =>
    crowd.send('POST', '/v1/cases', { body: { account_id: account.id, title: `case ${i}`, entitlement_id: id } }));
  assert.deepEqual(counts(outcomes), { done: TERMS, '409 terms_exhausted': ATTEMPTS - TERMS });
  assert.deepEqual(await world.balance(id), [0, 0]);
  assert.deepEqual(await postings(id), { grant: TERMS, consume: TERMS });
  const { body } = await server.client.get(`/v1/cases?entitlement_id=${id}&total=true&limit=1`);
  assert.equal(body.total, TERMS);
  const numbers = outcomes.get('done').map((one) => one.number);
  assert.equal(new Set(numbers).size, TERMS);
  verifies();
});

test('charged at resolution: what is open is reserved, so that no more are open than can be resolved', { timeout: 120000 }, async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, { unit: 'cases', total: 100, restricted: true, charge_on: 'resolution' });
  const outcomes = await rush(160, (i) =>
    crowd.send('POST', '/v1/cases', { body: { account_id: account.id, title: `case ${i}`, entitlement_id: id } }));
  assert.deepEqual(counts(outcomes), { done: 100, '409 terms_exhausted': 60 });
  assert.deepEqual(await world.balance(id), [100, 0]);
  const cases = outcomes.get('done');
  // every one is resolved by two at once, and half of them reopened by two at once
  const resolved = await rush(200, (i) => crowd.send('POST', `/v1/cases/${cases[i >> 1].id}/resolve`, { body: {} }));
  assert.deepEqual(counts(resolved), { done: 100, '409 state': 100 });
  assert.deepEqual(await world.balance(id), [0, 0]);
  const reopened = await rush(100, (i) => crowd.send('POST', `/v1/cases/${cases[i >> 1].id}/reopen`, { body: {} }));
  assert.deepEqual(counts(reopened), { done: 50, '409 state': 50 });
  assert.deepEqual(await world.balance(id), [50, 0]);
  verifies();
});

test('a channel, a parent account, top-ups and consumption all draw on one balance', { timeout: 120000 }, async () => {
  const parent = await world.account();
  const children = [];
  for (let i = 0; i < 8; i++) children.push(await world.account({ parent_id: parent.id }));
  const { id } = await world.entitlement(parent, { unit: 'cases', total: 100, restricted: true,
    covers_descendants: true, channels: [{ channel: 'phone', total: 60 }] });
  await world.act('entitlements', id, 'top_up', { units: 20 });
  const ways = [
    (i) => ['/v1/cases', { account_id: children[i % 8].id, title: `by phone ${i}`, channel: 'phone', entitlement_id: id }],
    (i) => ['/v1/cases', { account_id: children[i % 8].id, title: `by web ${i}`, channel: 'web', entitlement_id: id }],
    () => [`/v1/entitlements/${id}/consume`, { units: 1 }],
  ];
  const outcomes = await rush(240, (i) => {
    const [path, body] = ways[i % 3](i);
    return crowd.send('POST', path, { body });
  });
  const { done, ...others } = counts(outcomes);
  assert.equal(done, 120, JSON.stringify(others));
  assert.ok(Object.keys(others).every((one) => ['409 terms_exhausted', '409 channel_terms_exhausted'].includes(one)),
    JSON.stringify(others));
  assert.deepEqual(await world.balance(id), [0, 0]);
  assert.equal((await postings(id)).consume, 120);
  verifies();
});

test('without restriction nobody is refused and everything is counted', { timeout: 120000 }, async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, { unit: 'cases', total: 50 });
  const outcomes = await rush(120, (i) =>
    crowd.send('POST', '/v1/cases', { body: { account_id: account.id, title: `case ${i}` } }));
  assert.deepEqual(counts(outcomes), { done: 120 });
  assert.deepEqual(await world.balance(id), [-70, -70]);
  verifies();
});
