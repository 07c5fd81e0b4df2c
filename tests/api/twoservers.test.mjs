// Two servers on one PostgreSQL: what one changes the other knows.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Contract } from './contract.mjs';
import { Client, database, describeApi, fastBinary, launch, makeStore } from './harness.mjs';
import { all, World } from './world.mjs';

const skip = database !== 'postgres' && 'needs PostgreSQL';
const contract = new Contract(describeApi());
const sides = [];
let store;

if (!skip) {
  store = makeStore({ program: fastBinary });
  const key = store.createKey('admin', '*');
  for (let i = 0; i < 2; i++) {
    const server = await launch(store, { program: fastBinary, args: ['--quiet'] });
    const client = new Client(server.port, key, contract, { sockets: 32 });
    sides.push({ server, client, world: new World(client) });
  }
}
after(async () => {
  for (const { server, client } of sides) {
    client.close();
    await server.stop();
  }
  store?.drop();
});

// Ask until it is so, then on for a while: it must stay so.
async function becomes(ask, wanted) {
  let seen;
  for (let i = 0; i < 200; i++) {
    seen = await ask();
    if (seen === wanted) break;
    await new Promise((done) => setTimeout(done, 25));
  }
  assert.equal(seen, wanted);
  for (let i = 0; i < 20; i++) assert.equal(await ask(), wanted, 'fell back');
}

test('a change through one is seen by the other’s coverage check', { skip, timeout: 60000 }, async () => {
  const [a, b] = sides;
  const account = await a.world.account();
  const covered = async () => (await b.world.check({ account_id: account.id })).covered;
  assert.equal(await covered(), false); // now the other has it in memory
  const { id } = await a.world.entitlement(account, { unit: 'cases', total: 2, restricted: true });
  await becomes(covered, true);
  await a.world.case(account);
  const available = async () => (await b.world.check({ account_id: account.id })).candidates[0].available;
  await becomes(available, 1);
  await a.world.act('entitlements', id, 'suspend', { reason: 'unpaid' });
  await becomes(covered, false);
  await a.world.act('entitlements', id, 'resume');
  await becomes(covered, true);
  await a.world.act('entitlements', id, 'cancel');
  await becomes(covered, false);
});

test('a family, an asset and a parent account changed through one', { skip, timeout: 60000 }, async () => {
  const [a, b] = sides;
  const [parent, child] = [await a.world.account(), await a.world.account()];
  const [family, product] = [await a.world.product(), await a.world.product()];
  await a.world.entitlement(parent, { covers_descendants: true, products: [family.id] });
  const covered = async () => (await b.world.check({ account_id: child.id, product_id: product.id })).covered;
  assert.equal(await covered(), false);
  await a.client.patch(`/v1/products/${product.id}`, { parent_id: family.id });
  await a.client.patch(`/v1/accounts/${child.id}`, { parent_id: parent.id });
  await becomes(covered, true);
  await a.client.patch(`/v1/products/${product.id}`, { parent_id: null });
  await becomes(covered, false);
});

test('a key revoked on one stops on the other', { skip, timeout: 60000 }, async () => {
  const [a, b] = sides;
  const made = await a.world.make('api_keys', { name: 'short', role: 'viewer', scopes: ['*'] });
  const status = async () => (await b.client.request('GET', '/v1/accounts?limit=1', { key: made.secret, status: [200, 401] })).status;
  assert.equal(await status(), 200);
  await a.world.act('api_keys', made.id, 'revoke');
  await becomes(status, 401);
});

test('settings changed on one hold on the other', { skip, timeout: 60000 }, async () => {
  const [a, b] = sides;
  const { id } = await a.world.account();
  await b.client.patch(`/v1/accounts/${id}`, { tier: 'one' });
  await a.client.patch('/v1/settings', { require_if_match: true });
  let n = 0;
  const status = async () => (await b.client.request('PATCH', `/v1/accounts/${id}`, { body: { tier: `t${++n}` }, status: [200, 428] })).status;
  await becomes(status, 428);
  await a.client.patch('/v1/settings', { require_if_match: false }, { headers: { 'if-match': '*' } });
  await becomes(status, 200);
});

test('no oversell across both, and no identifier or number twice', { skip, timeout: 120000 }, async () => {
  const account = await sides[0].world.account();
  const { id } = await sides[0].world.entitlement(account, { unit: 'cases', total: 300, restricted: true });
  const outcomes = {};
  const made = [];
  let next = 0;
  await Promise.all(Array.from({ length: 48 }, async (_, lane) => {
    while (next < 400) {
      const title = `case ${next++}`;
      const { status, body } = await sides[lane % 2].client.send('POST', '/v1/cases',
        { body: { account_id: account.id, title, entitlement_id: id } });
      if (status === 201) made.push(body);
      else outcomes[`${status} ${body.code}`] = (outcomes[`${status} ${body.code}`] ?? 0) + 1;
    }
  }));
  assert.deepEqual([made.length, outcomes], [300, { '409 terms_exhausted': 100 }]);
  assert.equal(new Set(made.map((one) => one.id)).size, 300);
  assert.equal(new Set(made.map((one) => one.number)).size, 300);
  assert.deepEqual(await sides[1].world.balance(id), [0, 0]);
  const ids = (await all(sides[0].client, '/v1/events')).map((one) => one.id);
  assert.equal(new Set(ids).size, ids.length);
  assert.match(store.cli(['verify']), /: 0 findings/);
});

test('one Idempotency-Key on both does it once', { skip, timeout: 60000 }, async () => {
  for (let round = 0; round < 10; round++) {
    const replies = await Promise.all(Array.from({ length: 6 }, (_, i) => sides[i % 2].client.request('POST', '/v1/accounts',
      { body: { name: `shared ${round}` }, headers: { 'idempotency-key': `shared-${round}` }, status: [201, 409] })));
    const ids = new Set(replies.filter((one) => one.status === 201).map((one) => one.body.id));
    assert.equal(ids.size, 1);
    const { body } = await sides[0].client.get(`/v1/accounts?name=shared%20${round}&total=true`);
    assert.equal(body.total, 1);
  }
});
