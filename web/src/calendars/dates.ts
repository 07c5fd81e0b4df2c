/* Dates of holidays as the API writes them, and which days of a year they are. */
import type { Json } from '@/api/records';
import { days, type Day, type Span, type Week } from './hours';

export interface Holiday {
  date?: string;
  days?: number | null;
  from?: string | null;
  to?: string | null;
  yearly?: boolean;
  name?: string | null;
  external_id?: string | null;
}
export type Dates = Record<string, Span[]>;

/* What holds from a date on, complete in itself; without a date: from the beginning. */
export interface Version {
  effective_from?: string;
  name?: string | null;
  week: Week;
  holidays: Holiday[];
  exceptions: Dates;
  breaks: Dates;
}

export function holidaysOf(value: Json | undefined): Holiday[] {
  const list = Array.isArray(value) ? value : [];
  return list.map((one) => (typeof one === 'string' ? { date: one } : (one as unknown as Holiday)));
}

const ms = 86_400_000;

export function dayNumber(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / ms);
}

export function dateOf(number: number): string {
  return new Date(number * ms).toISOString().slice(0, 10);
}

/* 0 is Monday. */
export function weekdayOf(date: string): number {
  return (dayNumber(date) + 3) % 7;
}

/* Easter Sunday of the Gregorian calendar: the rule of Meeus, Jones and Butcher. */
export function easterOf(year: number): string {
  const a = year % 19, b = Math.floor(year / 100), c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return `${String(year).padStart(4, '0')}-${String(Math.floor(n / 31)).padStart(2, '0')}-${String((n % 31) + 1).padStart(2, '0')}`;
}

export type Rule =
  | { kind: 'once'; date: string }
  | { kind: 'yearly'; month: number; day: number }
  | { kind: 'weekday'; month: number; weekday: number; nth: number; offset: number }
  | { kind: 'easter'; offset: number };

const signed = (n: number) => (n === 0 ? '' : n > 0 ? `+${n}` : `${n}`);
const two = (n: number) => String(n).padStart(2, '0');

export function ruleOf(text: string): Rule | null {
  let match = /^easter([+-]\d{1,3})?$/.exec(text);
  if (match) return { kind: 'easter', offset: Number(match[1] ?? 0) };
  match = /^\*-(\d\d)-(mon|tue|wed|thu|fri|sat|sun)(-?[1-5])([+-]\d{1,3})?$/.exec(text);
  if (match) return { kind: 'weekday', month: Number(match[1]), weekday: days.indexOf(match[2] as Day), nth: Number(match[3]), offset: Number(match[4] ?? 0) };
  match = /^\*-(\d\d)-(\d\d)$/.exec(text);
  if (match) return { kind: 'yearly', month: Number(match[1]), day: Number(match[2]) };
  return /^\d{4}-\d\d-\d\d$/.test(text) ? { kind: 'once', date: text } : null;
}

export function ruleText(rule: Rule): string {
  switch (rule.kind) {
    case 'once': return rule.date;
    case 'yearly': return `*-${two(rule.month)}-${two(rule.day)}`;
    case 'weekday': return `*-${two(rule.month)}-${days[rule.weekday]}${rule.nth}${signed(rule.offset)}`;
    case 'easter': return `easter${signed(rule.offset)}`;
  }
}

function nthWeekday(year: number, { month, weekday, nth, offset }: Extract<Rule, { kind: 'weekday' }>): number | null {
  const first = dayNumber(`${year}-${two(month)}-01`);
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const last = first + length - 1;
  const day = nth > 0
    ? first + ((weekday - weekdayOf(dateOf(first)) + 7) % 7) + 7 * (nth - 1)
    : last - ((weekdayOf(dateOf(last)) - weekday + 7) % 7) + 7 * (nth + 1);
  return day < first || day > last ? null : day + offset;
}

/* The day of a rule in a year; null where it has none. */
export function dayOfRule(rule: Rule, year: number): number | null {
  switch (rule.kind) {
    case 'once': return rule.date.startsWith(`${year}-`) ? dayNumber(rule.date) : null;
    case 'easter': return dayNumber(easterOf(year)) + rule.offset;
    case 'weekday': return nthWeekday(year, rule);
    case 'yearly': {
      const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
      return rule.month === 2 && rule.day === 29 && !leap ? null : dayNumber(`${year}-${two(rule.month)}-${two(rule.day)}`);
    }
  }
}

