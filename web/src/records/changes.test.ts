import { describe, expect, test } from 'vitest';
import type { MetaField, MetaType } from '@/api/meta';
import type { Row } from '@/api/records';
import { changedOf, changesOf, clashesOf } from './changes';

const field = (name: string, more: Partial<MetaField> = {}) => ({ name, kind: 'text', rule: 'optional', show: 'form', ...more }) as MetaField;
const type = {
  name: 'thing', plural: 'things', label_field: 'name',
  fields: [
    field('id', { rule: 'key' }), field('name', { rule: 'required' }), field('note'), field('account_id', { rule: 'fixed' }), field('state', { rule: 'server' }),
    field('rows', { kind: 'children', child: [field('id', { rule: 'key' }), field('product_id'), field('left', { rule: 'derived' })] }),
  ],
} as unknown as MetaType;
const before = { object: 'thing', id: 't1', version: 1, name: 'A', note: null, account_id: 'acc', state: 'open', rows: [{ id: 'r1', product_id: 'p1', left: 3 }] } as unknown as Row;

describe('what a form sends', () => {
  test('nothing where nothing differs', () => expect(changesOf(type, before, { name: 'A', note: null })).toEqual({}));
  test('only what differs, and nothing fixed or of the server', () => {
    expect(changesOf(type, before, { name: 'B', account_id: 'other', state: 'closed' })).toEqual({ name: 'B' });
  });
  test('null takes away', () => expect(changesOf(type, { ...before, note: 'x' }, { note: null })).toEqual({ note: null }));
  test('rows keep their identifier and lose what is derived', () => {
    expect(changesOf(type, before, { rows: [{ id: 'r1', product_id: 'p2', left: 3 }, { product_id: 'p3' }] })).toEqual({ rows: [{ id: 'r1', product_id: 'p2' }, { product_id: 'p3' }] });
  });
  test('a new record sends what was given, also what is fixed later', () => {
    expect(changesOf(type, null, { name: 'N', note: null, account_id: 'acc' })).toEqual({ name: 'N', account_id: 'acc' });
  });
});

describe('two people at once', () => {
  const theirs = { ...before, version: 2, name: 'Theirs', note: 'same' } as Row;
  test('a clash is a field that both changed', () => {
    expect(clashesOf(type, before, { name: 'Mine' }, theirs).map((one) => [one.field.name, one.mine, one.theirs])).toEqual([['name', 'Mine', 'Theirs']]);
  });
  test('the same change is none, nor is a field that only one changed', () => {
    expect(clashesOf(type, before, { note: 'same' }, theirs)).toEqual([]);
    expect(clashesOf(type, before, { rows: [] }, theirs)).toEqual([]);
  });
  test('what somebody else changed is named', () => expect(changedOf(type, before, theirs).map((one) => one.name)).toEqual(['name', 'note']));
});
