import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chip } from '../../../src/core/chip';
import { RegionFile } from '../../../src/node/board/virtual/region-file';
import type { KnownRegion } from '../../../src/emulator';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'starmind-regions-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const regions: KnownRegion[] = Array.from({ length: 20 }, (_, at) => ({
  body: Uint8Array.of(1, 2, at),
  locals: 3,
  entries: [{ start: 0x10000100 + 16 * at, index: 0, mostCycles: 5 }],
  code: [{ start: 0x10000100 + 16 * at, bytes: Uint8Array.of(at, 0) }],
}));

interface Of {
  program?: number;
  image?: number;
  emulator?: number;
}

function fileOf({ program = 1, image = 1, emulator = 1 }: Of = {}): RegionFile {
  return new RegionFile(folder, Uint8Array.of(emulator), {
    flash: [
      { offset: 0x100, data: Uint8Array.of(program) },
      { offset: chip.modelFlashOffset, data: Uint8Array.of(image) },
    ],
  });
}

function only(): string {
  const [name = '', ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  return join(folder, name);
}

test('translations of a program are found again, whatever its model image is', () => {
  expect(fileOf().load()).toEqual([]);
  fileOf().save(regions);
  expect(fileOf({ image: 2 }).load()).toEqual(regions);
  expect(fileOf({ program: 2 }).load()).toEqual([]);
  expect(fileOf({ emulator: 2 }).load()).toEqual([]);
});

test('a few new translations are not worth a file', () => {
  const file = fileOf();
  file.save(regions);
  const again = fileOf();
  const loaded = again.load();
  rmSync(only());
  again.save([...loaded, ...regions.slice(0, 3)]);
  expect(readdirSync(folder)).toEqual([]);
  again.save([...loaded, ...regions.slice(0, 10)]);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('damaged files are as none', () => {
  fileOf().save(regions);
  const path = only();
  const content = readFileSync(path);
  content[100] = 255 - (content[100] ?? 0);
  writeFileSync(path, content);
  expect(fileOf().load()).toEqual([]);
  truncateSync(path, 10);
  expect(fileOf().load()).toEqual([]);
});

test('a folder that cannot be written is no error', () => {
  writeFileSync(join(folder, 'file'), '');
  folder = join(folder, 'file');
  expect(() => fileOf().save(regions)).not.toThrow();
  expect(fileOf().load()).toEqual([]);
});

test('the programs that were used last are kept', () => {
  for (let program = 0; program < 20; program++) {
    fileOf({ program }).save(regions);
    // All at once would be of the same age.
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      utimesSync(path, new Date(), new Date(Date.now() - 1000));
    }
  }
  expect(readdirSync(folder)).toHaveLength(16);
  expect(fileOf({ program: 19 }).load()).toEqual(regions);
});
