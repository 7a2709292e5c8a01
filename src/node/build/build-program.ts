import { join } from 'node:path';
import { packageRoot } from '../assets';
import { buildAnyModelProgram } from './any-model';
import { replaceFile } from '../files';

/** Builds dist/firmware/program.uf2, which comes with the extension. */
async function main(): Promise<void> {
  const root = packageRoot();
  const uf2 = await buildAnyModelProgram({
    board: 'pico',
    outFolder: join(root, 'out', 'program'),
    onLine: (line) => process.stdout.write(`  ${line}\n`),
  });
  await replaceFile(join(root, 'dist', 'firmware', 'program.uf2'), uf2);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
