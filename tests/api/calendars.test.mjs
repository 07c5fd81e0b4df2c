// Calendars: one notation, merge patches, revisions, versions, questions.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from './harness.mjs';

const server = await startServer();
const { client } = server;
after(() => server.stop());

// A request that may be refused.
const send = (path, body) => client.request('POST', path, { body });

const WEEK = { mon: [['09:00', '17:00']], tue: [['09:00', '17:00']], wed: [['09:00', '17:00']] };

async function make(body) {
  const reply = await client.post('/v1/calendars', { time_zone: 'Europe/Berlin', week: WEEK, ...body });
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  return reply;
}

test('a patch is laid over the hours, and the version is guarded', async () => {
  const made = await make({ name: 'Patched', holidays: ['*-12-25', { date: '*-12-24', from: '12:00', name: 'Eve' }] });
  const path = `/v1/calendars/${made.body.id}`;
  assert.equal(made.body.week_text, 'mon-wed 09:00-17:00');
  const patch = { week: { wed: null, sat: [['10:00', '14:00']] }, exceptions: { '2026-12-31': [] } };
  const reply = await client.send('PATCH', path, { body: patch, headers: { 'if-match': made.headers.etag } });
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.body.week, { mon: WEEK.mon, tue: WEEK.tue, sat: [['10:00', '14:00']] });
  assert.deepEqual(reply.body.holidays, made.body.holidays);
  assert.equal(reply.body.revision, 2);
  const late = await client.send('PATCH', path, { body: patch, headers: { 'if-match': made.headers.etag } });
  assert.equal(late.status, 412);
  const back = await client.send('PATCH', path, { body: reply.body });
  assert.equal(back.headers.etag, reply.headers.etag, 'what was read can be sent back');
});

test('every fault is told with its place', async () => {
  const reply = await send('/v1/calendars', {
    name: 'Bad',
    time_zone: 'Europe/Nowhere',
    week: { mon: [['9', '17']], funday: [] },
    versions: [{ effective_from: '2027-01-01', breaks: { x: [] } }],
  });
  assert.equal(reply.status, 422);
  assert.deepEqual(
    reply.body.errors.map(({ pointer, code }) => `${pointer} ${code}`).sort(),
    [
      '#/time_zone unknown_value',
      '#/versions/0/breaks/x format',
      '#/week/funday unknown_field',
      '#/week/mon/0 format',
    ],
  );
  const never = await send('/v1/calendars', { name: 'Never', time_zone: 'UTC', week: 'closed' });
  assert.equal(never.body.code, 'never_opens');
});

test('holiday sets reach the calendars that use them', async () => {
  const set = await client.post('/v1/holiday_sets', { name: 'Germany', holidays: ['*-10-03'] });
  const made = await make({ name: 'With set', holiday_sets: [set.body.id] });
  const used = await client.request('DELETE', `/v1/holiday_sets/${set.body.id}`);
  assert.equal(used.status, 409);
  assert.equal(used.body.code, 'in_use');
  await client.request('PATCH', `/v1/holiday_sets/${set.body.id}`, { body: { holidays: ['*-10-03', 'easter+1'] } });
  const now = await client.get(`/v1/calendars/${made.body.id}`);
  assert.equal(now.body.revision, 2);
  const list = await client.get(`/v1/calendar_revisions?calendar_id=${made.body.id}&sort=revision`);
  assert.deepEqual(list.body.data.map((one) => one.definition.holidays), [['*-10-03'], ['*-10-03', 'easter+1']]);
});

test('questions are answered as `entitled eval` does', async () => {
  const made = await make({ name: 'Asked' });
  const path = `/v1/calendars/${made.body.id}/calculate`;
  const ask = async (body) => (await client.post(path, body)).body;
  const rows = [
    [{ op: 'add', start: '2026-03-25T16:00:00', seconds: 7200 }, { time: '2026-03-30T10:00:00' }],
    [{ op: 'subtract', start: '2026-03-30T10:00:00', seconds: 7200 }, { time: '2026-03-25T16:00:00' }],
    [{ op: 'between', from: '2026-03-23', to: '2026-03-30' }, { seconds: 86400 }],
    [{ op: 'is_open', at: '2026-03-25T16:00:00Z' }, { open: false }],
    [{ op: 'next_open', at: '2026-03-25T16:00:00Z' }, { time: '2026-03-30T07:00:00Z' }],
    [{ op: 'add_days', start: '2026-03-25T10:00:00', days: 1 }, { time: '2026-03-30T10:00:00' }],
    [{ op: 'week' }, { week: 'mon-wed 09:00-17:00' }],
  ];
  for (const [body, want] of rows) {
    assert.deepEqual(await ask(body), want, JSON.stringify(body));
  }
  await client.request('PATCH', `/v1/calendars/${made.body.id}`, { body: { week: { wed: null } } });
  const start = '2026-03-25T09:00:00';
  assert.deepEqual(await ask({ op: 'add', start, seconds: 60, revision: 1 }), { time: '2026-03-25T09:01:00' });
  assert.deepEqual(await ask({ op: 'add', start, seconds: 60 }), { time: '2026-03-30T09:01:00' });
  const bad = await send(path, { op: 'add', at: 'now', revision: 0 });
  assert.deepEqual(bad.body.errors.map(({ pointer }) => pointer).sort(), ['#/at', '#/revision', '#/seconds', '#/start']);
  assert.equal((await send(path, { op: 'guess' })).body.errors[0].pointer, '#/op');
  assert.equal((await send(path, { op: 'week', revision: 9 })).status, 404);
});

