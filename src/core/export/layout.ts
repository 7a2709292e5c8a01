import type { Architecture, StoredFormats } from '../model/config';
import {
  elementBytes,
  storedBytes,
  strideOf,
  tensorFormats,
  type TensorFormat,
} from '../model/formats';
import {
  copiesOf,
  dimensionOf,
  isPresent,
  layerEntries,
  modelEntries,
  tensorEntries,
  type TensorEntry,
} from '../model/tensor-table';
import { matrixFormat } from '../model/matrix-formats';
import { imageHeaderBytes, tensorDescriptorBytes, type sections } from './image-fields';

/** The parts of a model.json that determine the layout of its image. */
export interface StoredModel {
  architecture: Architecture;
  quantization: StoredFormats;
}

/**
 * The position of every part of a device image. firmware/engine/image.h documents the format; a
 * test opens images written from this layout with the engine itself.
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

export type Section = (typeof sections)[number];

export interface TensorPlacement extends TensorRequest {
  /** Offsets within the section, in bytes. */
  valuesOffset: number;
  scalesOffset: number;
}

/** A tensor as an image stores it, wherever that is. */
interface TensorRequest {
  entry: TensorEntry;
  /** Counts for the tensors of a layer only. */
  layer: number;
  /** 0: the model has no such tensor. */
  rows: number;
  columns: number;
  format: TensorFormat;
  /** Bytes from one tile to the next; of vectors and tables, from one row to the next. */
  stride: number;
  section: Section;
}

function formatOf({ quantization }: StoredModel, entry: TensorEntry): TensorFormat {
  return entry.kind === 'matrix' ? matrixFormat(quantization, entry) : 'int16';
}

/** The section of the image that a tensor lies in. */
export function sectionOf({ tie_embeddings }: Architecture, { section }: TensorEntry): Section {
  if (section !== 'weights-when-tied') return section;
  return tie_embeddings ? 'weights' : 'cold';
}

function request(model: StoredModel, entry: TensorEntry, layer: number): TensorRequest {
  const { architecture } = model;
  const exists = isPresent(architecture, entry);
  const rows = exists ? dimensionOf(architecture, entry.rows) : 0;
  const columns = exists ? dimensionOf(architecture, entry.columns) : 0;
  const format = formatOf(model, entry);
  const stride = strideOf(format, columns);
  return { entry, layer, rows, columns, format, stride, section: sectionOf(architecture, entry) };
}

/** Tensors of the whole model, then those of each layer: the order of the engine's slots. */
function requests(model: StoredModel, layers: number): TensorRequest[] {
  const ofLayer = (layer: number) => layerEntries.map((entry) => request(model, entry, layer));
  return [
    ...modelEntries.map((entry) => request(model, entry, 0)),
    ...Array.from({ length: layers }, (_, layer) => ofLayer(layer)).flat(),
  ];
}

export function align4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** Bytes of a tensor: its values, then its scales; `padding` of both is part of the total. */
function sizes({ rows, columns, format }: TensorRequest) {
  const values = align4(storedBytes(format, rows, columns));
  const scales = tensorFormats[format].rowScale === 'none' ? 0 : rows * 2;
  const total = values + align4(scales);
  return { values, total, padding: total - elementBytes(format, rows, columns) - scales };
}

/** Bytes of a tensor in the image; every layer has the same tensors. */
export interface TensorSize {
  entry: TensorEntry;
  section: Section;
  rows: number;
  columns: number;
  bytes: number;
  /** Padding among these bytes: of rows and columns to whole tiles, of tensors to words. */
  padding: number;
  /** Copies: 1, or the number of layers. */
  count: number;
}

export function tensorSizes(model: StoredModel): TensorSize[] {
  return requests(model, 1).flatMap((tensor) => {
    const { entry, section, rows, columns } = tensor;
    if (rows === 0) return [];
    const { total: bytes, padding } = sizes(tensor);
    const count = copiesOf(model.architecture, entry);
    return [{ entry, section, rows, columns, bytes, padding, count }];
  });
}

/** Bytes of a section of the image. The search for a shape calls this thousands of times. */
export function sectionBytes(model: StoredModel, wanted: Section): number {
  const { architecture } = model;
  let bytes = 0;
  for (const entry of tensorEntries) {
    if (sectionOf(architecture, entry) !== wanted || !isPresent(architecture, entry)) continue;
    bytes += sizes(request(model, entry, 0)).total * copiesOf(architecture, entry);
  }
  return bytes;
}

/** Header and descriptors in front of the tokenizer section. */
export function imageHeadBytes({ n_layers }: Architecture): number {
  const tensors = modelEntries.length + n_layers * layerEntries.length;
  return imageHeaderBytes + tensors * tensorDescriptorBytes;
}

/** Lays out the image of a model with a tokenizer section of `tokenizerBytes`. */
export function planImage(model: StoredModel, tokenizerBytes: number): ImageLayout {
  const { architecture } = model;
  const used: Record<Section, number> = { weights: 0, cold: 0 };
  const tensors = requests(model, architecture.n_layers).map((tensor): TensorPlacement => {
    const { values, total } = sizes(tensor);
    const valuesOffset = used[tensor.section];
    used[tensor.section] += total;
    return { ...tensor, valuesOffset, scalesOffset: valuesOffset + values };
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
