/* What can be done with deliveries, and how their states are told. */
import { useEffect } from 'react';
import { act, type Row, textOf } from '@/api/records';
import { queries } from '@/api/query';
import { tell, tellProblem } from '@/parts/toast';
import { a } from '@/text/admin';

export const states = ['pending', 'failed', 'dead', 'delivered', 'cancelled'] as const;
type State = (typeof states)[number];

export function stateText(row: Row): string {
  const state = textOf(row, 'state') as State;
  return states.includes(state) ? a(`log.${state}`) : state;
}

function refresh(): void {
  void queries.invalidateQueries({ predicate: ({ queryKey: [root, plural] }) => root === 'rows' && (plural === 'deliveries' || plural === 'webhook_endpoints') });
}

/* Sending is no event of the record that it is about: what is under way is asked for again. */
export function useFresh(every = 4000): void {
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) refresh(); }, every);
    return () => clearInterval(timer);
  }, [every]);
}

export function replay(row: Row): void {
  act(`deliveries/${row.id}`, 'replay', {}).then(() => { tell(a('log.replayed')); refresh(); }, tellProblem);
}

export function cancel(row: Row): void {
  act(`deliveries/${row.id}`, 'cancel', {}).then(() => { tell(a('log.cancelled_now')); refresh(); }, tellProblem);
}

/* "200", "503 Service unavailable", or what went wrong before there was an answer. */
export function answerOf(row: Row): string {
  return row.last_status === null || row.last_status === undefined ? textOf(row, 'last_error') : String(row.last_status);
}
