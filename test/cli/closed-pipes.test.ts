import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assetPath } from '../../src/node/assets';
import { seededRandom } from '../unit/tokenizer/samples';
import { jsonOf, modelFile, smallModel, starmind, temporaryFolder } from './starmind';

const isWindows = process.platform === 'win32';
const cli = assetPath('cli.js');

/**
 * Runs a shell's pipeline in which `starmind` is the program; returns the result of the command.
 */
function pipeline(line: string, ...args: string[]): { status: string; stderr: string } {
  const program = `starmind() { "${process.execPath}" "${cli}" "$@"; }`;
  const script = `${program}; ${line}; echo "\${PIPESTATUS[0]}" >&2`;
  const { stderr } = spawnSync('bash', ['-c', script, 'bash', ...args], { encoding: 'utf8' });
  const lines = stderr.trimEnd().split('\n');
  return { status: lines.pop() ?? '', stderr: lines.join('\n') };
}

describe.skipIf(isWindows)('a reader that closes the pipe', () => {
  it.each([
    'starmind doctor | true',
    'starmind doctor --json | head -c 1',
    'starmind --help | true',
    'starmind frobnicate 2>&1 | true',
    'starmind new "$1" | true',
    'starmind estimate "$2" | head -1',
    'starmind estimate "$2" --json | true',
    'starmind generate "$3" --tokens 4000 | head -c 3',
    'starmind train "$2" --steps 100000 --out "$4" 2>&1 | head -1',
  ])('ends %s quietly', async (line) => {
    const file = modelFile(smallModel);
    const run = String(jsonOf(await starmind(['train', file, '--steps', '1', '--json'])).run);
    const folder = temporaryFolder();
    const ended = pipeline(line, join(folder, 'new'), file, run, join(folder, 'run'));
    expect(ended.stderr.replace(/^warning: .*$/gm, '').trim()).toBe('');
    expect(ended.status).toBe('0');
  });

  it('a full disk is reported as an error', ({ skip }) => {
    if (process.platform !== 'linux') skip('only Linux has a device that is always full');
    const { status, stderr } = pipeline('starmind doctor > /dev/full');
    expect(stderr).toMatch(/^error: standard output cannot be written: .*ENOSPC/);
    expect(status).toBe('1');
  });
});

it.skipIf(isWindows)('Ctrl+C stops learning a tokenizer from text without spaces', async () => {
  const random = seededRandom(5);
  const letters = Uint8Array.from({ length: 4e6 }, () => 97 + Math.floor(26 * random()));
  const model = {
    ...smallModel,
    architecture: { ...smallModel.architecture, vocab_size: 4096 },
    data: { source: 'letters.txt' },
  };
  const file = modelFile(model, { 'letters.txt': letters });
  const child = spawn(process.execPath, [cli, 'train', file]);
  let interruptedAt = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    if (interruptedAt > 0 || !chunk.toString().includes('tokenizer: learnt')) return;
    interruptedAt = performance.now();
    child.kill('SIGINT');
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status).toBe(130);
  expect(performance.now() - interruptedAt).toBeLessThan(1000);
});

it('generate writes nothing into a run, even when its image is missing', async () => {
  const file = modelFile(smallModel);
  const run = String(jsonOf(await starmind(['train', file, '--steps', '1', '--json'])).run);
  rmSync(join(run, 'model.img'));
  const before = readdirSync(run).sort();
  expect((await starmind(['generate', run, '--tokens', '3'])).status).toBe(0);
  expect(readdirSync(run).sort()).toEqual(before);
});

it('numbers in options obey the rules of model.json', async () => {
  const file = modelFile(smallModel);
  const run = join(temporaryFolder(), 'run');
  mkdirSync(run);
  const refused: [string[], string][] = [
    [['train', file, '--steps', '-1'], 'It must be at least 0.'],
    [['train', file, '--steps', '1.5'], 'It must be an integer.'],
    [['train', file, '--steps', '0x10'], 'Give a number.'],
    [['train', file, '--minutes', '0'], 'It must be more than 0.'],
    [['generate', run, '--top-p', '0'], 'It must be more than 0.'],
    [['generate', run, '--top-k', '65536'], 'It must be at most 65535.'],
    [['generate', run, '--temperature', '11'], 'It must be at most 10.'],
    [['run', run, '--seed', '4294967296'], 'It must be at most 4294967295.'],
    [['run', run, '--tokens', '1.5'], 'Give a whole number from 0 to 4294967295.'],
  ];
  for (const [args, why] of refused) {
    const { status, stderr } = await starmind(args);
    expect(stderr).toContain(why);
    expect(status).toBe(2);
  }
});

it('UTF-16 is named, in model.json and tokenizer.json', async () => {
  const text = JSON.stringify({ ...smallModel, tokenizer: { path: 't.json' } });
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  const file = modelFile(JSON.parse(text) as object, { 't.json': utf16 });
  const tokenizer = await starmind(['train', file]);
  expect(tokenizer.stderr).toContain('The tokenizer file is UTF-16');
  for (const bytes of [utf16, Buffer.from(utf16).swap16(), utf16.subarray(2)]) {
    writeFileSync(file, bytes);
    const { status, stderr } = await starmind(['estimate', file]);
    expect(stderr).toContain('The file is UTF-16; JSON is UTF-8.');
    expect(status).toBe(1);
  }
});
