import { describe, expect, test } from 'vitest';
import { mayTakeForEver } from '../../../src/core/monitor/expression-safety';
import { FilteredLines, lineTest, type LineTest } from '../../../src/core/monitor/line-filter';
import { LineLog } from '../../../src/core/monitor/line-log';
import { ShownLines } from '../../../src/core/monitor/shown-lines';

const testFor = (query: string): LineTest => {
  const wanted = lineTest(query);
  if (!wanted || !('passes' in wanted)) throw new Error('no test');
  return wanted;
};
const filtered = (log: LineLog, query: string) =>
  new FilteredLines(log, ({ text }) => text, testFor(query));
const updated = (lines: FilteredLines): readonly number[] => {
  expect(lines.update()).toBe(true);
  return lines.numbers;
};
const small = { lines: 50, characters: 1e9 };

describe('filtered lines', () => {
  test('follow a log that grows, loses lines and has an open one', () => {
    const log = new LineLog(small);
    const errors = filtered(log, 'ERROR');
    log.push({ at: 0, kind: 'text', text: 'error 0\nfine\nerr' });
    expect(updated(errors)).toEqual([0]);
    log.push({ at: 0, kind: 'text', text: 'or 2\n' });
    expect(updated(errors)).toEqual([0, 2]);
    for (let i = 3; i < 60; i++) {
      log.push({ at: 0, kind: 'text', text: `${i % 10 ? 'fine' : 'Error'}\n` });
    }
    expect(updated(errors)).toEqual([10, 20, 30, 40, 50]);
    expect(errors.gone).toBe(2);
    expect(updated(filtered(log, '/^Err/'))).toEqual([10, 20, 30, 40, 50]);
    log.clear();
    expect(updated(errors)).toEqual([]);
    expect(errors.gone).toBe(7);
  });

  test('an open line that does not match any more is dropped', () => {
    const log = new LineLog(small);
    const short = filtered(log, '/^.{0,3}$/');
    log.push({ at: 0, kind: 'text', text: 'abc' });
    expect(updated(short)).toEqual([0]);
    log.push({ at: 0, kind: 'text', text: 'd' });
    expect(updated(short)).toEqual([]);
  });

  test('test each line once, and stop when it is late', () => {
    const log = new LineLog();
    const looked: string[] = [];
    const shown = ({ text }: { text: string }) => {
      looked.push(text);
      return text;
    };
    const lines = new FilteredLines(log, shown, testFor('7'));
    for (let i = 0; i < 2000; i++) log.push({ at: 0, kind: 'text', text: `${i}\n` });
    let pauses = 0;
    while (!lines.update(() => true)) {
      pauses++;
      expect(lines.progress).toBeLessThan(1);
    }
    // Slow expressions leave the page its turn as well.
    expect(pauses).toBe(133);
    expect(lines.progress).toBe(1);
    // Each update tests the last line again, and so does each pause.
    expect(looked.length).toBeLessThanOrEqual(2000 + 2 * pauses);
    expect(lines.numbers).toHaveLength(542);
    log.push({ at: 0, kind: 'text', text: '7777\n' });
    looked.length = 0;
    expect(lines.update()).toBe(true);
    expect(looked).toEqual(['1999', '7777']);
  });

  test('are found by their numbers', () => {
    const log = new LineLog(small);
    for (let i = 0; i < 100; i++) log.push({ at: i, kind: 'text', text: `${i}\n` });
    const lines = filtered(log, '/5$/');
    lines.update();
    const shown = new ShownLines(log, lines);
    expect([shown.count, shown.gone, shown.at(1)?.text]).toEqual([5, 0, '65']);
    expect([54, 55, 56, 95, 96].map((number) => shown.indexOf(number))).toEqual([0, 0, 1, 4, 5]);
    const all = new ShownLines(log, undefined);
    expect([all.count, all.gone, all.numberAt(0), all.indexOf(60)]).toEqual([50, 50, 50, 10]);
  });
});

describe('the input of the filter', () => {
  test('is a text, or an expression with its flags', () => {
    expect(lineTest('')).toBeUndefined();
    expect(testFor('a.b').passes('xA.By')).toBe(true);
    expect(testFor('a.b').passes('axb')).toBe(false);
    expect(testFor('/a.b/').passes('axb')).toBe(true);
    expect(testFor('/A.B/').passes('axb')).toBe(false);
    expect(testFor('/A.B/i').passes('axb')).toBe(true);
    // A path, not an expression with odd flags.
    expect(testFor('/dev/tty').passes('open /dev/ttyACM0')).toBe(true);
    const every = testFor('/a/g');
    expect([every.passes('a'), every.passes('a')]).toEqual([true, true]);
  });

  test('yields a problem when it is no valid expression', () => {
    expect(lineTest('/(/')).toMatchObject({ problem: expect.stringContaining('(') as string });
    expect(lineTest('/a/gg')).toHaveProperty('problem');
  });

  test('is found in the line', () => {
    expect(testFor('an').find('Banana')).toEqual([
      [1, 3],
      [3, 5],
    ]);
    // Empty matches are invisible, and end the search.
    expect(testFor('/x*/').find('axxa')).toEqual([[1, 3]]);
    expect(testFor('a').find('a'.repeat(500))).toHaveLength(100);
  });
});

describe('an expression that is too slow', () => {
  test.each([
    ['(a+)+$', true],
    ['(\\w+\\s?)+$x', true],
    ['(a|a)*b', true],
    ['(a|ab)*c', true],
    ['(a?a?)+b', true],
    ['(a|)+b', true],
    ['((ab)*c)*', true],
    ['(.*=){5,}', true],
    ['(?:x|[xy])+$', true],
    ['(\\d{2})+', false],
    ['(?:error|warning)+', false],
    ['((a|b)c)+', false],
    ['(\\d{1,3}\\.){3}\\d{1,3}', false],
    ['[(+*)]+ \\(+ (a.*)? (b+|c)', false],
    ['(l|li|lin|line) \\d+0 hit$', false],
    ['a.*b.*c+?', false],
  ])('%s is refused: %j', (pattern, refused) => {
    expect(mayTakeForEver(pattern)).toBe(refused);
    const made = lineTest(`/${pattern}/`);
    expect(made?.problem !== undefined).toBe(refused);
  });

  test('is given up, and filters no more', () => {
    const wanted = lineTest('/.*.*.*.*.*=x$/');
    if (!wanted || !('passes' in wanted)) throw new Error('no test');
    const log = new LineLog(small);
    const lines = new FilteredLines(log, ({ text }) => text, wanted);
    log.push({ at: 0, kind: 'text', text: `short\n${'x'.repeat(2000)}\nbehind` });
    const begun = performance.now();
    expect(lines.update()).toBe(true);
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(wanted.problem).toMatch(/takes too long/);
    expect(wanted.find('=x')).toEqual([]);
  });

  test('is not given up when other work delayed it once', () => {
    let time = 0;
    const waits = [100];
    const wanted = lineTest('/^a/', () => (time += waits.shift() ?? 0));
    expect(wanted && 'passes' in wanted && wanted.passes('a')).toBe(true);
    expect(wanted?.problem).toBeUndefined();
  });

  test('tests only the beginning of a very long line', () => {
    const long = `${'x'.repeat(3000)}end`;
    expect(testFor('/end$/').passes(long)).toBe(false);
    expect(testFor('end').passes(long)).toBe(true);
  });
});
