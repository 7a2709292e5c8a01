import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadRun } from '../../src/node/run/export';
import { runFolder } from '../../src/node/run/folder';
import { jsonOf, modelFile, smallModel, starmind, temporaryFolder } from './starmind';

const sampling = ['--tokens', '12', '--seed', '5', '--temperature', '0.7'];

describe('the way through the command line', () => {
  it('makes a model, estimates it, trains, evaluates and generates', async () => {
    const dir = join(temporaryFolder(), 'project');
    const made = jsonOf(await starmind(['new', dir, '--preset', 'rp2040-speed', '--json']));
    expect(made).toMatchObject({ dir, model: join(dir, 'model.json') });

    const estimate = jsonOf(await starmind(['estimate', String(made.model), '--json']));
    expect(estimate).toMatchObject({ fits: true, sram: { limit: 270_336 } });

    const file = modelFile(smallModel);
    const summary = jsonOf(await starmind(['train', file, '--json']));
    expect(summary).toMatchObject({ steps: 30, stopped: 'done' });
    const run = String(summary.run);
    expect(run).toBe(join(dirname(file), 'runs', 'small'));
    const { image } = await loadRun(runFolder(run));
    expect(readFileSync(join(run, 'model.img')).equals(image)).toBe(true);

    const text = join(dirname(file), 'held-out.txt');
    writeFileSync(text, 'Once upon a time, there was a cat.\n<|endoftext|>\nThe end. \u00e9\n');
    const evaluation = jsonOf(await starmind(['eval', run, '--text', text, '--json']));
    expect(evaluation).toMatchObject({ unknown_bytes: 2 });
    expect(evaluation.bytes).toBe(47);

    const speak = ['generate', run, '--prompt', 'Once', ...sampling, '--json'];
    const [first, second] = [jsonOf(await starmind(speak)), jsonOf(await starmind(speak))];
    expect(first).toEqual(second);
    expect((first.tokens as number[]).length).toBeGreaterThan(0);
  });

  it('writes the initial weights for --steps 0', async () => {
    const outcome = await starmind(['train', modelFile(smallModel), '--steps', '0', '--json']);
    expect(outcome.status).toBe(0);
    expect(jsonOf(outcome)).toMatchObject({ steps: 0, train_loss: null });
  });

  it('keeps the results of an earlier training', async () => {
    const file = modelFile(smallModel);
    const train = async (...options: string[]) =>
      jsonOf(await starmind(['train', file, '--json', ...options]));
    const first = await train('--steps', '2');
    expect(first).toMatchObject({ earlier_run: null });
    const run = String(first.run);
    const spoken = await starmind(['generate', run, ...sampling, '--json']);
    for (const number of [1, 2]) {
      const again = await train('--steps', '0');
      expect(again).toMatchObject({ run, earlier_run: `${run}-${number}` });
    }
    expect(await starmind(['generate', `${run}-1`, ...sampling, '--json'])).toEqual(spoken);
    expect(await train('--steps', '4', '--resume', '--out', `${run}-1`)).toMatchObject({
      steps: 4,
      earlier_run: null,
    });
  });

  it('keeps a run beside its model.json, as it was trained', async () => {
    const file = modelFile(smallModel);
    const folder = dirname(file);
    const train = (...options: string[]) => starmind(['train', file, '--out', folder, ...options]);
    await train('--steps', '0');
    const wider = { ...smallModel, architecture: { ...smallModel.architecture, dim: 8 } };
    writeFileSync(file, JSON.stringify(wider));
    await train('--steps', '0');
    onTestFinished(() => rmSync(`${folder}-1`, { recursive: true }));
    for (const run of [folder, `${folder}-1`]) {
      expect((await starmind(['generate', run, ...sampling])).status).toBe(0);
    }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(wider);
  });

  it('leaves a run alone that cannot be resumed, or need not be', async () => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--json'])).run);
    const resume = (model: unknown) => {
      writeFileSync(file, JSON.stringify(model));
      return starmind(['train', file, '--resume']);
    };
    const done = await resume(smallModel);
    expect(done.stdout).toContain('Nothing was left to train after 30 steps');
    const architecture = { ...smallModel.architecture, dim: 8 };
    const other = await resume({ ...smallModel, architecture });
    expect(other.status).toBe(1);
    expect(other.stderr).toContain('architecture.dim was 16 and is 8');
    expect(JSON.parse(readFileSync(join(run, 'model.json'), 'utf8'))).toEqual(smallModel);
    const nowhere = join(dirname(file), 'nowhere');
    expect((await starmind(['train', file, '--resume', '--out', nowhere])).status).toBe(1);
    expect(existsSync(nowhere)).toBe(false);
  });

  it('resumes an interrupted training to the result of an uninterrupted one', async () => {
    const training = { ...smallModel.training, steps: 900 };
    const file = modelFile({ ...smallModel, training });
    const out = (name: string) => join(dirname(file), name);
    const whole = await starmind(['train', file, '--out', out('whole'), '--json']);
    expect(whole.status).toBe(0);
    const cut = await starmind(['train', file, '--out', out('cut')], { interruptAt: 'step ' });
    expect(cut.status).toBe(130);
    expect(cut.stderr).toContain('--resume');
    const resumed = await starmind(['train', file, '--out', out('cut'), '--resume', '--json']);
    expect(resumed.status).toBe(0);
    const weights = (name: string) => readFileSync(join(out(name), 'checkpoint.safetensors'));
    expect(weights('cut').equals(weights('whole'))).toBe(true);
  });

  it('a killed training speaks with the weights that it has saved, not those before', async () => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--json'])).run);
    const text = join(dirname(file), 'held-out.txt');
    writeFileSync(text, 'Once upon a time, there was a cat.\n');
    const evaluate = ['eval', run, '--text', text, '--json'];
    const figures = async () => {
      const { bits_per_byte } = jsonOf(await starmind(evaluate));
      return bits_per_byte as { float: number; device: number };
    };
    const before = await figures();

    const further = ['train', file, '--resume', '--steps', '20000'];
    const metrics = () => readFileSync(join(run, 'metrics.jsonl'), 'utf8');
    const killed = await starmind(further, { killWhen: () => metrics().includes('"step":300,') });
    expect(killed.status).toBeNull();
    const leftOver = (name: string) => existsSync(join(run, name));
    expect(['model.img', 'summary.json'].filter(leftOver)).toEqual([]);
    const after = await figures();
    expect(after.float).toBeLessThan(before.float - 0.5);
    expect(Math.abs(after.device / after.float - 1)).toBeLessThan(0.05);
  });
});
