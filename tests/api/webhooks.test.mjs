// Webhooks to a real receiver that fails, hangs, redirects and goes away; order, signatures,
// identifiers; what may be asked; kill -9 in the middle.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, describeApi, launch, makeStore } from './harness.mjs';
import { Contract } from './contract.mjs';
import { isSigned, sleep, startReceiver, until } from './receiver.mjs';

const contract = new Contract(describeApi());
const FAST = ['--quiet', '--delivery-retries', '0,0,1,1', '--delivery-timeout', '2'];
const OPEN = [...FAST, '--allow-callback-host', '127.0.0.1'];
const store = makeStore();
const key = store.createKey('admin', '*');
let server;
let api;
let account;

async function start(args) {
  server = await launch(store, { args });
  api = new Client(server.port, key, contract);
}

async function stop() {
  api.close();
  await server.stop();
}

before(async () => {
  await start(OPEN);
  account = (await api.post('/v1/accounts', { name: 'Acme' })).body;
});
after(async () => {
  await stop();
  store.drop();
});

const endpoint = async (receiver, more = {}) =>
  (await api.post('/v1/webhook_endpoints', {
    name: 'test', url: receiver.url(), event_types: ['case.*'], ...more,
  })).body;
const openCase = async (title = 'a case') =>
  (await api.post('/v1/cases', { account_id: account.id, title })).body;
const deliveries = async (query) =>
  (await api.get(`/v1/deliveries?sort=id&limit=200&${query}`)).body.data;
const settled = (e, state, count = 1) => until(async () => {
  const list = await deliveries(`endpoint_id=${e.id}&state=${state}`);
  return list.length >= count && list;
}, `${count} ${state}`);
const gone = (e) => api.delete(`/v1/webhook_endpoints/${e.id}`);

