import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { llama2cFile, randomLlama, type Sizes } from '../unit/import/llama2c-file';
import { tinyVocabulary, tokenizerBin } from '../unit/import/tiny-vocabulary';
import { jsonOf, starmind, temporaryFolder } from './starmind';

const pieces = tinyVocabulary();
const sizes: Sizes = {
  ...{ dim: 16, hidden_dim: 24, n_layers: 1, n_heads: 2, n_kv_heads: 1 },
  ...{ vocab_size: pieces.length, seq_len: 32, shared: true },
};

/** A folder with a checkpoint, and the tokenizer under a name where import finds it. */
function folderWith(tokenizer = 'tokenizer.bin'): { folder: string; checkpoint: string } {
  const folder = temporaryFolder();
  const checkpoint = join(folder, 'tiny.bin');
  writeFileSync(checkpoint, llama2cFile(randomLlama(sizes), 0));
  writeFileSync(join(folder, tokenizer), tokenizerBin(pieces));
  return { folder, checkpoint };
}

describe('starmind import', () => {
  it('makes a run on which the other commands work', async () => {
    const { folder, checkpoint } = folderWith();
    const run = join(folder, 'run');
    const imported = await starmind([
      'import',
      checkpoint,
      '--out',
      run,
      '--max-seq-len',
      '16',
      '--json',
    ]);
    expect(imported.status, imported.stderr).toBe(0);
    expect(jsonOf(imported)).toMatchObject({
      ...{ run, format: 'llama2.c version 0', tokens: pieces.length, earlier_run: null },
      parameters: 16 * pieces.length + 16 * 3 + 16 * 16 * 2 + 16 * 8 * 2 + 16 * 24 * 3,
    });
    const model = JSON.parse(readFileSync(join(run, 'model.json'), 'utf8')) as object;
    expect(model).toMatchObject({ name: 'tiny', architecture: { max_seq_len: 16, n_kv_heads: 1 } });
    const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8')) as object;
    expect(summary).toMatchObject({ imported: { file: 'tiny.bin', format: 'llama2.c version 0' } });

    const text = join(folder, 'text.txt');
    writeFileSync(text, 'the the\n<|endoftext|>\nto be \u201cin\u201d.\n');
    const measured = await starmind(['eval', run, '--text', text, '--json']);
    expect(measured.status, measured.stderr).toBe(0);
    expect(jsonOf(measured)).toMatchObject({ unknown_bytes: 0 });
    const estimated = await starmind(['estimate', run, '--json']);
    expect(estimated.status, estimated.stderr).toBe(0);
    const spoken = await starmind(['generate', run, '--prompt', 'the', '--tokens', '5', '--json']);
    expect(spoken.status, spoken.stderr).toBe(0);

    const again = await starmind(['import', checkpoint, '--out', run, '--json']);
    expect(jsonOf(again)).toMatchObject({ earlier_run: `${run}-1` });
    const resumed = await starmind([
      'train',
      join(run, 'model.json'),
      '--out',
      run,
      '--resume',
      '--json',
    ]);
    expect(resumed.status).toBe(1);
    expect(jsonOf(resumed)).toMatchObject({ error: { code: 'checkpoint.missing' } });
  });

  it('finds the tokenizer beside the checkpoint or takes the given one', async () => {
    const { folder, checkpoint } = folderWith('other.bin');
    const run = join(folder, 'run');
    const without = await starmind(['import', checkpoint, '--out', run, '--json']);
    expect(jsonOf(without)).toMatchObject({ error: { code: 'import.no-tokenizer' } });
    const given = ['--tokenizer', join(folder, 'other.bin')];
    const withOne = await starmind(['import', checkpoint, ...given, '--out', run, '--json']);
    expect(withOne.status, withOne.stderr).toBe(0);
  });

  it('refuses, with the reason and the remedy, and writes nothing', async () => {
    const { folder, checkpoint } = folderWith();
    const run = join(folder, 'run');
    const whole = readFileSync(checkpoint);
    const cut = join(folder, 'cut.bin');
    writeFileSync(cut, whole.subarray(0, -40));
    const weights = join(folder, 'weights.safetensors');
    const header = Buffer.alloc(8);
    header.writeUInt32LE(2);
    writeFileSync(weights, Buffer.concat([header, Buffer.from('{}')]));
    mkdirSync(join(folder, 'empty'));
    const deep = join(folder, 'deep.bin');
    const layers = { ...sizes, dim: 2, n_heads: 1, n_kv_heads: 1, hidden_dim: 1, n_layers: 300 };
    writeFileSync(deep, llama2cFile(randomLlama(layers), 1));
    const cases: [string[], string][] = [
      [[join(folder, 'none.bin')], 'import.missing'],
      [[join(folder, 'empty')], 'import.missing'],
      [[cut], 'import.truncated'],
      [[weights], 'import.no-config'],
      [[deep], 'import.sizes'],
      [[checkpoint, '--max-seq-len', '64'], 'import.max-seq-len'],
      [[checkpoint, '--tokenizer', cut], 'import.tokenizer'],
    ];
    for (const [args, code] of cases) {
      const outcome = await starmind(['import', ...args, '--out', run, '--json']);
      expect(outcome.status, code).toBe(1);
      expect(jsonOf(outcome)).toMatchObject({ error: { code } });
      expect(outcome.stderr).toContain('remedy:');
    }
    expect(() => readFileSync(join(run, 'model.json'))).toThrow();
  });
});
