import type { Architecture, ModelConfig } from '../../../src/core/model/config';
import { withDefaults } from '../../../src/core/model/defaults';
import type { NgramTables } from '../../../src/core/model/ngram';
import { elementCount, tensorSpecs } from '../../../src/core/model/tensors';
import { normalFrom, seededRandom } from '../../../src/core/random';
import { adamwBetas } from '../../../src/core/train/optimizer';
import type { WasmKernels } from '../../../src/node/train/wasm-kernels';

/** Small, with every number different, so that a mixed-up size shows. */
export const base: Architecture = {
  vocab_size: 11,
  dim: 6,
  hidden_dim: 10,
  n_layers: 2,
  n_heads: 4,
  n_kv_heads: 2,
  head_dim: 4,
  max_seq_len: 19,
  norm: 'rmsnorm',
  position: 'rope',
  activation: 'silu',
  gated: true,
  tie_embeddings: true,
};

/** Few rows, so that n-grams share them; narrower than the values. */
const tables: NgramTables = {
  ...{ orders: [2, 3, 4], rows: 16, into: 'values', layers: [0, 1], width: 5, bits: 4 },
};

/** One variant for every option and every awkward size. */
export const variants: Record<string, Partial<Architecture>> = {
  'as it is': {},
  layernorm: { norm: 'layernorm' },
  'learned positions': { position: 'learned' },
  'no positions': { position: 'none' },
  relu: { activation: 'relu' },
  relu2: { activation: 'relu2' },
  gelu: { activation: 'gelu' },
  'not gated': { gated: false },
  'not gated, relu2': { gated: false, activation: 'relu2' },
  'untied classifier': { tie_embeddings: false },
  'untied, layernorm, learned, gelu, not gated': {
    tie_embeddings: false,
    norm: 'layernorm',
    position: 'learned',
    activation: 'gelu',
    gated: false,
  },
  'one key/value head': { n_kv_heads: 1 },
  'as many key/value heads': { n_kv_heads: 4 },
  'odd head_dim': { head_dim: 5, n_heads: 3, n_kv_heads: 1 },
  'head_dim 1': { head_dim: 1, n_heads: 6, n_kv_heads: 3 },
  'dim 1': { dim: 1, hidden_dim: 3, n_heads: 1, n_kv_heads: 1, head_dim: 2 },
  'two tokens': { vocab_size: 2 },
  'one layer, hidden 1': { n_layers: 1, hidden_dim: 1 },
  'rows of n-grams on the values': { ngram_tables: tables },
  'rows of n-grams on the residual stream': {
    ngram_tables: {
      ...tables,
      ...{ into: 'residual', layers: [1], orders: [2], width: 6, bits: 8 },
    },
  },
  'context 40': { max_seq_len: 40 },
  'context 2': { max_seq_len: 2 },
};

/** Weights large enough that every part of the model matters. */
export function randomWeights(architecture: Architecture, seed = 3): Map<string, Float32Array> {
  const normal = normalFrom(seededRandom(seed));
  return new Map(
    tensorSpecs(architecture).map((spec) => {
      const isGain = spec.role === 'norm';
      const values = Float32Array.from({ length: elementCount(spec) }, () =>
        isGain ? 1 + 0.3 * normal() : 0.5 * normal(),
      );
      return [spec.name, values];
    }),
  );
}

export function randomTokens(count: number, vocabSize: number, seed = 5): Uint16Array {
  const random = seededRandom(seed);
  return Uint16Array.from({ length: count }, () => Math.floor(random() * vocabSize));
}

/**
 * Gradients of the first step of a model, those of n-gram tables too: the kernels keep these by
 * token, but the first moments are their share of them, where nothing clips.
 */
export async function allGradients(kernels: WasmKernels): Promise<Map<string, Float32Array>> {
  const { first } = await kernels.readMoments();
  const share = 1 - adamwBetas[0];
  const tables = [...first].filter(([name]) => name.includes('.ngram_'));
  return new Map([
    ...kernels.readGradients(),
    ...tables.map(([name, moments]): [string, Float32Array] => [
      name,
      moments.map((moment) => moment / share),
    ]),
  ]);
}

/** A configuration with defaults around a shape and training settings. */
export function configOf(
  architecture: Architecture,
  training: Partial<ModelConfig['training']>,
  awareShare = 0,
): ModelConfig {
  return withDefaults(
    {
      version: 1,
      architecture,
      training,
      quantization: { aware_share: awareShare },
    },
    'test',
  );
}
