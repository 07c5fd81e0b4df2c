// The work of an agent, a manager, an administrator and a customer without a mouse: only keys are pressed, in the
// order in which Tab and shortcuts lead; whatever has the focus shows it, has a name and is on the screen.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test as journey } from 'node:test';
import { launchBrowser, openWindow, password, settled, slow } from './browser.mjs';
import { Keyboard } from './keyboard.mjs';
import { root, startDemo } from './server.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

function test(name, email, run) {
  journey(name, { timeout: 240_000 }, async () => {
    const { page, wrong, context } = await openWindow(browser, demo.origin, { email });
    const keys = new Keyboard(page);
    const ask = async (path) => (await context.request.get(`${demo.origin}/v1/${path}`)).json();
    try {
      await page.goto(`${demo.origin}/`);
      await settled(page);
      await run({ page, keys, ask, context });
      assert.deepEqual(wrong, []);
      console.log(`# ${name}: ${keys.pressed} keys`);
    } catch (error) {
      await page.screenshot({ path: join(root, 'build', 'screenshots', `failed-${name.slice(0, 12).replace(/\W+/g, '-')}.png`) });
      throw error;
    } finally {
      await context.close();
    }
  });
}

const says = (page, text) => page.getByText(text).first().waitFor();
const days = (count) => new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10);

// A date, in the order that the browser's field has.
async function typeDate(keys, date) {
  const [year, month, day] = date.split('-');
  for (const text of [`${month}${day}${year}`, `${day}${month}${year}`]) {
    await keys.type(text);
    if ((await keys.focus()).value === date) return;
    await keys.press('ArrowLeft', 'ArrowLeft');
  }
  throw new Error(`${date} cannot be typed: ${JSON.stringify(await keys.focus())}`);
}

test('an agent: covered?, a case, the first answer, a pause, resolved, opened again', undefined, async ({ page, keys }) => {
  await keys.lands('textbox', 'E-mail');
  await keys.type('agent@example.com');
  await keys.to('textbox', 'Password');
  await keys.type(password);
  await keys.press('Enter');
  await page.getByRole('heading', { name: 'Coverage desk' }).waitFor();
  await keys.lands('textbox', /Who is it about/);
  await keys.type('marcie');
  await page.getByRole('option', { name: /Marcie Holloway/ }).first().waitFor();
  await keys.press('Enter');
  await page.getByTestId('verdict').waitFor();
  await keys.press('Control+Enter');
  await keys.lands('textbox', /What is the problem/);
  await keys.type('The dock does not charge');
  await keys.press('Control+Enter');
  await page.getByRole('heading', { name: 'The dock does not charge' }).waitFor();
  await settled(page);
  await keys.press('c');
  await keys.lands('textbox', /./);
  await keys.type('Which charger do you use?');
  await keys.press('Control+Enter');
  await says(page, 'Which charger do you use?');
  await settled(page);
  await page.locator('aside').getByText('Met', { exact: true }).first().waitFor(); // the first answer
  await keys.to('button', /How is this counted/);
  await keys.to('button', 'More actions');
  await settled(page); // what is possible is asked for by now
  await keys.press('Enter');
  await page.getByRole('menuitem', { name: 'Pause' }).waitFor();
  for (let i = 0; i < 12 && (await keys.focus())?.name !== 'Pause'; i++) await keys.press('ArrowDown');
  await keys.lands('menuitem', 'Pause');
  await keys.press('Enter');
  await page.getByRole('dialog', { name: /^Pause/ }).waitFor();
  await keys.fill('textbox', /^Reason/, 'The customer is on holiday');
  await keys.use('button', 'Pause');
  await says(page, 'Pause: done');
  await page.locator('aside').getByText('Paused', { exact: true }).first().waitFor();
  await settled(page);
  await keys.press('r');
  await page.getByRole('dialog').waitFor();
  await keys.lands('textbox', /What solved it/);
  await keys.type('Another charger.');
  await keys.press('Control+Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Reopen' }).waitFor();
  await keys.use('button', 'Reopen', 'Enter', { back: true });
  await page.getByRole('button', { name: 'Resolve' }).waitFor();
});

