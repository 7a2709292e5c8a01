import { flashCache } from '../core/chip';
import type { CoreNumber } from './chip/core-number';
import type { Core } from './thumb/core';

/** Neighbouring words of SRAM lie in this many banks, each of which serves one core a cycle. */
const banks = 4;
/** The two cores lose in turn. */
const lostShare = 1 / 2;
/** A core that finds the flash busy with a line for the other waits for half of it on average. */
const restOfMiss = flashCache.missCycles / 2;

/** Accesses of a core since power-on. */
interface Accesses {
  time: number;
  sram: number;
  flash: number;
}

/**
 * What two cores that run at once take from each other: of the accesses to a bank of SRAM, or to
 * the port of the flash, that fall in the same cycle, one waits. How many do is expected from how
 * often each core accesses memory, as if both were independent; the words that a program walks
 * through spread evenly over the banks. The scratch banks are left out: each serves one core's
 * stack.
 */
export class Contention {
  private before: [Accesses, Accesses] | undefined;
  /** Parts of cycles that are still owed. */
  private owed = [0, 0];
  private misses = 0;

  constructor(
    private readonly cores: readonly [Core, Core],
    private readonly missesSoFar: () => number,
  ) {}

  /** Both cores begin to run. */
  begin(): void {
    this.before = [accessesOf(this.cores[0]), accessesOf(this.cores[1])];
    this.misses = this.missesSoFar();
  }

  /** One of them has stopped: what they met with is over once it is settled. */
  end(): void {
    this.before = undefined;
  }

  /** Lets both cores wait for what they met with since `begin` or the last call. */
  settle(): void {
    if (!this.before) return;
    const now: [Accesses, Accesses] = [accessesOf(this.cores[0]), accessesOf(this.cores[1])];
    const [first, second] = [since(this.before[0], now[0]), since(this.before[1], now[1])];
    const window = Math.min(first.time, second.time);
    if (window > 0) {
      const rate = (count: number, { time }: Accesses) => (time > 0 ? count / time : 0);
      const inSram = (rate(first.sram, first) * rate(second.sram, second)) / banks;
      const inFlash = rate(first.flash, first) * rate(second.flash, second);
      const misses = (this.missesSoFar() - this.misses) / (first.time + second.time);
      const busy = Math.min(1, misses * flashCache.missCycles);
      const turns = window * lostShare * (inSram + inFlash);
      this.wait(0, turns + first.flash * busy * lostShare * restOfMiss);
      this.wait(1, turns + second.flash * busy * lostShare * restOfMiss);
    }
    this.begin();
  }

  private wait(index: CoreNumber, cycles: number): void {
    const owed = (this.owed[index] ?? 0) + cycles;
    const whole = Math.floor(owed);
    this.owed[index] = owed - whole;
    this.cores[index].time += whole;
  }
}

function accessesOf({ time, bus }: Core): Accesses {
  return { time, sram: bus.sramAccesses, flash: bus.flashAccesses };
}

function since(before: Accesses, now: Accesses): Accesses {
  return {
    time: now.time - before.time,
    sram: now.sram - before.sram,
    flash: now.flash - before.flash,
  };
}
