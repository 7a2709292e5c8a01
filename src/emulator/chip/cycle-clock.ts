import { longCount } from '../long-count';

/** An alarm of a peripheral, in a list ordered by time. */
export class CycleAlarm {
  /** Cycle count at which it is due; undefined while it is not set. */
  due: number | undefined;
  /** It is set for a cycle, and not for a time: another frequency of clk_sys changes nothing. */
  countsCycles = false;

  constructor(
    private readonly clock: CycleClock,
    readonly callback: () => void,
  ) {}

  schedule(deltaNanos: number): void {
    this.set(this.clock.cycles + deltaNanos / this.clock.nanosPerCycle, false);
  }

  /** Sets it for a cycle of clk_sys, by the count of the clock. */
  scheduleAt(cycle: number): void {
    this.set(cycle, true);
  }

  private set(due: number, countsCycles: boolean): void {
    this.cancel();
    this.due = due;
    this.countsCycles = countsCycles;
    this.clock.add(this);
  }

  cancel(): void {
    if (this.due === undefined) return;
    this.due = undefined;
    this.clock.remove(this);
  }
}

/**
 * Time of the chip, derived from the cycles its core has run. A peripheral that looks at the time
 * always sees the present instruction, yet between two alarms nothing has to be kept up to date:
 * the scheduler only compares `cycles` with `nextDue`.
 */
export class CycleClock {
  /** Cycles of clk_sys, over restarts too. The runner of the core advances it. */
  cycles = longCount;
  /** Cycle count at which `fireDue` has something to do. */
  nextDue = Infinity;
  nanosPerCycle: number;

  private alarms: CycleAlarm[] = [];
  private baseCycles = 0;
  private baseNanos = 0;
  private nanosBefore = 0;
  private cyclesBefore = 0;

  constructor(hertz: number) {
    this.cycles = 0;
    this.nanosPerCycle = 1e9 / hertz;
  }

  /** Of the chip, which begins with its power or a reset. */
  get nanos(): number {
    return this.baseNanos + (this.cycles - this.baseCycles) * this.nanosPerCycle;
  }

  /** Cycles in those nanoseconds. */
  get cyclesSinceRestart(): number {
    return this.cycles - this.cyclesBefore;
  }

  /** Of all chips that have had this clock, one after the other. */
  get elapsedNanos(): number {
    return this.nanosBefore + this.nanos;
  }

  /** The frequency of clk_sys; alarms that are set for a time keep it, and change their cycle. */
  set frequency(hertz: number) {
    this.baseNanos = this.nanos;
    this.baseCycles = this.cycles;
    const ratio = this.nanosPerCycle / (1e9 / hertz);
    this.nanosPerCycle = 1e9 / hertz;
    for (const alarm of this.alarms) {
      if (alarm.due === undefined || alarm.countsCycles) continue;
      alarm.due = this.cycles + (alarm.due - this.cycles) * ratio;
    }
    this.alarms.sort((a, b) => (a.due ?? Infinity) - (b.due ?? Infinity));
    this.noteNext();
  }

  createAlarm(callback: () => void): CycleAlarm {
    return new CycleAlarm(this, callback);
  }

  /**
   * Calls the alarms that are due, in order of time. Those that a callback sets anew with no delay
   * wait for the next call, so that a peripheral cannot hold up the chip.
   */
  fireDue(): void {
    const due = this.alarms.filter((alarm) => (alarm.due ?? Infinity) <= this.cycles);
    for (const alarm of due) {
      // An alarm fired before may have cancelled this one.
      if (alarm.due === undefined || alarm.due > this.cycles) continue;
      alarm.cancel();
      alarm.callback();
    }
  }

  /** A new chip: time begins anew, and the peripherals that set alarms are gone. Cycles go on. */
  restart(): void {
    this.nanosBefore = this.elapsedNanos;
    this.baseNanos = 0;
    this.baseCycles = this.cycles;
    this.cyclesBefore = this.cycles;
    this.alarms = [];
    this.noteNext();
  }

  add(alarm: CycleAlarm): void {
    const due = alarm.due ?? Infinity;
    const after = this.alarms.findIndex((other) => (other.due ?? Infinity) > due);
    this.alarms.splice(after < 0 ? this.alarms.length : after, 0, alarm);
    this.noteNext();
  }

  remove(alarm: CycleAlarm): void {
    this.alarms = this.alarms.filter((other) => other !== alarm);
    this.noteNext();
  }

  private noteNext(): void {
    this.nextDue = this.alarms[0]?.due ?? Infinity;
  }
}
