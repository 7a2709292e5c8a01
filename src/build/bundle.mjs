// Builds everything the package runs: the bundles and the WASM modules. Each step is skipped when
// its inputs have not changed, so that calling it before every command costs little.
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForNode, bundleForWebviews } from './esbuild-options.mjs';
import { buildWasmModules } from './wasm.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundle name in dist/ -> entry point. */
const entryPoints = {
  cli: 'src/cli/main.ts',
  'train-worker': 'src/node/train/worker.ts',
  'board-worker': 'src/node/board/virtual/worker.ts',
  'speech-worker': 'src/node/wasm/speech-worker.ts',
  extension: 'src/extension/extension.ts',
  'language-client': 'src/extension/language-client.ts',
  server: 'src/server/main.ts',
};

const webviews = {
  'model-editor': 'webview/model-editor/main.tsx',
  monitor: 'webview/monitor/main.tsx',
  speed: 'webview/speed/main.tsx',
  training: 'webview/training/main.tsx',
  'virtual-pico': 'webview/virtual-pico/main.tsx',
};

/** The program of the pytorch engine runs as it is written. */
function copyPython() {
  const target = join(root, 'dist/pytorch');
  mkdirSync(target, { recursive: true });
  const source = join(root, 'src/pytorch');
  for (const name of readdirSync(source).filter((each) => each.endsWith('.py'))) {
    cpSync(join(source, name), join(target, name));
  }
}

/** Runs that the package ships, by name; a model.json begins with them as starmind:NAME. */
const shippedRuns = { 'best-story': 'examples/best-story/trained' };
/** Files of a run with which a training begins. */
const runFiles = ['model.json', 'tokenizer.json', 'checkpoint.safetensors'];

function copyRuns() {
  for (const [name, source] of Object.entries(shippedRuns)) {
    const target = join(root, 'dist/models', name);
    mkdirSync(target, { recursive: true });
    for (const file of runFiles) cpSync(join(root, source, file), join(target, file));
  }
}

export async function build() {
  copyPython();
  copyRuns();
  await Promise.all([
    buildWasmModules(root),
    bundleForNode(root, entryPoints, 'dist'),
    bundleForWebviews(root, webviews, 'dist/webview'),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
