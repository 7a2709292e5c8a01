import { describe, expect, test } from 'vitest';
import { readUf2, sramEntry, writeUf2, type Segment } from '../../../src/core/export/uf2';
import { numbersFrom } from '../board/random';
import { blocksOf, joined, withHole } from './uf2-blocks';

const flash = 0x10000000;

function bytes(length: number, first = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (first + i) & 0xff);
}

/** Flash as a device would hold it after loading, erased first. */
function flashImage(segments: readonly Segment[], size: number): Uint8Array {
  const image = new Uint8Array(size).fill(0xff);
  for (const { address, data } of segments) image.set(data, address - flash);
  return image;
}

function edited(offset: number, value: number): Uint8Array {
  const file = writeUf2([{ address: flash, data: bytes(600) }]);
  new DataView(file.buffer).setUint32(offset, value, true);
  return file;
}

const rp2350Family = 0xe48bff59;
/** Family of the block that works around erratum RP2350-E10. */
const absoluteFamily = 0xe48bff57;

function everyBlock(file: Uint8Array, offset: number, value: number): Uint8Array {
  const blocks = blocksOf(file);
  for (const block of blocks) new DataView(block.buffer).setUint32(offset, value, true);
  return joined(...blocks);
}

describe('UF2', () => {
  test('writes the header the boot ROM expects', () => {
    const file = writeUf2([{ address: flash, data: bytes(257) }]);
    expect(file.length).toBe(1024);
    const words = Array.from({ length: 8 }, (_, i) =>
      new DataView(file.buffer).getUint32(512 + 4 * i, true),
    );
    expect(words).toEqual([0x0a324655, 0x9e5d5157, 0x2000, 0x10000100, 256, 1, 2, 0xe48bff56]);
    expect(file[512 + 33]).toBe(0xff);
    expect(new DataView(file.buffer).getUint32(1020, true)).toBe(0x0ab16f30);
  });

  test('a gap costs no more than the rest of its sector, which the boot ROM needs', () => {
    const far = { address: flash + 0x100100, data: bytes(4) };
    const file = writeUf2([far, { address: flash + 0x1200, data: bytes(4) }]);
    const view = new DataView(file.buffer);
    const addresses = Array.from({ length: file.length / 512 }, (_, block) =>
      view.getUint32(512 * block + 12, true),
    );
    const sector = Array.from({ length: 16 }, (_, page) => flash + 0x1000 + 256 * page);
    expect(addresses).toEqual([...sector, flash + 0x100000, flash + 0x100100]);
    expect(file.subarray(32, 32 + 256).every((byte) => byte === 0xff)).toBe(true);
  });

  test('segments that share a page share its block', () => {
    const file = writeUf2([
      { address: flash + 0x80, data: bytes(16, 50) },
      { address: flash, data: bytes(16) },
    ]);
    expect(file.length).toBe(512);
    expect([file[32], file[32 + 0x7f], file[32 + 0x80]]).toEqual([1, 0xff, 50]);
  });

  test('any segments come back as the same flash contents', () => {
    const random = numbersFrom(7);
    for (let round = 0; round < 50; round++) {
      const segments = Array.from({ length: 1 + random(4) }, () => ({
        address: flash + random(5000),
        data: bytes(1 + random(900), random(256)),
      }));
      const { value, problems } = readUf2(writeUf2(segments));
      expect(problems).toEqual([]);
      expect(Buffer.compare(flashImage(value ?? [], 8192), flashImage(segments, 8192))).toBe(0);
    }
  });

  test('reads a file inside a larger buffer', () => {
    const file = writeUf2([{ address: flash, data: bytes(256) }]);
    const moved = new Uint8Array(file.length + 7);
    moved.set(file, 7);
    expect(readUf2(moved.subarray(7)).value).toEqual([{ address: flash, data: bytes(256) }]);
  });

  test('skips blocks for other chips, or not for the main flash, as the boot ROM does', () => {
    const segments = [{ address: flash, data: bytes(512) }];
    const ours = writeUf2(segments);
    const theirs = writeUf2([{ address: flash, data: bytes(768, 9) }]);
    for (const [offset, value] of [
      [28, rp2350Family],
      [28, absoluteFamily],
      [8, 0x2001],
      [8, 0],
    ] as const) {
      const others = everyBlock(theirs, offset, value);
      for (const file of [joined(others, ours), joined(ours, others)]) {
        expect(readUf2(file)).toEqual({ value: segments, problems: [] });
      }
    }
  });

  test('accepts blocks in any order, and twice, but needs all of them', () => {
    const segments = [{ address: flash, data: bytes(768) }];
    const blocks = blocksOf(writeUf2(segments));
    const [first, second, third] = blocks as [Uint8Array, Uint8Array, Uint8Array];
    expect(readUf2(joined(third, first, second, first)).value).toEqual(segments);
    expect(readUf2(joined(third, first)).problems).toMatchObject([
      { code: 'uf2.incomplete', message: expect.stringMatching(/3 blocks .* has 2/) },
    ]);
  });

  test('fills a hole within a sector with a warning, but not the end of the last sector', () => {
    const { value, problems } = readUf2(
      withHole(writeUf2([{ address: flash, data: bytes(1024) }])),
    );
    expect(problems).toMatchObject([{ code: 'uf2.holes', severity: 'warning' }]);
    const image = flashImage([{ address: flash, data: bytes(1024) }], 1024);
    image.fill(0xff, 256, 768);
    expect(value).toEqual([{ address: flash, data: image }]);
    expect(readUf2(writeUf2(value ?? [])).problems).toEqual([]);
  });

  test('a program in SRAM begins at its lowest address, and has no sectors', () => {
    const program = [{ address: 0x20000100, data: bytes(256) }];
    const { value = [], problems } = readUf2(writeUf2(program));
    expect([value, problems]).toEqual([program, []]);
    expect(sramEntry(value)).toBe(0x20000100);
    expect(sramEntry([{ address: flash, data: bytes(256) }])).toBeUndefined();
  });

  test.each([
    ['size', new Uint8Array()],
    ['size', bytes(513)],
    ['magic', edited(512, 0)],
    ['magic', edited(508, 0)],
    ['family', everyBlock(edited(0, 0x0a324655), 28, 0xada52840)],
    ['family', everyBlock(edited(0, 0x0a324655), 8, 0)],
    ['incomplete', edited(28, 0xada52840)],
    ['incomplete', edited(20, 1)],
    ['payload', edited(16, 255)],
    ['payload', edited(16, 0)],
    ['address', edited(12, flash + 1)],
    ['address', edited(12, 0x11000000)],
    ['address', edited(12, 0x20000000)],
    ['order', edited(20, 3)],
    ['order', edited(24, 9)],
  ])('refuses a file with a wrong %s', (kind, file) => {
    const { value, problems } = readUf2(file);
    expect(value).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual([`uf2.${kind}`]);
  });
});
