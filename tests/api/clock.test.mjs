// serve --clock: moving it does what falls due on the way, each at exactly its instant.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from './harness.mjs';
import { World } from './world.mjs';

let server;
let client;
before(async () => {
  server = await startServer({ args: ['--clock', '2025-06-10T08:00:00Z', '--workers', '1'] });
  ({ client } = server);
});
after(() => server.stop());

async function verbs(id) {
  const { body } = await client.get(`/v1/events?subject_id=${id}&sort=seq`);
  return body.data.map((event) => [event.type.split('.')[1], event.created_at]);
}

test('a year passes in one request', async () => {
  const account = await new World(client).account();
  const { body: made } = await client.post('/v1/entitlements', {
    account_id: account.id, name: 'E', time_zone: 'Europe/Berlin', starts_on: '2025-07-01', ends_on: '2026-06-30',
  });
  await client.post(`/v1/entitlements/${made.id}/activate`, {});
  const { body } = await client.post('/v1/clock', { to: '2026-08-01T00:00:00Z' }, { status: 200 });
  assert.deepEqual(body, { object: 'clock', now: '2026-08-01T00:00:00Z', instants: 2, handled: 2, failed: 0 });
  assert.deepEqual((await verbs(made.id)).slice(-2), [
    ['activated', '2025-06-30T22:00:00Z'],
    ['expired', '2026-06-30T22:00:00Z'],
  ]);
  const metrics = (await client.send('GET', '/metrics')).bytes.toString();
  for (const line of [
    'entitled_due_handled_total{subject="entitlement"} 2', 'entitled_due_overdue 0', 'entitled_due_failing 0',
    'entitled_scheduler_lag_seconds_bucket{le="0.001"} 2', 'entitled_scheduler_lag_seconds_count 2',
  ]) assert.ok(metrics.includes(`${line}\n`), line);
});

test('what it refuses', async () => {
  for (const [body, code, pointer] of [
    [{}, 'required', '#/to'],
    [{ to: 'soon' }, 'format', '#/to'],
    [{ to: '2025-01-01T00:00:00Z' }, 'range', '#/to'],
  ]) {
    const reply = await client.post('/v1/clock', body, { status: 422 });
    assert.deepEqual([reply.body.errors[0].code, reply.body.errors[0].pointer], [code, pointer]);
  }
  await client.post('/v1/clock', { to: '2027-01-01T00:00:00Z' }, { status: 403, key: server.createKey('manager', '*') });
});

test('without --clock there is no clock to move', async () => {
  const plain = await startServer();
  try {
    await plain.client.post('/v1/clock', { to: '2026-08-01T00:00:00Z' }, { status: 409 });
  } finally {
    await plain.stop();
  }
});
