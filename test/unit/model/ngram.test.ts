import { describe, expect, it } from 'vitest';
import { editText } from '../../../src/core/model/edit';
import { baseFinder, parseModel } from '../../../src/core/model/parse';
import { tensorSpecs } from '../../../src/core/model/tensors';
import { hasErrors } from '../../../src/core/problem';

const shape = {
  ...{ vocab_size: 128, dim: 16, hidden_dim: 32, n_layers: 3, n_heads: 4, n_kv_heads: 2 },
  max_seq_len: 48,
};

function modelWith(ngram_tables: unknown, more: object = {}) {
  const text = JSON.stringify({ version: 1, architecture: { ...shape, ngram_tables }, ...more });
  return { text, ...parseModel(text) };
}

const full = {
  ...{ orders: [2, 3], rows: 8192, into: 'values', layers: [0, 1, 2], width: 8, bits: 4 },
};

describe('n-gram tables in model.json', () => {
  it('have defaults that follow from the shape', () => {
    expect(modelWith({}).value?.architecture.ngram_tables).toEqual(full);
    const residual = modelWith({ into: 'residual', layers: [2, 0, 2], orders: [4, 2] });
    expect(residual.problems).toEqual([]);
    expect(residual.value?.architecture.ngram_tables).toEqual({
      ...full,
      ...{ into: 'residual', width: 16, layers: [0, 2], orders: [2, 4] },
    });
    expect(
      parseModel(JSON.stringify({ version: 1, architecture: shape })).value?.architecture,
    ).not.toHaveProperty('ngram_tables');
  });

  it('are tensors behind all others, layer by layer', () => {
    const { architecture } = modelWith({ layers: [0, 2], rows: 64 }).value!;
    const specs = tensorSpecs(architecture);
    expect(specs.slice(-4)).toMatchObject([
      { name: 'model.layers.0.ngram_2.weight', shape: [64, 8], role: 'ngram' },
      { name: 'model.layers.0.ngram_3.weight', shape: [64, 8] },
      { name: 'model.layers.2.ngram_2.weight', shape: [64, 8] },
      { name: 'model.layers.2.ngram_3.weight', shape: [64, 8] },
    ]);
    expect(specs.filter(({ role }) => role === 'ngram')).toHaveLength(4);
  });

  it.each<[string, object, string, string]>([
    ['rows that a hash cannot count', { rows: 5000 }, 'rows', 'power of two'],
    ['layers that there are not', { layers: [1, 3] }, 'layers', 'no layer 3'],
    ['nothing but such layers', { layers: [7] }, 'layers', 'no layer 7'],
    ['rows wider than the values', { width: 9 }, 'width', 'wider than the values'],
    ['rows wider than the stream', { into: 'residual', width: 17 }, 'width', 'which has 16'],
    ['other bits', { bits: 3 }, 'bits', 'is 3'],
  ])('are refused with %s, and each fix mends it', (_, tables, field, message) => {
    const { text, problems } = modelWith(tables);
    const [problem] = problems;
    expect(problem?.path).toBe(`architecture.ngram_tables.${field}`);
    expect(problem?.message).toContain(message);
    const written = JSON.stringify(tables[field as keyof typeof tables]);
    expect(text.substr(problem!.range!.offset, problem!.range!.length)).toBe(written);
    expect(problem!.fixes!.length).toBeGreaterThan(0);
    for (const { changes } of problem!.fixes!) {
      expect(hasErrors(parseModel(editText(text, changes)).problems)).toBe(false);
    }
  });

  it.each<[string, unknown, string]>([
    ['an order of one token', { orders: [1, 2] }, 'orders'],
    ['no orders', { orders: [] }, 'orders'],
    ['an order that is no number', { orders: ['two'] }, 'orders'],
    ['layers that are no list', { layers: 0 }, 'layers'],
  ])('are refused with %s, on the list', (_, tables, field) => {
    const { problems } = modelWith(tables);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      severity: 'error',
      path: `architecture.ngram_tables.${field}`,
    });
    expect(problems[0]?.fix).toBeTruthy();
  });
});

describe('a model.json that begins with a run', () => {
  const base = JSON.stringify({ version: 1, architecture: { ...shape, ngram_tables: {} } });
  const plain = JSON.stringify({ version: 1, architecture: shape });
  const findBase = baseFinder((path) => (path.startsWith('plain') ? plain : base));
  const tuned = (from: string, architecture?: object) =>
    parseModel(JSON.stringify({ version: 1, architecture, training: { from } }), 'x', findBase);

  it('has the tables of the run, whatever part of them it repeats', () => {
    const repeated = [{}, { bits: 4 }, { orders: [3, 2] }].map((tables) => ({
      ngram_tables: tables,
    }));
    for (const written of [undefined, {}, ...repeated]) {
      const { value, problems } = tuned('base', written);
      expect(problems).toEqual([]);
      expect(value?.architecture.ngram_tables).toEqual(full);
    }
  });

  it('cannot have others, and may get some where the run has none', () => {
    const [other] = tuned('base', { ngram_tables: { rows: 4096 } }).problems;
    expect(other).toMatchObject({
      code: 'training.from-shape',
      path: 'architecture.ngram_tables',
    });
    const added = tuned('plain', { ngram_tables: {} });
    expect(added.problems).toEqual([]);
    expect(added.value?.architecture.ngram_tables).toEqual(full);
  });
});
