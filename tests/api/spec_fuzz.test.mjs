// Every operation is given what a stranger may send: nothing may be answered with
// 5xx, with a status that is not documented, or with a body that is not described.
// ENT_SEED=N repeats or varies the run, ENT_OPERATIONS=REGEX takes some of them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { database, startServer } from './harness.mjs';
import { Generator } from './generate.mjs';

const seed = Number(process.env.ENT_SEED || 1);
const server = await startServer();
const { client, contract } = server;
const generator = new Generator(contract, seed);
console.log(`# seed ${seed}`);
after(() => server.stop());

const BODY_TYPES = ['application/json', 'application/merge-patch+json'];

function bodySchema(operation) {
  const content = contract.follow(operation.requestBody)?.content || {};
  const type = BODY_TYPES.find((one) => content[one]);
  return type && content[type].schema;
}

// The failure of one request does not hide those behind it.
class Findings {
  list = [];
  sent = 0;

  async try(method, path, options) {
    this.sent++;
    try {
      return await client.request(method, path, options);
    } catch (error) {
      const isLost = /ECONN|EPIPE|socket hang up/.test(error.message);
      // A server may close on who goes on sending what it has refused.
      if (isLost && options?.body?.length > 4 << 20) return undefined;
      const sent = JSON.stringify(options?.body ?? null).slice(0, 500);
      this.list.push(isLost ? `${method} ${path.slice(0, 200)} ${sent}:\n  ${error.message}` : error.message);
      return undefined;
    }
  }

  conclude() {
    const kinds = new Map(this.list.map((text) => [text.replace(/^.*\n/, '').slice(0, 60), text]));
    const some = [...kinds.values()].slice(0, 8).join('\n');
    assert.equal(this.list.length, 0, `${this.list.length} of ${this.sent}:\n${some}`);
  }
}

// Records to refer to. Two rounds, because a record may need another one first.
test('records of every kind can be made', async () => {
  const made = new Set();
  for (let round = 0; round < 3; round++) {
    for (const { method, path, operation, id } of contract.operations()) {
      const schema = bodySchema(operation);
      if (method !== 'POST' || path.includes('{') || !schema || path === '/v1/session') continue;
      const reply = await client.request('POST', path, { body: generator.value(schema, true) });
      if (reply.status === 201 && reply.body?.id) {
        generator.learn(reply.body.id);
        made.add(id);
      } else if (round === 2 && reply.status !== 200) {
        console.log(`# ${id}: ${reply.status} ${JSON.stringify(reply.body).slice(0, 300)}`);
      }
    }
  }
  console.log(`# made by ${[...made].join(' ')}`);
  assert.ok(made.size > 0);
});

function targetOf(path, parameters, values = {}, query = '') {
  const filled = path.replace(/\{([^}]+)\}/g, (_, name) => {
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
    return values[name] ?? encodeURIComponent(generator.value(parameter?.schema || {}, true));
  });
  return filled + query;
}

const STRANGE = ['', '0', '-1', 'null', '%00', '%ff', '%2e%2e%2f', '%f0%9f%98%80', '9'.repeat(400), '{}', "'--",
  'acc_', 'xxx_0000000000000', 'acc_zzzzzzzzzzzzz', 'a'.repeat(3000), '%', '%zz'];

// Some of the strange things each, others for each operation; what is refused before a database is
// asked is refused alike by both, so the second is asked less. ENT_ALL=1 asks everything.
let turn = 0;
const share = process.env.ENT_ALL ? 1 : database === 'postgres' ? 16 : 12;
const sample = (list) => {
  turn++;
  return [...list].filter((_, i) => (i + turn) % share === 0);
};

async function strangePaths(one, findings) {
  for (const { name } of one.parameters.filter((parameter) => parameter.in === 'path')) {
    for (const value of sample(STRANGE)) {
      const path = targetOf(one.path, one.parameters, { [name]: value });
      await findings.try(one.method, path, { body: one.schema ? {} : undefined });
    }
  }
}

async function strangeQueries(one, findings) {
  const names = one.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const ask = (query) => findings.try(one.method, targetOf(one.path, one.parameters, {}, query));
  if (one.method !== 'GET') return;
  for (const name of [...names, 'nonsense', 'filter[name]', 'name[gt]']) {
    await Promise.all(sample(STRANGE).map((value) => ask(`?${encodeURIComponent(name)}=${value}`)));
    await ask(`?${name}=1&${name}=2`);
    await ask(`?${name}`);
  }
  await ask('?&&==&%');
  await ask(`?${Array.from({ length: 300 }, (_, i) => `a${i}=b`).join('&')}`);
}

// Where a change needs the version that is changed: If-Match with the present one.
async function precondition(one, path) {
  const isAsked = one.parameters.some(
    (parameter) => parameter.in === 'header' && parameter.name.toLowerCase() === 'if-match',
  );
  if (!isAsked) return {};
  const { headers } = await client.send('GET', path);
  return headers.etag ? { 'if-match': headers.etag } : {};
}

async function strangeBodies(one, findings) {
  if (!one.schema) return;
  const send = async (body, headers) => {
    const path = targetOf(one.path, one.parameters);
    await findings.try(one.method, path, { body, headers: headers || (await precondition(one, path)) });
  };
  for (const body of sample(generator.broken(one.schema))) {
    await send(body);
  }
  for (const body of sample(generator.variants(one.schema))) {
    await send(body);
  }
  await send('{}', { 'content-type': 'text/plain' });
  await send('{}', { 'content-type': 'application/json; charset=latin1' });
  await send('{}', { 'if-match': '"' });
  await send('{}', { 'if-match': '"99999999999999999999"' });
  await send('{}', { 'idempotency-key': 'x'.repeat(2000) });
  await send('{}', { accept: 'image/png' });
}

// What changes how the server works comes late, what deletes last.
const order = ({ id, method }) => (method === 'DELETE' ? 2 : id === 'update_settings' ? 1 : 0);
const wanted = new RegExp(process.env.ENT_OPERATIONS || '');
const operations = contract.operations().filter(({ id }) => wanted.test(id));
for (const one of operations.sort((a, b) => order(a) - order(b))) {
  one.schema = bodySchema(one.operation);
  test(`${one.id} (${one.method} ${one.path})`, { timeout: 300000 }, async () => {
    const findings = new Findings();
    await findings.try(one.method, targetOf(one.path, one.parameters), {
      body: one.schema && generator.value(one.schema, true),
    });
    await findings.try(one.method, targetOf(one.path, one.parameters), { key: null });
    await findings.try(one.method, targetOf(one.path, one.parameters), { key: 'nonsense' });
    await strangePaths(one, findings);
    await strangeQueries(one, findings);
    await strangeBodies(one, findings);
    findings.conclude();
  });
}

test('paths and methods that are not described', async () => {
  const findings = new Findings();
  for (const path of ['/v1', '/v1/', '/v2/cases', '/v1/cases/', '/v1//cases', '/v1/nonsense', '/v1/cases/a/b/c/d']) {
    await findings.try('GET', path);
    await findings.try('POST', path, { body: {} });
  }
  for (const { path, parameters } of contract.operations()) {
    await findings.try('PUT', targetOf(path, parameters), { body: {} });
  }
  findings.conclude();
});

test('it still answers', async () => {
  await client.get('/healthz');
  const limited = [...contract.seen.keys()].filter((name) => name.endsWith(' 429'));
  const besides = limited.filter((name) => name !== 'sign_in 429'); // that is what it is for
  assert.deepEqual(besides, [], 'nothing behind a limit was tested');
});
