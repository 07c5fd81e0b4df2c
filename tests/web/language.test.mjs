// A language is complete: every word of /v1/meta has one, the choice takes effect at once, and no English is left
// in the frame of the main pages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { follow, launchBrowser, openWindow, password, picture, settled } from './browser.mjs';
import { root, startDemo } from './server.mjs';
import { findWorld, pagesOf } from './world.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

// A catalogue is an object; what TypeScript says of it is left out.
async function textsOf(file) {
  const text = readFileSync(join(root, 'web', 'src', 'text', file), 'utf8')
    .replace(/^import .*$/gm, '').replace(/^export const \w+(: [^=]+)? = /m, 'export default ').replace(/ as const;/, ';');
  return (await import(`data:text/javascript,${encodeURIComponent(text)}`)).default;
}

const words = await textsOf('de/words.ts');
const meanings = await textsOf('de/meanings.ts');
const parts = [['en.ts', 'de/main.ts'], ['admin.en.ts', 'de/admin.ts'], ['designers.en.ts', 'de/designers.ts'], ['imports.en.ts', 'de/imports.ts'], ['ramp.en.ts', 'de/ramp.ts'], ['reports.en.ts', 'de/reports.ts']];
const english = new Set();
for (const [en, de] of parts) {
  const [ours, theirs] = [await textsOf(en), await textsOf(de)];
  for (const [key, text] of Object.entries(ours)) if (text.length > 2 && !text.includes('{') && text !== theirs[key]) english.add(text);
}

// All that /v1/meta says in sentences: help below fields, summaries of actions, what types and roles are.
function sentencesOf(meta) {
  const found = new Set();
  const fields = (list) => list.forEach((field) => {
    if (field.meaning !== field.label) found.add(field.meaning);
    fields(field.child ?? []);
  });
  for (const type of meta.types) {
    found.add(type.meaning);
    fields(type.fields);
    for (const action of type.actions) {
      found.add(action.summary);
      fields(action.fields);
    }
  }
  meta.roles.forEach(({ detail }) => found.add(detail));
  return found;
}

async function germanWindow(who, options = {}) {
  const { context } = await openWindow(browser, demo.origin, { email: `${who}@example.com` });
  const { csrf_token } = await (await context.request.get(`${demo.origin}/v1/session`)).json();
  const reply = await context.request.patch(`${demo.origin}/v1/users/me`, { headers: { 'X-CSRF-Token': csrf_token, 'Content-Type': 'application/merge-patch+json' }, data: JSON.stringify({ language: 'de' }) });
  assert.equal(reply.status(), 200, await reply.text());
  await context.close();
  return openWindow(browser, demo.origin, { email: `${who}@example.com`, ...options });
}

test('every type, field, value, action and code of /v1/meta has a German word', async () => {
  const { context } = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
  const meta = await (await context.request.get(`${demo.origin}/v1/meta`)).json();
  const missing = new Set();
  const need = (table, name) => { if (!words[table][name]) missing.add(`${table}: ${name}`); };
  const fields = (list) => list.forEach((field) => {
    need('fields', field.name);
    (field.values ?? []).forEach((value) => need('values', value));
    fields(field.child ?? []);
  });
  for (const type of meta.types) {
    need('types', type.name);
    fields(type.fields);
    for (const action of type.actions) {
      need('actions', action.name);
      fields(action.fields);
    }
  }
  for (const table of ['reasons', 'choices', 'errors']) meta[table].forEach(({ code }) => need(table, code));
  assert.deepEqual([...missing], []);
  await context.close();
});

test('every help text, summary of an action and description of /v1/meta is said in German, and no other', async () => {
  const { context } = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
  const sentences = sentencesOf(await (await context.request.get(`${demo.origin}/v1/meta`)).json());
  assert.ok(sentences.size > 500, `${sentences.size} texts`);
  assert.deepEqual([...sentences].filter((text) => !meanings[text]), []);
  assert.deepEqual(Object.keys(meanings).filter((text) => !sentences.has(text)), []);
  await context.close();
});

