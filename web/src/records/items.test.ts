import { expect, test } from 'vitest';
import type { MetaField } from '@/api/meta';
import { markedOf } from './items';

const field = (kind: string, child: string[] = []) => ({ name: 'x', kind, child: [{ name: 'id', rule: 'key' }, ...child.map((name) => ({ name, rule: 'optional' }))] }) as unknown as MetaField;
const marks = (...args: Parameters<typeof markedOf>) => markedOf(...args)?.map(({ mark, value }) => [mark, value]) ?? null;

test('a text is of one piece', () => expect(marks(field('text'), 'a', 'b', 'c')).toBeNull());
test('an amount is, too', () => expect(marks(field('money'), null, { amount: '1', currency: 'EUR' }, { amount: '2', currency: 'EUR' })).toBeNull());
test('words: those of both, of one, and taken away', () => {
  expect(marks(field('words'), ['a', 'b'], ['b', 'c'], ['a', 'b'])).toEqual([['gone', 'a'], ['same', 'b'], ['other', 'c']]);
});
test('what both took away is not told', () => expect(marks(field('words'), ['a', 'b'], ['b'], ['b', 'c'])).toEqual([['same', 'b']]));
test('a map goes by its names', () => {
  expect(marks(field('map'), { a: '1', b: '1' }, { a: '2', b: '1' }, { a: '3', b: '1' })).toEqual([['other', '2'], ['same', '1']]);
});
test('rows go by what they begin with, whatever their identifiers', () => {
  const rows = field('children', ['channel', 'total']);
  const before = [{ id: '1', channel: 'phone', total: 9 }, { id: '2', channel: 'web', total: 5 }];
  const mine = [{ id: '1', channel: 'phone', total: 77 }, { id: '2', channel: 'web', total: 5 }];
  const theirs = [{ id: '3', channel: 'phone', total: 66 }];
  expect(marks(rows, before as never, mine as never, theirs as never)).toEqual([['other', mine[0]], ['other', mine[1]]]);
  expect(marks(rows, before as never, theirs as never, mine as never)).toEqual([['gone', before[1]], ['other', theirs[0]]]);
});
test('nothing is an empty list', () => expect(marks(field('ids'), ['a'], null, ['a', 'b'])).toEqual([['gone', 'a']]));
test('of any shape: by its members', () => {
  expect(marks(field('json'), { mon: 1 }, { mon: 2, tue: 3 }, { mon: 1, tue: 3 })).toEqual([['other', 2], ['same', 3]]);
});
