// Servers die at random while milestones fall due: each occasion has its effect once, is told
// at least once under one id, in the order of its case, and none is lost.
//
// Short unless ENT_LONG=1: 10,000 milestones and 50 kills. ENT_SEED repeats a run.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { Contract } from './contract.mjs';
import { Fleet } from './fleet.mjs';
import { database, describeApi, fastBinary, makeStore } from './harness.mjs';
import { sleep, startReceiver, until } from './receiver.mjs';
import { all, randomOf, World } from './world.mjs';

const SIZE = process.env.ENT_LONG === '1'
  ? { cases: 5000, accounts: 100, kills: 50, opening_s: 100, slower: 6, patience_s: 1800 }
  : { cases: 150, accounts: 20, kills: 6, opening_s: 2, slower: 1, patience_s: 240 };
const LANES = 16;
const SERVE = ['--quiet', '--allow-callback-host', '127.0.0.1', '--delivery-timeout', '1',
  '--delivery-retries', Array.from({ length: 20 }, (_, i) => (i < 2 ? 0 : 1)).join(',')];

const seed = Number(process.env.ENT_SEED ?? Date.now() % 1000000);
const random = randomOf(seed); // for the order of kills; what the network does is its own
const weather = randomOf(seed + 1);
console.log(`# seed ${seed}, ${database}`);
process.setMaxListeners(0); // each server that is launched adds one

// ---- what is to happen ----------------------------------------------------------------------

const seconds = (priority, more) => SIZE.slower * ({ critical: 1, high: 2, normal: 4, low: 5 }[priority] + more);
const PRIORITIES = ['critical', 'high', 'normal', 'low'];
const BEHIND = 1; // of what the second rule does behind its target

function rule(name, more, endpoint, late, set) {
  return {
    name, unit: 'calendar',
    targets: PRIORITIES.map((one) => ({ priority: [one], target: `PT${seconds(one, more)}S` })),
    actions: [
      { name: 'half', at: '50%', do: 'webhook', endpoint_id: endpoint.id },
      { name: 'missed', at: 'PT0S', do: 'webhook', endpoint_id: endpoint.id },
      { name: 'task', at: late, do: 'task', subject: `${name} of {{case.number}}` },
      { name: 'set', at: late, do: 'set', ...set },
    ],
  };
}
const rulesOf = (endpoint) => [
  rule('Answer', 0, endpoint, 'PT0S', { field: 'status', value: 'escalated' }),
  rule('Fix', 1, endpoint, `PT${BEHIND}S`, { field: 'description', value: 'missed' }),
];

// What a milestone must have lived through: [verb, action, microseconds from its start].
function lifeOf(name, priority) {
  const target = seconds(priority, name === 'Fix' ? 1 : 0) * 1e6;
  const late = target + (name === 'Fix' ? BEHIND * 1e6 : 1); // PT0S: the first instant behind it
  return [
    ['started', undefined, 0], ['action', 'half', target / 2], ['warned', undefined, target * 0.75],
    ['violated', undefined, target + 1], ['action', 'missed', target + 1],
    ['action', 'task', late], ['action', 'set', late],
  ];
}

const micros = (time) => {
  const [, whole, part = ''] = /^(.{19})(?:\.(\d+))?Z$/.exec(time);
  return Date.parse(`${whole}Z`) * 1000 + Number(part.padEnd(6, '0'));
};

// ---- the servers, and who kills them --------------------------------------------------------

const contract = new Contract(describeApi());
const store = makeStore({ program: fastBinary });
const key = store.createKey('admin', '*');
const fleet = new Fleet({ store, key, contract, args: SERVE, sockets: LANES, random, weather });
const { slots } = fleet;

// ---- the receiver ---------------------------------------------------------------------------

const arrived = { '/named': new Map(), '/all': new Map() }; // webhook-id: what came, in this order
let attempts = 0;
const receiver = await startReceiver((one) => {
  const id = one.headers['webhook-id'];
  const digest = createHash('sha256').update(one.text).digest('hex');
  const { subject, data } = one.event;
  const known = arrived[one.path];
  receiver.seen.length = 0; // they are many
  attempts++;
  assert.equal(one.event.id, id);
  const told = known.get(id) ?? {
    digest, taken: 0, case_id: data.case?.id ?? data.after.case_id, subject,
    milestone: data.milestone?.id ?? subject, action: data.action ?? data.after.action,
  };
  known.set(id, told);
  assert.equal(told.digest, digest, `${id} came with another body`);
  const luck = weather();
  if (luck < 0.002) return null; // hangs
  if (luck < 0.03) return 'drop';
  if (luck < 0.08) return 503;
  told.taken++;
  return luck < 0.1 ? 'drop' : 200; // taken, and the answer is lost
});

after(async () => {
  await fleet.stop();
  receiver.stop();
  store.drop();
});

// ---- the run --------------------------------------------------------------------------------

const cases = [];

async function openCases(accounts) {
  const begin = Date.now();
  let next = 0;
  await Promise.all(Array.from({ length: LANES }, async () => {
    while (next < SIZE.cases) {
      const i = next++;
      await sleep(begin + (SIZE.opening_s * 1000 * i) / SIZE.cases - Date.now());
      cases.push(await fleet.insist('POST', '/v1/cases', {
        body: { account_id: accounts[i % accounts.length].id, title: `case ${i}`, priority: PRIORITIES[Math.floor(weather() * 4)] },
        headers: { 'idempotency-key': `case-${i}` },
      }, 201));
    }
  }));
}

const waiting = async (client, state) =>
  (await client.get(`/v1/deliveries?state=${state}&limit=1&total=true`)).body.total;

