import type { ModelConfig } from '../model/config';

/** Sections in which every value counts: they make the arithmetic, the tokens or the held-out text. */
const wholeSections = ['architecture', 'quantization', 'tokenizer', 'data'] as const;

/** How the end of a training is quantised belongs to its schedule, which may change. */
const schedule: readonly string[] = ['quantization.aware_share'];

/** Fields that determine the order in which a training reads the text, and the size of a step. */
const training = ['from', 'teacher', 'teacher_weight', 'batch', 'context', 'seed'] as const;

/** A value that keeps a training from going on. */
export interface Divergence {
  /** Dotted, into model.json. */
  path: string;
  /** As JSON; `unset` where there is none. */
  then: string;
  now: string;
}

/**
 * The changes since a run was trained that would make it another training: values that affect the
 * arithmetic, the tokens, the held-out text, or the order in which it reads the text. The budget,
 * the learning rate and its schedule, and the intervals of evaluations and checkpoints may change.
 * So may the engine: all of them read the same text in the same order and follow the same rules, so
 * that their weights differ by the rounding of floats alone (test/unit/train/pytorch.test.ts).
 */
export function divergences(then: ModelConfig, now: ModelConfig): Divergence[] {
  const sections = wholeSections.flatMap((section) => {
    const fields = new Set([...Object.keys(then[section]), ...Object.keys(now[section])]);
    return [...fields].flatMap((field) =>
      difference(
        `${section}.${field}`,
        fieldOf(then[section], field),
        fieldOf(now[section], field),
      ),
    );
  });
  const steps = training.flatMap((field) =>
    difference(`training.${field}`, then.training[field], now.training[field]),
  );
  return [...sections, ...steps].filter(({ path }) => !schedule.includes(path));
}

function fieldOf(section: object, field: string): unknown {
  return (section as Record<string, unknown>)[field];
}

function difference(path: string, then: unknown, now: unknown): Divergence[] {
  const told = (value: unknown) => (value === undefined ? 'unset' : JSON.stringify(value));
  return told(then) === told(now) ? [] : [{ path, then: told(then), now: told(now) }];
}
