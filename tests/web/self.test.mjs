// What people keep for themselves follows them: looks, name, password, and lists for all.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchBrowser, openWindow, password, settled, violations } from './browser.mjs';
import { startDemo } from './server.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

const open = async (email, path, more = {}) => {
  const window = await openWindow(browser, demo.origin, { email, ...more });
  await window.page.goto(demo.origin + path);
  await settled(window.page);
  return window;
};

test('a view that is shared is there for a colleague, with its columns; one’s own moves to the server', { timeout: 120_000 }, async () => {
  const mine = await openWindow(browser, demo.origin, { email: 'manager@example.com' });
  await mine.context.addInitScript(() => {
    if (!sessionStorage.getItem('moved')) localStorage.setItem('entitled.views.case', JSON.stringify([{ name: 'From before', search: 'state=resolved' }]));
    sessionStorage.setItem('moved', 'yes');
  });
  await mine.page.goto(`${demo.origin}/cases?state=open&priority=critical`);
  await settled(mine.page);
  await mine.page.getByRole('button', { name: 'From before' }).waitFor();
  assert.equal(await mine.page.evaluate(() => localStorage.getItem('entitled.views.case')), null);
  await mine.page.getByRole('button', { name: 'Save view' }).click();
  await mine.page.getByLabel('Name of the view').fill('On fire');
  await mine.page.getByLabel('Everybody sees it').check();
  assert.deepEqual(await violations(mine.page), []);
  await mine.page.getByRole('button', { name: 'Save', exact: true }).click();
  await mine.page.getByRole('button', { name: /On fire/, pressed: true }).waitFor();

  const { page, context, wrong } = await open('agent@example.com', '/cases');
  await page.getByRole('button', { name: /On fire/ }).click();
  await page.waitForURL(/priority=critical/);
  assert.equal(await page.getByRole('button', { name: 'From before' }).count(), 0, 'not shared');
  assert.equal(await page.getByRole('button', { name: 'Delete this view' }).count(), 0, 'somebody else’s');
  await mine.page.getByRole('button', { name: 'Delete this view' }).click();
  await page.getByRole('button', { name: /On fire/ }).waitFor({ state: 'detached', timeout: 5000 });
  assert.deepEqual([...mine.wrong, ...wrong], []);
  await mine.context.close();
  await context.close();
});

test('name, looks and password', { timeout: 120_000 }, async () => {
  const { page, context, wrong } = await open('viewer@example.com', '/cases');
  const me = () => page.getByRole('complementary').getByRole('button', { name: /Viewer|Newly/ });
  await me().click();
  await page.getByText('Compact', { exact: true }).click();
  await context.route('**/v1/users/usr_*', async (route) => { // slow, so that one is quicker with typing
    await new Promise((done) => setTimeout(done, 1500));
    await route.continue();
  });
  await page.getByRole('button', { name: 'Profile and password' }).click();
  const dialog = page.getByRole('dialog', { name: 'Profile and password' });
  await dialog.getByLabel('Name', { exact: true }).fill('Newly Named');
  await dialog.getByLabel('Time zone').fill('Mars/Olympus');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText(/IANA zone/).first().waitFor();
  await dialog.getByLabel('Time zone').fill('Asia/Tokyo');
  await dialog.getByRole('textbox', { name: 'Present password' }).fill('not this one');
  await dialog.getByRole('textbox', { name: 'New password' }).fill('a better password');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('This is not your password').waitFor();
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole('textbox', { name: 'Present password' }).fill(password);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Newly Named').first().waitFor();
  await page.reload();
  await settled(page);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.density), 'compact');
  const refused = wrong.filter((line) => !/40[01]|422/.test(line));
  assert.deepEqual(refused, []);
  await context.close();

  const again = await browser.newContext();
  const reply = await again.request.post(`${demo.origin}/v1/session`, { data: { email: 'viewer@example.com', password: 'a better password' } });
  assert.equal(reply.status(), 201);
  await again.close();
});
