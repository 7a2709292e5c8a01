import { buf as crc32 } from 'crc-32';
import type { Architecture, Sampling } from '../model/config';
import { formatCode, tensorFormats, type RowFormat, type WeightFormat } from '../model/formats';
import { ngramFormat } from '../model/ngram';
import { ngramTargets, optionCode, whenFullChoices, type WhenFull } from '../model/options';
import { tensorName, type TensorEntry, type TensorSlot } from '../model/tensor-table';
import type { Weights } from '../model/tensors';
import { quantizeMatrix, quantizeVector } from '../quant/matrix';
import { rotaryTable } from '../quant/rotary';
import { packRows, quantizeRows } from '../quant/rows';
import { packTiles } from '../quant/tiles';
import { toQ16, toScale } from '../quant/scale';
import type { TokenizerModel } from '../tokenizer/model';
import {
  contentStart,
  crcStart,
  hashBytes,
  headerFields,
  headerOffset,
  imageHeaderBytes,
  imageMagic,
  imageVersion,
  scaleLayoutOf,
  scaleLayouts,
  sections,
  tensorDescriptorBytes,
  tensorFields,
} from './image-fields';
import {
  planImage,
  scalesSection,
  type ImageLayout,
  type StoredModel,
  type TensorPlacement,
} from './layout';
import { writeRecord } from './records';
import { tokenizerSectionBytes, writeTokenizerSection } from './tokenizer-section';

export interface ImageInput extends StoredModel {
  /** Every tensor of `tensorSpecs`, float. */
  weights: Weights;
  tokenizer: TokenizerModel;
  /** The board's defaults for fields that a request leaves out. */
  sampling: Sampling;
  whenFull: WhenFull;
  /** At least `hashBytes` of a digest that the board reports. */
  tokenizerHash: Uint8Array;
  /** Digest of the content, at least `hashBytes`: it distinguishes images. */
  digest: (content: Uint8Array) => Uint8Array;
}

/** Quantises a float model and writes its device image. */
export function writeImage(input: ImageInput): Uint8Array {
  const { tokenizer } = input;
  const layout = planImage(input, tokenizerSectionBytes(tokenizer));
  const image = new Uint8Array(layout.imageBytes);
  layout.tensors.forEach((placement, index) => {
    const exponent = writeTensor(image, layout, placement, input);
    const descriptor = layout.tensorsOffset + index * tensorDescriptorBytes;
    writeDescriptor(image, descriptor, placement, exponent);
  });
  image.set(writeTokenizerSection(tokenizer), layout.tokenizerOffset);
  writeHeader(image, layout, input);
  image.set(shortened(input.digest(image.subarray(contentStart))), headerOffset('content_hash'));
  const view = new DataView(image.buffer);
  view.setInt32(headerOffset('crc32'), crc32(image.subarray(crcStart)), true);
  return image;
}

const shortened = (digest: Uint8Array): Uint8Array => digest.subarray(0, hashBytes);

/** Writes a tensor's numbers into its section. Returns their exponent. */
function writeTensor(
  image: Uint8Array,
  layout: ImageLayout,
  placement: TensorPlacement,
  input: ImageInput,
): number {
  const { entry, rows, columns, stride } = placement;
  if (rows === 0) return 0;
  const start = {
    weights: layout.weightsOffset,
    cold: layout.coldOffset,
    stream: layout.streamOffset,
  };
  const put = (
    offset: number,
    data: Uint8Array | Int16Array | Uint16Array,
    section = placement.section,
  ) =>
    image.set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      start[section] + offset,
    );
  const putRows = (data: Int16Array) => {
    for (let row = 0; row < rows; row++) {
      const values = data.subarray(row * columns, (row + 1) * columns);
      put(placement.valuesOffset + row * stride, values);
    }
  };
  if (entry.kind === 'table') {
    const table = rotaryTable(rows, input.architecture.head_dim);
    putRows(table.values);
    return table.exponent;
  }
  const tensor = tensorOf(input.weights, entry, placement);
  if (entry.kind === 'vector') {
    const vector = quantizeVector(tensor);
    putRows(vector.values);
    return vector.exponent;
  }
  if (entry.kind === 'hashed') {
    const table = quantizeRows(tensor, rows, columns, placement.format as RowFormat);
    put(placement.valuesOffset, packRows(table, placement.format as RowFormat));
    put(placement.scalesOffset, table.scales);
    return 0;
  }
  const format = placement.format as WeightFormat;
  const matrix = quantizeMatrix(tensor, rows, columns, format);
  put(placement.valuesOffset, packTiles(matrix, format));
  put(placement.scalesOffset, matrix.scales, scalesSection(placement.section));
  return matrix.exponent;
}

