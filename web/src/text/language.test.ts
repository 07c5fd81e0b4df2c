/* Every language says what English says: the same keys, the same names to fill in. */
import { expect, test } from 'vitest';
import { adminEn } from './admin.en';
import { language as de } from './de';
import { designersEn } from './designers.en';
import { en } from './en';
import { importsEn } from './imports.en';
import { rampEn } from './ramp.en';
import { reportsEn } from './reports.en';
import { setLanguage, t, tn } from './t';
import { humanize, lower, problemText } from './words';

const english: Record<string, Record<string, string>> = { main: en, admin: adminEn, designers: designersEn, imports: importsEn, ramp: rampEn, reports: reportsEn };
const others = { de: { main: de.main, ...de.parts } as Record<string, Record<string, string>> };

const namesIn = (text: string | undefined) => [...(text ?? '').matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

for (const [tag, texts] of Object.entries(others)) {
  for (const part of Object.keys(english)) {
    const [ours, theirs] = [english[part]!, texts[part]!];
    test(`${tag}: ${part} has every text`, () => expect(Object.keys(ours).filter((key) => !theirs[key])).toEqual([]));
    test(`${tag}: ${part} has no other text`, () => expect(Object.keys(theirs).filter((key) => !(key in ours))).toEqual([]));
    test(`${tag}: ${part} fills in the same`, () => expect(Object.keys(ours).filter((key) => theirs[key] && String(namesIn(theirs[key])) !== String(namesIn(ours[key])))).toEqual([]));
  }
}

test('a person chooses', async () => {
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
  await setLanguage('de');
  expect([t('nav.renewals'), tn('list.exported', 1200), humanize('met_late'), humanize('of_our_own'), lower('Vertrag')])
    .toEqual(['Verlängerungen', '1.200 Zeilen exportiert', 'Verspätet erfüllt', 'Of our own', 'Vertrag']);
  expect([problemText('required', 'give a name'), problemText('range', 'at most 5'), problemText('new_code', 'as it is')])
    .toEqual(['Hier fehlt ein Wert', 'Der Wert liegt außerhalb des Erlaubten (at most 5)', 'as it is']);
  await setLanguage('fr');
  expect([t('nav.renewals'), document.documentElement.lang]).toEqual(['Renewals', 'en-GB']);
});
