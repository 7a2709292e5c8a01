// Runs the integration suite in a real VS Code. STARMIND_VSCODE=desktop or server forces which.
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { build } from '../../src/build/bundle.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const common = { absWorkingDir: root, bundle: true, platform: 'node', sourcemap: true };

await Promise.all([
  build(),
  // What runs inside VS Code: common JS, whose require() finds VS Code's own API.
  esbuild.build({
    ...common,
    entryPoints: ['test/vscode/suite/index.ts'],
    outfile: 'out/vscode-suite/index.cjs',
    format: 'cjs',
    external: ['vscode', 'mocha'],
  }),
  // What starts VS Code, under this Node.
  esbuild.build({
    ...common,
    entryPoints: ['test/vscode/host/main.ts'],
    outfile: 'out/vscode-suite/host.mjs',
    format: 'esm',
    packages: 'external',
  }),
]);
const { main } = await import(new URL('../../out/vscode-suite/host.mjs', import.meta.url).href);
process.exitCode = await main(root);
