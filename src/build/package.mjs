// `npm run package`: the extension as one file, out/starmind-pico.vsix, with what users of it need
// beside the bundles: serialport, and a program for boards that takes any model.
import { createVSIX } from '@vscode/vsce';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from './bundle.mjs';
import { bundleForNode } from './esbuild-options.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);

/** A package and all its dependencies, from npm's lock file. */
function closure(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  for (const needed of Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {})) {
    closure(needed, found);
  }
  return found;
}

console.log('Bundling');
rmSync('dist', { recursive: true, force: true });
await build();

console.log('Copying serialport');
for (const name of closure('serialport')) {
  // Headers for compiling the add-on.
  if (name === 'node-addon-api') continue;
  cpSync(`node_modules/${name}`, `dist/node_modules/${name}`, {
    recursive: true,
    // The add-on comes built for every system; its sources are of no use then. Licences stay.
    filter: (path) =>
      /licen[cs]e/i.test(path) || !/bindings-cpp[\\/](src|build)$|\.(map|ts|md)$/.test(path),
  });
}

console.log('Building the program that takes any model');
await bundleForNode(root, { 'build-program': 'src/node/build/build-program.ts' }, 'out');
mkdirSync('dist/firmware', { recursive: true });
const { status } = spawnSync(process.execPath, ['out/build-program.js'], { stdio: 'inherit' });
if (status !== 0) process.exit(1);

await createVSIX({
  packagePath: 'out/starmind-pico.vsix',
  dependencies: false,
  // The README's pictures are in the package; no repository is published that links could lead to.
  rewriteRelativeLinks: false,
  allowMissingRepository: true,
});
