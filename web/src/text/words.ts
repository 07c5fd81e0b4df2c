/* Words of the server's metadata as they are shown: in English made of their names, in other languages looked up. */
import type { MetaBody, MetaField, MetaType } from '@/api/meta';
import { locale, wordsNow } from './t';

export interface Words {
  types: Record<string, [one: string, many: string]>;
  fields: Record<string, string>;    /* by name, or "type.name" where a type calls it otherwise */
  values: Record<string, string>;    /* of enumerations and lists, and what events are called */
  actions: Record<string, string>;
  reasons: Record<string, string>;   /* why an entitlement does not cover, by code */
  choices: Record<string, string>;   /* why it was chosen */
  errors: Record<string, string>;    /* by code */
  meanings: Record<string, string>;  /* help below fields, summaries of actions, what types and roles are, by the English text */
}

const loud = new Set(['id', 'kb', 'api', 'sla', 'url', 'arr', 'mrr', 'acv', 'tcv']);

/* "in_use" as "In use", "api_key" as "API key". */
export function humanize(word: string): string {
  const known = wordsNow();
  const told = known && (known.values[word] ?? known.types[word]?.[0] ?? known.actions[word] ?? known.fields[word]);
  if (told) return told;
  const words = word.split('_').map((part) => (loud.has(part) ? part.toUpperCase() : part));
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/* The label of a field of which only the name is at hand. */
export function fieldWord(name: string): string {
  return wordsNow()?.fields[name] ?? humanize(name);
}

/* "Entitlement template"; in the middle of a sentence "entitlement template". */
export function nameOf(type: { name: string }): string {
  return wordsNow()?.types[type.name]?.[0] ?? humanize(type.name);
}

/* As it stands in the middle of a sentence. German keeps the capitals of its nouns. */
export function lower(text: string): string {
  return locale().startsWith('de') || /^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

export function pluralOf(type: MetaType): string {
  return wordsNow()?.types[type.name]?.[1] ?? humanize(type.plural ?? type.name);
}

function fieldIn(words: Words, type: string, field: MetaField): MetaField {
  const label = words.fields[`${type}.${field.name}`] ?? words.fields[field.name] ?? field.label;
  return { ...field, label, meaning: field.meaning === field.label ? label : words.meanings[field.meaning] ?? field.meaning, child: field.child?.map((one) => fieldIn(words, type, one)) ?? field.child };
}

/* The server's description in the language of the person. */
export function metaInWords(meta: MetaBody): MetaBody {
  const words = wordsNow();
  if (!words) return meta;
  const meant = (text: string) => words.meanings[text] ?? text;
  return {
    ...meta,
    types: meta.types.map((type) => ({
      ...type,
      meaning: meant(type.meaning),
      fields: type.fields.map((field) => fieldIn(words, type.name, field)),
      actions: type.actions.map((action) => ({
        ...action, label: words.actions[action.name] ?? action.label, summary: meant(action.summary),
        fields: action.fields.map((field) => fieldIn(words, action.name, field)),
      })),
    })),
    roles: meta.roles.map((role) => ({ ...role, detail: meant(role.detail) })),
    reasons: meta.reasons.map((one) => ({ ...one, detail: words.reasons[one.code] ?? one.detail })),
    choices: meta.choices.map((one) => ({ ...one, detail: words.choices[one.code] ?? one.detail })),
  };
}

/* Why not, where the server says it in English with the names of what is concerned. */
export function reasonText(code: string, detail: string): string {
  return wordsNow()?.reasons[code] ?? detail;
}

/* Codes that say all there is to say. */
const plain = new Set(['required', 'not_found', 'unauthenticated', 'bad_credentials', 'busy', 'overloaded', 'unavailable', 'storage', 'system', 'out_of_memory', 'rate_limited',
  'login_throttled', 'csrf', 'precondition_failed', 'no_such_record', 'read_only', 'fixed', 'invalid', 'terms_exhausted', 'channel_terms_exhausted']);

/* A refusal: what it is in the language of the person, and the server's own words for what this one is about. */
export function problemText(code: string, detail: string): string {
  const told = wordsNow()?.errors[code];
  if (!told) return detail;
  return plain.has(code) || detail === '' ? told : `${told} (${detail})`;
}
