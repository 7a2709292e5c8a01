import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeUf2 } from '../../src/core/export/uf2';
import { writeHuggingFace } from '../../src/core/tokenizer/hf-write';
import { alphabetModel } from '../../src/core/tokenizer/model';
import { parseSafetensors, serialiseSafetensors } from '../../src/core/train/safetensors';
import { assetPath } from '../../src/node/assets';
import { runFolder } from '../../src/node/run/folder';
import { exitCodes } from '../../src/node/starmind-error';
import { whileTraining } from '../../src/node/run/run-owner';
import { withHole } from '../unit/export/uf2-blocks';
import { jsonOf, modelFile, smallModel, starmind, temporaryFolder } from './starmind';

/** Runs a command that must fail, and returns the error it reports. */
async function errorOf(args: readonly string[], status: number, env?: NodeJS.ProcessEnv) {
  const outcome = await starmind([...args, '--json'], { env });
  expect(outcome.status).toBe(status);
  const { error } = jsonOf(outcome) as { error: { code: string; message: string; remedy: string } };
  expect(error.remedy).not.toBe('');
  expect(outcome.stderr).toContain(error.message.split('\n')[0]);
  return error;
}

/** Changes the first weight of the last norm of a checkpoint. */
function setWeight(checkpoint: string, weight: number): void {
  const file = parseSafetensors(readFileSync(checkpoint));
  file.tensors.get('model.norm.weight')!.data[0] = weight;
  writeFileSync(checkpoint, serialiseSafetensors(file));
}

