import { fieldsOf, finite, textual } from '../fields';

const phases = ['training', 'paused', 'measuring', 'ended'] as const;

/** What a training is doing, for who watches it from elsewhere; kept in its run folder. */
export interface RunProgress {
  phase: (typeof phases)[number];
  /** A line on what it is doing, or on why it has ended. */
  message: string;
  /** Share of the budget that is spent, in [0, 1]. */
  share: number;
  /** The process that trains: a note of an earlier one says nothing of the training at work. */
  pid?: number;
  /** What it reads, in a line. */
  text?: string;
  /** Bytes of held-out text a token: a loss in nats per token over it gives bits per byte. */
  bytes_per_token?: number;
}

/**
 * What a user asks of a training from elsewhere. `stop` keeps the model as it is now, `discard`
 * ends without saving or measuring it.
 */
export const trainingRequests = ['pause', 'go-on', 'stop', 'discard'] as const;
export type TrainingRequest = (typeof trainingRequests)[number];

/** A text that the model spoke during its training, in the arithmetic of the device. */
export interface TrainingSample {
  step: number;
  prompt: string;
  /** Behind the prompt. */
  text: string;
}

/** The content of progress.json, checked. */
export function runProgress(value: unknown): RunProgress | undefined {
  const fields = fieldsOf(value);
  const phase = phases.find((each) => each === fields.phase);
  const message = textual(fields.message);
  const share = finite(fields.share);
  if (!phase || message === undefined || share === undefined) return undefined;
  const pid = finite(fields.pid);
  const text = textual(fields.text);
  const bytes_per_token = finite(fields.bytes_per_token);
  return {
    phase,
    message,
    share,
    ...(pid !== undefined && { pid }),
    ...(text !== undefined && { text }),
    ...(bytes_per_token !== undefined && { bytes_per_token }),
  };
}

/** A line of samples.jsonl, checked. */
export function trainingSample(value: unknown): TrainingSample | undefined {
  const fields = fieldsOf(value);
  const step = finite(fields.step);
  const prompt = textual(fields.prompt);
  const text = textual(fields.text);
  if (step === undefined || prompt === undefined || text === undefined) return undefined;
  return { step, prompt, text };
}
