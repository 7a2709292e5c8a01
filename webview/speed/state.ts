import type { Measurement, ToSpeedPage } from '../../src/core/bench/speed-messages';

export interface SpeedState {
  /** The last measurement, also while another one runs. */
  measurement?: Measurement;
  /** The measurement that runs. */
  running?: { title: string; step: string };
  failure?: string;
}

export function received({ measurement }: SpeedState, message: ToSpeedPage): SpeedState {
  const before = measurement ? { measurement } : {};
  switch (message.kind) {
    case 'measuring':
      return { ...before, running: { title: message.title, step: message.step } };
    case 'measured':
      return { measurement: message.measurement };
    case 'ended':
      return message.failure === undefined ? before : { ...before, failure: message.failure };
  }
}

/** The state that a page has kept over a reload of the window: its measurement. */
export function stateFrom(kept: unknown): SpeedState {
  const measurement = (kept as SpeedState | null)?.measurement;
  return measurement?.report && measurement.model ? { measurement } : {};
}
