/* Which contracts are on the board of renewals, in which window, and what a column is worth. */
import type { Params, Row } from '@/api/records';
import { textOf } from '@/api/records';
import { addDays } from '@/contracts/ramp';
import { amountOf, type Amount } from '@/contracts/price';

export const stages = ['none', 'contacted', 'proposed', 'committed', 'lost'] as const;
export const windows = ['overdue', '30', '60', '90'] as const;
export type Window = (typeof windows)[number];

const back = 90; /* days for which an ended contract is still worth a call */

/* The filter of a window. Overdue: ended without a renewal. */
export function paramsOf(window: Window, today: string): Params {
  if (window === 'overdue') return { 'state[in]': 'expired', 'ends_on[gte]': addDays(today, -back), 'ends_on[lt]': today };
  const from = { '30': 0, '60': 31, '90': 61 }[window];
  return { 'state[in]': 'active,partly_suspended,suspended', 'ends_on[gte]': addDays(today, from), 'ends_on[lte]': addDays(today, Number(window)) };
}

export interface Card {
  row: Row;
  successor: Row | null; /* its renewal, as long as that is not in force */
}

/* Contracts without those whose renewal is settled; the others with their proposal, if there is one. */
export function cardsOf(rows: Row[], successors: Row[]): { cards: Card[]; renewed: Row[] } {
  const bySource = new Map(successors.filter((row) => row.state !== 'cancelled').map((row) => [textOf(row, 'renewed_from_id'), row]));
  const isOpen = (row: Row) => row.stage === 'draft';
  const cards = rows.flatMap((row) => {
    const successor = bySource.get(row.id) ?? null;
    return successor && !isOpen(successor) ? [] : [{ row, successor }];
  });
  return { cards, renewed: rows.filter((row) => !cards.some((card) => card.row === row)) };
}

export function stageOf(row: Row): string {
  return textOf(row, 'renewal_stage') || 'none';
}

/* Sums by currency, the greatest first; a year's value where there is one. */
export function worthOf(rows: Row[]): Amount[] {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const amount = amountOf(row, 'arr') ?? amountOf(row, 'tcv');
    if (amount) sums.set(amount.currency, (sums.get(amount.currency) ?? 0) + Number(amount.amount));
  }
  return [...sums].sort((a, b) => b[1] - a[1]).map(([currency, sum]) => ({ amount: sum.toFixed(2), currency }));
}
