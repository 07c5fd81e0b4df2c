// What a hostile or broken client does to a connection. Raw sockets, because a
// client library would not send most of this.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import net from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from './harness.mjs';

const server = await startServer();
after(() => server.stop());
const sockets = new Set();
after(() => sockets.forEach((socket) => socket.destroy()));

function connect() {
  return new Promise((done, fail) => {
    const socket = net.connect(server.port, '127.0.0.1', () => done(socket));
    socket.once('error', fail);
    socket.setNoDelay(true);
    sockets.add(socket);
  });
}

// Send the pieces; what came back until the server closed or nothing came for `quiet` ms.
async function exchange(pieces, { quiet = 700, limit = 60000 } = {}) {
  const socket = await connect();
  let text = '';
  let isClosed = false;
  let last = Date.now();
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    last = Date.now();
  });
  socket.on('close', () => (isClosed = true));
  socket.on('error', () => (isClosed = true));
  for (const piece of [pieces].flat()) {
    if (!socket.destroyed) socket.write(piece, 'latin1');
    if (Array.isArray(pieces)) await sleep(20);
  }
  const begin = Date.now();
  while (!isClosed && Date.now() - Math.max(last, begin) < quiet && Date.now() - begin < limit) {
    await sleep(20);
  }
  socket.destroy();
  const statuses = [...text.matchAll(/(?:^|\r\n\r\n|[^\r\n])?HTTP\/1\.[01] (\d{3}) /g)].map((one) => Number(one[1]));
  return { statuses, text, isClosed, took: Date.now() - begin };
}

const GET = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

function post(headers, body) {
  return `POST /v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${headers}\r\n${body}${SMUGGLED}`;
}

const refused = {
  'Content-Length and Transfer-Encoding': post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
  'Transfer-Encoding and Content-Length': post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'),
  'two different Content-Lengths': post('Content-Length: 2\r\nContent-Length: 40\r\n', '{}'),
  'two equal Content-Lengths': post('Content-Length: 2\r\nContent-Length: 2\r\n', '{}'),
  'a list of Content-Lengths': post('Content-Length: 2, 2\r\n', '{}'),
  'a signed Content-Length': post('Content-Length: +2\r\n', '{}'),
  'a negative Content-Length': post('Content-Length: -2\r\n', '{}'),
  'a Content-Length of base 16': post('Content-Length: 0x2\r\n', '{}'),
  'a Content-Length beyond 64 bits': post('Content-Length: 18446744073709551618\r\n', '{}'),
  'an unknown transfer coding': post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'),
  'chunked is not last': post('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'),
  'chunked twice': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
  'a coding hidden by a vertical tab': post('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n'),
  'a chunk size with a sign': post('Transfer-Encoding: chunked\r\n', '+2\r\n{}\r\n0\r\n\r\n'),
  'a chunk size beyond 64 bits': post('Transfer-Encoding: chunked\r\n', '10000000000000002\r\n{}\r\n0\r\n\r\n'),
  'a chunk longer than it says': post('Transfer-Encoding: chunked\r\n', '2\r\n{}x\r\n0\r\n\r\n'),
  'a chunk that ends with a bare LF': post('Transfer-Encoding: chunked\r\n', '2\n{}\n0\n\n'),
  'a blank before the colon': post('Content-Length : 2\r\n', '{}'),
  'a folded header': post('X: a\r\n Content-Length: 2\r\n', '{}'),
  'a bare LF': `GET /healthz HTTP/1.1\nHost: a\n\n${SMUGGLED}`,
  'a bare CR': `GET /healthz HTTP/1.1\r\nHost: a\rX: b\r\n\r\n${SMUGGLED}`,
  'a NUL in a header': `GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n${SMUGGLED}`,
  'a header without a name': `GET /healthz HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n${SMUGGLED}`,
  'no Host': `GET /healthz HTTP/1.1\r\n\r\n${SMUGGLED}`,
  'two Hosts': `GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${SMUGGLED}`,
  'a blank in the target': `GET /healthz x HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`,
  'no version': 'GET /healthz\r\n\r\n',
  'version 2 in the clear': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'TLS': `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${'\x8a'.repeat(200)}\n`,
  'noise': `${'\x80\xff\x00\x01'.repeat(5000)}\r\n\r\n`,
  'a head without end': `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(70000)}`,
  'a target without end': `GET /${'a'.repeat(70000)}`,
  'very many headers': `GET /healthz HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(3000)}\r\n`,
  'a body announced too large': post('Content-Length: 2000000000\r\n', '{}'),
};

