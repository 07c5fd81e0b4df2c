import { expect, test } from 'vitest';
import { merge } from '@/parts/merge';
import type { Draft } from './draft';
import { draftFrom, inCommon, partsOf } from './parts';

const draft = (more: Partial<Draft['versions'][0]> = {}, later: Draft['versions'] = []): Draft => ({
  time_zone: 'Europe/Berlin', holiday_sets: ['hol_1'],
  versions: [{ week: { mon: [['09:00', '17:00']], fri: [['09:00', '15:00']] }, holidays: [{ date: '12-25', name: 'Christmas' }], exceptions: { '2026-12-24': [['09:00', '12:00']] }, breaks: {}, ...more }, ...later],
});
const merged = (base: Draft, mine: Draft, theirs: Draft, sides = {}) => {
  const common = inCommon(base, mine, theirs);
  const found = merge(partsOf(base, common), partsOf(mine, common), partsOf(theirs, common));
  return { clashes: found.clashes.map((clash) => clash.key.split('\n').slice(1).join(' ')), draft: draftFrom(found.parts(sides)) };
};

test('there and back', () => {
  const whole = draft({}, [{ effective_from: '2027-01-01', name: 'Winter', week: { mon: [] }, holidays: [], exceptions: {}, breaks: { '2027-01-04': [] } }]);
  expect(draftFrom(partsOf(whole, inCommon(whole)))).toEqual(whole);
  expect(draftFrom(partsOf(whole, new Set()))).toEqual(whole);
});

test('another day each: both stay', () => {
  const mine = draft({ week: { mon: [['08:00', '17:00']], fri: [['09:00', '15:00']] } });
  const theirs = draft({ week: { mon: [['09:00', '17:00']], fri: [['09:00', '15:00']], sat: [['10:00', '12:00']] }, holidays: [{ date: '12-25', name: 'Christmas' }, { date: '01-01' }] });
  const { clashes, draft: found } = merged(draft(), mine, theirs);
  expect(clashes).toEqual([]);
  expect(found.versions[0]!.week).toEqual({ mon: [['08:00', '17:00']], fri: [['09:00', '15:00']], sat: [['10:00', '12:00']] });
  expect(found.versions[0]!.holidays).toHaveLength(2);
});

test('the same day: one chooses', () => {
  const mine = draft({ week: { mon: [['08:00', '17:00']], fri: [['09:00', '15:00']] } });
  const theirs = draft({ week: { mon: [['10:00', '17:00']], fri: [['09:00', '15:00']] } });
  const key = '\nweek\nmon';
  expect(merged(draft(), mine, theirs).clashes).toEqual(['week mon']);
  expect(merged(draft(), mine, theirs, { [key]: 'theirs' }).draft.versions[0]!.week.mon).toEqual([['10:00', '17:00']]);
  expect(merged(draft(), mine, theirs).draft.versions[0]!.week.mon).toEqual([['08:00', '17:00']]);
});
