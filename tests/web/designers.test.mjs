// Calendars and service levels as an administrator designs them: with the pointer, and by keyboard alone.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test as journey } from 'node:test';
import { launchBrowser, openWindow, settled } from './browser.mjs';
import { root, startDemo } from './server.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await demo.stop();
});

function test(name, run) {
  journey(name, async () => {
    const { page, wrong, context } = await openWindow(browser, demo.origin, { email: 'admin@example.com' });
    const list = async (path) => (await (await context.request.get(`${demo.origin}/v1/${path}`)).json()).data;
    const open = async (path) => { await page.goto(demo.origin + path); await settled(page); };
    try {
      await run({ page, list, open });
      assert.deepEqual(wrong, []);
    } catch (error) {
      await page.screenshot({ path: join(root, 'build', 'screenshots', 'failed-designer.png') });
      throw error;
    } finally {
      await context.close();
    }
  });
}

const keys = async (page, ...names) => {
  for (const name of names) await page.keyboard.press(name);
};
const weekIs = (page, text) => page.waitForFunction(([wanted]) => [...document.querySelectorAll('input')].some((one) => one.value === wanted), [text]);
const calendarNamed = async (list, name) => (await list(`calendars?name=${encodeURIComponent(name)}`))[0];

test('a week is drawn, moved, resized, drawn over midnight', async ({ page, list, open }) => {
  await open(`/calendars/${(await calendarNamed(list, 'New York office')).id}`);
  const grid = await page.getByRole('group', { name: 'Week, drawn' }).locator('[class*=grid]').boundingBox();
  const at = (day, hour) => [grid.x + ((day + 0.5) * grid.width) / 7, grid.y + (hour / 24) * grid.height];
  const drag = async (from, to) => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
    await page.mouse.move(...to);
    await page.mouse.up();
  };
  await drag(at(5, 10), at(5, 14));
  await weekIs(page, 'mon-fri 09:00-17:00; sat 10:00-14:00');
  await drag(at(5, 12), at(6, 13));
  await weekIs(page, 'mon-fri 09:00-17:00; sun 11:00-15:00');
  await drag(at(6, 14.9), at(6, 18));
  await weekIs(page, 'mon-fri 09:00-17:00; sun 11:00-18:00');
  await drag(at(4, 22), at(5, 4));
  await weekIs(page, 'mon-thu 09:00-17:00; fri 09:00-17:00,22:00-04:00; sun 11:00-18:00');
  await page.getByRole('button', { name: 'Discard' }).click();
  await weekIs(page, 'mon-fri 09:00-17:00');
});

test('by keyboard: hours change, what moves is shown, and is moved', async ({ page, list, open }) => {
  const calendar = await calendarNamed(list, 'Berlin office');
  await open(`/calendars/${calendar.id}`);
  const friday = page.locator('button[data-day="4"]');
  await friday.focus();
  await keys(page, 'Shift+ArrowDown', 'Shift+ArrowDown', 'ArrowRight');
  await weekIs(page, 'mon-thu 08:00-12:00,12:45-17:30; sat 08:00-15:30');
  await keys(page, 'ArrowLeft', 'Enter');
  await page.getByLabel('Opens').waitFor();
  await page.keyboard.type('08:30');
  await keys(page, 'Tab');
  await page.keyboard.type('16:00');
  await keys(page, 'Enter');
  await weekIs(page, 'mon-thu 08:00-12:00,12:45-17:30; fri 08:30-16:00');
  await keys(page, 'Control+Enter');
  const dialog = page.getByRole('dialog', { name: 'Open milestones that move' });
  await dialog.getByRole('row').nth(1).waitFor();
  await dialog.getByRole('button', { name: /Move \d+ milestones?/ }).press('Enter');
  await page.getByText(/cases? (was|were) counted anew/).waitFor();
  const [after] = await list('calendars?name=Berlin%20office');
  assert.equal(after.revision, calendar.revision + 1);
  assert.equal(after.week_text, 'mon-thu 08:00-12:00,12:45-17:30; fri 08:30-16:00');
});

