import type { RP2040 } from 'rp2040js';
import { flashBase, flashEnd, flashMask, romBytes, sramBase, sramBytes } from './chip/address-map';
import type { CoreNumber } from './chip/core-number';
import type { CycleClock } from './chip/cycle-clock';
import { ChipFault } from './fault';
import type { Faults, Stop } from './faults';
import type { BlockCache } from './translator/block-cache';
import type { Cores } from './two-cores';

/** What debugging needs of a machine; the chip and the cores are others after each reset. */
export interface DebuggedMachine {
  readonly clock: CycleClock;
  readonly chip: RP2040;
  readonly cores: Cores;
  readonly blocks: BlockCache | undefined;
  readonly faults: Faults;
}

/** What debuggers see of a machine, and do to it. */
export class Debugging {
  /** While a debugger is attached: a core has come to a breakpoint, or to a fault. */
  onStop: ((stop: Stop) => void) | undefined;
  /** Addresses before whose instructions cores halt. */
  readonly breakpoints = new Set<number>();

  constructor(private readonly machine: DebuggedMachine) {}

  /**
   * Executes an instruction of a core, also of one that slept until now; a fault leaves it where it
   * was.
   *
   * @param othersRun the other core keeps pace, if it is awake
   * @returns which core stands where, and why
   */
  stepCore(number: CoreNumber, othersRun: boolean): Stop {
    const { clock, cores } = this.machine;
    const core = cores[number];
    const stepped: Stop = { core: number, why: 'step' };
    if (core.held) return stepped;
    if (core.waiting) {
      core.catchUp(clock.cycles);
      core.waiting = core.waitsForEvent = false;
    }
    const stop = this.stepOne(number, true) ?? (othersRun && this.keepPace(number));
    clock.cycles = Math.max(clock.cycles, core.time);
    return stop || stepped;
  }

  /** Lets the program's own handler take the fault at which it was halted. */
  takeFault(): void {
    this.machine.faults.takeAtStop();
  }

  /** Lets cores halt before they execute the instruction at an address, or no longer. */
  setBreakpoint(address: number, isSet: boolean): void {
    if (isSet) this.breakpoints.add(address);
    else this.breakpoints.delete(address);
    this.machine.blocks?.forget(address);
  }

  /**
   * What a debugger on a core sees at an address; shorter than asked for where there is nothing.
   * Reading memory changes nothing; devices notice it, as they do on a chip.
   */
  inspect(address: number, length: number, number: CoreNumber): Uint8Array {
    const { bus } = this.machine.cores[number];
    const bytes: number[] = [];
    while (bytes.length < length) {
      const at = address + bytes.length;
      const memory = this.memoryAt(at);
      if (memory !== undefined) {
        bytes.push(memory);
        continue;
      }
      const word = bus.inspectDevice((at & ~3) >>> 0);
      if (word === undefined) break;
      for (let byte = at & 3; byte < 4; byte++) bytes.push((word >>> (8 * byte)) & 0xff);
    }
    return Uint8Array.from(bytes.slice(0, length));
  }

  /** Changes a byte, which may be code, and may be in flash. */
  poke(address: number, value: number): void {
    const { chip, blocks } = this.machine;
    if (address >= sramBase && address < sramBase + sramBytes) {
      chip.sram[address - sramBase] = value;
      blocks?.forget(address);
    } else if (address >= flashBase && address < flashEnd) {
      chip.flash[address & flashMask] = value;
      blocks?.forget(address);
    } else chip.writeUint8(address, value);
  }

  /** A byte of ROM, flash or SRAM; undefined elsewhere. */
  private memoryAt(address: number): number | undefined {
    const { sram, flash, bootrom } = this.machine.chip;
    if (address < romBytes) return ((bootrom[address >>> 2] ?? 0) >>> (8 * (address & 3))) & 0xff;
    if (address >= flashBase && address < flashEnd) return flash[address & flashMask] ?? 0;
    return address >= sramBase ? sram[address - sramBase] : undefined;
  }

  /** Lets the other core come as far as this one is; returns its stop if there is one before. */
  private keepPace(number: CoreNumber): Stop | undefined {
    const other = number === 0 ? 1 : 0;
    const { cores } = this.machine;
    const [leader, follower] = [cores[number], cores[other]];
    while (follower.awake && follower.time < leader.time) {
      const stop = this.stepOne(other);
      if (stop) return stop;
    }
    return undefined;
  }

  /** Executes an instruction; returns where and why that is not possible. */
  private stepOne(number: CoreNumber, pastBreakpoint = false): Stop | undefined {
    const core = this.machine.cores[number];
    try {
      while (core.interruptsUpdated) core.checkForInterrupts();
      const cycles = pastBreakpoint ? core.execute(core.PC) : core.step();
      core.time += cycles;
      return undefined;
    } catch (error) {
      if (!(error instanceof ChipFault)) throw error;
      core.PC = core.current;
      return this.machine.faults.haltAt(core, error);
    }
  }
}
