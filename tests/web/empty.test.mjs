// Where there is nothing yet, and where the server is slow, refuses, fails or is away: each page says so, and what to do next.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { all, follow, launchBrowser, openWindow, password, picture, settled, violations } from './browser.mjs';
import { startDemo, startEmpty } from './server.mjs';
import { alike, findWorld, pagesOf } from './world.mjs';

const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };
const lanes = 2; // windows at a time: most of the time is waiting
const only = process.env.ENT_ONLY; // walk one page

const [empty, demo, browser] = await Promise.all([startEmpty(password), startDemo(), launchBrowser()]);
after(async () => {
  await browser.close();
  await Promise.all([empty.stop(), demo.stop()]);
});

// All that is waited for comes before the first test, else the hook above ends it.
const admin = await caller(empty.origin, 'admin@example.com');
const nothing = await emptyPages();
const looker = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
// Pages that are drawn alike are looked at once, and by axe now and then; with ENT_PICTURES=all each is.
const pages = pagesOf(await findWorld(looker.context, demo.origin)).filter(([name, who]) => who !== null && (all || name === only || !alike.has(name)));
await looker.context.close();
const some = pages.filter(([name], i) => all || name === only || i % 4 === 1 || name.startsWith('desk')); // the others with ENT_PICTURES=all

// Walks pages, some at a time, each window one page after another. `open` makes a window for a person.
async function walk(t, pages, open, look) {
  const free = [];
  const windows = [];
  await Promise.all(pages.filter(([name]) => !only || name === only).map((page) => t.test(page[0], { timeout: 120_000 }, async () => {
    const at = free.findIndex((one) => one.who === page[1]);
    const window = at >= 0 ? free.splice(at, 1)[0] : { who: page[1], ...(await open(page[1])) };
    if (at < 0) windows.push(window);
    window.wrong.length = 0;
    await look(window, page);
    free.push(window); // one that failed is not used again
  })));
  for (const { context } of windows) await context.close();
}

// The API, as somebody.
async function caller(origin, email) {
  const context = await browser.newContext();
  const reply = await context.request.post(`${origin}/v1/session`, { data: { email, password } });
  const headers = { 'x-csrf-token': (await reply.json()).csrf_token };
  const json = async (some) => {
    assert.ok(some.ok(), `${some.url()} ${some.status()} ${await some.text()}`);
    return some.json();
  };
  return {
    get: async (path) => json(await context.request.get(`${origin}/v1/${path}`)),
    post: async (path, data) => json(await context.request.post(`${origin}/v1/${path}`, { data, headers })),
    end: () => context.close(),
  };
}

// ---- nothing yet ----


// Lists and forms of every type, and the pages that are made by hand.
async function emptyPages() {
  const { types } = await admin.get('meta');
  const listed = types.filter((type) => type.plural);
  return [
    ...['coverage', 'queue', 'queue?tab=all', 'renewals', 'renewals?window=overdue', 'imports', 'reports', 'reports?board=contracts', 'administration', 'roles', 'settings']
      .map((path) => [path.replace(/\W.*=/, '-'), 'admin', `/${path}`]),
    ...listed.map((type) => [type.plural, 'admin', `/${type.plural}`]),
    ...listed.filter((type) => type.creatable).map((type) => [`${type.plural}-new`, 'admin', `/${type.plural}/new`]),
  ];
}

