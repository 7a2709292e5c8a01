import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { assetPath } from '../../src/node/assets';

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface RunOptions {
  env?: NodeJS.ProcessEnv;
  /** Interrupt the command when its standard error contains this text. */
  interruptAt?: string;
  /** Kill the command, which can write nothing more, once this is so. */
  killWhen?: () => boolean;
}

/** Runs the built command line as a user does. */
export function starmind(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const env = { ...process.env, ...options.env };
  const child = spawn(process.execPath, [assetPath('cli.js'), ...args], { env });
  let { interruptAt } = options;
  const outcome: Outcome = { status: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (outcome.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    outcome.stderr += chunk.toString();
    if (interruptAt && outcome.stderr.includes(interruptAt)) {
      interruptAt = undefined;
      child.kill('SIGINT');
    }
  });
  const killing = setInterval(() => {
    if (options.killWhen?.()) child.kill('SIGKILL');
  }, 50);
  return new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ ...outcome, status }));
  }).finally(() => clearInterval(killing));
}

/** The one JSON object of a command's output. */
export function jsonOf({ stdout }: Outcome): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** A folder that is deleted after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'starmind-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A model that trains in a second, as it is written in a model.json. */
export const smallModel = {
  version: 1,
  name: 'small',
  architecture: {
    ...{ vocab_size: 128, dim: 16, hidden_dim: 32, n_layers: 1, n_heads: 2, max_seq_len: 48 },
  },
  data: { source: 'starter', max_bytes: 150_000 },
  training: { steps: 30, batch: 8, checkpoint_every: 10, evaluate_every: 10 },
};

/** Writes a model.json, and files beside it, into a folder of its own; returns its path. */
export function modelFile(model: object, files: Record<string, string | Uint8Array> = {}): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const file = join(folder, 'model.json');
  writeFileSync(file, JSON.stringify(model));
  return file;
}
