import type { Architecture } from './config';

/** Dimensions of tensors; `one` is the row count of a vector. */
export type Dimension =
  | 'one'
  | 'vocab_size'
  | 'dim'
  | 'hidden_dim'
  | 'query_dim'
  | 'kv_dim'
  | 'max_seq_len'
  /** Cosine and sine of each pair of a head. */
  | 'rotary_dim'
  | 'ngram_rows'
  | 'ngram_width';

/** When a model has a tensor. */
export type Presence = 'always' | 'learned' | 'rope' | 'gated' | 'untied' | 'ngram';

/** The function of a tensor in the network. */
export type TensorRole =
  'embedding' | 'position' | 'norm' | 'attention' | 'ffn' | 'classifier' | 'ngram';

/** Display names of the roles. */
export const roleTitles: Readonly<Record<TensorRole, string>> = {
  embedding: 'Embedding',
  position: 'Positions',
  norm: 'Norm gains',
  attention: 'Attention',
  ffn: 'Feed-forward',
  classifier: 'Classifier',
  ngram: 'N-gram tables',
};

/** The parts of the network that memory is counted for, with their display names. */
export const ownerTitles = {
  embedding: 'Token embedding',
  position: 'Positions',
  norm: 'Norm gains',
  query_output: 'Query and output',
  key_value: 'Key and value',
  ffn: 'Feed-forward',
  classifier: 'Classifier',
  ngram: 'N-gram tables',
} as const;

export type TensorOwner = keyof typeof ownerTitles;

export interface TensorEntry {
  /** Name in C: of the engine's slot and of the trainer's offset. */
  slot: string;
  /**
   * Name in checkpoints, as in Hugging Face's for Llama; for a tensor of a layer, the part after
   * `model.layers.N.`. Absent: no checkpoint has it, the exporter computes it.
   */
  name?: string;
  /** Display name. */
  title: string;
  rows: Dimension;
  columns: Dimension;
  /**
   * Matrices are stored row-major, one row an output feature, in the format that is chosen. Of a
   * `hashed` table, the last tokens pick one row.
   */
  kind: 'matrix' | 'vector' | 'table' | 'hashed';
  role: TensorRole;
  owner: TensorOwner;
  presence: Presence;
  /** Its position in a checkpoint: before the layers, in each of them, or after them. */
  place: 'before' | 'layer' | 'after';
  /**
   * Section of the image: `weights` are read whole for every token, `cold` is read one row a token.
   * A tied embedding is the classifier as well.
   */
  section: 'weights' | 'cold' | 'weights-when-tied';
  /** Tokens that pick a row of a hashed table. */
  order?: 2 | 3 | 4;
}

const norm = {
  ...{ title: 'gain', rows: 'one', columns: 'dim', kind: 'vector', role: 'norm', owner: 'norm' },
  ...{ presence: 'always', section: 'weights' },
} satisfies Partial<TensorEntry>;

const attention = {
  ...{ kind: 'matrix', role: 'attention', presence: 'always', place: 'layer', section: 'weights' },
} satisfies Partial<TensorEntry>;

const feedForward = {
  ...{ kind: 'matrix', role: 'ffn', owner: 'ffn', place: 'layer', section: 'weights' },
} satisfies Partial<TensorEntry>;

const ngram = {
  ...{ rows: 'ngram_rows', columns: 'ngram_width', kind: 'hashed', role: 'ngram', owner: 'ngram' },
  ...{ presence: 'ngram', place: 'layer', section: 'cold' },
} satisfies Partial<TensorEntry>;

/**
 * Every tensor that a model can have, in the order of checkpoints, which is also the order of the
 * trainer's parameters. Layout, estimate, checkpoints and diagram use this table, and so do, by
 * generated headers, the engine's slots and the trainer's offsets.
 */
