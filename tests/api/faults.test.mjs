// All that is wrong with a body is told at once: what cannot be read, and what cannot be meant.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from './harness.mjs';
import { pointers, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
after(() => server.stop());

const NONE = { acc: 'acc_0123456789abc', con: 'con_0123456789abc', prd: 'prd_0123456789abc', ctr: 'ctr_0123456789abc', tpl: 'tpl_0123456789abc' };
let account, contact, product, asset, contract, draft;

before(async () => {
  account = (await world.account()).id;
  contact = (await world.contact({ id: account })).id;
  product = (await world.product()).id;
  asset = (await world.asset({ id: account })).id;
  contract = (await world.make('contracts', { account_id: account, name: 'C', starts_on: '2025-01-01', ends_on: '2025-12-31', currency: 'EUR' })).id;
  draft = (await world.draft({ id: account }, { unit: 'cases', total: 5, starts_on: '2025-01-01', ends_on: '2025-12-31' })).id;
});

// The faults of a body as "#/pointer code", sorted; none if it is taken.
async function faultsOf(method, path, body) {
  const { status, body: reply } = await client.request(method, path, { body });
  if (status < 300) return [];
  const found = reply.errors ?? [];
  assert.ok(status === 422 || status === 409 || status === 403 || status === 404, `${status} ${JSON.stringify(reply)}`);
  return found.map((one) => `${one.pointer} ${one.code}`).sort();
}

test('a wrong kind and a wrong meaning are told in one answer', async () => {
  const rows = [
    ['POST', '/v1/accounts', { name: 5, email: 'x', time_zone: 'Mars/Olympus', parent_id: NONE.acc },
      ['#/email format', '#/name type', '#/parent_id no_such_record', '#/time_zone unknown_value']],
    ['POST', '/v1/accounts', { email: 'x', colour: 'red' }, ['#/colour unknown_field', '#/email format', '#/name required']],
    ['POST', '/v1/accounts', { name: 'A', tier: [], external_id: '7' }, ['#/external_system required', '#/tier type']],
    ['POST', '/v1/assets', { account_id: account, name: true, product_id: NONE.prd, installed_on: '2025-02-01', ends_on: '2025-01-01' },
      ['#/ends_on start_after_end', '#/name type', '#/product_id no_such_record']],
    ['POST', '/v1/entitlements', { account_id: account, name: 'E', priority: 'high', starts_on: '2025-02-01', ends_on: '2025-01-01', unit: 'cases',
      contacts: [NONE.con], channels: [{ channel: 'a b' }] },
    ['#/channels/0/channel format', '#/contacts/0 no_such_record', '#/ends_on start_after_end', '#/priority type', '#/total total_required']],
    ['PATCH', `/v1/entitlements/${draft}`, { priority: 'high', ends_on: '2024-12-31', calendar_id: 'cal_0123456789abc' },
      ['#/calendar_id no_such_record', '#/ends_on start_after_end', '#/priority type']],
    ['POST', '/v1/cases', { account_id: account, title: 7, status: 'On hold', contact_id: NONE.con }, ['#/contact_id no_such_record', '#/status format', '#/title type']],
    ['POST', '/v1/contracts', { account_id: account, starts_on: '2025-02-01', ends_on: '2025-01-01', discount_percent: '120', auto_renew: 'yes',
      lines: [{ name: 5 }] },
    ['#/auto_renew type', '#/discount_percent range', '#/ends_on date_order', '#/lines/0/ends_on date_order', '#/lines/0/name type',
      '#/lines/0/starts_on date_outside_parent', '#/name required']],
    ['PUT', '/v1/accounts/by-external/crm/faults', { name: 'A', tier: 7, email: 'x' }, ['#/email format', '#/tier type']],
    ['PATCH', '/v1/settings', { organisation: 5, session_hours: 0, time_zone: 'Mars/Olympus' },
      ['#/organisation type', '#/session_hours range', '#/time_zone unknown_value']],
    ['POST', '/v1/users', { email: 'none', role: 'customer', theme: 'pink', password: 'short' },
      ['#/contact_id required', '#/email format', '#/name required', '#/password range', '#/theme unknown_value']],
    ['POST', `/v1/contracts/${contract}/upsell`, { lines: [], effective_on: 5 }, ['#/effective_on type', '#/lines required']],
  ];
  for (const [method, path, body, wanted] of rows) {
    assert.deepEqual(await faultsOf(method, path, body), wanted, `${method} ${path} ${JSON.stringify(body)}`);
  }
});

test('nothing is told of what was not read, nor of what follows from it', async () => {
  const rows = [
    // the first day might have been an earlier one
    ['POST', '/v1/entitlements', { account_id: account, name: 'E', starts_on: 5, ends_on: '2025-01-01' }, ['#/starts_on type']],
    ['PATCH', `/v1/entitlements/${draft}`, { starts_on: 5, ends_on: '2024-12-31' }, ['#/starts_on type']],
    ['PATCH', `/v1/entitlements/${draft}`, { start_on: '2024-01-01', ends_on: '2024-12-31' }, ['#/start_on unknown_field']],
    // the unit might count nothing
    ['POST', '/v1/entitlements', { account_id: account, name: 'E', unit: 'casks' }, ['#/unit unknown_value']],
    ['POST', '/v1/entitlements', { account_id: account, name: 'E', unit: 'cases', unlimitd: true }, ['#/unlimitd unknown_field']],
    ['POST', '/v1/entitlements', { account_id: account, name: 'E', unit: 'cases', template_id: 'none' }, ['#/template_id format']],
    // whose contact it is follows from the account
    ['POST', '/v1/cases', { account_id: 5, title: 'T', contact_id: contact, product_id: NONE.prd }, ['#/account_id type', '#/product_id no_such_record']],
    ['POST', '/v1/cases', { title: 'T', contact_id: contact, asset_id: asset, product_id: product }, ['#/account_id required']],
    ['POST', '/v1/contract_lines', { name: 5, contract_id: NONE.ctr, starts_on: '2020-01-01' }, ['#/contract_id no_such_record', '#/name type']],
    ['POST', '/v1/contract_lines', { name: 'L', contract_id: 5, starts_on: '2020-01-01' }, ['#/contract_id type']],
    ['POST', '/v1/contract_lines', { name: 'L', parent_id: 5 }, ['#/parent_id type']],
    ['POST', '/v1/contracts', { account_id: account, name: 'C', starts_on: 'soon', ends_on: '2025-01-01' }, ['#/starts_on format']],
    ['POST', '/v1/contracts', { account_id: account, name: 'C', starts_on: '2025-01-01', currency: 5, lines: [{ name: 'L', unit_price: { amount: '1', currency: 'EUR' } }] },
      ['#/currency type']],
    ['POST', '/v1/case_comments', { case_id: 5, body: 'x', internal: 'no' }, ['#/case_id type', '#/internal type']],
    ['POST', '/v1/users', { email: 'a@example.com', name: 'A', role: 'pope', contact_id: null }, ['#/role unknown_value']],
    ['POST', '/v1/accounts', [], ['# type']],
  ];
  for (const [method, path, body, wanted] of rows) {
    assert.deepEqual(await faultsOf(method, path, body), wanted, `${method} ${path} ${JSON.stringify(body)}`);
  }
});

// What is told beside a field that cannot be read must be told whatever that field says.
test('what is told beside a field of a wrong kind holds for each of its values', { timeout: 300000 }, async () => {
  const many = {
    accounts: { name: 'A', email: 'x', time_zone: 'Mars/Olympus', country: '??', tier: 't', parent_id: NONE.acc },
    contacts: { account_id: account, name: 'N', email: 'x', phone: '1' },
    products: { name: 'P', code: 'c', parent_id: NONE.prd },
    assets: { account_id: account, name: 'A', product_id: NONE.prd, installed_on: '2025-02-01', ends_on: '2025-01-01', serial_number: '1' },
    entitlements: { account_id: account, name: 'E', unit: 'cases', unit_name: 'x', total: 3, unlimited: true, reset: 'none', roll_over: 2, restricted: true,
      starts_on: '2025-02-01', ends_on: '2025-01-01', time_zone: 'Mars/Olympus', contract_id: contract, contacts: [NONE.con], charge_on: 'creation',
      overage_price: { amount: '-1', currency: 'EUR' }, channels: [{ channel: 'a b', total: 9 }, { channel: 'x', total: 9 }], template_id: NONE.tpl },
    entitlement_templates: { name: 'T', unit: 'none', total: 3, unlimited: true, reset: 'monthly', restricted: true, roll_over: 1 },
    cases: { account_id: account, title: 'T', status: 'A b', channel: 'A b', contact_id: NONE.con, product_id: product, asset_id: asset, parent_id: 'cas_0123456789abc' },
    contracts: { account_id: account, name: 'C', starts_on: '2025-02-01', ends_on: '2025-01-01', term: 'P1Y', currency: 'XXY', discount_percent: '200',
      uplift_percent: '-1', time_zone: 'Mars/Olympus', lines: [{ name: 'L', starts_on: '2020-01-01', list_price: { amount: '1', currency: 'USD' } }, { nam: 1 }] },
    contract_lines: { contract_id: contract, name: 'L', starts_on: '2024-01-01', ends_on: '2026-12-31', quantity: '-1', pricing_method: 'one_time',
      period: 'months', period_months: 2, list_price: { amount: '-1', currency: 'USD' }, ramp: 'custom', ramp_percent: '-1', derived_percent: '-1',
      ramp_segments: [{ starts_on: '2025-03-01', ends_on: '2025-02-01' }], adjustments: [{ type: 'markdown_percent', value: '-1' }] },
    contract_coverages: { contract_id: contract, asset_id: asset, product_id: product, starts_on: '2024-01-01', ends_on: '2023-01-01' },
    contract_templates: { name: 'T', currency: 'XXY', term: 'PT5H' },
    users: { email: 'none', name: 'U', role: 'customer', time_zone: 'Mars/Olympus', password: 'short' },
    api_keys: { name: 'K', role: 'customer', scopes: ['case.fly'] },
    views: { name: 'V', list: 'case', columns: ['colour'], shared: false },
    calendars: { name: 'C', time_zone: 'Mars/Olympus', week: { mon: '9-8' }, holidays: [{ name: 'x' }], exceptions: [{}] },
    holiday_sets: { name: 'H', holidays: [{ name: 'x' }] },
    webhook_endpoints: { name: 'W', url: 'ftp://x', event_types: ['case.fly'], account_id: NONE.acc },
  };
  const others = { unit: ['none', 'custom'], unlimited: [false], starts_on: ['2019-01-01'], ends_on: ['2026-06-30'], total: [100], reset: ['yearly'], role: ['agent'],
    currency: ['USD'], pricing_method: ['recurring'], period: ['years'], ramp: ['none'], list: ['account'], installed_on: ['2020-01-01'], channels: [[]],
    ramp_segments: [[]], shared: [true], holidays: [[]], exceptions: [[]], roll_over: [null], contract_id: [null], lines: [[]], term: ['P3M'], time_zone: ['UTC'] };
  let told = 0;
  for (const [plural, body] of Object.entries(many)) {
    for (const field of Object.keys(body)) {
      const path = `/v1/${plural}`;
      const of = (one) => one.split(' ')[0].startsWith(`#/${field}`);
      const unread = await faultsOf('POST', path, { ...body, [field]: 4.5 });
      const beside = unread.filter((one) => !of(one));
      if (!unread.some(of)) continue; // JSON, which is read later
      told += beside.length;
      const without = { ...body };
      delete without[field];
      for (const other of [body, without, ...(others[field] ?? []).map((value) => ({ ...body, [field]: value }))]) {
        const all = await faultsOf('POST', path, other);
        if (all.some((one) => one.endsWith(' required') && of(one))) continue; // it cannot be left out
        const wrong = beside.filter((one) => !all.includes(one));
        assert.deepEqual(wrong, [], `${path} ${field}: ${JSON.stringify(other)} has ${all}`);
      }
    }
  }
  assert.ok(told > 200, `${told} told`);
});

test('accounts that one does not see are told as if there were none', async () => {
  const hidden = await world.account();
  const { secret } = await world.make('api_keys', { name: 'K', role: 'agent', scopes: ['*'], accounts: [account] });
  const told = async (body) => (await client.request('POST', '/v1/cases', { body, key: secret, status: 422 })).body;
  for (const account_id of [hidden.id, NONE.acc]) {
    assert.deepEqual(pointers(await told({ account_id, title: 5, asset_id: asset })), ['#/account_id', '#/title']);
  }
});

test('oneself: a wrong kind and a password that is too short', async () => {
  const password = 'a password of somebody';
  const email = `faults.${++world.made}@example.com`;
  await world.make('users', { email, name: 'A', role: 'agent', password });
  const { headers, body } = await client.request('POST', '/v1/session', { body: { email, password }, key: null, status: 201 });
  const options = { key: null, headers: { cookie: headers['set-cookie'][0].split(';')[0], 'x-csrf-token': body.csrf_token }, status: 422 };
  const told = async (more) => pointers((await client.request('PATCH', '/v1/users/me', { ...options, body: more })).body);
  assert.deepEqual(await told({ theme: 5, password: 'short' }), ['#/current_password', '#/password', '#/theme']);
  assert.deepEqual(await told({ current_password: 5, password: 'short' }), ['#/current_password', '#/password']);
  assert.deepEqual(await told({ current_password: password, password: 5 }), ['#/password']);
});
