import { describe, expect, test } from 'vitest';
import {
  parseSafetensors,
  SafetensorsError,
  serialiseSafetensors,
} from '../../../src/core/train/safetensors';

/** A file with a header that the test has made. */
function fileOf(header: unknown, dataBytes: number): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

function errorOf(bytes: Uint8Array): SafetensorsError {
  try {
    parseSafetensors(bytes);
  } catch (error) {
    if (error instanceof SafetensorsError) return error;
    throw error;
  }
  throw new Error('it was read');
}

const file = {
  tensors: new Map([
    ['a', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-30, 7) }],
    ['größe', { shape: [1], data: Float32Array.of(0.1) }],
    ['none', { shape: [0, 4], data: new Float32Array() }],
  ]),
  metadata: new Map([['model.json', '{"ü": "100 %"}\n']]),
};

test('reads its own files', () => {
  const bytes = serialiseSafetensors(file);
  expect(parseSafetensors(bytes)).toEqual(file);
  // Wherever the bytes lie in their buffer.
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(parseSafetensors(shifted.subarray(3))).toEqual(file);
});

test('half precision is read as well', () => {
  const bytes = fileOf(
    {
      half: { dtype: 'F16', shape: [3], data_offsets: [0, 6] },
      brain: { dtype: 'BF16', shape: [2], data_offsets: [6, 10] },
    },
    10,
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 10);
  [0x3c00, 0xc100, 0x0001, 0x3f80, 0xc020].forEach((bits, i) => view.setUint16(i * 2, bits, true));
  const { tensors } = parseSafetensors(bytes);
  expect(tensors.get('half')?.data).toEqual(Float32Array.of(1, -2.5, 2 ** -24));
  expect(tensors.get('brain')?.data).toEqual(Float32Array.of(1, -2.5));
});

describe('malformed files', () => {
  const tensor = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };

  test.each([
    ['empty', new Uint8Array(), { code: 'truncated', offset: 0 }],
    ['a header longer than the file', fileOf({}, 0).fill(0xff, 0, 4), { code: 'truncated' }],
    ['text', Buffer.from('hello, this is text'), { code: 'header' }],
    ['no JSON', fileOf('{"a": ', 0), { code: 'header' }],
    ['a number as an entry', fileOf({ a: 1 }, 0), { code: 'header', tensor: 'a' }],
    ['metadata that are no texts', fileOf({ __metadata__: { a: 1 } }, 0), { code: 'header' }],
    ['integers', fileOf({ a: { ...tensor, dtype: 'I64' } }, 8), { code: 'type', tensor: 'a' }],
    ['a wrong size', fileOf({ a: { ...tensor, shape: [3] } }, 8), { code: 'shape', tensor: 'a' }],
    ['too few data', fileOf({ a: tensor }, 7), { code: 'truncated', tensor: 'a' }],
    [
      'two tensors in one place',
      fileOf({ a: tensor, b: { ...tensor, data_offsets: [4, 12] } }, 12),
      { code: 'overlap', tensor: 'b' },
    ],
  ])('%s', (_, bytes, expected) => {
    expect(errorOf(bytes)).toMatchObject(expected);
  });

  test('every cut through a file is noticed', () => {
    const bytes = serialiseSafetensors(file);
    for (let length = 0; length < bytes.length; length++) {
      expect(errorOf(bytes.subarray(0, length)).code).toBe('truncated');
    }
  });
});