function tensorOf(
  weights: Weights,
  entry: TensorEntry,
  { layer, rows, columns }: TensorPlacement,
): Float32Array {
  const name = tensorName(entry.slot as TensorSlot, layer);
  const tensor = weights.get(name);
  if (tensor?.length === rows * columns) return tensor;
  throw new RangeError(`Tensor ${name} must have ${rows} x ${columns} elements.`);
}

function writeDescriptor(
  image: Uint8Array,
  offset: number,
  placement: TensorPlacement,
  exponent: number,
): void {
  if (placement.rows === 0) return;
  const { format } = placement;
  const { alignment } = tensorFormats[format];
  writeRecord(image, offset, tensorFields, {
    values_offset: placement.valuesOffset,
    scales_offset: placement.scalesOffset,
    rows: placement.rows,
    columns: placement.columns,
    stride: placement.stride,
    group_size: 0,
    exponent,
    format: formatCode(format),
    section: sections.indexOf(placement.section),
    scale_layout: scaleLayouts.indexOf(scaleLayoutOf(format)),
    alignment,
  });
}

function ngramFields({ ngram_tables: tables }: Architecture) {
  return {
    ngram_rows: tables?.rows ?? 0,
    ngram_width: tables?.width ?? 0,
    ngram_into: tables ? ngramTargets.indexOf(tables.into) : 0,
    ngram_format: tables ? formatCode(ngramFormat(tables)) : 0,
  };
}

function writeHeader(image: Uint8Array, layout: ImageLayout, input: ImageInput): void {
  const { architecture, sampling } = input;
  const { vocab_size, dim, hidden_dim, n_layers, n_heads, n_kv_heads } = architecture;
  const { head_dim, max_seq_len, norm, position, activation } = architecture;
  writeRecord(image, 0, headerFields, {
    ...{ magic: imageMagic, version: imageVersion, header_bytes: imageHeaderBytes },
    image_bytes: layout.imageBytes,
    // Write both after the bytes that they cover.
    ...{ crc32: 0, content_hash: new Uint8Array(hashBytes) },
    tokenizer_hash: shortened(input.tokenizerHash),
    ...{ vocab_size, dim, hidden_dim, n_layers, n_heads, n_kv_heads, head_dim, max_seq_len },
    norm: optionCode('norm', norm),
    position: optionCode('position', position),
    activation: optionCode('activation', activation),
    gated: architecture.gated ? 1 : 0,
    tied: architecture.tie_embeddings ? 1 : 0,
    when_full: whenFullChoices.indexOf(input.whenFull),
    kv_cache: formatCode(input.quantization.kv_cache ?? 'int8'),
    ...ngramFields(architecture),
    temperature: toQ16(sampling.temperature),
    top_k: sampling.top_k,
    top_p: toQ16(sampling.top_p),
    tensor_count: layout.tensors.length,
    tensors_offset: layout.tensorsOffset,
    tokenizer_offset: layout.tokenizerOffset,
    tokenizer_bytes: layout.coldOffset - layout.tokenizerOffset,
    cold_offset: layout.coldOffset,
    cold_bytes: layout.coldBytes,
    weights_offset: layout.weightsOffset,
    weights_bytes: layout.weightsBytes,
    stream_offset: layout.streamOffset,
    stream_bytes: layout.streamBytes,
    norm_factor: toScale(Math.sqrt(dim)),
    attention_factor: toScale(Math.LOG2E / Math.sqrt(head_dim)),
  });
}
