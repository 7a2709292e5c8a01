// Runs the integration suite in a real VS Code. STARMIND_VSCODE=desktop or server forces which.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from '../../src/build/bundle.mjs';
import { bundleForNode } from '../../src/build/esbuild-options.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

await Promise.all([
  build(),
  bundleForNode(
    root,
    { index: 'test/vscode/suite/index.ts', host: 'test/vscode/host/main.ts' },
    'out/vscode-suite',
    { external: ['vscode', 'serialport', 'mocha', 'playwright-core', '@vscode/test-electron'] },
  ),
]);
const { main } = createRequire(import.meta.url)('../../out/vscode-suite/host.js');
process.exitCode = await main(root);
