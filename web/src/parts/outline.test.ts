import { expect, test } from 'vitest';
import { outlineOf } from './outline';

test.each([
  ['nothing', null, ['–']],
  ['an empty list', [], ['–']],
  ['a yes', true, ['Yes']],
  ['words', ['phone', 'web'], ['phone, web']],
  ['hours of a day', [['09:00', '12:00'], ['13:00', '17:00']], ['09:00–12:00, 13:00–17:00']],
  ['a day of a holiday', { name: 'New Year', date: '2026-01-01' }, ['Name: New Year · Date: 1 Jan 2026']],
  ['what is not set is left out', { name: 'New Year', note: null }, ['Name: New Year']],
  ['an amount', [{ id: 'x', price: { amount: '5.00', currency: 'EUR' } }], ['Price: €5.00']],
  ['rows are a line each', [{ name: 'A' }, { name: 'B' }], ['Name: A', 'Name: B']],
  ['what is long goes below, indented', { week: { mon: [['09:00', '17:00']], closed_on: 'x'.repeat(80) }, name: 'N' },
    ['Week:', '  Mon: 09:00–17:00', `  Closed on: ${'x'.repeat(80)}`, 'Name: N']],
])('%s', (_, value, lines) => expect(outlineOf(value as never)).toEqual(lines));
