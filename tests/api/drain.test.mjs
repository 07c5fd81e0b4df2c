// SIGTERM while requests come in: what was accepted is answered, then the server is gone.
import assert from 'node:assert/strict';
import net from 'node:net';
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

// Send `first`, stop the server, then send the rest: what came back.
async function across(server, first, rest) {
  const socket = net.connect(server.port, '127.0.0.1');
  let text = '';
  socket.on('data', (bytes) => (text += bytes));
  await new Promise((done) => socket.write(first, done));
  await new Promise((done) => setTimeout(done, 200));
  server.kill('SIGTERM');
  while (!server.log.text.includes('"msg":"stopping"')) await new Promise((done) => setTimeout(done, 5));
  const closed = new Promise((done) => {
    socket.on('error', done);
    socket.on('close', done);
  });
  socket.write(rest);
  await closed;
  return text;
}

test('while it stops, readyz is 503 to whoever had begun to ask', async () => {
  const store = makeStore();
  const server = await launch(store);
  const text = await across(server, 'GET /readyz HTTP/1.1\r\nHost: a\r\n', '\r\n');
  assert.match(text, /^HTTP\/1\.1 503 /);
  assert.match(text, /\r\nconnection: close\r\n/i);
  assert.deepEqual(await server.ended, { status: 0, signal: null });
  store.drop();
});

test('a change whose body was still coming is answered and done', async () => {
  const store = makeStore();
  const key = store.createKey('admin', '*');
  let server = await launch(store);
  const body = '{"name":"late"}';
  const head = `POST /v1/accounts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const text = await across(server, head + body.slice(0, 5), body.slice(5));
  assert.match(text, /^HTTP\/1\.1 201 /);
  assert.deepEqual(await server.ended, { status: 0, signal: null });
  server = await launch(store);
  const client = new Client(server.port, key, contract);
  assert.deepEqual((await all(client, '/v1/accounts')).map((one) => one.name), ['late']);
  client.close();
  await server.stop();
  store.drop();
});

test('a second SIGTERM and one to an idle server', async () => {
  const store = makeStore();
  const server = await launch(store);
  server.kill('SIGTERM');
  server.kill('SIGTERM');
  assert.deepEqual(await server.ended, { status: 0, signal: null });
  store.drop();
});
