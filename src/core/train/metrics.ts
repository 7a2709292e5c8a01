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
