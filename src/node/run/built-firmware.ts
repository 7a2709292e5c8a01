import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FirmwareInput } from '../build/model-folder';
import { programHash } from '../build/program-hash';
import { replaceFile } from '../files';
import type { RunFolder } from './folder';

/** What the firmware in the build folder of a run was made from. */
interface BuiltFrom {
  /** Digest of model, buffers, clock, cores, board and the program's sources. */
  input: string;
  /** SHA-256 of the UF2 file. */
  uf2: string;
}

/** The UF2 file of a run. */
export function uf2Of(run: RunFolder): string {
  return join(run.build, 'starmind.uf2');
}

/** Notes beside the firmware what it was built from. */
export async function noteBuilt(
  run: RunFolder,
  input: FirmwareInput,
  board: string,
): Promise<void> {
  const built: BuiltFrom = {
    input: await inputDigest(input, board),
    uf2: sha256(await readFile(uf2Of(run))),
  };
  await replaceFile(noteOf(run), `${JSON.stringify(built, null, 2)}\n`);
}

/**
 * The UF2 of a run if a build would make the same; undefined where that is not known. Writes
 * nothing, and takes no note of the run's owner: another build may be replacing the files.
 */
export async function builtUf2(
  run: RunFolder,
  input: FirmwareInput,
  board: string,
): Promise<Uint8Array | undefined> {
  try {
    const uf2 = await readFile(uf2Of(run));
    const built = JSON.parse(await readFile(noteOf(run), 'utf8')) as Partial<BuiltFrom>;
    const isCurrent = built.input === (await inputDigest(input, board));
    return isCurrent && built.uf2 === sha256(uf2) ? uf2 : undefined;
  } catch {
    return undefined;
  }
}

function noteOf(run: RunFolder): string {
  return join(run.build, 'built-from.json');
}

async function inputDigest({ image, ...others }: FirmwareInput, board: string): Promise<string> {
  const { buffers, clockMhz, cores } = others;
  const sizes = Object.entries(buffers).sort();
  return sha256(
    JSON.stringify([sha256(image), sizes, clockMhz, cores, board, await programHash()]),
  );
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
