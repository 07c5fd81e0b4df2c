/* Records of any type, by the paths that all types share. */
import { queryOptions, type UseQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { send } from './client';
import { isMissing, isStale } from './problem';
import { queries } from './query';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export interface Row {
  object: string;
  id: string;
  version?: number;
  [name: string]: Json | undefined;
}
export interface Page {
  data: Row[];
  has_more: boolean;
  next_cursor: string | null;
  total?: number;
}
export type Params = Record<string, string>;

function addressOf(path: string, params: Params = {}): string {
  const query = new URLSearchParams(params).toString();
  return `${location.origin}/v1/${path}${query ? `?${query}` : ''}`;
}

export async function getPage(plural: string, params: Params, signal?: AbortSignal): Promise<Page> {
  const reply = await send(new Request(addressOf(plural, params), { signal }));
  return (await reply.json()) as Page;
}

export async function getRow(path: string, params: Params = {}, signal?: AbortSignal): Promise<Row> {
  const reply = await send(new Request(addressOf(path, params), { signal }));
  return (await reply.json()) as Row;
}

const refreshRows = () => queries.invalidateQueries({ predicate: (query) => query.queryKey[0] === 'rows' });

/* Of a record: only if it is still of that version; undefined: whatever it is. */
async function change(method: string, path: string, given: unknown, isOfRecord = false, version?: number): Promise<Row> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (method === 'PATCH') headers['Content-Type'] = 'application/merge-patch+json';
  if (isOfRecord) headers['If-Match'] = version === undefined ? '*' : `"v${version}"`; /* which the settings may demand */
  if (method === 'POST') headers['Idempotency-Key'] = crypto.randomUUID();
  const reply = await send(
    new Request(addressOf(path), { method, headers, body: given === undefined ? null : JSON.stringify(given) }),
  ).catch((error: unknown) => {
    if (isStale(error) || isMissing(error)) void refreshRows(); /* what is on the screen is of yesterday */
    throw error;
  });
  const row = reply.status === 204 ? ({ object: '', id: '' } as Row) : ((await reply.json()) as Row);
  void refreshRows();
  return row;
}

export const createRow = (plural: string, given: unknown) => change('POST', plural, given);
export const updateRow = (path: string, given: unknown, version?: number) => change('PATCH', path, given, true, version);
export const deleteRow = (path: string, version?: number) => change('DELETE', path, undefined, true, version);
export const act = (path: string, action: string, given: unknown, version?: number) => change('POST', `${path}/${action}`, given, true, version);

/* One page of a list; `enabled` may hold it back. */
export function pageOf(plural: string, params: Params, enabled = true) {
  return queryOptions({
    queryKey: ['rows', plural, 'page', params],
    queryFn: ({ signal }) => getPage(plural, params, signal),
    enabled,
  });
}

export function usePage(plural: string, params: Params, enabled = true) {
  return useQuery(pageOf(plural, params, enabled));
}

/* A list that grows as one scrolls. */
export function useRows(plural: string, params: Params) {
  return useInfiniteQuery({
    queryKey: ['rows', plural, 'list', params],
    queryFn: ({ pageParam, signal }) =>
      getPage(plural, pageParam ? { ...params, cursor: pageParam } : params, signal),
    initialPageParam: '',
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
    placeholderData: (before) => before,
  });
}

/* How many such a list has in all: asked beside it, so that counting a million holds up no row. */
export function useTotal(plural: string, params: Params): UseQueryResult<number | undefined> {
  const filters = Object.entries(params).filter(([name]) => !['sort', 'expand', 'fields', 'limit'].includes(name));
  return useQuery({ ...pageOf(plural, { ...Object.fromEntries(filters), limit: '1', fields: 'id', total: 'true' }), select: ({ total }) => total });
}

export function useRow(plural: string, id: string | null, params: Params = {}) {
  return useQuery({
    queryKey: ['rows', plural, 'one', id, params],
    queryFn: ({ signal }) => getRow(`${plural}/${id}`, params, signal),
    enabled: id !== null,
  });
}

export function textOf(row: Row | null | undefined, name: string): string {
  const value = row?.[name];
  return typeof value === 'string' ? value : value == null ? '' : String(value);
}

export function rowOf(row: Row | null | undefined, name: string): Row | null {
  const value = row?.[name];
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Row) : null;
}
