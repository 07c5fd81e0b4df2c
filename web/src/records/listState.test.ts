import { describe, expect, test } from 'vitest';
import type { MetaField, MetaType } from '@/api/meta';
import { filtersOf, nextSort, requestOf, sortOf, withFilters, withParam } from './listState';

const field = (name: string, more: Partial<MetaField> = {}) => ({ name, kind: 'text', rule: 'optional', target: null, ...more }) as MetaField;
const type = {
  name: 'case', plural: 'cases', label_field: 'number',
  fields: [field('id', { kind: 'id', rule: 'key', target: null }), field('account_id', { kind: 'id', target: 'account' }), field('state', { kind: 'enum' }), field('title')],
} as unknown as MetaType;

describe('the address of a list', () => {
  const address = new URLSearchParams('q=printer&state=open&created_at[gte]=2026-01-01&sort=-created_at&peek=cas_1&cols=a');

  test('filters are what is neither search nor order nor place', () => expect(filtersOf(address)).toEqual([
    { field: 'state', op: 'eq', value: 'open' }, { field: 'created_at', op: 'gte', value: '2026-01-01' },
  ]));
  test('other filters keep search and order, and leave the place', () => {
    expect(withFilters(address, [{ field: 'coverage', op: 'in', value: 'a,b' }]).toString()).toBe('q=printer&sort=-created_at&cols=a&coverage%5Bin%5D=a%2Cb');
  });
  test('filters written and read are the same', () => expect(filtersOf(withFilters(address, filtersOf(address)))).toEqual(filtersOf(address)));
  test('a parameter without value goes', () => expect(withParam(address, 'q', '').has('q')).toBe(false));
  test('what the server is asked', () => expect(requestOf(type, address, ['title', 'account_id', 'id'])).toEqual({
    state: 'open', 'created_at[gte]': '2026-01-01', q: 'printer', sort: '-created_at', expand: 'account',
  }));
});

test('a head is clicked: rising, falling, as it was', () => {
  expect(sortOf(new URLSearchParams('sort=-a,b'))).toEqual({ field: 'a', falling: true });
  expect([null, { field: 'a', falling: false }, { field: 'a', falling: true }, { field: 'b', falling: true }].map((now) => nextSort(now, 'a'))).toEqual(['a', '-a', '', 'a']);
});
