// Starts the program on a database of its own and talks to it. Every reply that
// comes through client.request() is held against the OpenAPI document.
//
// ENT_BINARY names the program (build/release/entitled), ENT_BINARY_FAST the one for
// what takes many requests, ENT_TEST_POSTGRES a server to make databases on; without
// it the database is a SQLite file.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Contract } from './contract.mjs';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const binary = resolve(root, process.env.ENT_BINARY || 'build/release/entitled');
// For what takes many requests: the release, where ENT_BINARY carries sanitizers.
export const fastBinary = resolve(root, process.env.ENT_BINARY_FAST || binary);
export const database = process.env.ENT_TEST_POSTGRES ? 'postgres' : 'sqlite';
export const adminPassword = 'correct horse battery staple';

let databases = 0;

function makeDatabase(kind) {
  if (kind === 'postgres') {
    const server = process.env.ENT_TEST_POSTGRES;
    const name = `api_${process.pid}_${++databases}`;
    const psql = (sql) => execFileSync('psql', ['-qXd', server, '-c', sql], { stdio: 'pipe' });
    psql(`CREATE DATABASE ${name}`);
    return { url: `${server} dbname=${name}`, drop: () => psql(`DROP DATABASE ${name} (FORCE)`) };
  }
  const folder = mkdtempSync(join(tmpdir(), 'entitled-'));
  return { url: join(folder, 'test.db'), drop: () => rmSync(folder, { recursive: true }) };
}

// Run a command of the program to its end: { status, stdout, stderr }.
export function run(args, { input = '', env = {}, program = binary } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    input,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

function runOrThrow(args, options) {
  const { status, stdout, stderr } = run(args, options);
  if (status !== 0) {
    throw new Error(`entitled ${args.join(' ')}: exit status ${status}\n${stderr}`);
  }
  return stdout;
}

function untilListening(child, log) {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`not listening after 20 s\n${log.text}`)), 20000);
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text) => {
      log.text += text;
      const line = log.text.split('\n').find((one) => one.includes('"msg":"listening"'));
      if (line && log.text.includes(`${line}\n`)) {
        clearTimeout(timer);
        done(JSON.parse(line).port);
      }
    });
    child.once('exit', (status) => {
      clearTimeout(timer);
      fail(new Error(`the server ended with status ${status}\n${log.text}`));
    });
    child.once('error', fail);
  });
}

// A database of its own with its tables and an administrator:
// { url, env, cli(args), createKey(role, ...scopes), drop() }
export function makeStore({ db = database, env = {}, program = binary } = {}) {
  const store = makeDatabase(db);
  const settings = { env: { ...env, ENTITLED_DB: store.url }, program };
  const cli = (more, options = {}) => runOrThrow(more, { ...settings, ...options });
  const createKey = (role, ...scopes) =>
    cli(['key', 'create', '--name', `test ${role}`, '--role', role,
      ...scopes.flatMap((scope) => ['--scope', scope])]).trim();
  cli(['migrate']);
  cli(
    ['user', 'create', '--email', 'admin@example.com', '--name', 'Admin', '--role', 'admin',
      '--password-stdin'],
    { input: `${adminPassword}\n` },
  );
  return { url: store.url, env: settings.env, cli, createKey, drop: store.drop };
}

