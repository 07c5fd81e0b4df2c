/* The life of a contract as one list: what happened, what was asked for, and what is ahead. */
import { type Row, rowOf, textOf } from '@/api/records';
import { day, dayOf, daysBetween } from '@/text/format';
import { type TextKey, t, tn } from '@/text/t';
import { humanize } from '@/text/words';
import { addDays } from './ramp';

export interface Moment {
  key: string;
  on: string;  /* a day */
  at?: string; /* the instant, where it is known */
  kind: 'begin' | 'end' | 'pause' | 'change' | 'renewal' | 'notice' | 'approval';
  title: string;
  detail?: string;
  to?: string;
  actor?: string;
  operation?: Row;
}

/* The last day on which the customer may give notice. */
export function noticeDay(contract: Row): string | null {
  const days = contract.notice_days;
  return typeof days === 'number' && contract.ends_on ? addDays(textOf(contract, 'ends_on'), -days) : null;
}

/* When the renewal is made by itself; null where it is not, or has been made when it was created. */
export function renewalDay(contract: Row): string | null {
  const days = contract.renew_days_before;
  return contract.auto_renew === true && typeof days === 'number' && contract.ends_on ? addDays(textOf(contract, 'ends_on'), -days) : null;
}

/* A contract's days are those of its own zone. */
export function dayIn(contract: Row, at: string): string {
  return dayOf(new Date(at), textOf(contract, 'time_zone') || undefined);
}

const over = new Set(['cancelled', 'expired']);

/* What dates and settings say will happen. */
function ahead(contract: Row, today: string): Moment[] {
  if (over.has(textOf(contract, 'state'))) return [];
  const moments: (Moment | null)[] = [];
  const add = (on: string | null, kind: Moment['kind'], key: TextKey, given: Record<string, string> = {}) =>
    moments.push(on && on >= today ? { key, on, kind, title: t(key, given) } : null);
  const start = textOf(contract, 'starts_on');
  if (start > today) add(start, 'begin', 'life.begins');
  add(noticeDay(contract), 'notice', 'life.notice');
  add(renewalDay(contract), 'renewal', 'life.renewal_made');
  add(textOf(contract, 'ends_on') || null, contract.auto_renew === true && contract.ends_early !== true ? 'renewal' : 'end', contract.ends_early === true ? 'life.ends_early' : contract.auto_renew === true ? 'life.ends_renews' : 'life.ends');
  for (const one of (contract.suspensions as Row[] | undefined) ?? []) {
    if (one.ends_at) add(dayIn(contract, textOf(one, 'ends_at')), 'begin', 'life.resumes');
  }
  return moments.filter((one) => one !== null);
}

const kinds: Record<string, Moment['kind']> = {
  suspend: 'pause', resume: 'begin', cancel: 'end', renew: 'renewal', extend: 'renewal', suspended: 'pause', resumed: 'begin', cancelled: 'end',
  expired: 'end', activated: 'begin', created: 'begin', submitted: 'approval', approved: 'approval', rejected: 'approval', recalled: 'approval',
};

function ofOperation(contract: Row, row: Row): Moment {
  const on = textOf(row, 'effective_on') || dayIn(contract, textOf(row, 'created_at'));
  const lines = Array.isArray(row.lines) ? row.lines.length : 0;
  const parts = [lines > 0 ? tn('life.lines', lines) : '', textOf(row, 'reason'), textOf(row, 'failure')];
  return {
    key: row.id, on, kind: kinds[textOf(row, 'kind')] ?? 'change', title: humanize(textOf(row, 'kind')), detail: parts.filter(Boolean).join(' · '),
    actor: textOf(row, 'actor'), operation: row, to: `/contract_operations/${row.id}`, at: textOf(row, 'applied_at') || undefined,
  };
}

function ofLink(contract: Row, row: Row): Moment {
  const isFrom = row.from_contract_id === contract.id;
  const other = rowOf(row, isFrom ? 'to_contract' : 'from_contract');
  const name = textOf(other, 'number') || textOf(row, isFrom ? 'to_contract_id' : 'from_contract_id');
  const key = `life.${textOf(row, 'kind')}_${isFrom ? 'into' : 'from'}` as TextKey;
  return {
    key: row.id, on: dayIn(contract, textOf(row, 'created_at')), at: textOf(row, 'created_at'), kind: row.kind === 'renewed' ? 'renewal' : 'change',
    title: t(key, { number: name }), detail: textOf(other, 'name'), to: `/contracts/${textOf(row, isFrom ? 'to_contract_id' : 'from_contract_id')}`,
  };
}

/* Of the events only those of its life: the others are in its history. */
const told = new Set(['created', 'activated', 'suspended', 'resumed', 'expired', 'cancelled', 'submitted', 'recalled', 'approved', 'rejected']);

function ofEvent(contract: Row, row: Row): Moment | null {
  const word = textOf(row, 'type').split('.')[1] ?? '';
  if (!told.has(word)) return null;
  const at = textOf(row, 'created_at');
  return { key: row.id, on: dayIn(contract, at), at, kind: kinds[word] ?? 'change', title: humanize(word), detail: textOf(row, 'reason'), actor: textOf(row, 'actor') };
}

export interface Story {
  ahead: Moment[]; /* the nearest first */
  past: Moment[];  /* the latest first */
}

export function storyOf(contract: Row, from: { operations: Row[]; links: Row[]; events: Row[] }, today: string): Story {
  const scheduled = from.operations.filter((row) => row.state === 'scheduled').map((row) => ofOperation(contract, row));
  const done = from.operations.filter((row) => row.state !== 'scheduled').map((row) => ofOperation(contract, row));
  const links = from.links.filter((row) => row.from_line_id === null).map((row) => ofLink(contract, row));
  const events = from.events.map((row) => ofEvent(contract, row)).filter((one) => one !== null);
  const when = (one: Moment) => one.at ?? `${one.on}T00:00:00Z`;
  return {
    ahead: [...ahead(contract, today), ...scheduled].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0)),
    past: [...done, ...links, ...events].sort((a, b) => (when(a) < when(b) ? 1 : when(a) > when(b) ? -1 : 0)),
  };
}

/* "in 12 days", "today". */
export function distance(on: string, today: string): string {
  const days = daysBetween(today, on);
  return days === 0 ? t('life.today') : days > 0 ? tn('life.in_days', days) : day(on);
}
