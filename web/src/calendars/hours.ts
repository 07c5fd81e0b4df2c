/* The hours of a week: as the API has them, as blocks to draw, as text to type. The server
 * judges what is saved; this only keeps the drawing and the text in step. */
export const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof days)[number];
export type Span = [string, string];
export type Week = Partial<Record<Day, Span[]>>;

/* Open from `from` to `to` minutes behind the beginning of the day; beyond 1440 it is the next. */
export interface Block {
  day: number;
  from: number;
  to: number;
}

export const dayMinutes = 1440;

export function minutesOf(time: string): number {
  const [h = 0, m = 0, s = 0] = time.split(':').map(Number);
  return h * 60 + m + s / 60;
}

export function timeOf(minutes: number): string {
  const seconds = Math.round(minutes * 60);
  const two = (value: number) => String(value).padStart(2, '0');
  const rest = seconds % 60;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}${rest ? `:${two(rest)}` : ''}`;
}

function blockOf(day: number, [opens, closes]: Span): Block {
  const from = minutesOf(opens);
  const to = minutesOf(closes);
  return { day, from, to: to > from ? to : to + dayMinutes };
}

export function spanOf({ from, to }: Block): Span {
  return [timeOf(from), timeOf(to > dayMinutes ? to - dayMinutes : to)];
}

/* In order, with those that overlap or adjoin as one, as they count once. */
export function merged(blocks: Block[]): Block[] {
  const out: Block[] = [];
  for (const block of [...blocks].sort((a, b) => a.day - b.day || a.from - b.from)) {
    const last = out.at(-1);
    if (last && last.day === block.day && block.from <= last.to) {
      last.to = Math.min(Math.max(last.to, block.to), last.from + dayMinutes);
    } else out.push({ ...block });
  }
  return out;
}

export function blocksOf(week: Week): Block[] {
  return days.flatMap((name, day) => (week[name] ?? []).map((span) => blockOf(day, span)));
}

export function weekOf(blocks: Block[]): Week {
  const week: Week = {};
  for (const block of merged(blocks)) (week[days[block.day]!] ??= []).push(spanOf(block));
  return week;
}

export function minutesOfSpans(spans: Span[]): number {
  return spans.map((span) => blockOf(0, span)).reduce((sum, { from, to }) => sum + to - from, 0);
}

function spansText(spans: Span[]): string {
  return spans.map(([from, to]) => `${from}-${to}`).join(',');
}

/* "mon-thu 09:00-12:00,13:00-17:30; fri 22:00-06:00", or "closed". */
export function weekText(week: Week): string {
  const texts = days.map((day) => spansText(week[day] ?? []));
  const parts: string[] = [];
  for (let first = 0; first < days.length;) {
    let last = first;
    while (last + 1 < days.length && texts[last + 1] === texts[first]) last++;
    if (texts[first]) parts.push(`${days[first]}${last > first ? `-${days[last]}` : ''} ${texts[first]}`);
    first = last + 1;
  }
  return parts.join('; ') || 'closed';
}

export type Fault = 'day' | 'time' | 'hours' | 'twice';
export type Parsed = { week: Week } | { fault: Fault; at: number; word: string };

const timeShape = /^(?:([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|24:00(?::00)?)$/;

export function isTime(text: string): boolean {
  return timeShape.test(text);
}

class Refused extends Error {
  constructor(readonly fault: Fault, readonly at: number, readonly word: string) {
    super(fault);
  }
}

function parseDays(text: string, at: number): number[] {
  const out: number[] = [];
  let place = at;
  for (const range of text.split(',')) {
    const [first, last = first] = range.trim().split('-').map((name) => days.indexOf(name.trim().slice(0, 3) as Day));
    if (first === undefined || last === undefined || first < 0 || last < 0) throw new Refused('day', place, range.trim());
    for (let day = first; ; day = (day + 1) % 7) {
      out.push(day);
      if (day === last) break;
    }
    place += range.length + 1;
  }
  return out;
}

function parseSpans(text: string, at: number): Span[] {
  let place = at;
  return text.split(',').map((part) => {
    const [from = '', to] = part.trim().split(/\s*[-–]\s*/);
    const word = part.trim();
    const here = place + part.length - part.trimStart().length;
    place += part.length + 1;
    if (to === undefined) throw new Refused('hours', here, word);
    for (const time of [from, to]) if (!isTime(time)) throw new Refused('time', here + (time === to ? word.lastIndexOf(to) : 0), time || word);
    if (minutesOf(from) >= dayMinutes) throw new Refused('time', here, from);
    return [timeOf(minutesOf(from)), timeOf(minutesOf(to))];
  });
}

/* Reads what weekText() writes, and what people write who do not know how it does. */
export function parseWeek(typed: string): Parsed {
  const text = typed.toLowerCase();
  const week: Week = {};
  if (/^\s*(closed)?\s*$/.test(text)) return { week };
  try {
    let place = 0;
    for (const part of text.split(';')) {
      const at = place + part.length - part.trimStart().length;
      place += part.length + 1;
      const match = /^([a-z ,-]+?)\s+(\S.*)$/.exec(part.trim()) ?? (part.trim() === '' ? null : [part, part.trim(), '']);
      if (!match) continue;
      const hours = match[2]!.trim();
      const named = parseDays(match[1]!, at);
      if (hours === 'closed') continue;
      const spans = parseSpans(hours, at + part.trim().length - hours.length);
      for (const day of named) {
        if (week[days[day]!]) throw new Refused('twice', at, match[1]!);
        week[days[day]!] = spans;
      }
    }
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    return { fault: refused.fault, at: refused.at, word: refused.word };
  }
  return { week: weekOf(blocksOf(week)) };
}

/* "4h", "90m", "1h 30m", "2.5 h" as seconds; "3d" as business days. */
export function parseAmount(text: string): { seconds: number } | { days: number } | null {
  const whole = text.trim().toLowerCase();
  const inDays = /^(\d{1,4})\s*(?:d|days?|business days?)$/.exec(whole);
  if (inDays) return { days: Number(inDays[1]) };
  const size: Record<string, number> = { h: 3600, m: 60, s: 1 };
  const parts = [...whole.matchAll(/(\d+(?:[.,]\d+)?)\s*(h|m|s)(?:ours?|in(?:utes?)?|ecs?|econds?|rs?)?\s*/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== whole) return null;
  return { seconds: Math.round(parts.reduce((sum, [, count, unit]) => sum + Number(count!.replace(',', '.')) * size[unit!]!, 0)) };
}
