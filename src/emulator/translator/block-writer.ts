import { flashCache } from '../../core/chip';
import { flashBase, sramBase, stripedBits } from '../chip/address-map';
import { Code } from '../wasm/code';
import { op } from '../wasm/opcodes';
import {
  fetchFromFlash,
  fetchFromFlashIfArrived,
  fetchFromSramIfArrived,
  noFetch,
  type Fetch,
} from './fetch';
import { constant, type Held } from './held';
import type { ForeseenAccess } from './interpolator-access';
import { imported, local, parameter } from './locals';
import type { RegionWriter } from './region-writer';

/**
 * Values of the four flags, as the locals have them: the sign of N and V, 0 of a Z that is set, 0 or
 * 1 of C. They are computed where something needs them.
 */
export interface Flags {
  N: Held;
  Z: Held;
  C: Held;
  V: Held;
  /** What was compared, if all four flags come from a difference. */
  compared?: readonly [Held, Held] | undefined;
}

/** What of a pass has been done at some point, beside the values of registers. */
interface Progress {
  cycles: number;
  sramAccesses: number;
  flashAccesses: number;
  flags: Flags;
}

/** A number in the code of a block that is known when all blocks of the region are written. */
export interface Gap {
  at: number;
  is: 'exit' | 'find' | 'block' | 'index';
  /** Of the block that is meant. */
  start: number;
  /** Constructs of the block that are open there. */
  depth: number;
}

const flashAddress = flashBase >>> 24;

/**
 * Writes the WebAssembly of a basic block of a region, instruction by instruction. Registers are
 * locals; flags are values that are computed where something needs them. What does not depend on data
 * (cycles, accesses) is added up while writing. See RegionWriter for the locals.
 */
export class BlockWriter {
  /** Address of the instruction being translated. */
  address: number;
  flags: Flags;
  /** The block ends with the instruction just written. */
  ended = false;
  readonly code = new Code();
  readonly gaps: Gap[] = [];
  /** Locals for values that the block has needed. */
  temporaries = 0;

  /** Those that hold something, a bit each. */
  private inUse = 0;
  private cycles = 0;
  private sramAccesses = 0;
  private flashAccesses = 0;
  /** Cycles that the block's own fetches, and reads of its constants, may wait at most. */
  private fetchStalls = 0;
  private longestPass = 0;

  constructor(
    readonly start: number,
    private readonly region: RegionWriter,
  ) {
    this.address = start;
    this.flags = {
      N: this.held(local.negative),
      Z: this.held(local.zero),
      C: this.held(local.carry),
      V: this.held(local.overflow),
    };
  }

  get inFlash(): boolean {
    return this.start >>> 24 === flashAddress;
  }

  /** The most cycles of one pass, waits for data in flash aside. */
  get mostCycles(): number {
    return this.longestPass + this.fetchStalls;
  }

  /** Pushes a register. */
  read(register: number): void {
    this.region.used.add(register);
    this.code.get(local.registers + register);
  }

  /** Pops the new value of a register. */
  write(register: number): void {
    this.region.used.add(register);
    this.region.written.add(register);
    this.code.set(local.registers + register);
  }

  /** Keeps the value on the stack. */
  hold(): Held {
    const bit = ~this.inUse & -~this.inUse;
    if (bit === 0) throw new RangeError('an instruction needs more values than there is room for');
    this.inUse |= bit;
    const number = 31 - Math.clz32(bit);
    this.temporaries = Math.max(this.temporaries, number + 1);
    this.code.set(local.temporaries + number);
    return this.held(local.temporaries + number, bit);
  }

  /** Keeps the present value of a register. */
  holdRegister(register: number): Held {
    this.read(register);
    return this.hold();
  }

  constant(value: number): Held {
    return constant(this.code, value);
  }

  /** After each instruction: values that no flag needs are forgotten. */
  endInstruction(): void {
    const { N, Z, C, V, compared } = this.flags;
    this.inUse = N.temporaries | Z.temporaries | C.temporaries | V.temporaries;
    if (compared) this.inUse |= compared[0].temporaries | compared[1].temporaries;
  }

  /** Sets N and Z to those of a signed result. */
  setResultFlags(result: Held): void {
    const { C, V } = this.flags;
    this.flags = { N: result, Z: result, C, V };
  }

  /** Accounts for the fetch of a half-word of the present instruction, as Bus.fetch does. */
  fetch(address = this.address): void {
    const { count, touch } = this.fetching(address);
    count();
    touch();
  }

  /** As fetch; what is left to do at run time is written wherever the results are called. */
  fetching(address = this.address): Fetch {
    const isFirst = address === this.start;
    const beginsWord = (address & 2) === 0;
    if (this.inFlash) {
      if (beginsWord || isFirst) this.fetchStalls += flashCache.missCycles;
      if (beginsWord) {
        this.flashAccesses++;
        return fetchFromFlash(this, address);
      }
      return isFirst ? fetchFromFlashIfArrived(this, address) : noFetch(this);
    }
    const isCounted = (address - sramBase) >>> stripedBits === 0;
    if (beginsWord && isCounted) this.sramAccesses++;
    return isFirst && !beginsWord && isCounted ? fetchFromSramIfArrived(this) : noFetch(this);
  }

  /** Counts and notes that the present instruction reads data at an address of the flash. */
  readFlash(address: number): void {
    this.flashAccesses++;
    this.fetchStalls += flashCache.missCycles;
    this.touch(address);
  }

