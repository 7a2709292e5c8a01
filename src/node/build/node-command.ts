import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { quotedForShell } from '../../core/shell';
import { replaceFile } from '../files';
import { isBuildablePath, requireBuildablePath } from './build-place';

/**
 * The Node.js of this process as the scripts of a build can start it: the one in VS Code for macOS
 * lies in a folder whose name has parentheses, which the pico-sdk does not quote.
 *
 * @param folder for a script that starts it; its own path has to be harmless
 * @throws StarmindError `build.path` on Windows, which has no such scripts
 */
export async function nodeCommand(folder: string, node = process.execPath): Promise<string> {
  if (isBuildablePath(node)) return node;
  if (process.platform === 'win32') requireBuildablePath('Node.js', node);
  const script = join(folder, 'node');
  await replaceFile(script, `#!/bin/sh\nexec ${quotedForShell(node, 'posix')} "$@"\n`);
  await chmod(script, 0o755);
  return script;
}
