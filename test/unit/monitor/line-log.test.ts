import { describe, expect, test } from 'vitest';
import { FilteredLines, lineTest } from '../../../src/core/monitor/line-filter';
import { LineLog } from '../../../src/core/monitor/line-log';
import { visibleText } from '../../../src/core/monitor/visible-text';

const texts = (log: LineLog): string[] => {
  const lines: string[] = [];
  for (let number = log.first; number < log.end; number++) lines.push(log.at(number)?.text ?? '?');
  return lines;
};

describe('the lines of a session', () => {
  test('are the same wherever the pieces are cut', () => {
    const text = 'boot\r\nready\n\nhalf';
    const whole = new LineLog();
    whole.push({ at: 1, kind: 'text', text });
    const pieces = new LineLog();
    for (const letter of text) pieces.push({ at: 1, kind: 'text', text: letter });
    expect(texts(whole)).toEqual(['boot\r', 'ready', '', 'half']);
    expect(texts(pieces)).toEqual(texts(whole));
  });

  test('a record, and what is sent, ends the line before', () => {
    const log = new LineLog();
    log.push({ at: 1, kind: 'text', text: 'a' });
    log.push({ at: 2, kind: 'record', record: { record: 'ready' } });
    log.push({ at: 3, kind: 'text', text: 'b' });
    log.push({ at: 4, kind: 'sent', line: 'stop' });
    log.push({ at: 5, kind: 'skipped', bytes: 12345 });
    expect(texts(log)).toEqual([
      ...['a', '{"record":"ready"}', 'b', 'stop'],
      '12,345 bytes came too fast to show; they are in the log.',
    ]);
    expect(log.at(2)).toMatchObject({ at: 3, kind: 'text' });
  });

  test('a line that never ends is cut', () => {
    const log = new LineLog();
    log.push({ at: 1, kind: 'text', text: 'x'.repeat(4500) });
    log.push({ at: 1, kind: 'text', text: 'y\n' });
    expect(texts(log).map(({ length }) => length)).toEqual([2000, 2000, 501]);
  });

  test('the oldest go, and numbers stay', () => {
    const log = new LineLog(100);
    for (let number = 0; number < 1000; number++) {
      log.push({ at: number, kind: 'text', text: `${number}\n` });
      expect(log.end - log.first).toBe(Math.min(number + 1, 100));
    }
    expect(log.at(999)?.text).toBe('999');
    expect(log.at(900)?.text).toBe('900');
    expect(log.at(899)).toBeUndefined();
    log.clear();
    expect([log.first, log.end, log.at(999)]).toEqual([1000, 1000, undefined]);
  });
});

describe('filters', () => {
  const log = new LineLog(50);
  const filtered = (query: string): FilteredLines => {
    const wanted = lineTest(query);
    if (typeof wanted !== 'function') throw new Error('no test');
    return new FilteredLines(log, ({ text }) => text, wanted);
  };

  test('follow a log that grows, loses lines and has an open one', () => {
    const errors = filtered('ERROR');
    log.push({ at: 0, kind: 'text', text: 'error 0\nfine\nerr' });
    expect(errors.update()).toEqual([0]);
    log.push({ at: 0, kind: 'text', text: 'or 2\n' });
    expect(errors.update()).toEqual([0, 2]);
    for (let i = 3; i < 60; i++)
      log.push({ at: 0, kind: 'text', text: `${i % 10 ? 'fine' : 'Error'}\n` });
    expect(errors.update()).toEqual([10, 20, 30, 40, 50]);
    expect(filtered('/^Err/').update()).toEqual([10, 20, 30, 40, 50]);
    log.clear();
    expect(errors.update()).toEqual([]);
  });

  test('a bad expression is told, nothing typed is no filter', () => {
    expect(lineTest('/(/')).toMatchObject({ problem: expect.stringContaining('(') as string });
    expect(lineTest('')).toBeUndefined();
    const every = lineTest('/a/g');
    expect(typeof every === 'function' && [every('a'), every('a')]).toEqual([true, true]);
  });
});

test.each([
  ['\x1b[1;31mred\x1b[0m', 'red'],
  ['\x1b]0;title\x07text', 'text'],
  ['50 %\r75 %', '75 %'],
  ['ends\r', 'ends'],
  ['a\x00b\x07\tc\x7f', 'a\u2400b\u2407\tc\u2421'],
])('%j is shown as %j', (line, shown) => {
  expect(visibleText(line)).toBe(shown);
});
