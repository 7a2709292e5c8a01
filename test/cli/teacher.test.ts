import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonOf, modelFile, smallModel, starmind, temporaryFolder } from './starmind';

const narrow = { ...smallModel.architecture, dim: 8, hidden_dim: 12 };
const training = {
  ...{ teacher: 'runs/teacher', batch: 8, checkpoint_every: 5 },
  ...{ schedule: 'constant', warmup_share: 0 },
};
const { data } = smallModel;

/** A folder with a trained run `runs/teacher`; returns a function that writes its model.json. */
async function projectWithTeacher() {
  const folder = temporaryFolder();
  const teacher = modelFile(smallModel);
  const trained = await starmind(['train', teacher, '--out', join(folder, 'runs', 'teacher')]);
  expect(trained.status, trained.stderr).toBe(0);
  const file = join(folder, 'model.json');
  const write = (change: object = {}) => {
    const quantization = { aware_share: 0 };
    const model = {
      version: 1,
      name: 'student',
      architecture: narrow,
      quantization,
      data,
      training,
    };
    writeFileSync(file, JSON.stringify({ ...model, ...change }));
  };
  return { folder, file, write };
}

const checkpointOf = (folder: string, run: string) =>
  readFileSync(join(folder, 'runs', run, 'checkpoint.safetensors'));

it('a model learns from a teacher of another shape, and goes on bit for bit', async () => {
  const { folder, file, write } = await projectWithTeacher();
  write();
  const whole = await starmind(['train', file, '--steps', '10', '--json']);
  expect(whole.status, whole.stderr).toBe(0);
  expect(jsonOf(whole)).toMatchObject({ teacher: 'runs/teacher', from: null, steps: 10 });
  const other = ['--out', join(folder, 'runs', 'parts')];
  expect((await starmind(['train', file, '--steps', '5', ...other])).status).toBe(0);
  const rest = await starmind(['train', file, '--steps', '10', '--resume', ...other]);
  expect(rest.status, rest.stderr).toBe(0);
  expect(checkpointOf(folder, 'parts').equals(checkpointOf(folder, 'student'))).toBe(true);
  // The teacher takes part.
  const { teacher: _, ...alone } = training;
  write({ training: alone, tokenizer: { path: 'runs/teacher/tokenizer.json' } });
  const without = ['--out', join(folder, 'runs', 'alone')];
  expect((await starmind(['train', file, '--steps', '10', ...without])).status).toBe(0);
  expect(checkpointOf(folder, 'alone').equals(checkpointOf(folder, 'student'))).toBe(false);
});

it('a teacher with other tokens is refused by name', async () => {
  const { file, write } = await projectWithTeacher();
  const cases: [object, string, string][] = [
    [{ architecture: { ...narrow, vocab_size: 64 } }, 'model.invalid', 'vocab_size is 64'],
    [{ architecture: { ...narrow, max_seq_len: 96 } }, 'model.invalid', 'sees 48 positions'],
    [{ tokenizer: { type: 'char' } }, 'training.teacher-tokenizer', 'tokenizer.type is char'],
    [{ training: { ...training, teacher: 'runs/gone' } }, 'run.missing', 'gone'],
  ];
  for (const [change, code, message] of cases) {
    write(change);
    const outcome = await starmind(['train', file, '--steps', '1', '--json']);
    const { error } = jsonOf(outcome) as { error: { code: string; message: string } };
    expect(error.code, error.message).toBe(code);
    expect(error.message).toContain(message);
  }
});
