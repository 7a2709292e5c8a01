import type { ModelConfig } from '../../core/model/config';
import type { ModelFile } from '../models';
import { defaultRun } from './definition';

/** The subject of a task: a model and one of its runs. */
export interface Subject {
  model: ModelFile;
  /** Name of the run. */
  run: string;
  /** The run is the one that `train` makes, which a task need not name. */
  isDefault: boolean;
}

/** A model and the run that training it makes. */
export function defaultSubject(model: ModelFile, config: ModelConfig): Subject {
  return { model, run: defaultRun(model.uri.fsPath, config), isDefault: true };
}

/** One run of a model, even if model.json has changed since. */
export function runSubject(model: ModelFile, run: string): Subject {
  return { model, run, isDefault: false };
}
