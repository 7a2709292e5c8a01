import {
  blockField,
  descriptorBytes,
  memoryMap,
  memoryPages,
  type ChipMemory,
} from '../chip/memory-map';
import { functionTypes, regionImports, typeIndex, type Runtime } from '../runtime/runtime';
import { compile, instantiate } from '../wasm/instantiate';
import { mostBlocks, type Entry, type WrittenRegion } from './region-writer';

/** A region's function in the table. */
export interface StoredRegion {
  slot: number;
  /** Blocks that lead to it; without any its slot is free again. */
  blocks: number;
}

const exportName = 'r';

/** Makes functions of regions, and keeps them and the descriptors of their blocks. */
export class RegionStore {
  private readonly words: Int32Array;
  private readonly owners = new Map<number, StoredRegion>();
  private readonly freeSlots: number[] = [];
  private usedSlots = 0;
  private readonly freeDescriptors: number[] = [];
  private nextDescriptor: number = memoryMap.descriptors;

  constructor(
    { words }: ChipMemory,
    private readonly runtime: Runtime,
  ) {
    this.words = words;
  }

  /** Whether there is room for the blocks of another region. */
  get hasRoom(): boolean {
    const unused = (memoryMap.descriptorsEnd - this.nextDescriptor) / descriptorBytes;
    return unused + this.freeDescriptors.length >= mostBlocks;
  }

  /** A new function. Without blocks it is lost with the next one. */
  add({ body, locals }: WrittenRegion): StoredRegion {
    // Code made from the program that is being emulated, which reaches nothing but its imports.
    const module = compile({
      types: functionTypes,
      imports: regionImports,
      functions: [{ name: exportName, type: typeIndex.region, locals, body }],
      pages: memoryPages,
    });
    return this.put(instantiate(module, this.runtime.imports)[exportName]);
  }

  /** As add, of a function that there is already. */
  put(compiled: unknown): StoredRegion {
    const slot = this.freeSlots.pop() ?? this.usedSlots++;
    const { table } = this.runtime;
    if (slot >= table.length) table.grow(table.length);
    table.set(slot, compiled);
    return { slot, blocks: 0 };
  }

  /** The address of a new descriptor of a block. */
  describe(region: StoredRegion, { index, mostCycles }: Entry): number {
    const block = this.freeDescriptors.pop() ?? this.newDescriptor();
    const set = (field: number, value: number) => (this.words[(block + field) >>> 2] = value);
    set(blockField.function, region.slot);
    set(blockField.index, index);
    set(blockField.mostCycles, mostCycles);
    this.owners.set(block, region);
    region.blocks++;
    return block;
  }

  /** Nothing leads to the block any longer. */
  release(block: number): void {
    const region = this.owners.get(block);
    if (!region) return;
    this.owners.delete(block);
    this.freeDescriptors.push(block);
    if (--region.blocks > 0) return;
    this.runtime.table.set(region.slot, null);
    this.freeSlots.push(region.slot);
  }

  private newDescriptor(): number {
    const block = this.nextDescriptor;
    this.nextDescriptor += descriptorBytes;
    return block;
  }
}
