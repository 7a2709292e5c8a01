import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agreement, divergenceText, firstDivergence } from '../../../src/core/monitor/divergence';
import { latencyScale, latencySteps, recentSpeed, speeds } from '../../../src/core/monitor/latency';
import { remembered, step } from '../../../src/core/monitor/prompt-history';
import { bytesTooMany } from '../../../src/core/monitor/prompt-limit';
import { recordText } from '../../../src/core/monitor/record-text';
import {
  heard,
  heardFromHost,
  interrupted,
  isSpeaking,
  withoutHost,
  type Generation,
  type Speech,
} from '../../../src/core/monitor/speech';
import { escapePrompt, readGenerate } from '../../../src/core/wire/commands';
import type { DeviceRecord, DoneRecord } from '../../../src/core/wire/device-records';
import type { MonitorItem } from '../../../src/core/wire/monitor-messages';
import { packageRoot } from '../../../src/node/assets';

const record = (value: DeviceRecord): MonitorItem => ({ at: 0, kind: 'record', record: value });
const token = (index: number, us: number, id = index): MonitorItem =>
  record({ record: 'token', index, id, text: `t${index}`, us, rank: 1 });
const done = (tokens: number, reason = 'end-of-text'): MonitorItem => {
  const rest = { microseconds: 1, cycles_per_token: 2, tokens_per_second: 3, peak_stack: 4 };
  return record({ record: 'done', tokens, reason, text: '', ...rest } satisfies DoneRecord);
};
const error = (code: string, message: string) => record({ record: 'error', code, message });
const ready = record({ record: 'ready' });
const hello = record({
  record: 'hello',
  firmware: '0.1.0',
  protocol: 1,
  board: 'pico',
  clock_mhz: 125,
  cores: 1,
  image: 'ok',
  memory: {},
});
const asked = (prompt: string): MonitorItem => ({
  at: 0,
  kind: 'sent',
  line: `generate seed=1 prompt=${escapePrompt(prompt)}`,
});

/** The state after one batch; it must equal that after batches of one item. */
const after = (...items: MonitorItem[]): Speech => {
  const speech = heard([], items);
  expect(items.reduce<Speech>((before, item) => heard(before, [item]), [])).toEqual(speech);
  return speech;
};

