import { BasePeripheral, type RP2040 } from 'rp2040js';
import { addDevice } from '../rp2040js';
import { later, type Moment } from './calendar';
import type { CycleAlarm, CycleClock } from './cycle-clock';

const base = 0x4005c000;
const interruptNumber = 25;

/** Registers and bits of them (RP2040 datasheet, 4.8.6). */
const registers = {
  ...{ divider: 0x00, setDate: 0x04, setTime: 0x08, control: 0x0c, alarmDate: 0x10 },
  ...{
    alarmTime: 0x14,
    date: 0x18,
    time: 0x1c,
    raw: 0x20,
    enable: 0x24,
    force: 0x28,
    status: 0x2c,
  },
} as const;
const control = { enabled: 1, active: 2, load: 1 << 4, noLeapYear: 1 << 8 } as const;
const match = { enabled: 1 << 28, active: 1 << 29 } as const;
/** Which fields an alarm compares, in its two registers. */
const compares = {
  ...{ year: 1 << 26, month: 1 << 25, day: 1 << 24 },
  ...{ weekday: 1 << 31, hour: 1 << 30, minute: 1 << 29, second: 1 << 28 },
} as const;

const secondNanos = 1e9;

/**
 * The real-time clock, which counts seconds of the chip's time while it is enabled. Its divider is
 * taken to make seconds of clk_rtc. It interrupts when it comes to the moment of its alarm, until the
 * program disables that.
 */
export class RealTimeClock extends BasePeripheral {
  private readonly values = new Map<number, number>();
  private control = 0;
  private set = momentOf(0, 0);
  /** Nanoseconds of the chip's time at which it was set or enabled. */
  private since = 0;
  private rings = false;
  private readonly tick: CycleAlarm;

  constructor(
    private readonly chip: RP2040,
    private readonly clock: CycleClock,
  ) {
    super(chip, 'RTC');
    this.tick = clock.createAlarm(() => this.pass());
    addDevice(chip, base, this);
  }

  override readUint32(offset: number): number {
    switch (offset & 0xfff) {
      case registers.control:
        return this.control | (this.runs ? control.active : 0);
      case registers.alarmDate: {
        const alarm = this.value(registers.alarmDate);
        return (alarm & ~match.active) | (alarm & match.enabled ? match.active : 0);
      }
      case registers.date:
        return dateWord(this.now);
      case registers.time:
        return timeWord(this.now);
      case registers.raw:
        return Number(this.rings);
      case registers.status:
        return Number(this.interrupts);
      default:
        return this.value(offset & 0xfff);
    }
  }

  override writeUint32(offset: number, value: number): void {
    if (offset === registers.control) this.writeControl(value);
    else this.values.set(offset, value);
    this.wait();
  }

  private get runs(): boolean {
    return (this.control & control.enabled) !== 0;
  }

  private get now(): Moment {
    if (!this.runs) return this.set;
    const seconds = Math.floor((this.clock.nanos - this.since) / secondNanos);
    return later(this.set, seconds, (this.control & control.noLeapYear) === 0);
  }

  private get hasAlarm(): boolean {
    return (this.value(registers.alarmDate) & match.enabled) !== 0;
  }

  private get matches(): boolean {
    const [date, time] = [this.value(registers.alarmDate), this.value(registers.alarmTime)];
    const [wanted, now] = [momentOf(date, time), this.now];
    return (Object.keys(compares) as (keyof Moment)[]).every((field) => {
      const enables = field === 'year' || field === 'month' || field === 'day' ? date : time;
      return (enables & compares[field]) === 0 || wanted[field] === now[field];
    });
  }

  private get interrupts(): boolean {
    const asks = this.rings && (this.value(registers.enable) & 1) !== 0;
    return asks || (this.value(registers.force) & 1) !== 0;
  }

  private value(register: number): number {
    return this.values.get(register) ?? 0;
  }

  private writeControl(value: number): void {
    const { now, runs } = this;
    const enables = (value & control.enabled) !== 0;
    const loads = (value & control.load) !== 0;
    if (loads) this.set = momentOf(this.value(registers.setDate), this.value(registers.setTime));
    else if (runs && !enables) this.set = now;
    if (loads || enables !== runs) this.since = this.clock.nanos;
    this.control = value & (control.enabled | control.noLeapYear);
  }

  /** A second begins, while an alarm is set. */
  private pass(): void {
    this.rings ||= this.matches;
    this.wait();
  }

  /** Interrupts or ceases to, and waits for the next second if an alarm is set. */
  private wait(): void {
    const { hasAlarm } = this;
    this.rings &&= hasAlarm;
    this.chip.setInterrupt(interruptNumber, this.interrupts);
    this.tick.cancel();
    if (!this.runs || !hasAlarm) return;
    const passed = this.clock.nanos - this.since;
    this.tick.schedule((Math.floor(passed / secondNanos) + 1) * secondNanos - passed);
  }
}

/** The fields of a date and a time of day, as all registers but the status have them. */
function momentOf(date: number, time: number): Moment {
  return {
    ...{ year: (date >>> 12) & 0xfff, month: (date >>> 8) & 15, day: date & 31 },
    ...{ weekday: (time >>> 24) & 7, hour: (time >>> 16) & 31 },
    ...{ minute: (time >>> 8) & 63, second: time & 63 },
  };
}

function dateWord({ year, month, day }: Moment): number {
  return (year << 12) | (month << 8) | day;
}

function timeWord({ weekday, hour, minute, second }: Moment): number {
  return (weekday << 24) | (hour << 16) | (minute << 8) | second;
}
