// Two people at the same records and views: nobody's change is put over another's without a word.
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

// The API as a person, with the program's own way to change what is there.
async function caller(context) {
  const at = (path) => `${demo.origin}/v1/${path}`;
  const { csrf_token: csrf } = await (await context.request.get(at('session'))).json();
  const headers = { 'X-CSRF-Token': csrf };
  const checked = async (reply, status) => {
    assert.equal(reply.status(), status, await reply.text());
    return reply.json();
  };
  return {
    get: async (path) => checked(await context.request.get(at(path)), 200),
    patch: async (path, data) => checked(await context.request.patch(at(path), { data, headers: { ...headers, 'Content-Type': 'application/merge-patch+json' } }), 200),
    post: async (path, data) => checked(await context.request.post(at(path), { data, headers }), 201),
  };
}

// What others change comes by itself, which would bring the newest version before it is sent: here it does not.
const deaf = (context) => context.route(/\/v1\/events\/stream/, (route) => route.abort());
const expected = (wrong) => wrong.filter((line) => !/412|events\/stream/.test(line));

test('records of a list that somebody else changes while they are changed here', { timeout: 90_000 }, async () => {
  const { page, context, wrong } = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
  const api = await caller(context);
  const made = [];
  for (const name of ['Alpha', 'Beta', 'Gamma']) made.push(await api.post('products', { name: `Versioned ${name}` }));
  await deaf(context);
  await page.goto(`${demo.origin}/products?q=Versioned`);
  await settled(page);
  await page.getByRole('checkbox', { name: 'Select all rows' }).check();
  await page.getByRole('button', { name: 'Change a field' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change a field' });
  await dialog.getByLabel('Field').first().fill('Descr');
  await page.getByRole('option', { name: 'Description' }).click();
  await dialog.getByRole('textbox', { name: 'Description' }).fill('By many at once');
  await api.patch(`products/${made[1].id}`, { code: 'V-2', description: 'By somebody else' });
  await dialog.getByRole('button', { name: 'Save (3)' }).click();

  const left = page.getByRole('dialog', { name: '1 record was left alone' });
  await left.getByText('Somebody else changed it meanwhile: Code, Description').waitFor();
  await left.getByRole('link', { name: 'Versioned Beta' }).waitFor();
  assert.deepEqual(await violations(page), []);
  const described = async () => (await api.get('products?q=Versioned&sort=name')).data.map((row) => row.description);
  assert.deepEqual(await described(), ['By many at once', 'By somebody else', 'By many at once']);
  await left.getByRole('button', { name: 'Try again (1)' }).click();
  await left.waitFor({ state: 'detached' });
  assert.deepEqual(await described(), ['By many at once', 'By many at once', 'By many at once']);
  assert.equal((await api.get(`products/${made[1].id}`)).code, 'V-2', 'what else they changed');

  await settled(page);
  await page.getByRole('checkbox', { name: 'Select all rows' }).check();
  await api.patch(`products/${made[2].id}`, { description: 'Still needed' });
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog', { name: '1 record was left alone' }).getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('toolbar', { name: '1 selected' }).waitFor();
  assert.deepEqual((await api.get('products?q=Versioned')).data.map((row) => row.name), ['Versioned Gamma']);
  assert.deepEqual(expected(wrong), []);
  await context.close();
});

test('a view that somebody else changes while it is saved here', { timeout: 90_000 }, async () => {
  const { page, context, wrong } = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
  const api = await caller(context);
  const view = await api.post('views', { name: 'Twice', list: 'product', query: 'kind=goods' });
  await deaf(context);
  await page.goto(`${demo.origin}/products?kind=service`);
  await settled(page);
  const save = async () => {
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('textbox', { name: 'Name of the view' }).fill('Twice');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
  };
  await api.patch(`views/${view.id}`, { query: 'kind=bundle' });
  await save();
  const clash = page.getByRole('dialog', { name: 'Somebody else changed this in the meantime' });
  await clash.getByText('kind=bundle').waitFor();
  await clash.getByRole('button', { name: 'Save this' }).click();
  await page.getByText('View “Twice” is kept').waitFor();
  assert.equal((await api.get(`views/${view.id}`)).query, 'kind=service');

  await settled(page);
  await api.patch(`views/${view.id}`, { shared: true });
  await page.getByRole('button', { name: 'Delete this view' }).click();
  await page.getByText('Somebody else changed this in the meantime').waitFor();
  await page.getByRole('img', { name: 'shared' }).waitFor(); // what is there now is shown
  assert.equal((await api.get(`views/${view.id}`)).shared, true);
  await page.getByRole('button', { name: 'Delete this view' }).click();
  await page.getByRole('button', { name: 'Twice' }).waitFor({ state: 'detached' });
  assert.deepEqual(expected(wrong), []);
  await context.close();
});

// The settings may demand the version with every change: what the workspace sends without one names any.
test('where every change must name a version', { timeout: 90_000 }, async () => {
  const { page, context, wrong } = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
  const api = await caller(context);
  await api.patch('settings', { require_if_match: true });
  const { data: [open] } = await api.get('cases?state=open&limit=1');
  await page.goto(`${demo.origin}/cases/${open.id}`);
  await settled(page);
  await page.keyboard.press('r');
  await page.getByRole('dialog').getByRole('textbox').first().fill('Done.');
  await page.keyboard.press('Control+Enter');
  await page.getByText(`${open.number} was resolved`).waitFor().catch(async () => assert.fail(await page.getByRole('status').allInnerTexts()));
  assert.equal((await api.get(`cases/${open.id}`)).state, 'resolved');
  assert.deepEqual(wrong, []);
  await context.close();
});
