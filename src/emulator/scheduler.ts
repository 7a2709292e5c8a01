import { longCount } from './long-count';
import type { CycleClock } from './chip/cycle-clock';
import { Contention } from './contention';
import { Executor } from './executor';
import { DeviceFault } from './fault';
import type { CoreNumber } from './chip/core-number';
import type { Core } from './thumb/core';
import type { BlockCache } from './translator/block-cache';

/**
 * Cycles that a core may run ahead of the other. Shared memory is seen that much too early or too
 * late, and so late does a core that is ahead hear of what the other causes; what they do to devices
 * and to each other happens in the order of time.
 */
const lead = 384;
/** Cycles between settlements of what two running cores took from each other. */
const contentionWindow = 2048;

export interface SchedulerParts {
  clock: CycleClock;
  cores: readonly [Core, Core];
  /** Undefined: everything is interpreted. */
  blocks: BlockCache | undefined;
  /** Accesses so far that waited for the flash chip. */
  flashMisses: () => number;
  /** Something has happened that ends the run. */
  stopped: () => boolean;
}

/** Lets two cores and the peripherals' alarms share the chip's time. */
export class Scheduler {
  /** Cycles in which neither core ran. */
  idleCycles = longCount;
  /** The core that ran last: what it does is to blame for a fault. */
  running: Core;

  private readonly clock: CycleClock;
  private readonly cores: readonly [Core, Core];
  private readonly stopped: () => boolean;
  private readonly blocks: BlockCache | undefined;
  private readonly executor: Executor;
  private readonly contention: Contention;
  private wereAwake: [boolean, boolean] = [false, false];
  /** Time of the next settlement; 0 while at most one core runs. */
  private settlement = 0;

  constructor({ clock, cores, blocks, flashMisses, stopped }: SchedulerParts) {
    this.idleCycles = 0;
    this.clock = clock;
    this.cores = cores;
    this.running = cores[0];
    this.stopped = stopped;
    this.blocks = blocks;
    this.executor = new Executor(clock, blocks, stopped);
    this.contention = new Contention(cores, flashMisses);
  }

  /** Runs until the chip's clock has come to `end`, or until stopped. */
  run(end: number): void {
    const { clock } = this;
    const [first, second] = this.cores;
    while (clock.cycles < end && !this.stopped()) {
      if (clock.cycles >= clock.nextDue) this.fireAlarms();
      this.notice(first, 0);
      this.notice(second, 1);
      const [a, b] = this.wereAwake;
      if (a && b) this.runBoth(end);
      else if (a) this.runOne(first, second, end);
      else if (b) this.runOne(second, first, end);
      else this.sleep(end);
    }
  }

  /** Cycles for which nothing will happen by itself: both cores sleep until an alarm. 0: they run. */
  get restsFor(): number {
    const sleeps = (core: Core) => !core.awake && !core.mayWake;
    return this.cores.every(sleeps) ? Math.max(0, this.clock.nextDue - this.clock.cycles) : 0;
  }

  private fireAlarms(): void {
    try {
      this.clock.fireDue();
    } catch (error) {
      throw DeviceFault.of(error);
    }
  }

  /** Takes interrupts of a sleeping core, and brings the clock of one that wakes up to date. */
  private notice(core: Core, index: CoreNumber): void {
    if (core.mayWake) {
      // First, since taking an interrupt costs cycles of the present.
      core.catchUp(this.clock.cycles);
      this.running = core;
      core.checkForInterrupts();
    }
    const was = this.wereAwake[index];
    if (core.awake === was) return;
    this.wereAwake[index] = !was;
    if (!was) core.catchUp(this.clock.cycles);
  }

  private runBoth(end: number): void {
    const [first, second] = this.cores;
    if (this.settlement === 0) {
      this.contention.begin();
      this.settlement = this.clock.cycles + contentionWindow;
    } else if (this.clock.cycles >= this.settlement) {
      this.contention.settle();
      this.settlement = this.clock.cycles + contentionWindow;
    }
    const limit = Math.min(end, this.clock.nextDue);
    const turn = this.takeTurns(limit);
    if (!turn) return;
    const ahead = turn === first ? second : first;
    this.execute(turn, Math.max(turn.time + 1, limit), ahead.time + lead, ahead.time);
    if (first.awake && second.awake) {
      this.clock.cycles = Math.max(this.clock.cycles, Math.min(first.time, second.time));
    } else {
      this.contention.settle();
      this.contention.end();
      this.settlement = 0;
    }
  }

  /**
   * Lets both cores take turns as long as all is translated. Returns the core that has, or goes on
   * with, a turn; undefined when none may begin.
   */
  private takeTurns(limit: number): Core | undefined {
    const { clock, blocks, settlement } = this;
    const [first, second] = this.cores;
    const until = Math.min(limit, settlement);
    const behind = first.time <= second.time ? first : second;
    const isQuiet = !first.interruptsUpdated && !second.interruptsUpdated;
    const turn =
      blocks && isQuiet && behind.time < until
        ? blocks.code.takeTurns(first, second, { until, hard: limit, lead })
        : behind;
    clock.cycles = Math.max(clock.cycles, Math.min(first.time, second.time));
    return turn;
  }

  private runOne(core: Core, sleeper: Core, end: number): void {
    const hard = Math.max(core.time + 1, Math.min(end, this.clock.nextDue));
    this.execute(core, hard, Infinity, Infinity, sleeper);
    this.clock.cycles = Math.max(this.clock.cycles, core.time);
  }

  private execute(core: Core, hard: number, soft: number, other: number, sleeper?: Core): void {
    this.running = core;
    // What is pending is taken when the core has its turn.
    while (core.interruptsUpdated) core.checkForInterrupts();
    this.executor.run(core, hard, soft, other, sleeper);
  }

  /** Skips to the next alarm; nothing else can wake a core. */
  private sleep(end: number): void {
    const { clock } = this;
    // At least one cycle, lest an alarm that is always due stops time.
    const wake = Math.max(clock.cycles + 1, Math.min(Math.ceil(clock.nextDue), end));
    this.idleCycles += wake - clock.cycles;
    clock.cycles = wake;
  }
}
