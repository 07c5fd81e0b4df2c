/* Permissions as people read them: by the type of record, and what may be done with it. */
import type { Meta } from '@/api/meta';
import { humanize, pluralOf } from '@/text/words';

export interface Area {
  name: string;  /* the word before the dot: case, report */
  text: string;
  permissions: { name: string; verb: string; text: string; hint: string }[];
}

const first = ['read', 'create', 'update', 'delete'];

/* What the server says of an action that has this permission. */
function hintOf(meta: Meta, permission: string): string {
  return meta.types.flatMap((type) => type.actions).filter((action) => action.permission === permission).map((action) => action.summary).join('. ');
}

export function areasOf(meta: Meta): Area[] {
  const areas = new Map<string, Area>();
  for (const name of meta.permissions) {
    const [area = '', verb = ''] = name.split('.');
    const type = meta.type(area);
    if (!areas.has(area)) areas.set(area, { name: area, text: type ? pluralOf(type) : humanize(area), permissions: [] });
    areas.get(area)!.permissions.push({ name, verb, text: humanize(verb), hint: hintOf(meta, name) });
  }
  const rank = (verb: string) => (first.includes(verb) ? first.indexOf(verb) : first.length);
  for (const area of areas.values()) area.permissions.sort((one, other) => rank(one.verb) - rank(other.verb));
  return [...areas.values()];
}
