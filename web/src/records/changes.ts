/* What a form sends: only what differs from what was read. */
import type { MetaField, MetaType } from '@/api/meta';
import { isInput } from '@/api/meta';
import type { Json, Row } from '@/api/records';

export type Values = Record<string, Json | undefined>;

function same(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/* Rows lose what only the server sets; theirs is the identifier, which they keep. */
function cleaned(field: MetaField, value: Json | undefined): Json {
  if (field.kind !== 'children' || !Array.isArray(value)) return value ?? null;
  const settable = new Set(['id', ...(field.child ?? []).filter(isInput).map((child) => child.name)]);
  return value.map((row) => Object.fromEntries(
    Object.entries(row as Record<string, Json>).filter(([name, one]) => settable.has(name) && one !== null && one !== undefined),
  ));
}

/* What a page of its own designs: forms leave it out once there is a record, unless it is optional altogether. */
const designed: Record<string, string[]> = {
  calendar: ['week', 'holidays', 'exceptions', 'breaks', 'versions'],
  holiday_set: ['holidays'],
  sla_policy_version: ['rules'],
};

function isDesigned(type: MetaType, field: MetaField, isNew: boolean): boolean {
  return (designed[type.name] ?? []).includes(field.name) && !(isNew && field.rule === 'required');
}

export function inputsOf(type: MetaType, isNew: boolean): MetaField[] {
  return type.fields.filter((field) => isInput(field) && field.show !== 'none' && (isNew || field.rule !== 'once') && !isDesigned(type, field, isNew));
}

export function isLocked(field: MetaField, isNew: boolean): boolean {
  return !isNew && (field.rule === 'fixed' || field.rule === 'once');
}

export function changesOf(type: MetaType, before: Row | null, now: Values): Record<string, Json> {
  const isNew = before === null;
  return Object.fromEntries(
    inputsOf(type, isNew)
      .filter((field) => !isLocked(field, isNew))
      .filter((field) => (isNew ? now[field.name] != null : field.name in now && !same(now[field.name], before[field.name])))
      .map((field) => [field.name, cleaned(field, now[field.name])]),
  );
}

/* Fields that people see which differ. */
export function changedOf(type: MetaType, before: Row, now: Row): MetaField[] {
  return type.fields.filter((field) => field.show !== 'none' && field.rule !== 'write' && !['version', 'updated_at'].includes(field.name) && !same(before[field.name], now[field.name]));
}

/* What was typed upon a record, for a new one: what it had, with the changes, and no row's identifier. */
export function anewOf(type: MetaType, before: Row | null, typed: Values): Values {
  const fields = inputsOf(type, true).filter((field) => (typed[field.name] ?? before?.[field.name]) != null);
  const bare = (field: MetaField, value: Json | undefined) => (field.kind === 'children' && Array.isArray(value)
    ? (cleaned(field, value) as Row[]).map(({ id: _, ...row }) => row as Json) : value);
  return Object.fromEntries(fields.map((field) => [field.name, bare(field, field.name in typed ? typed[field.name] : before?.[field.name])]));
}

export interface Clash {
  field: MetaField;
  mine: Json;
  theirs: Json;
}

/* Fields that both changed, and differently, since `before` was read. */
export function clashesOf(type: MetaType, before: Row, mine: Record<string, Json>, theirs: Row): Clash[] {
  return type.fields.flatMap((field) => {
    const my = mine[field.name];
    const their = cleaned(field, theirs[field.name]);
    if (my === undefined || same(their, cleaned(field, before[field.name])) || same(my, their)) return [];
    return [{ field, mine: my, theirs: their }];
  });
}
