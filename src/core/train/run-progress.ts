/** What a training is doing, for who watches it from elsewhere; kept in its run folder. */
export interface RunProgress {
  phase: 'training' | 'paused' | 'measuring' | 'ended';
  /** A line on what it is doing, or on why it has ended. */
  message: string;
  /** Share of the budget that is spent, in [0, 1]. */
  share: number;
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