describe('bad input ends in a named error', () => {
  it('broken JSON', async () => {
    const file = modelFile({});
    writeFileSync(file, '{"version": 1,');
    expect(await errorOf(['train', file], 1)).toMatchObject({ code: 'model.invalid' });
  });

  it('an impossible shape', async () => {
    const architecture = { ...smallModel.architecture, n_kv_heads: 3, n_heads: 4 };
    const error = await errorOf(['estimate', modelFile({ ...smallModel, architecture })], 1);
    expect(error.message).toContain('architecture.n_kv_heads');
  });

  it('a misspelt field, which is named beside the one that is missing', async () => {
    const { hidden_dim, ...architecture } = smallModel.architecture;
    const misspelt = { ...smallModel, architecture: { ...architecture, hiden_dim: hidden_dim } };
    const { message } = await errorOf(['estimate', modelFile(misspelt)], 1);
    expect(message).toContain('Did you mean "hidden_dim"?');
    expect(message).toContain('architecture.hidden_dim is missing');
  });

  it('text that is no JSON, said once', async () => {
    const file = modelFile({});
    writeFileSync(file, '# Read me\n\nThis is no model.\n');
    const { message } = await errorOf(['estimate', file], 1);
    expect(message.split('\n')).toEqual([
      `${file} cannot be used:`,
      expect.stringContaining('Line 1, column 1'),
    ]);
  });

  it('a board that the SDK does not know, before CMake is asked', async () => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--steps', '1', '--json'])).run);
    const outcome = await starmind(['build', run, '--board', 'picoo', '--json']);
    const { error } = jsonOf(outcome) as { error: { code: string; remedy: string } };
    // Without a toolchain there is no SDK either.
    if (outcome.status === 3) return expect(error.code).toBe('tool.missing');
    expect(error.code).toBe('build.board');
    expect(error.remedy).toContain('Did you mean "pico"?');
  });

  it('a damaged UF2 file, before a board is looked for', async () => {
    const file = join(temporaryFolder(), 'short.uf2');
    writeFileSync(file, 'UF2\nWQ');
    expect(await errorOf(['flash', file], 1)).toMatchObject({ code: 'flash.uf2' });
  });

  it('a monitor of a name that is no port, or with a log that exists', async () => {
    const folder = temporaryFolder();
    const log = join(folder, 'a.jsonl');
    writeFileSync(log, 'precious');
    expect((await starmind(['monitor', 'virtual'])).stderr).toContain('run RUN --board virtual');
    expect((await starmind(['monitor', folder])).stderr).toContain('is no serial port');
    const outcome = await starmind(['monitor', '/dev/ttyNONE', '--log', log]);
    expect(outcome.stderr).toContain('exists already');
    expect(outcome.status).toBe(1);
    expect(readFileSync(log, 'utf8')).toBe('precious');
  });

  it('a file in the place of a new project', async () => {
    const file = modelFile(smallModel);
    expect(await errorOf(['new', file], 1)).toMatchObject({ code: 'model.folder' });
  });

  it('a model that does not fit, also when it is only estimated', async () => {
    const architecture = { ...smallModel.architecture, dim: 512, hidden_dim: 2048 };
    const outcome = await starmind([
      'estimate',
      dirname(modelFile({ ...smallModel, architecture })),
    ]);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain('bytes of SRAM');
  });

  it.each<[string, string | Uint8Array, string]>([
    ['an empty corpus', '\n\n', 'data.empty'],
    ['a binary corpus', Uint8Array.from({ length: 5000 }, (_, i) => i * 7), 'data.binary'],
    ['a corpus too small for the context', 'Hi.', 'data.too-small'],
  ])('%s', async (_, text, code) => {
    const file = modelFile({ ...smallModel, data: { source: 'text.txt' } }, { 'text.txt': text });
    expect(await errorOf(['train', file], 1)).toMatchObject({ code });
    expect(existsSync(join(dirname(file), 'runs', 'small', 'checkpoint.safetensors'))).toBe(false);
  });

  it('a UF2 file with holes, of which flash warns before it looks for a board', async () => {
    const file = join(temporaryFolder(), 'holed.uf2');
    const pages = writeUf2([{ address: 0x10000000, data: new Uint8Array(1024) }]);
    writeFileSync(file, withHole(pages));
    const { status, stderr } = await starmind(['flash', file, '--board', 'nowhere']);
    expect(status).toBe(exitCodes.board);
    expect(stderr).toContain('The file lacks 2 pages of the flash sectors that it writes');
    expect(stderr).not.toContain('starmind flash, which');
  });

  it('a truncated checkpoint', async () => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--steps', '1', '--json'])).run);
    truncateSync(join(run, 'checkpoint.safetensors'), 2000);
    rmSync(join(run, 'model.img'));
    expect(await errorOf(['generate', run], 1)).toMatchObject({ code: 'checkpoint.truncated' });
  });

  it('a project in place of its run', async () => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--steps', '0', '--json'])).run);
    const error = await errorOf(['generate', dirname(file)], 1);
    expect(error).toMatchObject({ code: 'run.missing', remedy: `Name one of its runs: ${run}` });
    const empty = await errorOf(['generate', temporaryFolder()], 1);
    expect(empty.remedy).toMatch(/starmind (-- )?train/);
  });

  it.each([
    ['weights that are no numbers', NaN],
    ['infinite weights', Infinity],
  ])('%s, beside the device image of a healthy model', async (_, weight) => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--steps', '1', '--json'])).run);
    setWeight(join(run, 'checkpoint.safetensors'), weight);
    const evaluate = ['eval', run, '--text', file];
    const onBoard = ['run', run, '--board', 'virtual', '--prompt', 'Once'];
    for (const command of [['generate', run], ['build', run], onBoard, evaluate]) {
      const error = await errorOf(command, 1);
      expect(error).toMatchObject({ code: 'checkpoint.not-finite' });
      expect(error.message).toContain('model.norm.weight');
    }
  });

  it('a tokenizer of more tokens than the model knows', async () => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--steps', '0', '--json'])).run);
    const alphabet = Array.from({ length: 200 }, (_, i) => 0x100 + i);
    writeFileSync(join(run, 'tokenizer.json'), writeHuggingFace(alphabetModel('char', alphabet)));
    for (const command of ['generate', 'build']) {
      const error = await errorOf([command, run], 1);
      expect(error).toMatchObject({ code: 'tokenizer.vocabulary' });
      expect(error.message).toContain('vocab_size is 128');
      expect(error.remedy).toContain('train again');
    }
  });

  it('a missing compiler, where nothing may be installed', async () => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--steps', '1', '--json'])).run);
    const env = { PATH: temporaryFolder(), HOME: temporaryFolder(), STARMIND_NO_INSTALL: '1' };
    const error = await errorOf(['build', run], 3, env);
    expect(error).toMatchObject({ code: 'tool.missing' });
    expect(error.message).toContain('arm-none-eabi-gcc');
  });

  it('a model that cannot fit, before anything is built', async () => {
    const architecture = { ...smallModel.architecture, dim: 512, hidden_dim: 512, head_dim: 8 };
    const file = modelFile({
      ...smallModel,
      architecture,
      data: { source: 'starter', max_bytes: 20_000 },
    });
    const run = String(jsonOf(await starmind(['train', file, '--steps', '0', '--json'])).run);
    expect(await errorOf(['build', run], 1)).toMatchObject({ code: 'model.too-large' });
  });

  it('an absent port, and a prompt that is too long for every board', async () => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--steps', '1', '--json'])).run);
    const port = join(dirname(file), 'tty-missing');
    const error = await errorOf(['run', run, '--board', port, '--prompt', 'x'], 4);
    expect(error.code).toMatch(/^board\./);
    // The command knows this limit without the board.
    const prompt = 'x'.repeat(600);
    for (const command of [
      ['generate', run],
      ['run', run],
      ['run', run, '--board', port],
    ]) {
      const long = await errorOf([...command, '--prompt', prompt], 1);
      expect(long.code).toBe('prompt.too-long');
      expect(long.message).toMatch(/^The prompt has .* tokens; the .* has room for 47\.$/);
    }
    const spoken = ['generate', 'run'].map((command) =>
      errorOf([command, run, '--prompt', 'z.'.repeat(50)], 1),
    );
    const [host, board] = await Promise.all(spoken);
    expect(host?.message).toMatch(/the context of 48 \(max_seq_len\) has room for 47\.$/);
    expect(board).toEqual(host);
  });

  it('a file that cannot be written whole, and the one before it is kept', async ({ skip }) => {
    if (process.platform === 'win32') skip('Windows has no limit on the size of files');
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--json'])).run);
    const files = readdirSync(run).sort();
    const before = files.map((name) => readFileSync(join(run, name)));
    // The limit cuts a write short before the next one fails, as a full disk does.
    const command = `trap '' XFSZ; ulimit -f 20; exec "$0" "$@" --json`;
    const limited = (...options: string[]) => {
      const args = [assetPath('cli.js'), 'train', file, ...options];
      const { status, stdout } = spawnSync('bash', ['-c', command, process.execPath, ...args]);
      expect(status).toBe(1);
      expect(JSON.parse(stdout.toString())).toMatchObject({ error: { code: 'run.unwritable' } });
      expect(readdirSync(dirname(run))).toEqual([basename(run)]);
      const left = readdirSync(run).sort();
      expect(files).toEqual(expect.arrayContaining(left));
      return files.filter(
        (name, i) => !left.includes(name) || !readFileSync(join(run, name)).equals(before[i]!),
      );
    };
    expect(limited()).toEqual([]);
    const changed = limited('--resume', '--steps', '40');
    // They belong to the training that has ended; the next one makes them again.
    const course = ['metrics.jsonl', 'samples.jsonl', 'progress.json'];
    const conclusion = [...course, 'model.img', 'summary.json'];
    expect(changed.filter((name) => !conclusion.includes(name))).toEqual([]);
  });

  it('a folder that may not be written', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may write everywhere');
    const file = modelFile(smallModel);
    chmodSync(dirname(file), 0o500);
    expect(await errorOf(['train', file], 1)).toMatchObject({ code: 'run.unwritable' });
  });

  it('a model.json that exists is not overwritten', async () => {
    const file = modelFile(smallModel);
    expect(await errorOf(['new', dirname(file)], 1)).toMatchObject({ code: 'model.exists' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(smallModel);
  });

  it.each([['frobnicate'], ['train'], ['train', 'x', '--steps', 'many']])(
    'wrong usage: %s',
    async (...args) => {
      expect((await starmind(args)).status).toBe(2);
    },
  );
});

