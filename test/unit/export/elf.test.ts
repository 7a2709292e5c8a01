import { describe, expect, test } from 'vitest';
import { elfSectionFlag, readElf } from '../../../src/core/export/elf';
import { elfFile, stringTable, symbolTable } from './elf-file';

const text = Uint8Array.of(1, 2, 3, 4);
const data = Uint8Array.of(5, 6);

function firmware(): Uint8Array {
  const names = stringTable(['main', 'starmind_arena', '__StackTop']);
  const symbols = [
    { address: 0x10000101, size: 4, section: 1 },
    { address: 0x20000000, size: 2, section: 2 },
    { address: 0x20042000, size: 0, section: 0xfff1 },
  ].map((symbol, index) => ({ ...symbol, name: names.offsets[index] ?? 0 }));
  return elfFile(
    [
      { type: 1, virtual: 0x10000100, physical: 0x10000100, data: text },
      { type: 1, virtual: 0x20000000, physical: 0x10000104, data },
      { type: 1, virtual: 0x20001000, physical: 0x20001000, data: new Uint8Array() },
      { type: 0x6474e551, virtual: 0, physical: 0, data: text },
    ],
    [
      { name: '.text', type: 1, flags: 6, address: 0x10000100, data: text },
      { name: '.data', type: 1, flags: 3, address: 0x20000000, data },
      { name: '.symtab', type: 2, flags: 0, address: 0, data: symbolTable(symbols), link: 4 },
      { name: '.strtab', type: 3, flags: 0, address: 0, data: names.data },
    ],
  );
}

describe('ELF', () => {
  test('yields the contents of the flash, at physical addresses', () => {
    const { value, problems } = readElf(firmware());
    expect(problems).toEqual([]);
    expect(value?.entry).toBe(0x100001e9);
    expect(value?.segments).toEqual([
      { address: 0x10000100, data: text },
      { address: 0x10000104, data },
    ]);
  });

  test('names sections and symbols', () => {
    const { value } = readElf(firmware());
    const allocated = value?.sections.filter(({ flags }) => flags & elfSectionFlag.allocated);
    expect(allocated).toEqual([
      { name: '.text', type: 1, flags: 6, address: 0x10000100, size: 4 },
      { name: '.data', type: 1, flags: 3, address: 0x20000000, size: 2 },
    ]);
    expect(value?.symbols).toEqual([
      { name: 'main', address: 0x10000101, size: 4, section: '.text' },
      { name: 'starmind_arena', address: 0x20000000, size: 2, section: '.data' },
      { name: '__StackTop', address: 0x20042000, size: 0, section: undefined },
    ]);
  });

  test('reads a file inside a larger buffer', () => {
    const file = firmware();
    const moved = new Uint8Array(file.length + 3);
    moved.set(file, 3);
    expect(readElf(moved.subarray(3)).value).toEqual(readElf(file).value);
  });

  test('a file cut off anywhere is a problem, not an exception', () => {
    const file = firmware();
    for (let length = 0; length < file.length; length += 3) {
      const { problems, value } = readElf(file.subarray(0, length));
      if (!value) expect(problems[0]?.code).toBe(length < 52 ? 'elf.foreign' : 'elf.truncated');
    }
    expect(readElf(file.subarray(0, 100)).value).toBeUndefined();
  });

  test.each([
    ['another kind of file', 0, 0x4d],
    ['a 64-bit file', 4, 2],
    ['a big-endian file', 5, 2],
    ['another processor', 18, 243],
  ])('refuses %s', (_, offset, value) => {
    const file = firmware();
    file[offset] = value;
    expect(readElf(file).problems.map(({ code }) => code)).toEqual(['elf.foreign']);
  });

  test('refuses tables with entries too small to be read', () => {
    const file = firmware();
    new DataView(file.buffer).setUint16(46, 8, true);
    expect(readElf(file).problems.map(({ code }) => code)).toEqual(['elf.truncated']);
  });
});
