import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseModel } from '../../../src/core/model/parse';
import { presets } from '../../../src/core/model/presets';
import { corpusChoices, corpusSource } from '../../../src/extension/new-project/corpus';
import { projectModel } from '../../../src/extension/new-project/model';
import { shapeChoices } from '../../../src/extension/new-project/shapes';
import { walk, type Outcome } from '../../../src/extension/new-project/walk';

const folder = join('/home', 'me', 'project');

describe('the shapes', () => {
  const choices = shapeChoices();

  it('are goals first, then every preset', () => {
    expect(choices.map(({ label }) => label)).toEqual([
      'Whole stories, after two minutes',
      'Fastest that tells a story',
      'Best that fits',
      ...presets.map(({ name }) => name),
    ]);
    expect(choices.map(({ group }) => group).lastIndexOf('Goals')).toBe(2);
  });

  it('show their cost, and none is too large', () => {
    for (const { description } of choices) expect(description).toMatch(/tok\/s · \d+ KB/);
    const tooLarge = choices.filter(({ description }) => description.includes('too large'));
    expect(tooLarge).toEqual([]);
  });

  it.each(choices.map((choice) => [choice.label, choice] as const))(
    '%s makes a model.json without problems',
    (_, { file }) => {
      const model = projectModel({ shape: file, corpus: { name: 'starter' }, folder });
      const { value, problems } = parseModel(JSON.stringify(model));
      expect(problems).toEqual([]);
      expect(value?.data.source).toBe('starter');
      expect(value?.training.minutes).toBeGreaterThan(0);
    },
  );
});

describe('the corpus', () => {
  it('is one of four', () => {
    expect(corpusChoices.map(({ corpus }) => corpus)).toEqual([
      'starter',
      'tinystories',
      'file',
      'folder',
    ]);
  });

  it.each([
    ['beside model.json', join(folder, 'story.txt'), './story.txt'],
    ['below it', join(folder, 'texts', 'a'), './texts/a'],
    ['elsewhere', join('/home', 'me', 'story.txt'), '../story.txt'],
    ['the folder itself', folder, './'],
    ['named like a built-in one', join(folder, 'starter'), './starter'],
  ])('%s is relative to model.json', (_, path, source) => {
    expect(corpusSource({ path }, folder)).toBe(source);
  });
});

describe('the model of a project', () => {
  it('keeps the shape and adds the corpus', () => {
    const shape = presets[0]?.file;
    if (!shape) throw new Error('There are no presets.');
    const model = projectModel({ shape, corpus: { name: 'tinystories' }, folder });
    expect(model).toEqual({ ...shape, data: { source: 'tinystories' } });
    expect(Object.keys(model)).toEqual(['version', 'name', 'architecture', 'data', 'training']);
  });
});

describe('a walk through steps', () => {
  /** Walks through three steps with these outcomes; returns the positions that were shown. */
  async function walked(...outcomes: Outcome[]) {
    const asked: number[] = [];
    const step = async ({ step: number }: { step: number }) => {
      asked.push(number);
      return outcomes.shift() ?? 'cancel';
    };
    return { done: await walk([step, step, step]), asked };
  }

  it('goes forward, back and forward again', async () => {
    const { done, asked } = await walked('next', 'next', 'back', 'next', 'next');
    expect(done).toBe(true);
    expect(asked).toEqual([1, 2, 3, 2, 3]);
  });

  it('ends where it is cancelled', async () => {
    expect(await walked('next', 'cancel')).toEqual({ done: false, asked: [1, 2] });
  });

  it('does not go back beyond its start', async () => {
    expect((await walked('back', 'cancel')).asked).toEqual([1, 1]);
  });
});
