// Builds everything the package runs: the bundles and the WASM modules. Each step is skipped when
// its inputs have not changed, so that calling it before every command costs little.
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { buildWasmModules } from './wasm.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

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
      // Its CommonJS entry hides its requires from bundlers.
      alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
      // Some packages ask where they are in the way of ES modules; a bundle is CommonJS.
      define: { 'import.meta.url': 'bundleUrl' },
      banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
      // Native add-ons and their loaders stay beside the bundle.
      external: ['vscode', 'serialport'],
      sourcemap: true,
      logLevel: 'warning',
    }),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
