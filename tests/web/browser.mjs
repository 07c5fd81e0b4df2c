// Debian's Chromium on the workspace. Whatever goes wrong unseen (an error in the console,
// a refusal by the content security policy, a request to another host) is written down.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './server.mjs';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--hide-scrollbars', '--force-color-profile=srgb'];

export const password = 'entitled demo';

// Without the windows around the page, where it is there: a quarter less work for the processor.
const programs = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

export function launchBrowser() {
  return chromium.launch({ executablePath: process.env.ENT_CHROMIUM || programs.find(existsSync), args: flags });
}

function watch(page, origin, wrong) {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => wrong.push(`error: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== origin) wrong.push(`request to ${url.origin}`);
  });
}

// { page, context, wrong }: a window of its own, at the sign-in page or signed in as `email`.
// ENT_SLOW=5: on a machine that is so many times slower.
export async function openWindow(browser, origin, { email, scheme = 'light', width = 1440, height = 900, scale = 1 } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: scheme, deviceScaleFactor: scale, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce',
  });
  await context.addInitScript(([name, signedIn]) => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
    localStorage.setItem('entitled.scheme', name);
    if (signedIn) localStorage.setItem('entitled.signed_in', 'yes');
  }, [scheme, Boolean(email)]);
  const wrong = [];
  if (email) {
    const reply = await context.request.post(`${origin}/v1/session`, { data: { email, password } });
    if (!reply.ok()) throw new Error(`sign in as ${email}: ${reply.status()} ${await reply.text()}`);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  watch(page, origin, wrong);
  count(page);
  if (process.env.ENT_SLOW) await slow(page, Number(process.env.ENT_SLOW));
  return { page, context, wrong };
}

// As many times slower than it is, as on a busy machine.
export async function slow(page, times) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: times });
}

// Requests under way, so that a test need not wait for a fixed time.
const underWay = new WeakMap();

function count(page) {
  underWay.set(page, new Set());
  page.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') underWay.get(page).add(request); // that has no end
  });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => underWay.get(page).delete(request));
}

// The page is drawn, nothing is asked for, no skeleton is left.
export async function settled(page) {
  const quiet = () => page.evaluate(() => document.querySelector('main') !== null && document.querySelector('main [role="status"][aria-label]') === null);
  const end = Date.now() + 30_000;
  for (let calm = 0; calm < 2;) {
    if (Date.now() > end) throw new Error(`still loading: ${[...underWay.get(page)].map((request) => request.url()).join(', ')}`);
    await new Promise((done) => setTimeout(done, 30));
    calm = underWay.get(page).size === 0 && (await quiet()) ? calm + 1 : 0;
  }
  await page.evaluate(() => document.fonts.ready);
}

// Goes there as a link does, without loading everything again.
export async function follow(page, address) {
  if (page.url() === 'about:blank') await page.goto(address);
  else {
    await page.evaluate(async (to) => {
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
      for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame); // what is there is of the new page
    }, address);
  }
  await settled(page);
}

// What the page looks like, in build/screenshots, where pictures are asked for: ENT_PICTURES=light, or all (also in the dark).
export const all = process.env.ENT_PICTURES === 'all';

export async function picture(page, name, options = {}) {
  if (process.env.ENT_PICTURES && (all || !name.endsWith('-dark'))) await page.screenshot({ path: join(root, 'build', 'screenshots', `${name}.png`), ...options });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] };

// What axe finds, a line a rule; `colours`: of what depends on them alone.
export async function violations(page, { colours = false } = {}) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const options = colours ? { ...rules, runOnly: { type: 'rule', values: ['color-contrast'] } } : rules;
  const found = await page.evaluate((asked) => window.axe.run(document, asked), options);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.failureSummary.split('\n')[1] ?? ''}`).join(' | ')}`);
}

// What is there, in the colours of the night, until the next page is loaded.
export function darken(page) {
  return page.evaluate(() => {
    const still = new CSSStyleSheet(); // a colour on its way, however short that is, would be that of the day
    still.replaceSync('*, ::before, ::after { transition: none !important }');
    document.adoptedStyleSheets.push(still);
    document.documentElement.setAttribute('data-mantine-color-scheme', 'dark');
  });
}
