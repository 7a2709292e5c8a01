import type { ModelConfig } from '../model/config';

/** Sections in which every value counts: they make the arithmetic, the tokens or the held-out text. */
const wholeSections = ['architecture', 'quantization', 'tokenizer', 'data'] as const;

/** How the end of a training is quantised belongs to its schedule, which may change. */
const schedule: readonly string[] = ['quantization.aware_share'];

/** What decides in which order the text is read, and what a step is. */
const training = ['engine', 'batch', 'context', 'seed'] as const;

/** A value that keeps a training from going on. */
export interface Divergence {
  /** Dotted, into model.json. */
  path: string;
  /** As JSON; `unset` where there is none. */
  then: string;
  now: string;
}

/**
 * What has changed since a run was trained and would make another training of it: values of the
 * arithmetic, of the tokens, of which text is held out, and of the order in which the text is read.
 * The budget, the learning rate and its kin, and how often something is looked at may change.
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
