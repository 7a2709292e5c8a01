import type { Architecture, Sampling, StoredFormats } from '../../src/core/model/config';
import { elementCount, tensorSpecs, type Weights } from '../../src/core/model/tensors';
import type { WhenFull } from '../../src/core/model/options';
import { writeImage } from '../../src/core/export/image';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { utf8Bytes } from '../../src/core/tokenizer/utf8';
import { normalFrom, seededRandom } from '../../src/core/random';
import { digest } from '../../src/node/run/export';
import { trainTokenizer } from '../../src/core/tokenizer/learn';
import type { TokenizerType } from '../../src/core/tokenizer/model';

/**
 * Models that together cover every option of the architecture and the corners of its shapes. Their
 * weights are random, so their text is meaningless; but every build of the engine must generate the
 * same.
 */
export interface GoldenModel {
  name: string;
  architecture: Architecture;
  quantization: StoredFormats;
  tokenizer: TokenizerType;
  /** Tokens to generate, where not the few of `goldenRequest`. */
  tokens?: number;
  /** Of the request, where its usual one ends the text early. */
  seed?: number;
  target?: { when_full: WhenFull };
  /** Matrices that are streamed from flash. */
  streamed?: ReadonlySet<string>;
}

type Shape = ModelFile['architecture'];

function golden(
  name: string,
  tokenizer: TokenizerType,
  architecture: Shape,
  quantization: StoredFormats = { weights: 'int8' },
): GoldenModel {
  const config = withDefaults({ version: 1, architecture }, name);
  return { name, tokenizer, architecture: config.architecture, quantization };
}

/** Its context is full several times. */
function sliding(name: string, architecture: Shape): GoldenModel {
  return { ...golden(name, 'bpe', architecture), tokens: 100, target: { when_full: 'slide' } };
}

/** Its matrices are streamed, those of these slots. */
function streaming(model: GoldenModel, ...slots: readonly string[]): GoldenModel {
  return { ...model, streamed: new Set(slots) };
}

