// Kills a training at random moments and resumes it, until it is done: its weights and its record
// must be those of a training that nobody disturbed. Prints one JSON object.
// node test/bench/run.mjs kills [count, 50 by default]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../src/core/random';
import { readTensorFile } from '../../src/node/train/checkpoint';
import { metricsPath, readMetrics } from '../../src/node/train/metrics';
import { starmind } from './small-run';

const wanted = Number(process.argv[2] ?? 50);

/** Milliseconds from the start of a process to its end: some are killed before they train. */
const life = [500, 6000] as const;

/** More than any machine does until all the kills are over; the last part runs undisturbed. */
const stepsPerKill = 1000;

const folder = mkdtempSync(join(tmpdir(), 'starmind-kills-'));
const model = join(folder, 'model.json');
writeFileSync(
  model,
  JSON.stringify({
    version: 1,
    architecture: {
      ...{ vocab_size: 128, dim: 24, hidden_dim: 64, n_layers: 2, n_heads: 3, max_seq_len: 48 },
    },
    quantization: { weights: 'int4', kv_cache: 'int4' },
    data: { max_bytes: 100_000 },
    training: { batch: 4, evaluate_every: 150, checkpoint_every: 40 },
  }),
);

/** Runs a training, and kills it after some milliseconds; returns whether it was alive then. */
function train(run: string, options: string[], milliseconds?: number): Promise<boolean> {
  const args = [starmind, 'train', model, '--out', run, ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const timer =
    milliseconds === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), milliseconds);
  return new Promise((resolve, reject) => {
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve(true);
      else if (status === 0) resolve(false);
      else reject(new Error(said));
    });
  });
}

/** Throws when one of the files that a killed training leaves cannot be read. */
async function requireWhole(run: string): Promise<void> {
  for (const name of ['checkpoint.safetensors', 'optimizer.safetensors']) {
    const file = join(run, name);
    if (existsSync(file)) await readTensorFile(file);
  }
}

async function weightsOf(run: string): Promise<string> {
  const { tensors } = await readTensorFile(join(run, 'checkpoint.safetensors'));
  const hash = createHash('sha256');
  for (const [name, { data }] of [...tensors].sort(([a], [b]) => a.localeCompare(b))) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

const evaluations = (run: string) =>
  JSON.stringify(
    readMetrics(metricsPath(run))
      .filter(({ valid_loss }) => valid_loss !== undefined)
      .map(({ step, valid_loss, valid_loss_device }) => [step, valid_loss, valid_loss_device]),
  );

async function main(): Promise<void> {
  const seed = Date.now() % 2 ** 31;
  const random = seededRandom(seed);
  const disturbed = join(folder, 'disturbed');
  const steps = ['--steps', String(wanted * stepsPerKill)];
  let kills = 0;
  while (kills < wanted) {
    const [least, most] = life;
    const resumes = existsSync(join(disturbed, 'optimizer.safetensors'));
    const options = [...steps, ...(resumes ? ['--resume'] : [])];
    if (!(await train(disturbed, options, least + random() * (most - least)))) {
      throw new Error('The training was over before all kills: raise stepsPerKill.');
    }
    kills++;
    await requireWhole(disturbed);
    process.stderr.write(`killed ${kills} times\n`);
  }
  if (!existsSync(join(disturbed, 'optimizer.safetensors'))) {
    throw new Error('No training has lived to its first checkpoint: let them live longer.');
  }
  await train(disturbed, [...steps, '--resume']);
  const undisturbed = join(folder, 'undisturbed');
  await train(undisturbed, steps);
  const summary = JSON.parse(readFileSync(join(disturbed, 'summary.json'), 'utf8')) as {
    steps: number;
  };
  const result = {
    seed,
    kills,
    steps: summary.steps,
    same_weights: (await weightsOf(disturbed)) === (await weightsOf(undisturbed)),
    same_evaluations: evaluations(disturbed) === evaluations(undisturbed),
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.same_weights && result.same_evaluations ? 0 : 1;
}

void main().finally(() => rmSync(folder, { recursive: true, force: true }));
