/* Imports in the background: sending a table, watching it, and what came of each row. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { send } from '@/api/client';
import { queries } from '@/api/query';
import type { components } from '@/api/schema';
import { save } from '@/records/csv';

export type Job = Required<components['schemas']['ImportJob']>; /* no fields are left out here */
export type Outcome = components['schemas']['ImportRow'];
type Page = components['schemas']['ImportRows'];
export type Options = Omit<components['schemas']['ImportTable'], 'text' | 'dry_run' | 'delimiter' | 'background'>;

export const statuses = ['created', 'updated', 'unchanged', 'failed'] as const;
export type Status = (typeof statuses)[number];
export type Filter = 'all' | 'noted' | Status;

export const isActive = (job: Job) => job.state === 'queued' || job.state === 'running';
const address = (path: string, params: URLSearchParams | string = '') => `${location.origin}/v1/imports${path}?${params.toString()}`;

function parametersOf(options: Options, dry: boolean): URLSearchParams {
  const params = new URLSearchParams({ dry_run: String(dry) });
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== 'object') params.set(name, String(value));
  }
  for (const [header, as] of Object.entries(options.columns ?? {})) params.set(`columns[${header}]`, as);
  return params;
}

/* The file goes as it is. */
export async function startJob(file: Blob, options: Options, dry: boolean): Promise<Job> {
  const headers = { 'Content-Type': 'text/csv', 'Idempotency-Key': crypto.randomUUID() };
  const reply = await send(new Request(address('', parametersOf(options, dry)), { method: 'POST', headers, body: file }));
  void queries.invalidateQueries({ queryKey: ['rows', 'imports'] });
  return (await reply.json()) as Job;
}

export async function actOn(id: string, action: 'stop' | 'resume'): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() };
  const reply = await send(new Request(address(`/${id}/${action}`), { method: 'POST', headers, body: '{}' }));
  queries.setQueryData(['import', id], (await reply.json()) as Job);
}

/* Asked for again and again while it goes on. */
export function useJob(id: string | null) {
  const found = useQuery({
    queryKey: ['import', id],
    queryFn: async ({ signal }) => (await (await send(new Request(address(`/${id}`), { signal }))).json()) as Job,
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && isActive(state.data) ? 400 : false),
  });
  const state = found.data?.state;
  useEffect(() => {
    if (state) void queries.invalidateQueries({ queryKey: ['rows'] }); /* there are new records, and the list of imports is another */
  }, [state]);
  return found;
}

export function useOutcomes(job: Job, filter: Filter) {
  return useInfiniteQuery({
    queryKey: ['import', job.id, 'rows', filter, job.state],
    queryFn: async ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: '200' });
      if (filter === 'noted') params.set('noted', 'true');
      else if (filter !== 'all') params.set('status', filter);
      if (pageParam) params.set('cursor', pageParam);
      return (await (await send(new Request(address(`/${job.id}/rows`, params), { signal }))).json()) as Page;
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: (before) => before,
  });
}

/* All rows, page by page: `csv` what became of each, `file` those that failed as they stand in the file. */
export async function saveRows(job: Job, format: 'csv' | 'file', name: string): Promise<void> {
  const parts = ['\uFEFF'];
  let next: string | null = `${location.origin}/v1/imports/${job.id}/rows?format=${format}`;
  while (next !== null) {
    const reply: Response = await send(new Request(next));
    const text = await reply.text();
    parts.push(parts.length > 1 ? text.slice(text.indexOf('\n') + 1) : text); /* one header is enough */
    const link: string | undefined = /<([^>]+)>; rel="next"/.exec(reply.headers.get('Link') ?? '')?.[1];
    next = link ? location.origin + link : null;
  }
  save(name, parts);
}
