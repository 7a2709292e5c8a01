import { RP2040 } from 'rp2040js';
import { chip as chipConstants } from '../core/chip';
import {
  correctTimerAlarms,
  onWatchdogReset,
  reportErrors,
  type WatchdogMemory,
} from './chip/corrections';
import {
  flashBase,
  flashEnd,
  flashMask,
  romBytes,
  sramBase,
  sramBytes,
  stripedBytes,
} from './chip/address-map';
import { setOnDesk } from './chip/analog';
import { CycleClock } from './chip/cycle-clock';
import { countFrequencies } from './chip/frequency-counter';
import { Led } from './chip/led';
import { connectPins } from './chip/pins';
import { ProgramSerial } from './chip/program-serial';
import { ProgrammableIo } from './chip/programmable-io';
import { UartSerial } from './chip/uart-serial';
import { paceTransmitters } from './chip/uart-transmitter';
import { UsbSerial } from './chip/usb-serial';
import { XipCache } from './chip/xip-cache';
import { Breakpoint, ChipFault, DeviceFault } from './fault';
import { HardFaults } from './hard-faults';
import type { BootloaderCause, FaultReport, MachineEvent } from './machine-event';
import { romImage } from './rom/image';
import type { RomHost } from './rom/services';
import { Scheduler } from './scheduler';
import { lowestWritten } from './stack-depth';
import type { Core, CoreNumber } from './thumb/core';
import { giveTwoCores, type Cores } from './two-cores';
import { BlockCache } from './translator/block-cache';

/** Bytes that belong at an offset of the flash. */
export interface FlashPart {
  offset: number;
  data: Uint8Array;
}

export interface MachineListener {
  onOutput(bytes: Uint8Array): void;
  onEvent(event: MachineEvent): void;
}

/** Where the program stands for a debugger, and why. */
export interface Stop {
  core: CoreNumber;
  why: 'asked' | 'step' | 'breakpoint' | 'fault';
}

export interface MachineOptions {
  /** Translate the program to JavaScript where it is worth it, which a program notices by nothing. */
  translates?: boolean;
}

/**
 * A Pico: rp2040js supplies the peripherals; the cores, the boot ROM and the flow of time are ours.
 * It runs when told to and never by itself: nothing in it waits for a timer of the host.
 */
export class Machine {
  readonly clock = new CycleClock(chipConstants.defaultHertz);
  /** Set by the end of the program: a fault, or the USB boot loader. `restart` takes it back. */
  ended = false;
  /** While a debugger is attached: a core has come to a breakpoint, or to a fault. */
  onStop: ((stop: Stop) => void) | undefined;

  private readonly breakpoints = new Set<number>();

  // Set by powerUp, which the constructor calls before anything else can look.
  chip!: RP2040;
  cores!: Cores;
  xip!: XipCache;
  led!: Led;
  /** The scratch banks of SRAM, in which programs keep their stacks, as the last start found them. */
  stacksAtStart!: Uint8Array;
  blocks: BlockCache | undefined;
  private scheduler!: Scheduler;
  private usb!: UsbSerial;
  private uart!: UartSerial;
  private serial!: ProgramSerial;
  private programmableIo!: ProgrammableIo;
  private faultAtStop: { core: Core; report: FaultReport } | undefined;
  private hardFaults!: HardFaults;
  private watchdog!: WatchdogMemory;
  private resetRequested = false;
  private readonly translates: boolean;
  /** Of power-ups before this one. */
  private idleBefore = 0;

  constructor(
    flash: readonly FlashPart[],
    private readonly listener: MachineListener,
    { translates = true }: MachineOptions = {},
  ) {
    this.translates = translates;
    this.powerUp();
    this.program(flash);
  }

  /** Cycles of `clock.cycles` in which neither core ran. */
  get idleCycles(): number {
    return this.idleBefore + this.scheduler.idleCycles;
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
    return lowestWritten(this.cores[number].SP, { now, atStart: this.stacksAtStart });
  }

  /** Sends bytes to the serial port that the program reads: USB if it has one there, else UART0. */
  write(bytes: Uint8Array): void {
    this.serial.write(bytes);
  }

  /** Runs for `cycles` of the chip's clock, sleep included, or until the program ends. */
  run(cycles: number): void {
    const end = this.clock.cycles + cycles;
    this.serial.settle();
    this.uart.pump();
    while (this.clock.cycles < end && !this.ended) {
      try {
        this.scheduler.run(end);
        if (this.resetRequested) this.reset();
        this.programmableIo.catchUp();
      } catch (error) {
        if (!(error instanceof ChipFault)) throw error;
        if (!this.outlives(error)) return;
      }
    }
  }

