import { describe, expect, it } from 'vitest';
import { resize, sliderStops } from '../../../src/core/model/shape';
import type { ModelFile } from '../../../src/core/model/defaults';
import { setting } from '../../../src/core/problem';

const file: ModelFile = {
  version: 1,
  architecture: {
    vocab_size: 512,
    dim: 64,
    hidden_dim: 172,
    n_layers: 5,
    n_heads: 8,
    max_seq_len: 512,
  },
};

describe('resize', () => {
  it('sets one value where no other depends on it', () => {
    expect(resize(file, 'n_heads', 6)).toEqual([setting('architecture.n_heads', 6)]);
  });

  it('keeps n_kv_heads a divisor of n_heads', () => {
    const grouped = { ...file, architecture: { ...file.architecture, n_kv_heads: 4 } };
    expect(resize(grouped, 'n_heads', 6)).toEqual([
      setting('architecture.n_heads', 6),
      setting('architecture.n_kv_heads', 3),
    ]);
    expect(resize(grouped, 'n_heads', 12)).toEqual([setting('architecture.n_heads', 12)]);
  });

  it('keeps training sequences within the context', () => {
    const trained = { ...file, training: { context: 256 } };
    expect(resize(trained, 'max_seq_len', 128)).toEqual([
      setting('architecture.max_seq_len', 128),
      setting('training.context', 128),
    ]);
    expect(resize(trained, 'max_seq_len', 256)).toHaveLength(1);
  });
});

describe('slider stops', () => {
  it('ascend, hold the present value, and keep to the limits of the schema', () => {
    const stops = sliderStops('hidden_dim', 172, 8);
    expect(stops).toContain(172);
    expect(stops).toEqual([...stops].sort((a, b) => a - b));
    expect(sliderStops('vocab_size', 512, 8)[0]).toBe(2);
  });

  it('of n_kv_heads divide n_heads', () => {
    expect(sliderStops('n_kv_heads', 4, 12)).toEqual([1, 2, 3, 4, 6, 12]);
  });
});
