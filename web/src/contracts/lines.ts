/* All lines of a contract, page after page while the first ones are already on the screen. */
import { useQuery } from '@tanstack/react-query';
import { startTransition, useMemo, useState } from 'react';
import { getPage, type Page, type Row } from '@/api/records';
import { type Node, treeOf } from './tree';

/* What a row of the tree shows; the rest is asked for when a line is opened. */
const fields = ['number', 'name', 'parent_id', 'state', 'quantity', 'unit_of_measure', 'per_parent', 'starts_on', 'ends_on', 'pricing_method', 'period', 'period_months',
  'list_price', 'unit_price', 'ramp', 'derived_percent', 'total_one_time', 'total_mrr', 'total_net', 'product_id'].join(',');

export interface Lines {
  rows: Row[];
  roots: Node[];
  byId: Map<string, Row>;
  error: Error | null;
  loading: boolean; /* nothing is there yet */
  more: boolean;    /* some are still to come */
  again: () => void;
}

/* Page after page; `tell` hears of what is there, at first and then seldom: to draw costs more than to fetch. */
async function allLines(contract: string, tell: (rows: Row[]) => void, signal: AbortSignal): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = '';
  for (let told = 0; cursor !== null;) {
    const page: Page = await getPage('contract_lines', { contract_id: contract, sort: 'id', limit: '200', fields, ...(cursor ? { cursor } : {}) }, signal);
    rows.push(...page.data);
    cursor = page.has_more ? page.next_cursor : null;
    if (cursor !== null && Date.now() - told > 1500) {
      tell([...rows]);
      told = Date.now();
    }
  }
  return rows;
}

const none: Row[] = [];

export function useLines(contract: string): Lines {
  const [some, setSome] = useState<{ of: string; rows: Row[] } | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ['rows', 'contract_lines', 'tree', contract],
    queryFn: ({ signal }) => allLines(contract, (rows) => startTransition(() => setSome({ of: contract, rows })), signal),
    refetchOnWindowFocus: false,
  });
  const first = some?.of === contract ? some.rows : null;
  const rows = data ?? first ?? none;
  const roots = useMemo(() => treeOf(rows), [rows]);
  const byId = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
  return { rows, roots, byId, error, loading: !data && !first && !error, more: !data && !error, again: () => void refetch() };
}
