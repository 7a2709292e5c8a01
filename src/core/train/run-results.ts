import { fieldsOf, finite, isRecord, textual } from '../fields';

/** What the summary.json of a run says of its end. */
export interface RunResults {
  /** Optimiser steps; none in an imported run. */
  steps: number;
  /** Held-out bits per byte; undefined where nothing was measured. */
  quality: { float: number; device: number } | undefined;
  /** Format of the checkpoint of another program that the weights come from. */
  imported: string | undefined;
}

/** The content of summary.json, checked; undefined when it is none of a training or an import. */
export function runResults(value: unknown): RunResults | undefined {
  if (!isRecord(value)) return undefined;
  const imported = textual(fieldsOf(value.imported).format);
  const steps = finite(value.steps);
  if (imported === undefined && steps === undefined) return undefined;
  const measured = fieldsOf(value.bits_per_byte);
  const float = finite(measured.float);
  const device = finite(measured.device);
  const quality = float === undefined || device === undefined ? undefined : { float, device };
  return { steps: steps ?? 0, quality, imported };
}
