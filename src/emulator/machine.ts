import type { RP2040 } from 'rp2040js';
import { chip as chipConstants } from '../core/chip';
import { sramBase, sramBytes, stripedBytes } from './chip/address-map';
import { CycleClock } from './chip/cycle-clock';
import type { Led } from './chip/led';
import { ChipMemory } from './chip/memory-map';
import type { XipCache } from './chip/xip-cache';
import { Debugging } from './debugging';
import { ChipFault } from './fault';
import { Faults } from './faults';
import type { BootloaderCause, MachineEvent } from './machine-event';
import { powerUp, type PoweredChip } from './power-up';
import { leaveVector } from './rom/boot';
import { lowestWritten } from './stack-depth';
import type { CoreNumber } from './chip/core-number';
import type { Core } from './thumb/core';
import type { BlockCache } from './translator/block-cache';
import type { KnownRegion } from './translator/known-regions';
import type { Cores } from './two-cores';

/** Bytes that belong at an offset of the flash, or of SRAM. */
export interface FlashPart {
  offset: number;
  data: Uint8Array;
}

export interface MachineListener {
  onOutput(bytes: Uint8Array): void;
  onEvent(event: MachineEvent): void;
}

export interface MachineOptions {
  /** Translate the program to WebAssembly where it is worth it, which a program notices by nothing. */
  translates?: boolean;
  /** How often code is reached before that, at most 255; tests want it soon. */
  warmUp?: number;
  /** What `regions` gave, of the same program perhaps: that needs no translation. */
  regions?: readonly KnownRegion[];
}

const sramEnd = sramBase + sramBytes;

/**
 * A Pico, which runs when told to and never by itself: nothing in it waits for a timer of the host.
 * It has a new chip after each reset; what is in its flash stays.
 */
export class Machine {
  readonly clock = new CycleClock(chipConstants.defaultHertz);
  /** What debuggers see of it, and do to it. */
  readonly debug = new Debugging(this);
  /** Set by the end of the program: a fault, or the USB boot loader. `restart` takes it back. */
  ended = false;

  private readonly memory = new ChipMemory();
  private powered: PoweredChip;
  /** Of the present start. */
  faults!: Faults;
  private resetRequested = false;
  private known: readonly KnownRegion[];
  /** Idle cycles of chips before this one. */
  private idleBefore = 0;

  constructor(
    flash: readonly FlashPart[],
    private readonly listener: MachineListener,
    private readonly options: MachineOptions = {},
  ) {
    this.known = options.regions ?? [];
    this.powered = this.start();
    this.program(flash);
  }

  get chip(): RP2040 {
    return this.powered.chip;
  }

  get cores(): Cores {
    return this.powered.cores;
  }

  get xip(): XipCache {
    return this.powered.xip;
  }

  get led(): Led {
    return this.powered.led;
  }

  get blocks(): BlockCache | undefined {
    return this.powered.blocks;
  }

  /** Cycles of `clock.cycles` in which neither core ran. */
  get idleCycles(): number {
    return this.idleBefore + this.powered.scheduler.idleCycles;
  }

  /** Cycles so far in which each core slept or was held in reset. */
  coreIdleCycles(): [number, number] {
    const idle = (core: Core) =>
      core.idleCycles + (core.awake ? 0 : Math.max(0, this.clock.cycles - core.time));
    return [idle(this.cores[0]), idle(this.cores[1])];
  }

  /** The lowest address that a core's stack has come to since the start, as far as it can be told. */
  lowestStack(number: CoreNumber): number {
    const now = this.chip.sram.subarray(stripedBytes);
    return lowestWritten(this.cores[number].SP, { now, atStart: this.powered.stacksAtStart });
  }

  /** Sends bytes to the serial port that the program reads: USB if it has one there, else UART0. */
  write(bytes: Uint8Array): void {
    this.powered.serial.write(bytes);
  }

