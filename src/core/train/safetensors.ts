import { utf8Bytes } from '../tokenizer/utf8';
import { readHeader } from './safetensors-header';
import type { TensorEntry } from './safetensors-header';
import { bfloat16Value, float16Value } from './half-floats';

export { SafetensorsError } from './safetensors-header';

export interface Tensor {
  shape: readonly number[];
  data: Float32Array;
}

/** The content of a safetensors file. Files have their tensors back to back, in the map's order. */
export interface TensorFile {
  tensors: ReadonlyMap<string, Tensor>;
  /** Free texts of the writer. */
  metadata: ReadonlyMap<string, string>;
}

/** Header lengths are padded to this, which aligns the data. */
const alignment = 8;

/** Writes tensors as F32, little-endian. */
export function serialiseSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const header: Record<string, unknown> = {};
  if (metadata.size > 0) header['__metadata__'] = Object.fromEntries(metadata);
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const end = offset + data.length * 4;
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = utf8Bytes(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / alignment) * alignment;
  const bytes = new Uint8Array(8 + headerLength + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(json, 8);
  let position = 8 + headerLength;
  for (const { data } of tensors.values()) {
    for (const value of data) {
      view.setFloat32(position, value, true);
      position += 4;
    }
  }
  return bytes;
}

/** Reads tensors of F32, F16 or BF16; throws a SafetensorsError that names the fault. */
export function parseSafetensors(bytes: Uint8Array): TensorFile {
  const { entries, metadata, dataStart } = readHeader(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, bytes.length - dataStart);
  const tensors = new Map<string, Tensor>();
  for (const entry of entries) {
    tensors.set(entry.name, { shape: entry.shape, data: readValues(view, entry) });
  }
  return { tensors, metadata };
}

function readValues(view: DataView, { dtype, begin, elements }: TensorEntry): Float32Array {
  switch (dtype) {
    case 'F32':
      return Float32Array.from({ length: elements }, (_, i) =>
        view.getFloat32(begin + i * 4, true),
      );
    case 'F16':
      return Float32Array.from({ length: elements }, (_, i) =>
        float16Value(view.getUint16(begin + i * 2, true)),
      );
    case 'BF16':
      return Float32Array.from({ length: elements }, (_, i) =>
        bfloat16Value(view.getUint16(begin + i * 2, true)),
      );
  }
}
