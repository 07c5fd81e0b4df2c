import { expect, test } from 'vitest';
import { Problem } from '@/api/problem';
import type { Row } from '@/api/records';
import { asShown, bodyOf, errorsOf, operations, topmost } from './operations';

const line = (id: string, parent: string | null): [string, Row] => [id, { object: 'contract_line', id, parent_id: parent }];
const lines = new Map([line('a', null), line('b', 'a'), line('c', 'b'), line('d', null)]);
const named = (name: string) => operations.find((one) => one.name === name)!;

test.each([['a b c', 'a'], ['b c d', 'b d'], ['c', 'c'], ['a c', 'a'], ['gone d', 'd'], ['', '']])('of %s the topmost are %s', (chosen, expected) =>
  expect(topmost(new Set(chosen.split(' ').filter(Boolean)), lines).join(' ')).toBe(expected));

test('what was not filled in is not sent', () => {
  expect(bodyOf(named('suspend'), { reason: null, extend_term: false, ends_at: '2026-01-01T00:00:00Z' }, ['a'])).toEqual({ ends_at: '2026-01-01T00:00:00Z', lines: ['a'] });
  expect(bodyOf(named('suspend'), {}, [])).toEqual({});
  expect(bodyOf(named('merge'), { contracts: ['x'] }, ['a'])).toEqual({ contracts: ['x'] });
});

test('contracts that were shown are sent with the versions that they had, where they are taken', () => {
  const versions = [{ contract_id: 'x', version: 3 }];
  expect(asShown({ contracts: ['x'] }, { versions }, true)).toEqual({ contracts: ['x'], versions });
  expect(asShown({ contracts: ['x'] }, { versions }, false)).toEqual({ contracts: ['x'] });
  expect(asShown({ contracts: ['x'] }, { versions: [] }, true)).toEqual({ contracts: ['x'] });
  expect(asShown({ contracts: ['x'] }, undefined, true)).toEqual({ contracts: ['x'] });
});

test('refusals stand at their fields and at their lines', () => {
  const problem = new Problem(422, { errors: [{ pointer: '#/lines/1', code: 'not_root', detail: 'is not at the top' }, { pointer: '#/ends_on', code: 'range', detail: 'no later day' }] });
  expect(errorsOf(problem)).toEqual({ lines: 'is not at the top', 'lines/1': 'is not at the top', ends_on: 'no later day' });
  expect(errorsOf(null)).toEqual({});
});

test('every operation is described once', () => expect(new Set(operations.map((one) => one.name)).size).toBe(operations.length));
