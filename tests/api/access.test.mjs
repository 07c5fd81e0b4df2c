// Who may do what, with whose records, for how long; and what nobody ever sees.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { adminPassword, root, startServer } from './harness.mjs';
import { all, pointers, refused, World } from './world.mjs';

const server = await startServer();
const { client, contract } = server;
const world = new World(client);
after(() => server.stop());

const source = (path) => readFileSync(join(root, 'src', path), 'utf8');
const problem = (method, path, options, status, code) => refused(client, method, path, options, status, code);
const password = (name) => `a long password of ${name}`;

// ---- signing in ---------------------------------------------------------------------------------

async function signIn(email, secret, status = 201) {
  const reply = await client.request('POST', '/v1/session', { body: { email, password: secret }, key: null, status });
  const [cookie] = (reply.headers['set-cookie']?.[0] ?? '').split(';');
  return { reply, cookie, csrf: reply.body.csrf_token, id: reply.body.user?.id };
}

// How a request of a session is sent.
const as = ({ cookie, csrf }, more = {}) => ({ key: null, ...more, headers: { cookie, 'x-csrf-token': csrf, ...more.headers } });

async function person(role, more = {}) {
  const email = `${role}.${++world.made}@example.com`;
  const made = await world.make('users', { email, name: `A ${role}`, role, password: password(role), ...more });
  return { ...(await signIn(email, password(role))), email, id: made.id };
}

// ---- the tables of the program -------------------------------------------------------------------

const ROLES = ['viewer', 'agent', 'sales_agent', 'order_agent', 'manager', 'admin', 'integration', 'customer'];
const table = new Map([...source('core/access.def').matchAll(/^ENT_MAY\("([a-z_.]+)",\s*"([A-Z-]{8})"\)/gm)]
  .map(([, name, letters]) => [name, ROLES.filter((_, i) => letters[i] !== '-')]));
