import { beforeAll, describe, expect, test } from 'vitest';
import { ago, dayOf, daysBetween, duration, instant, minutes, money, setZone, span, units } from './format';

beforeAll(() => setZone('Europe/Berlin'));

describe('spans of time', () => {
  test.each([
    [0, '0s'], [59, '59s'], [60, '1m'], [3661, '1h 1m'], [86_400, '1d'], [90_061, '1d 1h'], [-125, '2m 5s'],
  ])('%d seconds are %s', (seconds, text) => expect(span(seconds)).toBe(text));

  test.each([[0, '0 min'], [59, '59 min'], [60, '1 h'], [90, '1 h 30 min'], [-30, '−30 min'], [75_000, '1,250 h']])(
    '%d minutes are %s', (count, text) => expect(minutes(count)).toBe(text));

  test.each([['P1Y', '1 year'], ['P1Y6M', '1 year, 6 months'], ['P90D', '90 days'], ['PT4H', '4 hours'], ['soon', 'soon']])(
    '%s is %s', (iso, text) => expect(duration(iso)).toBe(text));
});

describe('points in time', () => {
  test('an instant is told in the zone of the person, also after the clocks went forward', () => {
    expect(instant('2026-01-15T23:30:00Z')).toContain('16 Jan 2026');
    expect(instant('2026-07-15T12:00:00Z')).toContain('14:00');
  });
  test('the day of an instant is that of the zone', () => expect(dayOf(new Date('2026-03-01T23:30:00Z'))).toBe('2026-03-02'));
  test('days between dates do not depend on summer time', () => expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2));
  test.each([['2026-01-01T00:00:00Z', 'just now'], ['2025-12-31T22:00:00Z', '2 hours ago'], ['2026-01-03T00:00:00Z', 'in 2 days']])(
    '%s is %s', (at, text) => expect(ago(at, Date.parse('2026-01-01T00:00:10Z') - 10_000)).toBe(text));
});

describe('amounts', () => {
  test('every digit of money is kept', () => {
    expect(money('2.50', 'EUR')).toBe('€2.50');
    expect(money('0.000125', 'EUR')).toBe('€0.000125');
    expect(money('9007199254740993.10', 'EUR')).toBe('€9,007,199,254,740,993.10');
  });
  test('minutes are hours, everything else is a number', () => expect([units(90, 'minutes'), units(1200, 'cases')]).toEqual(['1 h 30 min', '1,200']));
});
