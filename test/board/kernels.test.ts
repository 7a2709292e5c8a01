import { beforeAll, describe, expect, it } from 'vitest';
import { StarmindError } from '../../src/node/starmind-error';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import {
  attentionCycles,
  kernelBounds,
  kernelCycles,
  runKernels,
  scalingCycles,
  vectorCycles,
} from '../support/kernels';

const missing = await ensureToolchain().then(
  () => undefined,
  (error: unknown) => (error instanceof StarmindError ? error.message : String(error)),
);
if (missing) console.log(`Skipped the kernels of the chip: ${missing}`);

describe.skipIf(missing)('the kernels of the chip, on the virtual Pico', () => {
  let lines: string[];

  beforeAll(async () => {
    lines = await runKernels();
  }, 600_000);

  it('have the sums of the references in C, on both cores at once and shared by them', () => {
    expect(lines.filter((line) => !line.startsWith('{'))).toEqual([
      'core 0 2439 products',
      'core 1 4839 products',
      'shared 60 products',
      'scaling 5166 products',
      'attention 2080 products',
      'vectors 5740 products',
      'PASS',
    ]);
  });

  it.each(['int8', 'int4', 'ternary'] as const)(
    'are within 15 %% of the bound of %s where rows and columns are 64 and more',
    (kernel) => {
      const large = kernelCycles(lines).filter(
        (cycles) => cycles.kernel === kernel && cycles.rows >= 64 && cycles.columns >= 64,
      );
      expect(large.length).toBeGreaterThan(6);
      for (const { rows, columns, multiply } of large) {
        // A kernel multiplies the padding of the last tile, too.
        const products = Math.ceil(rows / 8) * 8 * columns;
        expect(multiply / products, `${rows}x${columns}`).toBeLessThan(1.15 * kernelBounds[kernel]);
      }
    },
  );

  it('scale 64 sums in less than 22 cycles each and add them in 29, 6 less for narrow ones', () => {
    const scaling = scalingCycles(lines).find(({ scaled_rows }) => scaled_rows === 64);
    expect(scaling?.set).toBeLessThan(22 * 64);
    expect(scaling?.add).toBeLessThan(29 * 64);
    expect(scaling?.set_narrow).toBeLessThan(16 * 64);
    expect(scaling?.add_narrow).toBeLessThan(23 * 64);
  });

  it.each([
    { cache: 'int8', scores: 2940, share: undefined, values: 3870 },
    { cache: 'int4', scores: 3080, share: 1130, values: 2690 },
  ])(
    'attend to 128 positions of 8 numbers in $cache in a few cycles more than today at the most',
    ({ cache, ...limits }) => {
      const cycles = attentionCycles(lines).find(
        ({ attention, head_dim, positions }) =>
          attention === cache && head_dim === 8 && positions === 128,
      );
      expect(cycles?.scores).toBeLessThan(limits.scores);
      expect(cycles?.softmax).toBeLessThan(2440);
      expect(cycles?.values).toBeLessThan(limits.values);
      if (limits.share) expect(cycles?.share).toBeLessThan(limits.share);
    },
  );

  it('attend to one position of 8 numbers without more than 820 cycles around it', () => {
    for (const cycles of attentionCycles(lines)) {
      if (cycles.positions !== 1) continue;
      expect(cycles.scores + cycles.softmax + cycles.share + cycles.values).toBeLessThan(820);
    }
  });

  it('take 32 elements and logits in few cycles each', () => {
    const cycles = vectorCycles(lines);
    expect(cycles?.all_bits).toBeLessThan(225);
    expect(cycles?.head).toBeLessThan(1250);
    expect(cycles?.round).toBeLessThan(350);
    expect(cycles?.gains).toBeLessThan(840);
    expect(cycles?.gate).toBeLessThan(1660);
    expect(cycles?.distances).toBeLessThan(2050);
    expect(cycles?.far).toBeLessThan(290);
    expect(cycles?.highest).toBeLessThan(320);
  });
});
