import type { Architecture } from './config';

/**
 * What a tensor does in the network. Matrices are stored row-major, [out, in], one row per output
 * feature, as in the Hugging Face Llama checkpoints whose tensor names are used here.
 */
export type TensorRole = 'embedding' | 'position' | 'norm' | 'attention' | 'ffn' | 'classifier';

export interface TensorSpec {
  name: string;
  /** [rows, columns] of a matrix, [length] of a norm gain. */
  shape: readonly [number] | readonly [number, number];
  role: TensorRole;
}

/** A float checkpoint: every tensor of `tensorSpecs`, row-major. */
export type Weights = ReadonlyMap<string, Float32Array>;

export const embeddingName = 'model.embed_tokens.weight';
/** Learned positions are not part of Llama; the name follows GPT-2's role for it. */
export const positionName = 'model.embed_positions.weight';
export const finalNormName = 'model.norm.weight';
export const classifierName = 'lm_head.weight';

/** Names of the tensors of one layer; `gate` exists in gated models only. */
export function layerTensorNames(layer: number) {
  const prefix = `model.layers.${layer}.`;
  return {
    attentionNorm: `${prefix}input_layernorm.weight`,
    query: `${prefix}self_attn.q_proj.weight`,
    key: `${prefix}self_attn.k_proj.weight`,
    value: `${prefix}self_attn.v_proj.weight`,
    output: `${prefix}self_attn.o_proj.weight`,
    ffnNorm: `${prefix}post_attention_layernorm.weight`,
    gate: `${prefix}mlp.gate_proj.weight`,
    up: `${prefix}mlp.up_proj.weight`,
    down: `${prefix}mlp.down_proj.weight`,
  };
}

/** Every tensor of a model, in the order in which checkpoints and device images store them. */
export function tensorSpecs(architecture: Architecture): TensorSpec[] {
  const { vocab_size, dim, hidden_dim, n_layers, n_heads, n_kv_heads, head_dim } = architecture;
  const queryDim = n_heads * head_dim;
  const kvDim = n_kv_heads * head_dim;
  const specs: TensorSpec[] = [
    { name: embeddingName, shape: [vocab_size, dim], role: 'embedding' },
  ];
  if (architecture.position === 'learned') {
    specs.push({ name: positionName, shape: [architecture.max_seq_len, dim], role: 'position' });
  }
  for (let layer = 0; layer < n_layers; layer++) {
    const names = layerTensorNames(layer);
    specs.push(
      { name: names.attentionNorm, shape: [dim], role: 'norm' },
      { name: names.query, shape: [queryDim, dim], role: 'attention' },
      { name: names.key, shape: [kvDim, dim], role: 'attention' },
      { name: names.value, shape: [kvDim, dim], role: 'attention' },
      { name: names.output, shape: [dim, queryDim], role: 'attention' },
      { name: names.ffnNorm, shape: [dim], role: 'norm' },
    );
    if (architecture.gated) {
      specs.push({ name: names.gate, shape: [hidden_dim, dim], role: 'ffn' });
    }
    specs.push(
      { name: names.up, shape: [hidden_dim, dim], role: 'ffn' },
      { name: names.down, shape: [dim, hidden_dim], role: 'ffn' },
    );
  }
  specs.push({ name: finalNormName, shape: [dim], role: 'norm' });
  if (!architecture.tie_embeddings) {
    specs.push({ name: classifierName, shape: [vocab_size, dim], role: 'classifier' });
  }
  return specs;
}

/** Number of elements of a tensor. */
export function elementCount(spec: TensorSpec): number {
  return spec.shape.reduce((product, size) => product * size, 1);
}

/** Added to the mean square before its root, in both norms. */
export const normEpsilon = 1e-5;

/** Base of the rotary frequencies: theta ** (-2 i / head_dim) for the i-th pair. */
export const ropeTheta = 10_000;
