/**
 * `npm run test:hil [-- --board NAME]`: flashes the golden models to a board that is plugged in,
 * compares its tokens with the golden files and its cycles with the virtual Pico's, and writes
 * out/hil/report.json and out/hil/report.md after each.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../src/node/assets';
import { buildAnyModelProgram } from '../../src/node/build/any-model';
import { StarmindError } from '../../src/node/starmind-error';
import { replaceFile } from '../../src/node/files';
import { chooseTarget } from '../../src/node/flash/choose-target';
import { plainBoard } from './plain-board';
import { testBoard } from './hil';
import { reportText } from './report';

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { board: { type: 'string' } } });
  const onLine = (line: string): void => void process.stderr.write(`${line}\n`);
  // Before a program is built.
  await chooseTarget(values.board);
  const root = packageRoot();
  const outFolder = join(root, 'out', 'program');
  const build = (streams: boolean) =>
    buildAnyModelProgram({ board: 'pico', outFolder, onLine }, streams);
  const programs = { resident: await build(false), streaming: await build(true) };
  const folder = join(root, 'out', 'hil');
  await mkdir(folder, { recursive: true });
  const report = await testBoard(programs, plainBoard(values.board, onLine), {
    onProgress: onLine,
    onReport: async (soFar) => {
      await replaceFile(join(folder, 'report.json'), `${JSON.stringify(soFar, null, 2)}\n`);
      await replaceFile(join(folder, 'report.md'), reportText(soFar));
    },
  });
  process.stdout.write(`${reportText(report)}\nWritten to ${folder}.\n`);
  return report.passed;
}

main()
  .then((passed) => (process.exitCode = passed ? 0 : 1))
  .catch((error: unknown) => {
    if (!(error instanceof StarmindError)) throw error;
    process.stderr.write(`${error.message}\n${error.remedy}\n`);
    process.exitCode = error.exitCode;
  });
