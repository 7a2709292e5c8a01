import { describe, expect, it } from 'vitest';
import { benchReport, cyclesAt } from '../../../src/core/bench/report';
import type { BenchRecord } from '../../../src/core/wire/device-records';

const record = (fields: Record<string, unknown>): BenchRecord => ({ record: 'bench', ...fields });

const parts = (context: number, cycles: Record<string, number>) =>
  Object.entries(cycles).map(([part, spent]) => record({ part, context, cycles: spent }));

/** A model of context 8: 1,000 cycles a token, 100 more a position; drawing takes 200. */
const records = [
  record({ kernel: 'query', rows: 4, columns: 8, cycles: 96 }),
  record({ kernel: 'classifier', rows: 16, columns: 4, cycles: 320 }),
  record({ context: 2, cycles: 1200 }),
  record({ context: 6, cycles: 1600 }),
  record({ context: 8, cycles: 1800 }),
  record({ logits: 16, cycles: 200 }),
  ...parts(4, { matrices: 600, attention: 500, activations: 150, norms: 100 }),
  ...parts(8, { matrices: 600, attention: 900, activations: 150, norms: 150 }),
  record({ cores: 2, cycles: 45 }),
  record({ peak_stack: 2000, peak_second_stack: 300 }),
];

describe('the report of a benchmark', () => {
  const report = benchReport(records, { max_seq_len: 8 }, 200);

  it('states the token in the middle of the context, with its sampling', () => {
    // 1,400 cycles at context 4, between 2 and 6.
    expect(report).toMatchObject({ context: 4, cycles_per_token: 1600, sampling: 200 });
    expect(report?.tokens_per_second).toBe(125_000);
  });

  it('divides a token into its parts, the rest included', () => {
    expect(report?.by_part).toEqual([
      {
        ...{ context: 4, matrices: 600, attention: 500, activations: 150, norms: 100 },
        ...{ sampling: 200, rest: 50 },
      },
      // Parts that were measured alone may take as long as the whole.
      {
        ...{ context: 8, matrices: 600, attention: 900, activations: 150, norms: 150 },
        ...{ sampling: 200, rest: 0 },
      },
    ]);
  });

  it('has cycles by context, of each kernel, of a barrier, and the depth of the stacks', () => {
    expect(report?.by_context).toEqual([
      { context: 2, cycles: 1200 },
      { context: 6, cycles: 1600 },
      { context: 8, cycles: 1800 },
    ]);
    expect(report?.kernels).toEqual([
      { name: 'query', rows: 4, cols: 8, cycles_per_mac: 3 },
      { name: 'classifier', rows: 16, cols: 4, cycles_per_mac: 5 },
    ]);
    expect(report).toMatchObject({ barrier: 45, peak_stack: 2000, peak_second_stack: 300 });
  });

  it('has no stack of a second core that does not compute', () => {
    const one = records.map((each) =>
      each.peak_stack === undefined ? each : record({ peak_stack: 2000 }),
    );
    expect(benchReport(one, { max_seq_len: 8 }, 200)?.peak_second_stack).toBeNull();
  });

  it('is undefined where the board measured no whole token', () => {
    const kernels = records.filter(({ kernel }) => kernel !== undefined);
    expect(benchReport(kernels, { max_seq_len: 8 }, 200)).toBeUndefined();
    expect(benchReport(records, { max_seq_len: 40 }, 200)).toBeUndefined();
  });
});

describe('cycles at a context', () => {
  const points = [
    { context: 1, cycles: 10 },
    { context: 3, cycles: 20 },
  ];

  it('are those measured, or between two', () => {
    expect([1, 2, 3].map((context) => cyclesAt(points, context))).toEqual([10, 15, 20]);
  });

  it('are undefined beyond the measured ones', () => {
    expect([0, 4].map((context) => cyclesAt(points, context))).toEqual([undefined, undefined]);
  });
});
