import { baseSection } from '../export/layout';
import type { Architecture, ModelConfig } from '../model/config';
import { tensorFormats, tileRows, type CacheFormat, type WeightFormat } from '../model/formats';
import { matrixFormat } from '../model/matrix-formats';
import {
  copiesOf,
  dimensionOf,
  isPresent,
  tensorEntries,
  type TensorEntry,
} from '../model/tensor-table';
import { blockColumns, keyTile, roundUp } from './engine-sizes';

/**
 * Counts of each kind of work for one token, of the core that has more of it; the cycle model is
 * linear in these. Names follow the functions of firmware/engine.
 */
export interface Work extends MatrixWork, AttentionWork, VectorWork {
  /** Logits of the longer share, and of the whole, that the sampler draws from; how often it does. */
  measured_logits: number;
  sampled_logits: number;
  samplings: number;
}

type MatrixWork = {
  /** Products of a tile's rows, padded, with an element of the vector; tiles of each format. */
  [Kind in `${WeightFormat}_${'products' | 'tiles' | 'prepared'}`]: number;
} & {
  /** Blocks of 32 columns of the tiles of int4, and those whose sums begin anew. */
  int4_blocks: number;
  int4_sums: number;
  /** Rows that are scaled to Q16: those whose product with a factor fits a word, and others. */
  narrow_rows: number;
  wide_rows: number;
  /** Calls of a kernel for up to so many rows, and of groups of matrices with one vector. */
  row_blocks: number;
  matrix_groups: number;
};

type AttentionWork = {
  /** Products of queries with keys, and of weights with values, by the format of the cache. */
  [Kind in `${CacheFormat}_${'score' | 'value'}_products`]: number;
} & {
  /** Elements that are cached, and tiles of values of every head, by the format of the cache. */
  [Kind in `${CacheFormat}_${'cached_elements' | 'value_tiles'}`]: number;
} & {
  /** Scores: head and cached position; weights that are shared out for an int4 cache. */
  scores: number;
  shared_weights: number;
  /** Tiles of keys of every head. */
  score_tiles: number;
  query_heads: number;
  query_elements: number;
  /** Keys and values that are cached. */
  cached_heads: number;
  /** Elements of queries and keys that are rotated. */
  rotated_elements: number;
  /** Elements of the attention's output. */
  attended_elements: number;
};

interface VectorWork {
  /** Elements of the residual stream that are measured, and normed, of one core. */
  measured_elements: number;
  norm_elements: number;
  /** Elements from which LayerNorm first subtracts the mean; RMSNorm has none. */
  centred_elements: number;
  /** Elements of the hidden layer, of its gated twin, and those that pass SiLU or GELU. */
  hidden_elements: number;
  gated_elements: number;
  smooth_elements: number;
  /** Elements of the embedding, and of a learned position, that are looked up. */
  embedded_elements: number;
  positioned_elements: number;
  layers: number;
  tokens: number;
}

/** Rows whose sums wait to be scaled: BLOCK_ROWS of firmware/engine/matrix.c. */
const blockRows = 128;

/** Sums below it leave their product with a factor in a word: see scale_rows.h. */
const narrowLimit = 2 ** 18;

/** Elements for which a second core is worth its call: SM_VECTOR_GRANULE. */
const vectorGranule = 8;

/** A matrix of one tile, whose columns the cores share: SHORT_TILES and LONG_COLUMNS of matrix.c. */
const shortTiles = 1;
const longColumns = 2 * blockColumns;

/**
 * Columns up to which the magnitudes of a vector usually leave the sums of int4 in their halves of a
 * word (firmware/port/rp2040/engine/kernel_int4.S): of a normed vector, and of an activated one, most
 * of whose elements are small.
 */
const usualSum = { normed: 96, activated: 224 };

/** Elements of a tile of values: SM_VALUE_TILE. */
const valueTile = 8;

/** The longer share of items: see firmware/port/rp2040/engine/parallel.c. */
function longerShare(cores: number, count: number, granule = 1): number {
  if (cores === 1 || count <= granule) return count;
  const half = Math.floor((Math.floor(count / 2) + Math.floor(granule / 2)) / granule) * granule;
  return Math.max(half, count - half);
}

