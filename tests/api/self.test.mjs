// What people keep for themselves: name, looks, password, and lists that they want to see again.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from './harness.mjs';
import { pointers, refused, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
after(() => server.stop());

const password = 'a password of somebody';
const other = 'another password of theirs';

async function signIn(email, secret = password, status = 201) {
  const { headers, body } = await client.request('POST', '/v1/session', { body: { email, password: secret }, key: null, status });
  const cookie = headers['set-cookie']?.[0].split(';')[0];
  return { email, cookie, csrf: body.csrf_token, user: body.user };
}

async function person(role, more = {}) {
  const email = `${role}.${++world.made}@example.com`;
  await world.make('users', { email, name: `A ${role}`, role, password, ...more });
  return signIn(email);
}

const as = ({ cookie, csrf }, more = {}) => ({ key: null, ...more, headers: { cookie, 'x-csrf-token': csrf, ...more.headers } });
const me = (who, body, more = {}) => client.request('PATCH', '/v1/users/me', as(who, { body, status: 200, ...more }));

test('everybody changes their own name, zone, language and looks, also a customer', async () => {
  const contact = await world.contact(await world.account());
  for (const who of [await person('viewer'), await person('customer', { contact_id: contact.id })]) {
    const { body, headers } = await me(who, { name: 'New Name', time_zone: 'Asia/Tokyo', language: 'de', theme: 'dark', density: 'compact' });
    assert.equal(body.name, 'New Name');
    assert.equal(headers.etag, `"v${body.version}"`);
    const session = (await client.get('/v1/session', as(who))).body;
    const { name, time_zone, language, theme, density } = session;
    assert.deepEqual({ name, time_zone, language, theme, density }, { name: 'New Name', time_zone: 'Asia/Tokyo', language: 'de', theme: 'dark', density: 'compact' });
    await me(who, { time_zone: null });
    assert.equal((await client.get('/v1/session', as(who))).body.time_zone, 'UTC');
    assert.equal((await client.get('/v1/session', as(who))).body.theme, 'dark', 'what is left out stays');
  }
});

test('what is not theirs to change is refused', async () => {
  const who = await person('agent');
  for (const body of [{ role: 'admin' }, { email: 'a@example.com' }, { accounts: [] }, { disabled: false }, { time_zone: 'Mars/Olympus' }, { name: null },
    { name: '' }, { theme: 'pink' }]) {
    const { body: problem } = await client.request('PATCH', '/v1/users/me', as(who, { body, status: 422 }));
    assert.deepEqual(pointers(problem), [`#/${Object.keys(body)[0]}`], JSON.stringify(body));
  }
  const key = await refused(client, 'PATCH', '/v1/users/me', { body: { name: 'x' } }, 403, 'forbidden');
  assert.match(key.detail, /a key is nobody's account: sign in/);
  await refused(client, 'PATCH', '/v1/users/me', { body: { role: 5 } }, 403, 'forbidden');
  assert.match((await refused(client, 'DELETE', '/v1/session', {}, 403, 'forbidden')).detail, /revoke/);
  await refused(client, 'PATCH', '/v1/users/me', { body: { name: 'x' }, key: null }, 401, 'unauthenticated');
  await refused(client, 'PATCH', '/v1/users/me', as(who, { body: { name: 'x' }, headers: { 'x-csrf-token': '' } }), 403, 'csrf');
  await refused(client, 'PATCH', '/v1/users/me', as(who, { body: { name: 'x' }, headers: { 'if-match': '"v99"' } }), 412, 'precondition_failed');
  await me(who, { name: 'x' }, { headers: { 'if-match': `"v${who.user.version + 1}"` } }).catch(() => me(who, { name: 'x' }));
  const { body } = await client.get(`/v1/events?subject_id=${who.user.id}&type=user.updated`);
  assert.equal(body.data[0].actor, who.user.id);
});

test('a new password needs the old one, ends the other sessions, and keeps this one', { timeout: 60000 }, async () => {
  const who = await person('agent');
  const elsewhere = await signIn(who.email);
  assert.deepEqual(pointers(await refused(client, 'PATCH', '/v1/users/me', as(who, { body: { password: other } }), 422, 'required')), ['#/current_password']);
  const short = await client.request('PATCH', '/v1/users/me', as(who, { body: { password: 'short', current_password: password }, status: 422 }));
  assert.deepEqual(pointers(short.body), ['#/password']);
  await refused(client, 'PATCH', '/v1/users/me', as(who, { body: { password: other, current_password: 'wrong' } }), 401, 'bad_credentials');
  await client.get('/v1/session', as(elsewhere));
  const { headers, body } = await me(who, { password: other, current_password: password });
  assert.ok(!JSON.stringify(body).includes(other));
  await refused(client, 'GET', '/v1/session', as(who), 401, 'unauthenticated');
  await refused(client, 'GET', '/v1/session', as(elsewhere), 401, 'unauthenticated');
  const cookie = headers['set-cookie'][0].split(';')[0];
  assert.notEqual(cookie, who.cookie);
  const { body: session } = await client.get('/v1/session', { key: null, headers: { cookie } });
  await me({ cookie, csrf: session.csrf_token }, { name: 'Still here' });
  await signIn(who.email, password, 401);
  await signIn(who.email, other);
});

test('guessing the old password is counted', { timeout: 60000 }, async () => {
  const who = await person('agent');
  for (let i = 0; i < 5; i++) {
    await refused(client, 'PATCH', '/v1/users/me', as(who, { body: { password: other, current_password: `guess ${i}` } }), 401, 'bad_credentials');
  }
  await refused(client, 'PATCH', '/v1/users/me', as(who, { body: { password: other, current_password: password } }), 429, 'login_throttled');
});

test('views: one’s own, and what is shared', async () => {
  const [mine, colleague, admin] = [await person('agent'), await person('agent'), await person('admin')];
  const make = (who, body, status = 201) => client.request('POST', '/v1/views', as(who, { body, status }));
  const list = async (who) => (await client.get('/v1/views?list=case&sort=name', as(who))).body.data.map(({ name }) => name);
  const own = (await make(mine, { name: 'Urgent', list: 'case', query: 'state=open&priority=critical', columns: ['number', 'title'] })).body;
  const shared = (await make(mine, { name: 'Ours', list: 'case', query: 'state=open', shared: true })).body;
  assert.equal(own.user_id, mine.user.id);
  assert.deepEqual(await list(mine), ['Ours', 'Urgent']);
  assert.deepEqual(await list(colleague), ['Ours']);
  assert.deepEqual(await list(admin), ['Ours']);

  await client.request('GET', `/v1/views/${own.id}`, as(colleague, { status: 404 }));
  await client.request('PATCH', `/v1/views/${own.id}`, as(colleague, { body: { name: 'x' }, status: 404 }));
  await client.request('DELETE', `/v1/views/${own.id}`, as(admin, { status: 404 }));
  await client.get(`/v1/views/${shared.id}`, as(colleague));
  await client.request('PATCH', `/v1/views/${shared.id}`, as(colleague, { body: { name: 'x' }, status: 403 }));
  await client.request('DELETE', `/v1/views/${shared.id}`, as(colleague, { status: 403 }));
  await client.patch(`/v1/views/${shared.id}`, { name: 'All of ours' }, as(admin));
  await client.patch(`/v1/views/${own.id}`, { shared: true }, as(mine));
  assert.deepEqual(await list(colleague), ['All of ours', 'Urgent']);
  await make(colleague, { name: 'Urgent', list: 'case' }); // a name of one's own
  await client.delete(`/v1/views/${own.id}`, as(mine));
  assert.deepEqual(await list(mine), ['All of ours']);

  for (const [body, pointer, code] of [
    [{ name: 'All of ours', list: 'case' }, '#/name', 'duplicate'],
    [{ name: 'x', list: 'nonsense' }, '#/list', 'unknown_value'],
    [{ name: 'x', list: 'case', columns: ['title', 'colour'] }, '#/columns', 'unknown_value'],
    [{ name: 'x', list: 'case', user_id: colleague.user.id }, '#/user_id', 'read_only'],
  ]) {
    const { body: problem } = await make(mine, body, [409, 422]);
    assert.deepEqual(problem.errors.map((one) => [one.pointer, one.code]), [[pointer, code]]);
  }
  await refused(client, 'POST', '/v1/views', { body: { name: 'x', list: 'case' } }, 422, 'invalid'); // a key has none
  const program = await world.make('views', { name: 'Of a program', list: 'case', shared: true });
  assert.equal(program.user_id, null);

  await client.delete(`/v1/users/${mine.user.id}`);
  assert.deepEqual(await list(colleague), ['Of a program', 'Urgent'], 'they go with whose they are');
  const contact = await world.contact(await world.account());
  await refused(client, 'GET', '/v1/views', as(await person('customer', { contact_id: contact.id })), 403, 'forbidden');
});

test('a zone that is none is refused of others, too', async () => {
  const body = { name: 'x', email: 'zone@example.com', role: 'agent', time_zone: 'Mars/Olympus' };
  const { body: told } = await client.request('POST', '/v1/users', { body, status: 422 });
  assert.deepEqual(told.errors.map((one) => one.pointer), ['#/time_zone']);
});
