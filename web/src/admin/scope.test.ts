import { expect, test } from 'vitest';
import { isNamed, isWithin, withoutWord, withWord } from './scope';

test.each([
  [['*'], 'case.read', true], [['case.*'], 'case.create', true], [['*.read'], 'case.read', true], [['*.read'], 'case.create', false],
  [['case.read'], 'case.read', true], [['case.read'], 'case_comment.read', false], [[], 'case.read', false],
])('%j names %s: %s', (words, permission, expected) => expect(isNamed(words, permission)).toBe(expected));

test('a wider word takes the place of narrower ones', () => {
  expect(withWord(['case.read', 'account.read'], 'case.*')).toEqual(['account.read', 'case.*']);
  expect(withWord(['case.read', 'case.create'], '*.read')).toEqual(['case.create', '*.read']);
  expect(withoutWord(['case.*', 'account.read'], 'case.*')).toEqual(['account.read']);
});

test('what a wider word names cannot be taken away alone', () => {
  expect(isWithin(['case.*', 'case.read'], 'case.read')).toBe(true);
  expect(isWithin(['case.read'], 'case.read')).toBe(false);
});