describe('commands never damage files of others', () => {
  it('every other command refuses a run that is being trained', async () => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--steps', '2', '--json'])).run);
    const before = readFileSync(join(run, 'checkpoint.safetensors'));
    writeFileSync(join(dirname(file), 'text.txt'), 'Once upon a time.\n');
    const text = join(dirname(file), 'text.txt');
    await whileTraining(runFolder(run), async () => {
      for (const args of [
        ['train', file],
        ['train', file, '--resume', '--steps', '4'],
        ['eval', run, '--text', text],
        ['generate', run],
        ['build', run],
        ['run', run, '--board', 'virtual'],
        ['bench', run, '--board', 'virtual'],
      ]) {
        const { code, message } = await errorOf(args, 1);
        expect([args[0], code]).toEqual([args[0], 'run.busy']);
        expect(message).toContain(`process ${process.pid}`);
      }
    });
    expect(readFileSync(join(run, 'checkpoint.safetensors'))).toEqual(before);
  });

  it('resuming refuses a changed configuration', async () => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--steps', '2', '--json'])).run);
    const architecture = { ...smallModel.architecture, activation: 'relu' };
    writeFileSync(file, JSON.stringify({ ...smallModel, architecture }));
    const error = await errorOf(['train', file, '--resume', '--steps', '4'], 1);
    expect(error.code).toBe('resume.changed');
    expect(error.message).toContain('architecture.activation was "silu" and is "relu"');

    const training = { ...smallModel.training, learning_rate: 0.001 };
    writeFileSync(file, JSON.stringify({ ...smallModel, training }));
    const resumed = await starmind(['train', file, '--resume', '--steps', '4', '--json']);
    expect(jsonOf(resumed)).toMatchObject({ run, steps: 4 });
  });

  it('resuming refuses a changed text', async () => {
    const story = 'Once upon a time there was a cat who sat on a mat all day.\n<|endoftext|>\n';
    const data = { source: 'text.txt' };
    const file = modelFile({ ...smallModel, data }, { 'text.txt': story.repeat(80) });
    await starmind(['train', file, '--steps', '2']);
    writeFileSync(join(dirname(file), 'text.txt'), story.repeat(81));
    expect(await errorOf(['train', file, '--resume', '--steps', '4'], 1)).toMatchObject({
      code: 'resume.tokens',
    });
  });

  it('training refuses a folder with files of the user', async () => {
    const file = modelFile(smallModel, { 'tokenizer.json': 'mine' });
    const folder = dirname(file);
    const error = await errorOf(['train', file, '--steps', '1', '--out', folder], 1);
    expect(error.code).toBe('run.foreign-files');
    expect(readFileSync(join(folder, 'tokenizer.json'), 'utf8')).toBe('mine');

    rmSync(join(folder, 'tokenizer.json'));
    const text = readFileSync(file, 'utf8');
    const outcome = await starmind(['train', file, '--steps', '1', '--out', folder, '--json']);
    expect(jsonOf(outcome)).toMatchObject({ run: folder });
    expect(readFileSync(file, 'utf8')).toBe(text);
    // A later training recognises the files of an earlier one.
    expect((await starmind(['train', file, '--steps', '1', '--out', folder])).status).toBe(0);
  });
});