  /**
   * Executes an instruction of a core, for a debugger, also of one that slept until now; a fault
   * leaves it where it was.
   *
   * @param othersRun the other core keeps pace, if it is awake
   * @returns which core stands where, and why
   */
  stepCore(number: CoreNumber, othersRun: boolean): Stop {
    const core = this.cores[number];
    const stepped: Stop = { core: number, why: 'step' };
    if (core.held) return stepped;
    if (core.waiting) {
      core.catchUp(this.clock.cycles);
      core.waiting = core.waitsForEvent = false;
    }
    const stop = this.stepOne(number, true) ?? (othersRun && this.keepPace(number));
    this.clock.cycles = Math.max(this.clock.cycles, core.time);
    return stop || stepped;
  }

  /**
   * Lets the program's own handler take the fault at which a debugger has halted it, unless the
   * debugger has moved it on.
   */
  takeFault(): void {
    const { faultAtStop } = this;
    this.faultAtStop = undefined;
    if (!faultAtStop) return;
    const { core, report } = faultAtStop;
    if (core.PC === report.address) this.hardFaults.take(core, report);
  }

  /** Lets the other core come as far as this one is; returns its stop if there is one before. */
  private keepPace(number: CoreNumber): Stop | undefined {
    const other = number === 0 ? 1 : 0;
    const [leader, follower] = [this.cores[number], this.cores[other]];
    while (follower.awake && follower.time < leader.time) {
      const stop = this.stepOne(other);
      if (stop) return stop;
    }
    return undefined;
  }

  /** Executes an instruction; returns where and why that is not possible. */
  private stepOne(number: CoreNumber, pastBreakpoint = false): Stop | undefined {
    const core = this.cores[number];
    try {
      while (core.interruptsUpdated) core.checkForInterrupts();
      const cycles = pastBreakpoint ? core.execute(core.PC) : core.step();
      core.time += cycles;
      return undefined;
    } catch (error) {
      if (!(error instanceof ChipFault)) throw error;
      core.PC = core.current;
      return this.haltAt(core, number, error);
    }
  }

  /** Lets a debugger halt cores before they execute the instruction at an address, or no longer. */
  setBreakpoint(address: number, isSet: boolean): void {
    if (isSet) this.breakpoints.add(address);
    else this.breakpoints.delete(address);
    this.blocks?.forget(address);
  }

