import { expect, test } from 'vitest';
import {
  arithmeticCode,
  formatNames,
  rowBytes,
  rowStride,
  tensorFormats,
} from '../../../src/core/model/formats';
import { parseModel } from '../../../src/core/model/parse';

test('rows have their bytes, and start on their alignment', () => {
  expect([1, 4, 5, 7, 8].map((columns) => rowStride('int8', columns))).toEqual([4, 4, 8, 8, 8]);
  expect([1, 8, 9].map((columns) => rowStride('int4', columns))).toEqual([4, 4, 8]);
  expect([1, 16, 17].map((columns) => rowStride('ternary', columns))).toEqual([4, 4, 8]);
  expect([1, 2, 3].map((columns) => rowStride('int16', columns))).toEqual([2, 4, 6]);
  expect([1, 2, 3].map((columns) => rowBytes('int4', columns))).toEqual([1, 1, 2]);
});

test('editor and trainer refuse an unsupported format by name', () => {
  for (const weights of formatNames) {
    if (tensorFormats[weights].runs || weights === 'int16') continue;
    const text = `{ "version": 1, "architecture": { "vocab_size": 64, "dim": 8, "hidden_dim": 8,
      "n_layers": 1, "n_heads": 2, "max_seq_len": 16 }, "quantization": { "weights": "${weights}" } }`;
    const problem = parseModel(text).problems.find(
      ({ code }) => code === 'quantization.unsupported',
    );
    expect(problem?.message).toContain(weights);
    expect(() => arithmeticCode(weights)).toThrow(weights);
  }
});
