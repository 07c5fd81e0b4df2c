// The program as whoever runs it meets it: help, mistakes, exit statuses, commands.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { adminPassword, database, run, startServer } from './harness.mjs';
import { day, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
const folder = mkdtempSync(join(tmpdir(), 'entitled-cli-'));
after(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

const cli = (args, options = {}) => run(args, { env: server.env, ...options });
const COMMANDS = ['serve', 'migrate', 'user', 'key', 'check', 'eval', 'import', 'export', 'report', 'verify', 'deliveries', 'demo', 'describe'];

function fails(args, status, says, options) {
  const result = cli(args, options);
  assert.equal(result.status, status, `${args.join(' ')}: ${result.status} ${result.stderr}`);
  assert.match(result.stderr, says);
  assert.equal(result.stdout, '');
}

// ---- help and mistakes ------------------------------------------------------------------------------

test('help in every way', () => {
  for (const args of [['help'], ['--help'], ['-h']]) {
    const { status, stdout } = cli(args);
    assert.equal(status, 0);
    for (const command of COMMANDS) assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
  }
  for (const command of COMMANDS) {
    const { status, stdout } = cli(['help', command]);
    assert.equal(status, 0, command);
    assert.match(stdout, new RegExp(`^usage: entitled ${command}`, 'm'));
    assert.equal(cli([command, '--help']).stdout, stdout);
    assert.equal(cli([command, '-h']).stdout, stdout);
  }
  assert.match(cli(['--version']).stdout, /^entitled \d+\.\d+\.\d+\n$/);
});

test('without a command: how it is used, status 2', () => fails([], 2, /usage: entitled COMMAND/));

const mistakes = [
  [['serv'], /no command "serv"; did you mean "serve"\?/],
  [['exprot'], /did you mean "export"\?/],
  [['frobnicate'], /no command "frobnicate"; see `entitled help`/],
  [['help', 'chekc'], /did you mean "check"\?/],
  [['serve', '--liten', 'x'], /no option --liten; did you mean --listen\?/],
  [['check', '--acount', 'x'], /did you mean --account\?/],
  [['serve', '--hlep'], /did you mean --help\?/],
  [['verify', '--frobnicate'], /no option --frobnicate; see `entitled verify --help`/],
  [['serve', '--listen'], /--listen needs a value: ADDRESS:PORT/],
  [['serve', '--threads', 'many'], /--threads many: give a whole number/],
  [['serve', '--threads=-1'], /--threads -1: give a whole number/],
  [['serve', '--listen', 'here'], /give an address like/],
  [['serve', '--clock', 'noon'], /give a time like/],
  [['user', 'delete'], /say `entitled user create`/],
  [['user', 'create', '--password-stdin'], /no password on standard input/],
  [['describe', 'everything'], /say openapi, meta or schema/],
  [['describe'], /say openapi, meta or schema/],
  [['export'], /say what: accounts, .*contract_coverages, cases/],
  [['check', 'acc_0sa58zm5r0000'], /acc_0sa58zm5r0000: it takes options only; see `entitled check --help`/],
  [['demo', '--seed', '2', 'more'], /more: it takes options only/],
  [['serve', '--quiet=yes'], /--quiet takes no value/],
  [['serve', '--smtp-user', 'x'], /--smtp-url is missing: name the mail server, too/],
  [['report', 'expiring', 'states'], /^entitled report: say which:/],
  [['serve', '--threads', '257'], /--threads 257: give at most 256/],
  [['serve', '--cache-mb', '99999999999999'], /--cache-mb 99999999999999: give at most/],
];

for (const [args, says] of mistakes) {
  test(`status 2: ${args.join(' ')}`, () => fails(args, 2, says));
}

// ---- migrate -------------------------------------------------------------------------------------------

test('migrate --check tells, and does nothing', () => {
  assert.match(cli(['migrate', '--check']).stdout, /migration (\d+) of \1$/m);
  const file = join(folder, 'new.db');
  fails(['migrate', '--check', '--db', file], 1, /new\.db/);
  fails(['verify', '--db', file], 2, /./);
  fails(['check', '--db', file, '--account', 'x'], 2, /./);
  fails(['user', 'create', '--db', file, '--email', 'a@example.com'], 1, /./);
  const made = cli(['migrate', '--db', file]);
  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stdout, /migration (\d+) of \1$/m);
  assert.equal(cli(['migrate', `--db=${file}`]).stdout, made.stdout);
  assert.equal(cli(['migrate', '--check', '--db', file]).status, 0);
  assert.match(cli(['verify', '--db', file]).stdout, /^0 accounts, .*: 0 findings$/m);
});

test('a database that cannot be opened: why, and no wrong advice', () => {
  fails(['verify', '--db', join(folder, 'none.db')], 2, /^entitled: there is no database .*none\.db: `entitled migrate` makes one\n$/);
  fails(['serve', '--db', join(folder, 'none.db')], 1, /^entitled: there is no database .*none\.db: `entitled migrate` makes one\n$/);
  fails(['verify', '--db', folder], 2, /^entitled: could not open .*: Is a directory\n$/);
  fails(['migrate', '--db', join(folder, 'no', 'such.db')], 1, /^entitled: could not open .*: No such file or directory\n$/);
  writeFileSync(join(folder, 'text.db'), 'no database at all, but a text that is long enough to be one\n'.repeat(20));
  fails(['verify', '--db', join(folder, 'text.db')], 2, /^entitled: could not open .*text\.db: file is not a database\n$/);
  writeFileSync(join(folder, 'empty.db'), '');
  fails(['verify', '--db', join(folder, 'empty.db')], 2, /^entitled: the database is at migration 0 of \d+: run entitled migrate\n$/);
  fails(['verify', '--db', 'postgresql://127.0.0.1:1/none'], 2, /^(?!.*entitled migrate)/s);
});

test('a server refuses a database without its tables, with what to do', () => {
  fails(['serve', '--db', join(folder, 'none.db'), '--listen', '127.0.0.1:0'], 1, /none\.db/);
});

test('an address that is taken is named', () => {
  fails(['serve', '--listen', `127.0.0.1:${server.port}`], 1, new RegExp(`--listen 127.0.0.1:${server.port}: could not bind the address: Address already in use`));
});

test('a password in the URL is not said', () => {
  for (const url of ['postgresql://me:s3cret@127.0.0.1:1/none', 'host=127.0.0.1 port=1 user=me password=s3cret dbname=none']) {
    const { status, stdout, stderr } = cli(['verify', '--db', url]);
    assert.equal(status, 2);
    assert.doesNotMatch(stdout + stderr, /s3cret/);
  }
});

// ---- people -----------------------------------------------------------------------------------------------

test('user create: who can then sign in', async () => {
  const input = 'a password of nine words\n';
  const { status, stdout } = cli(['user', 'create', '--email', 'Maya@example.com', '--role', 'agent', '--password-stdin'], { input });
  assert.equal(status, 0);
  const user = (await client.get(`/v1/users/${stdout.trim()}`)).body;
  assert.deepEqual([user.email, user.role], ['maya@example.com', 'agent']);
  await client.post('/v1/session', { email: 'maya@example.com', password: input.trim() }, { key: null });
  fails(['user', 'create', '--email', 'maya@example.com'], 1, /\/email .*another user has it/s);
  fails(['user', 'create', '--email', 'x'], 1, /\/email/);
  fails(['user', 'create', '--email', 'x@example.com', '--role', 'king'], 1, /\/role \(king\): give one of viewer/);
  fails(['user', 'create', '--email', 'x@example.com', '--password-stdin'], 1, /12 characters/, { input: 'short' });
});

test('key create: prints the key, once, and nothing else', async () => {
  const account = await world.account();
  const key = cli(['key', 'create', '--name', 'narrow', '--scope', 'account.read', '--scope=contact.*', '--account', account.id]).stdout;
  assert.match(key, /^ek_[\w-]{43}\n$/);
  const { body } = await client.get('/v1/accounts', { key: key.trim() });
  assert.deepEqual(body.data.map((one) => one.id), [account.id]);
  const idle = cli(['key', 'create', '--name', 'idle']);
  assert.equal(idle.status, 0);
  assert.match(idle.stderr, /without --scope it may do nothing/);
  fails(['key', 'create', '--name', 'x', '--scope', 'case.fly'], 1, /\/scopes\/0 \(case\.fly\)/);
  fails(['key', 'create', '--name', 'x', '--scope', '*', '--account', 'acc_0123456789abc'], 1, /there is no such account/);
  fails(['key', 'create', '--name', 'x', '--scope', '*', '--expires', 'soon'], 1, /\/expires_at/);
});

test('very long options are refused, not fatal', () => {
  const long = 'x\u00e9"'.repeat(20000);
  fails(['check', '--channel', long], 2, /channel/);
  fails(['key', 'create', '--scope', '*', '--name', long], 1, /name/);
  fails(['user', 'create', '--email', long], 1, /email/);
});

// ---- check ------------------------------------------------------------------------------------------------

test('check: for people and as JSON; 0 is yes, 1 is no, 2 is a mistake', async () => {
  const account = await world.account();
  const [product, other] = [await world.product(), await world.product()];
  const e = await world.entitlement(account, { name: 'Gold', products: [product.id], unit: 'cases', total: 3, ends_on: day(9) });
  const yes = cli(['check', '--account', account.id, '--product', product.id]);
  assert.equal(yes.status, 0);
  assert.match(yes.stdout, /^covered by ENT-\d+ Gold; decided by: only\n  \* ENT-\d+ +Gold \(active, ent_\w+\), 3 of 3 left\n$/);
  const no = cli(['check', '--account', account.id, '--product', other.id]);
  assert.equal(no.status, 1);
  assert.match(no.stdout, /^not covered; 1 candidate\n  - .*\n      product_not_covered: It names products/);
  const json = cli(['check', '--json', '--account', account.id, '--at', `${day(20)}T00:00:00Z`, '--units', '2']);
  assert.equal(json.status, 1);
  assert.equal(JSON.parse(json.stdout).candidates[0].state, 'expired');
  assert.equal(cli(['check', '--account', account.id, '--entitlement', e.id, '--channel', 'phone', '--units', '0']).status, 0);
  fails(['check', '--account', 'acc_0123456789abc'], 2, /no such account/);
  fails(['check', '--account', 'nonsense'], 2, /account_id/);
  fails(['check'], 2, /account_id/);
  fails(['check', '--account', account.id, '--at', 'soon'], 2, /\/at/);
});

// ---- eval -------------------------------------------------------------------------------------------------

test('eval: bad lines do not stop it, order and ids are kept, names may be any text', () => {
  const ask = (id, contact) => JSON.stringify({ id, op: 'coverage.check', account_id: 'home', contact_id: contact, at: '2026-01-01T00:00:00Z',
    entitlements: [{ id: 'gold', account_id: 'home', name: 'Gold', grants: [{ contact_id: 'marcie' }] }] });
  const lines = [ask(1, 'marcie'), '{', '', '[]', ask('two', 'jackson'), '{"id":3,"op":"frobnicate"}', '{"id":4}', `{"id":5,"op":"coverage.check"}`,
    '\u0000', ask({ deep: [6] }, 'marcie'), ask(7, 'x'.repeat(100000))];
  const { status, stdout, stderr } = run(['eval'], { input: `${lines.join('\n')}\n` });
  assert.deepEqual([status, stderr], [0, '']);
  const answers = stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(answers.map((one) => one.id), [1, null, null, 'two', 3, 4, 5, null, { deep: [6] }, 7]);
  assert.deepEqual(answers.map((one) => one.ok), [true, false, false, true, false, false, false, false, true, true]);
  assert.deepEqual(answers.map((one) => one.error?.code ?? ''), ['', 'syntax', 'type', '', 'unknown_value', 'required', 'required', 'syntax', '', '']);
  assert.deepEqual([answers[0].result.covered, answers[0].result.entitlement_id, answers[3].result.covered], [true, 'gold', false]);
  assert.deepEqual(answers[3].result.candidates[0].reasons.map((one) => one.code), ['contact_not_named']);
});

test('eval: the last line needs no end, and nothing in gives nothing out', () => {
  assert.match(run(['eval'], { input: '{"id":1}' }).stdout, /^\{"id":1,"ok":false,.*\}\n$/);
  assert.deepEqual(run(['eval'], { input: '' }), { status: 0, stdout: '', stderr: '' });
});

// ---- describe -----------------------------------------------------------------------------------------------

test('describe: what the server serves', async () => {
  assert.deepEqual(JSON.parse(cli(['describe', 'openapi']).stdout), (await client.get('/openapi.json')).body);
  assert.deepEqual(JSON.parse(cli(['describe', 'meta']).stdout), (await client.get('/v1/meta')).body);
  assert.match(cli(['describe', 'schema']).stdout, /CREATE TABLE "entitlement"/);
});

// ---- verify ---------------------------------------------------------------------------------------------------

// Change what is stored behind the program's back.
function damage(sql) {
  if (database === 'postgres') {
    execFileSync('psql', ['-qXd', server.url, '-c', sql], { stdio: 'pipe' });
  } else {
    execFileSync('sqlite3', [server.url, `PRAGMA busy_timeout=5000; ${sql}`], { stdio: 'pipe' });
  }
}

const tool = database === 'postgres' ? 'psql' : 'sqlite3';
const skip = spawnSync(tool, ['--version']).status !== 0 && `${tool} is not installed`;

test('verify finds what was planted, names it, and is content when it is gone', { skip, timeout: 120000 }, async () => {
  const account = await world.account();
  const e = await world.entitlement(account, { unit: 'cases', total: 9, channels: [{ channel: 'phone', total: 5 }], starts_on: day(-5), ends_on: day(5) });
  await world.act('entitlements', e.id, 'top_up', { units: 2 });
  const made = await world.case(account, { channel: 'phone', entitlement_id: e.id });
  await world.act('entitlements', e.id, 'set_default');
  const whole = () => assert.match(cli(['verify']).stdout, /: 0 findings$/m);
  whole();
  const own = (table) => `WHERE account_id = (SELECT id FROM account WHERE name = '${account.name}')`.replace('account_id', table === 'account' ? 'id' : 'account_id');
  const planted = [
    ['balance', `UPDATE entitlement SET ledger_consumed = ledger_consumed + 1 ${own()}`, `UPDATE entitlement SET ledger_consumed = ledger_consumed - 1 ${own()}`, e.id],
    ['balance', `UPDATE term_posting SET units = units + 1 ${own()} AND kind = 'grant'`, `UPDATE term_posting SET units = units - 1 ${own()} AND kind = 'grant'`, e.id],
    ['channel', `UPDATE entitlement_channel SET consumed = consumed + 1 ${own()}`, `UPDATE entitlement_channel SET consumed = consumed - 1 ${own()}`, e.channels[0].id],
    ['lot', `UPDATE term_lot SET units = units + 1 ${own()}`, `UPDATE term_lot SET units = units - 1 ${own()}`, /lot_/],
    ['dates', `UPDATE entitlement SET starts_at = starts_at + 1 ${own()}`, `UPDATE entitlement SET starts_at = starts_at - 1 ${own()}`, e.id],
    ['case', `UPDATE "case" SET units_charged = units_charged + 1 ${own()}`, `UPDATE "case" SET units_charged = units_charged - 1 ${own()}`, made.id],
    ['event', `UPDATE event SET actor = actor || 'x' ${own()} AND seq = 2`, `UPDATE event SET actor = substr(actor, 1, length(actor) - 1) ${own()} AND seq = 2`, /evt_/],
    ['event', `UPDATE event SET seq = 999 ${own()} AND seq = 3`, `UPDATE event SET seq = 3 ${own()} AND seq = 999`, /evt_|acc_/],
    ['default', `UPDATE account SET default_entitlement_id = 1 ${own('account')}`, null, account.id],
  ];
  for (const [kind, plant, pull, subject] of planted) {
    try {
      damage(plant);
    } catch (error) {
      assert.match(String(error.stderr), /foreign key/i, plant); // the database itself does not let it
      continue;
    }
    const { status, stdout } = cli(['verify']);
    assert.equal(status, 1, `${plant}: ${stdout}`);
    const found = stdout.split('\n').filter((line) => line.startsWith(`${kind} ${account.id} `));
    assert.ok(found.length > 0, `${plant}: ${stdout}`);
    if (subject instanceof RegExp) assert.match(found.join('\n'), subject);
    else assert.ok(found.some((line) => line.includes(subject)), `${subject}: ${stdout}`);
    assert.match(stdout, /: [1-9]\d* findings$/m);
    if (pull === null) continue;
    damage(pull);
    whole();
  }
});

// ---- holidays, deliveries ----------------------------------------------------------------------------

test('holidays of an iCalendar file go into a set', async () => {
  const file = join(folder, 'holidays.ics');
  writeFileSync(file, ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20261225', 'SUMMARY:Christmas',
    'RRULE:FREQ=YEARLY', 'END:VEVENT', 'BEGIN:VEVENT', 'SUMMARY:No day', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n'));
  const args = ['import', '--holiday-set', 'Of the command line', file];
  const said = /^No day: skipped: it has no DTSTART\n2 events, 1 holidays added, 1 skipped/;
  assert.match(cli([...args, '--dry-run']).stdout, said);
  const sets = async () => (await client.get('/v1/holiday_sets?limit=200')).body.data
    .filter((set) => set.name === 'Of the command line');
  assert.deepEqual(await sets(), []);
  assert.match(cli(args).stdout, said);
  assert.deepEqual((await sets())[0].holidays, [{ date: '*-12-25', name: 'Christmas' }]);
  assert.match(cli(args).stdout, /2 events, 0 holidays added/);
  fails(['import', '--holiday-set', 'x', file, file], 2, /one file with --holiday-set/);
});

test('deliveries: none wait', () => {
  assert.equal(cli(['deliveries']).stdout, '0 webhooks and 0 e-mails wait, 0 are dead\n');
  assert.equal(cli(['deliveries', '--replay']).stdout, '0 are sent again\n');
});
