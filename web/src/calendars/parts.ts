/* A calendar's design in parts, so that what two people changed can be put together. */
import type { Part, Parts } from '@/parts/merge';
import { day } from '@/text/format';
import { d } from '@/text/designers';
import { type Dates, type Holiday, type Version } from './dates';
import { holidayInWords, nameOf } from './describe';
import type { Draft } from './draft';
import { type Day, days, type Span, type Week, weekText } from './hours';
import { dayName } from './Week';

const split = '\n';

function spansText(spans: Span[]): string {
  return spans.length === 0 ? d('merge.closed') : spans.map(([from, to]) => `${from}–${to}`).join(', ');
}

function versionName(version: Version): string {
  return version.effective_from ? d('cal.from', { date: day(version.effective_from) }) : '';
}

/* The same holiday, though its name or length is another. */
export function identityOf(holiday: Holiday): string {
  return holiday.external_id ?? holiday.date ?? `${holiday.from}–${holiday.to}`;
}

function wholeText(version: Version): string {
  return [version.name, weekText(version.week), ...version.holidays.map(holidayInWords)].filter(Boolean).join('\n');
}

export function holidayParts(holidays: Holiday[], prefix = '', where = ''): [string, Part][] {
  return holidays.map((holiday) => [`${prefix}holiday${split}${identityOf(holiday)}`, { label: [where, nameOf(holiday)].filter(Boolean).join(': '), text: holidayInWords(holiday), value: holiday }]);
}

function dateParts(dates: Dates, kind: 'exceptions' | 'breaks', prefix: string, where: string): [string, Part][] {
  return Object.entries(dates).map(([date, spans]) => [`${prefix}${kind}${split}${date}`, { label: [where, `${d(`merge.${kind}`)} ${day(date)}`].filter(Boolean).join(': '), text: spansText(spans), value: spans }]);
}

function versionParts(version: Version): [string, Part][] {
  const where = versionName(version);
  const prefix = `${version.effective_from ?? ''}${split}`;
  return [
    [`${prefix}name`, { label: [where, d('cal.version_name')].filter(Boolean).join(': '), text: version.name ?? '', value: version.name ?? null }],
    ...days.filter((one) => version.week[one]).map((one): [string, Part] => [`${prefix}week${split}${one}`, { label: [where, dayName(days.indexOf(one))].filter(Boolean).join(': '), text: spansText(version.week[one] ?? []), value: version.week[one] }]),
    ...holidayParts(version.holidays, prefix, where),
    ...dateParts(version.exceptions, 'exceptions', prefix, where),
    ...dateParts(version.breaks, 'breaks', prefix, where),
  ];
}

/* Versions that all three have are merged in parts, others as a whole. */
export function inCommon(...drafts: Draft[]): Set<string> {
  const sets = drafts.map((draft) => new Set(draft.versions.map((version) => version.effective_from ?? '')));
  return new Set([...sets[0]!].filter((from) => sets.every((set) => set.has(from))));
}

export function partsOf(draft: Draft, common: Set<string>): Parts {
  return new Map<string, Part>([
    ['zone', { label: d('cal.zone'), text: draft.time_zone, value: draft.time_zone }],
    ['sets', { label: d('merge.sets'), text: d('merge.count', { count: draft.holiday_sets.length }), value: draft.holiday_sets }],
    ...draft.versions.flatMap((version): [string, Part][] => (common.has(version.effective_from ?? '')
      ? versionParts(version)
      : [[`whole${split}${version.effective_from ?? ''}`, { label: versionName(version), text: wholeText(version), value: version }]])),
  ]);
}

function put(version: Version, [kind, name = '']: string[], value: unknown): void {
  if (kind === 'name' && value !== null) version.name = value as string;
  else if (kind === 'week') version.week = { ...version.week, [name as Day]: value as Span[] } as Week;
  else if (kind === 'holiday') version.holidays.push(value as Holiday);
  else if (kind === 'exceptions' || kind === 'breaks') version[kind][name] = value as Span[];
}

export function draftFrom(parts: Parts): Draft {
  const draft: Draft = { time_zone: String(parts.get('zone')?.value ?? 'UTC'), holiday_sets: (parts.get('sets')?.value ?? []) as string[], versions: [] };
  const versions = new Map<string, Version>();
  for (const [key, { value }] of parts) {
    const [from = '', ...rest] = key.split(split);
    if (rest.length === 0) continue;
    if (from === 'whole') versions.set(rest[0]!, value as Version);
    else {
      if (!versions.has(from)) versions.set(from, { ...(from ? { effective_from: from } : {}), week: {}, holidays: [], exceptions: {}, breaks: {} });
      put(versions.get(from)!, rest, value);
    }
  }
  draft.versions = [...versions].sort(([a], [b]) => a.localeCompare(b)).map(([, version]) => version);
  return draft;
}
