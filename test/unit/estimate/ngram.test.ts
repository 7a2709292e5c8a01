import { describe, expect, it } from 'vitest';
import { cyclesPerToken } from '../../../src/core/estimate/cycles';
import { estimateModel } from '../../../src/core/estimate/estimate';
import { memoryMap } from '../../../src/core/estimate/memory-map';
import { withDefaults, type ModelFile } from '../../../src/core/model/defaults';

type Tables = ModelFile['architecture']['ngram_tables'];

function configWith(ngram_tables: Tables) {
  const architecture = {
    ...{ vocab_size: 512, dim: 64, hidden_dim: 172, n_layers: 4, n_heads: 8, n_kv_heads: 4 },
    ...{ max_seq_len: 128, ...(ngram_tables && { ngram_tables }) },
  };
  return withDefaults({ version: 1, architecture, quantization: { weights: 'int4' } }, 'tables');
}

const plain = configWith(undefined);

describe('tables of n-grams in the estimate', () => {
  const config = configWith({ rows: 4096 });
  const rows = 4 * 2 * 4096;

  it('lie in flash with a byte of scale a row, and take SRAM for one sum', () => {
    const [before, after] = [estimateModel(plain), estimateModel(config)];
    expect(after.flash.total - before.flash.total).toBe(rows * (32 / 2 + 1));
    expect(after.sram.total - before.sram.total).toBe(32 * 4);
    expect(after.parameters.ngram).toBe(rows * 32);
    expect(after.parameters.total - after.parameters.ngram).toBe(before.parameters.total);
  });

  it('have a part of the memory map, which adds up', () => {
    const { sram, flash } = memoryMap(config);
    expect(flash.find(({ owner }) => owner === 'ngram')?.bytes).toBe(rows * (32 / 2 + 1));
    expect(sram.some(({ owner }) => owner === 'ngram')).toBe(false);
    const sum = flash.reduce((total, { bytes }) => total + bytes, 0);
    expect(sum).toBe(estimateModel(config).flash.total);
  });

  it('of some layers count for those alone', () => {
    const some = estimateModel(configWith({ rows: 4096, layers: [1, 3] }));
    expect(some.parameters.ngram).toBe((rows * 32) / 2);
    expect(some.speed.parts.tables).toBe((estimateModel(config).speed.parts.tables ?? NaN) / 2);
  });

  /** Cycles of a token beyond those without tables, measured on the virtual Pico. */
  it.each<[string, Tables, number]>([
    ['int4 rows on the values', {}, 9411],
    ['narrow rows', { width: 8 }, 4636],
    ['int8 rows', { bits: 8, rows: 2048 }, 12_818],
    ['rows on the residual stream', { into: 'residual', rows: 4096 }, 18_826],
  ])('cost the measured cycles within 3 %%: %s', (_, tables, measured) => {
    const cycles = (each: typeof plain) => cyclesPerToken(each, 64).total;
    const found = cycles(configWith(tables)) - cycles(plain);
    expect(Math.abs(found / measured - 1)).toBeLessThan(0.03);
  });

  it('are refused beyond the flash of the board, with the rows that fit', () => {
    const { problems } = estimateModel(configWith({ rows: 131_072 }));
    expect(problems.map(({ code }) => code)).toEqual(['flash.over']);
    const changes = problems[0]?.fixes?.flatMap((fix) => fix.changes);
    expect(changes).toContainEqual({
      path: ['architecture', 'ngram_tables', 'rows'],
      value: 8192,
    });
  });
});
