// Bundles and runs calibrate.ts.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from '../../src/build/bundle.mjs';
import { bundleForNode } from '../../src/build/esbuild-options.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
await build();
await bundleForNode(root, { calibrate: 'test/bench/calibrate.ts' }, 'out');
process.exitCode =
  spawnSync(process.execPath, [`${root}out/calibrate.js`], { stdio: 'inherit' }).status ?? 1;
