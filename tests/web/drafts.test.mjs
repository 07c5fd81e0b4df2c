// What was typed is neither lost nor put over what somebody else saved, whatever the form.
import assert from 'node:assert/strict';
import { after, test as place } from 'node:test';
import { launchBrowser, openWindow, settled } from './browser.mjs';
import { startDemo } from './server.mjs';
import { findWorld } from './world.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

// `as` is who signs in; `meanwhile` is what somebody else saves, `read` a record as it is kept.
function test(name, as, run) {
  place(name, async () => {
    const window = await openWindow(browser, demo.origin, { email: `${as}@example.com` });
    const other = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
    const { csrf_token: csrf } = await (await other.context.request.get(`${demo.origin}/v1/session`)).json();
    const read = async (path) => (await other.context.request.get(`${demo.origin}/v1/${path}`)).json();
    const meanwhile = async (path, data) => {
      const reply = await other.context.request.patch(`${demo.origin}/v1/${path}`, { data, headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/merge-patch+json' } });
      assert.equal(reply.status(), 200, await reply.text());
      window.wrong.length = 0;
    };
    const sent = async (method, path, data) => {
      const reply = await other.context.request[method](`${demo.origin}/v1/${path}`, { data, headers: { 'X-CSRF-Token': csrf } });
      assert.ok(reply.ok(), `${reply.status()} ${await reply.text()}`);
      window.wrong.length = 0;
      return reply.status() === 204 ? null : reply.json();
    };
    const open = async (path) => {
      await window.page.goto(demo.origin + path);
      await settled(window.page);
    };
    try {
      await run({ ...window, open, read, meanwhile, sent, world: await findWorld(other.context, demo.origin) });
    } finally {
      await window.context.close();
      await other.context.close();
    }
  });
}

const clash = (page) => page.getByRole('dialog', { name: 'Somebody else changed this in the meantime' });
const keepMine = async (page) => {
  await clash(page).getByRole('button', { name: 'Save this' }).press('Enter');
  await clash(page).waitFor({ state: 'detached' });
};

test('a calendar that is designed, reloaded after somebody else saved', 'admin', async ({ page, open, read, meanwhile, world }) => {
  const path = `calendars/${world.calendar.id}`;
  await open(`/${path}`);
  await page.getByLabel('The week as text').fill('mon 08:00-16:00; tue-fri 09:00-17:00');
  await page.getByRole('button', { name: 'Discard' }).waitFor();
  await page.goto('about:blank');
  await meanwhile(path, { week: 'mon 10:00-18:00; tue-fri 09:00-17:00' });
  await open(`/${path}`);
  assert.equal(await page.getByLabel('The week as text').inputValue(), 'mon 08:00-16:00; tue-fri 09:00-17:00');
  await page.keyboard.press('Control+Enter');
  await clash(page).getByRole('radiogroup', { name: 'Monday' }).getByText('10:00–18:00').waitFor();
  await keepMine(page);
  assert.equal((await read(path)).week_text, 'mon 08:00-16:00; tue-fri 09:00-17:00');
});

test('holidays that are designed outlive a reload', 'admin', async ({ page, open, world }) => {
  await open(`/holiday_sets/${world.holidays.id}`);
  await page.getByRole('button', { name: 'Add holiday' }).press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('Founding day');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Discard' }).waitFor();
  await page.reload();
  await page.getByText('Founding day').first().waitFor();
  await page.getByRole('button', { name: 'Discard' }).press('Enter');
  await page.getByText('Founding day').first().waitFor({ state: 'detached' });
});

test('the settings stay what is typed while somebody else saves them', 'admin', async ({ page, open, read, meanwhile }) => {
  await open('/settings');
  const name = page.getByRole('textbox', { name: 'Organisation' });
  await name.fill('Mine Ltd');
  await meanwhile('settings', { organisation: 'Theirs Ltd', session_hours: 13 });
  await page.waitForTimeout(1500); // it came by itself, if it does
  await settled(page);
  assert.equal(await name.inputValue(), 'Mine Ltd');
  assert.equal(await name.evaluate((input) => input === document.activeElement), true, 'the focus');
  await page.keyboard.press('Control+Enter');
  await clash(page).getByText('Theirs Ltd').first().waitFor();
  await keepMine(page);
  const after = await read('settings');
  assert.deepEqual([after.organisation, after.session_hours], ['Mine Ltd', 13]);
});

test('rows of an entitlement, changed in their dialog while somebody else changes them', 'manager', async ({ page, open, read, meanwhile, world }) => {
  const path = `entitlements/${world.draft.id}`;
  await open(`/${path}`);
  await page.getByRole('button', { name: 'Edit', exact: true }).last().press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Channels' });
  await dialog.getByRole('spinbutton').first().fill('77');
  await meanwhile(path, { channels: [{ channel: 'phone', total: 66 }] });
  await page.waitForTimeout(1500);
  await dialog.getByRole('button', { name: 'Save' }).press('Enter');
  await clash(page).getByText(/Phone · 77/i).waitFor();
  await clash(page).getByRole('radio', { name: /^Theirs.*phone · 66$/i }).press('Space');
  await keepMine(page);
  assert.deepEqual((await read(path)).channels.map((one) => [one.channel, one.total]), [['phone', 66]]);
});

test('a note for colleagues is one after a reload, too', 'agent', async ({ page, open, world }) => {
  await open(`/cases/${world.talked.id}`);
  await page.getByText('Internal note', { exact: true }).first().click();
  await page.getByRole('textbox', { name: 'Internal note' }).fill('They are about to leave us.');
  await page.reload();
  await settled(page);
  assert.equal(await page.getByRole('textbox', { name: 'Internal note' }).inputValue(), 'They are about to leave us.');
  await page.evaluate((id) => localStorage.setItem(`entitled.draft.comment.${id}`, '"Of an earlier release."'), world.talked.id);
  await page.reload();
  await settled(page);
  assert.equal(await page.getByRole('textbox', { name: 'Internal note' }).inputValue(), 'Of an earlier release.');
});

test('what was begun for one type is not offered for another', 'manager', async ({ page, open }) => {
  await open('/products/new');
  await page.getByRole('textbox', { name: 'Name' }).fill('Half a product');
  await page.evaluate(() => { history.pushState({}, '', '/accounts/new'); dispatchEvent(new PopStateEvent('popstate')); });
  await page.getByRole('heading', { name: 'New account' }).waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), '');
});