const actions = new Map([...source('app/action.def').matchAll(/^ENT_(?:ACTION|OPERATION)\((\w+),\s*(\w+),\s*\w+,\s*"([a-z_.]+)"/gm)]
  .map(([, type, name, permission]) => [`${name}_${type}`, permission]));
const routes = new Map([...source('api/route.def').matchAll(/^ENT_ROUTE\((.*)\)$/gm)].map(([, row]) => {
  const [, , , flags, permission, operation] = row.split(/,\s*(?=[A-Z0-9"a-z])/);
  return [operation.trim(), { isPublic: flags.includes('PUBLIC'), permission: permission === 'NULL' ? null : permission.replaceAll('"', '') }];
}));
for (const [, name] of source('app/report.def').matchAll(/^ENT_REPORT\((\w+),/gm)) {
  routes.set(`report_${name}`, { isPublic: false, permission: `report.${name}` });
}
const types = new Map([...source('core/entity/type.def').matchAll(/^ENT_TYPE\((\w+), "(\w+)"/gm)].map(([, name, plural]) => [plural, name]));
const VERBS = { list: 'read', get: 'read', create: 'create', update: 'update', delete: 'delete', upsert: 'update' };

// What an operation takes: a permission, null for anybody known, undefined for anybody at all.
function permissionOf({ id, path }) {
  const route = routes.get(id);
  if (route) return route.isPublic ? undefined : route.permission;
  const action = actions.get(id.replace(/^preview_/, ''));
  if (action) return action;
  return `${types.get(path.split('/')[2])}.${VERBS[id.split('_')[0]]}`;
}

const PREFIXES = { accounts: 'acc', contacts: 'con', products: 'prd', assets: 'ast', entitlements: 'ent', entitlement_templates: 'tpl',
  entitlement_revisions: 'rev', term_postings: 'pst', term_lots: 'lot', cases: 'cas', case_comments: 'cmt', case_activities: 'act',
  milestones: 'mst', sla_policies: 'sla', sla_policy_versions: 'slv', teams: 'tem', views: 'viw', users: 'usr', api_keys: 'key', events: 'evt' };

function targetOf(path) {
  return path.replace('{id}', `${PREFIXES[path.split('/')[2]]}_0123456789abc`).replace('{system}', 'crm').replace('{external_id}', 'none');
}

// Each operation once; what must be refused is, and nothing else.
async function holdAgainst(options, mayDo, isKnown = true) {
  const wrong = [];
  for (const one of contract.operations()) {
    const wanted = permissionOf(one);
    if (one.id === 'sign_out' || one.id === 'sign_in') continue;
    const body = ['POST', 'PUT', 'PATCH'].includes(one.method) ? {} : undefined;
    const reply = await client.request(one.method, targetOf(one.path), { ...options, body });
    const isTheirs = one.id === 'update_self' && options.key; // a key has no account of its own
    const mayAsk = () => (wanted === null ? !isTheirs : mayDo(wanted));
    const expected = wanted === undefined ? 'allowed' : !isKnown ? 401 : mayAsk() ? 'allowed' : 403;
    const seen = [401, 403].includes(reply.status) ? reply.status : 'allowed';
    if (seen !== expected) wrong.push(`${one.id} (${wanted}): ${reply.status}, wanted ${expected}`);
    if (seen === 401) assert.match(reply.headers['www-authenticate'], /^Bearer /);
  }
  assert.deepEqual(wrong, []);
}

test('the table names a permission for every operation', () => {
  assert.ok(table.size > 60 && actions.size > 15 && routes.size > 8);
  for (const one of contract.operations()) {
    const wanted = permissionOf(one);
    assert.ok(wanted === undefined || wanted === null || table.has(wanted), `${one.id}: ${wanted}`);
    assert.equal(one.operation['x-permission'], wanted ?? undefined, one.id);
  }
});

test('the metadata tells the same of each role', async () => {
  const { roles } = (await client.get('/v1/meta')).body;
  assert.deepEqual(roles.map((role) => role.code), ROLES);
  for (const { code, detail, permissions } of roles) {
    assert.deepEqual(permissions, [...table].filter(([, who]) => who.includes(code)).map(([name]) => name), code);
    assert.ok(detail.length > 10, code);
  }
});

for (const role of ROLES.filter((one) => one !== 'customer')) {
  test(`what a key of role ${role} may do`, async () => {
    await holdAgainst({ key: server.createKey(role, '*') }, (permission) => table.get(permission).includes(role));
  });
}

test('what a customer may do', async () => {
  const contact = await world.contact(await world.account());
  const session = await person('customer', { contact_id: contact.id });
  await holdAgainst(as(session), (permission) => table.get(permission).includes('customer'));
});

test('without a key, with a wrong one, and with nonsense: 401', async () => {
  await holdAgainst({ key: null }, () => false, false);
  for (const authorization of ['Bearer ek_nonsense', 'Bearer ', 'Basic YTpi', 'bearer x', 'x']) {
    await problem('GET', '/v1/accounts', { key: null, headers: { authorization } }, 401, 'unauthenticated');
  }
  await problem('GET', '/v1/accounts', { key: null, headers: { cookie: 'entitled_session=es_nonsense' } }, 401, 'unauthenticated');
});

const names = (scope, permission) => scope === '*' || scope.split('.').every((half, i) => half === '*' || half === permission.split('.')[i]);

for (const scopes of [['*.read'], ['case.*', 'account.read'], ['coverage.check'], ['entitlement.top_up', '*.create']]) {
  test(`scopes ${scopes.join(' ')}`, async () => {
    const key = server.createKey('manager', ...scopes);
    await holdAgainst({ key }, (permission) => table.get(permission).includes('manager') && scopes.some((scope) => names(scope, permission)));
    const { body } = await client.get('/v1/session', { key });
    const wanted = [...table.keys()].filter((one) => table.get(one).includes('manager') && scopes.some((scope) => names(scope, one)));
    assert.deepEqual(body.permissions.sort(), wanted.sort());
  });
}

test('a key without scopes may do nothing', async () => {
  const { secret } = await world.make('api_keys', { name: 'none', role: 'admin', scopes: [] });
  await holdAgainst({ key: secret }, () => false);
});

test('an unknown scope and a key for a customer are refused', async () => {
  const body = await problem('POST', '/v1/api_keys', { body: { name: 'x', role: 'customer', scopes: ['case.fly', 'cases.read', '*.*'] } }, 422, 'invalid');
  assert.deepEqual(pointers(body), ['#/role', '#/scopes/0', '#/scopes/1']);
});

// ---- nobody gives what they do not have ---------------------------------------------------------------

test('keys and users cannot be made mightier than their maker', async () => {
  const account = await world.account();
  const maker = (await world.make('api_keys', { name: 'maker', role: 'admin', scopes: ['api_key.*', 'user.*', 'account.read'] })).secret;
  const own = { name: 'x', role: 'admin', scopes: ['user.read'] };
  await client.post('/v1/api_keys', own, { key: maker, status: 201 });
  await problem('POST', '/v1/api_keys', { body: { ...own, scopes: ['*'] }, key: maker }, 403, 'forbidden');
  await problem('POST', '/v1/users', { body: { email: 'x@example.com', name: 'x', role: 'admin', password: 'x'.repeat(12) }, key: maker }, 403, 'forbidden');
  const admin = await person('admin');
  await problem('PATCH', `/v1/users/${admin.id}`, { body: { password: 'taken over now' }, key: maker }, 403, 'forbidden');
  const narrow = (await world.make('api_keys', { name: 'narrow', role: 'admin', scopes: ['*'], accounts: [account.id] })).secret;
  const below = { name: 'y', role: 'agent', scopes: ['*'] };
  const body = await problem('POST', '/v1/api_keys', { body: below, key: narrow }, 403, 'forbidden');
  assert.deepEqual(pointers(body), ['#/accounts']);
  await problem('POST', '/v1/api_keys', { body: { ...below, accounts: [account.id], account_trees: true }, key: narrow }, 403, 'forbidden');
  const other = await world.account();
  await refusedAny('POST', '/v1/api_keys', { body: { ...below, accounts: [other.id] }, key: narrow });
  await client.post('/v1/api_keys', { ...below, accounts: [account.id] }, { key: narrow, status: 201 });
});

async function refusedAny(method, path, options) {
  const { body } = await client.request(method, path, { ...options, status: [403, 409, 422] });
  return body;
}

// ---- whose records --------------------------------------------------------------------------------------

// One account with a record of each owned type.
async function estate(more = {}) {
  const account = await world.account(more);
  const contact = await world.contact(account);
  const asset = await world.asset(account);
  const entitlement = await world.entitlement(account, { unit: 'cases', total: 5 });
  await world.act('entitlements', entitlement.id, 'top_up', { units: 3 });
  await world.act('entitlements', entitlement.id, 'amend', { changes: { total: 6 } });
  const made = await world.case(account, { contact_id: contact.id });
  const comment = await world.make('case_comments', { case_id: made.id, body: 'for all' });
  const internal = await world.make('case_comments', { case_id: made.id, body: 'for staff', internal: true });
  const activity = await world.make('case_activities', { case_id: made.id, subject: 'called' });
  return { account, contact, asset, entitlement, case: made, comment, internal, activity };
}

const parent = await estate({ name: 'parent' });
const child = await estate({ name: 'child', parent_id: parent.account.id });
const other = await estate({ name: 'other' });
const OWNED = ['contacts', 'assets', 'entitlements', 'entitlement_revisions', 'term_postings', 'term_lots', 'cases', 'case_comments',
  'case_activities', 'events'];

async function seesOnly(options, wanted) {
  for (const plural of OWNED) {
    const query = { total: 'true', expand: plural === 'events' ? 'account' : 'account' };
    const { body } = await client.get(`/v1/${plural}?limit=200&${new URLSearchParams(query)}`, options);
    const seen = new Set(body.data.map((one) => one.account_id));
    assert.deepEqual([...seen].sort(), [...wanted].sort(), plural);
    assert.equal(body.total, body.data.length, plural);
    assert.ok(body.data.every((one) => one.account?.id === one.account_id), plural);
  }
  const { body } = await client.get('/v1/accounts?limit=200', options);
  assert.deepEqual(body.data.map((one) => one.id).sort(), [...wanted].sort());
}

// Every record outside, read, changed, deleted, acted on.
async function doesNotExist(options, home) {
  const records = [['accounts', home.account], ['contacts', home.contact], ['assets', home.asset], ['entitlements', home.entitlement],
    ['cases', home.case], ['case_comments', home.comment], ['case_activities', home.activity]];
  for (const [plural, { id }] of records) {
    const path = `/v1/${plural}/${id}`;
    await problem('GET', path, options, 404, 'not_found');
    await problem('PATCH', path, { ...options, body: { name: 'x' } }, 404, 'not_found');
    await problem('DELETE', path, options, 404, 'not_found');
  }
  await problem('POST', `/v1/cases/${home.case.id}/resolve`, { ...options, body: {} }, 404, 'not_found');
  await problem('POST', `/v1/entitlements/${home.entitlement.id}/cancel`, { ...options, body: {} }, 404, 'not_found');
  const none = [
    ['contacts', { account_id: home.account.id, name: 'x' }, '#/account_id'],
    ['assets', { account_id: home.account.id, name: 'x' }, '#/account_id'],
    ['entitlements', { account_id: home.account.id, name: 'x' }, '#/account_id'],
    ['cases', { account_id: home.account.id, title: 'x' }, '#/account_id'],
    ['case_comments', { case_id: home.case.id, body: 'x' }, '#/case_id'],
    ['case_activities', { case_id: home.case.id, subject: 'x' }, '#/case_id'],
    ['coverage/check', { account_id: home.account.id }, '#/account_id'],
    ['coverage/check', { contact_id: home.contact.id }, undefined],
    ['coverage/check', { asset_id: home.asset.id }, undefined],
  ];
  for (const [plural, body, pointer] of none) {
    const refusal = await problem('POST', `/v1/${plural}`, { ...options, body }, 422, 'no_such_record');
    if (pointer) assert.deepEqual(pointers(refusal), [pointer], plural);
  }
  const { body: batch } = await client.post('/v1/coverage/check-batch', { checks: [{ account_id: home.account.id }] }, options);
  assert.equal(batch.data[0].error.code, 'no_such_record');
}

test('a key of one account', async () => {
  const { secret: key } = await world.make('api_keys', { name: 'one', role: 'manager', scopes: ['*'], accounts: [parent.account.id] });
  await seesOnly({ key }, [parent.account.id]);
  await doesNotExist({ key }, child);
  await doesNotExist({ key }, other);
  const made = { account_id: parent.account.id, name: 'x' };
  for (const [field, id] of [['contact_id', other.contact.id], ['asset_id', other.asset.id]]) {
    const body = await problem('POST', '/v1/entitlements', { body: { ...made, [field]: id }, key }, 422, 'no_such_record');
    assert.deepEqual(pointers(body), [`#/${field}`]);
  }
  await problem('POST', '/v1/accounts', { body: { name: 'beyond' }, key }, 403, 'forbidden');
  await problem('POST', '/v1/accounts', { body: { name: 'below', parent_id: parent.account.id }, key }, 403, 'forbidden');
});

test('a key of a tree', async () => {
  const { secret: key } = await world.make('api_keys', { name: 'tree', role: 'manager', scopes: ['*'],
    accounts: [parent.account.id], account_trees: true });
  await seesOnly({ key }, [parent.account.id, child.account.id]);
  await doesNotExist({ key }, other);
  const { status } = await client.get(`/v1/cases/${child.case.id}`, { key });
  assert.equal(status, 200);
  const { body } = await client.post('/v1/accounts', { name: 'below', parent_id: child.account.id }, { key });
  await client.delete(`/v1/accounts/${body.id}`, { key });
  await problem('POST', '/v1/accounts', { body: { name: 'elsewhere', parent_id: other.account.id }, key }, 422, 'no_such_record');
  await problem('POST', '/v1/accounts', { body: { name: 'beyond' }, key }, 403, 'forbidden');
  // what leaves the tree is gone at once, also from what is in memory
  await client.post('/v1/coverage/check', { account_id: child.account.id }, { key });
  await client.patch(`/v1/accounts/${child.account.id}`, { parent_id: null });
  await problem('GET', `/v1/cases/${child.case.id}`, { key }, 404, 'not_found');
  await problem('POST', '/v1/coverage/check', { key, body: { account_id: child.account.id } }, 422, 'no_such_record');
  await client.patch(`/v1/accounts/${child.account.id}`, { parent_id: parent.account.id });
});

test('an expanded record outside the scope is null', async () => {
  const { secret: key } = await world.make('api_keys', { name: 'child', role: 'viewer', scopes: ['*'], accounts: [child.account.id] });
  const { body } = await client.get(`/v1/accounts/${child.account.id}?expand=parent`, { key });
  assert.equal(body.parent_id, parent.account.id);
  assert.equal(body.parent, null);
});

test('an upsert of what is outside neither changes it nor makes another', async () => {
  await client.patch(`/v1/contacts/${other.contact.id}`, { external_system: 'crm', external_id: 'c1' });
  const { secret: key } = await world.make('api_keys', { name: 'up', role: 'manager', scopes: ['*'], accounts: [parent.account.id] });
  await client.request('PUT', '/v1/contacts/by-external/crm/c1', { key, body: { account_id: parent.account.id, name: 'mine' }, status: [404, 409, 422] });
  assert.equal((await world.get('contacts', other.contact.id)).name, other.contact.name);
});

// ---- the customer ------------------------------------------------------------------------------------------

test('a customer sees the own account, never what is internal, and asks in the own name', async () => {
  const home = await estate({ name: 'customer', parent_id: parent.account.id });
  const colleague = await world.contact(home.account);
  const options = as(await person('customer', { contact_id: home.contact.id }));
  for (const plural of ['accounts', 'contacts', 'assets', 'entitlements', 'term_postings', 'term_lots', 'cases', 'case_comments']) {
    const { body } = await client.get(`/v1/${plural}?limit=200`, options);
    assert.ok(body.data.length > 0, plural);
    assert.deepEqual([...new Set(body.data.map((one) => one.account_id ?? one.id))], [home.account.id], plural);
  }
  for (const plural of ['users', 'events', 'teams', 'api_keys', 'case_activities', 'entitlement_templates', 'entitlement_revisions',
    'sla_policies', 'sla_policy_versions']) {
    await problem('GET', `/v1/${plural}`, options, 403, 'forbidden');
  }
  await problem('GET', '/v1/settings', options, 403, 'forbidden');
  for (const home2 of [parent, other]) {
    await problem('GET', `/v1/cases/${home2.case.id}`, options, 404, 'not_found');
    await problem('GET', `/v1/accounts/${home2.account.id}`, options, 404, 'not_found');
  }
  // internal comments: not in lists, counts, searches or alone
  const comments = (await client.get(`/v1/case_comments?total=true&case_id=${home.case.id}`, options)).body;
  assert.deepEqual([comments.total, comments.data.map((one) => one.id)], [1, [home.comment.id]]);
  assert.equal((await client.get('/v1/case_comments?q=staff', options)).body.data.length, 0);
  assert.equal((await client.get('/v1/case_comments?internal=true&total=true', options)).body.total, 0);
  await problem('GET', `/v1/case_comments/${home.internal.id}`, options, 404, 'not_found');
  await problem('POST', '/v1/case_comments', { ...options, body: { case_id: home.case.id, body: 'x', internal: true } }, 403, 'forbidden');
  // a case in the own name
  const made = (await client.post('/v1/cases', { account_id: home.account.id, title: 'help' }, options)).body;
  assert.equal(made.contact_id, home.contact.id);
  const body = await refusedAny('POST', '/v1/cases', { ...options, body: { account_id: home.account.id, title: 'x', contact_id: colleague.id } });
  assert.deepEqual(pointers(body), ['#/contact_id']);
  await problem('POST', '/v1/cases', { ...options, body: { account_id: other.account.id, title: 'x' } }, 422, 'no_such_record');
  await problem('PATCH', `/v1/cases/${made.id}`, { ...options, body: { title: 'y' } }, 403, 'forbidden');
  const said = (await client.post('/v1/case_comments', { case_id: made.id, body: 'thanks' }, options)).body;
  assert.deepEqual([said.internal, said.author], [false, 'A customer']);
  // expand does not lead out of it either
  const { body: wide } = await client.get('/v1/cases?expand=assignee,team,account,entitlement', options);
  assert.ok(wide.data.every((one) => one.assignee === null && one.team === null && one.account.id === home.account.id));
});

test('a customer without contact cannot be made', async () => {
  const body = await problem('POST', '/v1/users', { body: { email: 'c@example.com', name: 'c', role: 'customer' } }, 422, 'required');
  assert.deepEqual(pointers(body), ['#/contact_id']);
});

// ---- for how long --------------------------------------------------------------------------------------------

const probe = async (options) => (await client.request('GET', '/v1/accounts?limit=1', { ...options, status: [200, 401, 403] })).status;
const probeInline = async (options) => (await client.request('POST', '/v1/coverage/check',
  { ...options, body: { account_id: parent.account.id }, status: [200, 401, 403] })).status;

test('a key that is revoked, deleted or narrowed is so at once', async () => {
  const make = () => world.make('api_keys', { name: 'short', role: 'manager', scopes: ['*'] });
  const ends = [
    [(one) => world.act('api_keys', one.id, 'revoke'), 401],
    [(one) => client.delete(`/v1/api_keys/${one.id}`), 401],
    [(one) => client.patch(`/v1/api_keys/${one.id}`, { scopes: ['team.read'] }), 403],
    [(one) => client.patch(`/v1/api_keys/${one.id}`, { expires_at: '2020-01-01T00:00:00Z' }), 401],
  ];
  for (const [end, wanted] of ends) {
    const one = await make();
    const options = { key: one.secret };
    assert.deepEqual([await probe(options), await probeInline(options)], [200, 200]);
    await end(one);
    assert.deepEqual([await probe(options), await probeInline(options)], [wanted, wanted]);
  }
  const one = await make();
  await world.act('api_keys', one.id, 'revoke');
  const again = await world.act('api_keys', one.id, 'revoke');
  assert.ok(again.revoked_at);
});

test('a key expires at its time, also when it is in memory', { timeout: 30000 }, async () => {
  const expires = Date.now() + 1500;
  const { secret: key } = await world.make('api_keys', { name: 'soon', role: 'viewer', scopes: ['*'], expires_at: new Date(expires).toISOString() });
  assert.equal(await probeInline({ key }), 200);
  while (Date.now() <= expires + 5) await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual([await probeInline({ key }), await probe({ key })], [401, 401]);
});

test('what is in memory is the account scope of now', async () => {
  const one = await world.make('api_keys', { name: 'moved', role: 'viewer', scopes: ['*'] });
  assert.equal(await probeInline({ key: one.secret }), 200);
  await client.patch(`/v1/api_keys/${one.id}`, { accounts: [other.account.id] });
  const { status } = await client.request('POST', '/v1/coverage/check', { key: one.secret, body: { account_id: parent.account.id } });
  assert.equal(status, 422);
});

// ---- sessions -------------------------------------------------------------------------------------------------

test('a session: cookie, who am I, CSRF, signing out', async () => {
  const session = await person('agent');
  const flags = session.reply.headers['set-cookie'][0];
  assert.match(flags, /^entitled_session=es_[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
  const settings = (await client.get('/v1/settings')).body;
  const me = (await client.get('/v1/session', as(session))).body;
  assert.deepEqual([me.who, me.role, me.id, me.csrf_token], ['user', 'agent', session.id, session.csrf]);
  assert.deepEqual([me.contact_id, me.language, me.organisation, me.time_zone], [null, null, settings.organisation, settings.time_zone]);
  assert.deepEqual(me.channels, settings.channels);
  const { cookie } = session;
  const body = { name: 'by session' };
  await problem('POST', '/v1/accounts', { body, key: null, headers: { cookie } }, 403, 'csrf');
  await problem('POST', '/v1/accounts', { body, key: null, headers: { cookie, 'x-csrf-token': 'csrf_wrong' } }, 403, 'csrf');
  const stranger = await person('agent');
  await problem('POST', '/v1/accounts', { body, key: null, headers: { cookie, 'x-csrf-token': stranger.csrf } }, 403, 'csrf');
  await client.get('/v1/accounts?limit=1', { key: null, headers: { cookie } });
  await client.post('/v1/accounts', body, as(session));
  const out = await client.request('DELETE', '/v1/session', as(session, { status: 204 }));
  assert.match(out.headers['set-cookie'][0], /^entitled_session=; .*Max-Age=0/);
  assert.equal(await probe(as(session)), 401);
  assert.equal(await probe(as(stranger)), 200);
});

test('a disabled, demoted or deleted user, and a new password, end a session at once', async () => {
  const ends = [
    [(one) => client.patch(`/v1/users/${one.id}`, { disabled: true }), 401],
    [(one) => client.patch(`/v1/users/${one.id}`, { password: 'another long password' }), 401],
    [(one) => client.delete(`/v1/users/${one.id}`), 401],
  ];
  for (const [end, wanted] of ends) {
    const one = await person('manager');
    assert.deepEqual([await probe(as(one)), await probeInline(as(one))], [200, 200]);
    await end(one);
    assert.deepEqual([await probe(as(one)), await probeInline(as(one))], [wanted, wanted]);
    await signIn(one.email, password('manager'), 401);
  }
  const one = await person('manager');
  await client.patch(`/v1/users/${one.id}`, { role: 'viewer' });
  await problem('POST', '/v1/products', { ...as(one), body: { name: 'x' } }, 403, 'forbidden');
});

test('signing in: by address in any case; wrong ones are all alike', async () => {
  await signIn('ADMIN@example.com', adminPassword);
  const wrong = [['admin@example.com', 'wrong'], ['nobody@example.com', adminPassword], ['x', 'y']];
  const bodies = [];
  for (const [email, secret] of wrong) {
    const { reply } = await signIn(email, secret, 401);
    bodies.push({ ...reply.body, request_id: '' });
    assert.equal(reply.headers['set-cookie'], undefined);
  }
  assert.deepEqual(bodies[1], bodies[0]);
  assert.deepEqual(bodies[2], bodies[0]);
  assert.equal(bodies[0].code, 'bad_credentials');
  await problem('POST', '/v1/session', { key: null, body: {} }, 422, 'invalid');
});

test('too many failures: even the right password waits', { timeout: 60000 }, async () => {
  const one = await person('viewer');
  for (let i = 0; i < 5; i++) await signIn(one.email, `wrong ${i}`, 401);
  const { reply } = await signIn(one.email, password('viewer'), 429);
  assert.equal(reply.body.code, 'login_throttled');
  assert.ok(Number(reply.headers['retry-after']) > 0);
  assert.equal(await probe(as(one)), 200, 'who is signed in stays so');
  await signIn('admin@example.com', adminPassword);
});

test('a short password is refused', async () => {
  const body = await problem('POST', '/v1/users', { body: { email: 's@example.com', name: 's', role: 'viewer', password: 'short' } }, 422, 'range');
  assert.deepEqual(pointers(body), ['#/password']);
  assert.ok(!JSON.stringify(body).includes('"short"'));
});

// ---- what nobody sees ----------------------------------------------------------------------------------------------

test('no secret is in any list, event, reply of another, log or metric', { timeout: 60000 }, async () => {
  const options = { headers: { 'idempotency-key': 'secret-key' } };
  const made = (await client.post('/v1/api_keys', { name: 'secret', scopes: ['*'] }, options)).body;
  assert.match(made.secret, /^ek_[\w-]{43}$/);
  const replayed = (await client.post('/v1/api_keys', { name: 'secret', scopes: ['*'] }, options)).body;
  assert.deepEqual([replayed.id, replayed.secret], [made.id, null]);
  const one = await person('agent');
  await client.patch(`/v1/users/${one.id}`, { password: 'the second password' });
  const again = await signIn(one.email, 'the second password');
  await client.get('/v1/accounts?limit=1', { key: made.secret });
  await world.act('api_keys', made.id, 'revoke');
  const texts = [server.log.text];
  for (const { method, path } of contract.operations()) {
    if (method !== 'GET' || path.includes('{')) continue;
    const target = path.startsWith('/v1/') && path.endsWith('s') && !path.endsWith('settings') ? `${path}?limit=200&sort=-created_at` : path;
    texts.push((await client.send('GET', target)).bytes.toString());
  }
  texts.push((await client.get(`/v1/users/${one.id}`)).bytes.toString(), (await client.get(`/v1/api_keys/${made.id}`)).bytes.toString());
  const all = texts.join('\n');
  assert.ok(all.includes('user.updated') && all.includes('api_key.revoked'), 'the events are among them');
  const secrets = [made.secret, server.key, password('agent'), 'the second password', adminPassword, again.cookie.split('=')[1],
    again.csrf, '$argon2'];
  for (const secret of secrets) assert.ok(!all.includes(secret), `${secret.slice(0, 6)}… is told`);
});

test('the trail is whole', () => {
  assert.match(server.cli(['verify']), /: 0 findings/);
});