// A server on such a database: { port, pid, log, ended, kill(signal), stop() }.
// stop() fails if it ended with anything but 0 or a sanitizer spoke.
export async function launch(store, { args = [], program = binary } = {}) {
  const log = { text: '' };
  const child = spawn(program, ['serve', '--listen', '127.0.0.1:0', ...args], {
    env: { ...process.env, ...store.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill); // also when a test file fails before its tests
  const ended = new Promise((done) => {
    child.once('exit', (status, signal) => done({ status, signal }));
  });
  let port;
  try {
    port = await untilListening(child, log);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 20000);
    const { status, signal } = await ended;
    clearTimeout(timer);
    process.off('exit', kill);
    const said = log.text.search(/.*(Sanitizer|runtime error:|Assertion)/);
    if (status !== 0 || said >= 0) {
      const text = said >= 0 ? log.text.slice(said, said + 6000) : log.text.slice(-4000);
      throw new Error(`the server ended with ${status ?? signal}\n${text}`);
    }
  };
  return { port, pid: child.pid, log, ended, kill: (signal) => child.kill(signal), stop };
}

export function describeApi(program = binary) {
  return JSON.parse(runOrThrow(['describe', 'openapi'], { program }));
}

// Both: { port, url, key, createKey, client, contract, log, cli(args), stop(), pid }
export async function startServer({ db, args, env, openapi, program } = {}) {
  const store = makeStore({ db, env, program });
  const key = store.createKey('admin', '*');
  let server;
  try {
    server = await launch(store, { args, program });
  } catch (error) {
    store.drop();
    throw error;
  }
  const contract = new Contract(openapi || describeApi(program));
  const client = new Client(server.port, key, contract);
  const stop = async () => {
    client.close();
    try {
      await server.stop();
    } finally {
      store.drop();
    }
  };
  return { ...store, ...server, key, client, contract, stop };
}

export class Client {
  constructor(port, key, contract, { sockets = 16 } = {}) {
    this.port = port;
    this.key = key;
    this.contract = contract;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: sockets });
  }

  close() {
    this.agent.destroy();
  }

  // The reply { status, headers, type, bytes, body }, unchecked. `body` may be
  // anything that has a JSON form, or a string or Buffer to be sent as it is.
  // `key: null` sends none.
  send(method, path, { body, headers = {}, key = this.key, timeout = 30000 } = {}) {
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    const bytes = body === undefined ? undefined : isRaw ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
    const all = {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(bytes === undefined
        ? {}
        : {
            'content-type':
              method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
            'content-length': bytes.length,
          }),
      ...headers,
    };
    return new Promise((done, fail) => {
      const request = http.request(
        { host: '127.0.0.1', port: this.port, method, path, headers: all, agent: this.agent, timeout },
        (response) => {
          const chunks = [];
          if (/^text\/event-stream/.test(response.headers['content-type'])) {
            request.destroy(); // it has no end: stream.mjs reads those
            done(replyOf(response, Buffer.alloc(0)));
            return;
          }
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', fail);
          response.on('end', () => done(replyOf(response, Buffer.concat(chunks))));
        },
      );
      request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path}`)));
      request.on('error', fail);
      request.end(bytes);
    });
  }

  // The same, held against the OpenAPI document. With `status` it must be that one
  // (or one of those); without, anything documented below 500.
  async request(method, path, options = {}) {
    const reply = await this.send(method, path, options);
    const wrong = this.contract.check(method, path, reply);
    const wanted = options.status === undefined ? undefined : [options.status].flat();
    if (wanted ? !wanted.includes(reply.status) : reply.status >= 500) {
      wrong.push(`status ${reply.status}${wanted ? `, wanted ${wanted.join(' or ')}` : ''}`);
    }
    if (wrong.length > 0) {
      const sent = options.body === undefined ? '' : ` ${short(options.body)}`;
      throw new Error(
        `${method} ${short(path)}${sent}: ${reply.status}\n  ${wrong.join('\n  ')}\n  reply: ${short(reply.bytes)}`,
      );
    }
    return reply;
  }

  get(path, options) {
    return this.request('GET', path, { status: 200, ...options });
  }

  post(path, body, options) {
    return this.request('POST', path, { status: [200, 201], body, ...options });
  }

  patch(path, body, options) {
    return this.request('PATCH', path, { status: 200, body, ...options });
  }

  delete(path, options) {
    return this.request('DELETE', path, { status: [200, 204], ...options });
  }
}

function short(value) {
  const isText = typeof value === 'string' || Buffer.isBuffer(value);
  const text = isText ? String(value) : JSON.stringify(value);
  return text.length > 600 ? `${text.slice(0, 600)}… (${text.length})` : text;
}

function replyOf(response, bytes) {
  const type = (response.headers['content-type'] || '').split(';')[0].trim();
  let body;
  if (/json$/.test(type) && bytes.length > 0) {
    body = JSON.parse(bytes.toString('utf8'));
  }
  return { status: response.statusCode, headers: response.headers, type, bytes, body };
}
