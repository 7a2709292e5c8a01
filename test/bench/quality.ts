// Trains models on a text and judges them on another, in float and in the arithmetic of the device:
// the rows of the quality table. Prints one JSON object; each model takes minutes to an hour.
// node test/bench/run.mjs quality -- --text FILE --valid FILE [--steps N] [--teacher RUN] MODEL...
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { editText } from '../../src/core/model/edit';
import { setting, type Change } from '../../src/core/problem';
import { estimateModel } from '../../src/core/estimate/estimate';
import { parseModel } from '../../src/core/model/parse';
import { starmindJson as run } from './small-run';

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((option) => option !== '--'),
  allowPositionals: true,
  options: {
    text: { type: 'string' },
    valid: { type: 'string' },
    steps: { type: 'string' },
    teacher: { type: 'string' },
  },
});
const { text, valid, steps, teacher } = values;
if (!text || !valid || positionals.length === 0) {
  throw new Error('Give --text FILE, --valid FILE and the model.json of each model.');
}

function row(folder: string, model: string, changes: readonly Change[]): object {
  const file = join(folder, 'model.json');
  writeFileSync(file, editText(readFileSync(model, 'utf8'), changes));
  const { value } = parseModel(readFileSync(file, 'utf8'), 'model');
  if (!value) throw new Error(`${model} has errors.`);
  const out = join(folder, 'run');
  const trained = run('train', file, '--out', out);
  const { bits_per_byte } = run('eval', out, '--text', resolve(valid ?? ''));
  const { parameters, sram, speed } = estimateModel(value);
  return {
    model: value.name,
    weights: value.quantization.weights,
    teacher: teacher !== undefined,
    parameters: parameters.total,
    sram: sram.total,
    tokens_per_second: Math.round(speed.tokens_per_second),
    steps: trained['steps'],
    tokens: trained['tokens'],
    seconds: Math.round(Number(trained['seconds'])),
    bits_per_byte,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'starmind-quality-'));
try {
  const changes = [
    setting('data.source', resolve(text)),
    ...(steps === undefined ? [] : [setting('training.steps', Number(steps))]),
    ...(teacher === undefined ? [] : [setting('training.teacher', resolve(teacher))]),
  ];
  const rows = positionals.map((model, index) => {
    const own = mkdtempSync(join(folder, `${index}-`));
    return row(own, model, changes);
  });
  process.stdout.write(`${JSON.stringify({ rows }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