test('a manager: more of a line, suspended, renewed early, two merged', 'manager@example.com', async ({ page, keys, ask, context }) => {
  const { csrf_token: csrf } = await ask('session');
  const [{ account_id }] = (await ask('contracts?q=Workshop&state=active&limit=1')).data;
  for (const name of ['Harbour early', 'Harbour north', 'Harbour south']) {
    const lines = [{ name: `${name} desks`, quantity: '10', unit_price: { amount: '20', currency: 'EUR' } }];
    const made = await context.request.post(`${demo.origin}/v1/contracts`, { data: { account_id, name, starts_on: days(-200), ends_on: days(164), currency: 'EUR', lines }, headers: { 'X-CSRF-Token': csrf } });
    assert.equal(made.status(), 201);
  }
  const open = async (name) => {
    await keys.palette(name, name);
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await settled(page);
  };
  const operation = async (name) => {
    await keys.press('a');
    await page.getByRole('menuitem').first().waitFor();
    for (let i = 0; i < 20 && (await keys.focus())?.name !== name; i++) await keys.press('ArrowDown');
    await keys.lands('menuitem', name);
    await keys.press('Enter');
    await page.getByRole('dialog').waitFor();
  };
  const plan = page.getByRole('region', { name: 'What would happen' });

  await open('Harbour early');
  await keys.to('treegrid', 'Lines');
  await keys.press('x');
  await keys.use('button', 'Upsell', 'Enter', { back: true });
  await page.getByRole('dialog').getByText('now 10').waitFor();
  await keys.lands('textbox', /^Quantity/);
  await keys.type('14');
  await plan.getByText(/^\+€/).waitFor();
  await keys.press('Control+Enter');
  await says(page, /Upsell: (done|scheduled)/);
  await settled(page);

  await operation('Suspend');
  await plan.getByText(/until resumed/).waitFor();
  await keys.press('Control+Enter');
  await says(page, /Suspend: (done|scheduled)/);
  await settled(page);
  await operation('Resume');
  await keys.press('Control+Enter');
  await says(page, /Resume: (done|scheduled)/);
  await settled(page);

  await operation('Renew');
  await keys.to('textbox', /^Starts on/);
  await typeDate(keys, days(30));
  await plan.getByText(/^Renew · add$/).first().waitFor();
  await keys.press('Control+Enter');
  await says(page, /Renew: (done|scheduled)/);

  await open('Harbour north');
  await operation('Merge');
  await keys.lands('textbox', /./);
  await keys.type('Harbour south');
  await page.getByRole('option', { name: /Harbour south/ }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('[role=option]').length === 1);
  await keys.press('ArrowDown', 'Enter');
  await plan.getByText('Harbour south desks').first().waitFor();
  await keys.use('button', 'Merge');
  await says(page, /Merge: (done|scheduled)/);
  const [south] = (await ask('contracts?q=Harbour%20south&limit=1')).data;
  assert.notEqual(south.state, 'active');
});

test('an administrator: a calendar with a holiday, a service level simulated and published, the imports page', 'admin@example.com', async ({ page, keys }) => {
  await keys.lands('textbox', /Who is it about/); // the desk takes the focus once it is there
  await keys.palette('new calendar', 'New calendar');
  await page.getByRole('heading', { name: 'New calendar' }).waitFor();
  await settled(page);
  await keys.fill('textbox', /^Name/, 'Lisbon office');
  await keys.to('combobox', /^Time zone/);
  await keys.type('Lisbon');
  await page.getByRole('option', { name: 'Europe/Lisbon' }).waitFor();
  await keys.press('ArrowDown', 'Enter');
  await keys.fill('textbox', /^Week/, 'mon-fri 09:00-17:00');
  await keys.press('Control+Enter');
  await page.getByRole('heading', { name: 'Lisbon office' }).waitFor();
  await settled(page);
  await keys.fill('textbox', 'The week as text', 'mon-fri 09:00-18:00');
  await keys.press('Tab');
  await keys.to('tab', 'Hours', { back: true });
  await keys.press('ArrowRight');
  await keys.lands('tab', 'Holidays');
  await settled(page);
  await keys.use('button', 'Add holiday');
  await page.getByRole('dialog').waitFor();
  await keys.lands('textbox', 'Name');
  await keys.type('Founding day');
  await keys.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await says(page, 'Founding day');
  await keys.press('Control+Enter');
  await says(page, 'Lisbon office was saved');

  await keys.palette('new sla policy', 'New SLA policy');
  await page.getByRole('heading', { name: 'New SLA policy' }).waitFor();
  await settled(page);
  await keys.fill('textbox', /^Name/, 'Quick answers');
  await keys.press('Control+Enter');
  await page.getByRole('heading', { name: 'Quick answers' }).waitFor();
  await settled(page);
  await keys.use('button', 'Design the first version');
  await page.getByRole('tab', { name: 'Rules' }).waitFor();
  await settled(page);
  await keys.to('tab', 'Rules');
  await keys.press('ArrowRight');
  await keys.lands('tab', 'Simulate');
  await says(page, 'What would happen');
  await settled(page);
  await keys.use('button', 'Publish', 'Enter', { back: true });
  await says(page, 'Version 1 is in force');

  await keys.palette('go to imports', 'Go to imports');
  await page.getByRole('heading', { name: 'Imports', level: 1 }).waitFor();
  await settled(page);
  await keys.to('button', /file|Choose|Upload/i);
});

test('a customer: what is left, a case', 'customer@example.com', async ({ page, keys }) => {
  await page.getByRole('heading', { name: /Hello/ }).waitFor();
  await keys.use('link', 'Open a case');
  await keys.lands('textbox', /What is the problem/);
  await keys.type('My printer squeaks');
  await says(page, /Covered by/);
  await keys.press('Control+Enter');
  await page.getByRole('heading', { name: 'My printer squeaks' }).waitFor();
  await settled(page);
  await keys.to('textbox', /./);
  await keys.type('It began this morning.');
  await keys.press('Control+Enter');
  await says(page, 'It began this morning.');
});

test('the frame: the skip link, and the focus goes back to what opened a dialog', 'admin@example.com', async ({ page, keys }) => {
  await page.evaluate(() => document.activeElement?.blur());
  await page.goto(`${demo.origin}/queue`);
  await settled(page);
  await keys.use('link', 'Skip to content');
  assert.equal((await keys.focus())?.role, 'main');
  await page.goto(`${demo.origin}/accounts`);
  await settled(page);
  await keys.to('button', 'More actions');
  await slow(page, 15); // what closes takes its time
  await keys.press('Enter');
  await page.getByRole('menuitem').first().waitFor();
  await keys.press('Escape');
  await keys.lands('button', 'More actions');
  await keys.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await keys.press('Escape');
  await keys.lands('button', 'More actions');
});
