import { flashCache } from '../../core/chip';
import { flashBase, sramBase, stripedBits } from '../chip/address-map';
import type { RegionWriter } from './region-writer';

/** JavaScript expressions of the four flags; each refers to constants and its own variable alone. */
export interface FlagExpressions {
  N: string;
  Z: string;
  C: string;
  V: string;
}

/** The variables that hold the flags between blocks. */
const flagVariables: FlagExpressions = { N: 'n', Z: 'z', C: 'k', V: 'v' };
const flashAddress = flashBase >>> 24;

/**
 * Writes the JavaScript of a basic block of a region, instruction by instruction. Registers are local
 * variables; flags are expressions, evaluated where something needs them. What does not depend on
 * data (cycles, accesses) is added up while writing. See RegionWriter for the variables.
 */
export class BlockWriter {
  /** Address of the instruction being translated. */
  address: number;
  flags: FlagExpressions = flagVariables;
  /** The block ends with the instruction just written. */
  ended = false;
  source = '';

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
  }

  get inFlash(): boolean {
    return this.start >>> 24 === flashAddress;
  }

  /** The most cycles of one pass, waits for data in flash aside. */
  get mostCycles(): number {
    return this.longestPass + this.fetchStalls;
  }

  /** Name of the local variable that holds a register. */
  read(register: number): string {
    this.region.used.add(register);
    return `r${register}`;
  }

  write(register: number, expression: string): void {
    this.region.used.add(register);
    this.region.written.add(register);
    this.emit(`r${register}=${expression};`);
  }

  /** Name of a new constant with the value of an expression. */
  define(expression: string): string {
    const name = this.name();
    this.emit(`const ${name}=${expression};`);
    return name;
  }

  name(): string {
    return this.region.name();
  }

  emit(source: string): void {
    this.source += source;
  }

  /** Sets N and Z to those of a signed result. */
  setResultFlags(result: string): void {
    this.flags = { ...this.flags, N: `${result}<0`, Z: `${result}===0` };
  }

  /** Accounts for the fetch of a half-word of the present instruction, as Bus.fetch does. */
  fetch(address = this.address): void {
    this.emit(this.fetchSource(address));
  }

  /** As fetch, for an instruction that puts what is left to do at run time where it wants. */
  fetchSource(address = this.address): string {
    const isFirst = address === this.start;
    const beginsWord = (address & 2) === 0;
    if (this.inFlash) {
      if (beginsWord || isFirst) this.fetchStalls += flashCache.missCycles;
      if (beginsWord) {
        this.flashAccesses++;
        return `c+=touch(${address});`;
      }
      return isFirst ? `f+=a;if(a)c+=touch(${address});` : '';
    }
    if ((address - sramBase) >>> stripedBits !== 0) return '';
    if (beginsWord) this.sramAccesses++;
    return isFirst && !beginsWord ? 'w+=a;' : '';
  }

  /** Adds cycles of the present instruction. */
  spend(cycles: number): void {
    this.cycles += cycles;
  }

  /** Counts accesses to memory; code that finds them elsewhere than in the banks corrects `w`. */
  countAccesses(count: number): void {
    this.sramAccesses += count;
  }

  /** Leaves the region before the present instruction, which the interpreter executes. */
  leaveBefore(): string {
    if (this.address !== this.start) return this.leave(String(this.address), String(this.address));
    // In the first block nothing has changed yet.
    return `{if(c===0)return 0;${this.leave(String(this.address), `a?-1:${this.address}`)}}`;
  }

  /** Leaves the region for `target`, an expression: the present instruction branches there. */
  branch(target: string, cycles: number, next = this.address + 2): string {
    return this.leave(target, String(next), cycles);
  }

  /** As branch, for an address known now: it stays in the region if that goes on there. */
  branchTo(target: number, cycles: number, next = this.address + 2): string {
    return this.goTo(target, cycles, next);
  }

  /** As branch, for a target that is an expression, such as a place to return to. */
  branchBack(target: string, cycles: number): string {
    const next = this.address + 2;
    return `{${this.settle(cycles)}x=${target};q=${next};a=x===q?0:1;if(c<stop)${this.region.find()}break L}`;
  }

  /** A place to which the program will return: it may well be in the same region. */
  returnsTo(address: number): void {
    this.region.returnsTo(address);
  }

  /**
   * Once the present instruction has waited for data in flash: leaves the region behind it when the
   * rest of the block could take too long.
   */
  leaveAfterWhenLate(cycles: number): string {
    const next = String(this.address + 2);
    return `if(c+${this.region.mostCyclesOf(this.start)}>limit)${this.leave(next, next, cycles)}`;
  }

  /** Ends the block before the present address, where another one begins. */
  goOn(): void {
    this.emit(this.goTo(this.address, 0, this.address));
  }

  private goTo(target: number, cycles: number, sequential: number): string {
    const { region, start } = this;
    if (!region.takes(target)) return this.leave(String(target), String(sequential), cycles);
    const arrives = target === sequential ? 0 : 1;
    return (
      `{${this.settle(cycles)}a=${arrives};` +
      `if(c<stop)${region.jump(start, target)}` +
      `x=${target};q=${sequential};break L}`
    );
  }

  private leave(target: string, sequential: string, cycles = 0): string {
    return `{${this.settle(cycles)}x=${target};q=${sequential};break L}`;
  }

  /** Brings all variables up to the end of the present instruction. */
  private settle(cycles: number): string {
    const spent = this.cycles + cycles;
    this.longestPass = Math.max(this.longestPass, spent);
    const { N, Z, C, V } = this.flags;
    const assign = (variable: string, value: string) =>
      variable === value ? '' : `${variable}=${value};`;
    const add = (variable: string, count: number) => (count === 0 ? '' : `${variable}+=${count};`);
    return (
      assign('n', N) +
      assign('z', Z) +
      assign('k', C) +
      assign('v', V) +
      add('c', spent) +
      add('w', this.sramAccesses) +
      add('f', this.flashAccesses)
    );
  }
}
