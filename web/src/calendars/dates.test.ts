import { expect, test } from 'vitest';
import { closedDays, easterOf, nextDays, planYear, ruleOf, ruleText, type Version } from './dates';

test.each([[2024, '2024-03-31'], [2025, '2025-04-20'], [2026, '2026-04-05'], [2038, '2038-04-25'], [1943, '1943-04-25'], [2285, '2285-03-22']])(
  'Easter of %d', (year, date) => expect(easterOf(year)).toBe(date));

test.each([
  ['2026-12-25', 2026, ['2026-12-25']], ['2026-12-25', 2027, []], ['*-12-25', 2030, ['2030-12-25']],
  ['*-02-29', 2027, []], ['*-02-29', 2028, ['2028-02-29']], ['*-11-thu4', 2026, ['2026-11-26']], ['*-05-mon-1', 2026, ['2026-05-25']],
  ['*-11-thu4+1', 2026, ['2026-11-27']], ['*-01-mon5', 2026, []], ['easter-2', 2026, ['2026-04-03']], ['easter+39', 2026, ['2026-05-14']],
])('%s in %d', (date, year, dates) => {
  expect(closedDays({ date }, year).map((one) => one.date)).toEqual(dates);
  expect(ruleText(ruleOf(date)!)).toBe(date);
});

test('days, times and ranges', () => {
  expect(closedDays({ date: '*-12-31', days: 2, from: '12:00', to: '10:00' }, 2027)).toEqual([
    { date: '2027-01-01', name: '', to: '10:00' }, { date: '2027-12-31', name: '', from: '12:00' }]);
  expect(closedDays({ from: '2026-12-24T12:00', to: '2027-01-01' }, 2026)).toHaveLength(8);
  expect(closedDays({ from: '2026-12-24', to: '2027-01-01', yearly: true }, 2030)).toHaveLength(9);
  expect(nextDays({ date: '*-11-thu4' }, '2026-11-27', 2)).toEqual(['2027-11-25', '2028-11-23']);
});

test('a day of a plan: exceptions before holidays, breaks before both, later hours from their date on', () => {
  const base: Version = { week: { mon: [['09:00', '17:00']] }, holidays: [{ date: '2026-11-23', name: 'A' }], exceptions: { '2026-11-30': [['10:00', '12:00']] }, breaks: { '2026-12-07': [['10:00', '11:00']] } };
  const later: Version = { effective_from: '2026-12-10', week: { tue: [['09:00', '17:00']] }, holidays: [], exceptions: {}, breaks: {} };
  const plan = planYear([base, later], [{ date: '*-11-30', name: 'B' }, { date: '*-12-15', from: '12:00' }], 2026);
  const kinds = ['2026-11-16', '2026-11-17', '2026-11-23', '2026-11-30', '2026-12-07', '2026-12-14', '2026-12-15'].map((date) => plan.get(date)!.kind);
  expect(kinds).toEqual(['open', 'off', 'holiday', 'exception', 'break', 'off', 'half']);
});
