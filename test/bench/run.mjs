// Bundles and runs a benchmark of this folder: `node test/bench/run.mjs NAME [options]`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from '../../src/build/bundle.mjs';
import { bundleForNode } from '../../src/build/esbuild-options.mjs';

const [name, ...options] = process.argv.slice(2);
const root = fileURLToPath(new URL('../..', import.meta.url));
await build();
await bundleForNode(root, { [name]: `test/bench/${name}.ts` }, 'out/bench', {
  external: ['vscode', 'serialport', 'playwright-core'],
});
process.exitCode =
  spawnSync(process.execPath, [`${root}out/bench/${name}.js`, ...options], { stdio: 'inherit' })
    .status ?? 1;
