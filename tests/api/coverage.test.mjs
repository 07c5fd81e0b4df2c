// Is this customer covered? The worked examples, and one answer through every door.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, test } from 'node:test';
import { Client, fastBinary, launch, run, startServer } from './harness.mjs';
import { all, day, randomOf, refused, UTC_DAY, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
const plain = await launch(server, { args: ['--no-cache', '--quiet'] });
const uncached = new Client(plain.port, server.key, server.contract);
after(async () => {
  uncached.close();
  await plain.stop();
  await server.stop();
});

const byId = (answer, id) => answer.candidates.find((one) => one.entitlement_id === id);
const reasonsOf = (candidate) => candidate.reasons.map((one) => one.code);

// ---- Marcie and Jackson ---------------------------------------------------------------------------

async function household() {
  const account = await world.account();
  const [printer, display, mouse] = [await world.product(), await world.product(), await world.product()];
  const [marcie, jackson, dana] = [await world.contact(account), await world.contact(account), await world.contact(account)];
  return { account, printer, display, mouse, marcie, jackson, dana, nobody: { id: null }, nothing: { id: null } };
}

// Which entitlements are offered: rows of contact, product, names of the eligible.
async function offers(home, named, rows) {
  for (const [contact, product, ...wanted] of rows) {
    const answer = await world.check({ account_id: home.account.id, contact_id: home[contact].id, product_id: home[product].id });
    const eligible = Object.keys(named).filter((name) => byId(answer, named[name].id).eligible);
    assert.deepEqual(eligible, wanted, `${contact} ${product}`);
    assert.equal(answer.covered, wanted.length > 0);
    assert.equal(answer.contact_not_verified, answer.covered && contact === 'nobody', `${contact} ${product}`);
  }
}

test('lists: every contact with every product', async () => {
  const home = await household();
  const e = await world.entitlement(home.account, { products: [home.printer.id, home.display.id], contacts: [home.marcie.id, home.jackson.id] });
  const rows = [];
  for (const contact of ['marcie', 'jackson', 'dana', 'nobody']) {
    for (const product of ['printer', 'display', 'mouse', 'nothing']) {
      const fits = contact !== 'dana' && product !== 'mouse';
      rows.push([contact, product, ...(fits ? ['e'] : [])]);
    }
  }
  await offers(home, { e }, rows);
  const both = await world.check({ account_id: home.account.id, contact_id: home.dana.id, product_id: home.mouse.id });
  assert.deepEqual(reasonsOf(byId(both, e.id)), ['product_not_covered', 'contact_not_named']);
});

test('two entitlements, and the same as rows of one', async () => {
  const home = await household();
  const em = await world.entitlement(home.account, { products: [home.printer.id], contacts: [home.marcie.id] });
  const ej = await world.entitlement(home.account, { products: [home.display.id], contacts: [home.jackson.id] });
  await offers(home, { em, ej }, [
    ['marcie', 'printer', 'em'], ['marcie', 'display'], ['marcie', 'nothing', 'em'],
    ['jackson', 'printer'], ['jackson', 'display', 'ej'], ['jackson', 'nothing', 'ej'],
    ['nobody', 'printer', 'em'], ['nobody', 'display', 'ej'], ['nobody', 'nothing', 'em', 'ej'],
  ]);
  const other = await household();
  const e = await world.entitlement(other.account, { grants: [
    { product_id: other.printer.id, contact_id: other.marcie.id }, { product_id: other.display.id, contact_id: other.jackson.id }] });
  await offers(other, { e }, [
    ['marcie', 'printer', 'e'], ['marcie', 'display'], ['marcie', 'nothing', 'e'],
    ['jackson', 'printer'], ['jackson', 'display', 'e'], ['jackson', 'nothing', 'e'],
    ['nobody', 'printer', 'e'], ['nobody', 'mouse'], ['dana', 'printer'], ['dana', 'nothing'],
  ]);
});

test('strict: no contact is a reason', async () => {
  const home = await household();
  const e = await world.entitlement(home.account, { contacts: [home.marcie.id], contact_policy: 'strict' });
  const answer = await world.check({ account_id: home.account.id });
  assert.deepEqual(reasonsOf(byId(answer, e.id)), ['contact_required']);
});

// ---- what is above ----------------------------------------------------------------------------------------

test('families of products, parts of assets, accounts above', async () => {
  const group = await world.account();
  const company = await world.account({ parent_id: group.id });
  const branch = await world.account({ parent_id: company.id });
  const family = await world.product();
  const model = await world.product({ parent_id: family.id });
  const machine = await world.asset(branch, { product_id: model.id });
  const part = await world.asset(branch, { parent_id: machine.id });
  const wide = await world.entitlement(group, { covers_descendants: true, products: [family.id] });
  const own = await world.entitlement(company);
  const exact = await world.entitlement(branch, { asset_id: machine.id });
  const ask = (more) => world.check({ account_id: branch.id, ...more });
  let answer = await ask({ product_id: model.id });
  assert.deepEqual([answer.entitlement_id, answer.rule, byId(answer, wide.id).inherited], [wide.id, 'product', true]);
  assert.equal(byId(answer, own.id), undefined, 'an entitlement above that does not cover descendants is no candidate');
  assert.deepEqual(reasonsOf(byId(answer, exact.id)), []);
  answer = await ask({ asset_id: part.id });
  assert.deepEqual([answer.entitlement_id, answer.rule], [exact.id, 'asset']);
  answer = await ask({ product_id: (await world.product()).id });
  assert.deepEqual(reasonsOf(byId(answer, wide.id)), ['product_not_covered']);
  const made = await world.case(branch, { product_id: model.id });
  assert.equal(made.entitlement_id, wide.id);
  // contact and asset tell the account
  assert.equal((await world.check({ asset_id: part.id })).account_id, branch.id);
  const contact = await world.contact(branch);
  assert.equal((await world.check({ contact_id: contact.id })).account_id, branch.id);
  await refused(client, 'POST', '/v1/coverage/check', { body: { account_id: company.id, contact_id: contact.id } }, 422, 'wrong_account');
});

test('the order of choice is a setting', async () => {
  const account = await world.account();
  const early = await world.entitlement(account, { ends_on: day(30), priority: 1 });
  const high = await world.entitlement(account, { ends_on: day(60), priority: 9 });
  const ask = async () => (({ entitlement_id, rule }) => [entitlement_id, rule])(await world.check({ account_id: account.id }));
  assert.deepEqual(await ask(), [high.id, 'priority']);
  await client.patch('/v1/settings', { coverage_order: ['earliest_end', 'priority'] });
  assert.deepEqual(await ask(), [early.id, 'earliest_end']);
  await client.patch('/v1/settings', { coverage_order: [] });
  assert.deepEqual(await ask(), [high.id, 'priority']);
  const named = await world.check({ account_id: account.id, entitlement_id: early.id });
  assert.deepEqual([named.entitlement_id, named.rule], [early.id, 'named']);
});

// ---- then and later ------------------------------------------------------------------------------------------

test('at: the future by dates and scheduled changes, the past by the ledger', async () => {
  const account = await world.account();
  const product = await world.product();
  const e = await world.entitlement(account, { starts_on: day(-100), ends_on: day(100), unit: 'cases', total: 2, restricted: true });
  const at = (offset) => new Date(Date.now() + offset).toISOString();
  const before = at(0);
  await world.case(account);
  const between = at(0);
  await world.case(account);
  const ask = async (more) => byId(await world.check({ account_id: account.id, ...more }), e.id);
  assert.deepEqual([(await ask({})).available, reasonsOf(await ask({}))], [0, ['terms_exhausted']]);
  assert.deepEqual([(await ask({ at: between })).available, (await ask({ at: before })).available], [1, 2]);
  assert.equal((await ask({ at: at(200 * UTC_DAY) })).state, 'expired');
  await world.act('entitlements', e.id, 'amend', { changes: { total: 5, products: [product.id] }, effective_on: day(10) });
  assert.equal((await ask({ at: at(5 * UTC_DAY) })).available, 0);
  const later = await ask({ at: at(20 * UTC_DAY), product_id: product.id });
  assert.deepEqual([later.available, later.eligible], [3, true]);
  await world.act('entitlements', e.id, 'suspend', { starts_at: at(30 * UTC_DAY), ends_at: at(40 * UTC_DAY) });
  assert.equal((await ask({ at: at(35 * UTC_DAY) })).state, 'suspended');
  assert.equal((await ask({ at: at(45 * UTC_DAY) })).state, 'active');
  await world.act('entitlements', e.id, 'cancel', { at: at(50 * UTC_DAY) });
  assert.deepEqual([(await ask({ at: at(49 * UTC_DAY) })).state, (await ask({ at: at(51 * UTC_DAY) })).state, (await ask({})).state],
    ['active', 'cancelled', 'active']);
});

test('an allowance begins anew each month', async () => {
  const account = await world.account();
  const { id } = await world.entitlement(account, { starts_on: day(-3), unit: 'cases', total: 3, reset: 'monthly', roll_over: 2, restricted: true });
  await world.case(account);
  const available = async (days) => byId(await world.check({ account_id: account.id, at: new Date(Date.now() + days * UTC_DAY).toISOString() }), id).available;
  assert.deepEqual([await available(0), await available(20), await available(40), await available(70)], [2, 2, 5, 5]);
});

// ---- bad questions, and many -----------------------------------------------------------------------------------

test('bad questions', async () => {
  const ask = (body, status, code) => refused(client, 'POST', '/v1/coverage/check', { body }, status, code);
  await ask({}, 422, 'required');
  await ask([], 422, 'type');
  await ask({ account_id: 'x' }, 422, 'format');
  await ask({ account_id: 'acc_0123456789abc' }, 422, 'no_such_record');
  const account = await world.account();
  const several = await ask({ account_id: account.id, units: -1, at: 'soon', nonsense: 1, channel: 7 }, 422, 'invalid');
  assert.equal(several.errors.length, 4);
  await ask({ account_id: account.id, product_id: 'prd_0123456789abc' }, 422, 'no_such_record');
});

test('check-batch: 10,000, each for itself', { timeout: 120000 }, async () => {
  const account = await world.account();
  const e = await world.entitlement(account);
  // each in full, so that the body has well over a megabyte
  const rest = { contact_id: null, product_id: null, asset_id: null, entitlement_id: null, channel: 'phone', units: 1 };
  const checks = Array.from({ length: 10000 }, (_, i) => ({ account_id: i % 1000 === 7 ? 'acc_0123456789abc' : account.id, ...rest }));
  const { body } = await client.post('/v1/coverage/check-batch', { checks }, { timeout: 100000 });
  assert.equal(body.data.length, 10000);
  body.data.forEach((one, i) => {
    if (i % 1000 === 7) assert.equal(one.error.code, 'no_such_record');
    else assert.equal(one.result.entitlement_id, e.id);
  });
  await refused(client, 'POST', '/v1/coverage/check-batch', { body: { checks: [...checks, checks[0]] } }, 422, 'limit');
  await refused(client, 'POST', '/v1/coverage/check-batch', { body: { checks: {} } }, 422, 'type');
  await refused(client, 'POST', '/v1/coverage/check-batch', { body: {} }, 422, 'type');
  assert.deepEqual((await client.post('/v1/coverage/check-batch', { checks: [] })).body.data, []);
});

// ---- one answer through every door -----------------------------------------------------------------------------

const random = randomOf(11);
const pick = (list) => list[Math.floor(random() * list.length)];
const some = (list, most) => list.filter(() => random() < most / list.length);
const maybe = (p, make) => (random() < p ? make() : undefined);
const CHANNELS = ['phone', 'web', 'email'];
const town = { accounts: [], products: [], contacts: [], assets: [], entitlements: [] };

async function randomEntitlement(account) {
  const products = town.products.map((one) => one.id);
  const contacts = town.contacts.filter((one) => one.account_id === account.id).map((one) => one.id);
  const assets = town.assets.filter((one) => one.account_id === account.id).map((one) => one.id);
  const unit = pick(['none', 'cases', 'cases', 'visits']);
  const total = unit === 'none' ? undefined : 1 + Math.floor(random() * 4);
  const grant = () => ({ product_id: maybe(0.6, () => pick(products)), contact_id: maybe(0.3, () => pick(contacts)),
    asset_id: maybe(0.2, () => pick(assets)), channel: maybe(0.3, () => pick(CHANNELS)) });
  return world.draft(account, {
    starts_on: pick([undefined, day(-400), day(-30), day(15)]), ends_on: pick([undefined, day(20), day(60), day(400)]),
    time_zone: pick([undefined, 'Europe/Berlin', 'Pacific/Auckland']), unit, total,
    restricted: unit !== 'none' && random() < 0.7, priority: pick([0, 0, 1, 5]), covers_descendants: random() < 0.5,
    contact_policy: pick(['lenient', 'strict']), other_channels: pick(['allow', 'deny']), asset_id: maybe(0.15, () => pick(assets)),
    products: maybe(0.4, () => some(products, 2)), contacts: maybe(0.3, () => some(contacts, 2)), grants: maybe(0.3, () => [grant(), grant()]),
    channels: total === undefined ? undefined : maybe(0.5, () => [{ channel: 'phone', total: pick([0, 1, total]) }, { channel: 'web', total: null }]),
  });
}

// Use it, spoil it, or leave it.
async function liven(e) {
  const act = (action, body = {}) => client.request('POST', `/v1/entitlements/${e.id}/${action}`, { body, status: [200, 409, 422] });
  if (random() < 0.1) return;
  await act('activate');
  if (e.unit !== 'none') await act('consume', { units: pick([1, 2, 3]), channel: pick([null, 'phone']) });
  if (random() < 0.15) await act('suspend', { starts_at: `${day(pick([2, 10]))}T00:00:00Z`, ends_at: pick([undefined, `${day(30)}T00:00:00Z`]) });
  if (random() < 0.1) await act('cancel', { at: pick([undefined, `${day(12)}T00:00:00Z`]) });
  if (random() < 0.3) await act('set_default');
}

test('a town of customers', { timeout: 120000 }, async () => {
  for (let i = 0; i < 8; i++) town.products.push(await world.product({ parent_id: i > 2 ? pick(town.products).id : null }));
  for (let i = 0; i < 12; i++) town.accounts.push(await world.account({ parent_id: i > 3 ? pick(town.accounts).id : null }));
  for (const account of town.accounts) {
    for (let i = 0; i < 2; i++) {
      town.contacts.push(await world.contact(account));
      const above = town.assets.filter((one) => one.account_id === account.id);
      town.assets.push(await world.asset(account, { product_id: maybe(0.7, () => pick(town.products).id), parent_id: maybe(0.5, () => pick(above)?.id) }));
    }
    for (let i = 0; i < 4; i++) await liven(await randomEntitlement(account));
  }
  town.accounts = await all(client, '/v1/accounts');
  town.entitlements = await all(client, '/v1/entitlements', { sort: 'id' });
  const states = new Set(town.entitlements.map((one) => one.state));
  assert.ok(states.size >= 4, [...states].join(' '));
});

function question(days) {
  const account = pick(town.contacts).account_id;
  const own = (list) => list.filter((one) => one.account_id === account);
  return {
    account_id: account, contact_id: maybe(0.6, () => pick(own(town.contacts)).id), product_id: maybe(0.5, () => pick(town.products).id),
    asset_id: maybe(0.3, () => pick(own(town.assets)).id), channel: maybe(0.6, () => pick(CHANNELS)), units: pick([1, 1, 0, 2]),
    entitlement_id: maybe(0.1, () => pick(own(town.entitlements))?.id), at: `${day(pick(days))}T12:34:56Z`,
  };
}

function command(q) {
  const options = { account_id: '--account', contact_id: '--contact', product_id: '--product', asset_id: '--asset',
    entitlement_id: '--entitlement', channel: '--channel', at: '--at', units: '--units' };
  return ['check', '--json', ...Object.entries(q).flatMap(([name, value]) => (value === undefined ? [] : [options[name], String(value)]))];
}

// The line of `eval` for it: the question and all that is known of the account and those above it.
function lineOf(q, id) {
  const accounts = [];
  for (let at = q.account_id; at; at = accounts.at(-1).parent_id) accounts.push(town.accounts.find((one) => one.id === at));
  const ids = accounts.map((one) => one.id);
  const brief = (list, ...names) => list.map((one) => Object.fromEntries(names.map((name) => [name, one[name]])));
  return JSON.stringify({ op: 'coverage.check', id, ...q, accounts: brief(accounts, 'id', 'parent_id', 'default_entitlement_id'),
    products: brief(town.products, 'id', 'parent_id'), assets: brief(town.assets, 'id', 'parent_id', 'product_id'),
    entitlements: town.entitlements.filter((one) => ids.includes(one.account_id)) });
}

test('500 questions: the server, the server without cache, and eval agree; so does the command line', { timeout: 240000 }, async () => {
  const asks = Array.from({ length: 500 }, () => question([1, 5, 11, 13, 25, 45, 90, 300]));
  const lines = asks.map((q, i) => lineOf(q, i)).join('\n');
  const evaluated = run(['eval'], { input: `${lines}\n`, program: fastBinary }).stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(evaluated.length, asks.length);
  const seen = { covered: 0, rules: new Set(), reasons: new Set() };
  for (const [i, q] of asks.entries()) {
    const answer = await world.check(q);
    assert.deepEqual((await uncached.post('/v1/coverage/check', q)).body, answer, `without cache: ${JSON.stringify(q)}`);
    assert.equal(evaluated[i].ok, true, JSON.stringify(evaluated[i]).slice(0, 500));
    assert.deepEqual(evaluated[i].result, answer, `eval: ${JSON.stringify(q)}`);
    if (i % 5 === 0) {
      const { status, stdout, stderr } = spawnSync(fastBinary, command(q), { encoding: 'utf8', env: { ...process.env, ...server.env } });
      assert.equal(status, answer.covered ? 0 : 1, stderr);
      assert.deepEqual(JSON.parse(stdout), answer, `check: ${JSON.stringify(q)}`);
    }
    seen.covered += answer.covered;
    if (answer.rule) seen.rules.add(answer.rule);
    answer.candidates.flatMap(reasonsOf).forEach((code) => seen.reasons.add(code));
  }
  assert.ok(seen.covered > 50 && seen.covered < 450, `${seen.covered} covered`);
  assert.ok(seen.rules.size >= 6, [...seen.rules].join(' '));
  assert.ok(seen.reasons.size >= 7, [...seen.reasons].join(' '));
});

test('changes in between: the cache is right after each', { timeout: 120000 }, async () => {
  for (let round = 0; round < 60; round++) {
    const e = pick(town.entitlements);
    const act = pick([['activate'], ['deactivate'], ['consume', { units: 1 }], ['set_default'], ['suspend', {}], ['resume', {}],
      ['amend', { changes: { priority: round % 7 } }], ['top_up', { units: 1 }]]);
    await client.request('POST', `/v1/entitlements/${e.id}/${act[0]}`, { body: act[1] ?? {}, status: [200, 409, 422] });
    if (round % 10 === 0) await client.patch(`/v1/products/${town.products[7].id}`, { parent_id: pick([null, town.products[0].id]) });
    for (let i = 0; i < 3; i++) {
      const q = { ...question([0]), at: undefined };
      const [a, b] = [await world.check(q), (await uncached.post('/v1/coverage/check', q)).body];
      assert.deepEqual({ ...b, at: '' }, { ...a, at: '' }, `after ${act[0]}: ${JSON.stringify(q)}`);
    }
  }
});
