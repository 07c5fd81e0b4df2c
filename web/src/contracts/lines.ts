/* All lines of a contract, page after page while the first ones are already on the screen. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { getPage, type Row } from '@/api/records';
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

export function useLines(contract: string): Lines {
  const list = useInfiniteQuery({
    queryKey: ['rows', 'contract_lines', 'tree', contract],
    queryFn: ({ pageParam, signal }) =>
      getPage('contract_lines', { contract_id: contract, sort: 'id', limit: '200', fields, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
    refetchOnWindowFocus: false,
  });
  const { hasNextPage, isFetching, error, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [hasNextPage, isFetching, error, fetchNextPage]);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const roots = useMemo(() => treeOf(rows), [rows]);
  const byId = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
  return { rows, roots, byId, error, loading: !list.data && !error, more: hasNextPage, again: () => void list.refetch() };
}
