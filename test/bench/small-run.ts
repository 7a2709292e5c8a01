import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { assetPath } from '../../src/node/assets';

/** Training steps: enough for a run; the speed of its model depends on nothing else. */
const steps = '20';

/** The command line as users start it. */
export const starmind = assetPath('cli.js');

/** Runs a command, and returns its JSON. */
export function starmindJson(...args: string[]): Record<string, unknown> {
  const { status, stdout } = spawnSync(process.execPath, [starmind, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`starmind ${args.join(' ')} has failed.`);
  return JSON.parse(stdout.toString()) as Record<string, unknown>;
}

/** A built run of the preset `balanced`, in a folder of its own that is deleted after `use`. */
export async function withSmallRun<T>(use: (run: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'starmind-bench-'));
  const model = join(folder, 'model.json');
  const run = join(folder, 'runs', 'balanced');
  const commands = [
    ['new', folder, '--preset', 'balanced'],
    ['train', model, '--out', run, '--steps', steps],
    ['build', run],
  ];
  try {
    for (const command of commands) {
      const { status, stderr } = spawnSync(process.execPath, [starmind, ...command]);
      if (status !== 0) throw new Error(`starmind ${command.join(' ')}:\n${stderr.toString()}`);
    }
    return await use(run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
