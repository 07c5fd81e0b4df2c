import { expect, test } from 'vitest';
import { beginOf, grouped, isDay, percent, sum, ticks, waterfall, yearTo } from './sums';

test('decimals are added exactly', () => {
  expect(sum(['0.1', '0.2'])).toBe('0.3');
  expect(sum(['9007199254740993.01', '-0.02'])).toBe('9007199254740992.99');
  expect(sum(['-0.50', '0.25'])).toBe('-0.25');
  expect(sum(['1411200', '-1411200'])).toBe('0');
  expect(sum([])).toBe('0');
});

test('a scale begins at zero, reaches what is drawn, and has round steps', () => {
  for (const most of [0.03, 1, 3, 7, 16, 99, 100, 363_428.9, 1_411_200]) {
    const scale = ticks(most);
    expect(scale[0]).toBe(0);
    expect(scale.at(-1)).toBeGreaterThanOrEqual(most);
    expect(scale.at(-2)).toBeLessThan(most);
    expect(scale.length).toBeLessThanOrEqual(6);
  }
  expect(ticks(3, 4, true)).toEqual([0, 1, 2, 3]);
  expect(ticks(0)).toEqual([0, 1]);
});

test('a waterfall goes from the first opening to the last closing, each step from where the one before ended', () => {
  const none = { new: '0', won_back: '0', upsell: '0', uplift: '0', downsell: '0', churn: '0' };
  const steps = waterfall([
    { ...none, opening: '100.10', new: '50.05', churn: '-30', closing: '120.15' },
    { ...none, opening: '120.15', upsell: '10', churn: '-0.15', closing: '130.00' },
  ]);
  expect(steps.map((step) => step.key)).toEqual(['opening', 'new', 'won_back', 'upsell', 'uplift', 'downsell', 'churn', 'closing']);
  expect(steps.find((step) => step.key === 'churn')).toMatchObject({ amount: '-30.15', from: 160.15, to: 130 });
  steps.slice(1, -1).forEach((step, i) => expect(step.from).toBe(steps[i]!.to));
  expect(steps.at(-2)!.to).toBe(steps.at(-1)!.to);
  expect(waterfall([])).toEqual([]);
});

test('shares, groups and days', () => {
  expect([percent(311, 378), percent(0, 4), percent(1, 0)]).toEqual([82.3, 0, null]);
  expect(grouped(['a', 'b', 'b'], (one) => one)).toEqual([{ key: 'b', rows: ['b', 'b'] }, { key: 'a', rows: ['a'] }]);
  expect([yearTo('2026-11-22'), yearTo('2025-02-28'), yearTo('2024-02-29'), yearTo('2026-12-31')]).toEqual(['2025-11-23', '2024-02-29', '2023-03-01', '2026-01-01']);
  expect([isDay('2026-02-28'), isDay('2026-02-30'), isDay('today'), isDay('')]).toEqual([true, false, false, false]);
});

test('a day begins where the person is, on days of change too', () => {
  expect(beginOf('2026-07-01', 'Europe/Berlin')).toBe('2026-06-30T22:00:00Z');
  expect(beginOf('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00Z');
  expect(beginOf('2026-10-25', 'America/New_York')).toBe('2026-10-25T04:00:00Z');
  expect(beginOf('2026-11-01', 'UTC')).toBe('2026-11-01T00:00:00Z');
});
