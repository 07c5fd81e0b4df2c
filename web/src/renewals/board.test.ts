import { expect, test } from 'vitest';
import type { Json, Row } from '@/api/records';
import { addDays } from '@/contracts/ramp';
import { cardsOf, paramsOf, windows, worthOf } from './board';

const contract = (id: string, more: Record<string, Json> = {}): Row => ({ object: 'contract', id, ...more });

test('windows follow upon each other without a gap or an overlap', () => {
  const today = '2026-11-22';
  const spans = windows.map((window) => paramsOf(window, today));
  expect(spans[0]?.['ends_on[lt]']).toBe(today);
  expect(spans[1]?.['ends_on[gte]']).toBe(today);
  expect(spans.slice(2).map((span) => span['ends_on[gte]'])).toEqual(spans.slice(1, 3).map((span) => addDays(span['ends_on[lte]'] ?? '', 1)));
});

test('what is renewed leaves the board, a proposal stays on its card, a cancelled one does not', () => {
  const rows = ['a', 'b', 'c', 'd'].map((id) => contract(id));
  const successors = [contract('x', { renewed_from_id: 'a', stage: 'live', state: 'draft' }), contract('y', { renewed_from_id: 'b', stage: 'draft', state: 'draft' }),
    contract('z', { renewed_from_id: 'c', stage: 'cancelled', state: 'cancelled' })];
  const { cards, renewed } = cardsOf(rows, successors);
  expect(cards.map((card) => [card.row.id, card.successor?.id ?? null])).toEqual([['b', 'y'], ['c', null], ['d', null]]);
  expect(renewed.map((row) => row.id)).toEqual(['a']);
});

test('a column is worth its years, by currency', () => {
  const euros = (amount: string) => ({ amount, currency: 'EUR' });
  expect(worthOf([contract('a', { arr: euros('100.50'), tcv: euros('300') }), contract('b', { arr: null, tcv: euros('10') }), contract('c', { arr: { amount: '7', currency: 'USD' } }), contract('d', { arr: null })]))
    .toEqual([{ amount: '110.50', currency: 'EUR' }, { amount: '7.00', currency: 'USD' }]);
});
