import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { resultsVariable, type SuiteEnd } from '../results';
import { answerSuite, followSuite, type Session } from './session';

/** Runs the suite in a downloaded VS Code. */
export async function runOnDesktop(session: Session, signal: AbortSignal): Promise<SuiteEnd> {
  const { root, scratch, workspace, suite, results } = session;
  const closed = runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    extensionTestsEnv: { [resultsVariable]: results },
    cachePath: join(root, '.vscode-test'),
    launchArgs: [
      workspace,
      ...['--user-data-dir', join(scratch, 'data'), '--disable-extensions', '--disable-telemetry'],
    ],
  });
  // A VS Code that fails before it calls the suite ends the wait; any other is judged by its records.
  const ended = closed.then(() => new Promise<never>(() => {}));
  const end = await Promise.race([followSuite(session, signal, 600_000), ended]);
  await answerSuite(session);
  // It exits with an error when tests failed, which the records have reported already.
  await closed.catch(() => {});
  return end;
}
