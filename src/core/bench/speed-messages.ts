import type { BenchReport } from './report';

/** Which model was measured, and where. */
export interface MeasuredModel {
  /** Its name, and its run where that is trained. */
  title: string;
  clock_mhz: number;
  cores: number;
  /** Format of its weights, and whether they are in SRAM or flash. */
  weights: string;
}

/** What a measurement found. */
export interface Measurement {
  model: MeasuredModel;
  report: BenchReport;
}

/** Messages of the extension to the page with the speed of a model. */
export type ToSpeedPage =
  /** The step that a measurement is at. */
  | { kind: 'measuring'; title: string; step: string }
  | { kind: 'measured'; measurement: Measurement }
  /** Why there is no measurement, in a sentence; absent when the user has cancelled it. */
  | { kind: 'ended'; failure?: string };

/** Messages of the page to the extension. */
export type FromSpeedPage = { kind: 'ready' } | { kind: 'measure' } | { kind: 'cancel' };