  /** Runs for `cycles` of the chip's clock, sleep included, or until the program ends. */
  run(cycles: number): void {
    const end = this.clock.cycles + cycles;
    this.powered.serial.settle();
    this.powered.uart.pump();
    while (this.clock.cycles < end && !this.ended) {
      const { scheduler } = this.powered;
      try {
        scheduler.run(end);
        if (this.resetRequested) this.reset();
        this.powered.programmableIo.catchUp();
      } catch (error) {
        if (!(error instanceof ChipFault)) throw error;
        if (!this.faults.outlives(error, scheduler.running, this.debug.onStop)) return;
      }
    }
  }

  /** Cycles for which nothing will happen by itself; 0 while it works, or has yet to take input. */
  get restsFor(): number {
    const { scheduler, serial, uart } = this.powered;
    return serial.hasInput || uart.hasInput ? 0 : scheduler.restsFor;
  }

  /** What was translated, for another machine that runs the same program. */
  regions(): readonly KnownRegion[] {
    return this.blocks?.regions() ?? [];
  }

  /** Changes contents of the flash from outside, as a programmer does. */
  program(parts: readonly FlashPart[]): void {
    for (const { offset, data } of parts) this.chip.flash.set(data, offset);
    this.blocks?.forgetFlash();
    this.xip.flush();
  }

  /**
   * Pulls RUN low for a moment: everything starts anew but flash and SRAM, which programs use to tell
   * that their user has pulled it twice.
   *
   * @param bootsel the BOOTSEL button is held: the chip becomes a USB drive
   */
  restart(bootsel = false): void {
    this.replaceChip(true);
    if (bootsel) this.enterBootloader('button');
  }

  /**
   * Starts a program in SRAM, as the boot ROM does once it has taken one over USB: by the vector that
   * the watchdog keeps.
   *
   * @param entry address of its first instruction
   */
  runFromSram(parts: readonly FlashPart[], entry: number): void {
    this.replaceChip(true);
    for (const { offset, data } of parts) this.chip.sram.set(data, offset);
    leaveVector(this.powered.watchdog.scratchData, { stack: sramEnd, entry });
  }

  /** Switches the power off and on: nothing but the flash is left. */
  powerOn(): void {
    this.replaceChip(false);
  }

  /** The watchdog, or the program, resets everything but SRAM, flash and the watchdog's memory. */
  private reset(): void {
    const { watchdog } = this.powered;
    this.replaceChip(true);
    this.powered.watchdog.scratchData.set(watchdog.scratchData);
    this.powered.watchdog.reason = watchdog.reason;
    this.listener.onEvent({ kind: 'reset', by: watchdog.reason === 0 ? 'program' : 'watchdog' });
  }

  private replaceChip(keepsSram: boolean): void {
    this.resetRequested = false;
    this.ended = false;
    this.clock.restart();
    this.idleBefore = this.idleCycles;
    this.known = this.regions();
    this.memory.restart(keepsSram);
    this.powered = this.start();
  }

  private start(): PoweredChip {
    const { clock, listener, known } = this;
    const { translates = true, warmUp } = this.options;
    const powered = powerUp(
      {
        ...{ clock, translates, warmUp, known, breakpoints: this.debug.breakpoints },
        onOutput: (bytes) => listener.onOutput(bytes),
        enterBootloader: (cause) => this.enterBootloader(cause),
        requestReset: () => (this.resetRequested = true),
        stopped: () => this.ended || this.resetRequested,
      },
      this.memory,
    );
    this.faults = new Faults(powered.cores, clock, {
      onEvent: (event) => listener.onEvent(event),
      end: (event) => this.end(event),
    });
    return powered;
  }

  private enterBootloader(cause: BootloaderCause): void {
    this.end({ kind: 'bootloader', cause });
  }

  private end(event: MachineEvent): void {
    this.ended = true;
    this.listener.onEvent(event);
  }
}
