import { setting, type Change } from '../problem';
import type { ModelFile } from './defaults';
import { fieldAt } from './fields';

/** The sizes of a network, in the order in which the editor shows them. */
export const shapeFields = [
  'vocab_size',
  'dim',
  'hidden_dim',
  'n_layers',
  'n_heads',
  'n_kv_heads',
  'head_dim',
  'max_seq_len',
] as const;

export type ShapeField = (typeof shapeFields)[number];

/** Useful sizes: powers of two, and the halves between them that divide well. */
const sizes = [
  1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024,
].concat([1536, 2048, 3072, 4096, 6144, 8192]);

/** Last positions of the sliders: larger values never fit the chip. */
const reach: Record<ShapeField, number> = {
  vocab_size: 8192,
  dim: 512,
  hidden_dim: 2048,
  n_layers: 16,
  n_heads: 32,
  n_kv_heads: 32,
  head_dim: 128,
  max_seq_len: 2048,
};

/**
 * The positions of a size's slider, ascending: useful sizes within the schema's limits, those that
 * divide n_heads for n_kv_heads, and the present value wherever it lies.
 */
export function sliderStops(field: ShapeField, present: number, n_heads: number): number[] {
  const limit = reach[field];
  const least = fieldAt(`architecture.${field}`)?.minimum ?? 1;
  const candidates = field === 'n_layers' ? Array.from({ length: limit }, (_, i) => i + 1) : sizes;
  const stops = candidates
    .filter((size) => size >= least && size <= limit)
    .filter((size) => field !== 'n_kv_heads' || n_heads % size === 0);
  return [...new Set([...stops, present])].sort((a, b) => a - b);
}

/**
 * The changes that set a size, and adapt other sizes in the file that depend on it: n_kv_heads must
 * divide n_heads, and training sequences must not exceed the context. Absent fields follow by
 * themselves.
 */
export function resize(file: ModelFile, field: ShapeField, value: number): Change[] {
  const changes = [setting(`architecture.${field}`, value)];
  const { n_kv_heads } = file.architecture;
  if (field === 'n_heads' && n_kv_heads !== undefined && value % n_kv_heads !== 0) {
    changes.push(setting('architecture.n_kv_heads', divisorUpTo(value, n_kv_heads)));
  }
  const context = file.training?.context;
  if (field === 'max_seq_len' && context !== undefined && context > value) {
    changes.push(setting('training.context', value));
  }
  return changes;
}

/** Largest divisor of `value` that is at most `limit`. */
export function divisorUpTo(value: number, limit: number): number {
  for (let divisor = Math.min(value, limit); divisor > 1; divisor--) {
    if (value % divisor === 0) return divisor;
  }
  return 1;
}
