import { tensorSizes, type TensorSize } from '../../../src/core/export/layout';
import {
  memoryMap,
  type MemoryItem,
  type MemoryOwner,
} from '../../../src/core/estimate/memory-map';
import type { Architecture, ModelConfig } from '../../../src/core/model/config';
import type { TensorSlot } from '../../../src/core/model/tensor-table';
import { grouped } from '../../../src/core/text';

/** A rectangle of the diagram: a tensor or a buffer. Lengths are in the diagram's own units. */
export interface Part {
  key: string;
  owner: MemoryOwner;
  growsWith: MemoryItem['growsWith'];
  title: string;
  /** Like `64 × 48`. */
  shape: string;
  /** Bytes of one copy; absent for a part that needs no memory. */
  bytes: number | undefined;
  /** Number of equal bands: heads, or cached positions' heads. */
  bands: number;
  width: number;
  height: number;
}

/** A row of parts that the data passes through together. */
export interface Stage {
  key: string;
  title: string;
  parts: Part[];
  /** The stage adds its result to its input. */
  isResidual: boolean;
}

export interface NetworkPlan {
  before: Stage[];
  /** Stages of one block; the model has `blocks` of them, one after the other. */
  block: Stage[];
  blocks: number;
  after: Stage[];
}

/**
 * Side of a rectangle for a size: its square root, so that areas grow with the root of the
 * parameters.
 */
function side(size: number): number {
  return Math.min(96, Math.max(5, 2.2 * Math.sqrt(size)));
}

/** The content of the diagram of a model. */
export function planNetwork(config: ModelConfig): NetworkPlan {
  const { architecture } = config;
  const tensors = tensorSizes(config);
  const memory = memoryMap(config);
  const growth = (owner: MemoryOwner) =>
    [...memory.sram, ...memory.flash].find((item) => item.owner === owner)?.growsWith ?? [];
  const tensor = (slot: TensorSlot, bands = 1): Part[] => {
    const found = tensors.find(({ entry }) => entry.slot === slot);
    return found ? [{ ...partOf(found, growth(found.entry.owner)), bands }] : [];
  };
  const { n_heads, n_kv_heads, ngram_tables } = architecture;
  const tables = [...tensor('ngram_2'), ...tensor('ngram_3'), ...tensor('ngram_4')];
  const stage = (key: string, title: string, parts: Part[], isResidual = false): Stage => ({
    key,
    title,
    parts,
    isResidual,
  });
  return {
    before: [stage('embedding', 'token id', [...tensor('embedding'), ...tensor('position')])],
    block: [
      ...(ngram_tables ? [stage('ngram', ngramTitle(architecture), tables)] : []),
      stage('attention-norm', architecture.norm, tensor('attention_norm')),
      stage(
        'attention',
        `attention: ${heads(architecture)}`,
        [
          ...tensor('query', n_heads),
          ...tensor('key', n_kv_heads),
          ...tensor('value', n_kv_heads),
          cachePart(config, memory.sram),
          ...tensor('output'),
        ],
        true,
      ),
      stage('ffn-norm', architecture.norm, tensor('ffn_norm')),
      stage(
        'ffn',
        `feed-forward: ${architecture.activation}${architecture.gated ? ', gated' : ''}`,
        [...tensor('gate'), ...tensor('up'), ...tensor('down')],
        true,
      ),
    ],
    blocks: architecture.n_layers,
    after: [
      stage('final-norm', architecture.norm, tensor('final_norm')),
      stage(
        'classifier',
        'logits of the next token',
        architecture.tie_embeddings ? tied(tensor('embedding')) : tensor('classifier'),
      ),
    ],
  };
}

function partOf(
  { entry, rows, columns, bytes }: TensorSize,
  growsWith: MemoryItem['growsWith'],
): Part {
  const { slot, title, owner } = entry;
  const shape = rows === 1 ? grouped(columns) : `${grouped(rows)} × ${grouped(columns)}`;
  const size = { width: side(columns), height: rows === 1 ? 6 : side(rows) };
  return { key: slot, owner, growsWith, title, shape, bytes, bands: 1, ...size };
}

/** The second use of a tensor needs no memory of its own. */
function tied(parts: Part[]): Part[] {
  return parts.map((part) => ({
    ...part,
    key: `${part.key} again`,
    title: `${part.title}, again`,
    bytes: undefined,
  }));
}

/** Keys and values of a block, one row a position. */
function cachePart({ architecture }: ModelConfig, sram: readonly MemoryItem[]): Part {
  const { n_layers, n_kv_heads, head_dim, max_seq_len } = architecture;
  const cache = sram.find(({ owner }) => owner === 'kv_cache');
  const width = 2 * n_kv_heads * head_dim;
  return {
    key: 'cache',
    owner: 'kv_cache',
    growsWith: cache?.growsWith ?? [],
    title: 'KV cache',
    shape: `${grouped(max_seq_len)} × ${grouped(width)}`,
    bytes: cache && Math.round(cache.bytes / n_layers),
    bands: 1,
    width: side(width),
    height: side(max_seq_len),
  };
}

/** Like `rows for the last 2 or 3 tokens, added to the values in layers 0, 2`. */
function ngramTitle({ ngram_tables, n_layers }: Architecture): string {
  if (!ngram_tables) return '';
  const { orders, into, layers } = ngram_tables;
  const target = into === 'values' ? 'the values' : 'the stream';
  const where = layers.length === n_layers ? '' : ` in layers ${layers.join(', ')}`;
  return `rows in flash for the last ${orders.join(' or ')} tokens, added to ${target}${where}`;
}

function heads({ n_heads, n_kv_heads }: Architecture): string {
  const count = `${n_heads} ${n_heads === 1 ? 'head' : 'heads'}`;
  return n_heads === n_kv_heads ? count : `${count} on ${n_kv_heads} key/value`;
}
