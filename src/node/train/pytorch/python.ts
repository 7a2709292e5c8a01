import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, runProgram } from '../../process';
import { exitCodes, StarmindError } from '../../starmind-error';

/** A Python that has PyTorch. */
export interface TorchPython {
  /** Name or path of the program. */
  python: string;
  /** Version of PyTorch. */
  version: string;
  /** GPUs that it can use. */
  gpus: number;
}

/** Names the Python to use; the setting starmind.python of VS Code arrives by it. */
export const pythonVariable = 'STARMIND_PYTHON';

const isWindows = process.platform === 'win32';

function ofEnvironment(folder: string): string {
  return isWindows ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/** Pythons to try, in this order; one that the user names is the only one. */
export function pythonCandidates(modelFolder: string, env: NodeJS.ProcessEnv): string[] {
  const named = env[pythonVariable];
  if (named) return [named];
  const environments = [env['VIRTUAL_ENV'], join(modelFolder, '.venv')]
    .filter((folder) => folder !== undefined)
    .map(ofEnvironment)
    .filter((python) => existsSync(python));
  // Debian's own Python has the packages of apt, whichever Python is first on the path.
  return [...environments, 'python3', 'python', ...(isWindows ? [] : ['/usr/bin/python3'])];
}

const probe =
  'import torch; print("starmind", torch.__version__, torch.cuda.device_count() if torch.cuda.is_available() else 0)';

/** PyTorch of a Python, or why it has none. */
async function probed(python: string): Promise<TorchPython | { python: string; reason: string }> {
  try {
    const { status, output } = await runProgram(python, ['-c', probe]);
    const [, version, gpus] = /^starmind (\S+) (\d+)$/m.exec(output) ?? [];
    if (status === 0 && version) return { python, version, gpus: Number(gpus) };
    return { python, reason: lastLines(output, 1) };
  } catch (error) {
    if (error instanceof StarmindError) return { python, reason: 'is not there' };
    throw error;
  }
}

/** How to install PyTorch. */
export const torchRemedy =
  'python3 -m pip install torch (on Debian: apt install python3-torch libopenblas0-pthread)';

/** The first Python that has PyTorch; undefined, with the reasons, when none has. */
async function search(
  modelFolder: string,
  env: NodeJS.ProcessEnv,
): Promise<{ found?: TorchPython; reasons: string[] }> {
  const reasons: string[] = [];
  for (const python of pythonCandidates(modelFolder, env)) {
    const result = await probed(python);
    if ('version' in result) return { found: result, reasons };
    reasons.push(`${result.python}: ${result.reason}`);
  }
  return { reasons };
}

/** Looks for a Python that has PyTorch. */
export async function findTorch(
  modelFolder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<TorchPython | undefined> {
  return (await search(modelFolder, env)).found;
}

/**
 * As findTorch.
 * @throws StarmindError `tool.torch` when no Python has PyTorch
 */
export async function requireTorch(
  modelFolder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<TorchPython> {
  const { found, reasons } = await search(modelFolder, env);
  if (found) return found;
  throw new StarmindError(
    'tool.torch',
    exitCodes.toolMissing,
    `training.engine is pytorch, but no Python here has PyTorch (${reasons.join('; ')}).`,
    `Install it with: ${torchRemedy}, or name a Python that has it by ${pythonVariable} or the setting starmind.python, or use the builtin engine.`,
  );
}
