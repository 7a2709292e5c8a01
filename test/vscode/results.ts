/**
 * Messages of the suite to the program that started VS Code: one JSON record a line, appended to
 * the file that STARMIND_SUITE_RESULTS names. The program answers the last record by making the
 * file `answerFile` names; until then the suite keeps the window as it is.
 */
export type SuiteRecord =
  | { kind: 'suite'; title: string; depth: number }
  | { kind: 'pass' | 'skip'; title: string; depth: number; ms: number }
  | { kind: 'fail'; title: string; depth: number; error: string }
  | { kind: 'end'; passed: number; failed: number; skipped: number };

export type SuiteEnd = Extract<SuiteRecord, { kind: 'end' }>;

export const resultsVariable = 'STARMIND_SUITE_RESULTS';

export function answerFile(results: string): string {
  return `${results}.answered`;
}
