import type { RP2040 } from 'rp2040js';
import { DeviceFault } from '../fault';
import { pinsOf, type Device } from '../rp2040js';
import type { CycleAlarm, CycleClock } from './cycle-clock';
import { partsOfCycle, StateMachine } from './state-machine';

type StockBlock = RP2040['pio'][number];

/** Cycles that the state machines may lag behind while nobody looks at them. */
const longestLag = 256;
/** The same while they may interrupt a core. */
const watchedLag = 32;
/** Transfers of DMA that a tick may lead to: no more than its FIFOs hold. */
const transfersOfTick = 8;

const control = 0x000;
const restartBit = 4;
const clockRestartBit = 8;
/** Offset of INSTR of the first state machine, and from one to the next. */
const instruction = { first: 0x0d8, step: 0x18 } as const;

/**
 * Both PIO blocks in the time of the chip; rp2040js would run them on timers of the host. They are
 * brought up to the present whenever something looks at them or at the pins, and now and then by an
 * alarm.
 */
export class ProgrammableIo {
  private readonly blocks: readonly { stock: StockBlock; machines: readonly StateMachine[] }[];
  private enabled: readonly StateMachine[] = [];
  private readonly alarm: CycleAlarm;
  /** Some machine has a next tick. */
  private goesOn = false;
  private catchingUp = false;

  constructor(
    chip: RP2040,
    private readonly clock: CycleClock,
  ) {
    this.blocks = chip.pio.map((stock) => ({
      stock,
      machines: stock.machines.map((machine) => new StateMachine(stock, machine)),
    }));
    this.alarm = clock.createAlarm(() => {
      this.catchUp();
      this.schedule();
    });
    for (const { stock, machines } of this.blocks) this.replaceTime(stock, machines);
    for (const device of [chip.sio, pinsOf(chip)]) this.comeBefore(device);
  }

  /**
   * Does what the machines did up to the present, tick by tick. The clock goes back to each: pins and
   * DMA follow at once, at the time of the tick.
   */
  catchUp(): void {
    // DMA accesses its registers in the midst of it.
    if (this.catchingUp || !this.goesOn) return;
    const { clock } = this;
    const present = clock.cycles;
    this.catchingUp = true;
    try {
      for (let machine = this.first(); machine; machine = this.first()) {
        const cycle = Math.floor(machine.next / partsOfCycle);
        if (cycle > present) break;
        clock.cycles = cycle;
        machine.tick();
        for (let i = 0; i < transfersOfTick && clock.nextDue <= cycle; i++) clock.fireDue();
      }
    } catch (error) {
      for (const { stock } of this.blocks) stock.stop();
      throw DeviceFault.of(error);
    } finally {
      this.catchingUp = false;
      clock.cycles = present;
    }
    // Its own alarm may have been among those that went off meanwhile.
    this.schedule();
  }

  private replaceTime(stock: StockBlock, machines: readonly StateMachine[]): void {
    stock.run = () => undefined;
    const read = stock.readUint32.bind(stock);
    stock.readUint32 = (offset) => {
      this.catchUp();
      const value = read(offset);
      this.schedule();
      return value;
    };
    const write = stock.writeUint32.bind(stock);
    stock.writeUint32 = (offset, value) => {
      this.catchUp();
      const now = this.clock.cycles * partsOfCycle;
      // The old divider holds up to here.
      for (const machine of machines) machine.keepTime(now);
      write(offset, value);
      heed(machines, offset, value, now);
      stock.checkChangedPins();
      for (const machine of machines) machine.look(now);
      if (offset === control) this.noteEnabled();
      this.schedule();
    };
  }

  /** What a device tells of the pins, or does to them, comes after what was done before. */
  private comeBefore(device: Device): void {
    const read = device.readUint32.bind(device);
    const write = device.writeUint32.bind(device);
    device.readUint32 = (offset) => {
      this.catchUp();
      return read(offset);
    };
    device.writeUint32 = (offset, value) => {
      this.catchUp();
      write(offset, value);
    };
  }

  private noteEnabled(): void {
    this.enabled = this.blocks.flatMap(({ machines }) => machines.filter(({ enabled }) => enabled));
  }

  /** The machine that ticks next, if one does. */
  private first(): StateMachine | undefined {
    const now = this.clock.cycles * partsOfCycle;
    let first: StateMachine | undefined;
    for (const machine of this.enabled) {
      machine.look(now);
      if (machine.ticks && machine.next < (first?.next ?? Infinity)) first = machine;
    }
    return first;
  }

  private schedule(): void {
    if (this.catchingUp) return;
    const first = this.first();
    this.goesOn = first !== undefined;
    if (!first) return this.alarm.cancel();
    const interrupts = this.blocks.some(
      ({ stock }) => (stock.irq0IntEnable | stock.irq1IntEnable) !== 0,
    );
    const tick = Math.floor(first.next / partsOfCycle);
    this.alarm.scheduleAt(
      Math.max(tick, this.clock.cycles + (interrupts ? watchedLag : longestLag)),
    );
  }
}

/** What a write to a register means for the time of a block's machines. */
function heed(machines: readonly StateMachine[], offset: number, value: number, now: number): void {
  machines.forEach((machine, index) => {
    const isSet = (bit: number) => offset === control && (value & (1 << (bit + index))) !== 0;
    const executes = offset === instruction.first + index * instruction.step;
    if (isSet(restartBit) || executes) machine.settle();
    if (isSet(clockRestartBit)) machine.restartClock(now);
  });
}
