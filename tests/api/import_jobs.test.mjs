// Imports in the background: a table as text/csv, what becomes of it, and a server that is killed
// in the middle.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Contract } from './contract.mjs';
import { Client, describeApi, fastBinary, launch, makeStore } from './harness.mjs';
import { refused } from './world.mjs';

const store = makeStore({ program: fastBinary });
const key = store.createKey('admin', '*');
const contract = new Contract(describeApi(fastBinary));
let server;
let client;
async function begin() {
  server = await launch(store, { program: fastBinary, args: ['--quiet'] });
  client = new Client(server.port, key, contract);
}
await begin();
after(async () => {
  client.close();
  await server.stop();
  store.drop();
});

const csv = { 'content-type': 'text/csv' };
const start = async (query, body, status = 202) =>
  client.request('POST', `/v1/imports?${new URLSearchParams(query)}`, { body, headers: csv, status });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
async function until(id, is, read = (path) => client.get(path)) {
  for (let i = 0; i < 600; i++) {
    const { body } = await read(`/v1/imports/${id}`);
    if (is(body)) return body;
    await pause(50);
  }
  throw new Error('the import does not end');
}
const ended = (job) => !['queued', 'running'].includes(job.state);
const accounts = (from, to) => {
  const rows = ['external_id,name'];
  for (let i = from; i < to; i++) rows.push(`a${i},${i % 100 === 7 ? '' : `Account ${i}`}`);
  return `${rows.join('\n')}\n`;
};

test('a table is taken in at once, and imported', async () => {
  const reply = await start(
    { object: 'accounts', name: 'accounts.csv', system: 'erp', 'columns[Title]': 'name', 'columns[Colour]': '' },
    'external_id,Title,Colour\n1,Acme,red\n2,,blue\n',
  );
  const job = reply.body;
  assert.equal(reply.headers.location, `/v1/imports/${job.id}`);
  assert.deepEqual([job.state, job.kind, job.total, job.columns], ['queued', 'account', 2, { Title: 'name', Colour: '' }]);
  const done = await until(job.id, ended);
  assert.deepEqual([done.state, done.created, done.failed, done.done], ['done', 1, 1, 2]);
  const rows = (await client.get(`/v1/imports/${job.id}/rows`)).body;
  assert.deepEqual(rows.data.map((row) => [row.line, row.status, row.column]), [[2, 'created', null], [3, 'failed', 'Title']]);
  assert.equal((await client.get(`/v1/accounts/${rows.data[0].id}`)).body.external_system, 'erp');
  const failed = await client.request('GET', `/v1/imports/${job.id}/rows?format=file`);
  assert.equal(failed.bytes.toString(), 'external_id,Title,Colour,ERROR\n2,,blue,name must be given\n');
  const events = (await client.get(`/v1/events?subject_id=${job.id}`)).body.data.map((event) => event.type);
  assert.deepEqual(events.reverse(), ['import_job.queued', 'import_job.started', 'import_job.done']);
  const list = (await client.get('/v1/imports?state=done&limit=1')).body.data;
  assert.equal(list[0].id, job.id);
});

test('JSON can be imported in the background, too', async () => {
  const { body } = await client.request('POST', '/v1/imports', {
    body: { object: 'accounts', background: true, dry_run: true, text: 'external_id,name\nj1,J\n' },
    status: 202,
  });
  const done = await until(body.id, ended);
  assert.deepEqual([done.state, done.dry_run, done.created], ['done', true, 1]);
  assert.equal((await client.get('/v1/accounts?external_id=j1')).body.data.length, 0);
});