/** Matrices that the engine multiplies by one vector in one piece of work, in its order. */
const groups: readonly (readonly TensorEntry['slot'][])[] = [
  ['query', 'key', 'value'],
  ['output'],
  ['up', 'gate'],
  ['down'],
  ['embedding'],
  ['classifier'],
];

/** Matrices that a model reads whole for every token: all but an embedding that is looked up in. */
function groupsOf({ architecture }: ModelConfig): TensorEntry[][] {
  const isWhole = (entry: TensorEntry) =>
    entry.kind === 'matrix' &&
    isPresent(architecture, entry) &&
    baseSection(architecture, entry) === 'weights';
  return groups.map((slots) =>
    tensorEntries.filter((entry) => slots.includes(entry.slot) && isWhole(entry)),
  );
}

/** Neighbours of one format: the engine prepares the vector once for them. */
function alike(config: ModelConfig, entries: readonly TensorEntry[]): TensorEntry[][] {
  const format = (entry?: TensorEntry) => entry && matrixFormat(config.quantization, entry);
  const runs: TensorEntry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run && format(run[0]) === format(entry)) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

function matrixWork(config: ModelConfig): MatrixWork {
  const { architecture, quantization, target } = config;
  const work: MatrixWork = {
    ...{ int8_products: 0, int8_tiles: 0, int8_prepared: 0 },
    ...{ int4_products: 0, int4_tiles: 0, int4_prepared: 0, int4_blocks: 0, int4_sums: 0 },
    ...{ ternary_products: 0, ternary_tiles: 0, ternary_prepared: 0 },
    ...{ narrow_rows: 0, wide_rows: 0, row_blocks: 0, matrix_groups: 0 },
  };
  for (const run of groupsOf(config).flatMap((entries) => alike(config, entries))) {
    const [first] = run;
    if (!first) continue;
    const copies = copiesOf(architecture, first);
    const format = matrixFormat(quantization, first);
    const columns = dimensionOf(architecture, first.columns);
    const isShort = isSharedByColumns(run, architecture);
    const ownColumns = isShort ? longerShare(target.cores, columns, blockColumns) : columns;
    const padded = roundUp(ownColumns, tensorFormats[format].columns);
    const whole = run.reduce(
      (sum, { rows }) => sum + roundUp(dimensionOf(architecture, rows), tileRows),
      0,
    );
    const rows = isShort ? whole : longerShare(target.cores, whole, tileRows);
    const tiles = rows / tileRows;
    // |sum| <= 127 * peak * columns; those of a damaged image count as well.
    const largest = format === 'ternary' ? 1 : tensorFormats[format].peak + 1;
    const isNarrow = largest * 127 * columns < narrowLimit;
    work[`${format}_products`] += copies * rows * padded;
    work[`${format}_tiles`] += copies * tiles;
    work[`${format}_prepared`] += copies * longerShare(target.cores, columns, blockColumns);
    if (format === 'int4') {
      const blocks = copies * tiles * Math.ceil(ownColumns / blockColumns);
      const usual = usualSum[first.slot === 'down' ? 'activated' : 'normed'];
      work.int4_blocks += blocks;
      if (ownColumns > usual) work.int4_sums += blocks;
    }
    work[isNarrow ? 'narrow_rows' : 'wide_rows'] += copies * rows;
    work.row_blocks += copies * blocksOf(run, architecture, rows);
    work.matrix_groups += copies;
  }
  return work;
}

/** Whether the cores share the columns of a matrix that is added to the residual, and not its rows. */
function isSharedByColumns(run: readonly TensorEntry[], architecture: Architecture): boolean {
  const [first] = run;
  if (first?.slot !== 'output' && first?.slot !== 'down') return false;
  return (
    dimensionOf(architecture, first.rows) <= shortTiles * tileRows &&
    dimensionOf(architecture, first.columns) >= longColumns
  );
}

/** Blocks of the first `rows` rows of some matrices: each matrix begins a block of its own. */
function blocksOf(run: readonly TensorEntry[], architecture: Architecture, rows: number): number {
  let left = rows;
  let blocks = 0;
  for (const entry of run) {
    const here = Math.min(left, roundUp(dimensionOf(architecture, entry.rows), tileRows));
    blocks += Math.ceil(here / blockRows);
    left -= here;
  }
  return blocks;
}

