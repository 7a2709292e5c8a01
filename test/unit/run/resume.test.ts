import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ModelFile } from '../../../src/core/model/defaults';
import { withDefaults } from '../../../src/core/model/defaults';
import { initialWeights } from '../../../src/core/train/initialise';
import type { RunFolder } from '../../../src/node/run/folder';
import { resumePoint } from '../../../src/node/run/resume';
import { writeCheckpoint } from '../../../src/node/train/checkpoint';
import { untrainedRun } from '../../support/untrained-run';

const file: ModelFile = {
  version: 1,
  name: 'story',
  architecture: {
    vocab_size: 300,
    dim: 16,
    hidden_dim: 32,
    n_layers: 1,
    n_heads: 2,
    max_seq_len: 16,
  },
};
const config = withDefaults(file, 'story');
const wanted = {
  ...config,
  architecture: { ...config.architecture, activation: 'relu' as const },
};

async function runWith(modelText: string | undefined): Promise<RunFolder> {
  const run = await untrainedRun(file);
  const weights = initialWeights(config.architecture, 1);
  await writeCheckpoint(run.checkpoint, config.architecture, { weights, modelText, step: 1 });
  return run;
}

describe('a checkpoint whose model.json this version cannot read', () => {
  test('is compared by the model.json beside it', async () => {
    await expect(resumePoint(await runWith('{"version": 0}'), wanted)).rejects.toMatchObject({
      code: 'resume.changed',
      message: expect.stringContaining(
        'architecture.activation was "silu" and is "relu"',
      ) as string,
    });
  });

  test('is refused when neither can be read', async () => {
    const run = await runWith('{"version": 0}');
    await writeFile(run.model, '{');
    await expect(resumePoint(run, wanted)).rejects.toMatchObject({ code: 'resume.unknown' });
  });
});

test('a checkpoint of another program has nothing to compare but shapes', async () => {
  await expect(resumePoint(await runWith(undefined), wanted)).rejects.toMatchObject({
    code: 'checkpoint.missing',
  });
});
