import { flashCache } from '../../core/chip';
import { flashBase, sramBase, stripedBits } from '../chip/address-map';
import { pc } from '../thumb/instruction';

/** JavaScript expressions of the four flags. */
export interface FlagExpressions {
  N: string;
  Z: string;
  C: string;
  V: string;
}

/** The variables that hold the flags when a pass of the block begins. */
const flagVariables: FlagExpressions = { N: 'n', Z: 'z', C: 'k', V: 'v' };
const flashAddress = flashBase >>> 24;
/** Stands for the registers' write-back, which is known when the block is complete. */
const writeBackMark = '@W';
/** Stands for the most cycles of a pass, known then too. */
const mostCyclesMark = '@M';
/** No address: where execution goes on was branched to. */
const nowhere = -1;

/**
 * Writes the JavaScript of a basic block, instruction by instruction. Registers are local variables
 * while the block runs; flags are expressions, evaluated where something needs them. What does not
 * depend on data (cycles, accesses) is added up while writing. Variables of the function: `c` is
 * cycles and `w` accesses to the banks of SRAM, beyond what was added up; see `parameters` of
 * translate.ts for the rest.
 */
export class BlockWriter {
  /** Address of the instruction being translated. */
  address: number;
  flags: FlagExpressions = flagVariables;
  /** The block ends with the instruction just written. */
  ended = false;

  private source = '';
  private names = 0;
  private cycles = 0;
  private sramAccesses = 0;
  private flashAccesses = 0;
  /** Cycles that the block's own fetches may wait at most. */
  private fetchStalls = 0;
  private mostCycles = 0;
  private readonly used = new Set<number>();
  private readonly written = new Set<number>();

  constructor(readonly start: number) {
    this.address = start;
  }

  get inFlash(): boolean {
    return this.start >>> 24 === flashAddress;
  }

  /** Name of the local variable that holds a register. */
  read(register: number): string {
    this.used.add(register);
    return `r${register}`;
  }

  write(register: number, expression: string): void {
    this.used.add(register);
    this.written.add(register);
    this.emit(`r${register}=${expression};`);
  }

  /** Name of a new constant with the value of an expression. */
  define(expression: string): string {
    const name = this.name();
    this.emit(`const ${name}=${expression};`);
    return name;
  }

  name(): string {
    return `t${this.names++}`;
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
      return isFirst ? `bus.flashAccesses+=a;if(a)c+=touch(${address});` : '';
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

  /** Leaves the block before the present instruction, which the interpreter executes. */
  leaveBefore(): string {
    if (this.address !== this.start) return this.leave(String(this.address), this.address);
    // In the first pass nothing has changed, not even how the block was arrived at.
    return `{if(c===0)return 0;${this.leave(String(this.address), nowhere)}}`;
  }

  /** Leaves the block for `target`, an expression: the present instruction branches there. */
  branch(target: string, cycles: number, next = this.address + 2): string {
    return this.leave(target, next, cycles);
  }

  /** As branch, for an address known now: back to the start it stays in the block. */
  branchTo(target: number, cycles: number): string {
    if (target !== this.start) return this.branch(String(target), cycles);
    const { N, Z, C, V } = this.flags;
    const [n, z, k] = [this.name(), this.name(), this.name()];
    const spent = this.cycles + cycles;
    this.mostCycles = Math.max(this.mostCycles, spent);
    const again =
      `{const ${n}=${N},${z}=${Z},${k}=${C};v=${V};n=${n};z=${z};k=${k};a=1;` +
      `c+=${spent};w+=${this.sramAccesses};${this.flashCount()}if(c<stop)continue L;`;
    return `${again}${writeBackMark}${this.exit(String(target), this.address + 2, 0, flagVariables, 0)}}`;
  }

  /**
   * Once the present instruction has waited for data in flash: leaves the block behind it when the
   * rest could take too long.
   */
  leaveAfterWhenLate(cycles: number): string {
    const next = this.address + 2;
    return `if(c+${mostCyclesMark}>limit)${this.leave(String(next), next, cycles)}`;
  }

  /** Ends the block before the present address, where execution goes on. */
  fallOut(): void {
    this.emit(this.leave(String(this.address), this.address));
    this.ended = true;
  }

  /** The function's body, and the most cycles of one pass, waits for data in flash aside. */
  finish(): { body: string; mostCycles: number } {
    const mostCycles = this.mostCycles + this.fetchStalls;
    const locals = [...this.used].map((register) => `,r${register}=R[${register}]`).join('');
    const writeBack = [...this.written].map((register) => `R[${register}]=r${register};`).join('');
    const start = `let c=0,w=0,n=core.N,z=core.Z,k=core.C,v=core.V${locals};`;
    const body = `${start}L:for(;;){${this.source}}`
      .replaceAll(writeBackMark, writeBack)
      .replaceAll(mostCyclesMark, String(mostCycles));
    return { body, mostCycles };
  }

  private leave(target: string, sequential: number, cycles = 0): string {
    const spent = this.cycles + cycles;
    this.mostCycles = Math.max(this.mostCycles, spent);
    const exit = this.exit(target, sequential, spent, this.flags, this.sramAccesses);
    return `{${writeBackMark}${this.flashCount()}${exit}}`;
  }

  private flashCount(): string {
    return this.flashAccesses > 0 ? `bus.flashAccesses+=${this.flashAccesses};` : '';
  }

  private exit(
    target: string,
    sequential: number,
    cycles: number,
    { N, Z, C, V }: FlagExpressions,
    sramAccesses: number,
  ): string {
    return (
      `core.N=${N};core.Z=${Z};core.C=${C};core.V=${V};R[${pc}]=${target};` +
      `core.sequential=${sequential};bus.sramAccesses+=w+${sramAccesses};return c+${cycles};`
    );
  }
}
