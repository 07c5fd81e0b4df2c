// SIGTERM while requests come in: what was accepted is answered, then the server is gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, describeApi, fastBinary, launch, makeStore } from './harness.mjs';
import { Contract } from './contract.mjs';
import { all, World } from './world.mjs';

const CLIENTS = 24;
const contract = new Contract(describeApi());

for (let round = 0; round < 5; round++) {
  test(`round ${round}`, { timeout: 120000 }, async () => {
    const store = makeStore({ program: fastBinary });
    let server = await launch(store, { program: fastBinary, args: ['--quiet'] });
    const key = store.createKey('admin', '*');
    const client = new Client(server.port, key, contract, { sockets: CLIENTS });
    const account = await new World(client).account();
    const [answered, unanswered] = [[], []];
    let stopping = false;
    let more = true;
    const statuses = new Set();
    const worker = async (lane) => {
      for (let i = 0; more; i++) {
        const title = `${lane}-${i}`;
        try {
          const { status } = await client.send('POST', '/v1/cases', { body: { account_id: account.id, title } });
          statuses.add(status);
          if (status === 201) answered.push(title);
        } catch (error) {
          // only a server that stops may leave a request without an answer
          assert.ok(stopping, `${error.message} before it was stopped`);
          unanswered.push(title);
          return;
        }
      }
    };
    const workers = Array.from({ length: CLIENTS }, (_, lane) => worker(lane));
    const enough = 40 + 40 * round;
    while (answered.length < enough) await new Promise((done) => setTimeout(done, 2));
    stopping = true;
    server.kill('SIGTERM');
    const { status, signal } = await server.ended;
    more = false;
    await Promise.all(workers);
    client.close();
    assert.deepEqual([status, signal], [0, null], server.log.text.slice(-2000));
    assert.match(server.log.text, /"msg":"stopped"[^\n]*"connections_cut":0/);
    assert.deepEqual([...statuses].filter((one) => one !== 201 && one !== 503), []);
    // what was answered with 201 is there; what was not answered was not done
    server = await launch(store, { program: fastBinary, args: ['--quiet'] });
    const again = new Client(server.port, key, contract);
    const stored = new Set((await all(again, '/v1/cases', { account_id: account.id })).map((one) => one.title));
    assert.deepEqual(answered.filter((title) => !stored.has(title)), [], 'answered but lost');
    assert.deepEqual(unanswered.filter((title) => stored.has(title)), [], 'done but not answered');
    again.close();
    await server.stop();
    assert.match(store.cli(['verify']), /: 0 findings/);
    store.drop();
  });
}

test('a second SIGTERM and one to an idle server', async () => {
  const store = makeStore();
  const server = await launch(store);
  server.kill('SIGTERM');
  server.kill('SIGTERM');
  assert.deepEqual(await server.ended, { status: 0, signal: null });
  store.drop();
});
