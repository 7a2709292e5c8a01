import { sectionBytes, sectionOf } from '../export/layout';
import type { Architecture, ModelConfig } from '../model/config';
import { copiesOf, dimensionOf, isPresent, tensorEntries } from '../model/tensor-table';
import calibration from './calibration.json';
import { flashCache } from '../chip';

/** Counts of each kind of work for one token; the cycle model is linear in these. */
export interface Work {
  /** Multiply-accumulates of the weight matrices. */
  matrix_macs: number;
  /** Rows of those matrices: each is rescaled once. */
  matrix_rows: number;
  /** Products of queries with keys and of weights with values. */
  attention_macs: number;
  /** Scores: head and cached position. */
  attention_scores: number;
  /** Elements of queries, keys and values that are rotated and quantised. */
  head_elements: number;
  /** Elements that are normed and quantised. */
  norm_elements: number;
  /** Elements from which LayerNorm first subtracts the mean; RMSNorm has none. */
  centred_elements: number;
  /** Elements of the hidden layer that pass SiLU or GELU. */
  smooth_activations: number;
  /** Elements of the hidden layer, twice when gated. */
  hidden_elements: number;
  /** Query heads: each is prepared, scored and weighed once. */
  query_heads: number;
  /** Keys and values that are prepared and cached. */
  cached_heads: number;
  layers: number;
  tokens: number;
  /** Logits that the sampler draws from, and how often it draws. */
  sampled_logits: number;
  samplings: number;
}

/** Matrices that are read whole for every token: all but an embedding that is only looked up in. */
function matrixWork(architecture: Architecture): Pick<Work, 'matrix_macs' | 'matrix_rows'> {
  const work = { matrix_macs: 0, matrix_rows: 0 };
  for (const entry of tensorEntries) {
    const isWhole = sectionOf(architecture, entry) === 'weights' && entry.kind === 'matrix';
    if (!isWhole || !isPresent(architecture, entry)) continue;
    const rows = dimensionOf(architecture, entry.rows) * copiesOf(architecture, entry);
    work.matrix_rows += rows;
    work.matrix_macs += rows * dimensionOf(architecture, entry.columns);
  }
  return work;
}

/** Work for the token at position `context - 1`, which attends to `context` positions. */
export function workPerToken(architecture: Architecture, context: number): Work {
  const { vocab_size, dim, hidden_dim, n_layers, n_heads, n_kv_heads, head_dim } = architecture;
  const queryWidth = n_heads * head_dim;
  const kvWidth = n_kv_heads * head_dim;
  const normed = (2 * n_layers + 1) * dim;
  const smooth = architecture.activation === 'silu' || architecture.activation === 'gelu';
  return {
    ...matrixWork(architecture),
    attention_macs: 2 * n_layers * queryWidth * context,
    attention_scores: n_layers * n_heads * context,
    head_elements: n_layers * (queryWidth + 2 * kvWidth),
    norm_elements: normed,
    centred_elements: architecture.norm === 'layernorm' ? normed : 0,
    smooth_activations: smooth ? n_layers * hidden_dim : 0,
    hidden_elements: n_layers * hidden_dim * (architecture.gated ? 2 : 1),
    query_heads: n_layers * n_heads,
    cached_heads: 2 * n_layers * n_kv_heads,
    layers: n_layers,
    tokens: 1,
    sampled_logits: vocab_size,
    samplings: 1,
  };
}

/** Cycles of each kind of work, fitted to the engine's benchmark on the virtual Pico. */
const cyclesPer: Work = calibration.cycles;

/**
 * Cycles that a token waits for weights in flash: once for each word, since reading a whole
 * sequence over and over evicts each word from the smaller cache before its next use.
 */
export function flashWaits(config: ModelConfig): number {
  if (config.target.weights === 'sram') return 0;
  const bytes = sectionBytes(config, 'weights');
  return bytes > flashCache.bytes
    ? Math.ceil(bytes / flashCache.fetchBytes) * flashCache.missCycles
    : 0;
}

/** The work that both cores share, and how much faster two are at it than one. */
const shared: ReadonlySet<keyof Work> = new Set([
  ...(['matrix_macs', 'matrix_rows', 'attention_macs', 'attention_scores'] as const),
  ...(['head_elements', 'query_heads', 'cached_heads'] as const),
]);
const gainOfTwoCores = 1.93;

/** Cycles of each part of one token at a context length. */
export function cyclesPerToken(config: ModelConfig, context: number) {
  const { architecture, target } = config;
  const work = workPerToken(architecture, context);
  const gain = (kind: keyof Work) => (target.cores === 2 && shared.has(kind) ? gainOfTwoCores : 1);
  const cost = (...kinds: (keyof Work)[]) =>
    kinds.reduce((sum, kind) => sum + (work[kind] * cyclesPer[kind]) / gain(kind), 0);
  const parts = {
    matrices: cost('matrix_macs', 'matrix_rows'),
    attention: cost(
      'attention_macs',
      'attention_scores',
      'head_elements',
      'query_heads',
      'cached_heads',
    ),
    feed_forward: cost('smooth_activations', 'hidden_elements'),
    norms: cost('norm_elements', 'centred_elements', 'layers', 'tokens'),
    sampling: cost('sampled_logits', 'samplings'),
    flash_waits: flashWaits(config),
  };
  const total = Object.values(parts).reduce((sum, cycles) => sum + cycles, 0);
  return { parts, total };
}
