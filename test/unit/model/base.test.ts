import { describe, expect, it } from 'vitest';
import { baseFinder, parseModel } from '../../../src/core/model/parse';
import { editText } from '../../../src/core/model/edit';
import { bestStoryShape } from '../../../src/core/model/shipped-runs';
import { hasErrors } from '../../../src/core/problem';

const shape = {
  ...{ vocab_size: 128, dim: 16, hidden_dim: 32, n_layers: 1, n_heads: 2, n_kv_heads: 1 },
  ...{ head_dim: 8, max_seq_len: 48, tie_embeddings: false },
};
const runs: Record<string, string> = {
  'runs/base/model.json': JSON.stringify({ version: 1, architecture: shape }),
  'runs/learned/model.json': JSON.stringify({
    version: 1,
    architecture: { ...shape, position: 'learned' },
  }),
};
const findBase = baseFinder((path) => runs[path]);

function parse(model: object) {
  const text = JSON.stringify({ version: 1, ...model });
  return { text, ...parseModel(text, 'tuned', findBase) };
}

describe('a model.json that begins with a run', () => {
  it('has none where its file cannot be read', () => {
    const unreadable = baseFinder(() => {
      throw new Error('EACCES');
    });
    expect(unreadable('runs/base')).toBeUndefined();
  });

  it('has the shape and the tokenizer of the run, and defaults of its own', () => {
    const { value, problems } = parse({ training: { from: 'runs/base' } });
    expect(problems).toEqual([]);
    expect(value?.architecture).toMatchObject(shape);
    expect(value?.tokenizer).toEqual({ type: 'run' });
    const fresh = parse({ architecture: shape }).value!;
    expect(value!.training.learning_rate).toBeLessThan(fresh.training.learning_rate);
    expect(value!.training.warmup_share).toBeLessThan(fresh.training.warmup_share);
    expect(value!.training).toMatchObject({ minutes: 2, from: 'runs/base' });
    expect(value!.training.steps).toBeUndefined();
  });

  it('may have another context and other formats, and settings of its own', () => {
    const { value, problems } = parse({
      architecture: { max_seq_len: 24, dim: 16 },
      quantization: { weights: 'int4' },
      training: { from: 'runs/base', steps: 5, learning_rate: 0.01 },
    });
    expect(hasErrors(problems)).toBe(false);
    expect(value?.architecture).toMatchObject({ ...shape, max_seq_len: 24 });
    expect(value?.training).toMatchObject({ context: 24, steps: 5, learning_rate: 0.01 });
  });

  it('names each value in which the two disagree, and mends it', () => {
    const { text, value, problems } = parse({
      architecture: { ...shape, dim: 24, tie_embeddings: true },
      training: { from: 'runs/base' },
    });
    expect(value).toBeUndefined();
    const found = problems.filter(({ code }) => code === 'training.from-shape');
    expect(found.map(({ path }) => path).sort()).toEqual([
      'architecture.dim',
      'architecture.tie_embeddings',
    ]);
    const dim = found.find(({ path }) => path === 'architecture.dim')!;
    expect(dim.message).toContain('architecture.dim is 24; runs/base');
    expect(text.slice(dim.range!.offset).startsWith('24')).toBe(true);
    const fixed = found.reduce((now, { fixes }) => editText(now, fixes![0]!.changes), text);
    expect(parseModel(fixed, 'tuned', findBase).problems).toEqual([]);
  });

  it('may begin with a run of the package, by name', () => {
    const { value, problems } = parse({ training: { from: 'starmind:best-story' } });
    expect(problems).toEqual([]);
    expect(value?.architecture).toMatchObject(bestStoryShape);
    expect(parse({ training: { from: 'starmind:other' } }).problems).toMatchObject([
      { code: 'training.from-missing', fix: expect.stringContaining('starmind:best-story') },
    ]);
  });

  it('offers to train from nothing where another shape is wanted', () => {
    const { text, problems } = parse({
      architecture: { ...bestStoryShape, dim: 48 },
      training: { from: 'starmind:best-story' },
    });
    const fix = problems[0]?.fixes?.find(({ title }) => title === 'Train from nothing');
    const { value } = parseModel(editText(text, fix!.changes), 'tuned', findBase);
    expect(value).toMatchObject({ architecture: { dim: 48 }, tokenizer: { type: 'bpe' } });
  });

  it('keeps the context of a run with learned positions', () => {
    const { problems } = parse({
      architecture: { max_seq_len: 24 },
      training: { from: 'runs/learned' },
    });
    expect(problems).toMatchObject([{ path: 'architecture.max_seq_len', severity: 'error' }]);
  });

  it('says that the run is missing, and not that the shape is', () => {
    const { value, problems } = parse({ training: { from: 'runs/gone' } });
    expect(value).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'training.from-missing', severity: 'error' }]);
    // The model.json of a run that was trained so has its shape, wherever it lies.
    const whole = parse({ architecture: shape, training: { from: 'runs/gone' } });
    expect(whole.value).toBeDefined();
    expect(whole.problems).toMatchObject([{ code: 'training.from-missing', severity: 'warning' }]);
  });

  it('needs a shape where nothing is named', () => {
    expect(parse({ training: {} }).problems).toMatchObject([{ code: 'field.missing' }]);
  });
});
