// The worked examples of cases and their terms, through HTTP.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Contract } from './contract.mjs';
import { Client, describeApi, launch, makeStore, startServer } from './harness.mjs';
import { all, day, pointers, refused, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
after(() => server.stop());

const problem = (method, path, options, status, code) => refused(client, method, path, options, status, code);
const reasons = (body) => body.errors.map((one) => one.detail.split(':')[0]).sort();
const open = (account, more) => ({ body: { account_id: account.id, title: 'help', ...more } });
const remaining = async (id) => (await world.get('entitlements', id)).remaining;

// ---- a TV with a year of warranty -----------------------------------------------------------------

test('TV warranty: three cases, another product, no product, the day after', { timeout: 60000 }, async () => {
  const store = makeStore();
  const contract = new Contract(describeApi());
  const key = store.createKey('admin', '*');
  const at = async (clock, work) => {
    const running = await launch(store, { args: ['--clock', clock] });
    const local = new Client(running.port, key, contract);
    await work(new World(local), local);
    local.close();
    await running.stop();
  };
  let account, tv, soundbar, warranty, asked;
  await at('2025-08-01T10:00:00Z', async (then, local) => {
    account = await then.account({ time_zone: 'Europe/Berlin' });
    [tv, soundbar] = [await then.product({ name: 'TV-55' }), await then.product({ name: 'SOUNDBAR' })];
    warranty = await then.entitlement(account, { starts_on: '2025-07-01', ends_on: '2026-06-30', unit: 'cases', total: 9999, products: [tv.id] });
    for (let i = 0; i < 3; i++) {
      asked = await then.case(account, { product_id: tv.id });
      assert.deepEqual([asked.coverage, asked.entitlement_id, asked.units_charged], ['covered', warranty.id, 1]);
    }
    assert.deepEqual(await then.balance(warranty.id), [9996, 9996]);
    const uncovered = await then.case(account, { product_id: soundbar.id });
    assert.deepEqual([uncovered.coverage, uncovered.entitlement_id], ['uncovered', null]);
    const forced = await refused(local, 'POST', '/v1/cases', open(account, { product_id: soundbar.id, entitlement_id: warranty.id }), 409, 'not_covered');
    assert.deepEqual([reasons(forced), pointers(forced)], [['product_not_covered'], ['#/entitlement_id']]);
    const vague = await then.case(account);
    assert.equal(vague.entitlement_id, warranty.id);
    const later = await refused(local, 'PATCH', `/v1/cases/${vague.id}`, { body: { product_id: soundbar.id } }, 409, 'not_covered');
    assert.deepEqual([reasons(later), pointers(later)], [['product_not_covered'], ['#/product_id']]);
  });
  await at('2026-06-30T21:59:59Z', async (then) => {
    assert.equal((await then.check({ account_id: account.id, product_id: tv.id })).covered, true);
  });
  await at('2026-06-30T22:00:00Z', async (then, local) => {
    assert.equal((await then.get('entitlements', warranty.id)).state, 'expired');
    const forced = await refused(local, 'POST', '/v1/cases', open(account, { product_id: tv.id, entitlement_id: warranty.id }), 409, 'not_covered');
    assert.deepEqual(reasons(forced), ['not_active']);
    assert.equal((await then.case(account, { product_id: tv.id })).coverage, 'uncovered');
    // work that is covered goes on
    await then.act('cases', asked.id, 'resolve', { resolution: 'new panel' });
  });
  assert.match(store.cli(['verify']), /: 0 findings/);
  store.drop();
});

test('unlimited still counts', async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, { unit: 'cases', unlimited: true });
  await world.case(account);
  await world.case(account);
  const read = await world.get('entitlements', id);
  assert.deepEqual([read.consumed, read.remaining, read.available], [2, null, null]);
});

// ---- the default entitlement ---------------------------------------------------------------------------

