import { flashBase, sramBase, sramBytes } from '../chip/address-map';
import type { CoreNumber } from '../chip/core-number';
import { memoryMap, translatedFlashBytes, type ChipMemory } from '../chip/memory-map';
import { interpolatorBytes, register } from '../runtime/interpolator-results';
import { stateAddress, type Runtime } from '../runtime/runtime';
import { TranslatedCode } from '../runtime/translated-code';
import type { Core } from '../thumb/core';
import { belongs, memoryAt, unitsOf, type CachedRegion, type CodeMemory } from './code-memory';
import type { ForeseenAccess } from './interpolator-access';
import { codeAt, KnownRegions, type KnownRegion } from './known-regions';
import { RegionStore, type StoredRegion } from './region-store';
import { codeUnitBits } from './sram-access';
import { Translator, type Span } from './translate';

/** How often an address is reached before the code there is worth translating. */
export const usualWarmUp = 100;
/** Stands for a block where the first instruction is for the interpreter. */
const untranslatable = -1;
/** How often a block leaves its first instruction to the interpreter before it is given up. */
const mostRefusals = 50;

/** The translated code of a machine: what is reached often is translated. */
export class BlockCache {
  /** Regions, and blocks in them, translated so far. */
  readonly translations = { regions: 0, blocks: 0 };

  /** What runs it. */
  readonly code: TranslatedCode;

  private readonly sram: CodeMemory;
  private readonly flash: CodeMemory;
  private readonly words: Int32Array;
  /** Units of SRAM that hold code: translated stores there are left to the interpreter. */
  private readonly codeUnits: Uint8Array;
  /** Words of SRAM that are code; variables may share a unit with it. */
  private readonly codeWords = new Uint8Array(sramBytes >>> 2);
  /** Which register of an interpolator each instruction has accessed last. */
  private readonly interpolatorAccesses = new Map<number, { core: CoreNumber; offset: number }>();
  private readonly refusals = new Map<number, number>();
  private readonly translator: Translator;
  private readonly store: RegionStore;
  private readonly known: KnownRegions;
  private readonly warmUp: number;
  private readonly breakpoints: ReadonlySet<number>;

  /**
   * @param warmUp as `usualWarmUp`, at most 255
   * @param breakpoints addresses that blocks must not go over: debuggers halt there
   * @param known regions that were translated before
   */
  constructor(
    private readonly memory: ChipMemory,
    runtime: Runtime,
    {
      breakpoints,
      warmUp = usualWarmUp,
      known = [],
    }: {
      breakpoints: ReadonlySet<number>;
      warmUp?: number | undefined;
      known?: readonly KnownRegion[];
    },
  ) {
    this.breakpoints = breakpoints;
    this.known = new KnownRegions(known, memory, runtime);
    this.warmUp = warmUp;
    this.words = memory.words;
    this.sram = memoryAt(memory, sramBase, sramBytes, memoryMap.sramBlocks);
    this.flash = memoryAt(memory, flashBase, translatedFlashBytes, memoryMap.flashBlocks);
    const units = sramBytes >>> codeUnitBits;
    this.codeUnits = memory.bytes.subarray(memoryMap.code, memoryMap.code + units);
    this.translator = new Translator(memory, breakpoints);
    this.store = new RegionStore(memory, runtime);
    this.code = new TranslatedCode(memory, runtime);
  }

  /**
   * Whether a block begins at an address by now.
   *
   * @param isEntry execution came here otherwise than from the instruction before
   */
  isReady(address: number, isEntry: boolean): boolean {
    const { sram, flash } = this;
    const inSram = (address - sramBase) >>> 1;
    if (inSram < sram.blocks.length) return this.lookUp(sram, inSram, isEntry);
    const inFlash = (address - flashBase) >>> 1;
    return inFlash < flash.blocks.length && this.lookUp(flash, inFlash, isEntry);
  }

  /** Whether the instruction at an address was left to the interpreter, for good. */
  isUntranslatable(address: number): boolean {
    const inSram = (address - sramBase) >>> 1;
    if (inSram < this.sram.blocks.length) return this.sram.blocks[inSram] === untranslatable;
    return this.flash.blocks[(address - flashBase) >>> 1] === untranslatable;
  }

  /**
   * The block at an address has left its first instruction to the interpreter. Where that is usual, as
   * where programs wait for a device, it is no longer tried.
   */
  noteRefusal(address: number): void {
    const count = (this.refusals.get(address) ?? 0) + 1;
    this.refusals.set(address, count);
    if (count % mostRefusals !== 0) return;
    const inSram = (address - sramBase) >>> 1;
    const isInSram = inSram < this.sram.blocks.length;
    const { blocks } = isInSram ? this.sram : this.flash;
    const index = isInSram ? inSram : (address - flashBase) >>> 1;
    this.store.release(blocks[index] ?? 0);
    blocks[index] = untranslatable;
  }

  /** The interpreter accesses a register of an interpolator, by its offset in SIO. */
  noteInterpolator({ current, number }: Core, offset: number): void {
    this.interpolatorAccesses.set(current, { core: number, offset });
  }

  /** Whether the word of SRAM at an offset is part of translated code. */
  holdsCode(offset: number): boolean {
    return this.codeWords[offset >>> 2] !== 0;
  }

  /** Code in SRAM has changed, or is about to, at an offset. */
  forgetSram(offset: number): void {
    const unit = offset >>> codeUnitBits;
    this.forgetUnit(this.sram, unit);
    this.codeUnits[unit] = 0;
    const firstWord = unit << (codeUnitBits - 2);
    this.codeWords.fill(0, firstWord, firstWord + (1 << (codeUnitBits - 2)));
  }

