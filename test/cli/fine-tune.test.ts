import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonOf, modelFile, smallModel, starmind, temporaryFolder } from './starmind';

const constant = { schedule: 'constant', warmup_share: 0, batch: 8, checkpoint_every: 5 };
const text = { data: smallModel.data, quantization: { aware_share: 0 } };

/** A folder with a trained run `runs/base`, and a model.json that the test adds. */
async function project(model: object): Promise<{ folder: string; file: string }> {
  const folder = temporaryFolder();
  const base = modelFile({ ...smallModel, training: { ...smallModel.training, steps: 12 } });
  const trained = await starmind(['train', base, '--out', join(folder, 'runs', 'base')]);
  expect(trained.status, trained.stderr).toBe(0);
  const file = join(folder, 'model.json');
  writeFileSync(file, JSON.stringify({ version: 1, name: 'tuned', ...text, ...model }));
  return { folder, file };
}

const bytesOf = (folder: string, run: string, name: string) =>
  readFileSync(join(folder, 'runs', run, name));

describe('fine-tuning', () => {
  it('begins with the weights of a run, and goes on bit for bit', async () => {
    const { folder, file } = await project({ training: { from: 'runs/base', ...constant } });
    const looked = await starmind(['data', file, '--json']);
    expect(looked.status, looked.stderr).toBe(0);
    const none = await starmind(['train', file, '--steps', '0', '--json']);
    expect(none.status, none.stderr).toBe(0);
    expect(jsonOf(none)).toMatchObject({ from: 'runs/base', steps: 0 });
    const { corpus } = jsonOf(none) as { corpus: { tokens: number } };
    expect(jsonOf(looked)).toMatchObject({ tokens: corpus.tokens });
    const base = weightsOf(bytesOf(folder, 'base', 'checkpoint.safetensors'));
    expect(weightsOf(bytesOf(folder, 'tuned', 'checkpoint.safetensors')).equals(base)).toBe(true);
    expect(
      bytesOf(folder, 'tuned', 'tokenizer.json').equals(bytesOf(folder, 'base', 'tokenizer.json')),
    ).toBe(true);

    const whole = join(folder, 'runs', 'whole');
    expect((await starmind(['train', file, '--steps', '12', '--out', whole])).status).toBe(0);
    expect((await starmind(['train', file, '--steps', '5'])).status).toBe(0);
    const rest = await starmind(['train', file, '--steps', '12', '--resume']);
    expect(rest.status, rest.stderr).toBe(0);
    const resumed = bytesOf(folder, 'tuned', 'checkpoint.safetensors');
    expect(resumed.equals(readFileSync(join(whole, 'checkpoint.safetensors')))).toBe(true);
    expect(weightsOf(resumed).equals(base)).toBe(false);

    // Its folder says what it began with, and works wherever it lies.
    const summary = JSON.parse(bytesOf(folder, 'tuned', 'summary.json').toString()) as object;
    expect(summary).toMatchObject({ from: 'runs/base' });
    const model = JSON.parse(bytesOf(folder, 'tuned', 'model.json').toString()) as object;
    expect(model).toMatchObject({ architecture: { dim: 16 }, training: { from: 'runs/base' } });
    const spoken = await starmind([
      'generate',
      join(folder, 'runs', 'tuned'),
      '--tokens',
      '3',
      '--json',
    ]);
    expect(spoken.status, spoken.stderr).toBe(0);
  });

  it('begins with the storyteller of the package, by preset and from the command line', async () => {
    const folder = temporaryFolder();
    expect((await starmind(['new', folder, '--preset', 'storyteller'])).status).toBe(0);
    const file = join(folder, 'model.json');
    const priced = await starmind(['estimate', file, '--json']);
    expect(jsonOf(priced)).toMatchObject({ fits: true, problems: [] });
    const text = join(folder, 'text.txt');
    writeFileSync(text, 'Once upon a time there was a fox who lived in a wood.\n'.repeat(400));
    const model = { version: 1, data: { source: 'text.txt' } };
    writeFileSync(file, JSON.stringify(model));
    const from = ['--from', 'starmind:best-story'];
    const tuned = await starmind(['train', file, ...from, '--steps', '1', '--json']);
    expect(tuned.status, tuned.stderr).toBe(0);
    expect(jsonOf(tuned)).toMatchObject({ from: 'starmind:best-story', steps: 1 });
    const other = await starmind(['train', file, '--from', 'starmind:other', '--json']);
    expect(jsonOf(other)).toMatchObject({ error: { code: 'run.missing' } });
  });

  it('takes the run from the command line', async () => {
    const { architecture } = smallModel;
    const { folder, file } = await project({ architecture, training: constant });
    const from = ['--from', join(folder, 'runs', 'base')];
    const tuned = await starmind(['train', file, ...from, '--steps', '2', '--json']);
    expect(tuned.status, tuned.stderr).toBe(0);
    expect(jsonOf(tuned)).toMatchObject({ from: 'runs/base' });
    const without = await starmind(['train', file, '--resume', '--steps', '4', '--json']);
    expect(jsonOf(without)).toMatchObject({ error: { code: 'resume.changed' } });
    const resumed = await starmind(['train', file, ...from, '--resume', '--steps', '4', '--json']);
    expect(resumed.status, resumed.stderr).toBe(0);
  });

  it('refuses another shape, another tokenizer, a missing run and its own, by name', async () => {
    const { folder, file } = await project({ training: { from: 'runs/base', ...constant } });
    mkdirSync(join(folder, 'runs', 'empty'));
    const cases: [object, string, string][] = [
      [{ architecture: { dim: 24 } }, 'model.invalid', 'architecture.dim is 24; runs/base'],
      [{ tokenizer: { type: 'char' } }, 'training.from-tokenizer', 'tokenizer.type is char'],
      [{ training: { from: 'runs/gone' } }, 'model.invalid', 'There is no run runs/gone'],
      [{ training: { from: 'runs/empty' } }, 'model.invalid', 'There is no run runs/empty'],
      [{ name: 'base' }, 'training.from-itself', 'runs'],
    ];
    const model = JSON.parse(readFileSync(file, 'utf8')) as object;
    const before = bytesOf(folder, 'base', 'checkpoint.safetensors');
    for (const [change, code, message] of cases) {
      writeFileSync(file, JSON.stringify({ ...model, ...change }));
      const outcome = await starmind(['train', file, '--steps', '1', '--json']);
      const { error } = jsonOf(outcome) as { error: { code: string; message: string } };
      expect(error.code, error.message).toBe(code);
      expect(error.message).toContain(message);
    }
    expect(bytesOf(folder, 'base', 'checkpoint.safetensors').equals(before)).toBe(true);
  });
});

/** The data of a safetensors file, behind its header. */
function weightsOf(file: Buffer): Buffer {
  return file.subarray(8 + Number(file.readBigUInt64LE(0)));
}
