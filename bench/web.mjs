// bench/web.mjs [desk] [contract] [list]
//
// How the workspace bears size, in Chromium on the program's own pages. Prints "NAME | FIGURE | AIM" a
// line. ENT_BINARY (build/release/entitled), BENCH_ROUNDS (40), BENCH_LINES (10000), BENCH_CONTRACTS
// (1000000). Its data stay in build/bench/data. docs/performance.md tells what each row means.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, openWindow, settled } from '../tests/web/browser.mjs';
import { root, run, serve } from '../tests/web/server.mjs';

const folder = join(root, 'build', 'bench', 'data');
const rounds = Number(process.env.BENCH_ROUNDS ?? 40);
const lines = Number(process.env.BENCH_LINES ?? 10_000);
const contracts = Number(process.env.BENCH_CONTRACTS ?? 1_000_000);
const stall = 200; // ms: a task that keeps the page from answering for longer is seen

function row(name, figure, aim = '-') {
  console.log(`${name} | ${figure} | ${aim}`);
}

// ---- data ------------------------------------------------------------------------------------

function remove(db) {
  for (const end of ['', '-wal', '-shm']) rmSync(db + end, { force: true });
}

// The demo's accounts, contracts and lines again and again, with other identifiers.
function grow(db, times) {
  const sql = (text) => execFileSync('sqlite3', [db, text], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  for (const [table, shifted] of [['account', ['id']], ['contract', ['id', 'account_id']], ['contract_line', ['id', 'account_id', 'contract_id', 'parent_id', 'root_id']]]) {
    const all = sql(`SELECT name FROM pragma_table_info('${table}')`).trim().split('\n');
    const values = all.map((name) => (shifted.includes(name) ? `t.${name} + k * 1099511627776` : `t.${name}`));
    sql(`PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -800000;
      WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < ${times - 1})
      INSERT INTO "${table}" (${all.join(', ')}) SELECT ${values.join(', ')} FROM n CROSS JOIN "${table}" t`);
  }
  sql('PRAGMA journal_mode = WAL; ANALYZE');
}

function need(name, count) {
  const db = join(folder, `${name}.db`);
  if (existsSync(db)) {
    run('migrate', '--db', db);
    return db;
  }
  mkdirSync(folder, { recursive: true });
  console.error(`bench: making ${name}`);
  remove(`${db}.new`);
  run('migrate', '--db', `${db}.new`);
  run('demo', '--db', `${db}.new`);
  if (count) {
    const now = Number(execFileSync('sqlite3', [`${db}.new`, 'SELECT count(*) FROM contract'], { encoding: 'utf8' }));
    grow(`${db}.new`, Math.ceil(count / now));
  }
  renameSync(`${db}.new`, db);
  return db;
}

// ---- what a page does ------------------------------------------------------------------------

// Tasks longer than 50 ms, and when a key was pressed last; `painted(test)` is the time from that key to
// the frame that shows what the test looks for.
function instruments() {
  window.long = [];
  window.pressed = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) window.long.push(Math.round(one.duration)); }).observe({ type: 'longtask', buffered: true });
  document.addEventListener('keydown', () => { window.pressed = performance.now(); }, true);
  window.painted = (selector) => new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`not painted: ${selector}`)), 20_000);
    const look = () => {
      if (!document.querySelector(selector)) return false;
      observer.disconnect();
      clearTimeout(timer);
      requestAnimationFrame(() => { // behind the frame that is drawn now
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now() - window.pressed);
        port2.postMessage(null);
      });
      return true;
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    look();
  });
}

async function openAt(browser, origin, email) {
  const window = await openWindow(browser, origin, { email });
  await window.page.addInitScript(instruments);
  return window;
}

// Does it, and tells how long it took and what kept the page from answering meanwhile.
async function watched(page, name, act) {
  await page.evaluate(() => { window.long.length = 0; });
  const begin = Date.now();
  await act();
  const took = Date.now() - begin;
  const long = await page.evaluate(() => new Promise((done) => setTimeout(() => done([...window.long]), 150)));
  const longest = Math.max(0, ...long);
  row(name, `${took} ms; longest task ${longest === 0 ? 'below 50' : longest} ms${long.length > 1 ? `, ${long.length} above 50 ms` : ''}`, `no task above ${stall} ms`);
}

const rank = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

function times(name, found) {
  const sorted = found.sort((a, b) => a - b);
  row(name, `p50 ${rank(sorted, 0.5).toFixed(0)} ms, p95 ${rank(sorted, 0.95).toFixed(0)} ms, longest ${sorted.at(-1).toFixed(0)} ms of ${sorted.length}`, 'below 100 ms');
}

// ---- the rows --------------------------------------------------------------------------------

