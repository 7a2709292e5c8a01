/**
 * `node test/bench/run.mjs ngram -- --text FILE --valid FILE [--steps N]`: what tables of n-grams
 * bring, beside other uses of memory. Trains five arms on a text with the same steps, judges them on
 * another in device arithmetic, and speaks with them on the virtual Pico. Prints JSON; takes about
 * ten minutes for a thousand steps. Cycles are emulated.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { estimateModel } from '../../src/core/estimate/estimate';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { starmindJson as run } from './small-run';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((option) => option !== '--'),
  options: {
    text: { type: 'string' },
    valid: { type: 'string' },
    steps: { type: 'string', default: '1000' },
  },
});
const { text, valid } = values;
const steps = Number(values.steps);
if (!text || !valid) throw new Error('Give --text FILE and --valid FILE.');
const source = resolve(text);
const judged = resolve(valid);

type Shape = ModelFile['architecture'];

const core: Shape = {
  ...{ vocab_size: 512, dim: 64, hidden_dim: 172, n_layers: 4, n_heads: 8, n_kv_heads: 4 },
  max_seq_len: 128,
};

interface Arm {
  shape: Shape;
  /** Its weights are those of the arm without tables, beside tables of zeros. */
  isFrozen?: true;
}

const arms: Record<string, Arm> = {
  'no table': { shape: core },
  'tables frozen at zero': { shape: { ...core, ngram_tables: {} }, isFrozen: true },
  'wider embedding': { shape: { ...core, dim: 72, head_dim: 8 } },
  tables: { shape: { ...core, ngram_tables: {} } },
  'larger core': { shape: { ...core, hidden_dim: 220 } },
};

function modelOf(shape: Shape, ofArm: number): ModelFile {
  return {
    version: 1,
    architecture: shape,
    quantization: { weights: 'int4', aware_share: 0.1 },
    data: { source },
    training: { steps: ofArm, batch: 16, evaluate_every: 1_000_000, checkpoint_every: 1_000_000 },
  };
}

const folder = mkdtempSync(join(tmpdir(), 'starmind-ngram-'));
try {
  let plain: unknown;
  const rows = Object.entries(arms).map(([arm, { shape, isFrozen }], index) => {
    const own = join(folder, String(index));
    mkdirSync(own);
    const file = join(own, 'model.json');
    const out = join(own, 'run');
    const model = modelOf(shape, isFrozen ? 0 : steps);
    writeFileSync(file, JSON.stringify(model));
    run('train', file, '--out', out);
    const { bits_per_byte } = isFrozen
      ? { bits_per_byte: plain }
      : run('eval', out, '--text', judged);
    if (index === 0) plain = bits_per_byte;
    const request = ['--prompt', 'Once upon a time', '--tokens', '100', '--seed', '1'];
    const spoken = run('run', out, '--board', 'virtual', ...request);
    const { parameters, sram, flash } = estimateModel(withDefaults(model, arm));
    return {
      arm,
      bits_per_byte,
      parameters: { core: parameters.total - parameters.ngram, tables: parameters.ngram },
      sram: sram.total,
      flash: flash.total,
      cycles_per_token: spoken['cycles_per_token'],
    };
  });
  process.stdout.write(`${JSON.stringify({ steps, rows }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
