import type { RunCourse, RunFacts, ToTrainingPage } from '../../src/core/train/page-messages';

export interface TrainingState {
  /** Path of the folder of runs; undefined until the extension has said what there is. */
  folder: string | undefined;
  /** Name of the project. */
  project: string | undefined;
  /** Name of the run that the page is about. */
  shown: string | undefined;
  runs: readonly RunFacts[];
  /** Of the runs that are drawn. */
  courses: ReadonlyMap<string, RunCourse>;
  /** Runs that the user compares with the shown one. */
  compared: readonly string[];
}

export const nothingKnown: TrainingState = {
  folder: undefined,
  project: undefined,
  shown: undefined,
  runs: [],
  courses: new Map(),
  compared: [],
};

export type TrainingAction = ToTrainingPage | { kind: 'compare'; run: string; on: boolean };

const empty: RunCourse = { records: [], samples: [] };

export function received(state: TrainingState, action: TrainingAction): TrainingState {
  switch (action.kind) {
    case 'runs': {
      const { folder, project, shown, runs } = action;
      const isOther = folder !== state.folder;
      const kept = isOther ? { courses: nothingKnown.courses, compared: [] } : state;
      const compared = kept.compared.filter((name) => runs.some((run) => run.name === name));
      return { courses: kept.courses, folder, project, shown, runs, compared };
    }
    case 'course': {
      const { run, isWhole, added } = action;
      const before = state.courses.get(run) ?? empty;
      const courses = new Map(state.courses).set(run, {
        records: isWhole.records ? added.records : [...before.records, ...added.records],
        samples: isWhole.samples ? added.samples : [...before.samples, ...added.samples],
      });
      return { ...state, courses };
    }
    case 'compare': {
      const others = state.compared.filter((name) => name !== action.run);
      return { ...state, compared: action.on ? [...others, action.run] : others };
    }
  }
}

/** Names of the runs whose curves are drawn: the shown one first. */
export function drawnRuns({ shown, compared }: TrainingState): string[] {
  return shown === undefined
    ? [...compared]
    : [shown, ...compared.filter((name) => name !== shown)];
}
