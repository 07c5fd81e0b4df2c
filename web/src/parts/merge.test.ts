import { expect, test } from 'vitest';
import { merge, type Parts } from './merge';

const parts = (values: Record<string, unknown>): Parts => new Map(Object.entries(values).map(([key, value]) => [key, { label: key.toUpperCase(), text: String(value), value }]));
const valuesOf = (found: Parts) => Object.fromEntries([...found].map(([key, part]) => [key, part.value]));

test('what one of them changed is kept without asking', () => {
  const merged = merge(parts({ a: 1, b: 1, c: 1 }), parts({ a: 2, b: 1, c: 1, d: 4 }), parts({ a: 1, b: 3, c: 1 }));
  expect(merged.clashes).toEqual([]);
  expect([merged.mine, merged.theirs]).toEqual([['A', 'D'], ['B']]);
  expect(valuesOf(merged.parts({}))).toEqual({ a: 2, b: 3, c: 1, d: 4 });
});

test('what both changed is asked about, unless they agree', () => {
  const merged = merge(parts({ a: 1, b: 1 }), parts({ a: 2, b: 5 }), parts({ a: 3, b: 5 }));
  expect(merged.clashes.map((clash) => [clash.label, clash.mine?.text, clash.theirs?.text])).toEqual([['A', '2', '3']]);
  expect(valuesOf(merged.parts({}))).toEqual({ a: 2, b: 5 });
  expect(valuesOf(merged.parts({ a: 'theirs' }))).toEqual({ a: 3, b: 5 });
});

test.each([
  ['removed here, changed there', { a: 1 }, {}, { a: 2 }, {}, { a: 2 }],
  ['changed here, removed there', { a: 1 }, { a: 2 }, {}, { a: 2 }, {}],
])('%s', (_, base, mine, theirs, asMine, asTheirs) => {
  const merged = merge(parts(base), parts(mine), parts(theirs));
  expect(merged.clashes).toHaveLength(1);
  expect(valuesOf(merged.parts({}))).toEqual(asMine);
  expect(valuesOf(merged.parts({ a: 'theirs' }))).toEqual(asTheirs);
});

test('removed by one and left alone by the other, it is gone', () => {
  expect(valuesOf(merge(parts({ a: 1, b: 1 }), parts({ b: 1 }), parts({ a: 1, b: 1 })).parts({}))).toEqual({ b: 1 });
});
