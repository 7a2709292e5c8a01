import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';
import type { SuiteRecord } from '../results';

function append(file: string, record: SuiteRecord): void {
  appendFileSync(file, `${JSON.stringify(record)}\n`);
}

/** Reports that the tests could not be loaded: one failure. */
export function reportBroken(error: unknown, file: string): number {
  const reason = error instanceof Error && error.stack ? error.stack : String(error);
  append(file, { kind: 'fail', title: 'The suite cannot be loaded', depth: 0, error: reason });
  append(file, { kind: 'end', passed: 0, failed: 1, skipped: 0 });
  return 1;
}

/** Runs the tests and appends a record for each to the file; resolves to the failures. */
export function report(mocha: Mocha, file: string): Promise<number> {
  const tell = (record: SuiteRecord) => append(file, record);
  const count = { passed: 0, failed: 0, skipped: 0 };
  let depth = 0;
  return new Promise((resolve) => {
    const runner = mocha.run((failures) => {
      tell({ kind: 'end', ...count });
      resolve(failures);
    });
    const { constants } = Mocha.Runner;
    runner.on(constants.EVENT_SUITE_BEGIN, ({ title, root }) => {
      if (root) return;
      tell({ kind: 'suite', title, depth });
      depth++;
    });
    runner.on(constants.EVENT_SUITE_END, ({ root }) => {
      if (!root) depth--;
    });
    runner.on(constants.EVENT_TEST_PASS, ({ title, duration = 0 }) => {
      count.passed++;
      tell({ kind: 'pass', title, depth, ms: duration });
    });
    runner.on(constants.EVENT_TEST_PENDING, ({ title, duration = 0 }) => {
      count.skipped++;
      tell({ kind: 'skip', title, depth, ms: duration });
    });
    runner.on(constants.EVENT_TEST_FAIL, ({ title }, error: Error) => {
      count.failed++;
      tell({ kind: 'fail', title, depth, error: error.stack ?? error.message });
    });
  });
}
