// Calendars and service levels as an administrator designs them: with the pointer, and by keyboard alone.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test as journey } from 'node:test';
import { launchBrowser, openWindow, settled, violations } from './browser.mjs';
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
      assert.deepEqual(wrong.filter((one) => !/status of 4[12]2/.test(one)), []); // the browser tells of refusals
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

test('an administrator by keyboard alone: calendar with holidays, policy, simulate, publish', async ({ page, list, open }) => {
  const choose = async (label, text) => {
    const box = page.getByRole('combobox', { name: label });
    await box.focus();
    await keys(page, 'Enter');
    await page.getByRole('option', { name: text, exact: true }).waitFor();
    for (let i = 0; i < 12 && !(await page.locator('[data-combobox-selected]').allTextContents()).includes(text); i++) await keys(page, 'ArrowDown');
    await keys(page, 'Enter');
  };
  const press = (name, role = 'button') => page.getByRole(role, { name, exact: true }).press('Enter');

  await open('/calendars/new');
  await page.getByRole('textbox', { name: 'Name' }).focus();
  await page.keyboard.type('Lisbon office');
  await page.getByRole('textbox', { name: 'Time zone' }).or(page.getByRole('combobox', { name: 'Time zone' })).first().focus();
  await page.keyboard.type('Europe/Lisbon');
  await page.getByRole('option', { name: 'Europe/Lisbon' }).waitFor();
  await keys(page, 'ArrowDown', 'Enter');
  await page.getByRole('textbox', { name: 'Week' }).focus();
  await page.keyboard.type('mon-fri 09:00-18:00');
  await keys(page, 'Control+Enter');
  await page.getByRole('heading', { name: 'Lisbon office' }).waitFor();
  await settled(page);
  await page.locator('button[data-day="4"]').focus();
  await keys(page, 'Shift+ArrowUp', 'Shift+ArrowUp', 'Shift+ArrowUp', 'Shift+ArrowUp');
  await weekIs(page, 'mon-thu 09:00-18:00; fri 09:00-17:00');
  await page.getByRole('tab', { name: 'Holidays' }).press('Enter');
  await press('Add holiday');
  await page.getByRole('dialog').waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  await page.keyboard.type('Christmas');
  await keys(page, 'Tab', 'ArrowRight');
  await page.getByLabel('Day', { exact: true }).fill('25');
  await choose('Month', 'December');
  await press('Keep');
  await page.getByText('every 25 December').waitFor();
  await keys(page, 'Control+Enter');
  await page.getByText('Lisbon office was saved').waitFor();

  await open('/sla_policies/new');
  await page.getByRole('textbox', { name: 'Name' }).focus();
  await page.keyboard.type('Atlantic support');
  await keys(page, 'Control+Enter');
  await page.getByRole('heading', { name: 'Atlantic support' }).waitFor();
  await press('Design the first version');
  await press('First answer');
  await page.getByRole('dialog').waitFor();
  await page.getByLabel('Target for critical, any tier').focus();
  await page.keyboard.type('30m');
  await keys(page, 'Tab');
  await page.keyboard.type('2h');
  await page.getByLabel('Only for cases of which this holds').focus();
  await page.keyboard.type('chanel = "email"');
  await page.getByText('at 1: case has no field chanel; did you mean channel?').waitFor();
  await keys(page, 'Control+a');
  await page.keyboard.type('channel = "email"');
  await page.getByText('Reads channel').waitFor();
  await press('Add step');
  await page.getByRole('button', { name: /^30m before/ }).waitFor();
  await press('Done');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: 'Calendar' }).or(page.getByRole('textbox', { name: 'Calendar' })).first().focus();
  await page.route(/calendars\?.*q=Lisbon/, async (route) => { // the tab is pressed before the answer is there
    await new Promise((done) => setTimeout(done, 500));
    await route.continue();
  });
  await page.keyboard.type('Lisbon');
  await page.getByRole('option', { name: /Lisbon office/ }).waitFor();
  await keys(page, 'Enter');
  await page.getByRole('tab', { name: 'Simulate' }).press('Enter');
  await page.getByText(/2 h business time \(Lisbon office\)/).first().waitFor();
  assert.ok((await page.getByRole('img', { name: /Time line/ }).locator('rect').count()) > 0);
  await keys(page, 'Control+Enter');
  await page.getByText('Version 1 was saved').waitFor();
  await press('Publish');
  await page.getByText('Version 1 is in force').waitFor();
  const [policy] = await list('sla_policies?name=Atlantic%20support');
  const [version] = await list(`sla_policy_versions?sla_policy_id=${policy.id}`);
  assert.equal(policy.default_version_id, version.id);
  assert.deepEqual(version.rules[0].targets, [{ priority: ['critical'], target: 'PT30M' }, { priority: ['high'], target: 'PT2H' }]);
  assert.deepEqual([version.rules[0].criteria, version.rules[0].actions[0].at], ['channel = "email"', '-PT30M']);
  const calendar = await calendarNamed(list, 'Lisbon office');
  assert.deepEqual([calendar.week_text, calendar.holidays, version.calendar_id], ['mon-thu 09:00-18:00; fri 09:00-17:00', [{ date: '*-12-25', name: 'Christmas' }], calendar.id]);
});