export const tensorTable = [
  {
    ...{ slot: 'embedding', name: 'model.embed_tokens.weight', title: 'embedding' },
    ...{ rows: 'vocab_size', columns: 'dim', kind: 'matrix', role: 'embedding' },
    ...{ owner: 'embedding', presence: 'always', place: 'before', section: 'weights-when-tied' },
  },
  {
    // Learned positions are no part of Llama; the name follows GPT-2's role for them.
    ...{ slot: 'position', name: 'model.embed_positions.weight', title: 'positions' },
    ...{ rows: 'max_seq_len', columns: 'dim', kind: 'matrix', role: 'position' },
    ...{ owner: 'position', presence: 'learned', place: 'before', section: 'cold' },
  },
  {
    ...{ slot: 'rotary', title: 'rotations', rows: 'max_seq_len', columns: 'rotary_dim' },
    ...{ kind: 'table', role: 'position', owner: 'position' },
    ...{ presence: 'rope', place: 'before', section: 'cold' },
  },
  { ...norm, slot: 'attention_norm', name: 'input_layernorm.weight', place: 'layer' },
  {
    ...{ ...attention, slot: 'query', name: 'self_attn.q_proj.weight', title: 'query' },
    ...{ rows: 'query_dim', columns: 'dim', owner: 'query_output' },
  },
  {
    ...{ ...attention, slot: 'key', name: 'self_attn.k_proj.weight', title: 'key' },
    ...{ rows: 'kv_dim', columns: 'dim', owner: 'key_value' },
  },
  {
    ...{ ...attention, slot: 'value', name: 'self_attn.v_proj.weight', title: 'value' },
    ...{ rows: 'kv_dim', columns: 'dim', owner: 'key_value' },
  },
  {
    ...{ ...attention, slot: 'output', name: 'self_attn.o_proj.weight', title: 'output' },
    ...{ rows: 'dim', columns: 'query_dim', owner: 'query_output' },
  },
  { ...norm, slot: 'ffn_norm', name: 'post_attention_layernorm.weight', place: 'layer' },
  {
    ...{ ...feedForward, slot: 'gate', name: 'mlp.gate_proj.weight', title: 'gate' },
    ...{ rows: 'hidden_dim', columns: 'dim', presence: 'gated' },
  },
  {
    ...{ ...feedForward, slot: 'up', name: 'mlp.up_proj.weight', title: 'up' },
    ...{ rows: 'hidden_dim', columns: 'dim', presence: 'always' },
  },
  {
    ...{ ...feedForward, slot: 'down', name: 'mlp.down_proj.weight', title: 'down' },
    ...{ rows: 'dim', columns: 'hidden_dim', presence: 'always' },
  },
  // Tables are no part of Llama. In checkpoints they stand behind all other tensors.
  { ...ngram, slot: 'ngram_2', name: 'ngram_2.weight', title: 'rows of 2 tokens', order: 2 },
  { ...ngram, slot: 'ngram_3', name: 'ngram_3.weight', title: 'rows of 3 tokens', order: 3 },
  { ...ngram, slot: 'ngram_4', name: 'ngram_4.weight', title: 'rows of 4 tokens', order: 4 },
  { ...norm, slot: 'final_norm', name: 'model.norm.weight', place: 'after' },
  {
    ...{ slot: 'classifier', name: 'lm_head.weight', title: 'classifier' },
    ...{ rows: 'vocab_size', columns: 'dim', kind: 'matrix', role: 'classifier' },
    ...{ owner: 'classifier', presence: 'untied', place: 'after', section: 'weights' },
  },
] as const satisfies readonly TensorEntry[];

export type TensorSlot = (typeof tensorTable)[number]['slot'];

/** The matrices, whose format model.json chooses. */
export type MatrixSlot = Extract<(typeof tensorTable)[number], { kind: 'matrix' }>['slot'];

/** The table, typed so that each entry has all optional fields. */
export const tensorEntries: readonly TensorEntry[] = tensorTable;

/** The entries of the whole model, then those of each layer: the order of the engine's slots. */
export const modelEntries: readonly TensorEntry[] = tensorTable.filter(
  ({ place }) => place !== 'layer',
);
export const layerEntries: readonly TensorEntry[] = tensorTable.filter(
  ({ place }) => place === 'layer',
);

/** A size of the tensors of a model. */
export function dimensionOf(architecture: Architecture, dimension: Dimension): number {
  const { n_heads, n_kv_heads, head_dim } = architecture;
  switch (dimension) {
    case 'one':
      return 1;
    case 'query_dim':
      return n_heads * head_dim;
    case 'kv_dim':
      return n_kv_heads * head_dim;
    case 'rotary_dim':
      return Math.floor(head_dim / 2) * 2;
    case 'ngram_rows':
      return architecture.ngram_tables?.rows ?? 0;
    case 'ngram_width':
      return architecture.ngram_tables?.width ?? 0;
    case 'vocab_size':
    case 'dim':
    case 'hidden_dim':
    case 'max_seq_len':
      return architecture[dimension];
  }
}

/** How many tensors an entry stands for, if the model has it: one, or one for each layer with it. */
export function copiesOf({ n_layers, ngram_tables }: Architecture, entry: TensorEntry): number {
  if (entry.kind === 'hashed') return ngram_tables?.layers.length ?? 0;
  return entry.place === 'layer' ? n_layers : 1;
}

/**
 * Whether a model has a tensor. A head of one element has no pairs to rotate.
 *
 * @param layer where layers differ: absent for any of them
 */
export function isPresent(
  architecture: Architecture,
  { presence, order }: TensorEntry,
  layer?: number,
): boolean {
  switch (presence) {
    case 'always':
      return true;
    case 'learned':
      return architecture.position === 'learned';
    case 'rope':
      return architecture.position === 'rope' && architecture.head_dim > 1;
    case 'gated':
      return architecture.gated;
    case 'untied':
      return !architecture.tie_embeddings;
    case 'ngram': {
      const { ngram_tables: tables } = architecture;
      if (!tables || order === undefined || !tables.orders.includes(order)) return false;
      return layer === undefined ? tables.layers.length > 0 : tables.layers.includes(layer);
    }
  }
}

/** Name of a tensor in checkpoints. @param layer counts for the tensors of a layer only */
export function tensorName(slot: TensorSlot, layer = 0): string {
  const entry: TensorEntry | undefined = tensorTable.find((candidate) => candidate.slot === slot);
  if (entry?.name === undefined) throw new RangeError(`No checkpoint has a tensor ${slot}.`);
  return entry.place === 'layer' ? `model.layers.${layer}.${entry.name}` : entry.name;
}
