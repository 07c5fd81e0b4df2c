/* What can be done to a contract: one description an operation. Its fields are the server's
 * (the actions of /v1/meta); here stands which lines it is about, when it makes sense, and what
 * its form begins with. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { MetaAction, MetaType } from '@/api/meta';
import { fieldOf, Problem } from '@/api/problem';
import { act, getRow, type Json, type Row, textOf } from '@/api/records';
import { send } from '@/api/client';
import {
  IconArrowMergeBoth, IconArrowsExchange, IconCalendar, IconCircleX, IconCopy, IconPencil, IconPlayerPause, IconPlayerPlay, IconPlus, IconRefresh, IconStack2, IconTrendingDown, IconTrendingUp, IconUsers,
} from '@/parts/icons';
import type { Icon } from '@/parts/tone';
import type { Amount } from './price';
import { addDays } from './ramp';

export interface Change {
  type: string;
  id: string;
  number: string | null;
  name: string | null;
  action: 'add' | 'change';
  line_type: string | null;
  line_action: string | null;
  source: string | null;
  fields: Record<string, { from: Json; to: Json }>;
  price_before: Amount | null;
  price_after: Amount | null;
}

export interface Plan {
  operation_id: string | null;
  kind: string;
  contract_id: string;
  contract_version: number;
  versions: { contract_id: string; version: number }[] | null;
  effective_on: string | null;
  changes: Change[];
  made: { type: string; id: string; new: string; number: string | null }[] | null;
  price_before: Amount | null;
  price_after: Amount | null;
  price_delta: Amount | null;
  warnings: { code: string; pointer: string | null; text: string }[];
}

export type Values = Record<string, Json>;

/* How lines come into it: none; those at the top or none for the contract; any or none; at least one. */
export type Takes = 'none' | 'roots' | 'any' | 'some';

/* A form of rows, one a line: what is given for each. */
export interface PerLine {
  field: string; /* of the input */
  id: string;    /* of a row, naming the line */
  columns: string[];
}

export interface Operation {
  name: string;
  group: 'change' | 'pause' | 'term' | 'move';
  icon: Icon;
  takes: Takes;
  states: string[];
  perLine?: PerLine;
  adds?: string; /* the field of the input that holds new lines */
  first?: (contract: Row, today: string) => Values;
}

const rows = (...columns: string[]): PerLine => ({ field: 'lines', id: 'line_id', columns });
const alive = ['active', 'suspended', 'partly_suspended'];
const begun = [...alive, 'draft'];

export const operations: Operation[] = [
  { name: 'amend', group: 'change', icon: IconPencil, takes: 'some', states: alive, perLine: rows('quantity', 'unit_price', 'product_id', 'name', 'ends_on') },
  { name: 'upsell', group: 'change', icon: IconTrendingUp, takes: 'some', states: alive, perLine: rows('quantity', 'unit_price') },
  { name: 'downsell', group: 'change', icon: IconTrendingDown, takes: 'some', states: alive, perLine: rows('quantity') },
  { name: 'swap', group: 'change', icon: IconArrowsExchange, takes: 'some', states: alive, perLine: rows('product_id', 'quantity', 'new_quantity', 'unit_price') },
  { name: 'add_lines', group: 'change', icon: IconPlus, takes: 'none', states: alive, adds: 'lines' },
  { name: 'suspend', group: 'pause', icon: IconPlayerPause, takes: 'roots', states: ['active', 'partly_suspended'] },
  { name: 'resume', group: 'pause', icon: IconPlayerPlay, takes: 'roots', states: ['suspended', 'partly_suspended'] },
  { name: 'cancel', group: 'pause', icon: IconCircleX, takes: 'roots', states: begun },
  { name: 'extend', group: 'term', icon: IconCalendar, takes: 'any', states: alive, first: () => ({ term: 'P6M' }) },
  { name: 'shorten', group: 'term', icon: IconCalendar, takes: 'any', states: alive },
  { name: 'co_terminate', group: 'term', icon: IconCalendar, takes: 'roots', states: alive, first: (contract) => ({ ends_on: contract.ends_on ?? null }) },
  { name: 'renew', group: 'term', icon: IconRefresh, takes: 'roots', states: [...alive, 'expired', 'cancelled'] },
  { name: 'merge', group: 'move', icon: IconArrowMergeBoth, takes: 'none', states: alive },
  { name: 'split', group: 'move', icon: IconStack2, takes: 'some', states: alive },
  { name: 'transfer', group: 'move', icon: IconUsers, takes: 'none', states: alive, first: (_, today) => ({ effective_on: addDays(today, 1) }) },
  { name: 'clone', group: 'move', icon: IconCopy, takes: 'none', states: [...begun, 'expired', 'cancelled'] },
];

