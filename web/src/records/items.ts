/* Values of several parts, such as rows and words, and which of the parts differ between two people. */
import type { MetaField } from '@/api/meta';
import type { Json, Row } from '@/api/records';

export interface Item {
  key: string; /* the same part on both sides has the same */
  value: Json;
}

export interface Marked extends Item {
  mark: 'same' | 'other' | 'gone'; /* as on the other side; not; taken away here, while it stays there */
  there: Json | undefined; /* what the other side has in its place */
}

type Tree = { [name: string]: Json };

/* Rows are the same by what they begin with: identifiers are new with each save. */
function keyOf(field: MetaField, row: Row): string {
  const first = (field.child ?? []).find((one) => one.rule !== 'key' && row[one.name] != null);
  return first ? `${first.name}=${JSON.stringify(row[first.name])}` : '';
}

function told(items: Item[]): Item[] {
  const seen = new Map<string, number>();
  return items.map(({ key, value }) => {
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return { key: nth === 0 ? key : `${key} ${nth}`, value };
  });
}

/* Null: it is of one piece. */
export function itemsOf(field: MetaField, value: Json): Item[] | null {
  if (value === null || value === undefined) return ['children', 'ids', 'words', 'map', 'json'].includes(field.kind) ? [] : null;
  if (field.kind === 'children') return told((value as Row[]).map((row) => ({ key: keyOf(field, row), value: row as Json })));
  if (Array.isArray(value)) return told(value.map((one) => ({ key: JSON.stringify(one), value: one })));
  return typeof value === 'object' && field.kind !== 'money' ? Object.entries(value as Tree).map(([key, one]) => ({ key, value: one })) : null;
}

const same = (field: MetaField, one: Json, other: Json) => {
  const bare = (value: Json) => (field.kind === 'children' ? Object.entries(value as Tree).filter(([name, part]) => name !== 'id' && part !== null).sort(([a], [b]) => (a < b ? -1 : 1)) : value);
  return JSON.stringify(bare(one)) === JSON.stringify(bare(other));
};

/* The parts of one side, as they compare with the other's; what was taken away here stands first. */
export function markedOf(field: MetaField, before: Json, here: Json, there: Json): Marked[] | null {
  const items = itemsOf(field, here);
  const others = itemsOf(field, there);
  if (!items || !others) return null;
  const at = new Map(others.map((item) => [item.key, item.value]));
  const own = new Set(items.map((item) => item.key));
  const gone = (itemsOf(field, before) ?? []).filter(({ key }) => !own.has(key) && at.has(key));
  return [
    ...gone.map((item): Marked => ({ ...item, mark: 'gone', there: at.get(item.key) })),
    ...items.map((item): Marked => {
      const other = at.get(item.key);
      return { ...item, mark: other !== undefined && same(field, item.value, other) ? 'same' : 'other', there: other };
    }),
  ];
}
