import { describe, expect, test } from 'vitest';
import { readUf2, writeUf2, type Segment } from '../../../src/core/export/uf2';
import { numbersFrom } from '../board/random';

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

  test('passes over blocks that are not for the main flash', () => {
    for (const flags of [0x2001, 0x0001]) {
      expect(readUf2(edited(8, flags)).value).toEqual([
        { address: flash + 256, data: flashImage([{ address: flash, data: bytes(344, 1) }], 512) },
      ]);
    }
  });

  test.each([
    ['size', new Uint8Array()],
    ['size', bytes(513)],
    ['magic', edited(512, 0)],
    ['magic', edited(508, 0)],
    ['family', edited(28, 0xada52840)],
    ['family', edited(8, 0)],
    ['payload', edited(16, 477)],
    ['payload', edited(16, 0)],
    ['order', edited(20, 1)],
    ['order', edited(24, 9)],
  ])('refuses a file with a wrong %s', (kind, file) => {
    const { value, problems } = readUf2(file);
    expect(value).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual([`uf2.${kind}`]);
  });
});
