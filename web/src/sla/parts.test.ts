import { expect, test } from 'vitest';
import { merge } from '@/parts/merge';
import type { Version } from './differences';
import { inCommon, partsOf, versionFrom } from './parts';
import type { Rule } from './rules';

const rule = (name: string, more: Partial<Rule> = {}): Rule => ({ name, kind: 'custom', target: 'PT8H', ...more }) as Rule;
const version = (...rules: Rule[]): Version => ({ calendar_id: null, pause_statuses: [], pause_criteria: null, exit_criteria: null, rules });
const merged = (base: Version, mine: Version, theirs: Version) => {
  const common = inCommon(base, mine, theirs);
  const found = merge(partsOf(base, common), partsOf(mine, common), partsOf(theirs, common));
  return { clashes: found.clashes.map((clash) => clash.label), rules: versionFrom(found.parts({})).rules };
};

test('there and back', () => {
  const whole = version(rule('Answer'), rule('Solve', { criteria: "priority = 'high'" }));
  expect(versionFrom(partsOf(whole, inCommon(whole)))).toEqual(whole);
});

test('members of a rule, rules added and removed', () => {
  const base = version(rule('Answer'), rule('Solve'));
  const mine = version(rule('Answer', { target: 'PT4H' }), rule('Solve'), rule('Call'));
  const theirs = version(rule('Answer', { criteria: 'x' }));
  const found = merged(base, mine, theirs);
  expect(found.clashes).toEqual([]);
  expect(found.rules.map((one) => [one.name, one.target, one.criteria])).toEqual([['Answer', 'PT4H', 'x'], ['Call', 'PT8H', undefined]]);
});

test('the same member, differently', () => {
  const found = merged(version(rule('Answer')), version(rule('Answer', { target: 'PT4H' })), version(rule('Answer', { target: 'PT2H' })));
  expect(found.clashes).toEqual(['Answer: target']);
  expect(found.rules[0]!.target).toBe('PT4H');
});
