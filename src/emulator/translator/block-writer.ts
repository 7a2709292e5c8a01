import { flashCache } from '../../core/chip';
import { flashBase, sramBase, stripedBits } from '../chip/address-map';
import { Code } from '../wasm/code';
import { op } from '../wasm/opcodes';
import { writeTouch } from './flash-access';
import { local, parameter } from './locals';
import type { RegionWriter } from './region-writer';
import { constant, type Held } from './held';

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
  is: 'exit' | 'find' | 'block' | 'index' | 'mostCycles';
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

  private free: number[] = [];
  private cycles = 0;
  private sramAccesses = 0;
  private flashAccesses = 0;
  /** Cycles that the block's own fetches may wait at most. */
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
    const temporary = this.free.pop() ?? local.temporaries + this.temporaries++;
    this.code.set(temporary);
    return this.held(temporary);
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
    const live = new Set([N, Z, C, V, ...(compared ?? [])].flatMap(({ locals }) => locals));
    this.free = [];
    for (let at = local.temporaries; at < local.temporaries + this.temporaries; at++) {
      if (!live.has(at)) this.free.push(at);
    }
  }

  /** Sets N and Z to those of a signed result. */
  setResultFlags(result: Held): void {
    const { C, V } = this.flags;
    this.flags = { N: result, Z: result, C, V };
  }

  /** Accounts for the fetch of a half-word of the present instruction, as Bus.fetch does. */
  fetch(address = this.address): void {
    this.fetching(address)();
  }

  /** As fetch; writes what is left to do at run time wherever the result is called. */
  fetching(address = this.address): () => void {
    const { code } = this;
    const isFirst = address === this.start;
    const beginsWord = (address & 2) === 0;
    if (this.inFlash) {
      if (beginsWord || isFirst) this.fetchStalls += flashCache.missCycles;
      if (beginsWord) {
        this.flashAccesses++;
        return () => writeTouch(code, address);
      }
      if (!isFirst) return () => undefined;
      return () => {
        this.addLocal(local.flashAccesses, parameter.arrived);
        code.get(parameter.arrived);
        code.open(op.if);
        writeTouch(code, address);
        code.close();
      };
    }
    if ((address - sramBase) >>> stripedBits !== 0) return () => undefined;
    if (beginsWord) this.sramAccesses++;
    if (!isFirst || beginsWord) return () => undefined;
    return () => this.addLocal(local.sramAccesses, parameter.arrived);
  }

  /** Waits for what the present instruction reads at an address of the flash. */
  touch(address: number): void {
    writeTouch(this.code, address);
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
      this.leave(progress, here, { push: sequential, locals: [] });
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

  /** A place to which the program will return: it may well be in the same region. */
  returnsTo(address: number): void {
    this.region.returnsTo(address);
  }

  /**
   * Once the present instruction has waited for data in flash: leaves the region behind it when the
   * rest of the block could take too long.
   */
  leaveAfterWhenLate(cycles: number): void {
    const { code } = this;
    const next = this.constant(this.address + 2);
    code.get(local.cycles);
    code.op(op.i32_const);
    this.gap('mostCycles', this.start);
    code.op(op.i32_add);
    code.get(parameter.limit);
    code.op(op.i32_gt_s);
    code.open(op.if);
    this.leave(this.progress(cycles), next, next);
    code.close();
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

  private held(at: number): Held {
    return {
      push: () => this.code.get(at),
      locals: at < local.temporaries ? [] : [at],
    };
  }

  private addLocal(to: number, from: number): void {
    this.code.get(to);
    this.code.get(from);
    this.code.op(op.i32_add);
    this.code.set(to);
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
