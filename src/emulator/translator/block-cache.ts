import { chip } from '../../core/chip';
import { flashBase, sramBase, sramBytes } from '../chip/address-map';
import { codeUnitBits } from './memory';
import { Translator, yieldBytes, type TranslatedBlock, type TranslatorMemory } from './translate';

/** How often an address is reached before the block there is worth translating. */
const warmUp = 24;

/** Blocks of one memory by their half-word; null where the first instruction is not translated. */
interface Region {
  base: number;
  halfWords: number;
  blocks: (TranslatedBlock | null | undefined)[];
  visits: Uint8Array;
}

function region(base: number, bytes: number): Region {
  const halfWords = bytes / 2;
  const visits = new Uint8Array(halfWords);
  return { base, halfWords, blocks: noBlocks(halfWords), visits };
}

function noBlocks(halfWords: number): undefined[] {
  return new Array<undefined>(halfWords).fill(undefined);
}

/** The translated blocks of a machine. Code that is reached often is translated. */
export class BlockCache {
  /** Blocks translated so far. */
  translations = 0;

  private readonly sram = region(sramBase, sramBytes);
  private readonly flash = region(flashBase, chip.flashBytes);
  /** Units of SRAM that hold code: translated stores there are left to the interpreter. */
  private readonly code = new Uint8Array(sramBytes >>> codeUnitBits);
  /** Words of SRAM that are code; variables may share a unit with it. */
  private readonly codeWords = new Uint8Array(sramBytes >>> 2);
  /** Where the blocks begin that reach into a unit of SRAM, as indices of half-words. */
  private readonly reaching = new Map<number, Set<number>>();
  private readonly translator: Translator;

  constructor(memory: Omit<TranslatorMemory, 'code'>) {
    this.translator = new Translator({ ...memory, code: this.code });
  }

  /** The block at an address, if there is one by now. */
  find(address: number): TranslatedBlock | null | undefined {
    const { sram, flash } = this;
    const inSram = (address - sramBase) >>> 1;
    if (inSram < sram.halfWords) return sram.blocks[inSram] ?? this.visit(sram, inSram);
    const inFlash = (address - flashBase) >>> 1;
    if (inFlash < flash.halfWords) return flash.blocks[inFlash] ?? this.visit(flash, inFlash);
    return undefined;
  }

  /** Whether the word of SRAM at an offset is part of a block. */
  holdsCode(offset: number): boolean {
    return this.codeWords[offset >>> 2] !== 0;
  }

  /** Code in SRAM has changed, or is about to, at an offset. */
  forgetSram(offset: number): void {
    const unit = offset >>> codeUnitBits;
    for (const index of this.reaching.get(unit) ?? []) this.sram.blocks[index] = undefined;
    this.reaching.delete(unit);
    this.code[unit] = 0;
    const firstWord = unit << (codeUnitBits - 2);
    this.codeWords.fill(0, firstWord, firstWord + (1 << (codeUnitBits - 2)));
  }

  /** The code at an address has changed, or has to be looked at anew. */
  forget(address: number): void {
    const offset = address - sramBase;
    if (offset >= 0 && offset < sramBytes) this.forgetSram(offset);
    const { blocks } = this.flash;
    // No block goes on beyond a place to yield, but with the second half of its last instruction.
    const earliest = (address - 2) & -yieldBytes;
    for (let begin = earliest; begin <= address; begin += 2) {
      const index = (begin - flashBase) >>> 1;
      if (index < this.flash.halfWords) blocks[index] = undefined;
    }
  }

  /** Code in flash has changed. */
  forgetFlash(): void {
    this.flash.blocks = noBlocks(this.flash.halfWords);
  }

  /** Called where no block is: translates one once the place has been reached often enough. */
  private visit(where: Region, index: number): TranslatedBlock | null | undefined {
    if (where.blocks[index] === null) return null;
    const visits = (where.visits[index] ?? 0) + 1;
    if (visits < warmUp) {
      where.visits[index] = visits;
      return undefined;
    }
    where.visits[index] = 0;
    this.translations++;
    const address = where.base + 2 * index;
    const block = this.translator.translate(address) ?? null;
    where.blocks[index] = block;
    // An instruction that is not translated may be replaced by one that is.
    if (where === this.sram) this.mark(index, (block?.end ?? address + 2) - sramBase);
    return block;
  }

  /** Notes what of SRAM is code now: from a half-word up to an offset. */
  private mark(index: number, end: number): void {
    const [start, last] = [2 * index, end - 1];
    this.codeWords.fill(1, start >>> 2, (last >>> 2) + 1);
    for (let unit = start >>> codeUnitBits; unit <= last >>> codeUnitBits; unit++) {
      this.code[unit] = 1;
      const blocks = this.reaching.get(unit);
      if (blocks) blocks.add(index);
      else this.reaching.set(unit, new Set([index]));
    }
  }
}
