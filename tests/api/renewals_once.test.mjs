// Servers die at random while contracts are renewed by themselves: each once, none left out.
// ENT_SEED repeats a run.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Contract } from './contract.mjs';
import { Fleet } from './fleet.mjs';
import { database, describeApi, fastBinary, makeStore } from './harness.mjs';
import { until } from './receiver.mjs';
import { all, day, randomOf, World } from './world.mjs';

const CONTRACTS = 200;
const ACCOUNTS = 25;
const LANES = 8;
const KILLS = 6;
const SPAN_S = 3;

const seed = Number(process.env.ENT_SEED ?? Date.now() % 1000000);
console.log(`# seed ${seed}, ${database}`);
process.setMaxListeners(0);

const store = makeStore({ program: fastBinary });
const fleet = new Fleet({
  store, key: store.createKey('admin', '*'), contract: new Contract(describeApi()), args: ['--quiet'], sockets: LANES, random: randomOf(seed), weather: randomOf(seed + 1),
});
after(async () => {
  await fleet.stop();
  store.drop();
});

// What each is: some become contracts in force, some drafts; some have a line that is not renewed.
const proposals = ['direct', 'quote', 'order'];
const proposalOf = (i) => proposals[i % proposals.length];
const linesOf = (i) => [
  { name: 'Care', quantity: String(1 + (i % 9)), unit_price: { amount: '10', currency: 'EUR' }, entitlements: [{ name: 'Phone', unit: 'cases', total: 10 }] },
  { name: 'Once', renewable: i % 4 !== 0 },
];

function inLanes(count, work) {
  let next = 0;
  return Promise.all(Array.from({ length: LANES }, async () => {
    while (next < count) await work(next++);
  }));
}

test('each contract is renewed once while servers are killed', { timeout: 120000 }, async () => {
  await fleet.raiseAll();
  const world = new World(fleet.slots[0].client);
  const accounts = [];
  for (let i = 0; i < ACCOUNTS; i++) accounts.push((await world.account()).id);
  const made = [];
  await inLanes(CONTRACTS, async (i) => {
    made[i] = await world.make('contracts', {
      account_id: accounts[i % ACCOUNTS], name: `Care ${i}`, starts_on: day(-300), ends_on: day(64), currency: 'EUR', renewal_proposal: proposalOf(i), uplift_percent: '10',
      renewal_basis: 'contracted_price', lines: linesOf(i),
    });
  });

  // From here on each falls due the moment it is told to renew itself.
  const begin = Date.now();
  await Promise.all([
    fleet.killAll(KILLS, SPAN_S),
    inLanes(CONTRACTS, async (i) => {
      await new Promise((done) => setTimeout(done, begin + (SPAN_S * 1000 * i) / CONTRACTS - Date.now()));
      await fleet.insist('PATCH', `/v1/contracts/${made[i].id}`, { body: { auto_renew: true } }, 200);
    }),
  ]);

  const { client } = fleet.slots[0];
  await until(async () => (await client.get('/v1/contracts?limit=1&total=true')).body.total >= 2 * CONTRACTS, 'all to be renewed', 30000);
  await until(async () => /^entitled_due_overdue 0$/m.test((await client.send('GET', '/metrics')).bytes.toString()), 'nothing to be due', 30000);

  const contracts = await all(client, '/v1/contracts', { limit: 200 });
  const lines = await all(client, '/v1/contract_lines', { limit: 200 });
  const operations = await all(client, '/v1/contract_operations', { kind: 'renew', limit: 200 });
  assert.equal(contracts.length, 2 * CONTRACTS);
  assert.equal(operations.length, CONTRACTS);
  assert.equal(new Set(operations.map((one) => one.contract_id)).size, CONTRACTS);
  for (const [i, { id }] of made.entries()) {
    const next = contracts.filter((one) => one.renewed_from_id === id);
    assert.equal(next.length, 1, `contract ${i}`);
    assert.deepEqual([next[0].starts_on, next[0].stage], [day(65), proposalOf(i) === 'direct' ? 'live' : 'draft'], `contract ${i}`);
    const its = lines.filter((one) => one.contract_id === next[0].id).sort((a, b) => (a.name < b.name ? -1 : 1));
    assert.deepEqual(its.map((one) => one.name), i % 4 === 0 ? ['Care'] : ['Care', 'Once'], `contract ${i}`);
    assert.equal(Number(its[0].unit_price.amount), 11, `contract ${i}`);
  }
  const created = await all(client, '/v1/events', { type: 'contract.created', limit: 200 });
  assert.equal(new Set(created.map((one) => one.subject_id)).size, created.length);
  assert.equal(created.length, 2 * CONTRACTS);
  assert.match(store.cli(['verify']), /: 0 findings/);
});
