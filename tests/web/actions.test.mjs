// The menu of a record offers what can be done now, and says of the rest why not.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchBrowser, openWindow, settled, violations } from './browser.mjs';
import { startDemo } from './server.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

test('a draft can be activated, and cannot be resumed', { timeout: 120_000 }, async () => {
  const { page, context, wrong } = await openWindow(browser, demo.origin, { email: 'manager@example.com' });
  const [draft] = (await (await context.request.get(`${demo.origin}/v1/entitlements?state=draft&limit=1`)).json()).data;
  await page.goto(`${demo.origin}/entitlements/${draft.id}`);
  await settled(page);
  await page.getByRole('button', { name: 'Activate' }).waitFor();
  await page.getByRole('button', { name: 'More' }).first().click();
  const resume = page.getByRole('menuitem', { name: /^Resume/ });
  await resume.waitFor();
  assert.equal(await resume.isDisabled(), true);
  assert.match(await resume.textContent(), /cannot resume: the entitlement is draft/);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(wrong, []);
  await context.close();
});

// What was previewed is what is done: a change by somebody else in between is told, and nothing is done.
test('an operation on a contract that somebody has changed meanwhile', { timeout: 120_000 }, async () => {
  const { page, context, wrong } = await openWindow(browser, demo.origin, { email: 'manager@example.com' });
  const { csrf_token: csrf } = await (await context.request.get(`${demo.origin}/v1/session`)).json();
  const named = async () => (await (await context.request.get(`${demo.origin}/v1/contracts?q=Depot%20displays&state=active&limit=1`)).json()).data[0];
  const contract = await named();
  await page.goto(`${demo.origin}/contracts/${contract.id}`);
  await settled(page);
  await page.keyboard.press('a');
  await page.getByRole('menuitem', { name: 'Extend' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^\+€/).first().waitFor();
  const changed = await context.request.patch(`${demo.origin}/v1/contracts/${contract.id}`, { data: { description: 'by somebody else' }, headers: { 'X-CSRF-Token': csrf } });
  assert.equal(changed.status(), 200);
  await dialog.getByRole('button', { name: 'Extend' }).click();
  await dialog.getByText('Somebody has changed this contract').waitFor();
  assert.equal((await named()).ends_on, contract.ends_on);
  await settled(page);
  await dialog.getByRole('button', { name: 'Extend' }).click();
  await dialog.waitFor({ state: 'hidden' });
  assert.ok((await named()).ends_on > contract.ends_on);
  assert.deepEqual(wrong.filter((one) => !one.includes('412')), []);
  await context.close();
});
