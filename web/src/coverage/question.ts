/* The question of the desk is its address, so that an answer can be sent to a colleague. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { queries } from '@/api/query';
import type { components } from '@/api/schema';

export type Coverage = components['schemas']['Coverage'];
export type Candidate = components['schemas']['CoverageCandidate'];

export interface Question {
  account_id: string | null;
  contact_id: string | null;
  product_id: string | null;
  asset_id: string | null;
  channel: string | null;
  at: string | null;
  units: number | null;
}

const names = ['account_id', 'contact_id', 'product_id', 'asset_id', 'channel', 'at'] as const;

export function questionOf(address: URLSearchParams): Question {
  const texts = Object.fromEntries(names.map((name) => [name, address.get(name)])) as Omit<Question, 'units'>;
  const units = Number(address.get('units') ?? NaN);
  return { ...texts, units: Number.isInteger(units) && units >= 0 ? units : null };
}

export function addressOf(question: Question): URLSearchParams {
  const address = new URLSearchParams();
  for (const [name, value] of Object.entries(question)) if (value !== null && value !== '') address.set(name, String(value));
  return address;
}

/* Something must tell the account. */
export function canAsk(question: Question): boolean {
  return question.account_id !== null || question.contact_id !== null || question.asset_id !== null;
}

function answerOf(question: Question) {
  return queryOptions({
    queryKey: ['rows', 'coverage', question],
    queryFn: async ({ signal }) => body(await api.POST('/v1/coverage/check', { body: question, signal })),
    staleTime: 5000,
  });
}

export function useCoverage(question: Question) {
  return useQuery({ ...answerOf(question), enabled: canAsk(question), placeholderData: (before) => before });
}

/* Asked before it is needed: a check changes nothing. */
export function askAhead(question: Question): void {
  if (canAsk(question)) void queries.prefetchQuery(answerOf(question));
}
