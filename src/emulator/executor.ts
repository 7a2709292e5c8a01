import type { CycleClock } from './chip/cycle-clock';
import type { Core } from './thumb/core';
import { pc } from './thumb/instruction';
import { actsOnShared } from './thumb/sharing';
import type { BlockCache } from './translator/block-cache';
import { yieldBytes } from './thumb/yield';

/**
 * Executes instructions of one core, in translated blocks where there are such. What happens, and
 * when, is the same with and without: translation is only faster.
 */
export class Executor {
  /** @param blocks undefined: everything is interpreted */
  constructor(
    private readonly clock: CycleClock,
    private readonly blocks: BlockCache | undefined,
    private readonly stopped: () => boolean,
  ) {}

  /**
   * Runs an awake core until it sleeps, is interrupted, stops the machine, or comes to a limit. All
   * of them are times on the core's own clock.
   *
   * @param hard it begins no instruction at this time or later
   * @param soft from here on it stops at the next place where it may yield
   * @param other where the other core is: it does not act on what they share before that one
   * @param sleeper the other core while it sleeps: waking it is a limit too
   */
  run(core: Core, hard: number, soft: number, other: number, sleeper?: Core): void {
    const { blocks, clock } = this;
    const { signed } = core;
    // Whether execution comes from a block, or from an instruction that no block takes in.
    let fresh = true;
    do {
      const address = signed[pc] ?? 0;
      const entry: boolean = fresh || address !== core.sequential || address % yieldBytes === 0;
      const ready: boolean = blocks?.isReady(address, entry) ?? false;
      fresh = ready || (blocks?.isUntranslatable(address) ?? false);
      if (blocks && ready) {
        const { time } = core;
        const cycles = blocks.code.run(core, smallInteger(soft - time), smallInteger(hard - time));
        if (cycles > 0) {
          core.time = time + cycles;
          if (!blocks.code.refuses(core)) continue;
          if (core.time >= hard) return;
          if (core.time >= soft && mayYield(core, signed[pc] ?? 0)) return;
        } else if (hard - time > ample) blocks.noteRefusal(address);
      }
      if (core.time > other) {
        if (actsOnShared(core)) return;
      } else clock.cycles = core.time;
      // Exceptions in it advance the time by themselves.
      const cycles = core.step();
      core.time += cycles;
      if (core.waiting || core.interruptsUpdated || core.held || this.stopped()) return;
      if (sleeper && mayRun(sleeper)) return;
      // The instruction has set an alarm that goes off earlier.
      if (clock.nextDue < hard) return;
    } while (core.time < hard && (core.time < soft || !mayYield(core, signed[pc] ?? 0)));
  }
}

/** Cycles in which any block could begin. */
const ample = 5000;

/** Cycles as V8 passes them without making an object of them; more are as good as no limit. */
function smallInteger(cycles: number): number {
  return Math.min(cycles, 0x3fffffff) | 0;
}

function mayRun(sleeper: Core): boolean {
  return sleeper.awake || sleeper.mayWake;
}

/** It has just branched, or straight-line code has come to a boundary. */
function mayYield(core: Core, address: number): boolean {
  return address !== core.sequential || address % yieldBytes === 0;
}
