import { describe, expect, test } from 'vitest';
import type { Row } from '@/api/records';
import { running } from './Ledger';
import { byMonth } from './Usage';

const posting = (kind: string, units: number, at = '2026-05-01T00:00:00Z') => ({ object: 'term_posting', id: `${kind}${units}`, kind, units, created_at: at }) as Row;

describe('the running balance', () => {
  test('is the sum of what each posting does to what is available', () => {
    const lines = running([posting('grant', 10), posting('reserve', 2), posting('release', 2), posting('consume', 2), posting('refund', 1), posting('adjust', -3), posting('expire', 4)]);
    expect(lines.map((line) => line.after)).toEqual([10, 8, 10, 8, 9, 6, 2]);
  });
});

describe('usage by month', () => {
  const postings = [posting('consume', 3, '2026-04-30T23:59:59Z'), posting('consume', 2, '2026-05-01T00:00:00Z'), posting('refund', 1, '2026-05-09T00:00:00Z'), posting('grant', 9)];
  test('counts what was consumed less what came back', () => expect(byMonth(postings, '2026-05', 3)).toEqual([
    { month: '2026-03', used: 0 }, { month: '2026-04', used: 3 }, { month: '2026-05', used: 1 },
  ]));
  test('goes over the end of a year', () => expect(byMonth([], '2026-01', 3).map((one) => one.month)).toEqual(['2025-11', '2025-12', '2026-01']));
});
