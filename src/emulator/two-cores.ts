import type { RP2040 } from 'rp2040js';
import { Bus } from './chip/bus';
import { coreField, type ChipMemory } from './chip/memory-map';
import { CoreSio } from './chip/core-sio';
import { correctDivider, onSecondCoreReset, onSramWrite } from './chip/corrections';
import { splitPinInterrupts } from './chip/pin-interrupts';
import type { CycleClock } from './chip/cycle-clock';
import { PrivatePeripherals } from './ppb/private-peripherals';
import type { XipCache } from './chip/xip-cache';
import type { XipControl } from './chip/xip-control';
import { SecondCore } from './rom/second-core';
import { stateAddress, type Runtime } from './runtime/runtime';
import { serveRom, type RomHost } from './rom/services';
import { anotherSio, replaceCore, replacePrivatePeripherals, type StockSio } from './rp2040js';
import type { CoreNumber } from './chip/core-number';
import { Core } from './thumb/core';
import type { BlockCache } from './translator/block-cache';

export type Cores = readonly [Core, Core];

/** What cores need beside the chip. */
export interface CoreSurroundings {
  clock: CycleClock;
  xip: XipCache;
  xipControl: XipControl;
  memory: ChipMemory;
  runtime: Runtime;
  /** Undefined: everything is interpreted. */
  blocks: BlockCache | undefined;
  /** Addresses at which debuggers halt. */
  breakpoints: ReadonlySet<number>;
  romHost: RomHost;
  /** A program asks for a reset of the chip. */
  requestReset: () => void;
}

/**
 * Gives a chip of rp2040js, which has one core, two of ours; both are at their reset vector. The
 * second one sees the same chip apart from itself and its private peripherals.
 */
export function giveTwoCores(chip: RP2040, surroundings: CoreSurroundings): Cores {
  const view = Object.create(chip) as RP2040;
  const first = buildCore(chip, 0, chip.sio, surroundings);
  const second = buildCore(view, 1, anotherSio(chip.sio, view), surroundings);
  // What does not take a core's bus: debuggers.
  replacePrivatePeripherals(chip, {
    readUint32: (offset) => first.own.read(offset),
    writeUint32: (offset, value) => first.own.write(offset, value),
  });
  CoreSio.connect(first.sio, second.sio);

  const cores: Cores = [first.core, second.core];
  chip.setInterrupt = (irq, value) => {
    for (const core of cores) core.setInterrupt(irq, value);
  };
  splitPinInterrupts(chip, (number, irq, value) => cores[number].setInterrupt(irq, value));
  const { romHost, blocks, breakpoints } = surroundings;
  if (blocks) {
    onSramWrite(chip, (offset) => {
      if (blocks.holdsCode(offset)) blocks.forgetSram(offset);
    });
  }
  const hosts = [romHost, { ...romHost, secondCore: new SecondCore(second.sio) }] as const;
  cores.forEach((core, number) => {
    core.breakpoints = breakpoints;
    core.onEvent = () => cores.forEach((other) => other.noteEvent());
    core.onTrap = (trap) => serveRom(trap, core, hosts[number] ?? romHost);
    core.reset();
  });
  onSecondCoreReset(chip, {
    hold: () => {
      second.core.held = true;
      second.own.reset();
    },
    release: () => {
      second.core.held = false;
      second.sio.clear();
      second.core.reset();
    },
  });
  return cores;
}

function buildCore(
  seen: RP2040,
  number: CoreNumber,
  ownSio: StockSio,
  { clock, xip, xipControl, memory, runtime, blocks, requestReset }: CoreSurroundings,
): { core: Core; sio: CoreSio; own: PrivatePeripherals } {
  correctDivider(ownSio);
  const state = stateAddress(number);
  const interpolators = {
    read: (offset: number) => {
      blocks?.noteInterpolator(core, offset);
      return runtime.loadOwn(state, offset) >>> 0;
    },
    write: (offset: number, value: number) => {
      blocks?.noteInterpolator(core, offset);
      runtime.storeOwn(state, offset, value);
    },
  };
  const sio = new CoreSio(number, ownSio, seen.sio, interpolators, {
    setInterrupt: (irq, value) => core.setInterrupt(irq, value),
  });
  const bus = new Bus(seen, {
    sio,
    privatePeripherals: () => own,
    ...{ xip, xipControl },
    holdsCode: (offset) => blocks?.holdsCode(offset) ?? false,
    onCodeChange: (offset) => blocks?.forgetSram(offset),
  });
  const registers = new Uint32Array(memory.memory.buffer, state + coreField.registers, 16);
  const core: Core = new Core(seen, number, bus, registers);
  const own = new PrivatePeripherals(core, clock, requestReset);
  replaceCore(seen, core);
  return { core, sio, own };
}
