import { memoryPages, type ChipMemory } from '../chip/memory-map';
import { flashBase, flashMask, sramBase, sramBytes } from '../chip/address-map';
import { functionTypes, regionImports, typeIndex, type Runtime } from '../runtime/runtime';
import { compile, instantiate } from '../wasm/instantiate';
import type { WrittenRegion } from './region-writer';
import type { Span } from './translate';

/** A region that was translated before, in an earlier run of the same program perhaps. */
export interface KnownRegion extends WrittenRegion {
  /** What it was made from, by address: it is good only where memory holds the same. */
  code: { start: number; bytes: Uint8Array }[];
}

/**
 * Regions that need not be translated again. One module holds all of them: V8 compiles a function
 * of it when it is called first, and a module costs more than most functions.
 */
export class KnownRegions {
  private readonly byEntry = new Map<number, KnownRegion>();
  private readonly numbers = new Map<KnownRegion, number>();
  private exports: WebAssembly.Exports | undefined;

  constructor(
    private readonly regions: readonly KnownRegion[],
    private readonly memory: ChipMemory,
    private readonly runtime: Runtime,
  ) {
    regions.forEach((region, number) => {
      this.numbers.set(region, number);
      for (const { start } of region.entries) this.byEntry.set(start, region);
    });
  }

  /** All of them, in use or not. */
  get all(): readonly KnownRegion[] {
    return this.regions;
  }

  /** The region of a block that begins at an address, if memory holds what it was made from. */
  at(address: number): KnownRegion | undefined {
    const region = this.byEntry.get(address);
    return region?.code.every((piece) => isInMemory(this.memory, piece)) ? region : undefined;
  }

  /** The function of a region. */
  functionOf(region: KnownRegion): unknown {
    this.exports ??= this.instantiate();
    return this.exports[nameOf(this.numbers.get(region) ?? -1)];
  }

  private instantiate(): WebAssembly.Exports {
    const module = compile({
      types: functionTypes,
      imports: regionImports,
      functions: this.regions.map(({ body, locals }, number) => {
        return { name: nameOf(number), type: typeIndex.region, locals, body };
      }),
      pages: memoryPages,
    });
    return instantiate(module, this.runtime.imports);
  }
}

function nameOf(number: number): string {
  return `r${number}`;
}

/** The bytes at a span, and at which addresses they lie. */
export function codeAt(memory: ChipMemory, { start, end }: Span): KnownRegion['code'][number] {
  return { start, bytes: bytesAt(memory, start, end - start).slice() };
}

function isInMemory(
  memory: ChipMemory,
  { start, bytes }: { start: number; bytes: Uint8Array },
): boolean {
  const present = bytesAt(memory, start, bytes.length);
  return present.length === bytes.length && bytes.every((byte, at) => present[at] === byte);
}

function bytesAt({ sram, flash }: ChipMemory, start: number, length: number): Uint8Array {
  const inSram = start - sramBase;
  if (inSram >= 0 && inSram < sramBytes) return sram.subarray(inSram, inSram + length);
  const inFlash = (start - flashBase) & flashMask;
  return flash.subarray(inFlash, inFlash + length);
}
