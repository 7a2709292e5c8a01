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
import { ngramFormat } from '../model/ngram';
import { imageHeaderBytes, tensorDescriptorBytes, type sections } from './image-fields';

/** The parts of a model.json that determine the layout of its image. */
export interface StoredModel {
  architecture: Architecture;
  quantization: StoredFormats;
  /** Matrices that stay in flash and are streamed from it, by slot; none where it is absent. */
  streamed?: ReadonlySet<string>;
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
  streamOffset: number;
  streamBytes: number;
  imageBytes: number;
}

export type Section = (typeof sections)[number];

export interface TensorPlacement extends TensorRequest {
  /** Offsets within the section, in bytes. */
  valuesOffset: number;
  scalesOffset: number;
}

/** The section of the scales of a tensor in `section`. */
export function scalesSection(section: Section): Section {
  return section === 'stream' ? 'weights' : section;
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

function formatOf({ architecture, quantization }: StoredModel, entry: TensorEntry): TensorFormat {
  if (entry.kind === 'matrix') return matrixFormat(quantization, entry);
  const { ngram_tables: tables } = architecture;
  return entry.kind === 'hashed' && tables ? ngramFormat(tables) : 'int16';
}

/** The section of the image that a tensor lies in; the scales of a streamed one are in `weights`. */
function sectionOf({ architecture, streamed }: StoredModel, entry: TensorEntry): Section {
  const section = baseSection(architecture, entry);
  return section === 'weights' && streamed?.has(entry.slot) ? 'stream' : section;
}

/** Whether a tensor is read whole for every token, or one row of it. */
export function baseSection(
  { tie_embeddings }: Architecture,
  { section }: TensorEntry,
): 'weights' | 'cold' {
  if (section !== 'weights-when-tied') return section;
  return tie_embeddings ? 'weights' : 'cold';
}

/** @param layer absent where any of the layers that have the tensor will do */
function request(model: StoredModel, entry: TensorEntry, layer?: number): TensorRequest {
  const { architecture } = model;
  const exists = isPresent(architecture, entry, layer);
  const rows = exists ? dimensionOf(architecture, entry.rows) : 0;
  const columns = exists ? dimensionOf(architecture, entry.columns) : 0;
  const format = formatOf(model, entry);
  const stride = strideOf(format, columns);
  const section = sectionOf(model, entry);
  return { entry, layer: layer ?? 0, rows, columns, format, stride, section };
}

/** Tensors of the whole model, then those of each layer: the order of the engine's slots. */
function requests(model: StoredModel): TensorRequest[] {
  const ofLayer = (layer: number) => layerEntries.map((entry) => request(model, entry, layer));
  return [
    ...modelEntries.map((entry) => request(model, entry, 0)),
    ...Array.from({ length: model.architecture.n_layers }, (_, layer) => ofLayer(layer)).flat(),
  ];
}

export function align4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** Bytes of a tensor: its values, then its scales; `padding` of both is part of the total. */
function sizes({ rows, columns, format }: TensorRequest) {
  const values = align4(storedBytes(format, rows, columns));
  const scales = rows * tensorFormats[format].scaleBytes;
  const total = values + align4(scales);
  return {
    values,
    scales: align4(scales),
    total,
    padding: total - elementBytes(format, rows, columns) - scales,
  };
}

/** Bytes that a tensor takes of a section. */
function bytesIn(wanted: Section, tensor: TensorRequest): number {
  const { values, scales, total } = sizes(tensor);
  if (tensor.section !== 'stream') return tensor.section === wanted ? total : 0;
  return wanted === 'stream' ? values : wanted === 'weights' ? scales : 0;
}

/** Bytes of a tensor in the image; layers that have it have it alike. */
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
  return [...modelEntries, ...layerEntries].flatMap((each): TensorSize[] => {
    const tensor = request(model, each);
    const { entry, section, rows, columns } = tensor;
    if (rows === 0) return [];
    const { values, scales, total, padding } = sizes(tensor);
    const count = copiesOf(model.architecture, entry);
    const size = { entry, rows, columns, count };
    if (section !== 'stream') return [{ ...size, section, bytes: total, padding }];
    return [
      { ...size, section, bytes: values, padding },
      { ...size, section: 'weights', bytes: scales, padding: 0 },
    ];
  });
}

/** Bytes of a tile of each streamed matrix; none where a model streams none. */
export function streamedTiles(model: StoredModel): number[] {
  if (!model.streamed?.size) return [];
  return tensorEntries.flatMap((entry) => {
    const { section, rows, stride } = request(model, entry);
    return section === 'stream' && rows > 0 ? [stride] : [];
  });
}

/** Bytes of a section of the image. The search for a shape calls this thousands of times. */
export function sectionBytes(model: StoredModel, wanted: Section): number {
  const { architecture } = model;
  let bytes = 0;
  for (const entry of tensorEntries) {
    const isCold = baseSection(architecture, entry) === 'cold';
    if (isCold !== (wanted === 'cold') || !isPresent(architecture, entry)) continue;
    bytes += bytesIn(wanted, request(model, entry)) * copiesOf(architecture, entry);
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
  const used: Record<Section, number> = { weights: 0, cold: 0, stream: 0 };
  const take = (section: Section, bytes: number): number => {
    const offset = used[section];
    used[section] += bytes;
    return offset;
  };
  const tensors = requests(model).map((tensor): TensorPlacement => {
    const { values, scales } = sizes(tensor);
    const valuesOffset = take(tensor.section, values);
    return { ...tensor, valuesOffset, scalesOffset: take(scalesSection(tensor.section), scales) };
  });
  const tokenizerOffset = imageHeadBytes(architecture);
  const coldOffset = tokenizerOffset + align4(tokenizerBytes);
  const weightsOffset = coldOffset + used.cold;
  const streamOffset = weightsOffset + used.weights;
  return {
    tensors,
    tensorsOffset: imageHeaderBytes,
    tokenizerOffset,
    coldOffset,
    coldBytes: used.cold,
    weightsOffset,
    weightsBytes: used.weights,
    streamOffset,
    streamBytes: used.stream,
    imageBytes: streamOffset + used.stream,
  };
}
