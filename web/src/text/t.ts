/* Texts by key, in the language of the person. English is there from the first; another language is a folder
 * with a line in `languages`, fetched when somebody wants it. What it lacks is said in English. */
import { en } from './en';
import type { Words } from './words';

export type TextKey = keyof typeof en;
/* "list.exported" stands for "list.exported_one" and "list.exported_other". */
export type CountKey = TextKey extends infer K ? (K extends `${infer Base}_other` ? Base : never) : never;
type Given = Record<string, string | number>;
type Texts = Partial<Record<string, string>>;

export interface Language {
  main: Partial<Record<TextKey, string>>;
  parts: Record<string, Texts>;
  words: Words;
}

interface Offered {
  tag: string;
  name: string; /* in itself */
  load?: () => Promise<{ language: Language }>;
}

export const languages: Offered[] = [
  { tag: 'en', name: 'English' },
  { tag: 'de', name: 'Deutsch', load: () => import('./de') },
];

let current: Language | null = null; /* null: English */
let language = 'en-GB';

function offeredFor(tag: string): Offered | undefined {
  return languages.find((one) => one.tag === tag.toLowerCase().split('-')[0]);
}

/* The language of the person's record, else of the browser; English where there is none, or where it does not
 * come. Texts that were asked for before do not change: the caller draws them again. */
export async function setLanguage(wanted: string | null): Promise<void> {
  const tag = wanted ?? navigator.language;
  const offered = offeredFor(tag);
  const loaded = await offered?.load?.().catch(() => null);
  current = loaded?.language ?? null;
  language = offered && (loaded || !offered.load) ? tag : 'en-GB';
  document.documentElement.lang = language;
}

export function locale(): string {
  return language;
}

/* The words of the server's metadata; null in English, which is the server's own. */
export function wordsNow(): Words | null {
  return current?.words ?? null;
}

export function fill(text: string, given: Given): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(given[name] ?? whole));
}

export function t(key: TextKey, given: Given = {}): string {
  return fill(current?.main[key] ?? en[key], given);
}

const plurals = new Map<string, Intl.PluralRules>();

function formOf(count: number): 'one' | 'other' {
  const rules = plurals.get(language) ?? new Intl.PluralRules(language);
  plurals.set(language, rules);
  return rules.select(count) === 'one' ? 'one' : 'other';
}

export function tn(key: CountKey, count: number, given: Given = {}): string {
  return t(`${key}_${formOf(count)}` as TextKey, { count: number(count), ...given });
}

/* Texts that only some pages need, so that the first load does without them; `name` is that of the part in the
 * other languages. */
export function partOf<Texts extends Record<string, string>>(name: string, texts: Texts) {
  type Key = Extract<keyof Texts, string>;
  type Count = Key extends infer K ? (K extends `${infer Base}_other` ? Base : never) : never;
  const say = (key: Key, given: Given = {}): string => fill(current?.parts[name]?.[key] ?? texts[key] ?? key, given);
  const count = (key: Count, value: number, given: Given = {}): string => say(`${key}_${formOf(value)}` as Key, { count: number(value), ...given });
  return { say, count };
}

const known = new Map<string, Intl.NumberFormat>();

/* Formats of numbers, each made once. */
export function numbers(options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  const format = known.get(key) ?? new Intl.NumberFormat(language, options);
  known.set(key, format);
  return format;
}

export function number(value: number): string {
  return numbers().format(value);
}

/* Is there such a text? For words that come from the server. */
export function isKey(key: string): key is TextKey {
  return key in en;
}
