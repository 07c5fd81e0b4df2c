// What others change appears on an open page by itself, in every tab, over one connection.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, test } from 'node:test';
import { launchBrowser, openWindow, password, settled } from './browser.mjs';
import { startDemo } from './server.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

// Somebody else, by the API.
async function somebody() {
  const context = await browser.newContext();
  const request = context.request;
  const session = await (await request.post(`${demo.origin}/v1/session`, { data: { email: 'admin@example.com', password } })).json();
  const headers = { 'x-csrf-token': session.csrf_token };
  const json = async (reply) => {
    assert.ok(reply.ok(), `${reply.status()} ${await reply.text()}`);
    return reply.json();
  };
  return {
    get: async (path) => json(await request.get(`${demo.origin}/v1/${path}`)),
    post: async (path, data) => json(await request.post(`${demo.origin}/v1/${path}`, { data, headers })),
    patch: async (path, data) => json(await request.patch(`${demo.origin}/v1/${path}`, { data, headers: { ...headers, 'content-type': 'application/merge-patch+json' } })),
  };
}

const other = await somebody();
const sign = (page) => page.locator('[data-live]');
const isLive = (page) => page.locator('[data-live="live"]').waitFor();
const streamsOf = (page) => {
  const streams = [];
  page.on('request', (one) => one.resourceType() === 'eventsource' && streams.push(one));
  return streams;
};

test('a change of a record and a new one in a list appear without reload', { timeout: 120_000 }, async () => {
  const { page, context, wrong } = await openWindow(browser, demo.origin, { email: 'agent@example.com' });
  const [row] = (await other.get('cases?state=open&limit=1')).data;
  await page.goto(`${demo.origin}/cases/${row.id}`);
  await settled(page);
  await isLive(page);
  assert.equal((await sign(page).textContent()).trim(), 'Live');
  const title = `Printer on fire, ${Date.now()}`;
  await other.patch(`cases/${row.id}`, { title });
  await page.getByText(title).first().waitFor({ timeout: 5000 });
  const words = `Said by somebody else, ${Date.now()}`;
  await other.post('case_comments', { case_id: row.id, body: words });
  await page.getByText(words).first().waitFor({ timeout: 5000 });

  await page.goto(`${demo.origin}/cases?state=open`);
  await settled(page);
  await isLive(page);
  const made = await other.post('cases', { account_id: row.account_id, title: `Another one, ${Date.now()}` });
  await page.getByText(made.title).first().waitFor({ timeout: 5000 });
  assert.deepEqual(wrong, []);
  await context.close();
});

test('tabs share a connection, and one goes on when another closes', { timeout: 120_000 }, async () => {
  const { page: first, context } = await openWindow(browser, demo.origin, { email: 'agent@example.com' });
  const [row] = (await other.get('cases?state=open&limit=1')).data;
  const ofFirst = streamsOf(first);
  await first.goto(`${demo.origin}/cases/${row.id}`);
  await isLive(first);
  const second = await context.newPage();
  const ofSecond = streamsOf(second);
  await second.goto(`${demo.origin}/cases/${row.id}`);
  await isLive(second);
  assert.deepEqual([ofFirst.length, ofSecond.length], [1, 0]);
  const titles = [1, 2].map((i) => `Title ${i}, ${Date.now()}`);
  await other.patch(`cases/${row.id}`, { title: titles[0] });
  for (const page of [first, second]) await page.getByText(titles[0]).first().waitFor({ timeout: 5000 });
  await first.close();
  await other.patch(`cases/${row.id}`, { title: titles[1] });
  await second.getByText(titles[1]).first().waitFor({ timeout: 5000 });
  assert.equal(ofSecond.length, 1);
  await context.close();
});

// A way to the server that can be cut: { origin, cut(), mend(), close() }.
function wire() {
  const sockets = new Set();
  let isCut = false;
  const server = net.createServer((socket) => {
    const on = net.connect(Number(new URL(demo.origin).port), '127.0.0.1');
    for (const [from, to] of [[socket, on], [on, socket]]) {
      sockets.add(from);
      from.on('error', () => undefined).on('close', () => { sockets.delete(from); to.destroy(); }).pipe(to);
    }
    if (isCut) socket.destroy();
  });
  const cut = () => { isCut = true; sockets.forEach((socket) => socket.destroy()); };
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done({
    origin: `http://127.0.0.1:${server.address().port}`, cut, mend: () => { isCut = false; },
    close: () => { cut(); server.close(); },
  })));
}

test('a break is said, and what was missed appears', { timeout: 120_000 }, async (t) => {
  const way = await wire();
  t.after(() => way.close());
  const { page, context } = await openWindow(browser, way.origin, { email: 'agent@example.com' });
  const [row] = (await other.get('cases?state=open&limit=1')).data;
  await page.goto(`${way.origin}/cases/${row.id}`);
  await settled(page);
  await isLive(page);
  way.cut();
  await page.locator('[data-live="broken"]').waitFor();
  assert.equal((await sign(page).textContent()).trim(), 'Reconnecting');
  const title = `Meanwhile, ${Date.now()}`;
  await other.patch(`cases/${row.id}`, { title });
  way.mend();
  await isLive(page);
  await page.getByText(title).first().waitFor({ timeout: 10_000 });
  await context.close();
});

test('what failed while the server was away is asked again when it is back', { timeout: 120_000 }, async (t) => {
  const way = await wire();
  t.after(() => way.close());
  const { page, context } = await openWindow(browser, way.origin, { email: 'agent@example.com' });
  await page.goto(`${way.origin}/accounts`);
  await settled(page);
  await isLive(page);
  way.cut();
  await page.locator('[data-live="broken"]').waitFor();
  await page.getByRole('searchbox').first().fill('zz-nothing');
  await page.getByRole('alert').first().waitFor();
  way.mend();
  await isLive(page);
  await page.getByRole('alert').first().waitFor({ state: 'hidden', timeout: 10_000 });
  await context.close();
});

test('who signs out elsewhere is signed out here', { timeout: 120_000 }, async () => {
  const { page, context } = await openWindow(browser, demo.origin, { email: 'agent@example.com' });
  await page.goto(`${demo.origin}/cases`);
  await isLive(page);
  const session = await (await context.request.get(`${demo.origin}/v1/session`)).json();
  await context.request.delete(`${demo.origin}/v1/session`, { headers: { 'x-csrf-token': session.csrf_token } });
  await page.getByRole('textbox', { name: 'Password' }).waitFor({ timeout: 8000 });
  await context.close();
});
