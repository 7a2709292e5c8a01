import { align4, imageHeadBytes, tensorSizes, type Section } from '../export/layout';
import type { ModelConfig } from '../model/config';
import type { ShapeField } from '../model/shape';
import type { TensorOwner } from '../model/tensor-table';
import { arenaBytes } from './arena';
import { chip } from '../chip';
import calibration from './calibration.json';
import { flashParts, secondStackBytes } from './estimate';
import { codeBytes, placed, type PlacedModel } from './placement';
import { tokenizerBytes } from './tokenizer-bytes';

/** The part of the network or of the program that a stretch of memory serves. */
export type MemoryOwner =
  | TensorOwner
  /** Padding bytes: of rows and columns to whole tiles, of tensors to words. */
  | 'padding'
  | 'kv_cache'
  | 'activations'
  | 'tokenizer'
  | 'header'
  | 'code'
  | 'program'
  | 'reserved'
  | 'stack'
  /** Stack of the second core, where it computes too. */
  | 'second_stack'
  /** The bank reserved for that stack while the second core is idle. */
  | 'reserved_bank';

/** A stretch of memory with one purpose. */
export interface MemoryItem {
  owner: MemoryOwner;
  bytes: number;
  growsWith: readonly ShapeField[];
}

/** Everything that lies in a memory, in bytes that add up to the estimate's total. */
export interface MemoryMap {
  sram: MemoryItem[];
  flash: MemoryItem[];
}

const growth: Record<MemoryOwner, readonly ShapeField[]> = {
  embedding: ['vocab_size', 'dim'],
  position: ['max_seq_len', 'dim'],
  norm: ['dim', 'n_layers'],
  query_output: ['dim', 'n_layers', 'n_heads', 'head_dim'],
  key_value: ['dim', 'n_layers', 'n_kv_heads', 'head_dim'],
  ffn: ['dim', 'hidden_dim', 'n_layers'],
  classifier: ['vocab_size', 'dim'],
  ngram: ['dim', 'n_layers', 'n_kv_heads', 'head_dim'],
  padding: [],
  kv_cache: ['n_layers', 'n_kv_heads', 'head_dim', 'max_seq_len'],
  activations: ['vocab_size', 'dim', 'hidden_dim', 'max_seq_len'],
  tokenizer: ['vocab_size'],
  header: ['n_layers'],
  code: [],
  program: [],
  reserved: [],
  stack: [],
  second_stack: [],
  reserved_bank: [],
};

/** The rotary table, which encodes positions where no position embedding is learnt. */
const rotaryGrowth: readonly ShapeField[] = ['max_seq_len', 'head_dim'];

function item(owner: MemoryOwner, bytes: number): MemoryItem {
  return { owner, bytes, growsWith: growth[owner] };
}

/** Tensors of a section of the image, by owner, with their padding at the end. */
function tensorItems(config: PlacedModel, wanted: Section): MemoryItem[] {
  const bytes = new Map<TensorOwner, number>();
  let padded = 0;
  for (const { entry, section, bytes: each, padding, count } of tensorSizes(config)) {
    if (section !== wanted) continue;
    const { owner } = entry;
    bytes.set(owner, (bytes.get(owner) ?? 0) + (each - padding) * count);
    padded += padding * count;
  }
  const rotary = config.architecture.position === 'rope';
  const items = [...bytes].map(([owner, total]) =>
    owner === 'position' && rotary
      ? { owner, bytes: total, growsWith: rotaryGrowth }
      : item(owner, total),
  );
  return padded > 0 ? [...items, item('padding', padded)] : items;
}

/** @param knownTokenizerBytes size of the tokenizer section, once there is a tokenizer */
export function memoryMap(config: ModelConfig, knownTokenizerBytes?: number): MemoryMap {
  const { architecture, target } = config;
  const model = placed(config);
  const arena = arenaBytes(model);
  const weights = tensorItems(model, 'weights');
  const secondStack = secondStackBytes(target);
  const flash = flashParts(config, knownTokenizerBytes);
  return {
    sram: [
      ...(target.weights === 'flash' ? [] : weights),
      item('kv_cache', arena.kv_cache),
      item('activations', arena.activations),
      item('code', codeBytes(model)),
      item('program', calibration.sram.program),
      item('stack', calibration.sram.stack),
      secondStack > 0
        ? item('second_stack', secondStack)
        : item('reserved_bank', chip.scratchBankBytes),
    ],
    flash: [
      item('program', flash.program),
      item('reserved', flash.reserved),
      item('header', imageHeadBytes(architecture)),
      item('tokenizer', align4(tokenizerBytes(architecture, knownTokenizerBytes))),
      ...together([...tensorItems(model, 'cold'), ...weights, ...tensorItems(model, 'stream')]),
    ],
  };
}

/** Items of an owner as one. */
function together(items: readonly MemoryItem[]): MemoryItem[] {
  const byOwner = new Map<MemoryOwner, MemoryItem>();
  for (const each of items) {
    const bytes = (byOwner.get(each.owner)?.bytes ?? 0) + each.bytes;
    byOwner.set(each.owner, { ...each, bytes });
  }
  return [...byOwner.values()];
}

/** Bytes of the items that grow with a size of the shape. */
export function bytesGrowingWith(items: readonly MemoryItem[], field: ShapeField): number {
  return items
    .filter(({ growsWith }) => growsWith.includes(field))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
