// `npm run starmind -- COMMAND`: brings the build up to date, then runs the command line.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from './bundle.mjs';

await build();
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const { status, signal } = spawnSync(process.execPath, [cli, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = signal ? 130 : (status ?? 1);