// Records that have just been made, each without whatever belongs to it; and people of other roles.
async function emptyRecords() {
  const made = {};
  const make = async (plural, given) => { made[plural] = await admin.post(plural, given); return made[plural].id; };
  const account_id = await make('accounts', { name: 'Fresh Start' });
  const contact_id = await make('contacts', { account_id, name: 'Nora New' });
  await make('products', { name: 'Widget' });
  await make('assets', { account_id, name: 'The first one' });
  await make('contracts', { account_id, name: 'Nothing in it', starts_on: '2026-01-01', ends_on: '2026-12-31' });
  await make('entitlements', { account_id, name: 'Not in force', unit: 'cases', total: 2, starts_on: '2026-01-01', ends_on: '2026-12-31' });
  await make('calendars', { name: 'Mondays', time_zone: 'Europe/Berlin', week: { mon: [['09:00', '17:00']] } });
  await make('holiday_sets', { name: 'No day off', holidays: [] });
  await make('sla_policies', { name: 'No rules' });
  await make('teams', { name: 'Nobody' });
  await make('webhook_endpoints', { name: 'Nothing sent', url: 'https://example.com/hook' });
  await make('cases', { account_id, title: 'Nothing said' });
  for (const role of ['agent', 'viewer', 'customer']) {
    await admin.post('users', { email: `${role}@example.com`, name: `Nobody ${role}`, role, password, ...(role === 'customer' ? { contact_id } : {}) });
  }
  const records = Object.entries(made).map(([plural, { id }]) => [`${plural}-fresh`, 'admin', `/${plural}/${id}`]);
  return [
    ...records,
    ['calendar-fresh-holidays', 'admin', `/calendars/${made.calendars.id}?tab=holidays`],
    ['calendar-fresh-revisions', 'admin', `/calendars/${made.calendars.id}?tab=revisions`],
    ['contract-fresh-life', 'admin', `/contracts/${made.contracts.id}?tab=life`],
    ['account-fresh-history', 'admin', `/accounts/${account_id}?tab=history`],
    ['desk-fresh', 'agent', `/coverage?account_id=${account_id}`],
    ['queue-fresh', 'agent', '/queue'],
    ['milestones-fresh', 'agent', '/milestones'],
    ['contracts-viewer', 'viewer', '/contracts'],
    ['reports-viewer', 'viewer', '/reports'],
    ['case-fresh-portal', 'customer', `/cases/${made.cases.id}`],
    ['portal-fresh', 'customer', '/'],
    ['portal-entitlements-fresh', 'customer', '/entitlements'],
    ['portal-new-case-fresh', 'customer', '/cases/new'],
  ];
}

const nonsense = /undefined|\bNaN\b|Invalid Date|\[object|\bnull\b|Infinity|XXX|\b(0[.,]00)\b/;

// What of the page is no honest state: words that no person wrote, a table without rows, a state without a next step.
function dishonest(page) {
  return page.evaluate(() => {
    const main = document.querySelector('main');
    const bare = [...main.querySelectorAll('table')].filter((table) => !table.querySelector('tbody tr')).map((table) => `bare table: ${table.innerText}`);
    const stuck = [...main.querySelectorAll('[data-empty]')].filter((one) => !one.querySelector('a, button') && one.children.length < 3).map((one) => `no next step: ${one.innerText}`);
    const headings = main.querySelectorAll('h1').length === 1 ? [] : [`${main.querySelectorAll('h1').length} first headings`];
    return [...bare, ...stuck, ...headings, ...(main.innerText.trim().length < 20 ? [`says only: ${main.innerText}`] : [])];
  });
}

function scrollsSideways(page) {
  return page.evaluate(() => [document.documentElement, document.querySelector('main')].some((one) => one && one.scrollWidth > one.clientWidth + 1));
}

let looked = 0;

async function lookAtNothing({ page, wrong }, [name, , path]) {
  await page.setViewportSize(wide);
  await follow(page, empty.origin + path);
  await picture(page, `empty-${name}-wide`);
  assert.deepEqual(wrong, []);
  assert.deepEqual(await dishonest(page), []);
  const said = (await page.locator('main').innerText()).split('\n').filter((line) => nonsense.test(line));
  assert.deepEqual(said, []);
  assert.equal(await scrollsSideways(page), false, 'scrolls sideways');
  if (all || looked++ % 3 === 0) assert.deepEqual(await violations(page), []);
  await page.setViewportSize(narrow);
  await settled(page);
  await picture(page, `empty-${name}-narrow`);
  assert.equal(await scrollsSideways(page), false, 'a phone scrolls sideways');
}

const visitor = (who) => openWindow(browser, empty.origin, { email: `${who}@example.com` });

test('nobody but the administrator', { concurrency: lanes }, (t) => walk(t, nothing, visitor, lookAtNothing));

test('records in which there is nothing, and people who see nothing', { concurrency: lanes }, async (t) => {
  await walk(t, await emptyRecords(), visitor, lookAtNothing);
  await admin.end();
});

// ---- trouble ----

const refusals = { 500: 'The disk is on fire.', 403: 'This is not for you.' };

// A window whose requests are answered as `way.mode` says: 'pass', 'hold', 'away', 500 or 403. Who signs in is known all the same.
async function troubled(email) {
  const window = await openWindow(browser, demo.origin, { email });
  const way = { mode: 'pass', failed: 0, held: [], heard: () => undefined };
  way.asked = () => new Promise((done) => { way.heard = done; if (way.held.length > 0) done(); });
  await window.context.route(/\/healthz$|\/v1\/(?!session|meta\b|events\/stream)/, async (route) => {
    const { mode } = way;
    if (mode === 'hold') await new Promise((done) => { way.held.push(done); way.heard(); });
    if (mode === 'pass' || mode === 'hold' || (mode !== 'away' && route.request().url().endsWith('/healthz'))) return route.continue().catch(() => undefined);
    way.failed++;
    if (mode === 'away') return route.abort('internetdisconnected');
    const body = JSON.stringify({ type: 'about:blank', title: 'Trouble', status: mode, code: 'trouble', detail: refusals[mode], request_id: `req_${mode}` });
    return route.fulfill({ status: mode, contentType: 'application/problem+json', body });
  });
  return { ...window, way };
}

const release = (way) => {
  way.mode = 'pass';
  way.held.splice(0).forEach((done) => done());
};

// What the page's signs of trouble say.
const told = (page) => page.locator('main [role="alert"]').allInnerTexts().then((texts) => texts.join('\n'));

async function says(page, ...words) {
  await page.waitForFunction((some) => some.every((word) => [...document.querySelectorAll('main [role="alert"]')].some((one) => one.innerText.includes(word))), words, { timeout: 10_000 })
    .catch(async () => assert.fail(`nowhere ${words.join(', ')} in: ${await told(page)}`));
  await settled(page);
}

const tryAgain = (page) => page.locator('main [role="alert"]').getByRole('button', { name: 'Try again' }).first();

async function lookAtTrouble({ page, wrong, way }, [name, , path]) {
  way.mode = 500;
  way.failed = 0;
  await page.goto(demo.origin + path);
  await settled(page);
  if (way.failed > 0) {
    await says(page, refusals[500], 'req_500', 'Try again');
    await picture(page, `failed-${name}`);
    if (all || looked++ % 3 === 0) assert.deepEqual(await violations(page), []);
    way.mode = 403;
    await tryAgain(page).click();
    await says(page, refusals[403], 'req_403', 'Try again');
    way.mode = 'away';
    await tryAgain(page).click();
    await says(page, 'No connection to the server');
    await picture(page, `offline-${name}`);
    way.mode = 'pass';
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await page.getByText('Connected again').first().waitFor();
    await page.locator('main [role="alert"]').first().waitFor({ state: 'detached' });
    await settled(page);
  }
  assert.equal(await told(page), '');
  assert.deepEqual(await dishonest(page), []);
  assert.deepEqual(wrong.filter((line) => !/Failed to load resource/.test(line)), []);
}

const shifts = () => {
  window.jumped = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.jumped += entry.hadRecentInput ? 0 : entry.value; })).observe({ type: 'layout-shift', buffered: true });
};

