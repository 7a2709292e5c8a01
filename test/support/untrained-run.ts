import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { writeHuggingFace } from '../../src/core/tokenizer/hf-write';
import { initialWeights } from '../../src/core/train/initialise';
import { runFolder, type RunFolder } from '../../src/node/run/folder';
import { writeCheckpoint } from '../../src/node/train/checkpoint';
import { alphabet } from '../../src/node/run/untrained-image';

/** A run as `train --steps 0` leaves it, without a text; it goes when the test is over. */
export async function untrainedRun(file: ModelFile): Promise<RunFolder> {
  const run = runFolder(await mkdtemp(join(tmpdir(), 'starmind-run-')));
  onTestFinished(() => rm(run.path, { recursive: true, force: true }));
  const { architecture } = withDefaults(file, 'untrained');
  const modelText = JSON.stringify(file);
  await writeFile(run.model, modelText);
  await writeFile(run.tokenizer, writeHuggingFace(alphabet(architecture)));
  const weights = initialWeights(architecture, 1);
  await writeCheckpoint(run.checkpoint, architecture, { weights, modelText, step: 0 });
  return run;
}
