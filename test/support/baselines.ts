import type { Architecture } from '../../src/core/model/config';
import { quantizeMatrix } from '../../src/core/quant/matrix';
import { ropeTheta, tensorSpecs, type Weights } from '../../src/core/model/tensors';
import { recordsOf, runProgram } from './run-program';

/** The engines of test/firmware/baselines, by their number there. */
export const baselines = { float: 0, int8: 1 } as const;

export type Baseline = keyof typeof baselines;

export interface BaselineOptions {
  /** Tokens, from the first position on, whose logits are returned. */
  checked: number;
  /** Two lengths of the context, longer than `checked`, at which a token is measured. */
  contexts: readonly [number, number];
  weightsIn: 'sram' | 'flash';
}

export interface BaselineRun {
  /** [checked][vocab_size] */
  logits: number[][];
  /** Cycles of a token, and those of its matrices. */
  tokens: { context: number; cycles: number; matrices: number }[];
}

/** Token of a position; test/firmware/baselines/main.c has the same. */
export const baselineToken = (position: number, { vocab_size }: Architecture) =>
  (7 * position + 3) % vocab_size;

/** Cosines and sines, [max_seq_len][head_dim / 2][2]. */
function rotations({ head_dim, max_seq_len }: Architecture): Float32Array {
  const half = Math.floor(head_dim / 2);
  return Float32Array.from({ length: max_seq_len * half * 2 }, (_, index) => {
    const pair = (index >> 1) % half;
    const angle = Math.floor(index / 2 / half) * ropeTheta ** ((-2 * pair) / head_dim);
    return index % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  });
}

/** Tensors in the order of test/firmware/baselines/model.c, which is that of a checkpoint. */
function weightsSection(engine: Baseline, shape: Architecture, weights: Weights): Buffer {
  const bytesOf = (floats: Float32Array) => Buffer.from(floats.slice().buffer);
  const sections = tensorSpecs(shape).flatMap(({ name, shape: [rows, columns] }) => {
    const values = weights.get(name) ?? new Float32Array();
    if (engine === 'float' || columns === undefined) return [bytesOf(values)];
    const stored = quantizeMatrix(values, rows, columns, 'int8');
    const scales = Float32Array.from(stored.scales, (scale) => scale * 2 ** stored.exponent);
    const padding = Buffer.alloc(-stored.values.length & 3);
    return [bytesOf(scales), Buffer.from(stored.values.buffer), padding];
  });
  return Buffer.concat(sections);
}

/** Bytes of vectors and KV cache, all of float32. */
function arenaBytes(shape: Architecture): number {
  const { dim, hidden_dim, n_layers, n_heads, n_kv_heads, head_dim, max_seq_len } = shape;
  const vectors = 3 * dim + 2 * n_heads * head_dim + 2 * hidden_dim + shape.vocab_size;
  return 4 * (vectors + max_seq_len * (1 + 2 * n_layers * n_kv_heads * head_dim));
}

/**
 * Builds and runs one of two plain engines for the virtual Pico, on one core. The shape must have the
 * options that model.json has by default.
 */
export async function runBaseline(
  engine: Baseline,
  shape: Architecture,
  weights: Weights,
  { checked, contexts, weightsIn }: BaselineOptions,
): Promise<BaselineRun> {
  const { vocab_size, dim, hidden_dim, n_layers, n_heads, n_kv_heads, head_dim } = shape;
  const header = Uint32Array.of(
    ...[baselines[engine], vocab_size, dim, hidden_dim, n_layers, n_heads, n_kv_heads, head_dim],
    ...[shape.max_seq_len, checked, ...contexts],
  );
  const stored = weightsSection(engine, shape, weights);
  const image = Buffer.concat([
    Buffer.from(header.buffer),
    Buffer.from(rotations(shape).buffer),
    stored,
  ]);
  const buffers = {
    arenaBytes: arenaBytes(shape),
    weightsBytes: weightsIn === 'sram' ? stored.length : 0,
  };
  const lines = await runProgram('baselines', { image, buffers, clockMhz: 125, cores: 1 }, 20_000);
  if (lines.at(-1) !== 'PASS') throw new Error(lines.slice(-3).join('\n').slice(0, 500));
  return {
    logits: recordsOf<{ logits: string }>(lines, '{"logits"').map(({ logits }) =>
      Array.from({ length: vocab_size }, (_, i) =>
        Buffer.from(logits.slice(8 * i, 8 * i + 8), 'hex').readFloatBE(),
      ),
    ),
    tokens: recordsOf(lines, '{"context"'),
  };
}
