/* Words of the server's metadata as they are shown. */
import type { MetaType } from '@/api/meta';

const loud = new Set(['id', 'kb', 'api', 'sla', 'url', 'arr', 'mrr', 'acv', 'tcv']);

/* "in_use" as "In use", "api_key" as "API key". */
export function humanize(word: string): string {
  const words = word.split('_').map((part) => (loud.has(part) ? part.toUpperCase() : part));
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/* "Entitlement template"; in the middle of a sentence "entitlement template". */
export function nameOf(type: MetaType): string {
  return humanize(type.name);
}

export function lower(text: string): string {
  return /^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

export function pluralOf(type: MetaType): string {
  return humanize(type.plural ?? type.name);
}
