// Milestones of cases over HTTP: a clock from its start to its end, by hand and by time.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from './harness.mjs';
import { refused, World } from './world.mjs';

let server;
let client;
let world;
let account;
before(async () => {
  server = await startServer({ args: ['--clock', '2025-06-10T08:00:00Z', '--workers', '1'] });
  ({ client } = server);
  world = new World(client);
  account = await world.account();
  const policy = await world.make('sla_policies', { name: 'Gold' });
  const version = await world.make('sla_policy_versions', {
    sla_policy_id: policy.id,
    rules: [{ name: 'Reply', kind: 'first_response', target: 'PT1H' }, { name: 'Solve', kind: 'resolution', target: 'PT8H' }],
  });
  await world.act('sla_policy_versions', version.id, 'activate');
  await world.act('sla_policies', policy.id, 'set_default');
});
after(() => server.stop());

const clock = (to) => client.post('/v1/clock', { to }, { status: 200 });
const milestone = async (of, name) =>
  (await client.get(`/v1/milestones?case_id=${of.id}`)).body.data.find((one) => one.name === name);
const timeline = async (of, options = {}) => (await client.request('GET', `/v1/cases/${of.id}/timeline`, options)).body;

test('a milestone is paused, resumed, violated, completed and opened again', async () => {
  const one = await world.case(account);
  let reply = await milestone(one, 'Reply');
  assert.deepEqual([reply.state, reply.target_at], ['running', '2025-06-10T09:00:00Z']);
  await clock('2025-06-10T08:30:00Z');
  reply = await world.act('milestones', reply.id, 'pause', { reason: 'Waiting' });
  assert.deepEqual([reply.state, reply.target_at, reply.remaining_seconds], ['paused', null, 1800]);
  await clock('2025-06-10T09:30:00Z');
  await refused(client, 'POST', `/v1/milestones/${reply.id}/resume`, { body: {}, headers: { 'if-match': '"1"' } }, 412, 'precondition_failed');
  reply = await world.act('milestones', reply.id, 'resume');
  assert.equal(reply.target_at, '2025-06-10T10:00:00Z');
  await clock('2025-06-10T10:30:00Z');
  assert.equal((await milestone(one, 'Reply')).state, 'violated');
  assert.equal((await world.get('cases', one.id)).sla_status, 'violated');
  reply = await world.act('milestones', reply.id, 'complete', { completed_at: '2025-06-10T09:45:00Z', reason: 'By telephone' });
  assert.deepEqual([reply.state, reply.completed_at], ['met', '2025-06-10T09:45:00Z']);
  await refused(client, 'POST', `/v1/milestones/${reply.id}/pause`, { body: {} }, 409, 'state');
  reply = await world.act('milestones', reply.id, 'reopen');
  assert.equal(reply.state, 'running');

  const { milestones } = await timeline(one);
  const told = milestones.find((each) => each.milestone.name === 'Reply');
  assert.deepEqual(told.steps.map((step) => step.step),
    ['started', 'paused', 'resumed', 'warned', 'violated', 'completed', 'reopened']);
  const [started, paused] = told.steps;
  assert.equal(started.after.sum.target_at, '2025-06-10T09:00:00Z');
  assert.match(started.after.sum.text, /1 h/);
  assert.deepEqual([paused.reason, paused.before.target_at], ['Waiting', '2025-06-10T09:00:00Z']);
});

test('cases are found by how they stand, the most urgent first', async () => {
  await clock('2025-06-11T08:00:00Z');
  const first = await world.case(account);
  await clock('2025-06-11T08:20:00Z');
  const second = await world.case(account);
  await clock('2025-06-11T09:30:00Z');
  const fresh = await world.case(account);
  const late = (await client.get(`/v1/cases?sla_status=violated&sort=next_due_at`)).body.data.map((one) => one.id);
  assert.ok(late.indexOf(first.id) >= 0 && late.indexOf(first.id) < late.indexOf(second.id));
  assert.ok(!late.includes(fresh.id));
  await client.post('/v1/case_comments', { case_id: first.id, body: 'We look at it' });
  assert.equal((await world.get('cases', first.id)).sla_status, 'on_track');
});

test('customers see when, not who and why', async () => {
  const contact = await world.contact(account);
  const one = await world.case(account, { contact_id: contact.id });
  await world.act('milestones', (await milestone(one, 'Reply')).id, 'pause', { reason: 'Not for them' });
  const email = 'customer@example.com';
  const password = 'a customer of fourteen words';
  await world.make('users', { email, name: 'Customer', role: 'customer', contact_id: contact.id, password });
  const { body, headers } = await client.request('POST', '/v1/session', { body: { email, password }, key: null, status: 201 });
  const cookie = [headers['set-cookie']].flat()[0].split(';')[0];
  const options = { key: null, headers: { cookie, 'x-csrf-token': body.csrf_token } };
  const staff = await timeline(one);
  const own = await timeline(one, options);
  assert.deepEqual([staff, own].map(({ milestones }) => milestones[0].steps.at(-1).reason), ['Not for them', null]);
  assert.equal(own.milestones[0].steps[0].actor, null);
  await refused(client, 'POST', `/v1/milestones/${own.milestones[0].milestone.id}/resume`, { body: {}, ...options }, 403, 'forbidden');
  const other = await world.case(await world.account());
  await refused(client, 'GET', `/v1/cases/${other.id}/timeline`, options, 404, 'not_found');
});
