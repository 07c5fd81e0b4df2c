// E-mails to a real mail server on this machine: what is sent, what it refuses for now and for
// ever, and what happens without one. Nothing in the API queues a mail by itself, so rows are
// put into the outbox by hand, as app/outbox.c writes them.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { Client, database, describeApi, launch, makeStore } from './harness.mjs';
import { Contract } from './contract.mjs';
import { startMailServer, until } from './receiver.mjs';

const contract = new Contract(describeApi());
const store = makeStore();
const key = store.createKey('admin', '*');
after(() => store.drop());
const skip = database === 'sqlite' && spawnSync('python3', ['-c', 'import sqlite3']).status !== 0
  ? 'no python3 to write into the database' : false;

function sql(text) {
  if (database === 'postgres') {
    execFileSync('psql', ['-qXd', store.url, '-c', text], { stdio: 'pipe' });
  } else {
    const program = 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1],timeout=20); ' +
      'c.execute(sys.argv[2]); c.commit()';
    execFileSync('python3', ['-c', program, store.url, text], { stdio: 'pipe' });
  }
}

let made = 0;
function queue(to) {
  const id = ++made;
  sql(`INSERT INTO delivery (id, account_id, created_at, kind, state, recipient, event_type, message_id,
    mail_subject, body, attempts, next_attempt_at, queue, seq) VALUES (${id}, 0, 1700000000000000, 'email',
    'pending', '${to}', 'milestone.violated', 'dlv_${id}', 'Fällig: CAS-000001', 'Grüße
.
from.me', 0, 1, '${to} ${id}', ${id})`);
  return to;
}

async function withServer(args, work) {
  const server = await launch(store, { args: ['--quiet', '--delivery-retries', '0,0', ...args] });
  const api = new Client(server.port, key, contract);
  const row = (to, state) => until(async () =>
    (await api.get(`/v1/deliveries?kind=email&recipient=${encodeURIComponent(to)}`)).body.data
      .find((one) => one.state === state && (state !== 'pending' || one.last_error)), state);
  try {
    await work(row, api);
  } finally {
    api.close();
    await server.stop();
  }
}

test('without a mail server mails wait and say why', { skip }, async () => {
  queue('early@example.com');
  await withServer([], async (row) => {
    const one = await row('early@example.com', 'pending');
    assert.match(one.last_error, /no mail server is configured/);
    assert.equal(one.attempts, 0);
  });
});

test('a mail arrives as it should; 4xx is tried again, 5xx is not', { skip }, async () => {
  const mail = await startMailServer();
  let busy = 1;
  mail.answer = (line) => {
    if (/^RCPT TO:<never/.test(line)) return '550 no such user';
    if (/^RCPT TO:<later/.test(line) && busy-- > 0) return '451 come back';
    if (/^RCPT TO:<busy/.test(line)) return '452 full';
    return undefined;
  };
  for (const to of ['fine', 'never', 'later', 'busy']) queue(`${to}@example.com`);
  const args = ['--smtp-url', `smtp://127.0.0.1:${mail.port}`, '--mail-from', 'desk@example.org'];
  await withServer(args, async (row) => {
    const fine = await row('fine@example.com', 'delivered');
    assert.equal(fine.attempts, 1);
    const never = await row('never@example.com', 'dead');
    assert.deepEqual([never.attempts, never.last_status], [1, 550]);
    assert.equal((await row('later@example.com', 'delivered')).attempts, 2);
    const full = await row('busy@example.com', 'dead');
    assert.deepEqual([full.attempts, full.last_status], [3, 452]);
  });
  const got = mail.mails.find((one) => one.to[0].includes('fine@'));
  assert.match(got.from, /<desk@example\.org>/);
  const [head, body] = got.text.split('\r\n\r\n');
  assert.match(head, /^From: desk@example\.org\r$/m);
  assert.match(head, /^To: fine@example\.com\r$/m);
  assert.match(head, /^Message-ID: <dlv_\d+@example\.org>\r$/m);
  const subject = /^Subject: =\?UTF-8\?B\?(.*)\?=\r$/m.exec(head);
  assert.equal(Buffer.from(subject[1], 'base64').toString(), 'Fällig: CAS-000001');
  assert.equal(Buffer.from(body, 'base64').toString(), 'Grüße\r\n.\r\nfrom.me');
  mail.stop();
});

// Certificates that nobody but the tests trusts, made anew each time.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ent-mail-'));
after(() => fs.rmSync(folder, { recursive: true }));

function makeCertificate(name) {
  const [key, cert] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.pem`)];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
    '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=127.0.0.1',
    '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'pipe' });
  return { file: cert, key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
}

const noTls = skip || (spawnSync('openssl', ['version']).status !== 0 ? 'no openssl' : false);
const ours = noTls ? undefined : makeCertificate('ours');
const other = noTls ? undefined : makeCertificate('other');
const login = { user: 'desk', password: 'right one' };

// What becomes of one mail, and what the server saw.
async function sendOne({ to, scheme = 'smtp', ca, password = login.password, server = {}, wanted }) {
  const mail = await startMailServer({ tls: ours, login, ...server });
  const file = path.join(folder, 'password');
  fs.writeFileSync(file, `${password}\n`);
  queue(to);
  const args = ['--smtp-url', `${scheme}://127.0.0.1:${mail.port}`, '--mail-from', 'desk@example.org',
    '--smtp-user', login.user, '--smtp-password-file', file, ...(ca ? ['--smtp-ca', ca] : [])];
  let found;
  await withServer(args, async (row) => { found = await row(to, wanted); });
  mail.stop();
  return { row: found, mails: mail.mails, logins: mail.logins };
}

for (const [scheme, implicit] of [['smtp', false], ['smtps', true]]) {
  test(`${scheme}: it signs in over TLS, with a certificate that is trusted`, { skip: noTls }, async () => {
    const got = await sendOne({ to: `${scheme}@example.com`, scheme, ca: ours.file, server: { implicit }, wanted: 'delivered' });
    assert.equal(got.row.attempts, 1);
    assert.deepEqual(got.logins, [{ ...login, isSecure: true }]);
    assert.equal(got.mails.length, 1);
  });

  for (const [what, ca] of [['the system', undefined], ['another file', other?.file]]) {
    test(`${scheme}: a certificate that ${what} does not vouch for is refused`, { skip: noTls }, async () => {
      const to = `${scheme}-${ca ? 'other' : 'system'}@example.com`;
      const got = await sendOne({ to, scheme, ca, server: { implicit }, wanted: 'dead' });
      assert.match(got.row.last_error, /certificate|SSL/i);
      assert.equal(got.row.attempts, 3);
      assert.deepEqual([got.logins, got.mails], [[], []]);
    });
  }
}

test('a wrong password is a dead letter with the reason', { skip: noTls }, async () => {
  const got = await sendOne({ to: 'wrong@example.com', ca: ours.file, password: 'wrong one', wanted: 'dead' });
  assert.match(got.row.last_error, /login|denied|535/i);
  assert.deepEqual([got.row.attempts, got.row.last_status], [3, 535]);
  assert.ok(got.logins.length >= 3);
  assert.deepEqual(got.mails, []);
});

test('without TLS no password is told', { skip: noTls }, async () => {
  const got = await sendOne({ to: 'bare@example.com', server: { tls: undefined }, wanted: 'dead' });
  assert.match(got.row.last_error, /SSL|TLS/i);
  assert.deepEqual([got.logins, got.mails], [[], []]);
});
