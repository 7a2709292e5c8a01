import { chip } from '../../core/chip';
import { flashBase, sramBase, sramBytes } from '../chip/address-map';
import { codeUnitBits } from './memory';
import {
  Translator,
  type Span,
  type TranslatedBlock,
  type TranslatedRegion,
  type TranslatorMemory,
} from './translate';

/**
 * How often an address is reached before the code there is worth translating: a region costs as much
 * as interpreting some thousands of instructions.
 */
export const usualWarmUp = 200;
/**
 * How often a block is entered from elsewhere before its region takes in what is in others too: each
 * entry costs as much as dozens of instructions, and small regions are ready sooner.
 */
const widenAfter = 4096;

/** What is known of one memory, by its half-words. */
interface Memory {
  base: number;
  halfWords: number;
  /** Where translated code begins; null where the first instruction is for the interpreter. */
  blocks: (TranslatedBlock | null | undefined)[];
  /** How often a place was reached that had no block. */
  visits: Uint8Array;
  /** The regions that reach into a unit of code. */
  reaching: Map<number, Set<CachedRegion>>;
}

interface CachedRegion {
  /** Indices of half-words at which its blocks begin. */
  entries: number[];
  /** Units of code that it was made from. */
  units: Set<number>;
}

function memoryAt(base: number, bytes: number): Memory {
  const halfWords = bytes / 2;
  const blocks = new Array<undefined>(halfWords).fill(undefined);
  return { base, halfWords, blocks, visits: new Uint8Array(halfWords), reaching: new Map() };
}

/** The translated code of a machine: what is reached often is translated. */
export class BlockCache {
  /** Regions, and blocks in them, translated so far. */
  readonly translations = { regions: 0, blocks: 0 };

  private readonly sram = memoryAt(sramBase, sramBytes);
  private readonly flash = memoryAt(flashBase, chip.flashBytes);
  /** Units of SRAM that hold code: translated stores there are left to the interpreter. */
  private readonly code = new Uint8Array(sramBytes >>> codeUnitBits);
  /** Words of SRAM that are code; variables may share a unit with it. */
  private readonly codeWords = new Uint8Array(sramBytes >>> 2);
  private readonly translator: Translator;

  /** @param warmUp as `usualWarmUp`, at most 255 */
  constructor(
    memory: Omit<TranslatorMemory, 'code'>,
    private readonly warmUp = usualWarmUp,
  ) {
    this.translator = new Translator({ ...memory, code: this.code });
  }

  /**
   * The block at an address, if there is one by now.
   *
   * @param isEntry execution came here otherwise than from the instruction before
   */
  find(address: number, isEntry: boolean): TranslatedBlock | null | undefined {
    const { sram, flash } = this;
    const inSram = (address - sramBase) >>> 1;
    if (inSram < sram.halfWords) return this.lookUp(sram, inSram, isEntry);
    const inFlash = (address - flashBase) >>> 1;
    return inFlash < flash.halfWords ? this.lookUp(flash, inFlash, isEntry) : undefined;
  }

  /** Whether the word of SRAM at an offset is part of translated code. */
  holdsCode(offset: number): boolean {
    return this.codeWords[offset >>> 2] !== 0;
  }

  /** Code in SRAM has changed, or is about to, at an offset. */
  forgetSram(offset: number): void {
    const unit = offset >>> codeUnitBits;
    forgetUnit(this.sram, unit);
    this.code[unit] = 0;
    const firstWord = unit << (codeUnitBits - 2);
    this.codeWords.fill(0, firstWord, firstWord + (1 << (codeUnitBits - 2)));
  }

  /** The code at an address has changed, or has to be looked at anew. */
  forget(address: number): void {
    const inSram = address - sramBase;
    if (inSram >= 0 && inSram < sramBytes) this.forgetSram(inSram);
    else forgetUnit(this.flash, (address - flashBase) >>> codeUnitBits);
  }

  /** Code in flash has changed. */
  forgetFlash(): void {
    for (const unit of [...this.flash.reaching.keys()]) forgetUnit(this.flash, unit);
  }

  private lookUp(
    memory: Memory,
    index: number,
    isEntry: boolean,
  ): TranslatedBlock | null | undefined {
    const block = memory.blocks[index];
    if (!block) return isEntry ? this.visit(memory, index) : block;
    return --block.entriesLeft < 0 ? this.widen(memory, index, block) : block;
  }

  /** Called where no block is: translates what is there once it has been reached often enough. */
  private visit(memory: Memory, index: number): TranslatedBlock | null | undefined {
    if (memory.blocks[index] === null) return null;
    const visits = (memory.visits[index] ?? 0) + 1;
    memory.visits[index] = Math.min(visits, 255);
    if (visits < this.warmUp) return undefined;
    this.translate(memory, index, false);
    return memory.blocks[index];
  }

  /** Takes in what is in other regions too, once a block is often entered from there. */
  private widen(memory: Memory, index: number, block: TranslatedBlock): TranslatedBlock {
    this.translate(memory, index, true);
    return memory.blocks[index] ?? block;
  }

  private translate(memory: Memory, index: number, isWide: boolean): void {
    const address = memory.base + 2 * index;
    const region = this.translator.translate(
      address,
      (other) => belongs(memory, other, isWide),
      isWide ? Infinity : widenAfter,
    );
    this.translations.regions++;
    this.translations.blocks += region.blocks.size;
    this.keep(memory, index, region);
  }

  private keep(memory: Memory, index: number, { blocks, spans }: TranslatedRegion): void {
    const entries = [index];
    memory.blocks[index] ??= null;
    for (const [start, block] of blocks) {
      const entry = (start - memory.base) >>> 1;
      // What is wide stays so.
      if (memory.blocks[entry]?.entriesLeft === Infinity) continue;
      memory.blocks[entry] = block;
      entries.push(entry);
    }
    const units = new Set<number>();
    for (const span of spans) {
      for (const unit of unitsOf(memory, span)) units.add(unit);
      if (memory === this.sram) this.mark(span);
    }
    const cached = { entries, units };
    for (const unit of units) {
      const others = memory.reaching.get(unit);
      if (others) others.add(cached);
      else memory.reaching.set(unit, new Set([cached]));
    }
  }

  /** Notes what of SRAM is code now. */
  private mark({ start, end }: Span): void {
    const [first, last] = [start - sramBase, end - 1 - sramBase];
    this.codeWords.fill(1, first >>> 2, (last >>> 2) + 1);
    this.code.fill(1, first >>> codeUnitBits, (last >>> codeUnitBits) + 1);
  }
}

/** Whether the code at an address is to be part of a region: it has run, and is in no other yet. */
function belongs(
  { base, halfWords, visits, blocks }: Memory,
  address: number,
  isWide: boolean,
): boolean {
  const index = (address - base) >>> 1;
  return index < halfWords && (visits[index] ?? 0) > 0 && (isWide || blocks[index] === undefined);
}

function forgetUnit({ blocks, visits, reaching }: Memory, unit: number): void {
  for (const region of reaching.get(unit) ?? []) {
    for (const index of region.entries) {
      blocks[index] = undefined;
      visits[index] = 0;
    }
    for (const other of region.units) reaching.get(other)?.delete(region);
  }
  reaching.delete(unit);
}

function unitsOf({ base }: Memory, { start, end }: Span): number[] {
  const first = (start - base) >>> codeUnitBits;
  const last = (end - 1 - base) >>> codeUnitBits;
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
