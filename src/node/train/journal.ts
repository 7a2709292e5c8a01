import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { valueOf, valuesOf } from '../../core/fields';
import {
  runProgress,
  trainingSample,
  type RunProgress,
  type TrainingSample,
} from '../../core/train/run-progress';
import { temporaryNameOf, unwritable } from '../files';

/** What the training at work is doing: a RunProgress as JSON. */
export const progressPath = (runFolder: string): string => join(runFolder, 'progress.json');

/** Texts that the model spoke during the training: a TrainingSample as JSON a line. */
export const samplesPath = (runFolder: string): string => join(runFolder, 'samples.jsonl');

/** Undefined when no training has said anything there. */
export function readProgress(runFolder: string): RunProgress | undefined {
  try {
    return valueOf(readFileSync(progressPath(runFolder), 'utf8'), runProgress);
  } catch {
    return undefined;
  }
}

/**
 * Notes what a training is doing. A crash makes it worthless, so it is not flushed to the disk.
 *
 * @returns false where the note cannot be replaced at the moment: Windows refuses to while another
 *   program reads it
 */
export function writeProgress(runFolder: string, progress: RunProgress): boolean {
  const path = progressPath(runFolder);
  const temporary = temporaryNameOf(path);
  try {
    writeFileSync(temporary, `${JSON.stringify(progress)}\n`);
    renameSync(temporary, path);
    return true;
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // The next training removes it with other half-written files.
    }
    return false;
  }
}

/** The samples of a run up to a step, without damaged lines and a truncated last one. */
export function readSamples(runFolder: string, lastStep = Infinity): TrainingSample[] {
  let text: string;
  try {
    text = readFileSync(samplesPath(runFolder), 'utf8');
  } catch {
    return [];
  }
  return valuesOf(text, trainingSample).filter(({ step }) => step <= lastStep);
}

/** Keeps the samples up to a step: a resumed training repeats the steps after its checkpoint. */
export function keepSamples(runFolder: string, lastStep: number): void {
  const kept = readSamples(runFolder, lastStep);
  write(runFolder, () => writeFileSync(samplesPath(runFolder), kept.map(toLine).join('')));
}

export function appendSample(runFolder: string, sample: TrainingSample): void {
  write(runFolder, () => appendFileSync(samplesPath(runFolder), toLine(sample)));
}

function toLine(sample: TrainingSample): string {
  return `${JSON.stringify(sample)}\n`;
}

function write(runFolder: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    throw unwritable(samplesPath(runFolder), cause);
  }
}