test('the week is typed, and a fault is told where it is', async ({ page, list, open }) => {
  await open(`/calendars/${(await calendarNamed(list, 'Tokyo office')).id}`);
  await page.getByLabel('The week as text').fill('mon-fri 09:00-25:00');
  await page.getByText('no time of day: “25:00”').waitFor();
  await page.getByLabel('The week as text').fill('mon-fri 9:00-12:00, 13:00-17:00');
  await page.getByRole('button', { name: 'Friday 13:00–17:00, 4 h' }).waitFor();
  await page.reload();
  await settled(page);
  await weekIs(page, 'mon-fri 09:00-12:00,13:00-17:00'); // the draft outlives a reload
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('holidays: a rule with its dates, a day chosen in the year, hours from a date on', async ({ page, list, open }) => {
  const { id } = await calendarNamed(list, 'Tokyo office');
  await open(`/calendars/${id}?tab=holidays`);
  await page.getByRole('button', { name: 'Add holiday' }).press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('Thanksgiving');
  await page.getByText('Weekday', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Which' }).click();
  await page.getByRole('option', { name: 'Fourth', exact: true }).click();
  await page.getByRole('combobox', { name: 'Day of the week' }).click();
  await page.getByRole('option', { name: 'Thursday' }).click();
  await page.getByRole('combobox', { name: 'Month' }).click();
  await page.getByRole('option', { name: 'November' }).click();
  await page.getByText(/Next: .*Thu.* Nov/).waitFor();
  await page.getByRole('button', { name: 'Keep' }).press('Enter');
  await page.getByText('Fourth Thursday of November').waitFor();
  const day = page.locator('[data-date$="-06-15"]');
  await day.focus();
  await keys(page, 'ArrowRight', 'Enter');
  await page.getByRole('dialog', { name: /16 Jun/ }).waitFor();
  await page.getByText('Other hours', { exact: true }).last().click();
  await page.getByLabel(/^Hours, such as/).fill('10:00-12:00');
  await keys(page, 'Enter');
  await page.locator('[data-date$="-06-16"][data-kind="exception"]').waitFor();
  await page.getByRole('button', { name: 'Change from a date' }).press('Enter');
  await page.getByLabel('From', { exact: false }).and(page.locator('input')).fill('2030-04-01');
  await page.getByLabel('Name').fill('Summer hours');
  await keys(page, 'Enter');
  await page.getByText('From 1 Apr 2030 · Summer hours').waitFor();
  await keys(page, 'Control+Enter');
  await page.getByText('Tokyo office was saved').waitFor();
  const [saved] = await list('calendars?name=Tokyo%20office');
  assert.deepEqual(saved.holidays, [{ date: '*-11-thu4', name: 'Thanksgiving' }]);
  assert.equal(Object.values(saved.exceptions)[0][0][1], '12:00');
  assert.deepEqual(saved.versions.map((one) => [one.effective_from, one.name]), [['2030-04-01', 'Summer hours']]);
});

test('when is it due, and how that was counted', async ({ page, list, open }) => {
  await open(`/calendars/${(await calendarNamed(list, 'New York office')).id}`);
  await page.getByLabel('Start').fill('2027-02-05T15:00');
  await page.getByLabel('Time allowed').fill('5h');
  await page.getByText('Mon, 8 Feb 2027, 12:00').waitFor();
  assert.match(await page.getByRole('table', { name: 'How it was counted' }).textContent(), /15:00–17:002 h.*09:00–12:003 h/);
  await page.getByText('Between', { exact: true }).click();
  await page.getByLabel('End').fill('2027-02-09T10:00');
  await page.getByText('11 h', { exact: true }).waitFor();
});

test('an .ics file is looked at, then imported', async ({ page, list, open }) => {
  const [set] = await list('holiday_sets?name=Germany');
  await open(`/holiday_sets/${set.id}`);
  const ics = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//t//t//EN',
    'BEGIN:VEVENT', 'UID:1', 'DTSTART;VALUE=DATE:20270920', 'SUMMARY:Founding day', 'RRULE:FREQ=YEARLY', 'END:VEVENT',
    'BEGIN:VEVENT', 'UID:2', 'DTSTART;VALUE=DATE:20270921', 'SUMMARY:Picnic', 'STATUS:CANCELLED', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
  await page.getByRole('button', { name: 'Import .ics' }).click();
  await page.locator('input[type=file]').setInputFiles({ name: 'days.ics', mimeType: 'text/calendar', buffer: Buffer.from(ics) });
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByText('every 20 September').waitFor();
  await page.getByText('Picnic').waitFor();
  assert.equal((await list('holiday_sets?name=Germany'))[0].holidays.length, set.holidays.length);
  await page.getByRole('button', { name: 'Import 1 holiday' }).click();
  await page.getByText('1 holiday was added').waitFor();
  await page.getByText('Founding day').waitFor();
});
