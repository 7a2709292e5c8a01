// Builds everything the package runs: the bundles and the WASM modules. Each step is skipped when
// its inputs have not changed, so that calling it before every command costs little.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { buildWasmModules } from './wasm.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { dependencies } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

/** Bundle name in dist/ -> entry point. */
const entryPoints = {
  cli: 'src/cli/main.ts',
  'train-worker': 'src/node/train/worker.ts',
  'board-worker': 'src/node/board/virtual/worker.ts',
  extension: 'src/extension/extension.ts',
};

export async function build() {
  await Promise.all([
    buildWasmModules(root),
    esbuild.build({
      absWorkingDir: root,
      entryPoints,
      outdir: 'dist',
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      // Native add-ons and their loaders stay beside the bundle.
      external: ['vscode', 'serialport'],
      sourcemap: true,
      logLevel: 'warning',
    }),
  ]);
  return Object.keys(dependencies).length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
