import {
  align4,
  imageHeadBytes,
  rotaryTableName,
  tensorSizes,
  type Section,
} from '../export/layout';
import type { Architecture, ModelConfig } from '../model/config';
import type { ShapeField } from '../model/shape';
import {
  classifierName,
  embeddingName,
  finalNormName,
  layerTensorNames,
  positionName,
} from '../model/tensors';
import { arenaBytes } from './arena';
import calibration from './calibration.json';
import { tokenizerBytes } from './tokenizer-bytes';

/** The part of the network or of the program that a stretch of memory serves. */
export type MemoryOwner =
  | 'embedding'
  | 'position'
  | 'norm'
  | 'query_output'
  | 'key_value'
  | 'ffn'
  | 'classifier'
  | 'kv_cache'
  | 'activations'
  | 'tokenizer'
  | 'header'
  | 'code'
  | 'program'
  | 'stack';

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

const layer = layerTensorNames(0);

const ownerOfTensor: Record<string, MemoryOwner> = {
  [embeddingName]: 'embedding',
  [positionName]: 'position',
  [rotaryTableName]: 'position',
  [finalNormName]: 'norm',
  [classifierName]: 'classifier',
  [layer.attentionNorm]: 'norm',
  [layer.query]: 'query_output',
  [layer.key]: 'key_value',
  [layer.value]: 'key_value',
  [layer.output]: 'query_output',
  [layer.ffnNorm]: 'norm',
  [layer.gate]: 'ffn',
  [layer.up]: 'ffn',
  [layer.down]: 'ffn',
};

const growth: Record<MemoryOwner, readonly ShapeField[]> = {
  embedding: ['vocab_size', 'dim'],
  position: ['max_seq_len', 'dim'],
  norm: ['dim', 'n_layers'],
  query_output: ['dim', 'n_layers', 'n_heads', 'head_dim'],
  key_value: ['dim', 'n_layers', 'n_kv_heads', 'head_dim'],
  ffn: ['dim', 'hidden_dim', 'n_layers'],
  classifier: ['vocab_size', 'dim'],
  kv_cache: ['n_layers', 'n_kv_heads', 'head_dim', 'max_seq_len'],
  activations: ['vocab_size', 'dim', 'hidden_dim', 'max_seq_len'],
  tokenizer: ['vocab_size'],
  header: ['n_layers'],
  code: [],
  program: [],
  stack: [],
};

/** The rotary table, which stands for positions where none are learnt. */
const rotaryGrowth: readonly ShapeField[] = ['max_seq_len', 'head_dim'];

function item(owner: MemoryOwner, bytes: number): MemoryItem {
  return { owner, bytes, growsWith: growth[owner] };
}

/** Tensors of a section of the image, by owner. */
function tensorItems(architecture: Architecture, wanted: Section): MemoryItem[] {
  const bytes = new Map<MemoryOwner, number>();
  for (const { name, section, bytes: each, count } of tensorSizes(architecture)) {
    const owner = ownerOfTensor[name];
    if (section !== wanted || !owner) continue;
    bytes.set(owner, (bytes.get(owner) ?? 0) + each * count);
  }
  const rotary = architecture.position === 'rope';
  return [...bytes].map(([owner, total]) =>
    owner === 'position' && rotary
      ? { owner, bytes: total, growsWith: rotaryGrowth }
      : item(owner, total),
  );
}

/** @param knownTokenizerBytes size of the tokenizer section, once there is a tokenizer */
export function memoryMap(config: ModelConfig, knownTokenizerBytes?: number): MemoryMap {
  const { architecture, target } = config;
  const arena = arenaBytes(architecture);
  const weights = tensorItems(architecture, 'weights');
  return {
    sram: [
      ...(target.weights === 'sram' ? weights : []),
      item('kv_cache', arena.kv_cache),
      item('activations', arena.activations),
      item('code', calibration.sram.code),
      item('program', calibration.sram.program),
      item('stack', calibration.sram.stack),
    ],
    flash: [
      item('program', calibration.flash.program),
      item('header', imageHeadBytes(architecture)),
      item('tokenizer', align4(tokenizerBytes(architecture, knownTokenizerBytes))),
      ...tensorItems(architecture, 'cold'),
      ...weights,
    ],
  };
}

/** Bytes of what grows with a size of the shape. */
export function bytesGrowingWith(items: readonly MemoryItem[], field: ShapeField): number {
  return items
    .filter(({ growsWith }) => growsWith.includes(field))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
