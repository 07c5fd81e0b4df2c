// The program with its pages and the demo organisation, on a port of its own.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const binary = resolve(root, process.env.ENT_BINARY || 'build/release/entitled');

function listening(child) {
  return new Promise((done, fail) => {
    let said = '';
    const timer = setTimeout(() => fail(new Error(`not listening after 20 s\n${said}`)), 20_000);
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text) => {
      said += text;
      const line = said.split('\n').find((one) => one.includes('"msg":"listening"') && one.endsWith('}'));
      if (!line) return;
      clearTimeout(timer);
      done(JSON.parse(line).port);
    });
    child.once('exit', (status) => fail(new Error(`the server ended with ${status}\n${said}`)));
  });
}

// { origin, child, stop() }: the program on a database that is there; `args` are further options.
export async function serve(db, args = []) {
  const pages = process.env.ENT_WEB ? ['--web', resolve(root, process.env.ENT_WEB)] : [];
  const child = spawn(binary, ['serve', '--db', db, '--listen', '127.0.0.1:0', ...pages, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const port = await listening(child);
  const stop = async () => {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
    process.off('exit', kill);
  };
  return { origin: `http://127.0.0.1:${port}`, child, stop };
}

export function run(...words) {
  return tell('', ...words);
}

// As run(), with `input` to read.
function tell(input, ...words) {
  return execFileSync(binary, words, { input, encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 26 });
}

// { origin, stop() }: with the demo organisation, which is removed with it.
export function startDemo(args = []) {
  return startWith((db) => run('demo', '--db', db), args);
}

// The same, of an organisation that has begun just now: there is only admin@example.com.
export function startEmpty(password) {
  return startWith((db) => tell(`${password}\n`, 'user', 'create', '--db', db, '--email', 'admin@example.com', '--name', 'Ada Admin', '--role', 'admin', '--password-stdin'));
}

async function startWith(fill, args = []) {
  const folder = mkdtempSync(join(tmpdir(), 'entitled-web-'));
  const db = join(folder, 'web.db');
  run('migrate', '--db', db);
  fill(db);
  const server = await serve(db, args);
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  };
  return { ...server, stop };
}