async function settled() {
  const { client } = slots[0];
  const metrics = (await client.send('GET', '/metrics')).bytes.toString();
  return /^entitled_due_overdue 0$/m.test(metrics) && /^entitled_due_failing 0$/m.test(metrics) &&
    await waiting(client, 'pending') + await waiting(client, 'failed') === 0;
}

test('milestones fall due while servers are killed', { timeout: 2 * SIZE.patience_s * 1000 }, async () => {
  await fleet.raiseAll();
  const world = new World(slots[0].client);
  const accounts = [];
  for (let i = 0; i < SIZE.accounts; i++) accounts.push(await world.account());
  const endpoint = (path, event_types) =>
    world.make('webhook_endpoints', { name: path, url: receiver.url(path), event_types });
  const named = await endpoint('/named', []);
  await endpoint('/all', ['milestone.*']);
  const policy = await world.make('sla_policies', { name: 'All' });
  const version = await world.make('sla_policy_versions', { sla_policy_id: policy.id, rules: rulesOf(named) });
  await world.act('sla_policy_versions', version.id, 'activate');
  await world.act('sla_policies', policy.id, 'set_default');

  const begin = Date.now();
  const longest_s = seconds('low', 1) + BEHIND;
  await Promise.all([openCases(accounts), fleet.killAll(SIZE.kills, SIZE.opening_s + longest_s)]);
  await sleep(longest_s * 1000 - (Date.now() - begin - SIZE.opening_s * 1000));
  await until(settled, 'the last of it', SIZE.patience_s * 1000);
  console.log(`# ${SIZE.cases} cases, ${SIZE.kills} kills, ${attempts} attempts received for ` +
    `${arrived['/named'].size + arrived['/all'].size} messages, ${Math.round((Date.now() - begin) / 1000)} s`);
});

// ---- what must be so now --------------------------------------------------------------------

const group = (list, by) => {
  const groups = new Map();
  for (const one of list) {
    const name = by(one);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(one);
  }
  return groups;
};
const firsts = (path, by) => group([...arrived[path]].map(([id, told]) => ({ id, ...told })), by);
let milestones;
let told; // events of milestones, in order for each account

test('each occasion is in the database once, at its time', { timeout: 600000 }, async () => {
  const { client } = slots[0];
  const found = await all(client, '/v1/cases');
  assert.deepEqual(found.map((one) => one.id).sort(), cases.map((one) => one.id).sort());
  assert.ok(found.every((one) => one.status === 'escalated' && one.description === 'missed'));
  const priorityOf = new Map(found.map((one) => [one.id, one.priority]));
  milestones = new Map((await all(client, '/v1/milestones')).map((one) => [one.id, one]));
  assert.equal(milestones.size, 2 * SIZE.cases);

  const events = await all(client, '/v1/events', { sort: 'seq' });
  told = events.filter((one) => one.subject_type === 'milestone');
  const lives = group(told, (one) => one.subject_id);
  assert.equal(lives.size, milestones.size);
  for (const [id, one] of milestones) {
    const start = micros(one.started_at);
    const life = lives.get(id).map((event) => [event.type.split('.')[1], event.after.action, micros(event.after.at) - start]);
    assert.deepEqual(life, lifeOf(one.name, priorityOf.get(one.case_id)), `${id} of ${one.case_id}`);
  }

  // the effects: two tasks a case, each field set once
  const tasks = await all(client, '/v1/case_activities');
  const wanted = found.flatMap((one) => ['Answer', 'Fix'].map((name) => `${one.id} ${name} of ${one.number}`));
  assert.deepEqual(tasks.map((one) => `${one.case_id} ${one.subject}`).sort(), wanted.sort());
  const set = events.filter((one) => one.type === 'case.updated')
    .flatMap((one) => Object.keys(one.after).map((name) => `${one.subject_id} ${name}`))
    .filter((name) => /status$|description$/.test(name) && !/sla_status$/.test(name));
  assert.deepEqual(set.sort(), found.flatMap((one) => [`${one.id} description`, `${one.id} status`]).sort());
});

test('each was told under one id, taken at least once, none is left', { timeout: 600000 }, async () => {
  const { client } = slots[0];
  const rows = await all(client, '/v1/deliveries');
  assert.deepEqual([...new Set(rows.map((one) => one.state))], ['delivered']);
  const ids = [...arrived['/named'].keys(), ...arrived['/all'].keys()];
  assert.deepEqual(rows.map((one) => one.message_id).sort(), ids.sort());
  assert.deepEqual([...arrived['/all'].keys()].sort(), told.map((one) => one.id).sort());
  for (const path of ['/named', '/all']) {
    assert.ok([...arrived[path].values()].every((one) => one.taken >= 1), path);
  }
  const occasions = [...arrived['/named'].values()].map((one) => `${one.milestone} ${one.action}`);
  assert.deepEqual(occasions.sort(), [...milestones.keys()].flatMap((id) => [`${id} half`, `${id} missed`]).sort());
});

test('the order of each case is kept', () => {
  const lives = group(told, (one) => one.after.case_id);
  const all_of = firsts('/all', (one) => one.case_id);
  const named_of = firsts('/named', (one) => one.subject);
  for (const [id, life] of lives) {
    assert.deepEqual(all_of.get(id).map((one) => one.id), life.map((one) => one.id), `events of ${id}`);
    const webhooks = life.filter((one) => one.after.do === 'webhook').map((one) => `${one.subject_id} ${one.after.action}`);
    assert.deepEqual(named_of.get(id).map((one) => `${one.milestone} ${one.action}`), webhooks, `webhooks of ${id}`);
  }
});

test('the books are right', () => {
  assert.match(store.cli(['verify']), /: 0 findings/);
});
