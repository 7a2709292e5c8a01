import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/node/assets';
import { StarmindError } from '../src/node/starmind-error';
import { aptInstall } from '../src/node/toolchain/apt';
import { ensureToolchain } from '../src/node/toolchain/ensure';
import { findProgram } from '../src/node/toolchain/find';
import { goldenImage, goldenModels } from './golden/models';

/**
 * Prepares the tools of the tests beside the build: the firmware toolchain, a C compiler for the
 * engine on the host, pseudo-terminals, a debugger, and the golden images. Prints its steps and
 * names tools that are unavailable here; the tests that need them print the reason and skip.
 */
async function setUp(): Promise<void> {
  const onLine = (line: string) => process.stdout.write(`  ${line}\n`);
  try {
    await ensureToolchain({ onLine });
  } catch (error) {
    if (!(error instanceof StarmindError)) throw error;
    onLine(`${error.message}\n${error.remedy}`);
  }
  if (!findProgram('cc')) await aptInstall(['gcc', 'libc6-dev'], { onLine });
  if (!findProgram('socat')) await aptInstall(['socat'], { onLine });
  if (!findProgram('gdb-multiarch')) await aptInstall(['gdb-multiarch'], { onLine });

  const folder = join(packageRoot(), 'out', 'golden');
  mkdirSync(folder, { recursive: true });
  for (const model of goldenModels) {
    writeFileSync(join(folder, `${model.name}.img`), goldenImage(model));
  }
}

setUp().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
