import type { MetricsRecord } from './metrics';
import type { RunProgress, TrainingRequest, TrainingSample } from './run-progress';
import type { RunResults } from './run-results';

/** What the table of runs says of each; results so far where a training has not ended. */
export interface RunFacts extends RunResults {
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
}

/** The course of a run. */
export interface RunCourse {
  records: readonly MetricsRecord[];
  samples: readonly TrainingSample[];
}

/** Messages of the extension to the page of trainings. */
export type ToTrainingPage =
  | {
      kind: 'runs';
      /** Path of the folder that holds the runs, by which the page tells projects apart. */
      folder: string;
      /** What the page calls the project. */
      project: string;
      /** The run that the page is about. */
      shown: string | undefined;
      runs: readonly RunFacts[];
    }
  /** What has been added to a course; `isWhole`: in place of what the page has of it. */
  | { kind: 'course'; run: string; isWhole: Record<keyof RunCourse, boolean>; added: RunCourse };

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
