import { expect, test } from 'vitest';
import { nameOf } from './keys';

test.each([
  [{ key: 'k', ctrlKey: true }, 'mod+k'], [{ key: 'K', metaKey: true }, 'mod+k'], [{ key: 'Enter', ctrlKey: true }, 'mod+enter'],
  [{ key: '?', shiftKey: true }, '?'], [{ key: 'j' }, 'j'], [{ key: ' ' }, 'space'], [{ key: 'Tab', shiftKey: true }, 'shift+tab'],
])('%j is %s', (event, name) => expect(nameOf(event as KeyboardEvent)).toBe(name));
