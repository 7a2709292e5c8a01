import type { CycleAlarm, CycleClock } from '../chip/cycle-clock';

/** Offsets of its registers in the private peripherals. */
const register = { control: 0x10, reload: 0x14, current: 0x18, calibration: 0x1c } as const;

const control = {
  counts: 1,
  interrupts: 2,
  processorClock: 4,
  all: 7,
  reachedZero: 1 << 16,
} as const;
const largest = 0xffffff;
/** For 10 ms of the watchdog's tick, which is the clock that it has beside the processor's. */
const calibration = 10_000 - 1;
const nanosPerTick = 1000;
/** Of a tick: what is this near to the next one has come to it, but for rounding. */
const rounding = 1e-6;

/**
 * The counter of a core that counts down to zero, takes RVR at the next tick and interrupts when it
 * reaches zero: with a period of RVR + 1. It is worked out when somebody looks.
 */
export class SysTick {
  private control = 0;
  private reload = 0;
  /** The counter, as it was at a tick. */
  private value = 0;
  private since = 0;
  private reachedZero = false;
  private readonly alarm: CycleAlarm;

  constructor(
    private readonly clock: CycleClock,
    private readonly interrupt: () => void,
  ) {
    this.alarm = clock.createAlarm(() => {
      this.settle();
      this.schedule();
    });
  }

  read(offset: number): number {
    this.settle();
    switch (offset) {
      case register.control: {
        const read = this.control | (this.reachedZero ? control.reachedZero : 0);
        this.reachedZero = false;
        return read;
      }
      case register.reload:
        return this.reload;
      case register.current:
        return this.value;
      case register.calibration:
        return calibration;
    }
    return 0;
  }

  write(offset: number, value: number): void {
    this.settle();
    if (offset === register.control) this.control = value & control.all;
    else if (offset === register.reload) this.reload = value & largest;
    else if (offset === register.current) {
      this.value = 0;
      this.reachedZero = false;
    }
    // The clock that it counts may be another now.
    this.since = this.ticks;
    this.schedule();
  }

  reset(): void {
    this.alarm.cancel();
    this.control = this.reload = this.value = 0;
    this.reachedZero = false;
  }

  /** Ticks so far of the clock that it counts. */
  private get ticks(): number {
    if (this.control & control.processorClock) return Math.floor(this.clock.cycles);
    return Math.floor(this.clock.nanos / nanosPerTick + rounding);
  }

  /** Brings the counter up to the present. */
  private settle(): void {
    const now = this.ticks;
    const passed = this.control & control.counts ? now - this.since : 0;
    this.since = now;
    if (passed < this.value) {
      this.value -= passed;
      return;
    }
    const period = this.reload + 1;
    const afterZero = passed - this.value;
    const reached = passed > 0 && (this.value > 0 || (this.reload > 0 && afterZero >= period));
    const rest = afterZero % period;
    this.value = rest === 0 ? 0 : period - rest;
    if (!reached) return;
    this.reachedZero = true;
    if (this.control & control.interrupts) this.interrupt();
  }

  /** Sets the alarm for when it reaches zero next, if that is to interrupt. */
  private schedule(): void {
    const wanted = control.counts | control.interrupts;
    const stays = this.value === 0 && this.reload === 0;
    if ((this.control & wanted) !== wanted || stays) return this.alarm.cancel();
    const due = this.since + (this.value || this.reload + 1);
    if (this.control & control.processorClock) this.alarm.scheduleAt(due);
    else this.alarm.schedule(due * nanosPerTick - this.clock.nanos);
  }
}
