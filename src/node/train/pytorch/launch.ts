import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { assetPath } from '../../assets';
import { exitCodes, StarmindError } from '../../starmind-error';
import type { TorchPython } from './python';

/** Number of processes that train together on this computer; by default one a GPU. */
export const processesVariable = 'STARMIND_PROCESSES';

/** Options of torchrun for several computers, as `--nnodes=2 --node_rank=0 --master_addr=HOST`. */
export const torchrunVariable = 'STARMIND_TORCHRUN';

/** @throws StarmindError `training.processes` */
export function processCount({ gpus }: TorchPython, env: NodeJS.ProcessEnv): number {
  const asked = env[processesVariable];
  if (!asked) return Math.max(1, gpus);
  const count = Number(asked);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new StarmindError(
    'training.processes',
    exitCodes.input,
    `${processesVariable} is ${asked}, which is no number of processes.`,
    'Set it to a whole number from 1 on, or leave it out for one process a GPU.',
  );
}

/** Starts the program that trains; it waits for messages. */
export async function launch(
  torch: TorchPython,
  env: NodeJS.ProcessEnv,
): Promise<ChildProcessWithoutNullStreams> {
  const program = assetPath('pytorch/main.py');
  const processes = processCount(torch, env);
  const options = env[torchrunVariable]?.split(/\s+/).filter(Boolean);
  const args =
    processes === 1 && !options
      ? [program]
      : [
          ...[assetPath('pytorch/run.py'), `--nproc_per_node=${processes}`],
          ...(options ?? (await alone())),
          program,
        ];
  return spawn(torch.python, args, {
    env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
    // Ctrl+C in a terminal goes to all processes of its group, and would end this one before the
    // checkpoint.
    detached: true,
    windowsHide: true,
  });
}

/** Options of torchrun for this computer alone. */
async function alone(): Promise<string[]> {
  return [
    '--nnodes=1',
    '--node_rank=0',
    '--master_addr=127.0.0.1',
    `--master_port=${await freePort()}`,
  ];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