for (const [name, bytes] of Object.entries(refused)) {
  test(`refused: ${name}`, async () => {
    const { statuses, text, isClosed } = await exchange(bytes);
    assert.ok(isClosed, `the connection stayed open: ${text.slice(0, 200)}`);
    assert.ok(statuses.length <= 1, `answered ${statuses}: what was smuggled was served`);
    const closing = [400, 408, 411, 413, 414, 417, 431, 501, 505];
    assert.ok(statuses.length === 0 || closing.includes(statuses[0]), `answered ${statuses[0]}`);
  });
}

test('what is no request yet has the nearest code', async () => {
  const codes = { 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n': 'method_not_allowed', [`GET /${'a'.repeat(70000)}`]: 'too_large' };
  for (const [bytes, code] of Object.entries(codes)) {
    const { text } = await exchange(bytes);
    assert.match(text, new RegExp(`"code":"${code}"`));
  }
});

test('one byte a packet is a request like any other', async () => {
  const { statuses } = await exchange([...GET]);
  assert.deepEqual(statuses, [200]);
});

test('a hundred requests in one packet are answered in order', async () => {
  const { statuses } = await exchange(
    Array.from({ length: 100 }, (_, i) => (i % 2 ? GET : GET.replace('healthz', 'none'))).join(''),
  );
  assert.deepEqual(statuses, Array.from({ length: 100 }, (_, i) => (i % 2 ? 200 : 404)));
});

test('a client that has sent its all and closed its half gets its answer', async () => {
  const socket = await connect();
  let text = '';
  socket.on('data', (bytes) => (text += bytes));
  socket.end(GET);
  await new Promise((done) => socket.once('close', done));
  assert.match(text, /^HTTP\/1\.1 200 /);
});

test('clients that vanish leave nothing behind', async () => {
  for (let i = 0; i < 300; i++) {
    const socket = await connect();
    socket.write(i % 2 ? GET : 'POST /v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{');
    i % 3 ? socket.resetAndDestroy() : socket.destroy();
  }
  await server.client.get('/healthz');
});

// The deadlines are for the whole head and the whole body, not for a pause in them.
async function drip(first, byte, every) {
  const socket = await connect();
  let text = '';
  let isClosed = false;
  socket.on('data', (bytes) => (text += bytes));
  socket.on('close', () => (isClosed = true));
  socket.on('error', () => (isClosed = true));
  const begin = Date.now();
  socket.write(first);
  while (!isClosed && Date.now() - begin < 60000) {
    await sleep(every);
    if (!isClosed && socket.writable) socket.write(byte);
  }
  return { isClosed, text, took: Date.now() - begin };
}

test('dripping heads and bodies are cut off, many at once', { timeout: 90000 }, async () => {
  const head = 'GET /healthz HTTP/1.1\r\nHost: a\r\nX: ';
  const body = 'POST /v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n';
  const slow = Array.from({ length: 100 }, (_, i) => drip(i % 2 ? head : body, 'a', 400));
  const served = await server.client.get('/healthz');
  assert.equal(served.status, 200);
  for (const { isClosed, text, took } of await Promise.all(slow)) {
    assert.ok(isClosed, 'still open after a minute');
    assert.match(text, /^(HTTP\/1\.1 408 |$)/);
    assert.ok(took < 45000, `closed after ${took} ms`);
  }
});

test('10,000 idle connections while others are served', { timeout: 120000 }, async (context) => {
  const limit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  const count = limit === 'unlimited' ? 10000 : Math.min(10000, Math.floor(Number(limit) * 0.9) - 300);
  if (count < 1000) {
    context.skip(`only ${limit} files may be open`);
    return;
  }
  const idle = [];
  while (idle.length < count) {
    const some = Math.min(250, count - idle.length);
    idle.push(...(await Promise.all(Array.from({ length: some }, connect))));
  }
  await sleep(200);
  const closed = idle.filter((socket) => socket.destroyed || socket.readableEnded).length;
  console.log(`# ${count} connections, ${closed} of them refused`);
  assert.equal(closed, 0);
  const begin = Date.now();
  for (let i = 0; i < 200; i++) {
    await server.client.get('/healthz');
  }
  assert.ok(Date.now() - begin < 10000, `200 requests took ${Date.now() - begin} ms`);
  idle.forEach((socket) => socket.destroy());
  await sleep(500);
  await server.client.get('/healthz');
});