const nameIn = (page) => page.locator('form').getByRole('textbox', { name: 'Name', exact: true });

test('a form, reloaded after somebody else saved another field and the same one', 'admin', async ({ page, open, read, meanwhile, sent }) => {
  const product = await sent('post', 'products', { name: 'Drafted', code: 'DR-1' });
  const path = `products/${product.id}`;
  await open(`/${path}/edit`);
  await nameIn(page).fill('Drafted by me');
  await page.goto('about:blank');
  await meanwhile(path, { code: 'DR-2' });
  await open(`/${path}/edit`);
  await page.getByRole('status').getByText('was restored').waitFor();
  assert.equal(await nameIn(page).inputValue(), 'Drafted by me');
  await page.keyboard.press('Control+Enter');
  await clash(page).getByText('They changed other fields than you').waitFor();
  await meanwhile(path, { name: 'Drafted by them' }); // once more, while one reads
  await clash(page).getByRole('button', { name: 'Save this' }).press('Enter');
  await clash(page).getByText('Drafted by them').waitFor();
  await keepMine(page);
  const after = await read(path);
  assert.deepEqual([after.name, after.code], ['Drafted by me', 'DR-2']);
  assert.deepEqual(await page.evaluate((name) => localStorage.getItem(name), `entitled.draft.${path}`), null, 'the draft is done with');
});

test('a form whose record is deleted meanwhile: what was typed can become a new one', 'admin', async ({ page, open, read, sent }) => {
  const product = await sent('post', 'products', { name: 'Doomed', code: 'DO-1', description: 'As it was.' });
  await open(`/products/${product.id}/edit`);
  await nameIn(page).fill('Doomed, but better');
  await sent('delete', `products/${product.id}`);
  await page.keyboard.press('Control+Enter'); // if it is not told before
  await page.getByRole('heading', { name: 'This record has been deleted' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'New product' }).press('Enter');
  await page.getByRole('heading', { name: 'New product' }).waitFor();
  assert.equal(await nameIn(page).inputValue(), 'Doomed, but better');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Doomed, but better', level: 1 }).waitFor();
  const [made] = (await read('products?q=Doomed')).data;
  assert.deepEqual([made.name, made.code, made.description], ['Doomed, but better', 'DO-1', 'As it was.']);
  assert.notEqual(made.id, product.id);
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes('draft.products'))), []);
});

test('a new record that was begun comes back after a reload, until it is made or thrown away', 'admin', async ({ page, open }) => {
  const restored = page.getByRole('status').getByText('was restored');
  await open('/products/new');
  await nameIn(page).fill('Begun');
  await open('/products/new');
  await restored.waitFor();
  assert.equal(await nameIn(page).inputValue(), 'Begun');
  await page.getByRole('button', { name: 'Discard' }).press('Enter');
  assert.equal(await nameIn(page).inputValue(), '');
  await page.reload();
  await settled(page);
  assert.equal(await restored.count(), 0);
  await nameIn(page).fill('Begun again');
  await page.reload();
  await restored.waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Begun again', level: 1 }).waitFor();
  await open('/products/new');
  assert.equal(await restored.count(), 0);
  assert.equal(await nameIn(page).inputValue(), '');
});

test('lists that two people changed are read by their names, and what differs stands out', 'admin', async ({ page, open, read, meanwhile, world }) => {
  const path = `entitlements/${world.draft.id}`;
  const { data: [one, two, three] } = await read('products?limit=3&sort=name');
  await meanwhile(path, { products: [one.id], metadata: { region: 'north', tier: 'a' } });
  const base = await read(path);
  await open('/queue');
  const values = { products: [one.id, two.id], metadata: { region: 'south', tier: 'a' } };
  await page.evaluate(([name, draft]) => localStorage.setItem(name, JSON.stringify(draft)), [`entitled.draft.${path}`, { at: new Date().toISOString(), values, base }]);
  await meanwhile(path, { products: [three.id], metadata: { region: 'west', tier: 'a' } });
  await open(`/${path}/edit`);
  await page.keyboard.press('Control+Enter');
  const products = clash(page).getByRole('radiogroup', { name: 'Products' });
  await products.getByRole('radio', { name: `Theirs ${one.name} removed ${three.name}` }).waitFor();
  await products.getByRole('radio', { name: `Yours ${one.name} ${two.name}` }).waitFor();
  const metadata = clash(page).getByRole('radiogroup', { name: 'Metadata' });
  assert.deepEqual(await metadata.locator('[data-differs]').allInnerTexts(), ['region: south', 'region: west']);
  assert.equal(await clash(page).getByText(/[[{"]/).count(), 0, 'nothing as JSON');
  await keepMine(page);
  assert.deepEqual((await read(path)).products, [one.id, two.id]);
});
