import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { FirmwareInput } from '../../../src/node/build/model-folder';
import { builtUf2, noteBuilt, uf2Of } from '../../../src/node/run/built-firmware';
import { runFolder, type RunFolder } from '../../../src/node/run/folder';

const input: FirmwareInput = {
  image: Uint8Array.from([1, 2, 3]),
  buffers: { arenaBytes: 4096, weightsBytes: 0 },
  clockMhz: 125,
  cores: 1,
};

let run: RunFolder;

beforeEach(async () => {
  run = runFolder(await mkdtemp(join(tmpdir(), 'starmind-run-')));
  onTestFinished(() => rm(run.path, { recursive: true }));
  await mkdir(run.build);
  await writeFile(uf2Of(run), 'firmware');
});

test('firmware of the same input is known again', async () => {
  expect(await builtUf2(run, input, 'pico')).toBeUndefined();
  await noteBuilt(run, input, 'pico');
  expect(await builtUf2(run, structuredClone(input), 'pico')).toEqual(Buffer.from('firmware'));
});

test.each<[string, Partial<FirmwareInput>]>([
  ['image', { image: Uint8Array.from([1, 2, 4]) }],
  ['size of a buffer', { buffers: { arenaBytes: 4096, weightsBytes: 1 } }],
  ['clock', { clockMhz: 133 }],
  ['number of cores', { cores: 2 }],
])('another %s needs a build', async (_, changed) => {
  await noteBuilt(run, input, 'pico');
  expect(await builtUf2(run, { ...input, ...changed }, 'pico')).toBeUndefined();
});

test('so do another board, and another file in the place of the firmware', async () => {
  await noteBuilt(run, input, 'pico');
  expect(await builtUf2(run, input, 'pico_w')).toBeUndefined();
  await writeFile(uf2Of(run), 'another');
  expect(await builtUf2(run, input, 'pico')).toBeUndefined();
});
