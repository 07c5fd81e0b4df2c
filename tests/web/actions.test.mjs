// The menu of a record offers what can be done now, and says of the rest why not.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchBrowser, openWindow, settled } from './browser.mjs';
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
  assert.deepEqual(wrong, []);
  await context.close();
});
