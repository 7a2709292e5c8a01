import { arithmeticCode } from '../../core/model/formats';
import { adamwBetas } from '../../core/train/optimizer';
import type { EvaluationWindow, StepResult, TrainingStep } from '../../core/train/kernels';
import type { SharedTrainer } from './shared-memory';

/** Optimiser settings that stay the same for a whole run. */
export interface OptimizerSettings {
  weightDecay: number;
  gradientClip: number;
  /** Share of the teacher's distribution in the targets; 0 without a teacher. */
  teacherWeight: number;
  /** Learning rate of n-gram tables, as a multiple of that of the rest. */
  ngramRate: number;
}

/** Sizes of training_step, step_result and evaluation_window in trainer.h, in 4-byte words. */
const stepWords = 10;
const windowWords = 3;
const resultDoubles = 2;

/** Writes steps where trainer_run_steps finds them. */
export function writeSteps(
  { memory, regions }: SharedTrainer,
  steps: readonly TrainingStep[],
  settings: OptimizerSettings,
): void {
  const floats = new Float32Array(memory.buffer, regions.steps, steps.length * stepWords);
  const integers = new Int32Array(memory.buffer, regions.steps, steps.length * stepWords);
  const stepTokens = steps[0]?.tokens.length ?? 0;
  const tokens = new Uint16Array(memory.buffer, regions.tokens, steps.length * stepTokens);
  steps.forEach((step, index) => {
    const { weightDecay, gradientClip, teacherWeight, ngramRate } = settings;
    const corrections = adamwBetas.map((beta) => 1 / (1 - beta ** step.number));
    floats.set(
      [
        ...[step.learningRate, weightDecay, gradientClip],
        ...[...adamwBetas, ...corrections, teacherWeight, ngramRate],
      ],
      index * stepWords,
    );
    integers[index * stepWords + stepWords - 1] = arithmeticCode(step.arithmetic);
    tokens.set(step.tokens, index * stepTokens);
  });
}

/** Reads the results of trainer_run_steps; `targets` is the number of targets of a step. */
export function readResults(
  { memory, regions }: SharedTrainer,
  count: number,
  targets: number,
): StepResult[] {
  const values = new Float64Array(memory.buffer, regions.results, count * resultDoubles);
  return Array.from({ length: count }, (_, index) => ({
    loss: (values[index * resultDoubles] ?? NaN) / targets,
    gradientNorm: values[index * resultDoubles + 1] ?? NaN,
  }));
}

/** How many of the windows from `first` on fit in the hand-over areas together. */
export function fittingWindows(
  { capacities }: SharedTrainer,
  windows: readonly EvaluationWindow[],
  first: number,
): number {
  let tokens = 0;
  let count = 0;
  for (const window of windows.slice(first, first + capacities.windows)) {
    tokens += window.tokens.length;
    if (tokens > capacities.tokens) break;
    count++;
  }
  return count;
}

/** Writes windows where trainer_evaluate finds them. */
export function writeWindows(
  { memory, regions, capacities }: SharedTrainer,
  windows: readonly EvaluationWindow[],
): void {
  const fields = new Int32Array(memory.buffer, regions.windows, windows.length * windowWords);
  const ids = new Uint16Array(memory.buffer, regions.tokens, capacities.tokens);
  let place = 0;
  windows.forEach(({ tokens, scoreFrom }, index) => {
    fields.set([place, tokens.length - 1, scoreFrom], index * windowWords);
    ids.set(tokens, place);
    place += tokens.length;
  });
}