test('the default is lost by deactivating, not restored by activating, kept by amending', async () => {
  const account = await world.account();
  const first = await world.entitlement(account, { unit: 'cases', total: 10, priority: 1 });
  const rival = await world.entitlement(account, { priority: 9 });
  await world.act('entitlements', first.id, 'set_default');
  const one = await world.case(account);
  assert.deepEqual([one.entitlement_id, one.coverage_rule, await remaining(first.id)], [first.id, 'default', 9]);
  await world.act('entitlements', first.id, 'amend', { changes: { total: 12, priority: 2 } });
  const amended = await world.get('entitlements', first.id);
  assert.deepEqual([amended.is_default, amended.state, amended.remaining, amended.revision], [true, 'active', 11, 1]);
  await world.act('entitlements', first.id, 'deactivate');
  await client.patch(`/v1/entitlements/${first.id}`, { total: 20 });
  const draft = await world.get('entitlements', first.id);
  assert.deepEqual([draft.state, draft.is_default], ['draft', false]);
  const two = await world.case(account);
  assert.equal(two.entitlement_id, rival.id);
  const again = await world.act('entitlements', first.id, 'activate');
  assert.deepEqual([again.is_default, again.remaining], [false, 19]);
  assert.equal((await world.case(account)).entitlement_id, rival.id);
  await world.act('entitlements', first.id, 'set_default');
  assert.deepEqual([(await world.case(account)).entitlement_id, await remaining(first.id)], [first.id, 18]);
  // an earlier default is replaced, and one that is no longer active is none
  await world.act('entitlements', rival.id, 'set_default');
  assert.equal((await world.get('entitlements', first.id)).is_default, false);
  assert.equal((await client.get(`/v1/entitlements?account_id=${account.id}&is_default=true&total=true`)).body.total, 1);
  await world.act('entitlements', rival.id, 'clear_default');
  assert.equal((await world.get('entitlements', rival.id)).is_default, false);
  await problem('POST', `/v1/entitlements/${draft.id}/activate`, { body: {} }, 409, 'already_active');
});

test('a default that does not fit is passed over', async () => {
  const account = await world.account();
  const product = await world.product();
  const chosen = await world.entitlement(account, { products: [product.id] });
  await world.act('entitlements', chosen.id, 'set_default');
  const other = await world.product();
  assert.equal((await world.case(account, { product_id: other.id })).coverage, 'uncovered');
  const spent = await world.account();
  const { id } = await world.entitlement(spent, { unit: 'cases', total: 1, restricted: true });
  await world.act('entitlements', id, 'set_default');
  assert.equal((await world.case(spent)).entitlement_id, id);
  assert.equal((await world.case(spent)).coverage, 'uncovered');
});

test('default_on_create and default_on_update', async () => {
  const account = await world.account();
  const product = await world.product();
  const { id } = await world.entitlement(account, { products: [product.id] });
  await client.patch('/v1/settings', { default_on_create: false, default_on_update: false });
  const made = await world.case(account);
  assert.equal(made.coverage, 'uncovered');
  assert.equal((await client.patch(`/v1/cases/${made.id}`, { product_id: product.id })).body.coverage, 'uncovered');
  await client.patch('/v1/settings', { default_on_create: true, default_on_update: true });
  const other = await world.product();
  const second = await world.case(account, { product_id: other.id });
  assert.equal(second.coverage, 'uncovered');
  assert.equal((await client.patch(`/v1/cases/${second.id}`, { product_id: product.id })).body.entitlement_id, id);
});

// ---- restriction ---------------------------------------------------------------------------------------------

test('restricted: the eleventh is refused, a cancelled one gives its term back', async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, { unit: 'cases', total: 10, restricted: true });
  const cases = [];
  for (let i = 0; i < 10; i++) cases.push(await world.case(account, { entitlement_id: id }));
  assert.equal(await remaining(id), 0);
  await problem('POST', '/v1/cases', open(account, { entitlement_id: id }), 409, 'terms_exhausted');
  await world.act('cases', cases[3].id, 'cancel');
  assert.equal(await remaining(id), 1);
  await world.case(account, { entitlement_id: id });
  await problem('POST', `/v1/cases/${cases[3].id}/reactivate`, { body: {} }, 409, 'terms_exhausted');
  assert.equal((await world.get('cases', cases[3].id)).state, 'cancelled');
  assert.equal(await remaining(id), 0);
});

test('not restricted: it goes below zero', async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, { unit: 'cases', total: 1 });
  await world.case(account);
  await world.case(account);
  assert.deepEqual(await world.balance(id), [-1, -1]);
});

test('charged at resolution: the fourth of three is refused when it is opened', async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, { unit: 'cases', total: 3, restricted: true, charge_on: 'resolution' });
  const seen = [];
  const cases = [];
  for (let i = 0; i < 3; i++) {
    cases.push(await world.case(account, { entitlement_id: id }));
    seen.push(await world.balance(id));
  }
  assert.deepEqual(seen, [[3, 2], [3, 1], [3, 0]]);
  await problem('POST', '/v1/cases', open(account, { entitlement_id: id }), 409, 'terms_exhausted');
  for (const one of cases) await world.act('cases', one.id, 'resolve');
  assert.deepEqual(await world.balance(id), [0, 0]);
});

