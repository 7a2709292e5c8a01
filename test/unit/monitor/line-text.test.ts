import { describe, expect, test } from 'vitest';
import { linePieces, lineText } from '../../../src/core/monitor/line-text';
import { lineTime } from '../../../src/core/monitor/line-time';
import { marked, textOf } from '../../../src/core/monitor/piece';
import { terminalPieces, visibleText } from '../../../src/core/monitor/terminal-line';
import { valuePieces } from '../../../src/core/monitor/value-pieces';

test.each([
  ['\x1b[1;31mred\x1b[0m', 'red'],
  ['\x1b]0;title\x07text', 'text'],
  ['\x1b(Btext\x1b7', 'text'],
  ['50 %\r75 %', '75 %'],
  ['ends\r', 'ends'],
  // A shorter text leaves the rest, as on a terminal.
  ['loading\rdone', 'doneing'],
  ['loading\r\x1b[Kdone', 'done'],
  ['abc\b \b', 'ab '],
  ['ab\x1b[3Cc', 'ab   c'],
  ['abc\x1b[2Dx', 'axc'],
  ['abc\x1b[2K', ''],
  ['abc\x1b[1Gx', 'xbc'],
  ['a\x00b\x07\tc\x7f', 'a\\x00b\\x07\tc\\x7f'],
  ['\x85', '\\x85'],
  ['abc\u202edef', 'abc\\u202edef'],
  ['é😀 ✓', 'é😀 ✓'],
  ['\x1b', ''],
  ['half \x1b[3', 'half '],
  ['no sequence: \x1b!', 'no sequence: \\x1b!'],
  ['\x1b[999999999Cx', `${' '.repeat(2000)}x`],
])('%j is shown as %j', (line, shown) => {
  expect(visibleText(line)).toBe(shown);
  expect(textOf(terminalPieces(line))).toBe(shown);
});

describe('looks', () => {
  test.each([
    ['\x1b[32mI\x1b[0m ok', ['ansi-2:I', ': ok']],
    ['\x1b[1;91mE\x1b[22mE\x1b[39mE', ['bold ansi-9:E', 'ansi-9:E', ':E']],
    ['\x1b[44;3mx\x1b[my', ['italic on-4:x', ':y']],
    ['\x1b[38;5;1ma\x1b[38;5;196mb\x1b[38;2;0;200;0mc', ['ansi-1:a', 'ansi-9:b', 'ansi-2:c']],
    ['\x1b[38;5;244ma\x1b[38;5;255mb', ['ansi-8:a', 'ansi-15:b']],
    ['\x07', ['control:\\x07']],
    ['plain', [':plain']],
  ])('of %j', (line, looks) => {
    expect(terminalPieces(line).map(({ text, look }) => `${look}:${text}`)).toEqual(looks);
  });

  test('of values', () => {
    const text = '{"a b":"x\\"y","n":-1.5e3,"t":true,"h":12,"i":[1,2]} id 1,234 3f9a';
    const pieces = valuePieces(text);
    expect(textOf(pieces)).toBe(text);
    expect(
      pieces.filter(({ look }) => look).map(({ text: part, look }) => `${look} ${part}`),
    ).toEqual([
      ...['name "a b"', 'string "x\\"y"', 'name "n"', 'number -1.5e3', 'name "t"', 'word true'],
      ...['name "h"', 'number 12', 'name "i"', 'number 1', 'number 2', 'number 1,234'],
    ]);
  });

  test('are joined where a search matches', () => {
    const pieces = [
      { text: 'abc', look: 'x' },
      { text: 'def', look: '' },
    ];
    const spans = [
      [1, 2],
      [2, 5],
    ] as const;
    const result = marked(pieces, spans, 'found');
    expect(result.map(({ text, look }) => `${text}:${look}`)).toEqual([
      ...['a:x', 'b:x found', 'c:x found', 'de:found', 'f:'],
    ]);
    expect(marked(pieces, [], 'found')).toBe(pieces);
  });
});

test('a record is shown in words, or as received', () => {
  const record = { record: 'error', code: 'busy', message: 'wait' } as const;
  const line = { at: 0, kind: 'record', text: JSON.stringify(record), record } as const;
  expect(lineText(line, true)).toBe('error (busy): wait');
  expect(lineText(line, false)).toBe(line.text);
  for (const pretty of [true, false]) {
    expect(textOf(linePieces(line, pretty))).toBe(lineText(line, pretty));
  }
});

test('times are those of the clock, or since another line', () => {
  const at = new Date(2026, 0, 2, 3, 4, 5, 67).getTime();
  expect(lineTime('clock', at, 0, 0)).toBe('03:04:05.067');
  expect(lineTime('start', at, at - 12_345, 0)).toBe('   +12.345');
  expect(lineTime('line', at, 0, at - 5)).toBe('    +0.005');
  expect(lineTime('line', at, 0, at + 5)).toBe('    -0.005');
  expect(lineTime('none', at, 0, 0)).toBe('');
});
