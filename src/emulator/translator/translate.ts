import type { ChipMemory } from '../chip/memory-map';
import { sramBase } from '../chip/address-map';
import { tableOf } from '../thumb/decode';
import { yieldBytes } from '../thumb/yield';
import { arithmetic } from './arithmetic';
import { bits } from './bits';
import { BlockWriter } from './block-writer';
import { branches, translateCall } from './branches';
import type { ForeseenAccess } from './interpolator-access';
import { lists } from './lists';
import { memory } from './memory';
import { system, translateSystem } from './system';
import { RegionWriter, type WrittenRegion } from './region-writer';

/** Instructions from one address up to another. */
export interface Span {
  start: number;
  end: number;
}

/** Blocks that branch to each other, in one function. */
export interface TranslatedRegion {
  /** Undefined where the interpreter has to execute the first instruction. */
  written: WrittenRegion | undefined;
  /** All that it was made from. */
  spans: Span[];
}

const plain = tableOf([...arithmetic, ...bits]);
/** These account for their fetch themselves: the interpreter may have to execute them. */
const careful = tableOf([...memory, ...lists, ...branches, ...system]);

const noOperation = 0xbf00;

/** Whether a half-word is the first of an instruction that has two. */
function isWide(opcode: number): boolean {
  return opcode >>> 11 === 0b11110;
}

/** Makes functions of the instructions in a memory. */
export class Translator {
  private readonly sram: Uint16Array;
  private readonly flash: Uint16Array;

  /** @param breakpoints addresses that blocks must not go over: debuggers halt there */
  constructor(
    { sram, flash }: ChipMemory,
    private readonly breakpoints: ReadonlySet<number>,
  ) {
    const halves = ({ buffer, byteOffset, length }: Uint8Array) =>
      new Uint16Array(buffer, byteOffset, length / 2);
    this.sram = halves(sram);
    this.flash = halves(flash);
  }

  /**
   * The region of the block that begins at an address.
   *
   * @param wants whether a place that the code leads to is to be part of it
   * @param foresee see RegionWriter
   */
  translate(
    start: number,
    wants: (address: number) => boolean,
    foresee: (address: number) => ForeseenAccess | undefined,
  ): TranslatedRegion {
    const region = new RegionWriter(wants, foresee);
    const spans: Span[] = [];
    const empty = new Set<number>();
    region.begin(start);
    for (let at = region.next(); at !== undefined; at = region.next()) {
      const writer = new BlockWriter(at, region);
      const end = this.write(writer, region);
      if (end === at) empty.add(at);
      spans.push({ start: at, end: Math.max(end, at + 2) });
      region.end(writer);
    }
    if (empty.has(start)) return { written: undefined, spans: spans.slice(0, 1) };
    const written = region.finish();
    const entries = written.entries.filter((entry) => !empty.has(entry.start));
    return { written: { ...written, entries }, spans };
  }

  /** Writes a block; returns the address behind its last instruction. */
  private write(writer: BlockWriter, region: RegionWriter): number {
    while (!this.breakpoints.has(writer.address) && this.translateOne(writer)) {
      const bytes = isWide(this.fetch(writer.address)) ? 4 : 2;
      if (writer.ended) return writer.address + bytes;
      writer.endInstruction();
      writer.address += bytes;
      if (writer.address % yieldBytes === 0 || region.has(writer.address)) {
        writer.goOn();
        return writer.address;
      }
    }
    // What comes now is for the interpreter.
    writer.leaveBefore()();
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
    if ((second & 0xd000) !== 0xd000) return translateSystem(writer, first, second);
    translateCall(writer, first, second);
    return true;
  }

  private fetch(address: number): number {
    if (address >= sramBase) return this.sram[(address - sramBase) >>> 1] ?? 0;
    return this.flash[(address & 0xffffff) >>> 1] ?? 0;
  }
}