async function lookAtSlowness({ page, wrong, way }, [name, , path]) {
  way.mode = 'hold';
  await page.goto(demo.origin + path);
  await Promise.race([way.asked(), page.locator('#main h1').waitFor()]);
  await page.locator('#main h1, #main [role="status"][aria-label]').first().waitFor();
  await picture(page, `slow-${name}`);
  release(way);
  await settled(page);
  assert.deepEqual(wrong, []);
  const jumped = await page.evaluate(() => window.jumped);
  assert.ok(jumped < 0.1, `the page jumps by ${jumped.toFixed(3)}`);
}

const trouble = (who) => troubled(`${who}@example.com`);

test('a server that fails, refuses and goes away', { concurrency: lanes }, (t) => walk(t, some, trouble, lookAtTrouble));

test('a slow server', { concurrency: lanes }, (t) => walk(t, some, async (who) => {
  const window = await trouble(who);
  await window.context.addInitScript(shifts);
  return window;
}, lookAtSlowness));

// Of pages, the parts that they can do without; below which headings, or after which words, they say so.
const parts = [
  ['desk-covered', 403, /^(cases|accounts|entitlements)\b/, ['Account: ', 'Cover: ', 'Open cases of this customer']],
  ['queue', 500, /^milestones|^users|limit=1\b/, ['Some of this page', 'My teams: ', 'Clocks: ']],
  ['case', 404, /^(milestones|case_|events)|timeline/, ['Clocks', 'Timeline']],
  ['account', 403, /^contacts/, ['Contacts']],
  ['contract', 403, /^(contract_|entitlements|events|contracts\?)/, ['Renewals: ', 'Lines', 'What is ahead', 'What it covers', 'Entitlements']],
  ['administration', 403, /^(?!users)/, ['Some of this page', 'Given up lately', 'What changed lately', 'Keys that need a look']],
  ['holiday-set', 404, /^calendars/, ['Used by']],
];

// Each sign of trouble with the heading that it stands below, if it is in a section.
const signs = (page) => page.evaluate(() => [...document.querySelectorAll('main [role="alert"]')].map((one) => `${one.closest('section')?.querySelector('h2, h3')?.textContent ?? ''} ${one.innerText}`));