/* A closed day: wholly, or from and until a time. */
export interface Closed {
  date: string;
  name: string;
  from?: string;
  to?: string;
}

function run(first: number, last: number, holiday: Holiday, from?: string | null, to?: string | null): Closed[] {
  return Array.from({ length: Math.max(0, Math.min(last - first + 1, 800)) }, (_, i) => ({
    date: dateOf(first + i),
    name: holiday.name ?? '',
    ...(i === 0 && from && from !== '00:00' ? { from } : {}),
    ...(i === last - first && to && to !== '24:00' ? { to } : {}),
  }));
}

/* From one date to another; a `to` without a time is included whole. */
function range(holiday: Holiday, year: number): Closed[] {
  const [from = '', begins] = (holiday.from ?? '').split('T');
  const [to = '', ends] = (holiday.to ?? '').split('T');
  if (!/^\d{4}-/.test(from) || !/^\d{4}-/.test(to)) return [];
  if (!holiday.yearly) return run(dayNumber(from), dayNumber(to), holiday, begins, ends);
  const over = to.slice(5) < from.slice(5) ? 1 : 0;
  return run(dayNumber(`${year}${from.slice(4)}`), dayNumber(`${year + over}${to.slice(4)}`), holiday, begins, ends);
}

function daysFrom(holiday: Holiday, year: number): Closed[] {
  if (!holiday.date) return range(holiday, year);
  const rule = ruleOf(holiday.date);
  const first = rule && dayOfRule(rule, year);
  return first == null ? [] : run(first, first + (holiday.days ?? 1) - 1, holiday, holiday.from, holiday.to);
}

/* Its days that lie in a year, those of one that began the year before, too. */
export function closedDays(holiday: Holiday, year: number): Closed[] {
  const seen = new Set<string>();
  return [year - 1, year, year + 1].flatMap((one) => daysFrom(holiday, one))
    .filter(({ date }) => date.startsWith(`${year}-`) && !seen.has(date) && seen.add(date));
}

/* The next days on which it begins, from a date on. */
export function nextDays(holiday: Holiday, from: string, count: number): string[] {
  const year = Number(from.slice(0, 4));
  const found = new Set<string>();
  for (let one = year; one < year + 12 && found.size < count; one++) {
    const first = daysFrom(holiday, one)[0];
    if (first && first.date >= from) found.add(first.date);
  }
  return [...found].slice(0, count);
}

export type DayKind = 'open' | 'off' | 'holiday' | 'half' | 'exception' | 'break';
export interface DayPlan {
  kind: DayKind;
  names: string[];
  spans: Span[];
  closed: Closed[];
}

export function versionOn(versions: Version[], date: string): Version {
  return versions.findLast((one) => !one.effective_from || one.effective_from <= date) ?? versions[0]!;
}

/* What is on each day of a year. Exceptions are stronger than holidays, breaks than both. */
export function planYear(versions: Version[], shared: Holiday[], year: number): Map<string, DayPlan> {
  const closed = new Map<Version, Map<string, Closed[]>>();
  for (const version of versions) {
    const byDate = new Map<string, Closed[]>();
    for (const one of [...version.holidays, ...shared].flatMap((holiday) => closedDays(holiday, year))) {
      byDate.set(one.date, [...(byDate.get(one.date) ?? []), one]);
    }
    closed.set(version, byDate);
  }
  const first = dayNumber(`${year}-01-01`);
  const length = dayNumber(`${year + 1}-01-01`) - first;
  return new Map(Array.from({ length }, (_, i) => {
    const date = dateOf(first + i);
    const version = versionOn(versions, date);
    const holidays = closed.get(version)!.get(date) ?? [];
    const own = version.exceptions[date];
    const spans = own ?? version.week[days[weekdayOf(date)]!] ?? [];
    const whole = holidays.some((one) => !one.from && !one.to);
    const kind: DayKind = version.breaks[date] ? 'break' : own ? 'exception' : whole ? 'holiday' : holidays.length > 0 ? 'half' : spans.length > 0 ? 'open' : 'off';
    return [date, { kind, names: holidays.map((one) => one.name).filter(Boolean), spans, closed: holidays }];
  }));
}