test('what is refused', async () => {
  const refuse = (query, body, status, code) =>
    refused(client, 'POST', `/v1/imports?${new URLSearchParams(query)}`, { body, headers: csv }, status, code);
  await refuse({ object: 'accounts' }, 'external_id,colour\n1,2\n', 422, 'unknown_field');
  await refuse({}, 'a,b\n1,2\n', 422, 'unknown_value');
  await refuse({ odd: '1' }, 'a,b\n', 400, 'bad_parameter');
  await refuse({ object: 'accounts', dry_run: 'perhaps' }, 'external_id,name\n', 400, 'bad_parameter');
  await refuse({ object: 'accounts' }, Buffer.from([0x61, 0xff, 0x0a]), 400, 'syntax');
  await client.request('PATCH', '/v1/settings', { body: { import_rows: 2, import_megabytes: 1 } });
  await refuse({ object: 'accounts' }, 'external_id,name\n1,A\n2,B\n3,C\n', 422, 'limit');
  await refuse({ object: 'accounts' }, `external_id,name\n1,${'A'.repeat(1 << 20)}\n`, 422, 'limit');
  await client.request('PATCH', '/v1/settings', { body: { import_rows: 500000, import_megabytes: 50 } });
  const agent = new Client(server.port, store.createKey('agent', '*'), contract);
  await refused(agent, 'GET', '/v1/imports', {}, 403, 'forbidden');
  await refused(agent, 'POST', '/v1/imports', { body: 'external_id,name\n', headers: csv }, 403, 'forbidden');
  agent.close();
});

test('many rows: pages, a stop, and on again', async () => {
  const { body: job } = await start({ object: 'accounts' }, accounts(0, 3000));
  await until(job.id, (now) => now.done > 0);
  const stopped = (await client.request('POST', `/v1/imports/${job.id}/stop`, { body: { reason: 'lunch' } })).body;
  assert.equal(stopped.state, 'stopped');
  const before = (await client.get(`/v1/imports/${job.id}`)).body.done;
  await pause(400);
  assert.equal((await client.get(`/v1/imports/${job.id}`)).body.done, before);
  await client.request('POST', `/v1/imports/${job.id}/resume`, { body: {} });
  const done = await until(job.id, ended);
  assert.deepEqual([done.state, done.created, done.failed], ['done', 2970, 30]);
  const lines = [];
  let cursor;
  do {
    const page = (await client.get(`/v1/imports/${job.id}/rows?status=failed&limit=7${cursor ? `&cursor=${cursor}` : ''}`)).body;
    lines.push(...page.data.map((row) => row.line));
    cursor = page.next_cursor;
  } while (cursor);
  assert.deepEqual(lines, Array.from({ length: 30 }, (_, i) => 9 + 100 * i));
  const table = (await client.request('GET', `/v1/imports/${job.id}/rows?format=csv&limit=2000`));
  assert.match(table.headers.link, /cursor=2001>; rel="next"/);
});

test('a body of many megabytes', { timeout: 120000 }, async () => {
  const rows = ['external_id,name,description'];
  for (let i = 0; i < 20000; i++) rows.push(`b${i},Big ${i},"${'long, '.repeat(150)}"`);
  const body = rows.join('\n');
  assert.ok(body.length > 16 << 20);
  const { body: job } = await start({ object: 'accounts', dry_run: 'true' }, body);
  assert.equal(job.total, 20000);
  await client.request('POST', `/v1/imports/${job.id}/stop`, { body: {} });
  const tooLarge = await client.send('POST', '/v1/accounts', { body: Buffer.alloc(5 << 20, 0x20) }).catch(() => ({ status: 413 }));
  assert.equal(tooLarge.status, 413);
});

test('kill -9 in the middle: each row is done once', { timeout: 120000 }, async () => {
  const { body: job } = await start({ object: 'accounts', system: 'crash' }, accounts(0, 4000));
  for (let round = 1; round <= 4; round++) {
    await until(job.id, (now) => ended(now) || now.done >= 600 * round);
    server.kill('SIGKILL');
    await server.ended;
    client.close();
    await begin();
  }
  const done = await until(job.id, ended);
  assert.deepEqual([done.state, done.created, done.failed, done.done], ['done', 3960, 40, 4000]);
  const { body } = await client.get('/v1/accounts?external_system=crash&limit=1&total=true');
  assert.equal(body.total, 3960);
  assert.match(store.cli(['verify']), /no findings|0 findings|nothing/i);
});
