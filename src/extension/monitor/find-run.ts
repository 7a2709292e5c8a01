import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RelativePattern, workspace } from 'vscode';
import { readImageHeader } from '../../core/export/image-header';
import { imageHeaderBytes } from '../../core/export/layout';
import { loadModel, runFolder } from '../../node/run/folder';
import { localFolders } from '../models';
import type { MatchingRun } from './comparison';

/** The run of the workspace whose model has this digest, in hexadecimal. */
export async function findRun(modelHash: string): Promise<MatchingRun | undefined> {
  for (const folder of localFolders()) {
    const images = await workspace.findFiles(new RelativePattern(folder, '**/runs/*/model.img'));
    for (const { fsPath } of images) {
      if ((await modelHashOf(fsPath)) !== modelHash) continue;
      const { config } = await loadModel(runFolder(dirname(fsPath)).model);
      return { image: await readFile(fsPath), sampling: config.target.sampling };
    }
  }
  return undefined;
}

/** Undefined for files that are none, or have just gone. */
async function modelHashOf(image: string): Promise<string | undefined> {
  const file = await open(image).catch(() => undefined);
  if (!file) return undefined;
  try {
    const header = new Uint8Array(imageHeaderBytes);
    await file.read(header, 0, header.length, 0);
    return readImageHeader(header)?.modelHash;
  } finally {
    await file.close();
  }
}