async function lookAtParts({ page, context, wrong }, [name, , path]) {
  const [, status, which, wanted] = parts.find(([one]) => one === name);
  let back = false;
  await context.unroute('**');
  await context.route('**', (route) => {
    const { pathname, search } = new URL(route.request().url());
    if (back || !pathname.startsWith('/v1/') || /^\/v1\/(session|meta|events\/stream)/.test(pathname) || !which.test(pathname.slice(4) + search)) return route.continue().catch(() => undefined);
    return route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify({ status, code: 'trouble', detail: 'This part is not for you.', request_id: 'req_part' }) });
  });
  await page.goto(demo.origin + path);
  await settled(page);
  await says(page, 'This part is not for you.', 'req_part', 'Try again');
  const found = await signs(page);
  for (const words of wanted) assert.ok(found.some((one) => one.includes(words)), `nothing about ${words} in ${found.join(' | ')}`);
  assert.deepEqual(await dishonest(page), []);
  if (all || name === 'contract') assert.deepEqual(await violations(page), []);
  back = true;
  for (let left = found.length; left > 0; left--) {
    if (await tryAgain(page).count() > 0) await tryAgain(page).click();
    await settled(page);
  }
  assert.equal(await told(page), '');
  assert.deepEqual(wrong.filter((line) => !/Failed to load resource/.test(line)), []);
}

test('parts of a page that are refused, gone or fail', { concurrency: lanes }, (t) =>
  walk(t, pages.filter(([name]) => parts.some(([one]) => one === name)), (who) => openWindow(browser, demo.origin, { email: `${who}@example.com` }), lookAtParts));

// A window whose requests are answered as `answer` says, which is asked with their paths.
async function answered(answer, email = 'agent@example.com') {
  const window = await openWindow(browser, demo.origin, email === null ? {} : { email });
  const way = { answer };
  await window.context.route((url) => url.origin === demo.origin, (route) => way.answer(new URL(route.request().url()).pathname, route));
  return { ...window, way };
}

const pass = (_, route) => route.continue().catch(() => undefined);
const broken = (which) => (path, route) => (which.test(path) ? route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"status":500,"detail":"The disk is on fire.","request_id":"req_500"}' }) : pass(path, route));
const gone = (which) => (path, route) => (which.test(path) ? route.abort('internetdisconnected') : pass(path, route));

test('the first requests fail: who one is, what there is', { timeout: 60_000 }, async () => {
  for (const which of [/\/v1\/session$/, /\/v1\/meta$/]) {
    const { page, context, way } = await answered(broken(which));
    await page.goto(`${demo.origin}/queue`);
    await says(page, refusals[500], 'req_500', 'Try again');
    assert.deepEqual(await violations(page), []);
    way.answer = pass;
    await tryAgain(page).click();
    await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor();
    await context.close();
  }
});

test('a part of the program does not come: it is told, and comes once the server is back', { timeout: 60_000 }, async () => {
  const away = gone(/Queue|healthz/);
  const { page, context, way } = await answered(pass);
  await page.goto(`${demo.origin}/coverage`);
  way.answer = away;
  await settled(page);
  await page.getByRole('link', { name: 'Queue' }).click();
  await says(page, 'The server cannot be reached', 'Try again');
  await tryAgain(page).click();
  await says(page, 'The server cannot be reached'); // and the page is still there
  way.answer = pass;
  await tryAgain(page).click();
  await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor();
  await context.close();
});

test('the network goes: what is there stays, a change is not claimed, and all goes on', { timeout: 60_000 }, async () => {
  const { page, context } = await openWindow(browser, demo.origin, { email: 'agent@example.com' });
  await page.goto(demo.origin + pages.find(([name]) => name === 'case')[2]);
  await settled(page);
  const rows = page.locator('main ol li');
  const before = await rows.count();
  assert.ok(before > 0);
  await context.setOffline(true);
  await says(page, 'No connection to the server');
  assert.equal(await rows.count(), before);
  await page.getByPlaceholder('Write to the customer').fill('Are you there?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('this may not have been saved').waitFor();
  await context.setOffline(false);
  await page.getByText('Connected again').first().waitFor();
  await page.locator('main [role="alert"]').first().waitFor({ state: 'detached' });
  assert.equal(await rows.count(), before);
  assert.equal(await page.getByPlaceholder('Write to the customer').inputValue(), 'Are you there?');
  await context.close();
});

test('nobody is signed in and there is no server', { timeout: 60_000 }, async () => {
  const { page, context } = await answered(gone(/\/v1\/session$/), null);
  await page.goto(demo.origin);
  await page.getByLabel('E-mail').fill('agent@example.com');
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
  await context.close();
});
