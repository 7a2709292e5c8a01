import { buildSync } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../../src/node/assets';
import { system } from '../../../src/node/process-identity';

const processes = 4;
const notes = 40;

/** Takes one note after the other as soon as all processes are there, and logs what it owns. */
const racer = `
import { appendFileSync } from 'node:fs';
import { whileOwning } from './src/node/ownership';
const [folder, notes, start] = process.argv.slice(2);
const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const busy = new Error('busy');
for (let i = 0; i < Number(notes); i++) {
  await pass(Number(start) + 60 * i - Date.now());
  const log = (what) => appendFileSync(folder + '/log-' + i, what);
  await whileOwning(folder + '/note-' + i, 'racing', { onOwned: () => { throw busy; } }, async () => {
    log('(');
    await pass(20);
    log(')');
  }).catch((error) => { if (error !== busy) throw error; });
}
`;

test('of processes that find the note of a dead owner at once, one gets it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'starmind-race-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'racer.mjs');
  buildSync({
    stdin: { contents: racer, resolveDir: packageRoot() },
    ...{ outfile: program, bundle: true, platform: 'node', format: 'esm' },
  });
  const dead = {
    activity: 'racing',
    pid: 2 ** 30,
    ...system(),
    since: Date.now(),
    token: 'dead',
  };
  for (let i = 0; i < notes; i++) writeFileSync(join(folder, `note-${i}`), JSON.stringify(dead));
  const start = String(Date.now() + 1500);
  const ends = Array.from({ length: processes }, () => {
    const child = spawn(process.execPath, [program, folder, String(notes), start], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
    return new Promise<string>((resolve) => child.on('close', () => resolve(errors)));
  });
  expect(await Promise.all(ends)).toEqual(Array.from({ length: processes }, () => ''));
  for (let i = 0; i < notes; i++) {
    // One after the other, and at least one.
    expect(readFileSync(join(folder, `log-${i}`), 'utf8'), `note ${i}`).toMatch(/^(\(\))+$/);
  }
}, 30_000);
