// Bundles and runs a benchmark of this folder: `node test/bench/run.mjs NAME [options]`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from '../../src/build/bundle.mjs';
import { bundleForNode } from '../../src/build/esbuild-options.mjs';

const [name, ...options] = process.argv.slice(2);
const root = fileURLToPath(new URL('../..', import.meta.url));
/** Files that benchmarks share. */
const helpers = ['small-run.ts'];
const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.ts') && !helpers.includes(file))
  .map((file) => file.slice(0, -3));
if (!names.includes(name)) {
  console.error(`Name a benchmark: ${names.join(', ')}.`);
  process.exit(2);
}
await build();
await bundleForNode(root, { [name]: `test/bench/${name}.ts` }, 'out/bench', {
  external: ['vscode', 'serialport', 'playwright-core', 'prettier'],
});
process.exitCode =
  spawnSync(process.execPath, [`${root}out/bench/${name}.js`, ...options], { stdio: 'inherit' })
    .status ?? 1;
