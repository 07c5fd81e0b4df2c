// Every page, wide and narrow, light and dark: it draws without an error or a refused style or
// request, axe finds nothing, nothing scrolls sideways. Pictures are in build/screenshots;
// those that are narrow and dark are made with ENT_PICTURES=all.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { launchBrowser, openWindow, settled, violations } from './browser.mjs';
import { root, startDemo } from './server.mjs';
import { findWorld, pagesOf } from './world.mjs';

const pictures = join(root, 'build', 'screenshots');
const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});
mkdirSync(pictures, { recursive: true });

const looker = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
const pages = pagesOf(await findWorld(looker.context, demo.origin));
await looker.context.close();

function scrollsSideways(page) {
  return page.evaluate(() => [document.documentElement, document.querySelector('main')].some((one) => one && one.scrollWidth > one.clientWidth + 1));
}

for (const [size, viewport] of Object.entries(sizes)) {
  for (const scheme of ['light', 'dark']) {
    if (size === 'narrow' && scheme === 'dark' && process.env.ENT_PICTURES !== 'all') continue;
    const windows = new Map();
    const windowOf = async (who) => {
      if (!windows.has(who)) windows.set(who, await openWindow(browser, demo.origin, { email: who && `${who}@example.com`, scheme, ...viewport }));
      return windows.get(who);
    };
    test(`${size}, ${scheme}`, async (t) => {
      for (const [name, who, path] of pages) {
        await t.test(name, async () => {
          const { page, wrong } = await windowOf(who);
          wrong.length = 0;
          await page.goto(demo.origin + path);
          await settled(page);
          await page.screenshot({ path: join(pictures, `${name}-${size}-${scheme}.png`) });
          assert.deepEqual(wrong, []);
          assert.equal(await scrollsSideways(page), false, 'scrolls sideways');
          if (size === 'wide') assert.deepEqual(await violations(page), []);
        });
      }
      for (const { context } of windows.values()) await context.close();
    });
  }
}
