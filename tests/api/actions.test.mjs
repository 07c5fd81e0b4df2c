// ?actions=true tells what may be done with a record: what it says cannot be done is refused, for
// the reason that it gave; what may be done is not refused for the state.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from './harness.mjs';
import { day, refused, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
after(() => server.stop());

// What an action needs besides a reason.
const bodies = {
  'entitlements/top_up': { units: 1 },
  'entitlements/amend': { effective_on: day(1), changes: { name: 'Renamed' } },

  'entitlements/adjust': { units: 1 },
  'entitlements/consume': { units: 1 },
  'contracts/lines': { lines: [{ name: 'Another' }] },
  'contracts/extend': { ends_on: day(400) },
  'contracts/shorten': { ends_on: day(30) },
};
const OF_THE_STATE = /^(state|state_terminal|cannot_|already_|delete_locked|not_approved)/;

async function flagsOf(plural, id, options) {
  const { body } = await client.get(`/v1/${plural}/${id}?actions=true`, options);
  return new Map(body.actions.map((one) => [one.name, one]));
}

// Try everything that is said to be impossible; the number of refusals that were as told.
async function hold(plural, id) {
  let count = 0;
  for (const { name, allowed, code, reason } of (await flagsOf(plural, id)).values()) {
    assert.equal(code === null, allowed);
    assert.equal(reason === null, allowed);
    if (allowed || name === 'update') continue;
    const path = `/v1/${plural}/${id}`;
    const body = { reason: 'To see', ...bodies[`${plural}/${name}`] };
    const reply = name === 'delete' ? await client.request('DELETE', path) : await client.request('POST', `${path}/${name}`, { body });
    if (reply.body?.code === 'required') continue; // it wants more than this test gives
    assert.equal(reply.body?.code, code, `${plural} ${name}: ${reply.status} ${JSON.stringify(reply.body)}`);
    count++;
  }
  return count;
}

test('entitlements in every state', { timeout: 60000 }, async () => {
  const account = await world.account();
  const make = (more) => world.make('entitlements', { account_id: account.id, name: 'Support', unit: 'cases', total: 5, starts_on: day(-10), ends_on: day(300), ...more });
  const act = (one, action, body = {}) => client.post(`/v1/entitlements/${one.id}/${action}`, { reason: 'So', ...body });
  const draft = await make();
  const [active, waiting, suspended, cancelled, expired] = [await make(), await make({ starts_on: day(5) }), await make(), await make(), await make({ starts_on: day(-100), ends_on: day(-10) })];
  for (const one of [active, waiting, suspended, cancelled, expired]) await act(one, 'activate');
  await act(suspended, 'suspend');
  await act(cancelled, 'cancel');
  let count = 0;
  for (const one of [draft, active, waiting, suspended, cancelled, expired]) count += await hold('entitlements', one.id);
  assert.ok(count > 25, `${count} refusals`);
  const of = async (one) => [...(await flagsOf('entitlements', one.id)).values()].filter(({ allowed }) => allowed).map(({ name }) => name);
  assert.ok((await of(draft)).includes('activate') && !(await of(active)).includes('activate'));
  assert.ok((await of(suspended)).includes('resume') && !(await of(active)).includes('resume'));
});

test('cases and contracts in their states', { timeout: 60000 }, async () => {
  const account = await world.account();
  const cases = [await world.case(account), await world.case(account), await world.case(account)];
  await client.post(`/v1/cases/${cases[1].id}/resolve`, { resolution: 'Done' });
  await client.post(`/v1/cases/${cases[2].id}/cancel`, { reason: 'Gone' });
  let count = 0;
  for (const one of cases) count += await hold('cases', one.id);
  assert.equal(count, 2 + 3 + 3, 'each state refuses what is of the others');

  const make = (more = {}) => world.make('contracts', { account_id: account.id, name: 'Agreed', starts_on: day(-10), ends_on: day(355), ...more });
  const [draft, review, active] = [await make({ keep_draft: true }), await make({ keep_draft: true }), await make()];
  await client.post(`/v1/contracts/${review.id}/submit`, { reason: 'Please' });
  count = 0;
  for (const one of [draft, review, active]) count += await hold('contracts', one.id);
  assert.ok(count > 12, `${count} refusals`);
  assert.ok((await flagsOf('contracts', review.id)).get('approve').allowed);
  assert.ok(!(await flagsOf('contracts', draft.id)).get('approve').allowed);
});

test('permissions are told first; the parameter is for one record', { timeout: 60000 }, async () => {
  const one = await world.case(await world.account());
  const viewer = server.createKey('viewer', '*');
  const flags = await flagsOf('cases', one.id, { key: viewer });
  assert.ok([...flags.values()].every(({ allowed, code }) => !allowed && code === 'forbidden'));
  assert.match(flags.get('resolve').reason, /case\.resolve/);
  assert.ok(flags.has('update') && flags.has('delete') && flags.has('merge'));
  assert.equal((await client.get(`/v1/cases/${one.id}`)).body.actions, undefined);
  const { headers } = await client.get(`/v1/cases/${one.id}?actions=true`);
  await client.get(`/v1/cases/${one.id}?actions=true`, { headers: { 'if-none-match': headers.etag } }); // never 304: it is not only the version
  await refused(client, 'GET', '/v1/cases?actions=true', {}, 400, 'bad_filter').catch(() => refused(client, 'GET', '/v1/cases?actions=true', {}, 400, 'bad_parameter'));
  await refused(client, 'GET', `/v1/cases/${one.id}?actions=perhaps`, {}, 400, 'bad_parameter');
  const allowed = [...(await flagsOf('cases', one.id)).values()].filter((flag) => flag.allowed).map(({ name }) => name);
  for (const name of ['resolve', 'cancel'].filter((action) => allowed.includes(action))) {
    const copy = await world.case({ id: one.account_id });
    const reply = await client.request('POST', `/v1/cases/${copy.id}/${name}`, { body: { reason: 'So' } });
    assert.doesNotMatch(reply.body.code ?? '', OF_THE_STATE);
  }
});
