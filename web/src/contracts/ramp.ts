/* The steps of a line's price. Those that are stored are shown as they are; those of a yearly or
 * quarterly ramp follow from its percentage, where the term is whole months (docs/prices.md). */
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

function regular(line: Row, months: number): Step[] {
  const start = textOf(line, 'starts_on');
  const end = textOf(line, 'ends_on');
  const price = amountOf(line, 'unit_price');
  if (!start || !end || price === null) return [];
  const rate = Number(line.ramp_percent ?? 0) / 100;
  const steps: Step[] = [];
  for (let i = 0; i < 400; i++) {
    const from = addMonths(start, i * months);
    if (from > end) return from === addDays(end, 1) || steps.length === 0 ? steps : [];
    const years = Math.floor((i * months) / 12);
    const factor = line.ramp_increase === 'simple' ? 1 + rate * years : (1 + rate) ** years;
    const last = addDays(addMonths(start, (i + 1) * months), -1);
    steps.push({ from, to: last, quantity: quantityOf(line), price: price * factor });
  }
  return steps;
}

export function stepsOf(line: Row): Step[] {
  const segments = Array.isArray(line.ramp_segments) ? (line.ramp_segments as Row[]) : [];
  if (line.ramp === 'custom') return given(line, segments);
  if (segments.length > 0) return [];
  if (line.ramp === 'yearly') return regular(line, 12);
  return line.ramp === 'quarterly' ? regular(line, 3) : [];
}
