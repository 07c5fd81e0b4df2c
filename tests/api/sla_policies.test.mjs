// Service levels and their versions: drafts, activation, defaults, what is frozen.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from './harness.mjs';
import { pointers, refused, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
after(() => server.stop());

const problem = (method, path, options, status, code) => refused(client, method, path, options, status, code);
const RULES = [{ name: 'First answer', kind: 'first_response', target: 'PT8H', targets: [{ priority: ['high', 'critical'], target: 'PT2H' }],
  actions: [{ at: '75%', do: 'task', subject: 'Answer {{case.number}}' }] }];
const policy = (name) => world.make('sla_policies', { name });
const version = (of, more = {}) => world.make('sla_policy_versions', { sla_policy_id: of.id, rules: RULES, ...more });
const act = (plural, id, action, body) => world.act(plural, id, action, body);
const events = async (id) => (await client.get(`/v1/events?subject_id=${id}&sort=seq`)).body.data.map((one) => one.type);

test('a policy, its first version, what is copied from it', async () => {
  const gold = await policy('Gold');
  assert.deepEqual([gold.is_default, gold.default_version_id, gold.version_count], [false, null, 0]);
  await problem('POST', '/v1/sla_policies', { body: { name: 'Gold' } }, 409, 'duplicate');
  await problem('POST', `/v1/sla_policies/${gold.id}/new_version`, { body: {} }, 409, 'state');
  await problem('POST', `/v1/sla_policies/${gold.id}/set_default`, { body: {} }, 409, 'state');
  const first = await version(gold);
  assert.deepEqual([first.number, first.state, first.is_default, first.used_at], [1, 'draft', false, null]);
  assert.deepEqual(first.rules, RULES);
  const active = await act('sla_policy_versions', first.id, 'activate', { reason: 'agreed' });
  assert.deepEqual([active.state, active.is_default], ['active', true]); // the first one becomes the default
  await problem('POST', `/v1/sla_policy_versions/${first.id}/activate`, { body: {} }, 409, 'state');
  assert.equal((await world.get('sla_policies', gold.id)).default_version_id, first.id);
  const second = await act('sla_policies', gold.id, 'new_version', { notes: 'faster' });
  assert.deepEqual([second.number, second.state, second.notes, second.is_default], [2, 'draft', 'faster', false]);
  assert.deepEqual(second.rules, RULES);
  await problem('POST', `/v1/sla_policy_versions/${second.id}/set_default`, { body: {} }, 409, 'state');
  await act('sla_policy_versions', second.id, 'activate');
  assert.equal((await act('sla_policy_versions', second.id, 'set_default')).is_default, true);
  assert.equal((await world.get('sla_policy_versions', first.id)).is_default, false);
  const { body } = await client.get(`/v1/sla_policy_versions?sla_policy_id=${gold.id}&is_default=true`);
  assert.deepEqual(body.data.map((one) => one.id), [second.id]);
  await act('sla_policy_versions', second.id, 'deactivate');
  assert.equal((await world.get('sla_policies', gold.id)).default_version_id, null);
  assert.deepEqual(await events(second.id), ['sla_policy_version.created', 'sla_policy_version.activated', 'sla_policy_version.deactivated']);
  assert.deepEqual(await events(gold.id), ['sla_policy.created', 'sla_policy.version_added', 'sla_policy.default_version_set',
    'sla_policy.version_added', 'sla_policy.default_version_set', 'sla_policy.default_version_cleared']);
});

test('one default of the organisation', async () => {
  const [one, two] = [await policy('One'), await policy('Two')];
  for (const each of [one, two]) await act('sla_policy_versions', (await version(each)).id, 'activate');
  assert.equal((await act('sla_policies', one.id, 'set_default')).is_default, true);
  assert.equal((await act('sla_policies', two.id, 'set_default')).is_default, true);
  const { body } = await client.get('/v1/sla_policies?is_default=true');
  assert.deepEqual(body.data.map((each) => each.id), [two.id]);
  assert.equal((await act('sla_policies', two.id, 'clear_default')).is_default, false);
});

test('faults of rules have their place, all at once', async () => {
  const one = await policy('Faulty');
  const bad = [{ name: 'a', target: 'P1D', criteria: 'priorty = "high"' }, { name: 'a', target: 'PT4H',
    actions: [{ at: '-PT5H', do: 'email', to: ['boss'], subject: 's' }] }];
  const body = await problem('POST', '/v1/sla_policy_versions', { body: { sla_policy_id: one.id, rules: bad, exit_criteria: 'x' } }, 422, 'invalid');
  assert.deepEqual(pointers(body), ['#/exit_criteria', '#/rules/0/criteria', '#/rules/0/target', '#/rules/1/actions/0/at',
    '#/rules/1/actions/0/body', '#/rules/1/actions/0/to/0', '#/rules/1/name']);
  const refers = [{ name: 'a', target: 'PT4H', calendar_id: 'cal_0sa58zm5r0000', actions: [
    { on: 'met', do: 'assign', team_id: 'tem_0sa58zm5r0000', assignee_id: 'usr_0sa58zm5r0000' },
    { on: 'met', do: 'webhook', endpoint_id: 'whe_0sa58zm5r0000' }, { on: 'met', do: 'set', field: 'product_id', value: 'prd_0sa58zm5r0000' }] }];
  const missing = await problem('POST', '/v1/sla_policy_versions', { body: { sla_policy_id: one.id, rules: refers } }, 422, 'invalid');
  assert.deepEqual(pointers(missing), ['#/rules/0/actions/0/assignee_id', '#/rules/0/actions/0/team_id', '#/rules/0/actions/1/endpoint_id',
    '#/rules/0/actions/2/value', '#/rules/0/calendar_id']);
  const draft = await version(one, { rules: [] });
  await problem('POST', `/v1/sla_policy_versions/${draft.id}/activate`, { body: {} }, 422, 'required');
  const { body: changed } = await client.patch(`/v1/sla_policy_versions/${draft.id}`, { rules: RULES, pause_statuses: ['on_hold'] });
  assert.deepEqual([changed.rules, changed.pause_statuses], [RULES, ['on_hold']]);
  assert.equal((await act('sla_policy_versions', draft.id, 'validate')).version, changed.version);
});

test('what is named is not deleted; what is unused is', async () => {
  const one = await policy('Named');
  const calendar = await world.make('calendars', { name: 'Desk', time_zone: 'UTC', week: 'mon-fri 09:00-17:00' });
  const draft = await version(one, { rules: [{ ...RULES[0], calendar_id: calendar.id }] });
  await problem('DELETE', `/v1/calendars/${calendar.id}`, {}, 409, 'in_use');
  const account = await world.account({ sla_policy_id: one.id, calendar_id: calendar.id });
  await problem('DELETE', `/v1/sla_policies/${one.id}`, {}, 409, 'in_use');
  await client.patch(`/v1/accounts/${account.id}`, { sla_policy_id: null, calendar_id: null });
  await act('sla_policy_versions', draft.id, 'activate');
  await client.delete(`/v1/sla_policies/${one.id}`);
  await problem('GET', `/v1/sla_policy_versions/${draft.id}`, {}, 404, 'not_found');
  await client.delete(`/v1/calendars/${calendar.id}`);
});
