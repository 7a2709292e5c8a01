import { open, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readImageHeader } from '../../core/export/image-header';
import { imageHeaderBytes } from '../../core/export/layout';
import { loadModel, runFolder, type RunFolder } from '../../node/run/folder';
import { findModels, isLocal } from '../models';
import type { MatchingRun } from './comparison';

/** The run of the workspace whose model has this digest, in hexadecimal. */
export async function findRun(modelHash: string): Promise<MatchingRun | undefined> {
  for (const { uri } of await findModels()) {
    if (!isLocal(uri)) continue;
    for (const run of await runsBeside(uri.fsPath)) {
      // One that cannot be read, or has just gone, keeps nobody from the next.
      const found = await matching(run, modelHash).catch(() => undefined);
      if (found) return found;
    }
  }
  return undefined;
}

async function runsBeside(model: string): Promise<RunFolder[]> {
  const folder = join(dirname(model), 'runs');
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => runFolder(join(folder, name)));
}

async function matching(run: RunFolder, modelHash: string): Promise<MatchingRun | undefined> {
  if ((await modelHashOf(run.image)) !== modelHash) return undefined;
  const { config } = await loadModel(run.model);
  return { image: await readFile(run.image), sampling: config.target.sampling };
}

/** Undefined for files that are no device images. */
async function modelHashOf(image: string): Promise<string | undefined> {
  const file = await open(image);
  try {
    const header = new Uint8Array(imageHeaderBytes);
    await file.read(header, 0, header.length, 0);
    return readImageHeader(header)?.modelHash;
  } finally {
    await file.close();
  }
}
