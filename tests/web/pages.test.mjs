// Every page, wide and narrow, light and dark: it draws without an error or a refused style or
// request, axe finds nothing, nothing scrolls sideways, nor at widths in between. With ENT_PICTURES=light
// pictures are made in build/screenshots, with ENT_PICTURES=all also those in the dark.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { all, darken, follow, launchBrowser, openWindow, picture, settled, violations } from './browser.mjs';
import { startDemo } from './server.mjs';
import { alike, findWorld, pagesOf } from './world.mjs';

const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

const looker = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
const pages = pagesOf(await findWorld(looker.context, demo.origin));
await looker.context.close();

function scrollsSideways(page) {
  return page.evaluate(() => [document.documentElement, document.querySelector('main')].some((one) => one && one.scrollWidth > one.clientWidth + 1));
}

// What does not fit where it stands: words of a button or a heading that are cut, a text a letter a line, a tree of
// lines with columns out of sight.
function squeezed(page) {
  return page.evaluate(() => {
    const cut = (one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1;
    const found = [...document.querySelectorAll('main .mantine-Button-label, main h1, main h2, main label, main [role="treegrid"]')].filter(cut);
    const tall = [...document.querySelectorAll('main :is(p, label, a, b, h2, span)')].filter((one) => one.childElementCount === 0 && one.textContent.length > 9 && one.offsetWidth > 8 && one.offsetWidth < 56 && one.offsetHeight > 48);
    return [...found, ...tall].map((one) => `${one.tagName} ${one.textContent.slice(0, 40)}`);
  });
}

for (const [size, viewport] of Object.entries(sizes)) {
  const isWide = size === 'wide';
  const windows = new Map();
  const windowOf = async (who) => {
    if (!windows.has(who)) windows.set(who, await openWindow(browser, demo.origin, { email: who && `${who}@example.com`, ...viewport }));
    return windows.get(who);
  };
  test(size, async (t) => {
    for (const [name, who, path] of pages) {
      const once = all || !alike.has(name); // pages that are drawn alike are looked at once in the dark and where it is narrow
      if (!isWide && !once) continue;
      await t.test(name, async () => {
        const { page, wrong } = await windowOf(who);
        wrong.length = 0;
        if (isWide || who === null) {
          await page.goto(demo.origin + path);
          await settled(page);
        } else await follow(page, demo.origin + path);
        await picture(page, `${name}-${size}-light`);
        assert.equal(await scrollsSideways(page), false, 'scrolls sideways');
        if (isWide) assert.deepEqual(await violations(page), []);
        if (isWide && once) await darken(page);
        await picture(page, `${name}-${size}-dark`);
        if (isWide && once) assert.deepEqual(await violations(page, { colours: true }), [], 'in the dark');
        assert.deepEqual(wrong, []);
        for (const width of isWide && once ? [1280, 1024] : []) {
          await page.setViewportSize({ ...viewport, width });
          await page.waitForTimeout(100); // drawings follow
          assert.equal(await scrollsSideways(page), false, `scrolls sideways at ${width}`);
          assert.deepEqual(await squeezed(page), [], `at ${width}`);
        }
        if (isWide) await page.setViewportSize(viewport);
      });
    }
    for (const { context } of windows.values()) await context.close();
  });
}

test('who likes it dark has it dark from the first frame', async () => {
  const { page, wrong, context } = await openWindow(browser, demo.origin, { email: 'manager@example.com', scheme: 'dark' });
  await page.goto(`${demo.origin}/contracts`, { waitUntil: 'commit' });
  await page.waitForFunction(() => document.body !== null);
  assert.equal(await page.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme')), 'dark');
  await settled(page);
  assert.equal(await page.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme')), 'dark');
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(wrong, []);
  await context.close();
});
