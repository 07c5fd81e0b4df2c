// Those who run it, by keyboard alone: an endpoint with its log, its secret, what was given up; people,
// keys, roles, events, settings.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startReceiver } from '../api/receiver.mjs';
import { launchBrowser, openWindow, settled, violations } from './browser.mjs';
import { Keyboard } from './keyboard.mjs';
import { startDemo } from './server.mjs';

const demo = await startDemo(['--delivery-retries', '0,0', '--delivery-timeout', '2', '--allow-callback-host', '127.0.0.1']);
const browser = await launchBrowser();
const receiver = await startReceiver();
after(async () => {
  await browser.close();
  await demo.stop();
  await receiver.stop();
});

async function begin(path) {
  const window = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
  await window.page.goto(demo.origin + path);
  await settled(window.page);
  return { ...window, keys: new Keyboard(window.page) };
}

const says = (page, text) => page.getByText(text).first().waitFor();

test('a webhook: made, pinged, failing, replayed, its secret changed', { timeout: 180_000 }, async () => {
  const { page, wrong, context, keys } = await begin('/administration');
  assert.deepEqual(await violations(page), []);
  await keys.palette('go to webhooks', 'Go to webhooks');
  await page.getByRole('heading', { name: 'Webhooks', exact: true }).waitFor();
  await settled(page);
  await keys.use('link', 'New endpoint');
  await page.getByRole('heading', { name: 'New webhook endpoint' }).waitFor();
  await settled(page);
  await keys.fill('textbox', /^Name/, 'Ticket mirror');
  await keys.fill('textbox', /^URL/, receiver.url('/hook'));
  await keys.to('textbox', 'Find a type of record');
  await keys.type('case');
  await keys.use('checkbox', 'Cases', 'Space');
  assert.deepEqual(await violations(page), []);
  await keys.press('Control+Enter');
  const secret = page.getByRole('dialog').locator('code');
  await secret.waitFor();
  const first = await secret.textContent();
  assert.match(first, /^whsec_/);
  await keys.press('Escape'); // it stays
  assert.ok(await secret.isVisible());
  assert.deepEqual(await violations(page), []);
  await keys.use('button', 'I have copied it');
  await page.getByRole('heading', { name: 'Ticket mirror' }).waitFor();
  await settled(page);

  await keys.use('button', 'Send a ping');
  await page.getByRole('complementary').getByText('Delivered', { exact: true }).first().waitFor();
  await page.getByRole('complementary').getByText('thanks').waitFor();
  assert.deepEqual(await violations(page), []);
  await keys.press('Escape');
  await page.waitForFunction(() => !location.search.includes('peek'));

  receiver.answer = () => ({ status: 503, body: 'closed for stocktaking' });
  await keys.use('button', 'Send a ping', 'Enter', { back: true });
  await page.getByRole('complementary').getByText('Given up', { exact: true }).waitFor();
  await page.getByRole('complementary').getByText('closed for stocktaking').waitFor();
  await page.getByText(/Failing since/).first().waitFor();
  await keys.press('Escape');

  await keys.palette('go to overview', 'Go to overview');
  await page.getByRole('heading', { name: 'Administration', exact: true }).waitFor();
  await settled(page);
  const ours = page.getByRole('region', { name: 'Given up lately' }).getByText('Ticket mirror').first();
  await ours.waitFor(); // the demo has given up others, longer ago
  receiver.answer = () => 200;
  await keys.use('button', /^Send again/);
  await ours.waitFor({ state: 'hidden' });

  await keys.palette('go to webhooks', 'Go to webhooks');
  await keys.use('link', 'Ticket mirror');
  await page.getByRole('heading', { name: 'Ticket mirror' }).waitFor();
  await settled(page);
  await keys.use('button', 'New secret');
  await keys.lands('radio', '24 hours');
  assert.deepEqual(await violations(page), []);
  await keys.press('ArrowDown');
  await keys.use('button', 'New secret');
  await secret.waitFor();
  assert.notEqual(await secret.textContent(), first);
  await keys.use('button', 'I have copied it');
  await page.getByText(/The one before is valid, too, until/).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test('somebody new, a key with two permissions, and what roles may do', { timeout: 120_000 }, async () => {
  const { page, wrong, context, keys } = await begin('/users');
  await keys.press('n');
  await page.getByRole('heading', { name: 'New user' }).waitFor();
  await settled(page);
  await keys.fill('textbox', /^Email/, 'mira@example.com');
  await keys.fill('textbox', /^Name/, 'Mira Holm');
  await keys.to('combobox', /^Role/);
  await keys.press('Enter');
  await page.getByRole('option', { name: /^Agent/ }).waitFor();
  await keys.press('ArrowDown', 'ArrowDown', 'Enter');
  assert.equal((await keys.focus()).value, 'Agent');
  await keys.fill('textbox', /^Password/, 'correct horse battery');
  await keys.press('Control+Enter');
  await page.getByRole('heading', { name: 'Mira Holm' }).waitFor();
  const mira = await browser.newContext();
  await mira.request.post(`${demo.origin}/v1/session`, { data: { email: 'mira@example.com', password: 'correct horse battery' } });
  assert.equal((await (await mira.request.get(`${demo.origin}/v1/session`)).json()).role, 'agent');
  await mira.close();
  await context.close();

  const other = await begin('/api_keys/new?role=agent');
  await other.keys.fill('textbox', /^Name/, 'Kiosk');
  await other.keys.to('textbox', 'Find a type of record');
  await other.keys.type('case');
  await other.keys.use('checkbox', 'Cases: Read', 'Space');
  await other.keys.use('checkbox', 'Cases: Create', 'Space');
  await says(other.page, '2 permissions');
  await other.keys.press('Control+Enter');
  const secret = await other.page.getByRole('dialog').locator('code').textContent();
  await other.keys.use('button', 'I have copied it');
  await other.page.getByRole('heading', { name: 'Kiosk' }).waitFor();
  const program = await browser.newContext({ extraHTTPHeaders: { Authorization: `Bearer ${secret}` } });
  const { permissions } = await (await program.request.get(`${demo.origin}/v1/session`)).json();
  assert.deepEqual(permissions.sort(), ['case.create', 'case.read']);
  await program.close();

  await other.keys.palette('go to roles', 'Go to roles');
  await other.page.getByRole('heading', { name: 'Roles and what they may do' }).waitFor();
  await other.keys.press('/');
  await other.keys.lands('textbox', 'Find a permission');
  await other.keys.type('merge');
  await other.page.getByRole('row', { name: /^Merge/ }).first().waitFor();
  assert.equal(await other.page.getByRole('row', { name: /^Read/ }).count(), 0);
  assert.deepEqual(await violations(other.page), []);
  assert.deepEqual([...wrong, ...other.wrong], []);
  await other.context.close();
});

test('events: filtered, looked at from the side with their JSON; settings in parts', { timeout: 120_000 }, async () => {
  const { page, wrong, context, keys } = await begin('/events');
  await keys.use('button', 'Of the organisation');
  await page.waitForURL(/account_id/);
  await settled(page);
  await keys.press('j', 'Enter');
  const panel = page.getByRole('complementary', { name: /^Details/ });
  await panel.getByText('"prev_hash"').waitFor();
  await panel.getByText('All events of this record').waitFor();
  assert.deepEqual(await violations(page), []);
  await keys.press('Escape');
  await keys.palette('go to settings', 'Go to settings');
  await page.getByRole('region', { name: 'Access and limits' }).waitFor();
  await keys.fill('textbox', /^Organisation/, 'Brightline Devices Ltd');
  await keys.press('Control+Enter');
  await says(page, 'Settings was saved');
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(wrong, []);
  await context.close();
});
