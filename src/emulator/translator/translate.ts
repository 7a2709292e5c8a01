import { sramBase } from '../chip/address-map';
import type { Bus } from '../chip/bus';
import type { Core } from '../thumb/core';
import { tableOf } from '../thumb/decode';
import { arithmetic } from './arithmetic';
import { bits } from './bits';
import { BlockWriter } from './block-writer';
import { branches, translateCall } from './branches';
import { memory } from './memory';

/**
 * Runs the instructions of a basic block on a core and returns their cycles, 0 when the first of
 * them is for the interpreter. All the rest it does is what interpreting them would have done.
 *
 * @param R the core's registers, with sign
 * @param a 1 when the block was branched to, else 0
 * @param stop cycles from which on a block that is a loop does not begin another round
 * @param limit cycles that it must not exceed, waits for data in flash aside
 */
export type BlockFunction = (
  core: Core,
  R: Int32Array,
  bus: Bus,
  a: number,
  stop: number,
  limit: number,
) => number;

export interface TranslatedBlock {
  run: BlockFunction;
  /** The most cycles of one pass, waits for data in flash aside. */
  mostCycles: number;
  /** Address behind the last instruction. */
  end: number;
}

/** What translated code works on. */
export interface TranslatorMemory {
  sram: ArrayBuffer;
  flash: ArrayBuffer;
  /** Addresses that blocks must not go over: debuggers halt there. */
  breakpoints: ReadonlySet<number>;
  /** Which units of SRAM hold translated code. */
  code: Uint8Array;
  /** Notes an access to the flash; returns the cycles that it waits. */
  touch: (address: number) => number;
}

/**
 * A core may yield to the other only where it has branched, or at an address that is a multiple of
 * this: no straight-line code is longer.
 */
export const yieldBytes = 128;

const plain = tableOf([...arithmetic, ...bits]);
/** These account for their fetch themselves: the interpreter may have to execute them. */
const careful = tableOf([...memory, ...branches]);

const noOperation = 0xbf00;

const parameters = ['core', 'R', 'bus', 'a', 'stop', 'limit'];
const surroundings = [
  ...['m8', 'ms8', 'm16', 'ms16', 'm32'],
  ...['f8', 'fs8', 'f16', 'fs16', 'f32'],
  ...['code', 'touch'],
];

/** Whether a half-word is the first of an instruction that has two. */
function isWide(opcode: number): boolean {
  return opcode >>> 11 === 0b11110;
}

/** Makes functions of the instructions in a memory. */
export class Translator {
  private readonly values: readonly unknown[];
  private readonly sram: Uint16Array;
  private readonly flash: Uint16Array;
  private readonly breakpoints: ReadonlySet<number>;

  constructor({ sram, flash, breakpoints, code, touch }: TranslatorMemory) {
    this.breakpoints = breakpoints;
    const views = (buffer: ArrayBuffer) => [
      new Uint8Array(buffer),
      new Int8Array(buffer),
      new Uint16Array(buffer),
      new Int16Array(buffer),
      new Int32Array(buffer),
    ];
    this.values = [...views(sram), ...views(flash), code, touch];
    this.sram = new Uint16Array(sram);
    this.flash = new Uint16Array(flash);
  }

  /** The block that begins at an address; undefined when its first instruction is for the interpreter. */
  translate(start: number): TranslatedBlock | undefined {
    const writer = new BlockWriter(start);
    while (!this.breakpoints.has(writer.address) && this.translateOne(writer)) {
      if (writer.ended) break;
      writer.address += 2;
      if (writer.address % yieldBytes === 0) break;
    }
    let end = writer.address;
    if (writer.ended) end += isWide(this.fetch(end)) ? 4 : 2;
    else if (end === start) return undefined;
    else writer.fallOut();
    const { body, mostCycles } = writer.finish();
    const text = `return function b_${start.toString(16)}(${parameters.join(',')}){${body}}`;
    // Code made from the program that is being emulated, which can name nothing but its parameters.
    const run = new Function(...surroundings, text)(...this.values) as BlockFunction;
    return { run, mostCycles, end };
  }

  /** Writes the instruction at the writer's address; false when it is for the interpreter. */
  private translateOne(writer: BlockWriter): boolean {
    const opcode = this.fetch(writer.address);
    if (isWide(opcode)) return this.translateWide(writer, opcode);
    const carefully = careful[opcode];
    if (carefully) return carefully(writer, opcode) !== false;
    if (plain[opcode]?.(writer, opcode) === false) return false;
    if (!plain[opcode]) {
      if (opcode !== noOperation) return false;
      writer.spend(1);
    }
    writer.fetch();
    return true;
  }

  private translateWide(writer: BlockWriter, first: number): boolean {
    const second = this.fetch(writer.address + 2);
    if ((second & 0xd000) !== 0xd000) return false;
    translateCall(writer, first, second);
    return true;
  }

  private fetch(address: number): number {
    if (address >= sramBase) return this.sram[(address - sramBase) >>> 1] ?? 0;
    return this.flash[(address & 0xffffff) >>> 1] ?? 0;
  }
}