test('a frozen version is copied, changed, compared', async ({ page, list, open }) => {
  const [policy] = await list('sla_policies?name=Premium%20support');
  await open(`/sla_policies/${policy.id}`);
  await page.getByText('its rules never change').waitFor();
  await page.getByRole('button', { name: 'New version' }).click();
  await page.getByRole('button', { name: 'Version 2' }).waitFor();
  await page.getByRole('button', { name: 'Solution' }).click();
  await page.getByRole('button', { name: 'Add tier' }).click();
  await page.getByLabel('Tier of the account').fill('gold');
  await page.keyboard.press('Enter');
  await page.getByLabel('Target for high, gold').fill('1d');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('tab', { name: 'Compare' }).click();
  await page.getByRole('cell', { name: 'gold high 1d' }).waitFor();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Version 2 was saved').waitFor();
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('button', { name: 'Solution' }).click();
  await page.getByLabel('Unless the grid says otherwise').fill('');
  await page.getByLabel('Target for critical, any tier').fill('');
  await page.getByLabel('Target for high, any tier').fill('');
  await page.getByLabel('Target for high, gold').fill('');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText(/Solution\/target: give the time allowed/).waitFor(); // the server's refusal, at its rule
  await page.getByText('1 fault', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('a case tells how each deadline is counted, on its cards, in its time line and beside it', async ({ page, list, open }) => {
  const [milestone] = await list('milestones?state=paused&limit=1');
  await open(`/cases/${milestone.case_id}`);
  await page.getByText(/min business time used|min used/).first().waitFor();
  await page.getByText(/; paused with .* left/).first().waitFor();
  await page.getByRole('button', { name: `${milestone.name}: How is this counted?` }).first().press('Enter');
  const panel = page.getByRole('dialog', { name: `How ${milestone.name} is counted` });
  await panel.getByRole('row', { name: /^Remaining/ }).waitFor();
  await panel.getByText(/; paused with .* left/).first().waitFor();
  await panel.getByRole('img', { name: /Time line/ }).waitFor();
  await keys(page, 'Escape');
  await panel.waitFor({ state: 'detached' });
});

// Somebody else saves what is open here.
async function meanwhile(page, path, data) {
  const { csrf_token: csrf } = await (await page.context().request.get(`${demo.origin}/v1/session`)).json();
  const reply = await page.context().request.patch(`${demo.origin}/v1/${path}`, { data, headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/merge-patch+json' } });
  assert.equal(reply.status(), 200, await reply.text());
}

test('two people change a calendar: each part is chosen, what only one changed stays', async ({ page, list, open }) => {
  const calendar = await calendarNamed(list, 'New York office');
  await open(`/calendars/${calendar.id}`);
  await page.getByLabel('The week as text').focus();
  await keys(page, 'Control+a');
  await page.keyboard.type('mon 08:00-16:00; tue-fri 09:00-17:00; sat 10:00-12:00');
  await meanwhile(page, `calendars/${calendar.id}`, { week: 'mon 10:00-18:00; tue-fri 09:00-17:00', exceptions: { '2027-03-17': [] } });
  await keys(page, 'Control+Enter');
  const dialog = page.getByRole('dialog', { name: 'Somebody else changed this in the meantime' });
  const monday = dialog.getByRole('radiogroup', { name: 'Monday' });
  await monday.getByText('08:00–16:00').waitFor();
  await dialog.getByText('Saturday').waitFor();
  await dialog.getByText('Other hours on 17 Mar 2027').waitFor();
  assert.deepEqual(await violations(page), []);
  await monday.getByRole('radio', { name: /^Theirs/ }).focus();
  await keys(page, 'Space');
  await dialog.getByRole('button', { name: 'Save this' }).press('Enter');
  await page.getByText(/New York office is saved|was saved|saved/).first().waitFor();
  await dialog.waitFor({ state: 'detached' });
  const after = await calendarNamed(list, 'New York office');
  assert.equal(after.week_text, 'mon 10:00-18:00; tue-fri 09:00-17:00; sat 10:00-12:00');
  assert.deepEqual(after.exceptions['2027-03-17'], []);
});

test('two people change a draft of a service level: its rules are put together', async ({ page, list, open }) => {
  const [policy] = await list('sla_policies?name=Premium%20support');
  await open(`/sla_policies/${policy.id}`);
  await page.getByRole('button', { name: 'New version' }).press('Enter');
  await page.getByText('Draft', { exact: true }).first().waitFor();
  await settled(page);
  const [draft] = await list(`sla_policy_versions?sla_policy_id=${policy.id}&sort=-number&limit=1`);
  await page.getByRole('button', { name: draft.rules[0].name }).first().press('Enter');
  await page.getByRole('dialog').waitFor();
  const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
  await page.getByRole('dialog').getByRole('textbox', { name: 'Only for cases of which this holds' }).fill("priority = 'high'");
  await keys(page, 'Escape');
  await name.waitFor({ state: 'detached' });
  await meanwhile(page, `sla_policy_versions/${draft.id}`, { rules: draft.rules.map((rule, i) => (i === 0 ? { ...rule, criteria: "priority = 'critical'", warn_percent: 60 } : rule)) });
  await keys(page, 'Control+Enter');
  const dialog = page.getByRole('dialog', { name: 'Somebody else changed this in the meantime' });
  await dialog.getByText("priority = 'critical'").waitFor();
  await dialog.getByRole('button', { name: 'Save this' }).press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await settled(page);
  const [after] = await list(`sla_policy_versions?id=${draft.id}`);
  assert.equal(after.rules[0].criteria, "priority = 'high'");
  assert.equal(after.rules[0].warn_percent, 60);
});