export const goldenModels: readonly GoldenModel[] = [
  golden('llama', 'bpe', {
    ...{ vocab_size: 512, dim: 64, hidden_dim: 172, n_layers: 2, n_heads: 8, n_kv_heads: 4 },
    max_seq_len: 64,
  }),
  golden('layernorm-gelu', 'byte', {
    ...{ vocab_size: 258, dim: 32, hidden_dim: 128, n_layers: 2, n_heads: 4, max_seq_len: 64 },
    ...{ norm: 'layernorm', position: 'learned', activation: 'gelu', gated: false },
    tie_embeddings: false,
  }),
  golden('relu2-plain', 'bpe', {
    ...{ vocab_size: 300, dim: 48, hidden_dim: 100, n_layers: 3, n_heads: 6, max_seq_len: 48 },
    ...{ activation: 'relu2', gated: false, position: 'none' },
  }),
  golden('relu2-gated', 'bpe', {
    ...{ vocab_size: 300, dim: 40, hidden_dim: 90, n_layers: 1, n_heads: 5, max_seq_len: 48 },
    ...{ activation: 'relu2', gated: true, norm: 'layernorm' },
  }),
  golden('relu-gated', 'char', {
    ...{ vocab_size: 64, dim: 24, hidden_dim: 60, n_layers: 2, n_heads: 3, max_seq_len: 96 },
    ...{ activation: 'relu', gated: true, position: 'learned' },
  }),
  golden('relu-plain', 'char', {
    ...{ vocab_size: 64, dim: 16, hidden_dim: 33, n_layers: 2, n_heads: 2, max_seq_len: 96 },
    ...{ activation: 'relu', gated: false },
  }),
  golden('gelu-gated-untied', 'byte', {
    ...{ vocab_size: 258, dim: 20, hidden_dim: 50, n_layers: 2, n_heads: 4, n_kv_heads: 2 },
    ...{ max_seq_len: 64, activation: 'gelu', gated: true, tie_embeddings: false },
  }),
  golden('silu-plain', 'bpe', {
    ...{ vocab_size: 400, dim: 36, hidden_dim: 72, n_layers: 2, n_heads: 6, n_kv_heads: 3 },
    ...{ max_seq_len: 64, activation: 'silu', gated: false, norm: 'layernorm' },
  }),
  golden('one-kv-head', 'bpe', {
    ...{ vocab_size: 350, dim: 32, hidden_dim: 64, n_layers: 2, n_heads: 8, n_kv_heads: 1 },
    ...{ head_dim: 12, max_seq_len: 64 },
  }),
  golden('odd-heads', 'char', {
    ...{ vocab_size: 80, dim: 10, hidden_dim: 21, n_layers: 2, n_heads: 3, head_dim: 7 },
    max_seq_len: 80,
  }),
  golden('dim-1', 'char', {
    ...{ vocab_size: 32, dim: 1, hidden_dim: 8, n_layers: 1, n_heads: 6, head_dim: 1 },
    ...{ max_seq_len: 96, position: 'none' },
  }),
  golden('dim-2', 'char', {
    ...{ vocab_size: 64, dim: 2, hidden_dim: 128, n_layers: 1, n_heads: 8, head_dim: 2 },
    max_seq_len: 96,
  }),
  golden('vocabulary-2048', 'bpe', {
    ...{ vocab_size: 2048, dim: 16, hidden_dim: 32, n_layers: 1, n_heads: 2, max_seq_len: 32 },
  }),
  golden('dim-128', 'bpe', {
    ...{ vocab_size: 300, dim: 128, hidden_dim: 256, n_layers: 1, n_heads: 4, n_kv_heads: 2 },
    max_seq_len: 64,
  }),
  {
    // Beyond 256 positions softmax drops the lowest bits of its terms.
    ...golden('long-context', 'char', {
      ...{ vocab_size: 64, dim: 16, hidden_dim: 24, n_layers: 1, n_heads: 4, n_kv_heads: 2 },
      max_seq_len: 600,
    }),
    tokens: 540,
  },
  golden(
    'int4',
    'bpe',
    {
      ...{ vocab_size: 400, dim: 72, hidden_dim: 170, n_layers: 2, n_heads: 6, n_kv_heads: 3 },
      ...{ head_dim: 12, max_seq_len: 64 },
    },
    { weights: 'int4' },
  ),
  golden(
    'ternary',
    'bpe',
    {
      ...{ vocab_size: 403, dim: 72, hidden_dim: 170, n_layers: 2, n_heads: 6, n_kv_heads: 3 },
      ...{ head_dim: 12, max_seq_len: 64 },
    },
    { weights: 'ternary' },
  ),
  golden(
    'mixed-formats',
    'byte',
    {
      ...{ vocab_size: 258, dim: 33, hidden_dim: 90, n_layers: 2, n_heads: 3, head_dim: 11 },
      ...{ max_seq_len: 64, position: 'learned', tie_embeddings: false },
    },
    {
      weights: 'ternary',
      tensors: {
        ...{ embedding: 'int4', position: 'ternary', query: 'int4', key: 'int8', value: 'int4' },
        ...{ up: 'int8', down: 'int4', classifier: 'int8' },
      },
    },
  ),
  golden(
    'int4-dim-3',
    'char',
    {
      ...{ vocab_size: 61, dim: 3, hidden_dim: 5, n_layers: 1, n_heads: 1, head_dim: 2 },
      ...{ max_seq_len: 48, activation: 'gelu' },
    },
    { weights: 'int4', tensors: { output: 'ternary' } },
  ),
  sliding('slide-rope', {
    ...{ vocab_size: 300, dim: 32, hidden_dim: 40, n_layers: 2, n_heads: 4, n_kv_heads: 2 },
    max_seq_len: 40,
  }),
  sliding('slide-learned', {
    ...{ vocab_size: 300, dim: 24, hidden_dim: 40, n_layers: 1, n_heads: 3, max_seq_len: 29 },
    position: 'learned',
  }),
  {
    ...sliding('slide-none', {
      ...{ vocab_size: 300, dim: 16, hidden_dim: 30, n_layers: 2, n_heads: 2, max_seq_len: 32 },
      position: 'none',
    }),
    seed: 41,
  },
  golden(
    'int4-cache',
    'bpe',
    {
      ...{ vocab_size: 350, dim: 40, hidden_dim: 64, n_layers: 2, n_heads: 4, n_kv_heads: 2 },
      ...{ head_dim: 10, max_seq_len: 64 },
    },
    { weights: 'int4', kv_cache: 'int4' },
  ),
  {
    // A query's norm has a limit of its own beside int4 keys of many elements.
    ...golden(
      'int4-cache-wide',
      'char',
      {
        ...{ vocab_size: 64, dim: 32, hidden_dim: 24, n_layers: 1, n_heads: 2, head_dim: 160 },
        max_seq_len: 300,
      },
      { weights: 'int8', kv_cache: 'int4' },
    ),
    tokens: 270,
  },
  // Matrices of several pieces beside others that lie in SRAM.
  streaming(
    golden(
      'stream-int4',
      'bpe',
      {
        ...{ vocab_size: 300, dim: 128, hidden_dim: 340, n_layers: 2, n_heads: 8, n_kv_heads: 2 },
        max_seq_len: 48,
      },
      { weights: 'int4' },
    ),
    ...['query', 'value', 'gate', 'up', 'down', 'embedding'],
  ),
  // All of them; tiles of the last are larger than a piece.
  streaming(
    golden(
      'stream-formats',
      'byte',
      {
        ...{ vocab_size: 258, dim: 64, hidden_dim: 520, n_layers: 2, n_heads: 4, max_seq_len: 32 },
        ...{ norm: 'layernorm', position: 'learned', activation: 'gelu', gated: false },
        tie_embeddings: false,
      },
      { weights: 'ternary', tensors: { down: 'int8', classifier: 'int4' } },
    ),
    ...['query', 'key', 'value', 'output', 'up', 'down', 'classifier'],
  ),
  // Tables of n-grams: the last tokens outlive a context that slides.
  sliding('ngram-values', {
    ...{ vocab_size: 300, dim: 32, hidden_dim: 80, n_layers: 2, n_heads: 4, n_kv_heads: 2 },
    ...{ max_seq_len: 24, ngram_tables: { rows: 256 } },
  }),
  golden('ngram-residual', 'byte', {
    ...{ vocab_size: 258, dim: 24, hidden_dim: 60, n_layers: 3, n_heads: 3, max_seq_len: 32 },
    ...{ position: 'learned', tie_embeddings: false },
    ngram_tables: {
      ...{ into: 'residual', orders: [2, 4], layers: [0, 2], width: 19, bits: 8, rows: 64 },
    },
  }),
  streaming(
    golden(
      'ngram-stream',
      'bpe',
      {
        ...{ vocab_size: 300, dim: 64, hidden_dim: 130, n_layers: 2, n_heads: 4, n_kv_heads: 2 },
        ...{ max_seq_len: 32, ngram_tables: { rows: 128, orders: [2, 3, 4], width: 21 } },
      },
      { weights: 'int4' },
    ),
    ...['query', 'value', 'up', 'down'],
  ),
];

