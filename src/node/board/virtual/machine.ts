import { RP2040 } from 'rp2040js';
import { Bus } from './chip/bus';
import {
  correctDivider,
  correctTimerAlarms,
  onWatchdogReset,
  reportErrors,
  type WatchdogMemory,
} from './chip/corrections';
import { CycleClock } from './chip/cycle-clock';
import { UartSerial } from './chip/uart-serial';
import { UsbSerial } from './chip/usb-serial';
import { ChipFault } from './fault';
import type { MachineEvent } from './machine-event';
import { romImage } from './rom/image';
import { serveRom, type RomHost } from './rom/services';
import { Core } from './thumb/core';

/** Bytes that belong at an offset of the flash. */
export interface FlashPart {
  offset: number;
  data: Uint8Array;
}

export interface MachineListener {
  onOutput(bytes: Uint8Array): void;
  onEvent(event: MachineEvent): void;
}

/** clk_sys until the program sets it up; rp2040js starts with the same. */
const startHertz = 125e6;

/**
 * A Pico with one core running: rp2040js supplies the peripherals; the core, the boot ROM and the
 * flow of time are ours. It runs when told to and never by itself.
 */
export class Machine {
  readonly clock = new CycleClock(startHertz);
  /** Cycles of `clock.cycles` in which the core slept. */
  idleCycles = 0;
  /** Set by the end of the program: a fault, or the USB boot loader. */
  ended = false;

  // Set by powerUp, which the constructor calls before anything else can look.
  chip!: RP2040;
  core!: Core;
  private usb!: UsbSerial;
  private uart!: UartSerial;
  private watchdog!: WatchdogMemory;
  private resetRequested = false;

  constructor(
    flash: readonly FlashPart[],
    private readonly listener: MachineListener,
  ) {
    this.powerUp();
    for (const { offset, data } of flash) this.chip.flash.set(data, offset);
  }

  /** Sends bytes to the serial port that the program reads: USB if it uses it, else UART0. */
  write(bytes: Uint8Array): void {
    (this.usb.inUse ? this.usb : this.uart).write(bytes);
  }

  /** Runs for `cycles` of the chip's clock, sleep included, or until the program ends. */
  run(cycles: number): void {
    const end = this.clock.cycles + cycles;
    this.uart.pump();
    try {
      while (this.clock.cycles < end && !this.ended) {
        this.runUntil(end);
        if (this.resetRequested) this.reset();
      }
    } catch (error) {
      if (!(error instanceof ChipFault)) throw error;
      this.fault(error.message);
    }
  }

  private runUntil(end: number): void {
    const { clock, core } = this;
    while (clock.cycles < end && !this.ended && !this.resetRequested) {
      if (clock.cycles >= clock.nextDue) clock.fireDue();
      if (core.interruptsUpdated) core.checkForInterrupts();
      if (core.waiting) this.sleep(end);
      else clock.cycles += core.step();
    }
  }

  /** Skips to the next alarm; nothing else can wake the core. */
  private sleep(end: number): void {
    const { clock } = this;
    // At least one cycle, lest an alarm that is always due stops time.
    const wake = Math.max(clock.cycles + 1, Math.min(Math.ceil(clock.nextDue), end));
    this.idleCycles += wake - clock.cycles;
    clock.cycles = wake;
  }

  /** A new chip, which has the old one's flash if there was one. */
  private powerUp(): void {
    const chip = new RP2040(this.clock);
    if (this.chip) chip.flash.set(this.chip.flash);
    const core = new Core(chip, new Bus(chip));
    Object.assign(chip, { core });
    reportErrors(chip);
    correctDivider(chip);
    correctTimerAlarms(chip);
    chip.bootrom.set(romImage());
    chip.addClockListener((hertz) => (this.clock.frequency = hertz));
    this.clock.frequency = startHertz;
    this.watchdog = onWatchdogReset(chip, () => (this.resetRequested = true));
    this.usb = new UsbSerial(chip, (bytes) => this.listener.onOutput(bytes));
    this.uart = new UartSerial(chip, (bytes) => {
      if (!this.usb.inUse) this.listener.onOutput(bytes);
    });
    const host = this.romHost(chip);
    core.onTrap = (trap) => serveRom(trap, core, host);
    core.reset();
    this.chip = chip;
    this.core = core;
  }

  private romHost(chip: RP2040): RomHost {
    return {
      flash: chip.flash,
      watchdogScratch: this.watchdog.scratchData,
      get hertz() {
        return chip.clkSys;
      },
      enterBootloader: (why) => {
        this.ended = true;
        this.listener.onEvent({ kind: 'bootloader', why });
      },
    };
  }

  /** The watchdog resets everything but SRAM, flash and its own memory. */
  private reset(): void {
    this.resetRequested = false;
    const { chip, watchdog } = this;
    this.clock.cancelAll();
    this.powerUp();
    this.chip.sram.set(chip.sram);
    this.watchdog.scratchData.set(watchdog.scratchData);
    this.watchdog.reason = watchdog.reason;
    this.listener.onEvent({ kind: 'reset' });
  }

  private fault(reason: string): void {
    this.ended = true;
    const { core } = this;
    this.listener.onEvent({
      kind: 'fault',
      reason,
      address: core.current,
      registers: [...core.registers],
      cycles: this.clock.cycles,
    });
  }
}
