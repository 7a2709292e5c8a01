import { buf as crc32 } from 'crc-32';
import type { Architecture } from '../model/config';
import type { Weights } from '../model/tensors';
import { quantizeMatrix, quantizeVector } from '../quant/matrix';
import { rotaryTable } from '../quant/rotary';
import { toScale } from '../quant/scale';
import type { TokenizerModel } from '../tokenizer/model';
import { ByteWriter } from './byte-writer';
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

/** The CRC's own place in the header, and the first byte that it covers. */
export const crcOffset = 12;
export const crcStart = 16;

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
  layout.tensors.forEach((placement, index) => {
    const exponent = writeTensor(image, layout, placement, input);
    const descriptor = layout.tensorsOffset + index * tensorDescriptorBytes;
    writeDescriptor(image, descriptor, placement, exponent);
  });
  image.set(writeTokenizerSection(tokenizer), layout.tokenizerOffset);
  writeHeader(image, layout, input);
  new ByteWriter(image, crcOffset).put32(crc32(image.subarray(crcStart)));
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
  image: Uint8Array,
  offset: number,
  placement: TensorPlacement,
  exponent: number,
): void {
  if (placement.name === undefined) return;
  const writer = new ByteWriter(image, offset);
  writer.put32(placement.valuesOffset);
  writer.put32(placement.scalesOffset);
  writer.put32(placement.rows);
  writer.put32(placement.columns);
  writer.put16(exponent);
  writer.put8(codes.format.indexOf(placement.format));
  writer.put8(codes.section.indexOf(placement.section));
}

function writeHeader(image: Uint8Array, layout: ImageLayout, input: ImageInput): void {
  const { architecture } = input;
  const writer = new ByteWriter(image);
  writer.put32(imageMagic);
  writer.put16(imageVersion);
  writer.put16(layout.tensorsOffset);
  writer.put32(layout.imageBytes);
  writer.put32(0); // The CRC, written last.
  writer.putBytes(input.modelHash.subarray(0, hashBytes));
  writer.putBytes(input.tokenizerHash.subarray(0, hashBytes));
  writer.put32(architecture.vocab_size);
  writer.put16(architecture.dim);
  writer.put16(architecture.hidden_dim);
  writer.put16(architecture.n_layers);
  writer.put16(architecture.n_heads);
  writer.put16(architecture.n_kv_heads);
  writer.put16(architecture.head_dim);
  writer.put16(architecture.max_seq_len);
  writer.put8(codes.norm.indexOf(architecture.norm));
  writer.put8(codes.position.indexOf(architecture.position));
  writer.put8(codes.activation.indexOf(architecture.activation));
  writer.put8(architecture.gated ? 1 : 0);
  writer.put8(architecture.tie_embeddings ? 1 : 0);
  writer.put8(0); // Reserved.
  writer.put32(layout.tensors.length);
  writer.put32(layout.tensorsOffset);
  writer.put32(layout.tokenizerOffset);
  writer.put32(layout.coldOffset - layout.tokenizerOffset);
  writer.put32(layout.coldOffset);
  writer.put32(layout.coldBytes);
  writer.put32(layout.weightsOffset);
  writer.put32(layout.weightsBytes);
  writer.putScale(toScale(Math.sqrt(architecture.dim)));
  writer.putScale(toScale(Math.LOG2E / Math.sqrt(architecture.head_dim)));
}
