import { expect, test } from 'vitest';
import { differencesOf } from './differences';
import { isoOf, ladderOf, matrixOf, priorities, short, targetFor, targetsOf, type Rule } from './rules';

test.each([
  ['8h', 'PT8H', '8h'], ['8h 30m', 'PT8H30M', '8h 30m'], ['90 min', 'PT90M', '90m'], ['2d', 'P2D', '2d'], ['1w', 'P7D', '7d'],
  ['1mo 2d', 'P1M2D', '1mo 2d'], ['-15m', '-PT15M', '-15m'], ['0m', 'PT0S', '0m'], ['pt4h', 'PT4H', '4h'],
])('%s is %s', (text, iso, again) => {
  expect(isoOf(text)).toBe(iso);
  expect(short(iso)).toBe(again);
});
test.each(['', 'soon', '4', '4h or so'])('“%s” is no duration', (text) => expect(isoOf(text)).toBeNull());

const rule: Rule = {
  name: 'Answer', target: 'PT8H',
  targets: [{ priority: ['critical'], tier: 'gold', target: 'PT30M' }, { priority: ['high', 'critical'], target: 'PT2H' }, { tier: ['gold', 'silver'], target: 'PT4H' }],
};

test('targets as a matrix say the same', () => {
  const matrix = matrixOf(rule);
  expect(Object.keys(matrix)).toEqual(['', 'gold', 'silver']);
  expect(matrix['']).toEqual({ critical: 'PT2H', high: 'PT2H', normal: '', low: '' });
  const again: Rule = { ...rule, targets: targetsOf(matrix) };
  for (const priority of priorities) for (const tier of [null, 'gold', 'silver', 'bronze']) expect(targetFor(again, priority, tier)).toBe(targetFor(rule, priority, tier));
});

test('every matrix comes back as it was', () => {
  const values = ['', 'PT1H', 'PT2H'];
  for (let seed = 0; seed < 300; seed++) {
    let n = seed * 7919 + 1;
    const draw = () => values[(n = (n * 48_271) % 2_147_483_647) % 3]!;
    const matrix = Object.fromEntries(['', 'gold'].map((tier) => [tier, Object.fromEntries(priorities.map((priority) => [priority, draw()]))]));
    const made: Rule = { name: 'R', target: 'PT9H', targets: targetsOf(matrix) };
    for (const priority of priorities) {
      expect(targetFor(made, priority, null)).toBe(matrix['']![priority] || 'PT9H');
      expect(targetFor(made, priority, 'gold')).toBe(matrix.gold![priority] || matrix['']![priority] || 'PT9H');
    }
  }
});

test('the ladder goes from the start over the target to occasions', () => {
  const order = ladderOf([{ on: 'met', do: 'task' }, { at: 'PT1H', do: 'task' }, { at: '75%', do: 'task' }, { at: 'PT0S', do: 'task' }, { at: '-PT15M', do: 'task' }, { at: '50%', do: 'task' }]);
  expect(order.map(({ action }) => action.at ?? action.on)).toEqual(['50%', '75%', '-PT15M', 'PT0S', 'PT1H', 'met']);
});

test('versions are compared rule by rule', () => {
  const found = differencesOf({ calendar_id: 'cal_a', rules: [rule, { name: 'Gone', target: 'PT1H' }] }, { rules: [{ ...rule, target: 'PT6H', warn_percent: 50 }, { name: 'New', kind: 'resolution' }] });
  expect(found.map((one) => [one.rule, one.member, one.kind])).toEqual([
    ['', 'calendar_id', 'removed'], ['Answer', 'targets', 'changed'], ['Answer', 'warn_percent', 'added'], ['New', 'rule', 'added'], ['Gone', 'rule', 'removed']]);
});
