import { fieldsOf, finite } from '../fields';

/** One line of metrics.jsonl. */
export interface MetricsRecord {
  /** Optimiser steps done. */
  step: number;
  /** Training tokens read so far. */
  tokens: number;
  /** Mean training loss since the record before, nats per token. */
  loss: number;
  lr: number;
  /** Norm at the last step, before clipping. */
  grad_norm: number;
  /** Since the record before, evaluations left out. */
  tokens_per_second: number;
  /** Wall-clock time of the run so far. */
  seconds: number;
  /** Nats per token on held-out text with float weights, where it was evaluated. */
  valid_loss?: number;
  /** The same in the arithmetic of the device. */
  valid_loss_device?: number;
}

const required = [
  'step',
  'tokens',
  'loss',
  'lr',
  'grad_norm',
  'tokens_per_second',
  'seconds',
] as const satisfies (keyof MetricsRecord)[];

const optional = ['valid_loss', 'valid_loss_device'] as const satisfies (keyof MetricsRecord)[];

/** A line of metrics.jsonl, checked: a held-out loss that was not measured is left out. */
export function metricsRecord(value: unknown): MetricsRecord | undefined {
  const fields = fieldsOf(value);
  const known = new Map(
    [...required, ...optional]
      .map((name) => [name, finite(fields[name])] as const)
      .filter(([, number]) => number !== undefined),
  );
  if (!required.every((name) => known.has(name))) return undefined;
  return Object.fromEntries(known) as unknown as MetricsRecord;
}
