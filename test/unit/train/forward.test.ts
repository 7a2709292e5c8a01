import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../../src/core/model/config';
import { WasmKernels } from '../../../src/node/train/wasm-kernels';
import { base, randomTokens, randomWeights, variants } from './models';
import { referenceLoss, toFloat64 } from './reference';

const full = base.max_seq_len;

async function withKernels<T>(
  architecture: Architecture,
  use: (kernels: WasmKernels) => Promise<T>,
): Promise<T> {
  const kernels = await WasmKernels.create({
    architecture,
    batch: 1,
    context: architecture.max_seq_len,
    threads: 1,
  });
  try {
    await kernels.writeParameters(randomWeights(architecture));
    return await use(kernels);
  } finally {
    await kernels.dispose();
  }
}

describe('loss equals the float64 reference', () => {
  test.each(Object.entries(variants))('%s', async (_, variant) => {
    const architecture = { ...base, ...variant };
    const weights = toFloat64(randomWeights(architecture));
    const tokens = randomTokens(architecture.max_seq_len + 1, architecture.vocab_size);
    const windows = [
      { tokens, scoreFrom: 0 },
      { tokens: tokens.subarray(0, 2), scoreFrom: 0 },
      { tokens, scoreFrom: architecture.max_seq_len - 1 },
    ];
    await withKernels(architecture, async (kernels) => {
      const nats = await kernels.evaluate(windows, 'float');
      windows.forEach((window, i) => {
        const expected = referenceLoss(architecture, weights, window.tokens, window);
        expect(Math.abs((nats[i] ?? NaN) - expected)).toBeLessThan(2e-5 * (1 + expected));
      });
    });
  });
});

test('a token does not affect earlier predictions', async () => {
  const place = 9;
  const tokens = randomTokens(full + 1, base.vocab_size);
  const changed = tokens.slice();
  changed[place] = ((changed[place] ?? 0) + 1) % base.vocab_size;
  await withKernels(base, async (kernels) => {
    /** Loss of the targets before `end`. */
    const lossBefore = async (stream: Uint16Array, end: number) => {
      const windows = [0, end].map((scoreFrom) => ({ tokens: stream, scoreFrom }));
      const [all = NaN, rest = NaN] = await kernels.evaluate(windows, 'float');
      return all - rest;
    };
    // The token is an input at `place` and a target one earlier.
    const before = await lossBefore(tokens, place - 1);
    expect(await lossBefore(changed, place - 1)).toBeCloseTo(before, 5);
    const after = await lossBefore(tokens, place + 1);
    expect(Math.abs((await lossBefore(changed, place + 1)) - after)).toBeGreaterThan(1e-2);
  });
});

test('many windows at once, longer together than the hand-over area', async () => {
  const windows = Array.from({ length: 3000 }, (_, i) => ({
    tokens: randomTokens(4 + (i % 8), base.vocab_size, i),
    scoreFrom: i % 2,
  }));
  await withKernels(base, async (kernels) => {
    const together = await kernels.evaluate(windows, 'float');
    const [first = 0] = await kernels.evaluate(windows.slice(2500, 2501), 'float');
    expect(together[2500]).toBe(first);
    expect(together.every((nats) => nats > 0)).toBe(true);
  });
});
