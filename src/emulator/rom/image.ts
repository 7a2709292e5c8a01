import { floatEntries, floatTables } from './floating-point';

/**
 * A boot ROM of our own: Raspberry Pi's may not be copied. It has the layout that the RP2040
 * datasheet describes (2.8.3, "Bootrom Contents"), and each routine is a trap into TypeScript.
 */

/** Routines that programs look up by two letters. */
export const romFunctions = [
  'P3', // count the bits that are set
  'R3', // reverse the bits
  'L3', // count leading zeros
  'T3', // count trailing zeros
  'MS', // fill bytes
  'S4', // fill words
  'MC', // copy bytes
  'C4', // copy words
  'IF', // connect the flash
  'EX', // leave execute-in-place
  'RE', // erase flash
  'RP', // program flash
  'FC', // flush the flash cache
  'CX', // enter execute-in-place
  'UB', // reboot into the USB boot loader
] as const;

export type RomFunction = (typeof romFunctions)[number];

/** Numbers of the traps that are not looked up; those of `romFunctions`, then those of floats follow. */
export const romTrap = {
  reset: 0,
  hang: 1,
  lookup: 2,
  launch: 3,
  firstFunction: 4,
  firstFloat: 4 + romFunctions.length,
} as const;

/** Below it lies the second-stage boot loader when it runs. */
export const initialStack = 0x20041f00;

/** The pico-sdk patches the ROM of chip versions before this one. */
const romVersion = 3;
const romWords = 4096;

const offset = {
  magic: 0x10,
  functionTable: 0x14,
  dataTable: 0x16,
  lookup: 0x18,
  stubs: 0x100,
  tables: 0x400,
} as const;

const stubBytes = 4;
/** `bx lr` */
const returnToCaller = 0x4770;

/** Address of a trap's routine, with the Thumb bit. */
export function routine(trap: number): number {
  return (offset.stubs + trap * stubBytes) | 1;
}

function code(letters: string): number {
  return letters.charCodeAt(0) | (letters.charCodeAt(1) << 8);
}

/** The 16 KB of the boot ROM as rp2040js takes them. */
export function romImage(): Uint32Array {
  const words = new Uint32Array(romWords);
  const view = new DataView(words.buffer);
  [initialStack, routine(romTrap.reset), routine(romTrap.hang), routine(romTrap.hang)].forEach(
    (word, index) => view.setUint32(4 * index, word, true),
  );
  [0x4d, 0x75, 1, romVersion].forEach((byte, index) => view.setUint8(offset.magic + index, byte));

  const traps = romTrap.firstFloat + floatTables.length * floatEntries;
  for (let trap = 0; trap < traps; trap++) {
    view.setUint16(routine(trap) - 1, 0xde00 | trap, true);
    view.setUint16(routine(trap) + 1, returnToCaller, true);
  }

  // Pairs of a code and an address, ended by a zero code, which the memory already holds.
  let end: number = offset.tables;
  const table = (entries: readonly (readonly [string, number])[]): number => {
    const start = end;
    for (const [letters, address] of entries) {
      view.setUint16(end, code(letters), true);
      view.setUint16(end + 2, address, true);
      end += 4;
    }
    end += 4;
    return start;
  };
  const functions = romFunctions.map(
    (letters, index) => [letters, routine(romTrap.firstFunction + index)] as const,
  );
  view.setUint16(offset.functionTable, table(functions), true);
  const floats = floatTables.map((letters, index) => [letters, floatTable(index)] as const);
  view.setUint16(offset.dataTable, table(floats), true);
  view.setUint16(offset.lookup, routine(romTrap.lookup), true);
  return words;

  /** Routines of floating point; the byte two before a table tells its entries. */
  function floatTable(index: number): number {
    view.setUint8(end + 2, floatEntries);
    const start = end + 4;
    const first = romTrap.firstFloat + index * floatEntries;
    for (let entry = 0; entry < floatEntries; entry++) {
      view.setUint32(start + 4 * entry, routine(first + entry), true);
    }
    end = start + 4 * floatEntries;
    return start;
  }
}
