/* Dates, times, durations and units as people read them, in the zone of the person. */
import { locale, number, numbers, t } from './t';

let zone = 'UTC';

export function setZone(name: string): void {
  zone = name;
}

export function zoneName(): string {
  return zone;
}

/* Making a format takes longer than using it a hundred times, and a table uses the same ones in every row. */
const dates = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions, tag = locale()): Intl.DateTimeFormat {
  const key = tag + JSON.stringify(options);
  const known = dates.get(key) ?? new Intl.DateTimeFormat(tag, options);
  dates.set(key, known);
  return known;
}

/* "2026-07-01" as "1 Jul 2026". A day is a day in every zone. */
export function day(date: string): string {
  return formatter({ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );
}

export function instant(at: string): string {
  return formatter({
    day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: zone,
  }).format(new Date(at));
}

/* With its zone, for a title. */
export function instantLong(at: string): string {
  return formatter({ dateStyle: 'full', timeStyle: 'long', timeZone: zone }).format(new Date(at));
}

/* The day of an instant in the zone of the person: "2026-07-01". */
export function dayOf(at: Date, inZone = zone): string {
  return formatter({ timeZone: inZone, year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA').format(at);
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600], ['month', 2_629_800], ['week', 604_800], ['day', 86_400], ['hour', 3600], ['minute', 60],
];

/* "3 hours ago", "in 2 days". */
export function ago(at: string, now = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) {
      const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
      return format.format(Math.trunc(seconds / size), unit);
    }
  }
  return t('time.just_now');
}

/* A span in its two greatest units: "2d 4h", "4h 10m", "3m". */
export function span(seconds: number): string {
  const s = Math.abs(Math.trunc(seconds));
  const parts: [number, string][] = [
    [Math.floor(s / 86_400), 'd'], [Math.floor(s / 3600) % 24, 'h'], [Math.floor(s / 60) % 60, 'm'], [s % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0s';
  return parts.slice(first, first + 2).filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`).join(' ');
}

export function minutes(count: number): string {
  const hours = Math.floor(Math.abs(count) / 60);
  const rest = Math.abs(count) % 60;
  const text = hours === 0 ? `${rest} min` : rest === 0 ? `${number(hours)} h` : `${number(hours)} h ${rest} min`;
  return count < 0 ? `−${text}` : text;
}

/* Units of an entitlement: minutes as hours, everything else as a number. */
export function units(count: number, unit: string): string {
  return unit === 'minutes' ? minutes(count) : number(count);
}

/* "P1Y6M" as "1 year, 6 months". */
export function duration(iso: string): string {
  const match = /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso);
  if (!match) return iso;
  const names = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'];
  const parts = names.flatMap((unit, i) => {
    const count = Number(match[i + 2] ?? 0);
    if (count === 0) return [];
    return [numbers({ style: 'unit', unit, unitDisplay: 'long' }).format(count)];
  });
  return `${match[1]}${parts.join(', ') || '0'}`;
}

export function money(amount: string, currency: string): string {
  const digits = amount.includes('.') ? amount.length - amount.indexOf('.') - 1 : 0;
  try {
    return numbers({
      style: 'currency', currency, minimumFractionDigits: Math.max(2, digits), maximumFractionDigits: Math.max(2, digits),
    }).format(amount as unknown as number);
  } catch {
    return `${amount} ${currency}`;
  }
}

/* Whole days from one date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
