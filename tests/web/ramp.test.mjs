// A price that goes in steps, edited by keyboard: generated on a draft, changed step by step on a line in force.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchBrowser, openWindow, picture, settled } from './browser.mjs';
import { Keyboard } from './keyboard.mjs';
import { startDemo } from './server.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

test('steps of a line', { timeout: 180_000 }, async () => {
  const { page, wrong, context } = await openWindow(browser, demo.origin, { email: 'manager@example.com' });
  const keys = new Keyboard(page);
  const ask = async (path) => (await context.request.get(`${demo.origin}/v1/${path}`)).json();
  const { csrf_token: csrf } = await ask('session');
  const [account] = (await ask('accounts?limit=1')).data;
  const lines = [{ name: 'Seats', quantity: '10', unit_price: { amount: '100', currency: 'EUR' }, period: 'monthly' }];
  const made = await (await context.request.post(`${demo.origin}/v1/contracts`, {
    data: { account_id: account.id, name: 'Growing', starts_on: '2027-01-01', ends_on: '2029-06-30', currency: 'EUR', lines, keep_draft: true }, headers: { 'X-CSRF-Token': csrf },
  })).json();
  const [{ id }] = (await ask(`contract_lines?contract_id=${made.id}`)).data;
  const line = () => ask(`contract_lines/${id}`);
  await page.goto(`${demo.origin}/contracts/${made.id}?line=${id}`);
  await settled(page);
  await keys.use('button', 'Have it go in steps');
  await page.getByRole('dialog').waitFor();
  await keys.to('radio', 'None');
  await keys.press('ArrowRight');
  const total = page.getByTestId('ramp-total');
  await keys.fill('textbox', 'Raised each year by: Percent', '10');
  await page.getByText('The first step is shorter').waitFor();
  assert.equal(await total.textContent(), '€31,200.00');
  await picture(page, 'ramp-editor');
  await keys.fill('textbox', 'Price of one of step 2', '105');
  assert.equal(await total.textContent(), '€31,800.00');
  await keys.press('ArrowDown');
  await keys.lands('textbox', 'Price of one of step 3');
  await keys.press('Control+Enter');
  await page.getByText('The steps of Seats are saved').waitFor({ timeout: 8000 }).catch(async () => { throw new Error(await page.getByRole('dialog').innerText()); });
  let now = await line();
  assert.deepEqual([now.ramp, now.ramp_percent, now.ramp_segments.map((one) => one.starts_on)], ['yearly', '10', ['2027-01-01', '2027-07-01', '2028-07-01']]);
  assert.equal(Number(now.total_net.amount), 31800); // as it was shown

  const [ramped] = (await ask('contract_lines?ramp=yearly&state=active&limit=1')).data;
  await page.goto(`${demo.origin}/contracts/${ramped.contract_id}?line=${ramped.id}`);
  await settled(page);
  await keys.use('button', 'Edit steps');
  await page.getByText('The line is in force').waitFor();
  const last = (await page.getByRole('textbox', { name: /^Quantity of step/ }).count());
  await keys.fill('textbox', `Quantity of step ${last}`, '77');
  await keys.press('Control+Enter');
  await page.getByText(/The steps of .* are saved/).waitFor();
  now = await ask(`contract_lines/${ramped.id}`);
  assert.equal(now.ramp_segments.at(-1).quantity, '77');
  assert.deepEqual(wrong, []);
  await context.close();
});
