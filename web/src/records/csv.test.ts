import { expect, test } from 'vitest';
import { cell } from './csv';

test.each([
  ['plain', 'plain'], ['a,b', '"a,b"'], ['say "so"', '"say ""so"""'], ['two\nlines', '"two\nlines"'], ['', ''],
  ['=1+1', "'=1+1"], ['@sum', "'@sum"], ['-5', '-5'], ['+49 30 1234', "'+49 30 1234"], ['-x', "'-x"],
])('%j as a cell is %j', (text, wanted) => expect(cell(text)).toBe(wanted));
