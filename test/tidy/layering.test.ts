import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/node/assets';

const root = packageRoot();

/** Room -> rooms that it may import beside itself. */
const arrows: Record<string, readonly string[]> = {
  'src/core': [],
  // Of the core it knows the chip alone.
  'src/emulator': ['src/core/chip'],
  'src/node': ['src/core', 'src/emulator'],
  'src/server': ['src/core'],
  'src/cli': ['src/core', 'src/node'],
  'src/extension': ['src/core', 'src/node', 'src/emulator'],
  webview: ['src/core'],
};

/** Paths that a TypeScript file imports, relative ones resolved to the repository. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    ([, path]) => path,
  );
  return specifiers.map((path = '') =>
    path.startsWith('.') ? relative(root, join(root, dirname(file), path)) : path,
  );
}

describe.each(Object.entries(arrows))('%s', (room, allowed) => {
  const files = globSync(`${room}/**/*.{ts,tsx}`, { cwd: root });

  it('has files', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it('imports only the rooms below it', () => {
    const strays = files.flatMap((file) =>
      importsOf(file)
        .filter((path) => /^(src|webview)\//.test(path))
        .filter(
          (path) =>
            ![room, ...allowed].some((other) => path === other || path.startsWith(`${other}/`)),
        )
        .map((path) => `${file} -> ${path}`),
    );
    expect(strays).toEqual([]);
  });

  it('leaves vscode to the extension, and Node.js out of the core', () => {
    const forbidden = (path: string) =>
      (path === 'vscode' && room !== 'src/extension') ||
      (path.startsWith('node:') && ['src/core', 'src/emulator', 'webview'].includes(room));
    const strays = files.flatMap((file) =>
      importsOf(file)
        .filter(forbidden)
        .map((path) => `${file} -> ${path}`),
    );
    expect(strays).toEqual([]);
  });
});

it('others import the emulator by its front door', () => {
  const strays = globSync('{src,webview}/**/*.{ts,tsx}', { cwd: root }).flatMap((file) =>
    importsOf(file)
      .filter((path) => path.startsWith('src/emulator/') && !file.startsWith('src/emulator/'))
      .map((path) => `${file} -> ${path}`),
  );
  expect(strays).toEqual([]);
});

it('the toolkit is imported in webview/ui alone', () => {
  const strays = globSync('{src,webview}/**/*.{ts,tsx}', { cwd: root }).filter(
    (file) =>
      !file.startsWith('webview/ui/') &&
      importsOf(file).some((path) => path.startsWith('@vscode/webview-ui-toolkit')),
  );
  expect(strays).toEqual([]);
});

describe('the engine', () => {
  it('includes neither the SDK nor the C library beyond its types', () => {
    const allowed = new Set(['stdbool.h', 'stddef.h', 'stdint.h']);
    const strays = globSync('firmware/engine/*.{c,h}', { cwd: root }).flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/#include <([^>]+)>/g)]
        .map(([, header = '']) => header)
        .filter((header) => !allowed.has(header))
        .map((header) => `${file} includes ${header}`),
    );
    expect(strays).toEqual([]);
  });

  it('has no floating point', () => {
    const strays = globSync('firmware/{engine,app}/*.{c,h}', { cwd: root }).filter((file) =>
      /\b(float|double)\b/.test(
        readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''),
      ),
    );
    expect(strays).toEqual([]);
  });
});
