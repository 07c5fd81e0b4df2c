import { expect, test } from 'vitest';
import type { Json, Row } from '@/api/records';
import { draftOf, drawn, followed, sentOf, split, sumOf, withKind } from './rampDraft';

const euros = (amount: string) => ({ amount, currency: 'EUR' });
const line = (more: Record<string, Json> = {}): Row => ({
  object: 'contract_line', id: 'l', quantity: '10', unit_price: euros('100'), starts_on: '2025-01-01', ends_on: '2027-06-30', period: 'monthly',
  ramp: 'none', ramp_percent: null, ramp_increase: 'compound', ramp_segments: [], ...more,
});
const total = (draft: ReturnType<typeof draftOf>, of: Row) => drawn(draft, of).reduce((sum, step) => sum + sumOf(step, of).amount, 0);

test('generated: the worked example of docs/prices.md', () => {
  const one = line({ quantity: '1' });
  const draft = followed({ ...withKind(draftOf(one), 'yearly', one), value: '10' }, one);
  expect(draft.rows.map((row) => [row.from, row.price])).toEqual([['2025-01-01', '100'], ['2025-07-01', '100'], ['2026-07-01', '110']]);
  expect(total(draft, one)).toBeCloseTo(3120);
  expect(sentOf(draft, one, false)).toEqual({ ramp: 'yearly', ramp_percent: '10', ramp_increase: 'compound', ramp_segments: [] });
});

test('an amount makes custom steps', () => {
  const draft = followed({ ...withKind(draftOf(line()), 'yearly', line()), by: 'amount', value: '5' }, line());
  const sent = sentOf(draft, line(), false);
  expect(sent.ramp).toBe('custom');
  expect((sent.ramp_segments as Row[]).map((one) => (one.unit_price as { amount: string }).amount)).toEqual(['100', '100', '105']);
});

test('what was said by hand stays when the raise changes, and is sent as special', () => {
  const before = withKind(draftOf(line()), 'yearly', line());
  const own = { ...before, rows: before.rows.map((row, i) => (i === 1 ? { ...row, price: '99', own: true } : row)) };
  const draft = followed({ ...own, value: '20' }, line());
  expect(draft.rows.map((row) => row.price)).toEqual(['100', '99', '120']);
  expect(sentOf(draft, line(), false).ramp_segments).toEqual([
    { starts_on: '2025-01-01', ends_on: '2025-06-30' }, { starts_on: '2025-07-01', ends_on: '2026-06-30', quantity: '10', unit_price: euros('99') }, { starts_on: '2026-07-01', ends_on: '2027-06-30' },
  ]);
});

test('of a line in force only steps are sent', () => {
  const live = line({ ramp: 'yearly', ramp_percent: '10' });
  const draft = draftOf(live);
  draft.rows[2] = { ...draft.rows[2]!, quantity: '12', own: true };
  expect(sentOf(draft, live, true)).toEqual({ ramp_segments: [{ starts_on: '2025-01-01', ends_on: '2025-06-30' }, { starts_on: '2025-07-01', ends_on: '2026-06-30' }, { starts_on: '2026-07-01', ends_on: '2027-06-30', quantity: '12', unit_price: euros('110') }] });
});

test('a step in two, on a first of a month', () => {
  const custom = split(withKind(draftOf(line({ ends_on: '2025-12-31' })), 'custom', line({ ends_on: '2025-12-31' })), 0, line({ ends_on: '2025-12-31' }));
  expect(custom.rows.map((row) => row.from)).toEqual(['2025-01-01', '2025-07-01']);
});