/** The request to a golden model. */
export function goldenRequest({ tokens = request.tokens, seed = request.seed }: GoldenModel) {
  return { ...request, tokens, seed };
}

const request = {
  prompt: 'Once upon a time, Mia\xe9',
  tokens: 10,
  seed: 42,
  sampling: { temperature: 0.75, top_k: 40, top_p: 0.9375 },
} as const;

/** Enough varied text for a few hundred merges. */
function trainingText(): Uint8Array[] {
  const random = seededRandom(5);
  const syllables = ['ba', 'ti', 'once', 'mo', 'ra', 'the', 'lun', 'ki', 'and', 'so', 'wer', 'pip'];
  const word = () =>
    Array.from(
      { length: 1 + Math.floor(random() * 3) },
      () => syllables[Math.floor(random() * syllables.length)],
    ).join('');
  return Array.from({ length: 60 }, () =>
    utf8Bytes(`Once upon a time, ${Array.from({ length: 80 }, word).join(' ')}.`),
  );
}

/** Random weights whose rows differ in size, as those of trained models do. */
function randomWeights(architecture: Architecture, seed: number): Weights {
  const random = seededRandom(seed);
  const normal = normalFrom(random);
  const weights = new Map<string, Float32Array>();
  for (const spec of tensorSpecs(architecture)) {
    const columns = spec.shape.at(-1) ?? 1;
    const tensor = new Float32Array(elementCount(spec));
    let size = 1;
    tensor.forEach((_, index) => {
      if (index % columns === 0) size = (0.3 + random()) / Math.sqrt(columns);
      tensor[index] = spec.role === 'norm' ? 0.5 + random() : normal() * size * 1.5;
    });
    weights.set(spec.name, tensor);
  }
  return weights;
}

export function goldenWeights(model: GoldenModel): Weights {
  return randomWeights(model.architecture, goldenModels.indexOf(model) + 1);
}

export function goldenImage(
  model: GoldenModel,
  sampling: Sampling = request.sampling,
): Uint8Array {
  const { architecture, quantization } = model;
  const { value } = trainTokenizer(model.tokenizer, architecture.vocab_size, trainingText());
  if (!value) throw new Error(`No tokenizer for ${model.name}`);
  return writeImage({
    architecture,
    weights: goldenWeights(model),
    tokenizer: value,
    quantization,
    ...(model.streamed && { streamed: model.streamed }),
    sampling,
    whenFull: model.target?.when_full ?? 'stop',
    tokenizerHash: new Uint8Array(8).fill(0xcd),
    digest,
  });
}
