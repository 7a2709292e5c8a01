import type { Architecture } from '../model/config';
import {
  classifierName,
  embeddingName,
  finalNormName,
  layerTensorNames,
  positionName,
} from '../model/tensors';

/**
 * Where everything lies in a device image. firmware/engine/image.h documents the format; a test
 * opens images written from this layout with the engine itself.
 */
export interface ImageLayout {
  tensors: TensorPlacement[];
  tensorsOffset: number;
  tokenizerOffset: number;
  coldOffset: number;
  coldBytes: number;
  weightsOffset: number;
  weightsBytes: number;
  imageBytes: number;
}

export type Section = 'weights' | 'cold';

export interface TensorPlacement {
  /** Name in the checkpoint; `rotary` for the table that the exporter computes. Absent: no data. */
  name: string | undefined;
  rows: number;
  columns: number;
  format: 'int8' | 'int16';
  section: Section;
  /** Offsets within the section, in bytes. */
  valuesOffset: number;
  scalesOffset: number;
}

export const imageHeaderBytes = 104;
export const tensorDescriptorBytes = 20;

/** Name of the rotary table among the placements. */
export const rotaryTableName = 'rotary';

type TensorRequest = Omit<TensorPlacement, 'valuesOffset' | 'scalesOffset'>;

function matrix(name: string, rows: number, columns: number, section: Section = 'weights') {
  return { name, rows, columns, format: 'int8', section } satisfies TensorRequest;
}

function vector(name: string, columns: number): TensorRequest {
  return { name, rows: 1, columns, format: 'int16', section: 'weights' };
}

const absent: TensorRequest = {
  name: undefined,
  rows: 0,
  columns: 0,
  format: 'int8',
  section: 'weights',
};

/** Tensors of the whole model, then those of each layer: the order of the engine's slots. */
function modelRequests(architecture: Architecture): TensorRequest[] {
  const { vocab_size, dim, head_dim, max_seq_len, position } = architecture;
  const pairs = Math.floor(head_dim / 2);
  const tied = architecture.tie_embeddings;
  return [
    // Read one row a token, unless it is the classifier as well.
    matrix(embeddingName, vocab_size, dim, tied ? 'weights' : 'cold'),
    position === 'learned' ? matrix(positionName, max_seq_len, dim, 'cold') : absent,
    position === 'rope' && pairs > 0
      ? { ...matrix(rotaryTableName, max_seq_len, pairs * 2, 'cold'), format: 'int16' }
      : absent,
    vector(finalNormName, dim),
    tied ? absent : matrix(classifierName, vocab_size, dim),
  ];
}

function layerRequests(architecture: Architecture, layer: number): TensorRequest[] {
  const { dim, hidden_dim, head_dim } = architecture;
  const queryWidth = architecture.n_heads * head_dim;
  const kvWidth = architecture.n_kv_heads * head_dim;
  const names = layerTensorNames(layer);
  return [
    vector(names.attentionNorm, dim),
    matrix(names.query, queryWidth, dim),
    matrix(names.key, kvWidth, dim),
    matrix(names.value, kvWidth, dim),
    matrix(names.output, dim, queryWidth),
    vector(names.ffnNorm, dim),
    architecture.gated ? matrix(names.gate, hidden_dim, dim) : absent,
    matrix(names.up, hidden_dim, dim),
    matrix(names.down, dim, hidden_dim),
  ];
}

export function align4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** Bytes of a tensor: its values, then a 16-bit scale a row when they are int8. */
function sizes({ rows, columns, format }: TensorRequest): { values: number; total: number } {
  const values = align4(rows * columns * (format === 'int16' ? 2 : 1));
  return { values, total: format === 'int16' ? values : values + align4(rows * 2) };
}

/** What a tensor takes of the image; every layer has the same tensors. */
export interface TensorSize {
  /** Name in the checkpoint, of the first layer where there is one a layer. */
  name: string;
  section: Section;
  rows: number;
  columns: number;
  bytes: number;
  /** Copies: 1, or the number of layers. */
  count: number;
}

export function tensorSizes(architecture: Architecture): TensorSize[] {
  const size = (count: number) => (request: TensorRequest) => {
    const { name, section, rows, columns } = request;
    if (name === undefined) return [];
    return { name, section, rows, columns, bytes: sizes(request).total, count };
  };
  return [
    ...modelRequests(architecture).flatMap(size(1)),
    ...layerRequests(architecture, 0).flatMap(size(architecture.n_layers)),
  ];
}

/** Bytes of a section of the image. */
export function sectionBytes(architecture: Architecture, wanted: Section): number {
  return tensorSizes(architecture)
    .filter(({ section }) => section === wanted)
    .reduce((sum, { bytes, count }) => sum + bytes * count, 0);
}

/** Header and descriptors in front of the tokenizer section. */
export function imageHeadBytes({ n_layers }: Architecture): number {
  const tensors = modelTensorSlots + n_layers * layerTensorSlots;
  return imageHeaderBytes + tensors * tensorDescriptorBytes;
}

const modelTensorSlots = 5;
const layerTensorSlots = 9;

/** Lays out the image of a model whose tokenizer section takes `tokenizerBytes`. */
export function planImage(architecture: Architecture, tokenizerBytes: number): ImageLayout {
  const used: Record<Section, number> = { weights: 0, cold: 0 };
  const requests = modelRequests(architecture);
  for (let layer = 0; layer < architecture.n_layers; layer++) {
    requests.push(...layerRequests(architecture, layer));
  }
  const tensors = requests.map((request): TensorPlacement => {
    const { values, total } = sizes(request);
    const valuesOffset = used[request.section];
    used[request.section] += total;
    return { ...request, valuesOffset, scalesOffset: valuesOffset + values };
  });
  const tokenizerOffset = imageHeadBytes(architecture);
  const coldOffset = tokenizerOffset + align4(tokenizerBytes);
  const weightsOffset = coldOffset + used.cold;
  return {
    tensors,
    tensorsOffset: imageHeaderBytes,
    tokenizerOffset,
    coldOffset,
    coldBytes: used.cold,
    weightsOffset,
    weightsBytes: used.weights,
    imageBytes: weightsOffset + used.weights,
  };
}