// From the last key to the frame with the verdict.
async function desk(browser, server) {
  const { page, context } = await openAt(browser, server.origin, 'agent@example.com');
  const { data: people } = await (await context.request.get(`${server.origin}/v1/contacts?limit=${Math.min(200, rounds)}`)).json();
  await page.goto(`${server.origin}/coverage`);
  await settled(page);
  const verdict = '[data-testid="verdict"]';
  const gone = async () => {
    await page.goto(`${server.origin}/coverage`);
    await settled(page);
  };
  const found = { listed: [], blind: [], narrowed: [] };
  for (const person of people) {
    await gone();
    await page.keyboard.type(person.email, { delay: 40 });
    await page.getByRole('option').first().waitFor();
    await page.waitForTimeout(60);
    const [took] = await Promise.all([page.evaluate((selector) => window.painted(selector), verdict), page.keyboard.press('Enter')]);
    found.listed.push(took);
    const channel = page.getByRole('group', { name: 'Channel' }).getByRole('button').first();
    await settled(page);
    await channel.focus();
    const narrowed = page.evaluate(([selector, before]) => new Promise((done) => {
      const wait = () => (location.search !== before && !document.querySelector('[data-stale]') ? done(window.painted(selector)) : setTimeout(wait, 0));
      wait();
    }), [verdict, new URL(page.url()).search]);
    await page.keyboard.press('Space');
    found.narrowed.push(await narrowed);
  }
  for (const person of people) {
    await gone();
    await page.keyboard.type(person.email.slice(0, -1));
    const painted = page.evaluate((selector) => window.painted(selector), verdict);
    await page.keyboard.type(person.email.slice(-1));
    await page.keyboard.press('Enter');
    found.blind.push(await painted);
  }
  times('coverage: Enter on a caller to the painted verdict', found.listed);
  times('the same, typed and entered without looking', found.blind);
  times('coverage: another channel to the painted verdict', found.narrowed);
  await context.close();
}

// A contract of several levels: ten sites of ten racks, the rest below them.
async function bigContract(context, origin) {
  const get = async (path) => (await (await context.request.get(`${origin}/v1/${path}`)).json()).data;
  const [there] = await get(`contracts?name=Bench%20of%20${lines}&limit=1`);
  if (there) return there.id;
  const { csrf_token } = await (await context.request.get(`${origin}/v1/session`)).json();
  const [account] = await get('accounts?limit=1');
  const price = { quantity: '2', unit_price: { amount: '9.90', currency: 'EUR' } };
  let left = lines - 110;
  const below = Math.ceil(left / 100);
  const servers = (name) => Array.from({ length: Math.min(below, left) }, (_, i) => { left--; return { name: `Server ${name}.${i}`, ...price }; });
  const racks = (site) => Array.from({ length: 10 }, (_, i) => ({ name: `Rack ${site}.${i}`, ...price, lines: servers(`${site}.${i}`) }));
  const tree = Array.from({ length: 10 }, (_, i) => ({ name: `Site ${i}`, ...price, lines: racks(i) }));
  const reply = await context.request.post(`${origin}/v1/contracts`, {
    timeout: 120_000, headers: { 'X-CSRF-Token': csrf_token },
    data: { account_id: account.id, name: `Bench of ${lines}`, starts_on: '2026-01-01', ends_on: '2030-12-31', currency: 'EUR', lines: tree },
  });
  const made = await reply.json();
  if (!reply.ok()) throw new Error(JSON.stringify(made).slice(0, 800));
  return made.id;
}

async function scrollThrough(page, selector, steps, until = null) {
  for (let i = 0; i <= steps; i++) {
    await page.evaluate(([where, share]) => {
      const box = document.querySelector(where);
      box.scrollTop = (box.scrollHeight - box.clientHeight) * share;
      return new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    }, [selector, i / steps]);
  }
  if (until) await until();
}

