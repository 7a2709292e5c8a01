import { SafetensorsError } from '../../core/train/safetensors';
import { exitCodes, StarmindError } from '../starmind-error';

const trainAgain = 'Train the model again, or use a copy of the file.';

function inputError(code: string, message: string, remedy: string, cause?: unknown): StarmindError {
  return new StarmindError(code, exitCodes.input, message, remedy, { cause });
}

/** The error for a failed read of a checkpoint. */
export function unreadableCheckpoint(path: string, cause: unknown): StarmindError {
  if (cause instanceof SafetensorsError) {
    const code = cause.code === 'truncated' ? 'checkpoint.truncated' : 'checkpoint.damaged';
    return inputError(
      code,
      `${path} is not a whole checkpoint: ${cause.message}`,
      trainAgain,
      cause,
    );
  }
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
    return inputError(
      'checkpoint.missing',
      `There is no checkpoint ${path}.`,
      'Train the model first, without resuming.',
      cause,
    );
  }
  return inputError(
    'checkpoint.unreadable',
    `${path} cannot be read: ${String(cause)}`,
    trainAgain,
    cause,
  );
}

/** A checkpoint of another architecture. */
export function mismatchingCheckpoint(path: string, detail: string): StarmindError {
  return inputError(
    'checkpoint.shape',
    `${path} does not fit model.json: ${detail}`,
    'Use the model.json that the checkpoint was trained with, or train again.',
  );
}

/** Weights that are not finite: a model cannot compute with them. */
export function brokenCheckpoint(path: string, detail: string): StarmindError {
  return inputError(
    'checkpoint.not-finite',
    `${path} cannot be used: ${detail}`,
    'Train the model again, with a lower training.learning_rate.',
  );
}

/** A file without the metadata that this program writes. */
export function foreignCheckpoint(path: string, detail: string): StarmindError {
  return inputError(
    'checkpoint.foreign',
    `${path} was not written by this trainer: ${detail}`,
    'Train without resuming.',
  );
}
