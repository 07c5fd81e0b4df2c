import { expect, test } from 'vitest';
import { fieldOf } from './problem';

test.each([
  ['#/title', 'title', ''], ['/title', 'title', ''], ['#/grants/0/product_id', 'grants', '0/product_id'], ['', '', ''],
])('%s is in the field %s', (pointer, field, rest) => expect(fieldOf(pointer)).toEqual({ field, rest }));
