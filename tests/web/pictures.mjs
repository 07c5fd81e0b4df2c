// tests/web/pictures.mjs - the pictures of docs/images, of the demo as it is today: run it when pages look otherwise.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, openWindow, settled } from './browser.mjs';
import { root, startDemo } from './server.mjs';
import { findWorld, pagesOf } from './world.mjs';

// [file, name of the page, light or dark, width, height]
const shots = [
  ['desk', 'desk-covered', 'light', 1440, 900], ['case', 'case', 'light', 1440, 900], ['contract', 'contract', 'light', 1440, 900],
  ['renewals', 'renewals', 'light', 1440, 900], ['sla', 'sla-policy', 'light', 1440, 900], ['calendar', 'calendar', 'light', 1440, 900],
  ['dashboard', 'reports-contracts', 'light', 1440, 900], ['entitlement', 'entitlement', 'dark', 1440, 900], ['phone', 'contract', 'light', 390, 844],
];
const demo = await startDemo();
const browser = await launchBrowser();
const looker = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
const pages = pagesOf(await findWorld(looker.context, demo.origin));
const folder = join(root, 'docs', 'images');
mkdirSync(folder, { recursive: true });
for (const [file, name, scheme, width, height] of shots) {
  const [, who, path] = pages.find(([one]) => one === name);
  const { page, context } = await openWindow(browser, demo.origin, { email: `${who}@example.com`, scheme, width, height, scale: 1.25 });
  await page.goto(demo.origin + path);
  await settled(page);
  await page.mouse.click(width - 4, 4);
  const session = await context.newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
  writeFileSync(join(folder, `${file}.webp`), Buffer.from(data, 'base64'));
  console.log(`docs/images/${file}.webp: ${Math.round(data.length * 0.75 / 1000)} kB`);
  await context.close();
}
await browser.close();
await demo.stop();
