import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prepareData } from '../../../src/node/run/prepare';
import { namedRunTokenizer } from '../../../src/node/run/base-run';
import { loadModel, runFolder, type RunFolder } from '../../../src/node/run/folder';
import { trainModel } from '../../../src/node/run/train-run';
import { untrainedRun } from '../../support/untrained-run';

const architecture = {
  ...{ vocab_size: 300, dim: 8, hidden_dim: 16, n_layers: 1, n_heads: 2, max_seq_len: 16 },
};

/** A model in the folder of a run that it names, so that both go when the test is over. */
async function projectIn(base: RunFolder, training: object) {
  const file = join(base.path, 'pupil.json');
  await writeFile(join(base.path, 'text.txt'), 'the cat sat on the mat\n'.repeat(200));
  const data = { source: 'text.txt', validation_share: 0.1 };
  const model = { version: 1, name: 'pupil', architecture, data };
  const steps = { steps: 2, batch: 2, checkpoint_every: 1 };
  await writeFile(file, JSON.stringify({ ...model, training: { ...steps, ...training } }));
  return { file, loaded: await loadModel(file) };
}

describe.each(['from', 'teacher'])('a model that names a run with training.%s', (role) => {
  test('reads its text with the tokenizer of the run', async () => {
    const base = await untrainedRun({ version: 1, architecture });
    const { file, loaded } = await projectIn(base, { [role]: '.' });
    const known = await namedRunTokenizer(file, loaded.config);
    const { tokenizer } = await prepareData(loaded.config, file, {}, known);
    expect(tokenizer).toEqual(known);
    expect(tokenizer.tokens.length).toBeGreaterThan(0);
  });

  test('is trained further after its tokenizer.json was deleted', async () => {
    const base = await untrainedRun({ version: 1, architecture });
    const { file, loaded } = await projectIn(base, { [role]: '.' });
    const run = runFolder(join(base.path, 'out'));
    await trainModel(file, loaded, run, { earlier: 'keep' });
    await rm(run.tokenizer);
    const config = { ...loaded.config, training: { ...loaded.config.training, steps: 3 } };
    const more = await trainModel(file, { ...loaded, config }, run, { earlier: 'resume' });
    expect(more.steps).toBe(3);
    expect(await readFile(run.tokenizer, 'utf8')).toBe(await readFile(base.tokenizer, 'utf8'));
  });

  test('is not trained into that run', async () => {
    const base = await untrainedRun({ version: 1, architecture });
    const { file, loaded } = await projectIn(base, { [role]: '.' });
    const before = await readFile(base.checkpoint);
    await expect(trainModel(file, loaded, base, { earlier: 'keep' })).rejects.toMatchObject({
      code: `training.${role}-itself`,
    });
    expect((await readFile(base.checkpoint)).equals(before)).toBe(true);
  });
});

test('a model without a tokenizer and without a run is refused by name', async () => {
  const base = await untrainedRun({ version: 1, architecture });
  const { file, loaded } = await projectIn(base, {});
  const config = { ...loaded.config, tokenizer: { type: 'run' as const } };
  await expect(prepareData(config, file, {})).rejects.toMatchObject({ code: 'tokenizer.missing' });
});
