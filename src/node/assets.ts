import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function isPackageRoot(folder: string): boolean {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return false;
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'starmind-pico';
}

/**
 * Folder of the installed package, found upwards from this module so that it is the same for
 * bundles in dist/ and for tests that run the sources.
 */
export function packageRoot(): string {
  let folder = __dirname;
  while (!isPackageRoot(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`No starmind-pico package above ${__dirname}`);
    folder = parent;
  }
  return folder;
}

/** Path of a built file, for example `assetPath('wasm/engine.wasm')`. */
export function assetPath(name: string): string {
  return join(packageRoot(), 'dist', name);
}