  /**
   * What a debugger on a core sees at an address; shorter than asked for where there is nothing.
   * Reading memory changes nothing; devices notice it, as they do on a chip.
   */
  inspect(address: number, length: number, number: CoreNumber): Uint8Array {
    const { bus } = this.cores[number];
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

  /** A byte of ROM, flash or SRAM; undefined elsewhere. */
  private memoryAt(address: number): number | undefined {
    const { sram, flash, bootrom } = this.chip;
    if (address < romBytes) return ((bootrom[address >>> 2] ?? 0) >>> (8 * (address & 3))) & 0xff;
    if (address >= flashBase && address < flashEnd) return flash[address & flashMask] ?? 0;
    return address >= sramBase ? sram[address - sramBase] : undefined;
  }

  /** Changes a byte as a debugger does, which may be code, and may be in flash. */
  poke(address: number, value: number): void {
    const { sram, flash } = this.chip;
    if (address >= sramBase && address < sramBase + sramBytes) {
      sram[address - sramBase] = value;
      this.blocks?.forget(address);
    } else if (address >= flashBase && address < flashEnd) {
      flash[address & flashMask] = value;
      this.blocks?.forget(address);
    } else this.chip.writeUint8(address, value);
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
    this.resetRequested = false;
    this.ended = false;
    const { sram } = this.chip;
    this.clock.restart();
    this.powerUp(sram);
    if (bootsel) this.enterBootloader('button');
  }

  /** Switches the power off and on: nothing but the flash is left. */
  powerOn(): void {
    this.resetRequested = false;
    this.ended = false;
    this.clock.restart();
    this.powerUp();
  }

  /** A new chip, which has the old one's flash if there was one, and what SRAM is given. */
  private powerUp(sram?: Uint8Array): void {
    const { clock } = this;
    const chip = new RP2040(clock);
    if (sram) chip.sram.set(sram);
    this.stacksAtStart = chip.sram.slice(stripedBytes);
    const old = this.chip as RP2040 | undefined;
    if (old) {
      chip.flash.set(old.flash);
      this.idleBefore += this.scheduler.idleCycles;
    }
    reportErrors(chip);
    correctTimerAlarms(chip);
    chip.bootrom.set(romImage());
    chip.addClockListener((hertz) => (clock.frequency = hertz));
    clock.frequency = chipConstants.defaultHertz;
    this.chip = chip;
    this.xip = new XipCache();
    this.blocks = this.translates ? this.blockCache(chip) : undefined;
    this.cores = giveTwoCores(chip, {
      clock,
      xip: this.xip,
      blocks: this.blocks,
      breakpoints: this.breakpoints,
      romHost: this.romHost(chip),
      requestReset: () => {
        this.resetRequested = true;
        // The watchdog is not to blame.
        this.watchdog.reason = 0;
      },
    });
    for (const core of this.cores) core.time = clock.cycles;
    this.watchdog = onWatchdogReset(chip, () => (this.resetRequested = true));
    connectPins(chip);
    paceTransmitters(chip);
    countFrequencies(chip);
    setOnDesk(chip);
    this.programmableIo = new ProgrammableIo(chip, clock);
    this.led = new Led(chip, clock);
    this.usb = new UsbSerial(
      chip,
      () => clock.nanos,
      (bytes) => this.listener.onOutput(bytes),
    );
    this.uart = new UartSerial(chip, (bytes) => this.serial.hearUart(bytes));
    this.serial = new ProgramSerial(
      () => this.usb,
      () => this.uart,
      (bytes) => this.listener.onOutput(bytes),
    );
    this.hardFaults = new HardFaults((report) =>
      this.listener.onEvent({ kind: 'handled-fault', ...report }),
    );
    this.scheduler = new Scheduler({
      clock,
      cores: this.cores,
      blocks: this.blocks,
      flashMisses: () => this.xip.misses,
      stopped: () => this.ended || this.resetRequested,
    });
  }

  private blockCache({ sram, flash }: RP2040): BlockCache {
    return new BlockCache({
      sram: sram.buffer,
      flash: flash.buffer,
      breakpoints: this.breakpoints,
      touch: this.xip.touch,
    });
  }

  private romHost(chip: RP2040): RomHost {
    return {
      flash: chip.flash,
      watchdogScratch: () => this.watchdog.scratchData,
      hertz: () => chip.clkSys,
      enterBootloader: (cause) => this.enterBootloader(cause),
      flushCache: () => this.xip.flush(),
      onFlashChange: () => this.blocks?.forgetFlash(),
    };
  }

  private enterBootloader(cause: BootloaderCause): void {
    this.end({ kind: 'bootloader', cause });
  }

  /** The watchdog, or the program, resets everything but SRAM, flash and the watchdog's memory. */
  private reset(): void {
    this.resetRequested = false;
    const { chip, watchdog } = this;
    this.clock.restart();
    this.powerUp(chip.sram);
    this.watchdog.scratchData.set(watchdog.scratchData);
    this.watchdog.reason = watchdog.reason;
    this.listener.onEvent({ kind: 'reset', by: watchdog.reason === 0 ? 'program' : 'watchdog' });
  }

  /** Whether the program goes on after a fault: in its own handler. Otherwise it has been told of. */
  private outlives(fault: ChipFault): boolean {
    const core = this.scheduler.running;
    const number = core === this.cores[0] ? 0 : 1;
    const isDevice = fault instanceof DeviceFault;
    if (this.onStop) {
      if (!isDevice) {
        this.clock.cycles = Math.max(this.clock.cycles, core.time);
        core.PC = core.current;
      }
      this.onStop(this.haltAt(core, number, fault));
      return false;
    }
    if (isDevice) {
      this.end({ kind: 'device-fault', reason: fault.message });
      return false;
    }
    const report = reportOf(core, number, fault);
    if (this.hardFaults.take(core, report)) return true;
    this.clock.cycles = Math.max(this.clock.cycles, core.time);
    this.end({ kind: 'fault', ...this.hardFaults.origin(core, report) });
    return false;
  }

  /** Where a debugger halts; what it halts for is kept, so that the program may take it then. */
  private haltAt(core: Core, number: CoreNumber, fault: ChipFault): Stop {
    const isFault = !(fault instanceof Breakpoint || fault instanceof DeviceFault);
    this.faultAtStop = isFault ? { core, report: reportOf(core, number, fault) } : undefined;
    return { core: number, why: fault instanceof Breakpoint ? 'breakpoint' : 'fault' };
  }

  private end(event: MachineEvent): void {
    this.ended = true;
    this.listener.onEvent(event);
  }
}

function reportOf(core: Core, number: CoreNumber, fault: ChipFault): FaultReport {
  return {
    reason: fault.message,
    core: number,
    address: core.current,
    registers: [...core.registers],
    cycles: core.time,
  };
}
