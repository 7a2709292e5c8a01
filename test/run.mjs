// `npm test`: builds, sets up what is missing, and runs every suite. Ends with the sum of all tests.
//
//   node test/run.mjs [SUITE...]    only these suites: engine, unit, vscode, ui
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from '../src/build/bundle.mjs';
import { bundleForNode } from '../src/build/esbuild-options.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

/** Runs a program with its output shown; returns its status and, when asked for, its output. */
function run(program, args, { capture = false } = {}) {
  const result = spawnSync(program, args, {
    stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
  });
  if (capture) process.stdout.write(result.stdout ?? '');
  return { ok: result.status === 0, output: result.stdout ?? '' };
}

function available(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** The engine in C on the host, under the sanitizers. */
function engineSuite() {
  const missing = ['cc', 'cmake', 'ninja', 'ctest'].filter((program) => !available(program));
  if (missing.length > 0) {
    console.log(`Skipped the engine's CTest suite: ${missing.join(', ')} not found.`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const folder = 'out/engine';
  const configure = [
    '-S',
    'test/engine',
    '-B',
    folder,
    '-G',
    'Ninja',
    `-DGOLDEN_IMAGES=${root}out/golden`,
  ];
  if (!run('cmake', configure).ok || !run('ninja', ['-C', folder]).ok) {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { ok, output } = run('ctest', ['--test-dir', folder, '--output-on-failure'], {
    capture: true,
  });
  const [, failed, total] = /(\d+) tests failed out of (\d+)/.exec(output) ?? [0, 1, 1];
  return { passed: total - failed, failed: Number(failed) || (ok ? 0 : 1), skipped: 0 };
}

/** The tests of a configuration of vitest. */
function vitestSuite(config) {
  const report = 'out/vitest.json';
  rmSync(report, { force: true });
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', config];
  const { ok } = run(process.execPath, [
    ...vitest,
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ]);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests || (ok ? 0 : 1),
    skipped: numPendingTests,
  };
}

/** Everything that runs in Node.js, the firmware on the virtual board included. */
const unitSuite = () => vitestSuite('test/vitest.config.mts');

/** The real VS Code, used with keys and a mouse. */
function uiSuite() {
  if (process.platform === 'win32') {
    console.log('Skipped the UI suite: the VS Code server is not for Windows.');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  return vitestSuite('test/ui/vitest.config.mts');
}

/** The extension in a real VS Code. */
function vscodeSuite() {
  const report = 'out/vscode/result.json';
  rmSync(report, { force: true });
  const { ok } = run(process.execPath, ['test/vscode/run.mjs']);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { passed, failed, skipped } = JSON.parse(readFileSync(report, 'utf8'));
  return { passed, failed: failed || (ok ? 0 : 1), skipped };
}

const suites = { engine: engineSuite, unit: unitSuite, vscode: vscodeSuite, ui: uiSuite };
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(
    `Unknown suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.`,
  );
  process.exit(2);
}

console.log('Building and setting up');
await build();
await bundleForNode(root, { 'test-setup': 'test/setup.ts' }, 'out');
if (!run(process.execPath, ['out/test-setup.js']).ok) process.exit(1);

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const [name, suite] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name}`);
  const result = suite();
  for (const key of Object.keys(sum)) sum[key] += result[key];
}
console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
