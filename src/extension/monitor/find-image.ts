import { open, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { imageHeaderBytes } from '../../core/export/image-fields';
import { readImageHeader } from '../../core/export/image-header';
import type { ModelConfig } from '../../core/model/config';
import { loadModel, runFolder, type RunFolder } from '../../node/run/folder';
import { findModels, isLocal } from '../models';

/** The device image of the workspace's runs that has this digest, in hexadecimal. */
export async function findImage(contentHash: string): Promise<Uint8Array | undefined> {
  const run = await findRun(contentHash);
  return run && readFile(run.image);
}

/** The model.json of the run whose device image has this digest. */
export async function findConfig(contentHash: string): Promise<ModelConfig | undefined> {
  const run = await findRun(contentHash);
  return run && (await loadModel(run.model)).config;
}

async function findRun(contentHash: string): Promise<RunFolder | undefined> {
  for (const { uri } of await findModels()) {
    if (!isLocal(uri)) continue;
    for (const run of await runsBeside(uri.fsPath)) {
      // Skip a file that cannot be read or has just been deleted, and try the next.
      const found = await contentHashOf(run.image).catch(() => undefined);
      if (found === contentHash) return run;
    }
  }
  return undefined;
}

async function runsBeside(model: string): Promise<RunFolder[]> {
  const folder = join(dirname(model), 'runs');
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => runFolder(join(folder, name)));
}

/** Undefined for files that are no device images. */
async function contentHashOf(image: string): Promise<string | undefined> {
  const file = await open(image);
  try {
    const header = new Uint8Array(imageHeaderBytes);
    await file.read(header, 0, header.length, 0);
    return readImageHeader(header)?.contentHash;
  } finally {
    await file.close();
  }
}
