import { describe, expect, test } from 'vitest';
import { remembered, step } from '../../../src/core/monitor/prompt-history';
import { recordText } from '../../../src/core/monitor/record-text';
import {
  firstDivergence,
  heard,
  heardFromHost,
  isSpeaking,
  latencyScale,
  latencySteps,
  recentSpeed,
  type Generation,
} from '../../../src/core/monitor/speech';
import { escapePrompt, readGenerate } from '../../../src/core/wire/commands';
import type { DeviceRecord, DoneRecord } from '../../../src/core/wire/device-records';
import type { MonitorItem } from '../../../src/core/wire/monitor-messages';

const record = (value: DeviceRecord): MonitorItem => ({ at: 0, kind: 'record', record: value });
const token = (index: number, us: number, id = index): MonitorItem =>
  record({ record: 'token', index, id, text: `t${index}`, us, rank: 1 });
const done = (tokens: number, reason = 'end-of-text'): MonitorItem => {
  const rest = { microseconds: 1, cycles_per_token: 2, tokens_per_second: 3, peak_stack: 4 };
  return record({ record: 'done', tokens, reason, text: '', ...rest } satisfies DoneRecord);
};
const asked = (prompt: string): MonitorItem => ({
  at: 0,
  kind: 'sent',
  line: `generate seed=1 prompt=${escapePrompt(prompt)}`,
});

const after = (...items: MonitorItem[]): readonly Generation[] =>
  items.reduce<readonly Generation[]>(heard, []);

describe('what a board says', () => {
  test('is a generation from its prompt to its summary', () => {
    const speech = after(asked('Once\nupon'), token(0, 5000), token(1, 7000));
    expect(speech).toMatchObject([
      { number: 0, prompt: 'Once\nupon', tokens: [{ latency: 5000 }, { latency: 2000, rank: 1 }] },
    ]);
    expect(isSpeaking(speech)).toBe(true);
    const ended = heard(speech, done(2));
    expect(isSpeaking(ended)).toBe(false);
    expect(heard(ended, asked('More'))).toHaveLength(2);
  });

  test('is heard too when somebody else has asked', () => {
    const speech = after(token(0, 10), done(1), token(0, 20), token(1, 40));
    expect(speech.map(({ prompt, tokens }) => [prompt, tokens.length])).toEqual([
      [undefined, 1],
      [undefined, 2],
    ]);
  });

  test('ends with an error when the board refuses', () => {
    const error = record({ record: 'error', code: 'prompt', message: 'too long' });
    const speech = after(asked('x'), error);
    expect(speech[0]?.failure).toBe('too long');
    expect(after(error)).toEqual([]);
  });

  test('of long sessions the last are kept', () => {
    const items = Array.from({ length: 80 }, () => [asked('x'), done(0)]).flat();
    const speech = after(...items);
    expect([speech.length, speech.at(-1)?.number]).toEqual([50, 79]);
  });
});

describe('comparison with the host', () => {
  const board = after(asked('x'), token(0, 1, 7), token(1, 2, 8), token(2, 3, 9), done(3));
  const host = (...ids: number[]) =>
    heardFromHost(
      board,
      ids.map((id, index) => ({ index, id, text: '' })),
      true,
    )[0] as Generation;

  test.each([
    [[7, 8, 9], undefined],
    [[7, 5, 9], 1],
    [[7, 8], 2],
    [[7, 8, 9, 4], 3],
  ])('host %j: first difference %s', (ids, index) => {
    expect(firstDivergence(host(...ids))).toBe(index);
  });

  test('what is not there yet is no difference', () => {
    const early = heardFromHost(board, [{ index: 0, id: 7, text: '' }], false)[0] as Generation;
    expect(firstDivergence(early)).toBeUndefined();
    expect(firstDivergence(board[0] as Generation)).toBeUndefined();
    const stopped = after(asked('x'), token(0, 1, 7), done(1, 'stopped'));
    const whole = heardFromHost(
      stopped,
      [7, 8].map((id, index) => ({ index, id, text: '' })),
      true,
    );
    expect(firstDivergence(whole[0] as Generation)).toBeUndefined();
  });
});

describe('latencies', () => {
  const tokens = (...latencies: number[]) =>
    latencies.map((latency, id) => ({ id, text: '', latency }));

  test('have steps from the quickest to the slowest, the first token aside', () => {
    const scale = latencyScale(
      tokens(90_000, ...Array.from({ length: 100 }, (_, i) => 1000 + 10 * i)),
    );
    expect([1000, 1500, 1990, 90_000].map(scale)).toEqual([
      0,
      2,
      latencySteps - 1,
      latencySteps - 1,
    ]);
  });

  test('that hardly differ are alike', () => {
    const scale = latencyScale(tokens(5, 1000, 1001, 1002, 1003));
    expect([1000, 1003].map(scale)).toEqual([0, 0]);
    expect(latencyScale([])(5)).toBe(0);
  });

  test('make the speed', () => {
    expect(recentSpeed(tokens(90_000, 10_000, 10_000, 10_000))).toBeCloseTo(100);
    expect(recentSpeed(tokens(90_000))).toBe(0);
  });
});

describe('prompt history', () => {
  test('has each prompt once, the last at the end', () => {
    expect(remembered(['a', 'b'], 'a')).toEqual(['b', 'a']);
    expect(remembered(['a'], '  ')).toEqual(['a']);
  });

  test('is walked back and forth to what was typed', () => {
    const history = ['one', 'two'];
    const back = step(history, { place: 2, typed: 'thr' }, -1);
    expect(back?.text).toBe('two');
    const further = step(history, back?.walk ?? { place: 0, typed: '' }, -1);
    expect(further?.text).toBe('one');
    expect(step(history, further?.walk ?? { place: 0, typed: '' }, -1)).toBeUndefined();
    expect(step(history, back?.walk ?? { place: 0, typed: '' }, 1)?.text).toBe('thr');
  });
});

test('lines that ask for a generation', () => {
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