describe('the output of a board', () => {
  test('is a generation from its prompt to its summary', () => {
    const speech = after(asked('Once\nupon'), token(0, 5000), token(1, 7000));
    expect(speech).toMatchObject([
      { number: 0, prompt: 'Once\nupon', tokens: [{ latency: 5000 }, { latency: 2000, rank: 1 }] },
    ]);
    expect(isSpeaking(speech)).toBe(true);
    const ended = heard(speech, [done(2)]);
    expect(isSpeaking(ended)).toBe(false);
    expect(heard(ended, [asked('More')])).toHaveLength(2);
    // The earlier state is unchanged.
    expect(speech[0]?.tokens).toHaveLength(2);
    expect(speech[0]?.done).toBeUndefined();
  });

  test('stays the same object when items do not concern it', () => {
    const speech = after(asked('x'), token(0, 1));
    const others: MonitorItem[] = [
      { at: 0, kind: 'text', text: 'noise' },
      { at: 0, kind: 'sent', line: 'info' },
      { at: 0, kind: 'skipped', bytes: 5 },
    ];
    expect(heard(speech, others)).toBe(speech);
  });

  test('includes generations of other clients', () => {
    const speech = after(token(0, 10), done(1), token(0, 20), token(1, 40));
    expect(speech.map(({ prompt, tokens }) => [prompt, tokens.length])).toEqual([
      [undefined, 1],
      [undefined, 2],
    ]);
  });

  test('continues behind skipped items, with unknown latency', () => {
    const speech = after(asked('x'), token(0, 10), token(5, 60), token(6, 75));
    expect(speech).toHaveLength(1);
    expect(speech[0]?.tokens.map(({ index, latency }) => [index, latency])).toEqual([
      [0, 10],
      [5, undefined],
      [6, 15],
    ]);
    expect(after(token(7, 100))[0]?.tokens[0]).not.toHaveProperty('latency');
  });

  test('ends with an error when the board refuses', () => {
    const speech = after(asked('x'), error('prompt', 'too long'));
    expect(speech[0]?.failure).toBe('The board refuses: too long.');
    expect(after(error('prompt', 'too long'))).toEqual([]);
  });

  test('does not end with an error about something else', () => {
    const speech = after(asked('x'), error('busy', 'wait'), token(0, 1), error('command', 'what?'));
    expect(isSpeaking(speech)).toBe(true);
    // The board is speaking: it refuses a second prompt.
    const [first, second] = after(asked('x'), token(0, 1), asked('y'), token(1, 2), done(2));
    expect([first?.tokens.length, first?.done?.tokens, second]).toEqual([2, 2, undefined]);
  });

  test('ends when the board restarts, disappears, or its end was skipped', () => {
    expect(after(asked('x'), token(0, 1), hello)[0]?.failure).toMatch(/anew/);
    expect(after(asked('x'), token(0, 1), ready)[0]?.failure).toMatch(/not heard/);
    // The `ready` of an earlier command may still arrive.
    expect(isSpeaking(after(asked('x'), hello, ready))).toBe(true);
    const gone = interrupted(after(asked('x')), 'Gone.');
    expect(gone[0]?.failure).toBe('Gone.');
    expect(interrupted(gone, 'Again.')).toBe(gone);
    expect(heard(gone, [asked('y')])).toHaveLength(2);
    expect(after(asked('x'), asked('y'))[0]?.failure).toMatch(/not answered/);
  });

  test('is reopened by further tokens', () => {
    const speech = heard(interrupted(after(asked('x'), token(0, 1)), 'No.'), [token(1, 2)]);
    expect(speech).toMatchObject([{ tokens: [{ index: 0 }, { index: 1 }] }]);
    expect(isSpeaking(speech)).toBe(true);
  });

  test('keeps the last generations of long sessions', () => {
    const items = Array.from({ length: 80 }, () => [asked('x'), done(0)]).flat();
    const speech = after(...items);
    expect([speech.length, speech.at(-1)?.number]).toEqual([50, 79]);
    const endless = Array.from({ length: 100_000 }, (_, index) => token(index, index));
    const [generation] = heard([], endless);
    expect(generation?.tokens.length).toBeLessThan(10_000);
    expect(generation?.tokens.at(-1)?.index).toBe(99_999);
  });
});

describe('comparison with the host', () => {
  const tokens = (...ids: number[]) => ids.map((id, index) => ({ index, id, text: `h${id}` }));
  const board = after(asked('x'), token(0, 1, 7), token(1, 2, 8), token(2, 3, 9), done(3));
  const host = (...ids: number[]) => heardFromHost(board, tokens(...ids), true)[0] as Generation;

  test.each([
    [[7, 8, 9], undefined],
    [[7, 5, 9], 1],
    [[7, 8], 2],
    [[7, 8, 9, 4], 3],
  ])('host %j: first difference %s', (ids, index) => {
    expect(firstDivergence(host(...ids))?.index).toBe(index);
  });

  test('is described in words', () => {
    const text = (...ids: number[]) => {
      const divergence = firstDivergence(host(...ids));
      return divergence && divergenceText(divergence);
    };
    expect(text(7, 5, 9)).toBe(
      'Token 1: the board says "t1" (id 8), this computer says "h5" (id 5).',
    );
    expect(text(7, 8)).toBe('Token 2: the board says "t2" (id 9), this computer has ended.');
    expect(text(7, 8, 9, 4)).toBe('Token 3: the board has ended, this computer says "h4" (id 4).');
    expect(agreement(host(7, 8, 9))).toEqual({ both: 3, isOver: true });
  });

  test('compares the tokens of one index, whatever was skipped', () => {
    const speech = after(asked('x'), token(0, 1, 7), token(2, 3, 9), done(3));
    const generation = heardFromHost(speech, tokens(7, 8, 9), true)[0] as Generation;
    expect(firstDivergence(generation)).toBeUndefined();
    expect(agreement(generation)).toEqual({ both: 3, isOver: true });
  });

  test('missing tokens are no difference yet', () => {
    const early = heardFromHost(board, tokens(7), false);
    expect(firstDivergence(early[0] as Generation)).toBeUndefined();
    expect(agreement(early[0] as Generation)).toEqual({ both: 1, isOver: false });
    expect(firstDivergence(board[0] as Generation)).toBeUndefined();
    const stopped = after(asked('x'), token(0, 1, 7), done(1, 'stopped'));
    const whole = heardFromHost(stopped, tokens(7, 8), true);
    expect(firstDivergence(whole[0] as Generation)).toBeUndefined();
  });

  test('ignores tokens for another prompt', () => {
    const late = [{ index: 5, id: 1, text: '' }];
    expect(heardFromHost(board, late, false)).toBe(board);
    expect(withoutHost([], 'No run.')).toEqual([]);
  });
});

