import { expect, test } from 'vitest';
import { unescaped } from '../../../src/core/monitor/escapes';

test.each([
  ['plain', 'plain'],
  ['\\x03', '\x03'],
  ['a\\tb\\r\\n', 'a\tb\r\n'],
  ['\\\\n is \\x5C\\x6e', '\\n is \\n'],
  ['é😀', 'é😀'],
])('%j stands for %j', (typed, text) => {
  expect(unescaped(typed)).toEqual({ text });
});

test.each(['\\q', 'end\\', '\\x3', '\\xff', '\\\\\\u0041'])('%j is no escape', (typed) => {
  expect(unescaped(typed)).toHaveProperty('problem', expect.stringContaining('is no escape'));
});
