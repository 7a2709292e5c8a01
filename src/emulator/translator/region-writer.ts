import { coreField } from '../chip/memory-map';
import { Code } from '../wasm/code';
import { op } from '../wasm/opcodes';
import type { BlockWriter, Gap } from './block-writer';
import type { ForeseenAccess } from './interpolator-access';
import { local, parameter } from './locals';

/** Blocks of a region at most: V8 takes long to optimise large functions. */
export const mostBlocks = 32;

/** A block's place in the function of its region. */
export interface Entry {
  start: number;
  /** What the function is to be given as the block's number. */
  index: number;
  mostCycles: number;
}

/** The function of a region, and where its blocks begin. */
export interface WrittenRegion {
  body: Uint8Array;
  locals: number;
  entries: Entry[];
}

/** Words of a core's state that a function takes in, beside registers, and their locals. */
const flags = [
  [coreField.negative, local.negative],
  [coreField.zero, local.zero],
  [coreField.carry, local.carry],
  [coreField.overflow, local.overflow],
] as const;

/** Constructs around the code of all blocks: that of finding one, the loop, and the way out. */
const outer = { find: 0, loop: 1, exit: 2 } as const;

/**
 * Puts the blocks of a region together: one function in which they branch to each other. A loop
 * begins with a jump to the block whose number is in `parameter.block`; blocks lie in the order of
 * their addresses, so that those behind a block are reached without it, and a block that branches to
 * itself has a loop of its own. See `parameter` and `local` for what the function works on.
 */
export class RegionWriter {
  readonly used = new Set<number>();
  readonly written = new Set<number>();

  private readonly blocks = new Map<number, BlockWriter | undefined>();
  private readonly waiting: number[] = [];
  private readonly returns = new Set<number>();

  /**
   * @param wants whether a place that a block leads to belongs into the region
   * @param foresee which register of an interpolator an instruction will access, as far as is known
   */
  constructor(
    private readonly wants: (address: number) => boolean,
    readonly foresee: (address: number) => ForeseenAccess | undefined,
  ) {}

  /** Whether a place is in the region, which it comes to be if that may go on there. */
  takes(address: number): boolean {
    if (this.blocks.has(address)) return true;
    if (this.blocks.size >= mostBlocks || !this.wants(address)) return false;
    this.begin(address);
    return true;
  }

  /** Whether a block of the region begins at an address. */
  has(address: number): boolean {
    return this.blocks.has(address);
  }

  /** A block that is to be written. */
  begin(address: number): void {
    this.blocks.set(address, undefined);
    this.waiting.push(address);
  }

  /** A place to which calls in the region return. */
  returnsTo(address: number): void {
    if (this.takes(address)) this.returns.add(address);
  }

  /** The next block to write. */
  next(): number | undefined {
    return this.waiting.shift();
  }

  end(block: BlockWriter): void {
    this.blocks.set(block.start, block);
  }

  finish(): WrittenRegion {
    const blocks = [...this.blocks.values()].filter((block) => block !== undefined);
    blocks.sort((a, b) => a.start - b.start);
    const entries = blocks.map(({ start, mostCycles }, index) => ({ start, index, mostCycles }));
    const byStart = new Map(entries.map((entry) => [entry.start, entry]));
    const code = new Code();
    this.writeEntrance(code, Math.max(...entries.map(({ mostCycles }) => mostCycles)));
    for (const construct of [op.block, op.loop, op.block] as const) code.open(construct);
    for (let i = 0; i < blocks.length; i++) code.open(op.block);
    code.get(parameter.block);
    code.branchTable(blocks.map((_, index) => index));
    code.close();
    blocks.forEach((block, index) => {
      writeBlock(code, block, { index, count: blocks.length, byStart });
      if (index < blocks.length - 1) code.close();
    });
    code.close();
    this.writeFind(code, byStart);
    code.close();
    code.op(op.unreachable);
    code.close();
    this.writeExit(code);
    const temporaries = Math.max(...blocks.map((block) => block.temporaries));
    return { body: code.bytes, locals: local.temporaries - local.registers + temporaries, entries };
  }

  /** Takes in what the core has, and lets no block begin that could exceed the limit. */
  private writeEntrance(code: Code, longest: number): void {
    for (const register of this.used) take(code, 4 * register, local.registers + register);
    for (const [field, to] of flags) take(code, field, to);
    code.get(parameter.limit);
    code.constant(longest - 1);
    code.op(op.i32_sub);
    code.set(local.late);
    code.get(local.late);
    code.get(parameter.stop);
    code.get(local.late);
    code.get(parameter.stop);
    code.op(op.i32_lt_s, op.select);
    code.set(parameter.stop);
  }

  /** Goes on at the address in `local.target` if calls of the region return there. */
  private writeFind(code: Code, byStart: ReadonlyMap<number, Entry>): void {
    for (const address of this.returns) {
      code.get(local.target);
      code.constant(address);
      code.op(op.i32_eq);
      code.open(op.if);
      code.constant(byStart.get(address)?.index ?? 0);
      code.set(parameter.block);
      code.branch(op.br, 1);
      code.close();
    }
    code.branch(op.br, 1);
  }

  /** Gives back what has changed, and returns the cycles. */
  private writeExit(code: Code): void {
    for (const register of this.written) give(code, 4 * register, local.registers + register);
    for (const [field, from] of flags) give(code, field, from);
    give(code, coreField.programCounter, local.target);
    give(code, coreField.sequential, local.sequential);
    addUp(code, coreField.sramAccesses, local.sramAccesses);
    addUp(code, coreField.flashAccesses, local.flashAccesses);
    code.get(local.cycles);
  }
}

interface Surroundings {
  index: number;
  count: number;
  byStart: ReadonlyMap<number, Entry>;
}

/** Adds the code of a block, in a loop if it branches to itself. */
function writeBlock(code: Code, block: BlockWriter, { index, count, byStart }: Surroundings): void {
  const { start, gaps } = block;
  const repeats = gaps.some((gap) => gap.is === 'block' && gap.start === start);
  if (repeats) code.open(op.loop);
  const at = code.length;
  code.append(block.code.bytes);
  for (const gap of gaps) code.fill(at + gap.at, valueOf(gap));
  if (repeats) {
    // All ways out of the block have been taken.
    code.op(op.unreachable);
    code.close();
  }

  function valueOf({ is, start: of, depth }: Gap): number {
    const target = byStart.get(of) ?? { index: 0 };
    const inside = depth + (repeats ? 1 : 0);
    const around = inside + count - 1 - index;
    switch (is) {
      case 'index':
        return target.index;
      case 'exit':
        return around + outer.exit;
      case 'find':
        return around + outer.find;
      case 'block':
        if (target.index === index) return depth;
        return target.index > index ? inside + target.index - index - 1 : around + outer.loop;
    }
  }
}

function take(code: Code, field: number, to: number): void {
  code.get(parameter.core);
  code.access(op.i32_load, 2, field);
  code.set(to);
}

function give(code: Code, field: number, from: number): void {
  code.get(parameter.core);
  code.get(from);
  code.access(op.i32_store, 2, field);
}

function addUp(code: Code, field: number, from: number): void {
  code.get(parameter.core);
  code.get(parameter.core);
  code.access(op.i32_load, 2, field);
  code.get(from);
  code.op(op.i32_add);
  code.access(op.i32_store, 2, field);
}
