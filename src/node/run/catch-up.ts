import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ModelConfig } from '../../core/model/config';
import { editText } from '../../core/model/edit';
import type { JsonValue } from '../../core/problem';
import { isSamePlace } from '../files';
import { replaceModel } from './claim-folder';
import { loadModel, type RunFolder } from './folder';
import { requireNoTraining } from './run-owner';

/** The parts of a model.json that a training works with. */
export type TrainedSection = Exclude<keyof ModelConfig, 'version' | 'name' | 'target'>;

const trainedSections: readonly TrainedSection[] = [
  'architecture',
  'quantization',
  'tokenizer',
  'data',
  'training',
];

/**
 * Updates a run from its model.json as far as that needs no training, such as its target.
 *
 * @param modelFile the model.json of which `now` is the content
 * @returns the parts that have changed since the run was trained, and need a new training
 * @throws StarmindError `run.busy` while it is being trained, `model.missing`, `model.unreadable`
 *   or `model.invalid`
 */
export async function catchUp(
  run: RunFolder,
  modelFile: string,
  now: ModelConfig,
): Promise<TrainedSection[]> {
  await requireNoTraining(run);
  const { config: then, text } = await loadModel(run.model);
  if (!isDeepStrictEqual(then.target, now.target)) {
    // The parser has made it from JSON.
    const value = now.target as unknown as JsonValue;
    await replaceModel(run, editText(text, [{ path: ['target'], value }]));
  }
  return trainedSections.filter((section) => {
    if (section === 'tokenizer' && namesTokenizerOf(run, modelFile, now)) return false;
    return !isDeepStrictEqual(then[section], now[section]);
  });
}

/** Whether a model.json names the run's own tokenizer, as that of an imported project does. */
function namesTokenizerOf(run: RunFolder, modelFile: string, { tokenizer }: ModelConfig): boolean {
  if (tokenizer.type !== 'file') return false;
  return isSamePlace(resolve(dirname(modelFile), tokenizer.path), run.tokenizer);
}
