// kill -9 in the middle, again and again: what was acknowledged is there, nothing is half
// done, and a client that does not know asks again with the same key.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Contract } from './contract.mjs';
import { Client, describeApi, fastBinary, launch, makeStore } from './harness.mjs';
import { all, randomOf, World } from './world.mjs';

const ROUNDS = 20;
const CLIENTS = 12;
const contract = new Contract(describeApi());
const random = randomOf(7);
const store = makeStore({ program: fastBinary });
const key = store.createKey('admin', '*');
after(() => store.drop());

const known = new Map(); // Idempotency-Key: the case's id, or undefined while unknown
let account;
let entitlement;
let made = 0;

async function withServer(work) {
  const server = await launch(store, { program: fastBinary, args: ['--quiet'] });
  const client = new Client(server.port, key, contract, { sockets: CLIENTS });
  try {
    await work(client, server);
  } finally {
    client.close();
  }
  return server;
}

const open = (client, name) => client.send('POST', '/v1/cases', {
  body: { account_id: account.id, title: name, entitlement_id: entitlement.id },
  headers: { 'idempotency-key': name },
});

// Write until the server is gone; kill it after a few acknowledgements.
async function writeAndKill(client, server, acknowledgements) {
  let count = 0;
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    for (;;) {
      const name = `case-${made++}`;
      known.set(name, undefined);
      try {
        const { status, body } = await open(client, name);
        assert.equal(status, 201, JSON.stringify(body));
        known.set(name, body.id);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        return;
      }
      if (++count === acknowledgements) server.kill('SIGKILL');
    }
  }));
  assert.equal((await server.ended).signal, 'SIGKILL');
}

// Those that nobody answered for are asked for again; some that were, too.
async function askAgain(client) {
  let replayed = 0;
  const names = [...known.keys()].filter((name) => known.get(name) === undefined || random() < 0.1);
  for (const name of names) {
    const { status, body, headers } = await open(client, name);
    assert.equal(status, 201, JSON.stringify(body));
    if (known.get(name) !== undefined) {
      assert.equal(body.id, known.get(name), `${name} was made twice`);
      assert.equal(headers['idempotent-replayed'], 'true');
    }
    replayed += headers['idempotent-replayed'] === 'true';
    known.set(name, body.id);
  }
  return replayed;
}

// Every case has its posting and its event, and there are no others.
async function wholeness(client) {
  const ids = (list) => list.sort();
  const wanted = ids([...known.values()]);
  const cases = await all(client, '/v1/cases', { account_id: account.id });
  assert.deepEqual(ids(cases.map((one) => one.id)), wanted);
  const postings = await all(client, '/v1/term_postings', { entitlement_id: entitlement.id, kind: 'consume' });
  assert.deepEqual(ids(postings.map((one) => one.case_id)), wanted);
  const events = await all(client, '/v1/events', { account_id: account.id, type: 'case.opened' });
  assert.deepEqual(ids(events.map((one) => one.subject_id)), wanted);
  const { body } = await client.get(`/v1/entitlements/${entitlement.id}`);
  assert.equal(body.consumed, wanted.length);
  assert.equal(new Set(cases.map((one) => one.number)).size, cases.length);
}

test('an account and an entitlement', async () => {
  const server = await withServer(async (client) => {
    const world = new World(client);
    account = await world.account();
    entitlement = await world.entitlement(account, { unit: 'cases', total: 1000000, restricted: true });
  });
  server.kill('SIGKILL');
  await server.ended;
});

for (let round = 0; round < ROUNDS; round++) {
  test(`round ${round}`, { timeout: 60000 }, async () => {
    await withServer((client, server) => writeAndKill(client, server, 1 + Math.floor(random() * 60)));
    const server = await withServer(async (client) => {
      const replayed = await askAgain(client);
      console.log(`# ${known.size} cases, ${replayed} replayed`);
      if (round % 5 === 4) await wholeness(client);
    });
    if (round % 2 === 0) {
      server.kill('SIGKILL');
      await server.ended;
    } else {
      await server.stop();
    }
    assert.match(store.cli(['verify']), /: 0 findings/);
  });
}
