// Operations on more than one contract: previewed and applied, and what they refuse.
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

const contract = (account, more = {}) =>
  world.make('contracts', {
    account_id: account.id,
    name: `Contract ${++world.made}`,
    starts_on: day(-10),
    ends_on: day(354),
    currency: 'EUR',
    uplift_percent: '10',
    renewal_basis: 'contracted_price',
    lines: [
      { name: 'A', unit_price: { amount: '10', currency: 'EUR' }, entitlements: [{ name: 'Phone', unit: 'cases', total: 10 }] },
      { name: 'B', unit_price: { amount: '20', currency: 'EUR' } },
    ],
    ...more,
  });
const linesOf = (id) => all(client, '/v1/contract_lines', { contract_id: id, sort: 'number' });

// What never began is cancelled at the instant of the request.
const planned = (changes) => JSON.parse(JSON.stringify(changes), (key, value) => (key === 'cancelled_at' ? null : value));

// The preview says what the operation then does.
async function operate(id, name, body = {}) {
  const shown = await client.request('POST', `/v1/contracts/${id}/${name}/preview`, { body, status: 200 });
  const done = await client.request('POST', `/v1/contracts/${id}/${name}`, { body, status: 200 });
  assert.deepEqual(planned(done.body.changes), planned(shown.body.changes));
  assert.deepEqual(done.body.price_delta, shown.body.price_delta);
  return done.body;
}

test('a renewal follows upon its contract, once', async () => {
  const one = await contract(await world.account());
  const done = await operate(one.id, 'renew');
  const made = done.made.find((row) => row.type === 'contract');
  const next = (await client.get(`/v1/contracts/${made.id}`)).body;
  assert.equal(next.renewed_from_id, one.id);
  assert.equal(next.starts_on, day(355));
  assert.deepEqual((await linesOf(next.id)).map((line) => line.unit_price.amount), ['11.00', '22.00']);
  await refused(client, 'POST', `/v1/contracts/${one.id}/renew`, { body: {} }, 409, 'renew_already');
});

test('contracts are merged, split, brought to one end, transferred and cloned', async () => {
  const [account, other] = [await world.account(), await world.account()];
  const [one, two] = [await contract(account), await contract(account)];
  await operate(one.id, 'merge', { contracts: [two.id], group_lines: true });
  const lines = (await linesOf(one.id)).filter((line) => line.state === 'active');
  assert.deepEqual(lines.map((line) => line.quantity), ['2', '2']);
  await operate(one.id, 'co_terminate', { ends_on: day(100) });
  const done = await operate(one.id, 'split', { lines: [lines[1].id] });
  const made = done.made.find((row) => row.type === 'contract');
  await operate(made.id, 'transfer', { account_id: other.id });
  await operate(one.id, 'clone', { starts_on: day(200), name: 'Again' });
  await refused(client, 'POST', `/v1/contracts/${one.id}/transfer`, { body: { account_id: account.id } }, 422, 'invalid');
});

test('reminders are judged', async () => {
  const account = await world.account();
  const made = await contract(account, { reminders: [{ kind: 'expiry', days: 30, recipients: ['administrator', 'contact:billing'] }] });
  assert.equal(made.reminders.length, 1);
  await refused(client, 'PATCH', `/v1/contracts/${made.id}`, { body: { reminders: [{ kind: 'low_balance', days: 3 }] } }, 422, 'invalid');
});
