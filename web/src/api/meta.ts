/* The server's description of its types: what lists, records and forms are drawn from. */
import { useSuspenseQuery } from '@tanstack/react-query';
import { api, body } from './client';
import type { components } from './schema';

export type MetaType = components['schemas']['MetaType'];
export type MetaField = components['schemas']['MetaField'];
export type MetaAction = MetaType['actions'][number];
export type MetaWord = components['schemas']['MetaWord'];

export type MetaRole = components['schemas']['MetaRole'];

export interface Meta {
  types: MetaType[];
  roles: MetaRole[];
  permissions: string[];
  type(name: string): MetaType | undefined;
  plural(plural: string): MetaType | undefined;
  reason(code: string): string;
  choice(code: string): string;
}

function wordOf(words: MetaWord[], code: string): string {
  return words.find((word) => word.code === code)?.detail ?? code;
}

export type MetaBody = components['schemas']['Meta'];

let tongue = '';
let inWords = (meta: MetaBody): MetaBody => meta;

/* How the metadata is said from now on, in which language. */
export function sayMeta(language: string, translate: (meta: MetaBody) => MetaBody): void {
  tongue = language;
  inWords = translate;
}

async function load(): Promise<Meta> {
  const meta = inWords(body(await api.GET('/v1/meta')));
  const byName = new Map(meta.types.map((type) => [type.name, type]));
  const byPlural = new Map(meta.types.map((type) => [type.plural ?? type.name, type]));
  return {
    types: meta.types,
    roles: meta.roles,
    permissions: meta.permissions,
    type: (name) => byName.get(name),
    plural: (plural) => byPlural.get(plural),
    reason: (code) => wordOf(meta.reasons, code),
    choice: (code) => wordOf(meta.choices, code),
  };
}

export function useMeta(): Meta {
  return useSuspenseQuery({ queryKey: ['meta', tongue], queryFn: load, staleTime: Infinity }).data;
}

/* Of a type that the caller knows to exist. */
export function useType(name: string): MetaType {
  const type = useMeta().type(name);
  if (!type) throw new Error(`no type ${name}`);
  return type;
}

export function fieldNamed(type: MetaType, name: string): MetaField | undefined {
  return type.fields.find((field) => field.name === name);
}

/* The member that `expand` puts beside a reference. */
export function expansionOf(field: MetaField): string {
  return field.name.replace(/_id$/, '');
}

/* Can it be given in a form at all? */
export function isInput(field: MetaField): boolean {
  return ['fixed', 'once', 'required', 'optional', 'write'].includes(field.rule);
}
