// node format-c.mjs [--check]: formats the C rooms by .clang-format, or fails where they are not.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = globSync(
  ['firmware/**/*.{c,h}', 'src/train-kernels/*.{c,h}', 'test/engine/*.{c,h}'],
  {
    cwd: root,
  },
);
const clangFormat = createRequire(import.meta.url).resolve('clang-format');
const mode = process.argv.includes('--check') ? ['--dry-run', '-Werror'] : ['-i'];
const { status } = spawnSync(process.execPath, [clangFormat, ...mode, ...files], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
