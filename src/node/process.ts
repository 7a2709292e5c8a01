import { spawn } from 'node:child_process';
import { exitCodes, StarmindError } from './starmind-error';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Each line the program prints, on either stream. */
  onLine?: (line: string) => void;
}

export interface RunResult {
  status: number;
  /** The interleaved output of both streams. */
  output: string;
}

/**
 * Runs a program to its end without a shell.
 * @throws StarmindError `tool.missing` when the program cannot be started; the signal's reason
 *   when it is aborted
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { cwd, env, signal, onLine } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let line = '';
    const take = (chunk: Buffer) => {
      const text = chunk.toString();
      output += text;
      const lines = (line + text).split(/[\r\n]+/);
      line = lines.pop() ?? '';
      for (const complete of lines) if (complete) onLine?.(complete);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (cause) => {
      reject(signal?.aborted ? cause : missingProgram(program, cause));
    });
    child.on('close', (status) => {
      if (line) onLine?.(line);
      resolve({ status: status ?? 1, output });
    });
  });
}

function missingProgram(program: string, cause: Error): StarmindError {
  return new StarmindError(
    'tool.missing',
    exitCodes.toolMissing,
    `${program} cannot be started: ${cause.message}`,
    'See what is missing with: starmind doctor',
    { cause },
  );
}

/** The last lines of a program's output, for an error message. */
export function lastLines(output: string, count = 15): string {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