  /** Notes an access to an address of the flash, and waits for it. */
  touch(address: number): void {
    const { code } = this;
    code.get(local.cycles);
    code.constant(address);
    code.call(imported.touch);
    code.op(op.i32_add);
    code.set(local.cycles);
  }

  /** Adds cycles of the present instruction. */
  spend(cycles: number): void {
    this.cycles += cycles;
  }

  /** Counts accesses to memory; code that finds them elsewhere than in the banks corrects the local. */
  countAccesses(count: number): void {
    this.sramAccesses += count;
  }

  /** Adds a constant to a local. */
  add(to: number, count: number): void {
    if (count === 0) return;
    this.code.get(to);
    this.code.constant(count);
    this.code.op(op.i32_add);
    this.code.set(to);
  }

  /** Adds a local to another. */
  addLocal(to: number, from: number): void {
    this.code.get(to);
    this.code.get(from);
    this.code.op(op.i32_add);
    this.code.set(to);
  }

  /**
   * Leaves the region before the present instruction, which the interpreter executes. Writes that
   * wherever the result is called.
   */
  leaveBefore(): () => void {
    const { code, address } = this;
    const progress = this.progress(0);
    return () => {
      const here = this.constant(address);
      if (address !== this.start) return this.leave(progress, here, here);
      // In the first block nothing has changed yet.
      code.get(local.cycles);
      code.op(op.i32_eqz);
      code.open(op.if);
      code.constant(0);
      code.op(op.return);
      code.close();
      const sequential = () => {
        code.constant(-1);
        code.constant(address);
        code.get(parameter.arrived);
        code.op(op.select);
      };
      this.leave(progress, here, { push: sequential, temporaries: 0 });
    };
  }

  /** Leaves the region for `target`: the present instruction branches there. */
  branch(target: Held, cycles: number): void {
    this.leave(this.progress(cycles), target, this.constant(this.address + 2));
  }

  /** As branch, for an address known now: it stays in the region if that goes on there. */
  branchTo(target: number, cycles: number, next = this.address + 2): void {
    this.goTo(target, cycles, next);
  }

  /** As branch, for a place to return to: it stays in the region if calls there return to it. */
  branchBack(target: Held, cycles: number): void {
    const { code } = this;
    this.settle(this.progress(cycles));
    target.push();
    code.set(local.target);
    code.constant(this.address + 2);
    code.set(local.sequential);
    code.get(local.target);
    code.get(local.sequential);
    code.op(op.i32_ne);
    code.set(parameter.arrived);
    this.unlessLate();
    this.jump(op.br_if, 'find');
    this.jump(op.br, 'exit');
  }

  /** The register of an interpolator that the present instruction has accessed, if it is of a kind. */
  foreseen(isOfKind: (access: ForeseenAccess) => boolean): ForeseenAccess | undefined {
    const access = this.region.foresee(this.address);
    return access && isOfKind(access) ? access : undefined;
  }

  /** A place to which the program will return: it may well be in the same region. */
  returnsTo(address: number): void {
    this.region.returnsTo(address);
  }

  /** Ends the block before the present address, where another one begins. */
  goOn(): void {
    this.goTo(this.address, 0, this.address);
  }

  private goTo(target: number, cycles: number, sequential: number): void {
    const { region, start, code } = this;
    const progress = this.progress(cycles);
    const next = this.constant(sequential);
    if (!region.takes(target)) return this.leave(progress, this.constant(target), next);
    this.settle(progress);
    code.constant(target === sequential ? 0 : 1);
    code.set(parameter.arrived);
    // Blocks behind this one are reached without a look at the number.
    if (target < start) {
      code.op(op.i32_const);
      this.gap('index', target);
      code.set(parameter.block);
    }
    this.unlessLate();
    this.jump(op.br_if, 'block', target);
    this.exit(this.constant(target), next);
  }

  /** Pushes whether another block may begin. */
  private unlessLate(): void {
    this.code.get(local.cycles);
    this.code.get(parameter.stop);
    this.code.op(op.i32_lt_s);
  }

  private leave(progress: Progress, target: Held, sequential: Held): void {
    this.settle(progress);
    this.exit(target, sequential);
  }

  private exit(target: Held, sequential: Held): void {
    target.push();
    this.code.set(local.target);
    sequential.push();
    this.code.set(local.sequential);
    this.jump(op.br, 'exit');
  }

  private jump(code: typeof op.br | typeof op.br_if, is: Gap['is'], start = this.start): void {
    this.code.op(code);
    this.gap(is, start);
  }

  private gap(is: Gap['is'], start: number): void {
    this.gaps.push({ at: this.code.reserve(), is, start, depth: this.code.depth });
  }

  private held(at: number, temporaries = 0): Held {
    return { push: () => this.code.get(at), temporaries };
  }

  /** Where the present instruction ends, or begins with 0 cycles. */
  private progress(cycles: number): Progress {
    const spent = this.cycles + cycles;
    this.longestPass = Math.max(this.longestPass, spent);
    const { sramAccesses, flashAccesses, flags } = this;
    return { cycles: spent, sramAccesses, flashAccesses, flags };
  }

  /** Brings all locals up to that point. */
  private settle({ cycles, sramAccesses, flashAccesses, flags }: Progress): void {
    const { code } = this;
    const assign = (to: number, { push }: Held) => {
      push();
      code.set(to);
    };
    assign(local.negative, flags.N);
    assign(local.zero, flags.Z);
    assign(local.carry, flags.C);
    assign(local.overflow, flags.V);
    this.add(local.cycles, cycles);
    this.add(local.sramAccesses, sramAccesses);
    this.add(local.flashAccesses, flashAccesses);
  }
}
