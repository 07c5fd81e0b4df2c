import { expect, test } from 'vitest';
import type { Row } from '@/api/records';
import { standing } from './Clocks';
import { byUrgency } from './urgency';

const row = (id: string, priority: string, created: string) => ({ object: 'case', id, priority, created_at: created }) as Row;
const clock = (more: Record<string, unknown>) => ({ object: 'milestone', id: 'm', state: 'running', started_at: '2026-01-01T00:00:00Z', target_at: '2026-01-01T04:00:00Z', ...more }) as Row;

test('what is due comes first, then the graver, then the older', () => {
  const cases = [row('a', 'low', '2026-01-01'), row('b', 'critical', '2026-01-03'), row('c', 'critical', '2026-01-02'), row('d', 'low', '2026-01-09')];
  const next = new Map([['d', clock({})]]);
  expect(byUrgency(cases, next).map((one) => one.id)).toEqual(['d', 'c', 'b', 'a']);
});

test.each([
  [{}, '2026-01-01T01:00:00Z', 'running', 'due in 3h'],
  [{}, '2026-01-01T03:30:00Z', 'at_risk', 'due in 30m'],
  [{}, '2026-01-01T04:01:00Z', 'violated', 'by 1m'],
  [{ state: 'paused', target_at: null, remaining_seconds: 600 }, '2026-01-01T01:00:00Z', 'paused', '10m left when paused'],
  [{ state: 'met' }, '2026-01-01T09:00:00Z', 'met', ''],
])('a clock %j at %s is %s', (more, now, word, text) => expect(standing(clock(more), Date.parse(now))).toEqual({ word, text }));
