// The dashboards: every chart has its numbers as a table and as CSV, and a number leads to the
// list that it counts.
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

for (const board of ['service', 'contracts']) {
  test(`${board}: each chart as a table, by keyboard, and as CSV`, async () => {
    const { page, context, wrong } = await openWindow(browser, demo.origin, { email: 'manager@example.com' });
    await page.goto(`${demo.origin}/reports?board=${board}`);
    await settled(page);
    const toggles = await page.getByRole('button', { name: /as a table$/ }).all();
    assert.ok(toggles.length >= 3);
    for (const toggle of toggles) {
      await toggle.focus();
      await page.keyboard.press('Enter');
    }
    assert.equal(await page.getByRole('table').count(), toggles.length);
    assert.deepEqual(await violations(page), []);
    for (const link of await page.getByRole('link', { name: /as a CSV file$/ }).all()) {
      const reply = await context.request.get(demo.origin + await link.getAttribute('href'));
      assert.equal(reply.status(), 200);
      assert.match(reply.headers()['content-type'], /^text\/csv/);
    }
    assert.deepEqual(wrong, []);
    await context.close();
  });
}

test('a number leads to as many records', async () => {
  const { page, context, wrong } = await openWindow(browser, demo.origin, { email: 'manager@example.com' });
  const countsOf = async (address, name, plural) => {
    await page.goto(demo.origin + address);
    await settled(page);
    const links = page.getByRole('region', { name, exact: true }).locator(`a[href^="/${plural}?"]`);
    const found = [];
    for (const link of await links.all()) found.push([await link.getAttribute('href'), await link.evaluate((one) => Number((one.closest('li')?.querySelector('[class*=bar_text]') ?? one).textContent.replace(/,|\..*/g, '').match(/\d+/)[0]))]);
    assert.ok(found.length > 0, name);
    for (const [to, count] of found) {
      const list = await (await context.request.get(`${demo.origin}/v1${to}&limit=200&total=true`)).json();
      assert.equal(list.total ?? list.data.length, count, `${name}: ${to}`);
    }
  };
  await countsOf('/reports', 'Targets met', 'milestones');
  await countsOf('/reports', 'Cases that nothing covers', 'cases');
  await countsOf('/reports?board=contracts', 'Ending soon', 'contracts');
  assert.deepEqual(wrong, []);
  await context.close();
});

test('the address keeps the day and the currency', async () => {
  const { page, context, wrong } = await openWindow(browser, demo.origin, { email: 'manager@example.com' });
  await page.goto(`${demo.origin}/reports?board=contracts`);
  await settled(page);
  await page.getByRole('button', { name: 'GBP' }).click();
  await page.getByLabel('As of').fill('2026-06-30');
  await settled(page);
  assert.equal(new URL(page.url()).search, '?board=contracts&currency=GBP&as_of=2026-06-30');
  await page.getByRole('button', { name: 'Today' }).click();
  await settled(page);
  assert.equal(new URL(page.url()).searchParams.has('as_of'), false);
  await page.goto(`${demo.origin}/reports?board=contracts&currency=nonsense&as_of=2026-02-30`);
  await page.getByText('A day such as').waitFor();
  await settled(page);
  assert.deepEqual(wrong, []);
  await context.close();
});
