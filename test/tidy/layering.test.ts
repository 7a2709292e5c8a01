import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/node/assets';

const root = packageRoot();

/** Room -> rooms that it may import beside itself. */
const arrows: Record<string, readonly string[]> = {
  'src/core': [],
  // From the core it imports the chip alone.
  'src/emulator': ['src/core/chip'],
  'src/node': ['src/core', 'src/emulator'],
  'src/server': ['src/core'],
  'src/cli': ['src/core', 'src/node'],
  'src/extension': ['src/core', 'src/node', 'src/emulator'],
  webview: ['src/core'],
};

/** Rooms whose folders, and files beside them, import each other without circles. */
const roomsWithFolders = [
  ...Object.keys(arrows).filter((room) => room !== 'webview'),
  ...globSync('webview/*', { cwd: root, onlyDirectories: true }).map((path) =>
    path.replace(/\/$/, ''),
  ),
];

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

it('other rooms import the emulator by its front door', () => {
  const strays = globSync('{src,webview}/**/*.{ts,tsx}', { cwd: root }).flatMap((file) =>
    importsOf(file)
      .filter((path) => path.startsWith('src/emulator/') && !file.startsWith('src/emulator/'))
      .map((path) => `${file} -> ${path}`),
  );
  expect(strays).toEqual([]);
});

/** Folder or file directly in a room -> those that it imports, with an import that shows it. */
function importsWithin(room: string): Map<string, Map<string, string>> {
  const placeOf = (path: string) => path.slice(room.length + 1).replace(/\/.*|\.tsx?$/g, '');
  const graph = new Map<string, Map<string, string>>();
  for (const file of globSync(`${room}/**/*.{ts,tsx}`, { cwd: root })) {
    for (const path of importsOf(file)) {
      if (!path.startsWith(`${room}/`) || placeOf(path) === placeOf(file)) continue;
      const from = graph.get(placeOf(file)) ?? new Map<string, string>();
      graph.set(placeOf(file), from.set(placeOf(path), `${file} -> ${path}`));
    }
  }
  return graph;
}

/** The imports of a path that leads from a place back to it; empty when there is none. */
function wayBack(graph: Map<string, Map<string, string>>, start: string): string[] {
  const ways = new Map<string, string[]>([[start, []]]);
  for (const [place, way] of ways) {
    for (const [next, shown] of graph.get(place) ?? []) {
      if (next === start) return [...way, shown];
      if (!ways.has(next)) ways.set(next, [...way, shown]);
    }
  }
  return [];
}

it.each(roomsWithFolders)('the folders of %s import each other one way', (room) => {
  const graph = importsWithin(room);
  const circles = [...graph.keys()].map((place) => wayBack(graph, place));
  expect(circles.find((circle) => circle.length > 0)).toBeUndefined();
});

it('a circle of folders is found, with the imports that form it', () => {
  const graph = new Map([
    ['a', new Map([['b', 'a/1 -> b/1']])],
    ['b', new Map([['c', 'b/2 -> c/1']])],
    ['c', new Map([['b', 'c/2 -> b/2']])],
  ]);
  expect(wayBack(graph, 'a')).toEqual([]);
  expect(wayBack(graph, 'b')).toEqual(['b/2 -> c/1', 'c/2 -> b/2']);
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
  const engine = globSync('firmware/engine/**/*.{c,h}', { cwd: root });

  it('has its portable kernels among the files that are looked at', () => {
    expect(engine).toContain('firmware/engine/portable/kernel_int8.c');
  });

  it('includes neither the SDK nor the C library beyond its types', () => {
    const allowed = new Set(['stdbool.h', 'stddef.h', 'stdint.h']);
    const strays = engine.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/#include <([^>]+)>/g)]
        .map(([, header = '']) => header)
        .filter((header) => !allowed.has(header))
        .map((header) => `${file} includes ${header}`),
    );
    expect(strays).toEqual([]);
  });

  it('has no floating point', () => {
    const app = globSync('firmware/app/**/*.{c,h}', { cwd: root });
    const strays = [...engine, ...app].filter((file) =>
      /\b(float|double)\b/.test(
        readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''),
      ),
    );
    expect(strays).toEqual([]);
  });
});
