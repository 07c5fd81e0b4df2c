// A Salesforce export with errors: tried, looked at, imported, corrected; all of it by keyboard.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { launchBrowser, openWindow, picture, settled, violations } from './browser.mjs';
import { root, startDemo } from './server.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

const csv = (rows) => Buffer.from(`\uFEFF${rows.join('\r\n')}\r\n`);
const accounts = csv(['Id,Name,Odd', '001A00000000001,"Acme, imported",x']);
const contracts = csv([
  'Id,Name,Partner,StartDate,EndDate,Odd',
  '810A00000000001,Care,001A00000000001,2026-01-01,2026-12-31,x',
  '810A00000000002,"Of ""nobody""\nat all",001A00000000009,2026-01-01,2026-12-31,x',
  '810A00000000003,Never,001A00000000001,1.2.2026,2026-12-31,x',
]);

async function press(page, name) {
  await page.getByRole('button', { name, exact: true }).press('Enter');
}

async function choose(page, name, buffer) {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^Choose (a|another) file$/ }).press('Enter');
  await (await chooser).setFiles({ name, mimeType: 'text/csv', buffer });
  await page.locator('p b').getByText(name, { exact: true }).waitFor();
}

async function downloaded(page, name) {
  const download = page.waitForEvent('download');
  await press(page, name);
  return readFileSync(await (await download).path(), 'utf8');
}

const report = (page) => page.getByRole('group', { name: 'Report' }).getByRole('row');

for (const scheme of ['light', 'dark']) {
  test(`a Salesforce export with errors, ${scheme}`, { timeout: 120_000 }, async () => {
    const { page, context, wrong } = await openWindow(browser, demo.origin, { email: scheme === 'light' ? 'admin@example.com' : 'manager@example.com', scheme });
    try {
      await page.goto(`${demo.origin}/imports`);
      await settled(page);
      assert.deepEqual(await violations(page), []);
      const from = page.getByRole('combobox', { name: 'Where it comes from' });
      for (let i = 0; i < 5 && (await from.inputValue()) !== 'Salesforce'; i++) { // a list that is being drawn loses keys
        await from.press('Enter');
        await page.getByRole('option', { name: 'Salesforce', exact: true }).waitFor();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
      }
      assert.equal(await from.inputValue(), 'Salesforce');

      await choose(page, 'Account.csv', accounts);
      await page.getByLabel('Read Odd', { exact: true }).press('Space');
      await press(page, 'Dry run');
      await page.getByText('Dry run of Account: nothing was written').waitFor();
      assert.equal(await page.getByText('Not known: passed over').count(), 0, 'it was passed over as told');
      await press(page, 'Import 1 row');
      await page.getByText('Import of Account is finished').waitFor();

      await choose(page, 'ServiceContract.csv', contracts);
      const as = page.getByLabel('Read Partner as');
      await as.focus();
      await page.keyboard.type('AccountId');
      await press(page, 'Dry run');
      await page.getByText('Dry run of ServiceContract: nothing was written').waitFor();
      await page.getByText('Not known: passed over').waitFor();
      assert.equal(await report(page).count(), 3, 'the header and what failed');
      assert.match(await report(page).nth(1).textContent(), /^3FailedPartner001A00000000009/);
      assert.match(await report(page).nth(2).textContent(), /^5FailedStartDate1\.2\.2026/, 'the line in the file, below one of two lines');
      await picture(page, `imports-${scheme}`, { fullPage: true });
      assert.deepEqual(await violations(page), []);
      assert.match(await downloaded(page, 'Download results'), /\n5,failed,,StartDate,1\.2\.2026,/);
      assert.match(await downloaded(page, 'Download rows that failed'), /^\uFEFFId,Name,Partner[^\n]*,ERROR\n810A00000000002,"Of ""nobody""\nat all",/);

      await page.getByRole('button', { name: /^All/ }).press('Enter');
      await report(page).nth(3).waitFor();
      assert.equal(await report(page).count(), 4);
      await press(page, 'Import 3 rows');
      await page.getByText('Import of ServiceContract is finished').waitFor();
      await page.getByRole('button', { name: 'Import again' }).waitFor();
      await page.getByRole('group', { name: 'Past imports' }).getByRole('row', { name: /ServiceContract\.csv.*Done\s*3 of 3\s*2/ }).first().waitFor();
      await page.getByRole('button', { name: /^(Created|Unchanged)\s*1$/ }).press('Enter');
      await page.getByRole('link', { name: 'Open' }).press('Enter');
      await page.getByRole('heading', { level: 1, name: /Care/ }).waitFor();
      assert.deepEqual(wrong, []);
    } catch (error) {
      await page.screenshot({ path: join(root, 'build', 'screenshots', 'failed-imports.png') });
      throw error;
    } finally {
      await context.close();
    }
  });
}

test('many rows: watched, left, found again, stopped and gone on with; what is no table is told; who may not import is told so', { timeout: 180_000 }, async () => {
  const { page, context, wrong } = await openWindow(browser, demo.origin, { email: 'manager@example.com' });
  await page.goto(`${demo.origin}/imports`);
  await settled(page);
  const files = page.locator('input[type=file]');
  await files.setInputFiles({ name: 'latin.csv', mimeType: 'text/csv', buffer: Buffer.from('name\nM\xFCller\n', 'latin1') });
  await page.getByText('latin.csv is not UTF-8').waitFor();
  const rows = Array.from({ length: 60_000 }, (_, n) => `p${n},Product ${n},P-${n}`);
  await files.setInputFiles({ name: 'products.csv', mimeType: 'text/csv', buffer: csv(['external_id,name,code', ...rows]) });
  await press(page, 'Dry run');
  await page.getByText('Dry run of product: nothing was written').waitFor();
  await press(page, 'Import 60,000 rows');
  await page.getByText(/^Importing: \d/).waitFor();
  await page.goto(`${demo.origin}/cases`);
  await page.goto(`${demo.origin}/imports`);
  await page.getByRole('link', { name: 'products.csv' }).first().press('Enter');
  await press(page, 'Stop');
  await page.getByText(/^Stopped after [\d,]+ of 60,000 rows/).waitFor();
  await page.reload();
  await press(page, 'Go on');
  await page.getByText('Import of product is finished').waitFor({ timeout: 90_000 });
  await page.getByRole('button', { name: /^Created\s*60,000$/ }).waitFor();
  assert.equal(await report(page).count(), 201);
  await press(page, 'Show more rows');
  await page.waitForFunction(() => document.querySelectorAll('[aria-label="Report"] tr').length === 401);
  await page.setViewportSize({ width: 390, height: 844 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390), 'it fits 390 pixels');
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(wrong, []);
  await files.setInputFiles({ name: 'products.csv', mimeType: 'text/csv', buffer: csv(['external_id,name,colour', 'p1,A,red']) });
  await press(page, 'Dry run');
  const alert = page.getByRole('alert');
  await alert.waitFor();
  assert.match(await alert.textContent(), /^The table was not taken in: .*colour/);
  await context.close();

  const viewer = await openWindow(browser, demo.origin, { email: 'viewer@example.com' });
  await viewer.page.goto(`${demo.origin}/imports`);
  await viewer.page.getByText('You may not import').waitFor();
  assert.equal(await viewer.page.getByRole('link', { name: 'Imports' }).count(), 0);
  await viewer.context.close();
});