async function contract(browser, server) {
  const { page, context } = await openAt(browser, server.origin, 'manager@example.com');
  const id = await bigContract(context, server.origin);
  page.setDefaultTimeout(40_000);
  await page.goto(`${server.origin}/coverage`);
  await settled(page);
  const tree = '[role="treegrid"]';
  const n = lines.toLocaleString('en-GB');
  await watched(page, `contract of ${n} lines: open until its first lines stand`, async () => {
    await page.goto(`${server.origin}/contracts/${id}`);
    await page.locator(`${tree} tbody tr[role="row"]`).first().waitFor();
  });
  await watched(page, 'until all lines are there', () => page.getByText(`${n} lines`, { exact: true }).waitFor());
  await page.locator(tree).focus();
  await watched(page, 'open all of the tree (*)', async () => {
    await page.keyboard.press('*');
    await page.waitForFunction((count) => document.querySelector('[role="treegrid"]').ariaRowCount > count, lines - 1);
  });
  await watched(page, 'scroll from end to end in 100 steps', () => scrollThrough(page, tree, 100));
  await watched(page, 'type "server 7.3.5" into the search', async () => {
    await page.getByRole('textbox', { name: 'Find a line' }).focus();
    await page.keyboard.type('server 7.3.5', { delay: 60 });
    await page.waitForFunction(() => document.querySelector('[role="treegrid"]').ariaRowCount < 40);
  });
  await watched(page, 'empty the search', async () => {
    await page.getByRole('textbox', { name: 'Find a line' }).fill('');
    await page.waitForFunction((count) => document.querySelector('[role="treegrid"]').ariaRowCount > count, lines - 1);
  });
  await page.evaluate((where) => { document.querySelector(where).scrollTop = 0; }, tree);
  await watched(page, 'look at a line from the side', async () => {
    await page.locator(`${tree} tbody tr[role="row"]`).nth(3).locator('td').nth(1).click();
    await page.getByRole('complementary').getByRole('heading', { level: 2 }).waitFor();
  });
  await page.getByRole('button', { name: 'Close', exact: false }).last().click();
  await page.locator(tree).focus();
  await watched(page, 'select all lines (Ctrl+A)', async () => {
    await page.keyboard.press('Control+a');
    await page.getByText(`${n} selected`).waitFor();
  });
  await watched(page, `preview: suspend all ${n} lines`, () => previewOf(page, 'Suspend'));
  await watched(page, `preview: renew all ${n} lines`, () => previewOf(page, 'Renew'));
  await context.close();
}

async function previewOf(page, name) {
  await page.getByRole('toolbar').getByRole('button', { name, exact: true }).click();
  await page.locator('[aria-label="What would happen"] h3').first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function list(browser, server) {
  const { page, context } = await openAt(browser, server.origin, 'manager@example.com');
  page.setDefaultTimeout(40_000);
  await page.goto(`${server.origin}/coverage`);
  await settled(page);
  const box = '[role="region"][aria-label="Contracts"]';
  const n = contracts.toLocaleString('en-GB');
  const rows = `${box} tbody tr[aria-selected]`;
  await watched(page, `list of ${n} contracts: open until rows stand`, async () => {
    await page.goto(`${server.origin}/contracts`);
    await page.locator(rows).first().waitFor();
  });
  await watched(page, 'until their number stands', () => page.waitForFunction(() => document.querySelector('main h1 + span') !== null));
  await watched(page, 'scroll through 5,000 rows', () => page.evaluate(async (where) => {
    const box = document.querySelector(where);
    for (let top = 0; top < 5000 * 40; top += 900) {
      box.scrollTop = top;
      do { await new Promise((done) => setTimeout(done, 16)); } while (box.scrollHeight - box.clientHeight < top);
    }
  }, box));
  const filtered = (name, params) => watched(page, name, async () => {
    await page.goto(`${server.origin}/contracts?${params}`);
    await page.locator(rows).first().waitFor();
    await settled(page);
  });
  await filtered('filter: suspended', 'state=suspended');
  await filtered('filter: ends within a month, sorted by its end', 'ends_on[gte]=2026-12-01&ends_on[lt]=2027-01-01&sort=ends_on');
  await filtered('filter: state active, sorted by number', 'state=active&sort=number');
  await watched(page, 'search "foundry" by typing', async () => {
    await page.goto(`${server.origin}/contracts`);
    await page.locator(rows).first().waitFor();
    await page.getByRole('searchbox').fill('foundry');
    await page.waitForURL(/q=foundry/);
    await settled(page);
  });
  await page.goto(`${server.origin}/contracts?q=foundry`);
  await page.locator(rows).first().waitFor();
  await settled(page);
  await watched(page, 'CSV of a filtered set', async () => {
    const [file] = await Promise.all([page.waitForEvent('download', { timeout: 600_000 }), (async () => {
      await page.getByRole('button', { name: 'More' }).first().click();
      await page.getByRole('menuitem', { name: /CSV/ }).click();
    })()]);
    const text = execFileSync('wc', ['-lc', await file.path()], { encoding: 'utf8' }).trim().split(/\s+/);
    console.error(`bench: the CSV has ${text[0]} lines, ${text[1]} bytes`);
    if (process.env.BENCH_CSV) await file.saveAs(process.env.BENCH_CSV);
  });
  await context.close();
}

// ---- all of it -------------------------------------------------------------------------------

const all = { desk, contract, list };
const wanted = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(all);
for (const name of wanted) if (!all[name]) throw new Error(`no rows ${name}; there are: ${Object.keys(all).join(', ')}`);
const browser = await launchBrowser();
row('row', 'figure', 'aim');
row('---', '---', '---');
for (const name of wanted) {
  const server = await serve(name === 'list' ? need('web-list', contracts) : need('web'));
  try {
    await all[name](browser, server);
  } finally {
    await server.stop();
  }
}
await browser.close();
