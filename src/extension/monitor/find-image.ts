import { open, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { imageHeaderBytes } from '../../core/export/image-fields';
import { readImageHeader } from '../../core/export/image-header';
import { runFolder } from '../../node/run/folder';
import { findModels, isLocal } from '../models';

/** The device image of the workspace's runs that has this digest, in hexadecimal. */
export async function findImage(contentHash: string): Promise<Uint8Array | undefined> {
  for (const { uri } of await findModels()) {
    if (!isLocal(uri)) continue;
    for (const image of await imagesBeside(uri.fsPath)) {
      // Skip a file that cannot be read or has just been deleted, and try the next.
      const found = await contentHashOf(image).catch(() => undefined);
      if (found === contentHash) return readFile(image);
    }
  }
  return undefined;
}

async function imagesBeside(model: string): Promise<string[]> {
  const folder = join(dirname(model), 'runs');
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => runFolder(join(folder, name)).image);
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
