import { expect, test } from 'vitest';
import { elementBytes, storedBytes, strideOf } from '../../../src/core/model/formats';
import { matrixFormat } from '../../../src/core/model/matrix-formats';
import { parseModel } from '../../../src/core/model/parse';

test('tiles of 8 rows have whole words; vectors and tables are packed', () => {
  expect([1, 4, 5, 8].map((columns) => strideOf('int8', columns))).toEqual([32, 32, 64, 64]);
  expect([1, 4, 5, 9].map((columns) => strideOf('int4', columns))).toEqual([16, 16, 32, 48]);
  expect([1, 16, 17].map((columns) => strideOf('ternary', columns))).toEqual([32, 32, 64]);
  expect([1, 2, 3].map((columns) => strideOf('int16', columns))).toEqual([2, 4, 6]);
  expect([1, 8, 9].map((rows) => storedBytes('int4', rows, 10))).toEqual([48, 48, 96]);
  expect(elementBytes('ternary', 3, 3)).toBe(3);
});

const modelText = (quantization: object, more: object = {}) =>
  JSON.stringify({
    version: 1,
    architecture: {
      ...{ vocab_size: 64, dim: 8, hidden_dim: 8, n_layers: 1, n_heads: 2, max_seq_len: 16 },
      ...more,
    },
    quantization,
  });

test('a matrix has the format of its own, or that of the weights', () => {
  const { value: config } = parseModel(
    modelText({ weights: 'ternary', tensors: { embedding: 'int8' } }),
  );
  expect(config?.quantization.tensors).toEqual({ embedding: 'int8' });
  const formats = ['embedding', 'query'].map((slot) =>
    matrixFormat(config?.quantization ?? { weights: 'int8' }, { slot }),
  );
  expect(formats).toEqual(['int8', 'ternary']);
});

test('formats of unknown matrices and of those that the model lacks are told', () => {
  const codes = (quantization: object, more?: object) =>
    parseModel(modelText(quantization, more)).problems.map(({ code, path }) => [code, path]);
  expect(codes({ tensors: { classifier: 'int8' } })).toContainEqual([
    'quantization.idle',
    'quantization.tensors.classifier',
  ]);
  expect(codes({ tensors: { classifier: 'int8' } }, { tie_embeddings: false })).toEqual([]);
  expect(codes({ tensors: { gate: 'int4' } }, { gated: false })).toContainEqual([
    'quantization.idle',
    'quantization.tensors.gate',
  ]);
  expect(codes({ kv_cache: 'int4' }, { max_seq_len: 1024 })).toEqual([]);
  expect(codes({ kv_cache: 'int4' }, { max_seq_len: 1025 })).toContainEqual([
    'quantization.long-context',
    'quantization.kv_cache',
  ]);
  expect(codes({ tensors: { up: 'int3' } })).not.toEqual([]);
  expect(codes({ tensors: { norm: 'int8' } })).not.toEqual([]);
});
