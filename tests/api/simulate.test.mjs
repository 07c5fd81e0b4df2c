// Simulations of service levels: the same as `entitled eval`, with stored calendars besides.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from './harness.mjs';

const server = await startServer();
const { client } = server;
after(() => server.stop());

const WEEK = { mon: [['09:00', '17:00']], tue: [['09:00', '17:00']] };
const send = (body) => client.request('POST', '/v1/sla/simulate', { body });
const opened = { title: 'Printer', created_at: '2026-11-23T14:00:00Z' };

test('a deadline is explained, with calendars inline and stored', async () => {
  const made = await client.post('/v1/calendars', { name: 'Office', time_zone: 'Europe/Berlin', week: WEEK });
  const inline = await send({
    version: { calendar: 'Office', rules: [{ name: 'Fix', kind: 'resolution', target: 'PT4H' }] },
    calendars: { Office: { timezone: 'Europe/Berlin', week: WEEK } },
    case: opened,
    events: [{ at: '2026-11-24T09:00:00Z', resolve: true }],
  });
  assert.equal(inline.status, 200, JSON.stringify(inline.body));
  const [fix] = inline.body.milestones;
  assert.equal(fix.state, 'met');
  assert.equal(fix.target_at, '2026-11-24T10:00:00Z');
  assert.equal(fix.timeline[0].sum.text, 'Mon 2026-11-23 15:00 + 4 h business time (Office) = Tue 2026-11-24 11:00');
  const stored = await send({
    version: { calendar_id: made.body.id, rules: [{ name: 'Fix', kind: 'resolution', target: 'PT4H' }] },
    case: opened,
    until: '2026-11-24T10:00:01Z',
  });
  assert.equal(stored.status, 200, JSON.stringify(stored.body));
  assert.equal(stored.body.milestones[0].target_at, '2026-11-24T10:00:00Z');
  assert.equal(stored.body.milestones[0].state, 'violated');
  assert.equal(stored.body.case.sla_status, 'violated');
});

test('what is wrong is told with its place', async () => {
  const bad = await send({ version: { rules: [{ name: 'R', target: 'soon' }] }, case: opened, events: [{ at: 'now', sing: true }] });
  assert.equal(bad.status, 422);
  const places = bad.body.errors.map(({ pointer }) => pointer).sort();
  assert.deepEqual(places, ['#/events/0/at', '#/events/0/sing', '#/version/rules/0/target']);
});

test('rules of a stored policy', async () => {
  const policy = await client.post('/v1/sla_policies', { name: 'Gold' });
  const rules = [{ name: 'Fix', kind: 'resolution', target: 'PT4H' }];
  const version = await client.post('/v1/sla_policy_versions', { sla_policy_id: policy.body.id, rules });
  const none = await send({ policy_id: policy.body.id, case: opened });
  assert.equal(none.status, 422);
  assert.equal(none.body.errors[0].pointer, '#/policy_id');
  await client.post(`/v1/sla_policy_versions/${version.body.id}/activate`, {});
  for (const named of [{ policy_id: policy.body.id }, { version_id: version.body.id }]) {
    const reply = await send({ ...named, case: opened, until: opened.created_at });
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    assert.equal(reply.body.milestones[0].target_at, '2026-11-23T18:00:00Z');
  }
});

test('an expression is checked, with the place of what is wrong', async () => {
  const check = (body) => client.request('POST', '/v1/expressions/check', { body });
  const good = await check({ expression: 'priority="high" AND account.tier  = "gold"' });
  assert.deepEqual([good.status, good.body], [200, {
    valid: true, expression: 'priority = "high" and account.tier = "gold"', reads: { case: ['priority'], account: ['tier'] },
  }]);
  const bad = await check({ expression: 'account.teir = "gold" and\n  prio = "é"' });
  assert.equal(bad.body.valid, false);
  assert.deepEqual(bad.body.faults.map((one) => [one.code, one.line, one.column, one.found]), [['unknown_field', 1, 1, 'account.teir'], ['unknown_field', 2, 3, 'prio']]);
  for (const [body, code] of [[{}, 'required'], [{ expression: 5 }, 'type'], [{ expression: 'true', more: 1 }, 'unknown_field']]) {
    const refused = await check(body);
    assert.deepEqual([refused.status, refused.body.errors[0].code], [422, code]);
  }
});
