/* The order of a queue: what is due first, then the graver, then the older. */
import { type Row, textOf } from '@/api/records';

const gravity = ['critical', 'high', 'normal', 'low'];

export function byUrgency(cases: Row[], next: Map<string, Row>): Row[] {
  const due = (row: Row) => textOf(next.get(row.id), 'target_at') || '9999';
  const grave = (row: Row) => (gravity.indexOf(textOf(row, 'priority')) + gravity.length) % gravity.length;
  return [...cases].sort((a, b) => due(a).localeCompare(due(b)) || grave(a) - grave(b) || textOf(a, 'created_at').localeCompare(textOf(b, 'created_at')));
}
