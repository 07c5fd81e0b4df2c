/* A ramp while it is edited: how its steps follow from each other, and the steps that do not. */
import type { Json, Row } from '@/api/records';
import { textOf } from '@/api/records';
import { amountOf } from './price';
import { addDays, monthsOf, periodMonths, type Raise, raised, type Step, stepMonths, stepsOf, tiles } from './ramp';

export type Kind = 'none' | 'yearly' | 'quarterly' | 'custom';

export interface RampRow {
  from: string;
  quantity: string;
  price: string;
  own: boolean; /* said by hand, not as it follows */
}
export interface RampDraft {
  kind: Kind;
  price: string;
  by: Raise['by'];
  value: string;
  increase: Raise['increase'];
  rows: RampRow[];
}

export function shown(value: number): string {
  return String(Number(value.toFixed(6)));
}

function raiseOf(draft: RampDraft): Raise {
  return { by: draft.by, value: Number(draft.value || 0), increase: draft.increase };
}

function quantityOf(line: Row): string {
  return line.quantity === null || line.quantity === undefined ? '1' : String(line.quantity);
}

/* The steps that follow; those said by hand stay, if they still begin on their day. */
export function followed(draft: RampDraft, line: Row): RampDraft {
  const start = textOf(line, 'starts_on');
  const months = stepMonths[draft.kind];
  const spans = months ? tiles(start, textOf(line, 'ends_on'), months) : draft.kind === 'custom' ? draft.rows.map(({ from }) => ({ from })) : [];
  const rows = spans.map(({ from }): RampRow => draft.rows.find((row) => row.own && row.from === from)
    ?? { from, quantity: quantityOf(line), price: shown(raised(Number(draft.price || 0), start, from, raiseOf(draft))), own: false });
  return { ...draft, rows };
}

export function draftOf(line: Row): RampDraft {
  const segments = Array.isArray(line.ramp_segments) ? (line.ramp_segments as Row[]) : [];
  const price = (amountOf(line, 'unit_price') ?? amountOf(line, 'list_price'))?.amount ?? '';
  const kind = String(line.ramp) as Kind;
  const rows = stepsOf(line).map((step): RampRow => ({
    from: step.from, quantity: step.quantity === null ? '1' : shown(step.quantity), price: step.price === null ? '' : shown(step.price),
    own: kind === 'custom' || segments.some((segment) => textOf(segment, 'starts_on') === step.from && ['quantity', 'unit_price', 'percent'].some((name) => segment[name] !== null && segment[name] !== undefined)),
  }));
  return { kind, price, by: 'percent', value: line.ramp_percent === null || line.ramp_percent === undefined ? '' : String(line.ramp_percent), increase: line.ramp_increase === 'simple' ? 'simple' : 'compound', rows };
}

/* Another kind; a custom ramp begins with the steps there are, or one for each year. */
export function withKind(draft: RampDraft, kind: Kind, line: Row): RampDraft {
  if (kind !== 'custom') return followed({ ...draft, kind, rows: [] }, line);
  const rows = draft.rows.length > 0 ? draft.rows : followed({ ...draft, kind: 'yearly' }, line).rows;
  return { ...draft, kind, rows };
}

/* Steps as they are drawn. */
export function drawn(draft: RampDraft, line: Row): Step[] {
  return draft.rows.map((row, i) => ({
    from: row.from, to: draft.rows[i + 1] ? addDays(draft.rows[i + 1]!.from, -1) : textOf(line, 'ends_on'), quantity: Number(row.quantity || 0), price: Number(row.price || 0),
  }));
}

export interface Sum {
  months: number;
  whole: boolean;
  amount: number;
}

export function sumOf(step: Step, line: Row): Sum {
  const { months, whole } = monthsOf({ from: step.from, to: step.to ?? step.from });
  return { months, whole, amount: ((step.price ?? 0) * (step.quantity ?? 0) * months) / periodMonths(line) };
}

/* In two halves at the middle of the step, on a first of a month where there is one. */
export function split(draft: RampDraft, at: number, line: Row): RampDraft {
  const step = drawn(draft, line)[at]!;
  const middle = new Date((Date.parse(step.from) + Date.parse(step.to ?? step.from)) / 2).toISOString().slice(0, 10);
  const first = `${middle.slice(0, 7)}-01`;
  const from = first > step.from ? first : middle;
  if (from <= step.from) return draft;
  const rows = [...draft.rows];
  rows.splice(at + 1, 0, { ...rows[at]!, from, own: true });
  return { ...draft, rows };
}

/* Is what is sent a custom ramp? An amount has no other way. */
export function isCustom(draft: RampDraft): boolean {
  return draft.kind === 'custom' || (draft.by === 'amount' && Number(draft.value || 0) !== 0);
}

/* Steps leave no gap: where one is said by hand the others are named, and follow. */
function segmentsOf(rows: RampRow[], custom: boolean, line: Row, currency: string): Json[] {
  if (!custom && !rows.some((row) => row.own)) return [];
  return rows.map((row, i) => ({
    starts_on: row.from,
    ends_on: rows[i + 1] ? addDays(rows[i + 1]!.from, -1) : textOf(line, 'ends_on'),
    ...(custom || row.own ? { quantity: row.quantity, unit_price: { amount: row.price, currency } } : {}),
  }));
}

/* What is sent. Of a line in force only the steps can be. */
export function sentOf(draft: RampDraft, line: Row, live: boolean): Record<string, Json> {
  const currency = (amountOf(line, 'unit_price') ?? amountOf(line, 'list_price'))?.currency ?? 'EUR';
  const custom = live ? line.ramp === 'custom' : isCustom(draft);
  const ramp_segments = segmentsOf(draft.rows, custom, line, currency);
  if (live) return { ramp_segments };
  if (draft.kind === 'none') return { ramp: 'none', ramp_percent: null, ramp_segments: [] };
  const before = draftOf(line);
  return {
    ramp: custom ? 'custom' : draft.kind,
    ramp_percent: custom || draft.value === '' ? null : draft.value,
    ramp_increase: draft.increase,
    ...(draft.price !== before.price && draft.price !== '' ? { unit_price: { amount: draft.price, currency } } : {}),
    ramp_segments,
  };
}
