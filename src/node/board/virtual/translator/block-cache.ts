import { flashBase, sramBase, sramBytes } from '../chip/address-map';
import { codeUnitBits } from './memory';
import { Translator, type TranslatedBlock, type TranslatorMemory } from './translate';

/** Flash in which blocks are looked for; what a Pico has. */
const flashBytes = 2 * 1024 * 1024;
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
  private readonly flash = region(flashBase, flashBytes);
  private readonly code = new Uint8Array(sramBytes >>> codeUnitBits);
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

  /** Whether the word of SRAM at an offset is part of a translated block. */
  holdsCode(offset: number): boolean {
    return this.code[offset >>> codeUnitBits] !== 0;
  }

  /** Code in SRAM has changed, or is about to. */
  forgetSram(): void {
    this.sram.blocks = noBlocks(this.sram.halfWords);
    this.code.fill(0);
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
    if (block && where === this.sram) {
      const end = (block.end - sramBase) >>> codeUnitBits;
      this.code.fill(1, (2 * index) >>> codeUnitBits, end + 1);
    }
    return block;
  }
}
