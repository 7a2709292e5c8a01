import { buf as crc32 } from 'crc-32';
import type { Architecture } from '../model/config';
import type { Weights } from '../model/tensors';
import { quantizeMatrix, quantizeVector } from '../quant/matrix';
import { rotaryTable } from '../quant/rotary';
import { toScale, type Scale } from '../quant/scale';
import type { TokenizerModel } from '../tokenizer/model';
import {
  planImage,
  rotaryTableName,
  tensorDescriptorBytes,
  type ImageLayout,
  type TensorPlacement,
} from './layout';
import { tokenizerSectionBytes, writeTokenizerSection } from './tokenizer-section';

export const imageMagic = 0x504d5453;
export const imageVersion = 1;
/** Bytes of a model or tokenizer hash in the image. */
export const hashBytes = 8;

/** Where the model's hash stands in the header. */
export const modelHashOffset = 16;

/** Offset of the first byte that the CRC covers. */
const crcStart = 16;

/** Values of the engine's enums, in its order. */
const codes = {
  norm: ['rmsnorm', 'layernorm'],
  position: ['rope', 'learned', 'none'],
  activation: ['silu', 'relu', 'relu2', 'gelu'],
  format: ['int8', 'int16'],
  section: ['weights', 'cold'],
} as const;

export interface ImageInput {
  architecture: Architecture;
  /** Every tensor of `tensorSpecs`, float. */
  weights: Weights;
  tokenizer: TokenizerModel;
  /** First `hashBytes` of the digests that the board reports. */
  modelHash: Uint8Array;
  tokenizerHash: Uint8Array;
}

/** Quantises a float model to int8 and writes its device image. */
export function writeImage(input: ImageInput): Uint8Array {
  const { architecture, tokenizer } = input;
  const layout = planImage(architecture, tokenizerSectionBytes(tokenizer));
  const image = new Uint8Array(layout.imageBytes);
  const view = new DataView(image.buffer);
  layout.tensors.forEach((placement, index) => {
    const exponent = writeTensor(image, layout, placement, input);
    const descriptor = layout.tensorsOffset + index * tensorDescriptorBytes;
    writeDescriptor(view, descriptor, placement, exponent);
  });
  image.set(writeTokenizerSection(tokenizer), layout.tokenizerOffset);
  writeHeader(view, layout, input);
  view.setInt32(12, crc32(image.subarray(crcStart)), true);
  return image;
}

/** Writes a tensor's numbers into its section. Returns their exponent. */
function writeTensor(
  image: Uint8Array,
  layout: ImageLayout,
  placement: TensorPlacement,
  { architecture, weights }: ImageInput,
): number {
  const { name, rows, columns } = placement;
  if (name === undefined) return 0;
  const start = placement.section === 'weights' ? layout.weightsOffset : layout.coldOffset;
  const put = (offset: number, data: Int8Array | Int16Array | Uint16Array) =>
    image.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + offset);
  if (name === rotaryTableName) {
    const table = rotaryTable(rows, architecture.head_dim);
    put(placement.valuesOffset, table.values);
    return table.exponent;
  }
  const tensor = weights.get(name);
  if (tensor?.length !== rows * columns) {
    throw new RangeError(`Tensor ${name} must have ${rows} x ${columns} elements.`);
  }
  if (placement.format === 'int16') {
    const vector = quantizeVector(tensor);
    put(placement.valuesOffset, vector.values);
    return vector.exponent;
  }
  const matrix = quantizeMatrix(tensor, rows, columns);
  put(placement.valuesOffset, matrix.values);
  put(placement.scalesOffset, matrix.scales);
  return matrix.exponent;
}

function writeDescriptor(
  view: DataView,
  offset: number,
  placement: TensorPlacement,
  exponent: number,
): void {
  if (placement.name === undefined) return;
  view.setUint32(offset, placement.valuesOffset, true);
  view.setUint32(offset + 4, placement.scalesOffset, true);
  view.setUint32(offset + 8, placement.rows, true);
  view.setUint32(offset + 12, placement.columns, true);
  view.setInt16(offset + 16, exponent, true);
  view.setUint8(offset + 18, codes.format.indexOf(placement.format));
  view.setUint8(offset + 19, codes.section.indexOf(placement.section));
}

function writeHeader(view: DataView, layout: ImageLayout, input: ImageInput): void {
  const { architecture } = input;
  let next = 0;
  const put8 = (value: number) => view.setUint8(next++, value);
  const put16 = (value: number) => {
    view.setUint16(next, value, true);
    next += 2;
  };
  const put32 = (value: number) => {
    view.setUint32(next, value, true);
    next += 4;
  };
  const putScale = (scale: Scale) => {
    put32(scale.mantissa);
    view.setInt32(next, scale.exponent, true);
    next += 4;
  };
  put32(imageMagic);
  put16(imageVersion);
  put16(layout.tensorsOffset);
  put32(layout.imageBytes);
  put32(0); // The CRC, written last.
  for (let i = 0; i < hashBytes; i++) put8(input.modelHash[i] ?? 0);
  for (let i = 0; i < hashBytes; i++) put8(input.tokenizerHash[i] ?? 0);
  put32(architecture.vocab_size);
  put16(architecture.dim);
  put16(architecture.hidden_dim);
  put16(architecture.n_layers);
  put16(architecture.n_heads);
  put16(architecture.n_kv_heads);
  put16(architecture.head_dim);
  put16(architecture.max_seq_len);
  put8(codes.norm.indexOf(architecture.norm));
  put8(codes.position.indexOf(architecture.position));
  put8(codes.activation.indexOf(architecture.activation));
  put8(architecture.gated ? 1 : 0);
  put8(architecture.tie_embeddings ? 1 : 0);
  put8(0);
  put32(layout.tensors.length);
  put32(layout.tensorsOffset);
  put32(layout.tokenizerOffset);
  put32(layout.coldOffset - layout.tokenizerOffset);
  put32(layout.coldOffset);
  put32(layout.coldBytes);
  put32(layout.weightsOffset);
  put32(layout.weightsBytes);
  putScale(toScale(Math.sqrt(architecture.dim)));
  putScale(toScale(Math.LOG2E / Math.sqrt(architecture.head_dim)));
}