// ---- channels ------------------------------------------------------------------------------------------------------

const support = { unit: 'minutes', total: 6000, charge_on: 'resolution', restricted: true,
  channels: [{ channel: 'phone', total: 4800 }, { channel: 'email', total: 1200 }] };

test('channels: each its own bound within the whole; what has no row draws on the whole', async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, support);
  const long = await world.case(account, { entitlement_id: id, channel: 'email' });
  await world.act('cases', long.id, 'resolve', { billable_minutes: 1500 });
  const { channels, remaining: whole } = await world.get('entitlements', id);
  assert.deepEqual([channels.find((one) => one.channel === 'email').remaining, whole], [-300, 4500]);
  const body = await problem('POST', '/v1/cases', open(account, { entitlement_id: id, channel: 'email' }), 409, 'channel_terms_exhausted');
  assert.deepEqual(reasons(body), ['channel_terms_exhausted']);
  await world.case(account, { entitlement_id: id, channel: 'phone' });
  const web = await world.case(account, { entitlement_id: id, channel: 'web' });
  await world.act('cases', web.id, 'resolve', { billable_minutes: 60 });
  assert.equal(await remaining(id), 4440);
});

test('a row of zero closes a channel, also for a case that is moved there', async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, { ...support, channels: [...support.channels, { channel: 'web', total: 0 }] });
  const closed = await problem('POST', '/v1/cases', open(account, { entitlement_id: id, channel: 'web' }), 409, 'not_covered');
  assert.deepEqual(reasons(closed), ['channel_closed']);
  const made = await world.case(account, { entitlement_id: id, channel: 'phone' });
  const moved = await problem('PATCH', `/v1/cases/${made.id}`, { body: { channel: 'web' } }, 409, 'not_covered');
  assert.deepEqual([reasons(moved), pointers(moved)], [['channel_closed'], ['#/channel']]);
  assert.equal((await world.get('cases', made.id)).channel, 'phone');
});

test('channels beyond the total, and a total below a channel, are refused', async () => {
  const account = await world.account();
  await world.draft(account, { ...support, channels: [{ channel: 'phone', total: 4800 }, { channel: 'email', total: 4800 }] });
  await problem('POST', '/v1/entitlements', { body: { account_id: account.id, name: 'x', ...support, channels: [{ channel: 'phone', total: 7200 }] } }, 422, 'channel_above_total');
  const draft = await world.draft(account, support);
  await problem('PATCH', `/v1/entitlements/${draft.id}`, { body: { total: 4200 } }, 422, 'total_below_channel');
  await world.act('entitlements', draft.id, 'activate');
  await problem('PATCH', `/v1/entitlements/${draft.id}`, { body: { channels: [] } }, 409, 'channel_locked');
});

test('other_channels: deny', async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, { ...support, other_channels: 'deny' });
  const body = await problem('POST', '/v1/cases', open(account, { entitlement_id: id, channel: 'web' }), 409, 'not_covered');
  assert.deepEqual(reasons(body), ['channel_closed']);
});

// ---- what a case takes and gives back ------------------------------------------------------------------------------------

for (const [charge_on, wanted] of [['creation', [9, 8, 9, 8, 8, 8, 8, 9, 8]], ['resolution', [10, 10, 10, 10, 9, 10, 9, 9, 9]]]) {
  test(`the decrement walk, charged at ${charge_on}`, async () => {
    const account = await world.account();
    const { id } = await world.entitlement(account, { unit: 'cases', total: 10, charge_on });
    await client.patch('/v1/settings', { default_on_create: false });
    const seen = [];
    const note = async () => seen.push(await remaining(id));
    const a = await world.case(account, { entitlement_id: id });
    await note();
    const b = await world.case(account);
    assert.equal(b.entitlement_id, null);
    await world.act('cases', b.id, 'link', { entitlement_id: id });
    await note();
    for (const action of ['cancel', 'reactivate', 'resolve', 'reopen', 'resolve']) {
      await world.act('cases', a.id, action);
      await note();
    }
    await world.act('cases', b.id, 'override_terms', { override_terms: true, reason: 'our fault' });
    await world.act('cases', b.id, 'resolve');
    await note();
    await world.act('cases', b.id, 'override_terms', { override_terms: false, reason: 'theirs' });
    await note();
    assert.deepEqual(seen, wanted);
    await world.act('cases', b.id, 'reopen');
    await world.act('cases', b.id, 'resolve');
    assert.equal(await remaining(id), 8);
    await client.patch('/v1/settings', { default_on_create: true });
  });
}