describe('latencies', () => {
  const tokens = (...latencies: (number | undefined)[]) =>
    latencies.map((latency, index) => ({
      index,
      id: index,
      text: '',
      us: 0,
      ...(latency !== undefined && { latency }),
    }));
  const steps = (...latencies: (number | undefined)[]) => {
    const spoken = tokens(...latencies);
    return spoken.map(latencyScale(spoken).stepOf);
  };

  test('have steps from the quickest to the slowest, the first token aside', () => {
    const spoken = tokens(90_000, ...Array.from({ length: 100 }, (_, i) => 1000 + 10 * i), 70_000);
    const { range, stepOf } = latencyScale(spoken);
    expect(range).toEqual({ least: 1050, most: 1950 });
    const shown = [0, 1, 50, 100, 101].map((index) => stepOf(spoken[index] ?? spoken[0]!));
    expect(shown).toEqual([0, 0, 2, latencySteps - 1, latencySteps - 1]);
  });

  test('that hardly differ have one shade, and unknown ones have none', () => {
    expect(steps(5, 1000, 1001, 1002, 1003)).toEqual([0, 0, 0, 0, 0]);
    expect(latencyScale([]).range).toBeUndefined();
    expect(steps(5, 1000, undefined, 2000)).toEqual([0, 0, 0, latencySteps - 1]);
    expect(steps(0, 0, 0)).toEqual([0, 0, 0]);
  });

  test('give the speed', () => {
    expect(recentSpeed(tokens(90_000, 10_000, 10_000, 10_000))).toBeCloseTo(100);
    expect(recentSpeed(tokens(90_000))).toBe(0);
    expect(speeds(tokens(90_000, 10_000, undefined, 20_000))).toEqual({
      positions: [1, 3],
      speeds: [100, 50],
    });
  });
});

test('recognises prompts that the firmware would refuse', () => {
  const header = readFileSync(join(packageRoot(), 'firmware/app/command.h'), 'utf8');
  const longest = Number(/COMMAND_LINE_BYTES (\d+)u/.exec(header)?.[1]);
  const bytes = 'generate seed=1 rank=1 prompt='.length;
  const ascii = 'a'.repeat(longest - bytes);
  expect(bytesTooMany({ prompt: ascii })).toBe(0);
  expect(bytesTooMany({ prompt: `${ascii}a` })).toBe(1);
  expect(bytesTooMany({ prompt: `${ascii}\n` })).toBe(2);
  expect(bytesTooMany({ prompt: ascii, seed: 12 })).toBe(1);
});

describe('prompt history', () => {
  test('has each prompt once, the last at the end', () => {
    expect(remembered(['a', 'b'], 'a')).toEqual(['b', 'a']);
    expect(remembered(['a'], '  ')).toEqual(['a']);
  });

  test('can be walked back and forth to the typed text', () => {
    const history = ['one', 'two'];
    const back = step(history, { place: 2, typed: 'thr' }, -1);
    expect(back?.text).toBe('two');
    const further = step(history, back?.walk ?? { place: 0, typed: '' }, -1);
    expect(further?.text).toBe('one');
    expect(step(history, further?.walk ?? { place: 0, typed: '' }, -1)).toBeUndefined();
    expect(step(history, back?.walk ?? { place: 0, typed: '' }, 1)?.text).toBe('thr');
  });
});

test('reads the prompt of lines that request a generation', () => {
  expect(readGenerate('generate tokens=5 rank=1 prompt=a\\nb prompt=c')).toEqual({
    prompt: 'a\nb prompt=c',
  });
  expect(readGenerate('generate')).toEqual({ prompt: '' });
  expect(readGenerate('info')).toBeUndefined();
});

test('records in words', () => {
  expect(recordText({ record: 'token', index: 3, id: 44, text: 'é"', us: 12345, rank: 2 })).toBe(
    'token 3: "é\\"" (id 44, rank 2) after 12,345 us',
  );
  expect(recordText({ record: 'bench', kernel: 'query', cycles: 5 })).toBe(
    'bench: kernel query, cycles 5',
  );
});
