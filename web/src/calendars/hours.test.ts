import { describe, expect, test } from 'vitest';
import { blocksOf, merged, parseAmount, parseWeek, weekOf, weekText } from './hours';

test.each([
  ['mon-fri 09:00-17:30', 'mon-fri 09:00-17:30'],
  ['Mon-Thu 9:00-12:00, 13:00-17:30; Fri 22:00-06:00', 'mon-thu 09:00-12:00,13:00-17:30; fri 22:00-06:00'],
  ['mon,wed,fri 09:00-12:00', 'mon 09:00-12:00; wed 09:00-12:00; fri 09:00-12:00'],
  ['sat-mon 10:00-12:00', 'mon 10:00-12:00; sat-sun 10:00-12:00'],
  ['monday-sunday 00:00-24:00', 'mon-sun 00:00-24:00'],
  ['mon 09:00-12:00,11:00-13:00,13:00-14:00', 'mon 09:00-14:00'],
  ['mon 09:00-09:00', 'mon 09:00-09:00'],
  ['mon 08:30:15-09:00', 'mon 08:30:15-09:00'],
  ['', 'closed'], ['closed', 'closed'], ['mon closed', 'closed'],
])('the week “%s” is %s', (typed, text) => {
  const parsed = parseWeek(typed);
  expect('week' in parsed && weekText(parsed.week)).toBe(text);
});

test.each([
  ['moon 09:00-17:00', 'day', 0], ['mon 09:00-17:60', 'time', 10], ['mon 9:60-17:00', 'time', 4], ['mon 09:00', 'hours', 4], ['mon', 'hours', 3],
  ['mon 09:00-10:00; mon 11:00-12:00', 'twice', 17], ['mon 24:00-06:00', 'time', 4], ['tue 9-17', 'time', 4],
])('the week “%s” is refused: %s at %d', (typed, fault, at) => {
  expect(parseWeek(typed)).toMatchObject({ fault, at });
});

describe('blocks', () => {
  test('are the week again', () => {
    const week = { mon: [['09:00', '12:00'], ['13:00', '24:00']], fri: [['22:00', '06:00']] } as const;
    expect(weekOf(blocksOf(week as never))).toEqual(week);
  });
  test('never last longer than a day', () => {
    expect(merged([{ day: 0, from: 600, to: 1800 }, { day: 0, from: 1000, to: 2300 }])).toEqual([{ day: 0, from: 600, to: 2040 }]);
  });
});

test.each([
  ['4h', { seconds: 14400 }], ['90m', { seconds: 5400 }], ['1h 30m', { seconds: 5400 }], ['2.5 hours', { seconds: 9000 }],
  ['3d', { days: 3 }], ['2 business days', { days: 2 }], ['4', null], ['soon', null], ['', null],
])('“%s” is an amount', (text, amount) => expect(parseAmount(text)).toEqual(amount));
