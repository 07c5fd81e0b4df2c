/* Texts by key, in the language of the person. A catalogue for another language is a module
 * like en.ts with a line in `catalogues`. */
import { en } from './en';

export type TextKey = keyof typeof en;
/* "list.exported" stands for "list.exported_one" and "list.exported_other". */
export type CountKey = TextKey extends infer K ? (K extends `${infer Base}_other` ? Base : never) : never;
type Given = Record<string, string | number>;
type Catalogue = Record<TextKey, string>;

const catalogues: Record<string, Catalogue> = { en };
let catalogue: Catalogue = en;
let language = 'en-GB';

/* The language of the person's record, else of the browser; English where there is none. */
export function setLanguage(wanted: string | null): void {
  const tag = wanted ?? navigator.language;
  catalogue = catalogues[tag] ?? catalogues[tag.split('-')[0] ?? 'en'] ?? en;
  language = catalogue === en && !tag.startsWith('en') ? 'en-GB' : tag;
  document.documentElement.lang = language;
}

export function locale(): string {
  return language;
}

export function fill(text: string, given: Given): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(given[name] ?? whole));
}

export function t(key: TextKey, given: Given = {}): string {
  return fill(catalogue[key], given);
}

export function tn(key: CountKey, count: number, given: Given = {}): string {
  const form = new Intl.PluralRules(locale()).select(count) === 'one' ? 'one' : 'other';
  return t(`${key}_${form}` as TextKey, { count: number(count), ...given });
}

/* Texts that only some pages need, so that the first load does without them. */
export function partOf<Texts extends Record<string, string>>(parts: { en: Texts } & Record<string, Texts>) {
  type Key = Extract<keyof Texts, string>;
  type Count = Key extends infer K ? (K extends `${infer Base}_other` ? Base : never) : never;
  const say = (key: Key, given: Given = {}): string => fill((parts[language] ?? parts[language.split('-')[0] ?? 'en'] ?? parts.en)[key] ?? key, given);
  const count = (key: Count, value: number, given: Given = {}): string =>
    say(`${key}_${new Intl.PluralRules(language).select(value) === 'one' ? 'one' : 'other'}` as Key, { count: number(value), ...given });
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
