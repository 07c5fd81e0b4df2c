/* The state of a list is its address: filters are written as the API takes them. */
import { fieldNamed, type MetaType } from '@/api/meta';
import type { Params } from '@/api/records';

export interface Filter {
  field: string;
  op: string;
  value: string;
}

const own = new Set(['q', 'sort', 'cols', 'peek']);

export function filtersOf(address: URLSearchParams): Filter[] {
  return [...address].flatMap(([name, value]) => {
    const match = /^(\w+)(?:\[(\w+)\])?$/.exec(name);
    return match && !own.has(name) ? [{ field: match[1]!, op: match[2] ?? 'eq', value }] : [];
  });
}

function paramOf({ field, op }: Filter): string {
  return op === 'eq' ? field : `${field}[${op}]`;
}

/* The same address with other filters; a place in the list is left. */
export function withFilters(address: URLSearchParams, filters: Filter[]): URLSearchParams {
  const next = new URLSearchParams();
  for (const [name, value] of address) if (own.has(name) && name !== 'peek') next.set(name, value);
  for (const filter of filters) next.set(paramOf(filter), filter.value);
  return next;
}

export function withParam(address: URLSearchParams, name: string, value: string | null): URLSearchParams {
  const next = new URLSearchParams(address);
  if (value === null || value === '') next.delete(name);
  else next.set(name, value);
  return next;
}

export interface Sort {
  field: string;
  falling: boolean;
}

export function sortOf(address: URLSearchParams): Sort | null {
  const first = (address.get('sort') ?? '').split(',')[0] ?? '';
  return first ? { field: first.replace(/^-/, ''), falling: first.startsWith('-') } : null;
}

/* Rising, falling, and as it was. */
export function nextSort(now: Sort | null, field: string): string {
  if (now?.field !== field) return field;
  return now.falling ? '' : `-${field}`;
}

/* The references whose names the columns show; the server takes at most 20. */
function expansions(type: MetaType, columns: string[]): string {
  return columns
    .flatMap((name) => fieldNamed(type, name) ?? [])
    .filter((field) => field.kind === 'id' && field.rule !== 'key' && field.target !== null)
    .map((field) => field.name.replace(/_id$/, ''))
    .slice(0, 20)
    .join(',');
}

/* What is asked of the server. */
export function requestOf(type: MetaType, address: URLSearchParams, columns: string[]): Params {
  const params: Params = {};
  for (const filter of filtersOf(address)) params[paramOf(filter)] = filter.value;
  const q = address.get('q')?.trim();
  if (q) params.q = q;
  const sort = address.get('sort');
  if (sort) params.sort = sort;
  const expand = expansions(type, columns);
  if (expand) params.expand = expand;
  return params;
}
