// Bundles and runs the test of a board that is plugged in: `npm run test:hil [-- --board NAME]`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from '../../src/build/bundle.mjs';
import { bundleForNode } from '../../src/build/esbuild-options.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
await build();
await bundleForNode(root, { hil: 'test/hil/main.ts' }, 'out');
process.exitCode =
  spawnSync(process.execPath, [`${root}out/hil.js`, ...process.argv.slice(2)], { stdio: 'inherit' })
    .status ?? 1;
