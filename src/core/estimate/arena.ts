import { align4, imageHeadBytes, streamedTiles, type StoredModel } from '../export/layout';
import type { WeightFormat } from '../model/formats';
import { matrixEntries, matrixFormat } from '../model/matrix-formats';
import type { WhenFull } from '../model/options';
import { dimensionOf, isPresent } from '../model/tensor-table';
import { blockColumns, keyTile, roundUp } from './engine-sizes';

/** The engine's working memory, in bytes; mirrors sm_arena_bytes, and a test compares the two. */
export interface ArenaBytes {
  kv_cache: number;
  activations: number;
  total: number;
}

/** Zeros follow a vector that enters matrices up to a multiple of so many elements. */
const vectorPadding = 16;

/** Cores that have scores of their own, whether they compute or not. */
const cores = 2;

/**
 * Bytes in which the kernels of a format prepare a vector: its elements as words and sums of its
 * blocks, or tables of partial sums. As in firmware/engine/kernel.c.
 */
const preparedBytes: Record<WeightFormat, (columns: number) => number> = {
  int8: (columns) => 4 * roundUp(columns, 4) + 4 * Math.ceil(columns / blockColumns),
  int4: (columns) => 4 * roundUp(columns, 4) + 12 * Math.ceil(columns / blockColumns),
  ternary: (columns) => 648 * Math.ceil(columns / 16),
};

/** The largest prepared vector of a model: each enters matrices of some format. */
function mostPreparedBytes({ architecture, quantization }: StoredModel): number {
  let most = 0;
  for (const entry of matrixEntries) {
    if (!isPresent(architecture, entry)) continue;
    const columns = dimensionOf(architecture, entry.columns);
    most = Math.max(most, preparedBytes[matrixFormat(quantization, entry)](columns));
  }
  return most;
}

/** A model without a target stops when its context is full. */
export interface WorkingModel extends StoredModel {
  target?: { when_full: WhenFull };
}

/** Bytes of a piece of a streamed matrix, unless a tile is larger: SM_PIECE_BYTES. */
export const pieceBytes = 4096;

/** Two pieces, and what cannot be read from flash meanwhile: header, descriptors, rotations. */
function streamingBytes(model: StoredModel): number {
  const tiles = streamedTiles(model);
  if (tiles.length === 0) return 0;
  const { position, head_dim } = model.architecture;
  const rotation = position === 'rope' ? align4(4 * Math.floor(head_dim / 2)) : 0;
  return 2 * Math.max(pieceBytes, ...tiles) + imageHeadBytes(model.architecture) + rotation;
}

export function arenaBytes(model: WorkingModel): ArenaBytes {
  const {
    dim,
    hidden_dim,
    n_layers,
    n_heads,
    n_kv_heads,
    head_dim,
    max_seq_len,
    vocab_size,
    gated,
  } = model.architecture;
  const queryWidth = n_heads * head_dim;
  const kvWidth = n_kv_heads * head_dim;
  const quantized = roundUp(Math.max(dim, queryWidth, hidden_dim), vectorPadding);
  const feedForward = (gated ? 2 : 1) * hidden_dim;
  const projections = Math.max(dim, queryWidth + 2 * kvWidth, feedForward);
  // Words: two scores in each.
  const scores = roundUp(max_seq_len, keyTile) / 2;
  const scratch = Math.max(projections + cores * scores, vocab_size);
  // The tokens in the cache, to be read again.
  const history = model.target?.when_full === 'slide' ? align4(2 * max_seq_len) : 0;
  // The sum of the rows of n-grams of a layer.
  const rowSum = 4 * roundUp(model.architecture.ngram_tables?.width ?? 0, 8);
  const activations =
    4 * dim +
    quantized +
    mostPreparedBytes(model) +
    4 * scratch +
    history +
    rowSum +
    streamingBytes(model);

  const heads = n_layers * n_kv_heads;
  const narrow = model.quantization.kv_cache === 'int4';
  const keys = (roundUp(max_seq_len, keyTile) * head_dim) / (narrow ? 2 : 1);
  const values =
    roundUp(max_seq_len, 4) * (narrow ? roundUp(head_dim, 8) / 2 : roundUp(head_dim, 4));
  // Two exponents a head.
  const kvCache = heads * (keys + values) + 2 * align4(heads);
  return { kv_cache: kvCache, activations, total: kvCache + activations };
}
