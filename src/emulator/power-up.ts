import type { RP2040 } from 'rp2040js';
import { chip as chipConstants } from '../core/chip';
import { stripedBytes } from './chip/address-map';
import { setOnDesk } from './chip/analog';
import { correctTimerAlarms, onWatchdogReset, reportErrors } from './chip/corrections';
import type { CycleClock } from './chip/cycle-clock';
import { connectFlash } from './chip/flash-interface';
import { completeDma } from './chip/dma';
import { correctPwm } from './chip/pwm';
import { RealTimeClock } from './chip/real-time-clock';
import { connectSerialPeripherals } from './chip/serial-peripheral';
import { connectTwoWire } from './chip/two-wire';
import { countFrequencies } from './chip/frequency-counter';
import { Led } from './chip/led';
import type { ChipMemory } from './chip/memory-map';
import { addOutlyingMemory } from './chip/outlying-memory';
import { connectPins } from './chip/pins';
import { ProgramSerial } from './chip/program-serial';
import { ProgrammableIo } from './chip/programmable-io';
import { UartSerial } from './chip/uart-serial';
import { paceTransmitters } from './chip/uart-transmitter';
import { UsbSerial } from './chip/usb-serial';
import { regulateVoltage } from './chip/voltage-regulator';
import { XipCache } from './chip/xip-cache';
import { XipControl } from './chip/xip-control';
import type { BootloaderCause } from './machine-event';
import { romImage } from './rom/image';
import { chipWithMemory, type WatchdogMemory } from './rp2040js';
import { createRuntime, type Runtime } from './runtime/runtime';
import { Scheduler } from './scheduler';
import { BlockCache } from './translator/block-cache';
import type { KnownRegion } from './translator/known-regions';
import { giveTwoCores, type Cores } from './two-cores';

/** What a chip is wired to. */
export interface Board {
  clock: CycleClock;
  /** Addresses at which debuggers halt. */
  breakpoints: ReadonlySet<number>;
  /** Translate the program to WebAssembly where it is worth it. */
  translates: boolean;
  /** How often code is reached before that, where it is not as usual. */
  warmUp: number | undefined;
  /** Regions of the program that were translated before. */
  known: readonly KnownRegion[];
  /** Bytes that the program sends to its serial port. */
  onOutput: (bytes: Uint8Array) => void;
  enterBootloader: (cause: BootloaderCause) => void;
  /** The watchdog, or the program, asks for a reset of the chip. */
  requestReset: () => void;
  /** Something has happened that ends the run. */
  stopped: () => boolean;
}

/** A chip from one start to the next, with all that belongs to it. */
export interface PoweredChip {
  readonly chip: RP2040;
  readonly cores: Cores;
  readonly xip: XipCache;
  readonly led: Led;
  /** Undefined: everything is interpreted. */
  readonly blocks: BlockCache | undefined;
  readonly scheduler: Scheduler;
  readonly uart: UartSerial;
  /** The serial port through which people speak with the program. */
  readonly serial: ProgramSerial;
  readonly programmableIo: ProgrammableIo;
  readonly watchdog: WatchdogMemory;
  /** The scratch banks of SRAM, in which programs keep their stacks, as the start found them. */
  readonly stacksAtStart: Uint8Array;
}

/**
 * Brings a new chip to its reset vector. rp2040js supplies the peripherals; the rest is put in place
 * here.
 */
export function powerUp(board: Board, memory: ChipMemory): PoweredChip {
  const { clock } = board;
  const chip = chipWithMemory(clock, memory);
  const stacksAtStart = chip.sram.slice(stripedBytes);
  reportErrors(chip);
  correctTimerAlarms(chip);
  chip.bootrom.set(romImage());
  chip.addClockListener((hertz) => (clock.frequency = hertz));
  clock.frequency = chipConstants.defaultHertz;
  const runtime: Runtime = createRuntime(memory, {
    load: (core, offset) => cores[core].bus.sio.read(offset),
    store: (core, offset, value) => cores[core].bus.sio.write(offset, value >>> 0),
  });
  const xip = new XipCache(memory, runtime.touch);
  const xipControl = new XipControl(chip, xip, clock);
  const { breakpoints, warmUp, known } = board;
  const blocks = board.translates
    ? new BlockCache(memory, runtime, { breakpoints, warmUp, known })
    : undefined;
  const watchdog = onWatchdogReset(chip, board.requestReset);
  const cores: Cores = giveTwoCores(chip, {
    ...{ clock, xip, xipControl, memory, runtime, blocks, breakpoints },
    romHost: {
      flash: chip.flash,
      watchdogScratch: () => watchdog.scratchData,
      hertz: () => chip.clkSys,
      enterBootloader: board.enterBootloader,
      flushCache: () => xip.flush(),
      onFlashChange: () => blocks?.forgetFlash(),
    },
    requestReset: () => {
      // The watchdog is not to blame.
      watchdog.reason = 0;
      board.requestReset();
    },
  });
  for (const core of cores) core.time = clock.cycles;
  addOutlyingMemory(chip, xipControl);
  connectFlash(chip, clock, xip);
  connectPins(chip);
  paceTransmitters(chip);
  connectSerialPeripherals(chip);
  connectTwoWire(chip);
  new RealTimeClock(chip, clock);
  completeDma(chip);
  correctPwm(chip);
  countFrequencies(chip);
  regulateVoltage(chip);
  setOnDesk(chip);
  const programmableIo = new ProgrammableIo(chip, clock);
  const led = new Led(chip, clock);
  const usb = new UsbSerial(chip, () => clock.nanos, board.onOutput);
  const uart = new UartSerial(chip, (bytes) => serial.hearUart(bytes));
  const serial: ProgramSerial = new ProgramSerial(
    () => usb,
    () => uart,
    board.onOutput,
  );
  const scheduler = new Scheduler({
    clock,
    cores,
    blocks,
    flashMisses: () => xip.misses,
    stopped: board.stopped,
  });
  return {
    ...{ chip, cores, xip, led, blocks, scheduler, uart, serial, programmableIo, watchdog },
    stacksAtStart,
  };
}