function attentionWork(config: ModelConfig, context: number): AttentionWork {
  const { architecture, quantization, target } = config;
  const { n_layers, n_heads, n_kv_heads, head_dim } = architecture;
  const heads = n_layers * longerShare(target.cores, n_heads);
  const cached = 2 * n_layers * longerShare(target.cores, n_kv_heads);
  const isNarrow = quantization.kv_cache === 'int4';
  const work: AttentionWork = {
    ...{ int8_score_products: 0, int8_value_products: 0 },
    ...{ int4_score_products: 0, int4_value_products: 0 },
    ...{ int8_cached_elements: 0, int4_cached_elements: 0 },
    ...{ int8_value_tiles: 0, int4_value_tiles: 0 },
    scores: heads * context,
    shared_weights: isNarrow ? heads * context : 0,
    score_tiles: heads * Math.ceil(context / keyTile),
    query_heads: heads,
    query_elements: heads * head_dim,
    cached_heads: cached,
    rotated_elements: architecture.position === 'rope' ? (heads + cached / 2) * head_dim : 0,
    attended_elements: n_layers * n_heads * head_dim,
  };
  const width = isNarrow ? roundUp(head_dim, valueTile) : roundUp(head_dim, 4);
  const format = quantization.kv_cache;
  work[`${format}_score_products`] = heads * roundUp(context, keyTile) * head_dim;
  work[`${format}_cached_elements`] = cached * head_dim;
  work[`${format}_value_tiles`] = heads * Math.ceil(head_dim / valueTile);
  work[`${format}_value_products`] = heads * roundUp(context, 4) * width;
  return work;
}

function vectorWork({ architecture, target }: ModelConfig): VectorWork {
  const { dim, hidden_dim, n_layers } = architecture;
  const norms = 2 * n_layers + 1;
  const hidden = n_layers * longerShare(target.cores, hidden_dim, vectorGranule);
  const isSmooth = architecture.activation === 'silu' || architecture.activation === 'gelu';
  return {
    measured_elements: norms * longerShare(target.cores, dim, tileRows),
    norm_elements: norms * longerShare(target.cores, dim, vectorGranule),
    centred_elements: architecture.norm === 'layernorm' ? norms * dim : 0,
    hidden_elements: hidden,
    gated_elements: architecture.gated ? hidden : 0,
    smooth_elements: isSmooth ? hidden : 0,
    embedded_elements: dim,
    positioned_elements: architecture.position === 'learned' ? dim : 0,
    layers: n_layers,
    tokens: 1,
  };
}

/** Work for the token at position `context - 1`, which attends to `context` positions. */
export function workPerToken(config: ModelConfig, context: number): Work {
  const { vocab_size } = config.architecture;
  return {
    ...matrixWork(config),
    ...attentionWork(config, context),
    ...vectorWork(config),
    measured_logits: longerShare(config.target.cores, vocab_size, vectorGranule),
    sampled_logits: vocab_size,
    samplings: 1,
  };
}

/** Parts of a token, and the kinds of work of each. */
export const partsOfToken = {
  matrices: [
    ...['int8_products', 'int8_tiles', 'int8_prepared'],
    ...['int4_products', 'int4_tiles', 'int4_blocks', 'int4_sums', 'int4_prepared'],
    ...['ternary_products', 'ternary_tiles', 'ternary_prepared'],
    ...['narrow_rows', 'wide_rows', 'row_blocks', 'matrix_groups'],
  ],
  attention: [
    ...['int8_score_products', 'int8_value_products', 'int8_value_tiles', 'int8_cached_elements'],
    ...['int4_score_products', 'int4_value_products', 'int4_value_tiles', 'int4_cached_elements'],
    ...['scores', 'shared_weights', 'score_tiles', 'query_heads', 'query_elements'],
    ...['cached_heads', 'rotated_elements', 'attended_elements'],
  ],
  feed_forward: ['hidden_elements', 'gated_elements', 'smooth_elements'],
  norms: [
    ...['measured_elements', 'norm_elements', 'centred_elements', 'layers', 'tokens'],
    ...['embedded_elements', 'positioned_elements'],
  ],
  sampling: ['measured_logits', 'sampled_logits', 'samplings'],
} as const satisfies Record<string, readonly (keyof Work)[]>;
