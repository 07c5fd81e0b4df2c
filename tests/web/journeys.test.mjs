// The ways of an agent, a manager and a customer through the workspace, by keyboard alone.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test as journey } from 'node:test';
import { launchBrowser, openWindow, password, settled } from './browser.mjs';
import { root, startDemo } from './server.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

// What a page looked like when its journey failed is in build/screenshots.
// A key that came before its page on a busy machine gets a second chance, which is told.
function test(name, run) {
  journey(name, async () => {
    try {
      await run().catch(async (error) => {
        console.log(`# once more after: ${error.message.split('\n')[0]}`);
        for (const context of browser.contexts()) await context.close();
        await run();
      });
    } catch (error) {
      for (const [i, context] of browser.contexts().entries()) {
        for (const page of context.pages()) await page.screenshot({ path: join(root, 'build', 'screenshots', `failed-${i}.png`) });
        await context.close();
      }
      throw error;
    }
  });
}

async function begin(email) {
  const window = await openWindow(browser, demo.origin, { email });
  await window.page.goto(`${demo.origin}/`);
  await settled(window.page);
  return window;
}

const keys = async (page, ...names) => {
  for (const name of names) await page.keyboard.press(name);
};
const says = (page, text) => page.getByText(text).first().waitFor();

test('an agent: sign in, covered?, open the case, comment, resolve, take it back', async () => {
  const { page, wrong, context } = await openWindow(browser, demo.origin);
  await page.goto(demo.origin);
  await settled(page);
  await page.keyboard.type('agent@example.com');
  await keys(page, 'Tab');
  await page.keyboard.type('not the password');
  await keys(page, 'Enter');
  await says(page, 'E-mail or password is wrong.');
  wrong.length = 0; // the browser tells of the refusal
  await keys(page, 'Control+a');
  await page.keyboard.type(password);
  await keys(page, 'Enter');

  await page.getByRole('heading', { name: 'Coverage desk' }).waitFor();
  await page.keyboard.type('marcie');
  await page.getByRole('option', { name: /Marcie Holloway/ }).first().waitFor();
  await keys(page, 'Enter');
  await page.getByTestId('verdict').waitFor();
  assert.equal(await page.getByTestId('verdict').textContent(), 'Covered');
  assert.match(new URL(page.url()).search, /contact_id=con_/);

  await keys(page, 'Control+Enter');
  await page.keyboard.type('Screen stays dark');
  await keys(page, 'Control+Enter');
  await page.getByRole('heading', { name: 'Screen stays dark' }).waitFor();
  await settled(page);
  await keys(page, 'c');
  await page.keyboard.type('Have you tried another cable?');
  await keys(page, 'Control+Enter');
  await says(page, 'Have you tried another cable?');
  await page.locator('textarea:empty').first().waitFor();
  await page.evaluate(() => document.activeElement.blur());
  await keys(page, 'r');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('It was the cable.');
  await keys(page, 'Control+Enter');
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await page.getByRole('button', { name: 'Resolve' }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test('what the desk answers is on the screen soon after the last key', async () => {
  const { page, context } = await begin('agent@example.com');
  await page.getByRole('heading', { name: 'Coverage desk' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT'); // on a busy machine it takes a moment
  await page.keyboard.type('marcie');
  await page.getByRole('option', { name: /Marcie Holloway/ }).first().waitFor();
  const took = await page.evaluate(async () => {
    const start = performance.now();
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true }));
    while (!document.querySelector('[data-testid="verdict"]') && performance.now() - start < 5000) await new Promise(requestAnimationFrame);
    return performance.now() - start;
  });
  console.log(`# answer on the screen after ${Math.round(took)} ms`);
  assert.ok(took < 2000, `${took} ms`);
  await context.close();
});

test('the palette finds records and pages', async () => {
  const { page, wrong, context } = await begin('agent@example.com');
  await keys(page, 'Control+k');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  await page.keyboard.type('go to accounts');
  await page.getByRole('option', { name: 'Go to accounts' }).waitFor();
  await keys(page, 'Enter');
  await page.getByRole('heading', { name: 'Accounts' }).waitFor();
  await keys(page, 'Control+k');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  await page.keyboard.type('go to products lakeside');
  await keys(page, 'Control+Backspace');
  await page.getByRole('option', { name: 'Go to products' }).waitFor();
  await keys(page, 'Control+a');
  await page.keyboard.type('lakeside');
  await keys(page, 'Enter'); // before there is an answer: it is for what is found, not for what stood there
  await page.getByRole('heading', { name: /Lakeside/ }).waitFor();
  await page.evaluate(() => document.activeElement.blur());
  await keys(page, 'g', 'q');
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test('a list: search, walk, look from the side, sort, come back by address', async () => {
  const { page, wrong, context } = await begin('manager@example.com');
  await page.goto(`${demo.origin}/entitlements?state=active`);
  await settled(page);
  await keys(page, 'j', 'j', 'Enter');
  await page.getByRole('complementary').getByRole('link', { name: /Open/ }).waitFor();
  const peek = new URL(page.url()).searchParams.get('peek');
  assert.match(peek, /^ent_/);
  await keys(page, 'j');
  await page.waitForFunction((before) => new URL(location.href).searchParams.get('peek') !== before, peek);
  await keys(page, 'Escape');
  await page.waitForFunction(() => !location.search.includes('peek'));
  await page.getByRole('button', { name: 'Ends on' }).press('Enter');
  await page.waitForFunction(() => location.search.includes('sort=ends_on'));
  await settled(page);
  const shown = async () => {
    const dates = await page.locator('tbody tr td:last-child').allTextContents();
    return dates.filter((text) => text !== '' && text !== '–').map((text) => Date.parse(text));
  };
  const rising = (times) => times.length > 0 && times.every((time, i) => i === 0 || times[i - 1] <= time);
  for (let i = 0; i < 50 && !rising(await shown()); i++) await page.waitForTimeout(200); // until the answer is there
  assert.ok(rising(await shown()), 'rows by their last day');
  assert.deepEqual(wrong, []);
  await context.close();
});

test('a form: refusals stand at their fields, a draft outlives a reload', async () => {
  const { page, wrong, context } = await begin('manager@example.com');
  await page.goto(`${demo.origin}/products/new`);
  await settled(page);
  await page.getByLabel('Code').fill('X-1');
  await keys(page, 'Control+Enter');
  await page.getByText('This was not saved').waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Name' }).getAttribute('aria-invalid'), 'true');
  wrong.length = 0;
  await page.reload();
  await page.getByText(/Your draft of .* was restored/).waitFor();
  assert.equal(await page.getByLabel('Code').inputValue(), 'X-1');
  await page.getByRole('textbox', { name: 'Name' }).fill('Display X');
  await keys(page, 'Control+Enter');
  await page.getByRole('heading', { name: 'Display X' }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test('Enter before the answer chooses what was typed, not what was found before', async () => {
  const { page, wrong, context } = await begin('manager@example.com');
  let answer;
  let held;
  await page.route('**/v1/accounts?*q=Lakeside*', async (route) => {
    await held;
    await route.continue();
  });
  const choose = async () => {
    held = new Promise((go) => { answer = go; });
    const asked = page.waitForRequest(/accounts\?.*q=Lakeside/);
    const account = page.getByRole('textbox', { name: 'Account' });
    await account.fill('a');
    await page.getByRole('option').first().waitFor();
    assert.doesNotMatch(await page.getByRole('option').first().textContent(), /Lakeside/);
    await page.keyboard.type('keside');
    await account.press('Home');
    await keys(page, 'L', 'Enter');
    await asked;
  };
  const chosen = () => page.waitForFunction(() => [...document.querySelectorAll('input')].some((one) => one.value.startsWith('Lakeside')));
  await page.goto(`${demo.origin}/contracts/new`);
  await settled(page);
  await choose();
  answer();
  await chosen();
  await page.reload(); // the draft has what was chosen
  await chosen();
  await keys(page, 'Escape');
  await page.goto(`${demo.origin}/contacts/new`);
  await settled(page);
  await choose();
  await page.getByRole('textbox', { name: 'Name' }).focus(); // on to the next field, whatever the server does
  answer();
  await chosen();
  await page.reload();
  await settled(page);
  await choose();
  await page.getByRole('textbox', { name: 'Name' }).focus();
  await page.keyboard.type('Harriet Hurry');
  await keys(page, 'Control+Enter'); // saved is what was chosen, and not what stood there before
  answer();
  await page.getByRole('heading', { name: 'Harriet Hurry' }).waitFor();
  const [contact] = (await (await context.request.get(`${demo.origin}/v1/contacts?q=Harriet&expand=account`)).json()).data;
  assert.match(contact.account.name, /^Lakeside/);
  assert.deepEqual(wrong, []);
  await context.close();
});

test('two people change one record: the second is shown both', async () => {
  const { page, wrong, context } = await begin('manager@example.com');
  const [product] = (await (await context.request.get(`${demo.origin}/v1/products?limit=1`)).json()).data;
  const { csrf_token: csrf } = await (await context.request.get(`${demo.origin}/v1/session`)).json();
  await page.goto(`${demo.origin}/products/${product.id}/edit`);
  await settled(page);
  await page.getByRole('textbox', { name: 'Name' }).fill('Mine');
  await context.request.patch(`${demo.origin}/v1/products/${product.id}`, { data: { name: 'Theirs' }, headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' } });
  await page.getByRole('heading', { name: 'Edit Theirs' }).waitFor(); // it came by itself, and changes nothing of what is typed
  await keys(page, 'Control+Enter');
  await page.getByRole('dialog').getByRole('radio', { name: /^Theirs\s*Theirs$/ }).waitFor();
  wrong.length = 0;
  await page.getByRole('button', { name: 'Save this' }).press('Enter');
  await page.getByRole('heading', { name: 'Mine' }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test('a draft that is restored meets what somebody else saved since', async () => {
  const { page, wrong, context } = await begin('manager@example.com');
  const [, product] = (await (await context.request.get(`${demo.origin}/v1/products?limit=2`)).json()).data;
  const { csrf_token: csrf } = await (await context.request.get(`${demo.origin}/v1/session`)).json();
  const save = (name) => context.request.patch(`${demo.origin}/v1/products/${product.id}`, { data: { name }, headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' } });
  const meet = async (theirs, mine) => {
    await page.getByText(/Your draft of .* was restored/).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), mine);
    await page.getByRole('textbox', { name: 'Name' }).focus();
    await keys(page, 'Control+Enter');
    await page.getByRole('dialog').getByRole('radio', { name: new RegExp(`^Theirs\\s*${theirs}$`) }).waitFor();
    wrong.length = 0; // the browser tells of the refusal
    await page.getByRole('button', { name: 'Save this' }).press('Enter');
    await page.getByRole('heading', { name: mine, exact: true }).waitFor();
  };
  const stamp = Date.now().toString(36);
  await page.goto(`${demo.origin}/products/${product.id}/edit`);
  await settled(page);
  await page.getByRole('textbox', { name: 'Name' }).fill(`Draft ${stamp}`);
  await page.goto(`${demo.origin}/products`);
  await save('Saved meanwhile');
  await page.goto(`${demo.origin}/products/${product.id}/edit`);
  await meet('Saved meanwhile', `Draft ${stamp}`);

  await save('Saved before'); // a draft of an earlier release, which does not tell what it was made upon
  await page.evaluate((id) => localStorage.setItem(`entitled.draft.products/${id}`, JSON.stringify({ at: new Date().toISOString(), values: { name: 'Old draft' } })), product.id);
  await page.goto(`${demo.origin}/products/${product.id}/edit`);
  await meet('Saved before', 'Old draft');
  assert.deepEqual(wrong, []);
  await context.close();
});

test('renewals: walk, move a card to the next stage, take it back, open it', async () => {
  const { page, wrong, context } = await begin('manager@example.com');
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  await page.evaluate(() => document.activeElement.blur());
  await keys(page, 'g', 'r');
  await page.getByRole('heading', { name: 'Renewals' }).waitFor();
  await settled(page);
  const column = (name) => page.getByRole('region', { name, exact: true });
  const card = column('Not begun').getByRole('group').first();
  const name = await card.getAttribute('aria-label');
  await card.focus();
  await keys(page, 'Shift+ArrowRight');
  await column('Contacted').getByRole('group', { name }).waitFor();
  await page.waitForFunction((label) => document.activeElement?.getAttribute('aria-label') === label, name);
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await column('Not begun').getByRole('group', { name }).waitFor();
  await column('Not begun').getByRole('group', { name }).dragTo(column('Proposed'));
  await column('Proposed').getByRole('group', { name }).waitFor();
  await settled(page);
  await column('Proposed').getByRole('group', { name }).press('Enter');
  await page.getByRole('heading', { name: name.split(', ')[1] }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test('a contract: walk in the tree of lines, look at one from the side', async () => {
  const { page, wrong, context } = await begin('manager@example.com');
  const [contract] = (await (await context.request.get(`${demo.origin}/v1/contracts?q=Workshop&state=active&limit=1`)).json()).data;
  await page.goto(`${demo.origin}/contracts/${contract.id}`);
  await settled(page);
  const tree = page.getByRole('treegrid', { name: 'Lines' });
  await tree.focus();
  await keys(page, 'ArrowLeft');
  await page.waitForFunction(() => document.querySelectorAll('[role=treegrid] tbody [role=row]').length === 2);
  await keys(page, 'ArrowRight', 'ArrowDown', 'Enter');
  await page.getByRole('complementary', { name: 'Details of Spare parts' }).waitFor();
  await keys(page, 'ArrowDown');
  await page.getByRole('complementary', { name: 'Details of Yearly inspection' }).waitFor();
  assert.match(page.url(), /line=ctl_/);
  assert.deepEqual(wrong, []);
  await context.close();
});

test('more of a line: select it in the tree, preview, apply', async () => {
  const { page, wrong, context } = await begin('manager@example.com');
  const [{ id }] = (await (await context.request.get(`${demo.origin}/v1/contracts?q=Workplaces&state=active&limit=1`)).json()).data;
  await page.goto(`${demo.origin}/contracts/${id}`);
  await settled(page);
  await page.getByRole('treegrid', { name: 'Lines' }).focus();
  await keys(page, 'x');
  await page.getByRole('toolbar', { name: 'Selected lines' }).getByRole('button', { name: 'Upsell' }).press('Enter');
  await page.getByRole('dialog').getByText('now 50').waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  await page.keyboard.type('65');
  await page.getByRole('region', { name: 'What would happen' }).getByText(/^\+€/).waitFor();
  await keys(page, 'Control+Enter');
  await says(page, /Upsell: (done|scheduled)/);
  await settled(page);
  await page.getByRole('tab', { name: 'Timeline' }).press('Enter');
  await page.getByRole('list', { name: 'What happened' }).getByText('Upsell').waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test('renew a contract early, merge another two', async () => {
  const { page, wrong, context } = await begin('manager@example.com');
  const { csrf_token: csrf } = await (await context.request.get(`${demo.origin}/v1/session`)).json();
  const [{ account_id }] = (await (await context.request.get(`${demo.origin}/v1/contracts?q=Workshop&state=active&limit=1`)).json()).data;
  const days = (count) => new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10);
  const make = async (name) => {
    const lines = [{ name: `${name} desks`, quantity: '10', unit_price: { amount: '20', currency: 'EUR' } }];
    const reply = await context.request.post(`${demo.origin}/v1/contracts`, { data: { account_id, name, starts_on: days(-200), ends_on: days(164), currency: 'EUR', lines }, headers: { 'X-CSRF-Token': csrf } });
    assert.equal(reply.status(), 201, await reply.text());
    return (await reply.json()).id;
  };
  const stamp = Date.now().toString(36);
  const [early, one, other] = [await make(`Early ${stamp}`), await make(`North ${stamp}`), await make(`South ${stamp}`)];
  const plan = page.getByRole('region', { name: 'What would happen' });
  const start = async (id, name) => {
    await page.goto(`${demo.origin}/contracts/${id}`);
    await settled(page);
    await keys(page, 'a');
    await page.getByRole('menuitem', { name, exact: true }).press('Enter');
    await page.getByRole('dialog').waitFor();
  };
  await start(early, 'Renew');
  await page.getByLabel('Starts on').fill(days(30));
  await plan.getByText(/^Renew · add$/).first().waitFor();
  await keys(page, 'Control+Enter');
  await says(page, /Renew: (done|scheduled)/);
  await page.getByRole('status').getByRole('link', { name: /CTR-/ }).press('Enter');
  await page.waitForURL((url) => !url.pathname.endsWith(early));
  await settled(page);
  await start(one, 'Merge');
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  await page.keyboard.type(`South ${stamp}`);
  await page.getByRole('option', { name: new RegExp(`South ${stamp}`) }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('[role=option]').length === 1);
  await keys(page, 'ArrowDown', 'Enter');
  await plan.getByText(`South ${stamp} desks`).first().waitFor();
  await keys(page, 'Control+Enter'); // also in the field, where Enter alone chooses
  await says(page, /Merge: (done|scheduled)/);
  await page.goto(`${demo.origin}/contracts/${other}?tab=life`);
  await says(page, /Merged into CTR-/);
  assert.deepEqual(wrong, []);
  await context.close();
});

test('an operation: preview, apply; one of later is scheduled and taken back', async () => {
  const { page, wrong, context } = await begin('manager@example.com');
  const [contract] = (await (await context.request.get(`${demo.origin}/v1/contracts?q=Evergreen&state=active&limit=1`)).json()).data;
  const { csrf_token } = await (await context.request.get(`${demo.origin}/v1/session`)).json();
  let id = null; // one that no renewal follows, and that has a price
  for (const one of (await (await context.request.get(`${demo.origin}/v1/contracts?state=active&limit=50`)).json()).data) {
    const plan = await context.request.post(`${demo.origin}/v1/contracts/${one.id}/extend/preview`, { headers: { 'X-CSRF-Token': csrf_token }, data: { term: 'P6M' } });
    if (plan.ok() && Number((await plan.json()).price_delta?.amount ?? 0) > 0 && one.currency === 'EUR') { id = one.id; break; }
  }
  await page.goto(`${demo.origin}/contracts/${id}`);
  await settled(page);
  const start = async (name) => {
    await page.evaluate(() => document.activeElement.blur());
    await keys(page, 'a');
    await page.getByRole('menuitem', { name, exact: true }).press('Enter');
    await page.getByRole('dialog').waitFor();
  };
  await start('Extend');
  await page.getByRole('region', { name: 'What would happen' }).getByText(/^\+€/).waitFor();
  await page.getByRole('region', { name: 'What would happen' }).getByText('6 months').waitFor();
  await keys(page, 'Control+Enter');
  await says(page, 'Extend: done');
  await settled(page);
  await start('Suspend');
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Starts at').fill(`${soon}T09:00`);
  await page.getByRole('region', { name: 'What would happen' }).getByText(/until resumed/).waitFor();
  await keys(page, 'Control+Enter');
  await says(page, 'Suspend: scheduled');
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).press('Enter');
  await says(page, 'Undone');
  await page.goto(`${demo.origin}/contracts/${contract.id}`);
  await settled(page);
  await start('Extend'); // it has no end: nothing to extend
  await page.getByRole('dialog').getByText('This cannot be done so').waitFor();
  wrong.length = 0; // the browser tells of the refusal
  await keys(page, 'Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await context.close();
});

test('a customer: what is left, open a case; nothing internal', async () => {
  const { page, wrong, context } = await begin('customer@example.com');
  await page.getByRole('heading', { name: /Hello/ }).waitFor();
  await page.getByRole('link', { name: 'Open a case' }).press('Enter');
  await page.getByLabel('What is the problem?').waitFor();
  await page.keyboard.type('My printer squeaks');
  await page.getByText(/Covered by/).waitFor();
  await keys(page, 'Control+Enter');
  await page.getByRole('heading', { name: 'My printer squeaks' }).waitFor();
  const names = await page.locator('nav a').allTextContents();
  assert.ok(!names.some((name) => /Users|Events|Administration|Settings/.test(name)), names.join());
  assert.equal(await page.getByText('Internal').count(), 0);
  assert.deepEqual(wrong, []);
  await context.close();
});

test('without a server the page says so, and works again when it is back', async () => {
  const { page, context } = await begin('agent@example.com');
  await page.waitForTimeout(2500); // until the pages are fetched
  await settled(page);
  await context.setOffline(true);
  await page.evaluate(() => document.activeElement.blur());
  await keys(page, 'g', 'c');
  await page.getByText('No connection to the server').first().waitFor();
  await context.setOffline(false);
  await page.getByRole('heading', { name: 'Cases' }).waitFor();
  await page.getByText('CAS-').first().waitFor();
  await context.close();
});