test('relinking, unlinking, merging and deleting give back', async () => {
  const account = await world.account();
  const one = await world.entitlement(account, { unit: 'cases', total: 5 });
  const two = await world.entitlement(account, { unit: 'cases', total: 5 });
  const balances = async () => [await remaining(one.id), await remaining(two.id)];
  const made = await world.case(account, { entitlement_id: one.id });
  assert.deepEqual(await balances(), [4, 5]);
  await world.act('cases', made.id, 'link', { entitlement_id: two.id });
  assert.deepEqual(await balances(), [5, 4]);
  await client.patch(`/v1/cases/${made.id}`, { entitlement_id: null });
  assert.deepEqual(await balances(), [5, 5]);
  await world.act('cases', made.id, 'link', { entitlement_id: one.id });
  await world.act('cases', made.id, 'unlink');
  assert.deepEqual(await balances(), [5, 5]);
  const [kept, merged] = [await world.case(account, { entitlement_id: one.id }), await world.case(account, { entitlement_id: one.id })];
  assert.deepEqual(await balances(), [3, 5]);
  await world.act('cases', kept.id, 'merge', { cases: [merged.id] });
  assert.deepEqual(await balances(), [4, 5]);
  const gone = await world.get('cases', merged.id);
  assert.deepEqual([gone.state, gone.merged_into_id], ['cancelled', kept.id]);
  const brief = await world.case(account, { entitlement_id: two.id });
  await client.delete(`/v1/cases/${brief.id}`);
  assert.deepEqual(await balances(), [4, 5]);
});

test('minutes are whole, so that nothing drifts', async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, { unit: 'minutes', total: 600, charge_on: 'resolution' });
  const bill = async (billable_minutes) => {
    const made = await world.case(account, { entitlement_id: id });
    await world.act('cases', made.id, 'resolve', { billable_minutes });
    return made;
  };
  await bill(30);
  assert.equal(await remaining(id), 570);
  for (let i = 0; i < 3; i++) await bill(20);
  assert.equal(await remaining(id), 510);
  const made = await world.case(account, { entitlement_id: id });
  for (const minutes of [45, 15]) await world.make('case_activities', { case_id: made.id, subject: 'work', minutes, state: 'done' });
  await world.act('cases', made.id, 'resolve', { billable_minutes: 40 });
  assert.equal(await remaining(id), 470);
  await world.act('cases', made.id, 'reopen');
  assert.equal(await remaining(id), 510);
  const summed = await world.case(account, { entitlement_id: id });
  for (const minutes of [45, 15]) await world.make('case_activities', { case_id: summed.id, subject: 'work', minutes, state: 'done' });
  const resolved = await world.act('cases', summed.id, 'resolve');
  assert.deepEqual([resolved.billable_minutes, resolved.units_charged, await remaining(id)], [60, 60, 450]);
  await problem('POST', '/v1/entitlements', { body: { account_id: account.id, name: 'x', unit: 'minutes', total: 60, charge_on: 'creation' } }, 422, 'hours_on_creation');
});

// ---- states by dates ---------------------------------------------------------------------------------------------------------

test('activating by dates: waiting, active, expired at once', async () => {
  const account = await world.account();
  const rows = [[day(20), day(400), 'waiting'], [day(-9), day(20), 'active'], [day(-40), day(-10), 'expired']];
  for (const [starts_on, ends_on, state] of rows) {
    assert.equal((await world.entitlement(account, { starts_on, ends_on })).state, state);
  }
  const { data } = (await client.get(`/v1/entitlements?account_id=${account.id}&state=expired`)).body;
  await problem('POST', `/v1/entitlements/${data[0].id}/deactivate`, { body: {} }, 409, 'cannot_deactivate');
  const renewed = await client.post(`/v1/entitlements/${data[0].id}/renew`, {}, { status: 201 });
  assert.deepEqual([renewed.body.state, renewed.body.renewed_from_id, renewed.body.starts_on], ['draft', data[0].id, day(-9)]);
});

test('what was done is in the ledger and the trail, and all of it is whole', async () => {
  const kinds = new Set((await all(client, '/v1/term_postings')).map((one) => one.kind));
  for (const kind of ['grant', 'consume', 'refund', 'reserve', 'release']) assert.ok(kinds.has(kind), kind);
  const types = new Set((await all(client, '/v1/events', { subject_type: 'case' })).map((one) => one.type));
  for (const type of ['case.opened', 'case.resolved', 'case.reopened', 'case.cancelled', 'case.deleted']) assert.ok(types.has(type), type);
  assert.match(server.cli(['verify']), /: 0 findings/);
});
