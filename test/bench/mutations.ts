/**
 * `node test/bench/run.mjs mutations -- [N]`: gives the engine N damaged images, by default 1,000,000
 * (the golden models share them), and the board's reader as many damaged command lines, under the
 * sanitizers; prints one JSON object. Build the programs first: `node test/run.mjs engine`.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/node/assets';
import { goldenModels } from '../golden/models';

const built = join(packageRoot(), 'out', 'engine');
const images = join(packageRoot(), 'out', 'golden');

const run = promisify(execFile);

/** Small images: what is between two changes is the checksum of all of it. */
const largestWeights = 20_000;

/** Counts that a program prints, by name: `3 spoke, 5 were refused`. */
async function counts(program: string, ...options: string[]): Promise<number[]> {
  const { stdout } = await run(join(built, program), options, { maxBuffer: 1 << 20 });
  return Array.from(stdout.matchAll(/\d+/g), ([digits]) => Number(digits));
}

async function mutate(): Promise<void> {
  const total = Number(process.argv.slice(2).find((option) => option !== '--') ?? 1_000_000);
  if (!existsSync(join(built, 'command_test'))) {
    throw new Error('The programs are not built: run "node test/run.mjs engine" first.');
  }
  const small = goldenModels.filter(
    ({ architecture: { vocab_size, dim, hidden_dim } }) =>
      (vocab_size + 3 * hidden_dim) * dim < largestWeights,
  );
  const each = String(Math.ceil(total / small.length));
  const start = performance.now();
  const imageCounts = { spoke: 0, refused: 0 };
  for (const { name } of small) {
    const [spoke = 0, refused = 0] = await counts(
      'engine-mutation_test',
      join(images, `${name}.img`),
      each,
    );
    imageCounts.spoke += spoke;
    imageCounts.refused += refused;
    process.stderr.write('.');
  }
  const [parsed = 0, refused = 0] = await counts('command_test', String(total));
  const result = {
    models: small.map(({ name }) => name),
    images: imageCounts,
    command_lines: { parsed, refused },
    seconds: Math.round((performance.now() - start) / 1000),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

mutate().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
