// `npm run starmind -- COMMAND`: brings the build up to date, then runs the command line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from './bundle.mjs';

await build();
// Ctrl+C reaches the command too, which may need time to finish: wait for it.
process.on('SIGINT', () => undefined);
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
// Paths are meant from where npm was called, which goes to the root of the repository itself.
const cwd = process.env.INIT_CWD ?? process.cwd();
const command = spawn(process.execPath, [cli, ...process.argv.slice(2)], { stdio: 'inherit', cwd });
const [status, signal] = await once(command, 'exit');
process.exitCode = signal ? 130 : (status ?? 1);
