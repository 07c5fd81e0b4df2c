/* The steps of a line's price. Those that are stored are shown as they are; those of a yearly or
 * quarterly ramp follow from its percentage (docs/prices.md). */
import { type Row, textOf } from '@/api/records';

export interface Step {
  from: string;
  to: string | null;
  quantity: number | null;
  price: number | null; /* of one */
}

/* The same day some months later, or the last one of a shorter month. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(dayOfMonth, last))).toISOString().slice(0, 10);
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function amountOf(row: Row, name: string): number | null {
  const money = row[name] as { amount: string } | null | undefined;
  return money ? Number(money.amount) : null;
}

function quantityOf(row: Row): number | null {
  return row.quantity === null || row.quantity === undefined ? null : Number(row.quantity);
}

/* Segments as given: what they leave out is the line's, raised by their percentage upon the step before. */
function given(line: Row, segments: Row[]): Step[] {
  let price = amountOf(line, 'unit_price');
  return segments.map((segment, i) => {
    const raised = price === null ? null : price * (1 + Number(segment.percent ?? 0) / 100);
    price = amountOf(segment, 'unit_price') ?? raised;
    const next = segments[i + 1];
    const to = textOf(segment, 'ends_on') || (next ? addDays(textOf(next, 'starts_on'), -1) : textOf(line, 'ends_on')) || null;
    return { from: textOf(segment, 'starts_on'), to, quantity: quantityOf(segment) ?? quantityOf(line), price };
  });
}

/* Whole months from one date to another, and whether nothing is left over. */
function monthsBetween(from: string, until: string): { months: number; whole: boolean } {
  const count = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  let months = count(until) - count(from);
  if (addMonths(from, months) > until) months--;
  return { months, whole: addMonths(from, months) === until };
}

export interface Span {
  from: string;
  to: string;
}

/* The steps of a yearly or quarterly ramp: the first one is shorter where they do not fit. Counted from the first
 * day if the term is whole months, else from the last (docs/prices.md). */
export function tiles(start: string, end: string, step: number): Span[] {
  const until = addDays(end, 1);
  const { months, whole } = monthsBetween(start, until);
  const count = whole ? Math.ceil(months / step) : Math.floor(months / step) + 1;
  const begins = Array.from({ length: count }, (_, k) => {
    if (k === 0) return start;
    const date = whole ? addMonths(start, months - step * (count - k)) : addMonths(until, -step * (count - k));
    return date > start ? date : addDays(start, 1);
  });
  return begins.map((from, k) => ({ from, to: k + 1 < count ? addDays(begins[k + 1]!, -1) : end }));
}

export interface Raise {
  by: 'percent' | 'amount';
  value: number;
  increase: 'compound' | 'simple';
}

/* The price when a step begins: raised once for each year gone before it. */
export function raised(price: number, start: string, from: string, { by, value, increase }: Raise): number {
  const years = Math.floor(monthsBetween(start, from).months / 12);
  if (by === 'amount') return price + value * years;
  const rate = value / 100;
  return increase === 'simple' ? price * (1 + rate * years) : price * (1 + rate) ** years;
}

/* What a step costs in months of the price's period; days of months that are not whole count by the month's days. */
export function monthsOf({ from, to }: Span): { months: number; whole: boolean } {
  const until = addDays(to, 1);
  const { months, whole } = monthsBetween(from, until);
  if (whole) return { months, whole };
  const last = addMonths(from, months);
  const days = (a: string, b: string) => (Date.parse(b) - Date.parse(a)) / 86_400_000;
  return { months: months + days(last, until) / days(last, addMonths(from, months + 1)), whole };
}

const periods: Record<string, number> = { weekly: 12 / 52, monthly: 1, quarterly: 3, half_yearly: 6, yearly: 12 };

/* How many months a price is for. */
export function periodMonths(line: Row): number {
  return line.period === 'months' ? Number(line.period_months ?? 1) : (periods[String(line.period)] ?? 1);
}

export const stepMonths: Record<string, number> = { yearly: 12, quarterly: 3 };

function regular(line: Row, months: number, special: Row[]): Step[] {
  const start = textOf(line, 'starts_on');
  const end = textOf(line, 'ends_on');
  const price = amountOf(line, 'unit_price');
  if (!start || !end || price === null) return [];
  const raise: Raise = { by: 'percent', value: Number(line.ramp_percent ?? 0), increase: line.ramp_increase === 'simple' ? 'simple' : 'compound' };
  let before = price;
  return tiles(start, end, months).map(({ from, to }) => {
    const own = special.find((segment) => textOf(segment, 'starts_on') === from);
    const upon = own?.percent === null || own?.percent === undefined ? null : before * (1 + Number(own.percent) / 100);
    before = (own && amountOf(own, 'unit_price')) ?? upon ?? raised(price, start, from, raise);
    return { from, to, quantity: (own && quantityOf(own)) ?? quantityOf(line), price: before };
  });
}

export function stepsOf(line: Row): Step[] {
  const segments = Array.isArray(line.ramp_segments) ? (line.ramp_segments as Row[]) : [];
  if (line.ramp === 'custom') return given(line, segments);
  const months = stepMonths[String(line.ramp)];
  return months ? regular(line, months, segments) : [];
}
