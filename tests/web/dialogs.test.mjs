// What opens above a page: axe finds nothing there either, light and dark. Pictures as of pages.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { darken, launchBrowser, openWindow, picture, settled, violations } from './browser.mjs';
import { startDemo } from './server.mjs';
import { findWorld } from './world.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

const openMenu = async (page, name) => {
  await page.getByRole('button', { name }).press('Enter');
  await page.getByRole('menuitem').first().waitFor();
};

const dialogs = [
  ['palette', () => '/queue', async (page) => { await page.keyboard.press('Control+k'); await page.keyboard.type('lake'); await page.getByRole('option', { name: /Lakeside/ }).first().waitFor(); }],
  ['help', () => '/queue', (page) => page.keyboard.press('?')],
  ['menu', () => '/queue', (page) => page.getByRole('button', { name: /Robin/ }).click()],
  ['filter', () => '/cases', async (page) => { await page.getByRole('button', { name: 'Filter', exact: true }).click(); await page.getByRole('button', { name: 'Priority', exact: true }).last().click(); }],
  ['columns', () => '/cases', (page) => page.getByRole('button', { name: 'Columns' }).click()],
  ['bulk', () => '/cases', (page) => page.getByRole('checkbox', { name: 'Select all rows' }).check()],
  ['more-entitlement', (world) => `/entitlements/${world.counted.id}`, (page) => openMenu(page, 'More actions')],
  ['more-account', (world) => `/accounts/${world.account}`, (page) => openMenu(page, 'More actions')],
  ['more-contract', (world) => `/contracts/${world.contract.id}`, (page) => openMenu(page, 'More actions')],
  ['more-list', () => '/cases', (page) => openMenu(page, 'More actions')],
  ['versions', (world) => `/sla_policies/${world.policy.id}`, (page) => openMenu(page, /^Version/)],
  ['ramp', (world) => `/contracts/${world.ramped.contract_id}?line=${world.ramped.id}`, async (page) => { await page.getByRole('button', { name: 'Edit steps' }).press('Enter'); await page.getByTestId('ramp-total').waitFor(); }],
  ['delete', (world) => `/accounts/${world.account}`, async (page) => { await openMenu(page, 'More actions'); await page.getByRole('menuitem', { name: 'Delete' }).press('Enter'); await page.getByRole('dialog').waitFor(); }],
  ['profile', () => '/queue', async (page) => { await page.getByRole('button', { name: /Robin/ }).click(); await page.getByRole('button', { name: 'Profile and password' }).click(); await page.getByRole('dialog').waitFor(); }],
  ['event', () => '/events', async (page) => { await page.keyboard.press('j'); await page.keyboard.press('Enter'); await page.getByText('"prev_hash"').waitFor(); }],
  ['resolve', (world) => `/cases/${world.talked.id}`, (page) => page.keyboard.press('r')],
  ['cover', (world) => `/cases/${world.talked.id}`, (page) => page.getByRole('button', { name: 'Change cover' }).click()],
  ['time', (world) => `/cases/${world.talked.id}`, (page) => page.getByText('Time', { exact: true }).first().click()],
  ['suspend', (world) => `/entitlements/${world.counted.id}`, async (page) => { await page.getByRole('button', { name: 'More actions' }).click(); await page.getByRole('menuitem', { name: 'Suspend' }).click(); }],
  ['rows', (world) => `/entitlements/${world.rows.id}`, (page) => page.getByRole('button', { name: 'Edit' }).nth(0).click()],
  ['week-times', (world) => `/calendars/${world.calendar.id}`, async (page) => { await page.locator('button[data-day="2"]').first().press('Enter'); await page.getByLabel('Opens').waitFor(); }],
  ['holiday', (world) => `/calendars/${world.calendar.id}?tab=holidays`, (page) => page.getByRole('button', { name: 'Add holiday' }).click()],
  ['holiday-day', (world) => `/calendars/${world.calendar.id}?tab=holidays`, (page) => page.locator('[data-kind="open"]').nth(40).click()],
  ['ics', (world) => `/holiday_sets/${world.holidays.id}`, (page) => page.getByRole('button', { name: 'Import .ics' }).click()],
  ['moves', (world) => `/calendars/${world.calendar.id}`, async (page) => { await page.getByRole('button', { name: 'Which milestones would move?' }).click(); await page.getByText('No open milestone moves.').waitFor(); }],
  ['operations', (world) => `/contracts/${world.contract.id}`, (page) => page.keyboard.press('a')],
  ['operation', (world) => `/contracts/${world.contract.id}`, async (page) => { await page.keyboard.press('a'); await page.getByRole('menuitem', { name: 'Extend' }).click(); await page.getByText(/^\+€/).first().waitFor(); }],
  ['selected-lines', (world) => `/contracts/${world.contract.id}`, async (page) => { await page.getByRole('treegrid').focus(); await page.keyboard.press('x'); }],
  ['rule', (world) => `/sla_policies/${world.policy.id}`, async (page) => { await page.getByRole('button', { name: 'First answer' }).click(); await page.getByRole('dialog').waitFor(); }],
  ['switch', (world) => `/sla_policies/${world.policy.id}`, async (page) => { await page.getByRole('button', { name: 'Switch open cases' }).click(); await page.getByLabel('Reason').waitFor(); }],
  ['explain', (world) => `/cases/${world.clocked.case_id}`, async (page) => { await page.getByRole('button', { name: /How is this counted/ }).first().click(); await page.getByText('What happened').waitFor(); }],
  ['who', () => '/coverage', async (page) => { await page.keyboard.type('mar'); await page.getByRole('option').first().waitFor(); }],
];


test('dialogs', async (t) => {
  const { page, wrong, context } = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
  const world = await findWorld(context, demo.origin);
  for (const [name, path, open] of dialogs) {
    await t.test(name, async () => {
      wrong.length = 0;
      await page.goto(demo.origin + path(world));
      await settled(page);
      await open(page);
      await settled(page);
      await picture(page, `over-${name}-light`);
      assert.deepEqual(await violations(page), []);
      await darken(page);
      await picture(page, `over-${name}-dark`);
      assert.deepEqual(await violations(page, { colours: true }), [], 'in the dark');
      assert.deepEqual(wrong, []);
    });
  }
  await context.close();
});
