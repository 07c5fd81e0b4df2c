import { expect, test } from 'vitest';
import { cut } from './table';

test.each<[string, string, string[][]]>([
  ['a,b\n1,2\n', ',', [['a', 'b'], ['1', '2']]],
  ['\uFEFFa;b\r\n1;2', ';', [['a', 'b'], ['1', '2']]],
  ['sep=|\r\na|b,c\n1|2', '|', [['a', 'b,c'], ['1', '2']]],
  ['a\tb\n"x ""y""\nz"\t"2"\r\n3\t', '\t', [['a', 'b'], ['x "y"\nz', '2'], ['3', '']]],
  ['a,b\nin"side,2\n', ',', [['a', 'b'], ['in"side', '2']]],
  ['a,b\n"x"y,2\n3,4\n', ',', [['a', 'b'], ['x'], ['3', '4']]],
  ['a,b\n"x,2\n3,4\n', ',', [['a', 'b'], ['x,2\n3,4\n']]],
  ['a,b\n\n1,2\n', ',', [['a', 'b'], [''], ['1', '2']]],
])('%j is cut by %j', (text, delimiter, wanted) => {
  const table = cut(text)!;
  expect(table.delimiter).toBe(delimiter);
  expect([table.header, ...table.rows].map((row) => row.cells)).toEqual(wanted);
});

test.each(['', '\n', '\uFEFF', ' , \n1,2'])('%j has no header', (text) => expect(cut(text)).toBeNull());
