import { expect, test } from 'vitest';
import type { Row } from '@/api/records';
import { idsBelow, shownOf, treeOf } from './tree';

const line = (id: string, parent: string | null, name = id): Row => ({ object: 'contract_line', id, parent_id: parent, name, number: `N-${id}` });
const rows = [line('a', null, 'Care'), line('b', 'a', 'Spare parts'), line('c', 'b', 'Toner'), line('d', null, 'Set-up'), line('e', 'a', 'Inspection'), line('x', 'unknown')];
const all = () => true;
const none = () => false;

test('rows become a tree in their order, orphans left out', () => {
  const [care, setUp, ...more] = treeOf(rows);
  expect(more).toEqual([]);
  expect(care?.children.map((node) => [node.row.id, node.depth, node.place, node.siblings])).toEqual([['b', 1, 1, 2], ['e', 1, 2, 2]]);
  expect(setUp?.place).toBe(2);
  expect(care && idsBelow(care)).toEqual(['b', 'c', 'e']);
});

test.each([
  ['all open', all, '', 'a b c e d'], ['all closed', none, '', 'a d'], ['one open', (id: string) => id === 'a', '', 'a b e d'],
  ['a text opens the way to what has it', none, 'toner', 'a b c'], ['by number', none, 'n-d', 'd'], ['nothing', all, 'zzz', ''],
])('%s', (_, isOpen, text, expected) => expect(shownOf(treeOf(rows), isOpen, text).map((node) => node.row.id).join(' ')).toBe(expected));

test('ten thousand lines are quick', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => line(`l${i}`, i % 10 === 0 ? null : `l${i - (i % 10)}`));
  const start = performance.now();
  expect(shownOf(treeOf(many), all)).toHaveLength(10_000);
  expect(performance.now() - start).toBeLessThan(500);
});
