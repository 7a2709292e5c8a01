import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Mocha from 'mocha';
import { answerFile, resultsVariable } from '../results';
import { report, reportBroken } from './report';

/** Called by VS Code in its extension host; rejects when a test fails. */
export async function run(): Promise<void> {
  const results = process.env[resultsVariable];
  if (!results) throw new Error(`${resultsVariable} does not name a file.`);
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000 });
  const failed = await loadTests(mocha).then(
    () => report(mocha, results),
    (error: unknown) => reportBroken(error, results),
  );
  await answered(results);
  if (failed > 0) throw new Error(`${failed} tests failed.`);
}

/** The bundle holds the test files: each registers its tests when it is first imported. */
async function loadTests(mocha: Mocha): Promise<void> {
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./activation.suite');
  await import('./broken-model.suite');
  await import('./tasks.suite');
  // These tests use the files that the tasks have made.
  await import('./explorer.suite');
  await import('./status-bar.suite');
  await import('./new-project.suite');
  await import('./virtual-folder.suite');
}

/** Waits for the program that reads the results, though not for ever. */
async function answered(results: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!existsSync(answerFile(results)) && Date.now() < deadline) await sleep(100);
}