const ICS = `BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
SUMMARY:Christmas
DTSTART;VALUE=DATE:20201225
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Moving house
DTSTART;TZID=America/New_York:20260601T090000
DTEND;TZID=America/New_York:20260601T120000
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:Gone
DTSTART;VALUE=DATE:20260701
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
`.replaceAll('\n', '\r\n');

test('iCalendar is imported, told, exported, and read back the same', async () => {
  const set = (await client.post('/v1/holiday_sets', { name: 'Imported', holidays: ['easter-2'] })).body;
  const path = `/v1/holiday_sets/${set.id}`;
  const body = { ics: ICS, time_zone: 'Europe/Berlin' };
  const dry = (await client.post(`${path}/import`, { ...body, dry_run: true })).body;
  assert.deepEqual(dry.skipped, [{ name: 'Gone', reason: 'it was cancelled' }]);
  assert.deepEqual([dry.event_count, dry.added_count, dry.skipped_count], [3, 2, 1]);
  assert.deepEqual((await client.get(path)).body.holidays, ['easter-2']);
  const wanted = [
    'easter-2',
    { date: '*-12-25', name: 'Christmas' },
    { date: '2026-06-01', from: '15:00', to: '18:00', name: 'Moving house' },
  ];
  const made = (await client.post(`${path}/import`, body)).body;
  assert.deepEqual(made.holidays, wanted);
  assert.deepEqual((await client.get(path)).body.holidays, wanted);
  const again = (await client.post(`${path}/import`, body)).body;
  assert.equal(again.added_count, 0);
  assert.deepEqual(again.holidays, wanted);
  const { bytes: ics, headers } = await client.request('GET', `${path}/ics`);
  assert.match(headers['content-type'], /^text\/calendar/);
  const other = (await client.post('/v1/holiday_sets', { name: 'Copied' })).body;
  const copied = await client.post(`/v1/holiday_sets/${other.id}/import`, { ics: String(ics), replace: true });
  assert.deepEqual(copied.body.holidays, wanted);
  const calendar = await make({ name: 'Exported', holidays: ['*-05-01'], holiday_sets: [set.id] });
  const whole = await client.request('GET', `/v1/calendars/${calendar.body.id}/ics`);
  assert.match(String(whole.bytes), /BYMONTH=5;BYMONTHDAY=1\r\n/);
  assert.match(String(whole.bytes), /SUMMARY:Christmas\r\n/);
  assert.equal((await send(`${path}/import`, { ics: 'hello' })).body.code, 'syntax');
});

test('an iCalendar file is taken as it is, where one is wanted', async () => {
  const set = (await client.post('/v1/holiday_sets', { name: 'Sent as a file' })).body;
  const path = `/v1/holiday_sets/${set.id}`;
  const as = (type) => ({ headers: { 'content-type': type } });
  const raw = (to, body, options) =>
    client.request('POST', to, { body: Buffer.from(body), ...options });
  const made = await raw(`${path}/import`, ICS, { ...as('text/calendar; charset=utf-8'), status: 200 });
  assert.deepEqual([made.body.event_count, made.body.added_count, made.body.skipped_count], [3, 2, 1]);
  assert.equal((await raw(`${path}/import`, 'hello', as('text/calendar'))).body.code, 'syntax');
  const bytes = Buffer.from(ICS.replace('Moving', 'Mo\xffving'), 'latin1');
  const odd = await client.request('POST', `${path}/import`, { body: bytes, ...as('text/calendar') });
  assert.equal(odd.body.code, 'syntax');
  const other = await raw(`${path}/import`, ICS, { ...as('text/plain'), status: 415 });
  assert.equal(other.headers['accept-post'], 'application/json, text/calendar');
  await raw('/v1/holiday_sets', ICS, { ...as('text/calendar'), status: 415 });
});
