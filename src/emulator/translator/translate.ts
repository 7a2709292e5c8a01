import { sramBase } from '../chip/address-map';
import type { Bus } from '../chip/bus';
import type { Core } from '../thumb/core';
import { tableOf } from '../thumb/decode';
import { arithmetic } from './arithmetic';
import { bits } from './bits';
import { BlockWriter } from './block-writer';
import { branches, translateCall } from './branches';
import { memory } from './memory';
import { RegionWriter } from './region-writer';

/**
 * Runs instructions of a region on a core, from one of its blocks on, and returns their cycles, 0 when
 * the first of them is for the interpreter. All the rest it does is what interpreting them would have
 * done.
 *
 * @param R the core's registers, with sign
 * @param a 1 when the block was branched to, else 0
 * @param soft cycles from which on no other block is begun
 * @param limit cycles that it must not exceed, waits for data in flash aside
 * @param p the block's index
 */
export type RegionFunction = (
  core: Core,
  R: Int32Array,
  bus: Bus,
  a: number,
  soft: number,
  limit: number,
  p: number,
) => number;

/** A place in translated code at which a core may begin. */
export interface TranslatedBlock {
  run: RegionFunction;
  index: number;
  /** How often it is still to be entered before its region is made wider. */
  entriesLeft: number;
  /** The most cycles of one pass, waits for data in flash aside. */
  mostCycles: number;
}

/** Instructions from one address up to another. */
export interface Span {
  start: number;
  end: number;
}

/** Blocks that branch to each other, in one function. */
export interface TranslatedRegion {
  blocks: Map<number, TranslatedBlock>;
  /** All that it was made from. */
  spans: Span[];
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

const parameters = ['core', 'R', 'bus', 'a', 'soft', 'limit', 'p'];
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

  /**
   * The region of the block that begins at an address; it has no block where the interpreter has to
   * execute the first instruction.
   *
   * @param wants whether a place that the code leads to is to be part of it
   * @param entriesLeft of its blocks
   */
  translate(
    start: number,
    wants: (address: number) => boolean,
    entriesLeft: number,
  ): TranslatedRegion {
    const region = new RegionWriter(wants);
    const spans: Span[] = [];
    const empty = new Set<number>();
    region.begin(start);
    for (let at = region.next(); at !== undefined; at = region.next()) {
      const writer = new BlockWriter(at, region);
      const end = this.write(writer, region);
      if (end === at) empty.add(at);
      spans.push({ start: at, end: Math.max(end, at + 2) });
      region.end(at, writer.source, writer.mostCycles);
    }
    if (empty.has(start)) return { blocks: new Map(), spans: spans.slice(0, 1) };
    const { body, entries } = region.finish();
    // In brackets, V8 compiles it at once instead of looking it over first.
    const text = `return (function r_${start.toString(16)}(${parameters.join(',')}){${body}})`;
    // Code made from the program that is being emulated, which can name nothing but its parameters.
    const run = new Function(...surroundings, text)(...this.values) as RegionFunction;
    const blocks = new Map(
      entries
        .filter((entry) => !empty.has(entry.start))
        .map(({ start: at, index, mostCycles }) => [at, { run, index, entriesLeft, mostCycles }]),
    );
    return { blocks, spans };
  }

  /** Writes a block; returns the address behind its last instruction. */
  private write(writer: BlockWriter, region: RegionWriter): number {
    while (!this.breakpoints.has(writer.address) && this.translateOne(writer)) {
      if (writer.ended) return writer.address + (isWide(this.fetch(writer.address)) ? 4 : 2);
      writer.address += 2;
      if (writer.address % yieldBytes === 0 || region.has(writer.address)) {
        writer.goOn();
        return writer.address;
      }
    }
    // What comes now is for the interpreter.
    writer.emit(writer.leaveBefore());
    return writer.address;
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
