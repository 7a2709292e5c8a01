import { align4 } from '../export/layout';
import type { Architecture } from '../model/config';

/** The engine's working memory, in bytes; mirrors sm_arena_bytes, and a test compares the two. */
export interface ArenaBytes {
  kv_cache: number;
  activations: number;
  total: number;
}

export function arenaBytes(architecture: Architecture): ArenaBytes {
  const { dim, hidden_dim, n_layers, n_heads, n_kv_heads, head_dim } = architecture;
  const { max_seq_len, vocab_size } = architecture;
  const queryWidth = n_heads * head_dim;
  const kvWidth = n_kv_heads * head_dim;
  const quantized = Math.max(dim, queryWidth, hidden_dim);
  const feedForward = (architecture.gated ? 2 : 1) * hidden_dim;
  const projections = Math.max(dim, queryWidth + 2 * kvWidth, feedForward);
  const scratch = Math.max(projections + max_seq_len, vocab_size);
  const activations = 4 * dim + align4(quantized) + 4 * scratch;

  const positions = n_layers * n_kv_heads * max_seq_len;
  // Keys and values: an int8 a feature, an exponent a head.
  const kvCache = 2 * align4(positions * head_dim) + 2 * align4(positions);
  return { kv_cache: kvCache, activations, total: kvCache + activations };
}
