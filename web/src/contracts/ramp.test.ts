import { expect, test } from 'vitest';
import type { Json, Row } from '@/api/records';
import { addMonths, monthsOf, raised, stepsOf, tiles } from './ramp';

const euros = (amount: string) => ({ amount, currency: 'EUR' });
const line = (more: Record<string, Json>): Row => ({
  object: 'contract_line', id: 'l', quantity: '10', unit_price: euros('100'), starts_on: '2025-01-01', ends_on: '2027-12-31',
  ramp_percent: '10', ramp_increase: 'compound', ramp_segments: [], ...more,
});
const prices = (row: Row) => stepsOf(row).map((step) => step.price?.toFixed(2));

test.each([
  ['2025-01-31', 1, '2025-02-28'], ['2024-01-31', 1, '2024-02-29'], ['2025-03-15', 12, '2026-03-15'], ['2025-11-30', 3, '2026-02-28'],
])('%s and %d months', (from, months, expected) => expect(addMonths(from, months)).toBe(expected));

test('a yearly ramp compounds', () => expect(prices(line({ ramp: 'yearly' }))).toEqual(['100.00', '110.00', '121.00']));
test('or is simple', () => expect(prices(line({ ramp: 'yearly', ramp_increase: 'simple' }))).toEqual(['100.00', '110.00', '120.00']));
test('a quarterly one is raised once a year', () => expect(prices(line({ ramp: 'quarterly', ends_on: '2026-06-30' }))).toEqual(['100.00', '100.00', '100.00', '100.00', '110.00', '110.00']));
test('where the steps do not fit, the first one is shorter, and not raised sooner', () => {
  expect(tiles('2025-01-01', '2027-06-30', 12)).toEqual([{ from: '2025-01-01', to: '2025-06-30' }, { from: '2025-07-01', to: '2026-06-30' }, { from: '2026-07-01', to: '2027-06-30' }]);
  expect(prices(line({ ramp: 'yearly', ends_on: '2027-06-30' }))).toEqual(['100.00', '100.00', '110.00']);
});
test('a term of days is counted from its end', () => expect(tiles('2025-01-15', '2026-03-31', 12)).toEqual([{ from: '2025-01-15', to: '2025-03-31' }, { from: '2025-04-01', to: '2026-03-31' }]));
test('a step that is special takes the place of what follows', () =>
  expect(prices(line({ ramp: 'yearly', ramp_segments: [{ id: '1', starts_on: '2026-01-01', unit_price: euros('105') }] as Json[] }))).toEqual(['100.00', '105.00', '121.00']));
test.each([
  ['percent', 'compound', 121], ['percent', 'simple', 120], ['amount', 'simple', 120],
] as const)('raised by %s, %s', (by, increase, expected) => expect(raised(100, '2025-01-01', '2027-01-01', { by, value: 10, increase })).toBeCloseTo(expected));
test('months of a step', () => {
  expect(monthsOf({ from: '2025-01-01', to: '2025-06-30' })).toEqual({ months: 6, whole: true });
  expect(monthsOf({ from: '2025-01-01', to: '2025-02-14' })).toEqual({ months: 1.5, whole: false });
});
test('nor one without an end or a price', () => {
  expect(stepsOf(line({ ramp: 'yearly', ends_on: null }))).toEqual([]);
  expect(stepsOf(line({ ramp: 'yearly', unit_price: null }))).toEqual([]);
});
test('a custom ramp is as given', () => {
  const segments: Json[] = [{ id: '1', starts_on: '2025-01-01', ends_on: '2025-12-31', quantity: '5' }, { id: '2', starts_on: '2026-01-01', percent: '20' }, { id: '3', starts_on: '2027-01-01', unit_price: euros('130') }];
  expect(stepsOf(line({ ramp: 'custom', ramp_segments: segments }))).toEqual([
    { from: '2025-01-01', to: '2025-12-31', quantity: 5, price: 100 },
    { from: '2026-01-01', to: '2026-12-31', quantity: 10, price: 120 },
    { from: '2027-01-01', to: '2027-12-31', quantity: 10, price: 130 },
  ]);
});
