import { describe, expect, test } from 'vitest';
import { LineLog } from '../../../src/core/monitor/line-log';
import { collapsedLine, terminalPieces } from '../../../src/core/monitor/terminal-line';

const texts = (log: LineLog): string[] => {
  const lines: string[] = [];
  for (let number = log.first; number < log.end; number++) lines.push(log.at(number)?.text ?? '?');
  return lines;
};

const plenty = 1e9;

describe('the lines of a session', () => {
  test('are the same wherever the pieces are split', () => {
    const text = 'boot\r\nready\n\nhalf\r done\r\n\x1b[31mred\x1b[0m\né😀';
    const whole = new LineLog();
    whole.push({ at: 1, kind: 'text', text });
    for (let cut = 0; cut <= text.length; cut++) {
      const pieces = new LineLog();
      pieces.push({ at: 1, kind: 'text', text: text.slice(0, cut) });
      pieces.push({ at: 1, kind: 'text', text: text.slice(cut) });
      expect(texts(pieces)).toEqual(texts(whole));
    }
    expect(texts(whole)).toEqual([
      ...['boot\r', 'ready', '', 'half\r done\r', '\x1b[31mred\x1b[0m', 'é😀'],
    ]);
  });

  test('a record, and a sent line, ends the line before', () => {
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

  test('a line that never ends is split', () => {
    const log = new LineLog();
    log.push({ at: 1, kind: 'text', text: 'x'.repeat(4500) });
    log.push({ at: 1, kind: 'text', text: 'y\n' });
    expect(texts(log).map(({ length }) => length)).toEqual([2000, 2000, 501]);
    // Text behind a line that is just full becomes its rest, wherever the pieces are split.
    log.push({ at: 1, kind: 'text', text: 'z'.repeat(2000) });
    log.push({ at: 1, kind: 'text', text: 'z\nnext\n' });
    const rests = [0, 1, 2, 3, 4, 5].map((number) => log.at(number)?.isRest);
    expect(rests).toEqual([undefined, true, true, undefined, true, undefined]);
  });

  test.each([
    ['carriage returns', (count: number) => `\r\x1b[33mread ${count} of 100000 bytes\x1b[0m`],
    ['erasing', (count: number) => `\r\x1b[2K${'#'.repeat(count % 50)}`],
    ['backspaces', (count: number) => `${'-\\|/'[count % 4]}\b`],
    ['moves of the cursor', (count: number) => `\x1b[1G\x1b[1;32m${count}`],
  ])('a status line that is rewritten with %s stays one line for ever', (_, state) => {
    const log = new LineLog();
    let whole = '';
    for (let count = 0; count < 5000; count++) {
      log.push({ at: count, kind: 'text', text: state(count) });
      whole += state(count);
    }
    expect(log.end).toBe(1);
    expect(terminalPieces(log.at(0)?.text ?? '')).toEqual(terminalPieces(whole));
    expect(log.at(0)?.text.length).toBeLessThanOrEqual(2000);
    log.push({ at: 1, kind: 'text', text: '\x1b[31m rest\n' });
    expect(terminalPieces(log.at(0)?.text ?? '')).toEqual(terminalPieces(`${whole}\x1b[31m rest`));
  });

  test('the oldest are dropped, and numbers stay', () => {
    const log = new LineLog({ lines: 100, characters: plenty });
    for (let number = 0; number < 1000; number++) {
      log.push({ at: number, kind: 'text', text: `${number}\n` });
      expect(log.end - log.first).toBe(Math.min(number + 1, 100));
    }
    expect(log.at(999)?.text).toBe('999');
    expect(log.at(900)?.text).toBe('900');
    expect(log.at(899)).toBeUndefined();
    log.clear();
    expect([log.first, log.end, log.at(999)]).toEqual([1000, 1000, undefined]);
    log.push({ at: 0, kind: 'text', text: 'anew' });
    expect(log.at(1000)?.text).toBe('anew');
  });

  test('long lines are dropped earlier', () => {
    const log = new LineLog({ lines: plenty, characters: 10_000 });
    for (let number = 0; number < 1000; number++) {
      log.push({ at: 0, kind: 'text', text: `${'x'.repeat(99)}\n` });
      const kept = log.end - log.first;
      expect(kept).toBeLessThanOrEqual(203);
      if (number >= 101) expect(kept).toBeGreaterThanOrEqual(101);
    }
    expect(log.end).toBe(1000);
  });

  test('cost the same however many there are', () => {
    const log = new LineLog();
    const round = () => {
      const begun = performance.now();
      for (let number = 0; number < 150_000; number++) {
        log.push({ at: number, kind: 'text', text: `line ${number}\n` });
      }
      return performance.now() - begun;
    };
    round();
    const early = round();
    const late = Math.min(round(), round(), round());
    expect(log.end).toBe(750_000);
    // Constant for each line, amortised; a cost that grew with the log would be far above.
    expect(late).toBeLessThan(5 * early + 100);
  });
});

test.each([
  'plain',
  'loading\rdone',
  '\x1b[31;1mred\x1b[0;44m on blue\r\x1b[3C\x1b[9mx',
  'a\x1b[10Cb\x1b[5D',
  '\x1b[38;5;208mcolour\x1b[90m grey \x1b[107mwhite',
  'half a sequence \x1b[3',
  'bell\x07 and null\x00\b\b',
  '\x1b[5mblinks\x1b[1K',
])('the shortest form of %j is shown alike, and so is what follows it', (line) => {
  const shorter = collapsedLine(line);
  for (const after of ['', 'x', '1mx', '\x1b[Kx', '\rx']) {
    expect(terminalPieces(shorter + after)).toEqual(terminalPieces(line + after));
  }
  expect(collapsedLine(shorter)).toBe(shorter);
});
