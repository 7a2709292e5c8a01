import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { homedir } from 'node:os';
import { runProgram } from '../process';

/** Where a program lies on the PATH (and in `more` folders), if it does. */
export function findProgram(name: string, more: readonly string[] = []): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...more].filter(Boolean);
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** First version number that a program prints for --version. */
export async function programVersion(file: string): Promise<string | undefined> {
  const { output } = await runProgram(file, ['--version']);
  return /\d+\.\d+(\.\d+)?/.exec(output)?.[0];
}

/** Folders in which the official Pico extension keeps its tools. */
export function officialExtensionFolders(): string[] {
  const root = join(homedir(), '.pico-sdk');
  return ['toolchain', 'cmake', 'ninja'].flatMap((kind) => {
    const folder = join(root, kind);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((version) => [
      join(folder, version, 'bin'),
      join(folder, version),
    ]);
  });
}