export interface Offer {
  operation: Operation;
  action: MetaAction;
}

/* Those that the server knows, that the caller may do and that the contract's state allows. */
export function offersOf(type: MetaType, contract: Row, may: (permission: string | null) => boolean): Offer[] {
  return operations.flatMap((operation) => {
    const action = type.actions.find((one) => one.name === operation.name);
    return action && may(action.permission) && operation.states.includes(textOf(contract, 'state')) ? [{ operation, action }] : [];
  });
}

/* Of the chosen lines those that have no chosen line above them: an operation takes what is below along. */
export function topmost(chosen: Set<string>, byId: Map<string, Row>): string[] {
  const above = (id: string): boolean => {
    const parent = byId.get(id)?.parent_id;
    return typeof parent === 'string' && (chosen.has(parent) || above(parent));
  };
  return [...chosen].filter((id) => byId.has(id) && !above(id));
}

/* What is sent: what was filled in, and the lines. */
export function bodyOf(operation: Operation, values: Values, lines: string[]): Values {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== false));
  if (operation.takes === 'none' || operation.perLine || lines.length === 0) return given;
  return { ...given, lines };
}

/* Is all there that must be? What is not complete is not asked about. */
export function isComplete({ operation, action }: Offer, values: Values, lines: string[]): boolean {
  const missing = (name: string) => values[name] == null || (Array.isArray(values[name]) && (values[name] as Json[]).length === 0);
  if (operation.takes === 'some' && !operation.perLine && lines.length === 0) return false;
  if (operation.perLine && missing(operation.perLine.field)) return false;
  return action.fields.every((field) => field.name === 'lines' ? !operation.adds || !missing('lines') : field.rule !== 'required' || !missing(field.name));
}

/* Refusals by field; those of a line also by its place: "lines/2". */
export function errorsOf(problem: Problem | null): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const issue of problem?.issues ?? []) {
    const { field, rest } = fieldOf(issue.pointer);
    errors[field] ??= issue.detail;
    if (rest) errors[`${field}/${rest}`] ??= issue.detail;
  }
  return errors;
}

async function ask(path: string, body: Values, signal: AbortSignal): Promise<Plan> {
  const request = new Request(`${location.origin}/v1/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal });
  return (await (await send(request)).json()) as Plan;
}

/* What would happen; asked for again whenever what is asked changes. */
export function usePreview(contract: string, name: string, body: Values, enabled: boolean) {
  return useQuery({
    queryKey: ['preview', contract, name, body],
    queryFn: ({ signal }) => ask(`contracts/${contract}/${name}/preview`, body, signal),
    placeholderData: (before) => before,
    enabled,
    retry: false,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

/* What is sent once it was looked at: with the versions of other contracts that were shown, where the operation takes them. */
export function asShown(body: Values, plan: Pick<Plan, 'versions'> | undefined, takesVersions: boolean): Values {
  return takesVersions && plan?.versions?.length ? { ...body, versions: plan.versions } : body;
}

/* Done to the contract as it was looked at: changed since then, it is refused (412). */
export function useApply(contract: string, name: string) {
  return useMutation({ mutationFn: async ({ body, version }: { body: Values; version: number | undefined }) => (await act(`contracts/${contract}`, name, body, version)) as unknown as Plan });
}

/* Takes back an operation that has not taken effect; null where it has. */
export async function undoOf(plan: Plan): Promise<(() => Promise<unknown>) | null> {
  if (plan.operation_id === null) return null;
  const operation = await getRow(`contract_operations/${plan.operation_id}`);
  return operation.state === 'scheduled' ? () => act(`contract_operations/${operation.id}`, 'undo', {}) : null;
}
