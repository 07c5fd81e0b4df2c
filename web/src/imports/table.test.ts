import { expect, test } from 'vitest';
import { cut, lineIn, piecesOf } from './table';

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

test('lines are those of the file, and are found again from a piece that leaves some out', () => {
  const table = cut('sep=,\n"i\nd",b\n1,"x\ny"\n2,z\n3,w\n')!;
  expect(table.rows.map((row) => row.line)).toEqual([4, 6, 7]);
  const [piece] = piecesOf(table, [table.rows[0]!, table.rows[2]!]);
  expect(piece!.text).toBe('"i\nd",b\n1,"x\ny"\n3,w\n');
  expect([3, 4, 5].map((line) => lineIn(table, piece!, line))).toEqual([4, 5, 7]);
});

test('a piece has at most 500 rows and what a request holds', () => {
  const many = cut(`a\n${'1\n'.repeat(1201)}`)!;
  expect(piecesOf(many, many.rows).map((piece) => piece.rows.length)).toEqual([500, 500, 201]);
  const large = cut(`a\n${`${'é'.repeat(500_000)}\n`.repeat(5)}`)!;
  expect(piecesOf(large, large.rows).map((piece) => piece.rows.length)).toEqual([3, 2]);
});