  /** The code at an address has changed, or has to be looked at anew. */
  forget(address: number): void {
    const inSram = address - sramBase;
    if (inSram >= 0 && inSram < sramBytes) this.forgetSram(inSram);
    else this.forgetUnit(this.flash, (address - flashBase) >>> codeUnitBits);
  }

  /** Code in flash has changed. */
  forgetFlash(): void {
    for (const unit of [...this.flash.reaching.keys()]) this.forgetUnit(this.flash, unit);
  }

  private lookUp(memory: CodeMemory, index: number, isEntry: boolean): boolean {
    const block = memory.blocks[index] ?? 0;
    if (block > 0) return true;
    if (block === untranslatable || !isEntry) return false;
    const visits = (memory.visits[index] ?? 0) + 1;
    memory.visits[index] = Math.min(visits, 255);
    if (visits === 1 && this.adopt(memory, index)) return true;
    if (visits < this.warmUp || !this.store.hasRoom) return false;
    this.translate(memory, index);
    return (memory.blocks[index] ?? 0) > 0;
  }

  /** Regions that are worth keeping for another start of the program. */
  regions(): readonly KnownRegion[] {
    // Regions of now end before breakpoints.
    if (this.breakpoints.size > 0) return this.known.all;
    const live = new Set<KnownRegion>();
    for (const { reaching } of [this.sram, this.flash]) {
      for (const regions of reaching.values()) {
        for (const { known } of regions) if (known) live.add(known);
      }
    }
    const entries = new Set([...live].flatMap((region) => region.entries.map(startOf)));
    // Those that this start of the program has not needed, or not yet.
    const others = this.known.all.filter(
      (region) => !live.has(region) && !region.entries.some((entry) => entries.has(startOf(entry))),
    );
    return [...live, ...others];
  }

  /** Takes a region that was translated before, if there is one for a place; false otherwise. */
  private adopt(memory: CodeMemory, index: number): boolean {
    const region = this.known.at(memory.base + 2 * index);
    if (!region || !this.store.hasRoom) return false;
    const spans = region.code.map(({ start, bytes }) => ({ start, end: start + bytes.length }));
    for (const address of this.breakpoints) {
      if (spans.some(({ start, end }) => address >= start && address < end)) return false;
    }
    this.install(memory, this.store.put(this.known.functionOf(region)), region, spans);
    return (memory.blocks[index] ?? 0) > 0;
  }

  private translate(memory: CodeMemory, index: number): void {
    const { written, spans } = this.translator.translate(
      memory.base + 2 * index,
      (address) => belongs(memory, address),
      (address) => this.foresee(address),
    );
    this.translations.regions++;
    if (written) {
      this.translations.blocks += written.entries.length;
      const code = spans.map((span) => codeAt(this.memory, span));
      this.install(
        memory,
        this.store.add(written),
        { ...written, body: written.body.slice(), code },
        spans,
      );
    } else {
      memory.blocks[index] = untranslatable;
      const cached = { stored: undefined, known: undefined, entries: [index] };
      this.keep(memory, { ...cached, units: new Set() }, spans);
    }
  }

  private install(
    memory: CodeMemory,
    stored: StoredRegion,
    known: KnownRegion,
    spans: readonly Span[],
  ): void {
    const cached: CachedRegion = { stored, known, entries: [], units: new Set() };
    for (const entry of known.entries) {
      const at = (entry.start - memory.base) >>> 1;
      // A block of another region stays.
      if (memory.blocks[at] !== 0) continue;
      memory.blocks[at] = this.store.describe(stored, entry);
      cached.entries.push(at);
    }
    this.keep(memory, cached, spans);
  }

  private foresee(address: number): ForeseenAccess | undefined {
    const access = this.interpolatorAccesses.get(address);
    if (!access) return undefined;
    const first = stateAddress(access.core) + (access.offset & -interpolatorBytes);
    const control = (at: number) => this.words[(first + at) >>> 2] ?? 0;
    const controls = [control(register.control0), control(register.control1)] as const;
    return { offset: access.offset, controls };
  }

  private keep(memory: CodeMemory, cached: CachedRegion, spans: readonly Span[]): void {
    for (const span of spans) {
      for (const unit of unitsOf(memory, span)) cached.units.add(unit);
      if (memory === this.sram) this.mark(span);
    }
    for (const unit of cached.units) {
      const others = memory.reaching.get(unit);
      if (others) others.add(cached);
      else memory.reaching.set(unit, new Set([cached]));
    }
  }

  /** Notes what of SRAM is code now. */
  private mark({ start, end }: Span): void {
    const [first, last] = [start - sramBase, end - 1 - sramBase];
    this.codeWords.fill(1, first >>> 2, (last >>> 2) + 1);
    this.codeUnits.fill(1, first >>> codeUnitBits, (last >>> codeUnitBits) + 1);
  }

  private forgetUnit({ blocks, visits, reaching }: CodeMemory, unit: number): void {
    for (const region of reaching.get(unit) ?? []) {
      for (const index of region.entries) {
        const block = blocks[index] ?? 0;
        if (block > 0) this.store.release(block);
        blocks[index] = 0;
        visits[index] = 0;
      }
      for (const other of region.units) reaching.get(other)?.delete(region);
    }
    reaching.delete(unit);
  }
}

function startOf({ start }: { start: number }): number {
  return start;
}