test('the choice on the profile takes effect at once, and back', async () => {
  const { page, context, wrong } = await openWindow(browser, demo.origin, { email: 'agent2@example.com' });
  await page.goto(`${demo.origin}/queue`);
  await settled(page);
  const choose = async (menu, language, now, save) => {
    await page.getByRole('button', { name: 'Oskar Lindgren' }).click();
    await page.getByRole('button', { name: menu }).click();
    await page.getByRole('combobox', { name: language }).or(page.getByRole('textbox', { name: language })).first().click();
    await page.getByRole('option', { name: now }).click();
    await page.getByRole('button', { name: save }).click();
  };
  await choose('Profile and password', 'Language', 'Deutsch', 'Save');
  await page.getByRole('heading', { level: 1, name: 'Warteschlange' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  await choose('Profil und Passwort', 'Sprache', 'English', 'Speichern');
  await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

// Texts that the page shows, each by itself.
function shownIn(page) {
  return page.evaluate(() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (walk.currentNode.parentElement.closest('script, style, code, [data-testid="data"]') === null) found.push(walk.currentNode.data.trim());
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
      for (const name of ['aria-label', 'placeholder', 'title']) found.push(element.getAttribute(name) ?? '');
    }
    return [...new Set(found)];
  });
}

const leftIn = async (page) => (await shownIn(page)).filter((text) => english.has(text));

test('no English is left in German', { timeout: 380_000 }, async (t) => {
  const looker = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
  const pages = pagesOf(await findWorld(looker.context, demo.origin)).filter(([, who]) => who !== null);
  const meta = await (await looker.context.request.get(`${demo.origin}/v1/meta`)).json();
  for (const type of meta.types) for (const field of type.fields) if (field.label.length > 3 && words.fields[field.name] !== field.label) english.add(field.label);
  for (const text of sentencesOf(meta)) if (text.length > 3 && meanings[text] !== text) english.add(text).add(`${text}.`);
  for (const name of ['Premium', 'Standard', 'Support', 'English', 'First answer', 'Administrator', 'Notes', 'Details', 'Position']) english.delete(name); // they are data, or German as well
  await looker.context.close();
  const windows = new Map();
  for (const [name, who, path] of pages) {
    if (!windows.has(who)) windows.set(who, await germanWindow(who));
    const { page, wrong } = windows.get(who);
    await t.test(name, async () => {
      wrong.length = 0;
      await follow(page, demo.origin + path);
      const left = await leftIn(page);
      await picture(page, `${name}-de`);
      assert.deepEqual(left, []);
      assert.deepEqual(wrong, []);
    });
  }
  await t.test('dialogs of actions', async () => {
    const { page, wrong } = windows.get('manager');
    const more = () => page.getByRole('button', { name: 'Weitere Aktionen' }).press('Enter');
    for (const [name, start, action, says] of [['entitlement', more, 'Aussetzen', 'Aussetzen, jetzt oder später, mit oder ohne Ende.'], ['contract', () => page.keyboard.press('a'), 'Laufzeit ausdehnen', 'Den letzten Tag des Vertrags oder von Positionen hinausschieben.']]) {
      await page.goto(demo.origin + pages.find(([one]) => one === name)[2]);
      await settled(page);
      await start();
      await page.getByRole('menuitem', { name: action, exact: true }).press('Enter');
      await page.getByRole('dialog').getByText(says).waitFor();
      await settled(page);
      assert.deepEqual(await leftIn(page), []);
    }
    assert.deepEqual(wrong, []);
  });
  for (const { context } of windows.values()) await context.close();
});

test('who has not signed in is spoken to as the browser wants', async () => {
  const context = await browser.newContext({ locale: 'de-AT' });
  const page = await context.newPage();
  await page.goto(demo.origin);
  await page.getByRole('button', { name: 'Anmelden' }).waitFor();
  await page.getByLabel('E-Mail').fill('viewer@example.com');
  await page.getByLabel('Passwort').fill(password);
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByRole('navigation', { name: 'Hauptnavigation' }).waitFor();
  await context.close();
});
