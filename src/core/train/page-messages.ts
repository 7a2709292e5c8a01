import type { MetricsRecord } from './metrics';
import type { RunProgress, TrainingRequest, TrainingSample } from './run-progress';

/** What the table of runs says of each. */
export interface RunFacts {
  /** Name of its folder, by which messages name a run. */
  name: string;
  /** A training is at work on it. */
  isLive: boolean;
  /** Undefined while the text is being read, and for runs that nobody watched. */
  progress: RunProgress | undefined;
  parameters: number;
  /** Shape and formats in a few words. */
  shape: string;
  /** Bytes of SRAM that the model takes on the board. */
  sram: number;
  /** Emulated estimate, tokens a second. */
  speed: number;
  steps: number;
  /** Held-out bits per byte at the end, or at the last evaluation where it has not ended. */
  quality: { float: number; device: number } | undefined;
}

/** The course of a run. */
export interface RunCourse {
  records: readonly MetricsRecord[];
  samples: readonly TrainingSample[];
}

/** Messages of the extension to the page of trainings. */
export type ToTrainingPage =
  /** `shown`: the run that the page is about. */
  | { kind: 'runs'; project: string; shown: string | undefined; runs: readonly RunFacts[] }
  /** What has been added to a course; `isWhole`: in place of what the page has. */
  | { kind: 'course'; run: string; isWhole: boolean; added: RunCourse };

/** Messages of the page to the extension. */
export type FromTrainingPage =
  | { kind: 'ready' }
  | { kind: 'show'; run: string }
  /** The runs whose curves the page draws, the shown one among them. */
  | { kind: 'draw'; runs: readonly string[] }
  | { kind: 'ask'; run: string; request: TrainingRequest }
  | { kind: 'train' }
  | { kind: 'flash'; run: string }
  /** A picture as base64, or a table as text. */
  | { kind: 'save'; name: string; content: string; type: 'png' | 'csv' };
