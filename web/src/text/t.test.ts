import { expect, test } from 'vitest';
import { en } from './en';
import { fill, t, tn } from './t';

test('names are filled in, and what is not given stays', () => expect(fill('{a} of {b}', { a: 1 })).toBe('1 of {b}'));
test('a number has its own form', () => expect([tn('list.exported', 1), tn('list.exported', 1200)]).toEqual(['1 row exported', '1,200 rows exported']));
test('a text by key', () => expect(t('app.request', { id: 'req_1' })).toBe('Request req_1'));
test('each text for one has one for others', () => {
  const keys = Object.keys(en);
  for (const key of keys.filter((one) => one.endsWith('_one'))) expect(keys).toContain(key.replace(/_one$/, '_other'));
});