test('an event arrives, signed, as a CloudEvent, once', async () => {
  const receiver = await startReceiver();
  const e = await endpoint(receiver);
  assert.match(e.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  const made = await openCase('Grüße');
  const [row] = await settled(e, 'delivered');
  const [got] = receiver.seen;
  assert.equal(receiver.seen.length, 1);
  assert.ok(isSigned(e.secret, got.headers, got.text));
  assert.ok(!isSigned('whsec_AAAA', got.headers, got.text));
  assert.match(got.headers['content-type'], /^application\/cloudevents\+json/);
  assert.equal(got.headers['webhook-id'], got.event.id);
  assert.equal(row.message_id, got.event.id);
  assert.equal(row.event_id, got.event.id);
  assert.equal(row.body, got.text);
  assert.equal(row.attempts, 1);
  assert.equal(row.last_status, 200);
  assert.equal(row.response, 'thanks');
  const event = (await api.get(`/v1/events/${got.event.id}`)).body;
  assert.deepEqual({ ...got.event, data: undefined, sequence: undefined }, {
    specversion: '1.0', id: event.id, source: '/v1/events', type: `entitled.${event.type}`,
    subject: made.id, time: event.created_at, datacontenttype: 'application/json',
    partitionkey: account.id, data: undefined, sequence: undefined,
  });
  assert.equal(Number(got.event.sequence), event.seq);
  assert.equal(got.event.data.after.title, 'Grüße');
  assert.equal(got.event.data.before, null);
  const again = (await api.get(`/v1/webhook_endpoints/${e.id}`)).body;
  assert.ok(!('secret' in again) || again.secret === null, 'the secret is shown once');
  await gone(e);
  receiver.stop();
});

test('what fails is tried again with the same id; those after it wait; others do not', async () => {
  let broken = true;
  const receiver = await startReceiver((one) =>
    (broken && one.event.data.after?.title === 'stuck' ? 500 : 200));
  const e = await endpoint(receiver);
  const stuck = await openCase('stuck');
  await api.patch(`/v1/cases/${stuck.id}`, { priority: 'high' });
  const free = await openCase('free');
  await until(() => receiver.seen.some((one) => one.event.subject === free.id), 'the free one');
  await until(() => receiver.seen.length >= 3, 'another attempt');
  broken = false;
  await settled(e, 'delivered', 3);
  const of = receiver.seen.filter((one) => one.event.subject === stuck.id);
  const types = of.map((one) => one.event.type);
  assert.equal(types.at(-1), 'entitled.case.updated');
  assert.ok(types.slice(0, -1).every((one) => one === types[0]), String(types));
  assert.equal(new Set(of.slice(0, -1).map((one) => one.headers['webhook-id'])).size, 1);
  await gone(e);
  receiver.stop();
});

test('given up: dead, with an event; replayed by hand', async () => {
  const receiver = await startReceiver(() => ({ status: 503, body: 'not now\u0000\u0001' }));
  const e = await endpoint(receiver);
  const watcher = await startReceiver();
  const w = await endpoint(watcher, { event_types: ['delivery.died'] });
  await openCase('dead');
  const [row] = await settled(e, 'dead');
  assert.equal(row.attempts, 5);
  assert.equal(row.last_status, 503);
  assert.equal(row.last_error, 'it answered 503');
  assert.equal(row.next_attempt_at, null);
  await settled(w, 'delivered');
  assert.equal(watcher.seen[0].event.data.after.endpoint_id, e.id);
  const shown = (await api.get(`/v1/webhook_endpoints/${e.id}`)).body;
  assert.equal(shown.dead, 1);
  assert.notEqual(shown.failing_since, null);
  receiver.answer = () => 200;
  await api.post(`/v1/webhook_endpoints/${e.id}/replay`, {});
  const [sent] = await settled(e, 'delivered');
  assert.equal(sent.id, row.id);
  assert.equal((await api.get(`/v1/webhook_endpoints/${e.id}`)).body.failing_since, null);
  await api.request('POST', `/v1/deliveries/${row.id}/replay`, { status: 409 });
  await gone(e);
  await gone(w);
  receiver.stop();
  watcher.stop();
});

test('a redirect is not followed, a silent one is cut, a long reply is cut', async () => {
  const receiver = await startReceiver();
  const e = await endpoint(receiver);
  receiver.answer = () => ({ status: 302, headers: { location: receiver.url('/elsewhere') } });
  await openCase('moved');
  const [moved] = await settled(e, 'dead');
  assert.match(moved.last_error, /redirects/);
  assert.ok(receiver.seen.every((one) => one.path === '/hook'));
  receiver.answer = () => null;
  await openCase('silent');
  await until(async () => (await deliveries(`endpoint_id=${e.id}&state=failed`))
    .some((one) => /timed out|Timeout/i.test(one.last_error ?? '')), 'a timeout');
  receiver.answer = () => ({ status: 200, body: 'x'.repeat(1 << 20) });
  const list = await settled(e, 'delivered');
  assert.ok(list[0].response.length <= 600);
  await gone(e);
  receiver.stop();
});

test('410 switches the endpoint off; what waits is dead until it is on again', async () => {
  const receiver = await startReceiver(() => 410);
  const e = await endpoint(receiver);
  await openCase('gone');
  const off = await until(async () => {
    const now = (await api.get(`/v1/webhook_endpoints/${e.id}`)).body;
    return now.disabled && now;
  }, 'being switched off');
  assert.match(off.disabled_reason, /410/);
  await openCase('unheard');
  await sleep(300);
  assert.equal(receiver.seen.length, 1);
  await api.request('POST', `/v1/webhook_endpoints/${e.id}/replay`, { body: {}, status: 409 });
  const events = (await api.get(`/v1/events?subject_id=${e.id}&sort=id`)).body.data;
  assert.deepEqual(events.map((one) => one.type),
    ['webhook_endpoint.created', 'webhook_endpoint.disabled']);
  receiver.answer = () => 204;
  await api.patch(`/v1/webhook_endpoints/${e.id}`, { disabled: false });
  await api.post(`/v1/webhook_endpoints/${e.id}/replay`, {});
  await settled(e, 'delivered');
  await gone(e);
  receiver.stop();
});

test('a secret is rotated with both valid for a while; a test event goes to one only', async () => {
  const receiver = await startReceiver();
  const e = await endpoint(receiver, { event_types: [] });
  const next = (await api.post(`/v1/webhook_endpoints/${e.id}/rotate_secret`,
    { keep_old_hours: 1 })).body;
  assert.notEqual(next.secret, e.secret);
  const row = (await api.post(`/v1/webhook_endpoints/${e.id}/test`, {})).body;
  assert.equal(row.object ?? 'delivery', 'delivery');
  await settled(e, 'delivered');
  const [got] = receiver.seen;
  assert.equal(got.event.type, 'entitled.webhook_endpoint.tested');
  assert.equal(got.event.id, row.id);
  assert.ok(isSigned(e.secret, got.headers, got.text));
  assert.ok(isSigned(next.secret, got.headers, got.text));
  const last = (await api.post(`/v1/webhook_endpoints/${e.id}/rotate_secret`,
    { keep_old_hours: 0 })).body;
  await api.post(`/v1/webhook_endpoints/${e.id}/test`, {});
  await settled(e, 'delivered', 2);
  assert.ok(!isSigned(next.secret, receiver.seen[1].headers, receiver.seen[1].text));
  assert.ok(isSigned(last.secret, receiver.seen[1].headers, receiver.seen[1].text));
  await gone(e);
  receiver.stop();
});

test('what endpoints cannot be', async () => {
  const refused = async (body, pointer) => {
    const { body: problem } = await api.request('POST', '/v1/webhook_endpoints',
      { body: { name: 'x', url: 'https://example.com/', ...body }, status: 422 });
    assert.deepEqual(problem.errors.map((one) => one.pointer), [pointer]);
  };
  for (const url of ['ftp://example.com', 'https://', 'https://user:pw@example.com/',
    'https://example.com/#x', 'https://exa mple.com', 'file:///etc/passwd', 'http://h:0/',
    'http://h:99999/', 'javascript:alert(1)', 'https://[::1/']) {
    await refused({ url }, '#/url');
  }
  await refused({ event_types: ['no_such.thing'] }, '#/event_types/0');
  await refused({ event_types: ['case'] }, '#/event_types/0');
  const agent = store.createKey('manager', '*');
  await api.request('GET', '/v1/webhook_endpoints', { key: agent, status: 403 });
  await api.request('GET', '/v1/deliveries', { key: agent, status: 200 });
});

test('nothing is lost or out of order by kill -9; the same id comes again', async () => {
  const receiver = await startReceiver();
  receiver.answer = () => (Math.random() < 0.2 ? 500 : 200);
  const e = await endpoint(receiver);
  await stop();
  const CASES = 8;
  const cases = [];
  for (let round = 0; round < 6; round++) {
    await start([...OPEN.slice(0, 1), '--allow-callback-host', '127.0.0.1', '--delivery-timeout', '1',
      '--delivery-retries', '0,0,0,0,0,1,1,1,1,1,1']);
    if (round === 0) {
      for (let i = 0; i < CASES; i++) cases.push(await openCase(`k${i}`));
    }
    await Promise.all(cases.map((one) =>
      api.patch(`/v1/cases/${one.id}`, { description: `round ${round}` })));
    await sleep(10 + 20 * round);
    server.kill('SIGKILL');
    await server.ended;
    api.close();
  }
  // what the dead had is free when its lease ends: move that on instead of waiting
  await start([...OPEN.slice(0, 1), '--allow-callback-host', '127.0.0.1',
    '--delivery-retries', '0,0,0,0,0,1,1,1,1,1,1']);
  receiver.answer = () => 200;
  const want = CASES * 7;
  await until(async () => {
    const page = (await api.get(`/v1/deliveries?endpoint_id=${e.id}&state=delivered&limit=200`)).body;
    return page.data.length === want;
  }, 'all of them', 90000);
  for (const one of cases) {
    const of = receiver.seen.filter((got) => got.event.subject === one.id);
    const order = [];
    for (const got of of) {
      if (order.at(-1) !== got.event.id) order.push(got.event.id);
    }
    const right = (await api.get(`/v1/events?subject_id=${one.id}&sort=seq&limit=50`)).body.data
      .map((event) => event.id);
    assert.deepEqual(order, right);
  }
  await gone(e);
  receiver.stop();
});

test('addresses that are not public are refused when connecting', async () => {
  await stop();
  await start(FAST);
  const receiver = await startReceiver();
  const e = await endpoint(receiver);
  const named = await endpoint(receiver, { url: `http://localhost:${receiver.port}/` });
  await openCase('inside');
  for (const one of [e, named]) {
    const [row] = await settled(one, 'dead');
    assert.match(row.last_error, /not public: (127\.0\.0\.1|::1)/);
  }
  assert.equal(receiver.seen.length, 0);
  const metrics = (await api.send('GET', '/metrics', { key: null })).bytes.toString();
  assert.match(metrics, /^outbox_waiting\{kind="webhook"\} 0$/m);
  assert.match(metrics, /^outbox_died_total [1-9]/m);
  receiver.stop();
});
