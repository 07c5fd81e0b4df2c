/* The arithmetic of the charts: exact sums of decimals, scales, the floating columns of a waterfall. */

function partsOf(decimal: string): [bigint, number] {
  const [whole = '0', rest = ''] = decimal.split('.');
  return [BigInt(whole + rest), rest.length];
}

/* Decimals as the server writes them, added without rounding. */
export function sum(decimals: string[]): string {
  const parts = decimals.map(partsOf);
  const digits = Math.max(0, ...parts.map(([, count]) => count));
  const total = parts.reduce((all, [value, count]) => all + value * 10n ** BigInt(digits - count), 0n);
  const text = (total < 0n ? -total : total).toString().padStart(digits + 1, '0');
  return (total < 0n ? '-' : '') + (digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`);
}

/* `part` of `whole` in percent, with one digit; null where there is no whole. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1000) / 10;
}

/* Round values from zero to at least `most`, about `count` of them. */
export function ticks(most: number, count = 4, whole = false): number[] {
  if (!(most > 0)) return [0, 1];
  const raw = most / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const found = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= raw * (1 - 1e-9)) ?? raw;
  const step = whole ? Math.max(1, Math.ceil(found)) : found;
  const last = Math.ceil(most / step - 1e-9);
  return Array.from({ length: last + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

export interface Floating {
  key: string;
  from: number;
  to: number;
  amount: string;
  total: boolean; /* stands on the ground */
}

export const moves = ['new', 'won_back', 'upsell', 'uplift', 'downsell', 'churn'] as const;
type Movement = Record<'opening' | 'closing' | (typeof moves)[number], string>;

/* Periods that follow upon each other, as one: what there was, each kind of movement, what there is. */
export function waterfall(periods: Movement[]): Floating[] {
  const first = periods[0];
  const last = periods.at(-1);
  if (!first || !last) return [];
  let at = first.opening;
  const between = moves.map((key) => {
    const amount = sum(periods.map((period) => period[key]));
    const from = at;
    at = sum([at, amount]);
    return { key, from: Number(from), to: Number(at), amount, total: false };
  });
  return [
    { key: 'opening', from: 0, to: Number(first.opening), amount: first.opening, total: true },
    ...between,
    { key: 'closing', from: 0, to: Number(last.closing), amount: last.closing, total: true },
  ];
}

/* How often each key is met, the most frequent first, with the rows that have it. */
export function grouped<Row>(rows: Row[], keyOf: (row: Row) => string): { key: string; rows: Row[] }[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups].map(([key, members]) => ({ key, rows: members })).sort((a, b) => b.rows.length - a.rows.length);
}

/* The day one year before, and a day more: twelve months that end with `day`. */
export function yearTo(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year - 1, month, 0)).getUTCDate();
  return new Date(Date.UTC(year - 1, month - 1, Math.min(date, last) + 1)).toISOString().slice(0, 10);
}

/* The instant at which a day begins in a zone. */
export function beginOf(day: string, zone: string): string {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  const shown = (at: number) => {
    const text = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
    return Date.parse(`${text.replace(' ', 'T')}Z`);
  };
  let at = wanted;
  for (let i = 0; i < 2; i++) at += wanted - shown(at);
  return new Date(at).toISOString().replace('.000', '');
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}
