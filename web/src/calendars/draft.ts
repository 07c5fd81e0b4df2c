/* A calendar while it is designed: what the page changes, and what of it differs from what is saved. */
import type { Json, Row } from '@/api/records';
import { useDesign } from '@/records/draft';
import { type Dates, type Holiday, holidaysOf, type Version } from './dates';
import { parseWeek, type Week, weekText } from './hours';

export interface Draft {
  time_zone: string;
  holiday_sets: string[];
  versions: Version[]; /* the first holds since the beginning, the others each from its date */
}

function weekOfValue(value: Json | undefined): Week {
  if (typeof value !== 'string') return (value ?? {}) as Week;
  const parsed = parseWeek(value);
  return 'week' in parsed ? parsed.week : {};
}

function versionOf(from: Record<string, Json | undefined>): Version {
  return {
    ...(typeof from.effective_from === 'string' ? { effective_from: from.effective_from } : {}),
    ...(typeof from.name === 'string' && from.effective_from ? { name: from.name } : {}),
    week: weekOfValue(from.week),
    holidays: holidaysOf(from.holidays),
    exceptions: (from.exceptions ?? {}) as Dates,
    breaks: (from.breaks ?? {}) as Dates,
  };
}

export function draftOf(row: Row): Draft {
  const later = (Array.isArray(row.versions) ? row.versions : []) as Record<string, Json>[];
  return {
    time_zone: String(row.time_zone ?? 'UTC'),
    holiday_sets: (row.holiday_sets ?? []) as string[],
    versions: [versionOf({ ...row, effective_from: undefined }), ...later.map(versionOf)],
  };
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/* A merge patch removes a date by null. */
function datesPatch(before: Dates, now: Dates): Record<string, Json> {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return Object.fromEntries([...names].filter((name) => !same(before[name], now[name])).map((name) => [name, now[name] ?? null]));
}

/* What is to be sent, so that the calendar becomes the draft. */
export function patchOf(before: Draft, now: Draft): Record<string, Json> {
  const [base, ...later] = now.versions as [Version, ...Version[]];
  const [was, ...wasLater] = before.versions as [Version, ...Version[]];
  const patch: Record<string, Json> = {};
  if (now.time_zone !== before.time_zone) patch.time_zone = now.time_zone;
  if (!same(now.holiday_sets, before.holiday_sets)) patch.holiday_sets = now.holiday_sets;
  if (weekText(base.week) !== weekText(was.week)) patch.week = weekText(base.week);
  if (!same(base.holidays, was.holidays)) patch.holidays = base.holidays as unknown as Json;
  for (const name of ['exceptions', 'breaks'] as const) {
    const changes = datesPatch(was[name], base[name]);
    if (Object.keys(changes).length > 0) patch[name] = changes;
  }
  if (!same(later, wasLater)) {
    patch.versions = later.map((one) => ({ ...one, week: weekText(one.week) })) as unknown as Json;
  }
  return patch;
}

export function useDraft(row: Row) {
  const design = useDesign(row, draftOf, (saved, draft) => Object.keys(patchOf(saved, draft)).length === 0);
  return { ...design, patch: patchOf(draftOf(design.base), design.draft) };
}

export function withVersion(draft: Draft, at: number, change: Partial<Version>): Draft {
  return { ...draft, versions: draft.versions.map((one, i) => (i === at ? { ...one, ...change } : one)) };
}

export function withHoliday(list: Holiday[], at: number | null, holiday: Holiday | null): Holiday[] {
  if (holiday === null) return list.filter((_, i) => i !== at);
  return at === null ? [...list, holiday] : list.map((one, i) => (i === at ? holiday : one));
}
