import { chip } from '../../core/chip';
import { flashMask } from '../chip/address-map';
import { ChipFault } from '../fault';
import type { Core } from '../thumb/core';
import { serveFloat } from './floating-point';
import { romFunctions, romTrap, type RomFunction } from './image';
import { startProgram, type BootHost } from './boot';
import type { SecondCore } from './second-core';

/** What the services act on beside the core. */
export interface RomHost extends BootHost {
  /** Frequency of clk_sys. */
  hertz(): number;
  /** The second core waits for its program; the first one starts what is in flash. */
  readonly secondCore?: SecondCore;
  /** Forgets what is cached of the flash. */
  flushCache(): void;
  /** The flash is about to change. */
  onFlashChange(): void;
}

/** Runs a service on the registers of its caller; returns the cycles it takes. */
type Service = (core: Core, host: RomHost) => number;

/** Times of the flash chip on the Pico (W25Q16JV), typical. */
const eraseSeconds = 0.045;
const programSeconds = 0.0007;

const mask8 = 0x01010101;

/** r0 = f(r0), in about as many cycles as the real routine. */
function bitwise(change: (value: number) => number, cycles: number): Service {
  return (core) => {
    core.set(0, change(core.get(0)));
    return cycles;
  };
}

function countBits(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function reverseBits(value: number): number {
  let result = 0;
  for (let bit = 0; bit < 32; bit++) result = (result << 1) | ((value >>> bit) & 1);
  return result;
}

function countTrailingZeros(value: number): number {
  return value === 0 ? 32 : 31 - Math.clz32(value & -value);
}

/** r0: destination, r1: byte, r2: count. Leaves r0, as its C signature asks. */
const fillBytes: Service = (core) => {
  const [target, value, count] = [core.get(0), core.get(1) & 0xff, core.get(2) >>> 0];
  for (let at = 0; at < count; at++) core.bus.store8(target + at, value);
  return 20 + count;
};

/** As fillBytes, for a destination and a count that are multiples of 4. */
const fillWords: Service = (core) => {
  const [target, value, count] = [core.get(0), core.get(1) & 0xff, core.get(2) & ~3];
  for (let at = 0; at < count; at += 4) core.bus.store32(target + at, Math.imul(value, mask8));
  return 12 + Math.ceil(count / 3);
};

/** r0: destination, r1: source, r2: count. */
const copyBytes: Service = (core) => {
  const [target, source, count] = [core.get(0), core.get(1), core.get(2) >>> 0];
  for (let at = 0; at < count; at++) core.bus.store8(target + at, core.bus.load8(source + at));
  return 24 + 2 * count;
};

const copyWords: Service = (core) => {
  const [target, source, count] = [core.get(0), core.get(1), core.get(2) & ~3];
  for (let at = 0; at < count; at += 4) {
    core.bus.store32(target + at, core.bus.load32(source + at));
  }
  return 14 + Math.ceil(count / 1.6);
};

/** r0: offset in flash, r1: count. */
const eraseFlash: Service = (core, host) => {
  const { flash, hertz } = host;
  const start = core.get(0) & flashMask;
  const count = core.get(1) >>> 0;
  host.onFlashChange();
  flash.fill(0xff, start, start + count);
  return Math.round((count / chip.flashSectorBytes) * eraseSeconds * hertz());
};

/** r0: offset in flash, r1: data, r2: count. Programming can clear bits only. */
const programFlash: Service = (core, host) => {
  const { flash, hertz } = host;
  const start = core.get(0) & flashMask;
  const [source, count] = [core.get(1), core.get(2) >>> 0];
  host.onFlashChange();
  for (let at = 0; at < count; at++) {
    flash[start + at] = (flash[start + at] ?? 0) & core.bus.load8(source + at);
  }
  return Math.round((count / chip.flashPageBytes) * programSeconds * hertz());
};

/** Flash is always connected and mapped here. */
const nothing: Service = () => 100;

const flushCache: Service = (_, host) => {
  host.flushCache();
  return 100;
};

const functions: Record<RomFunction, Service> = {
  P3: bitwise(countBits, 18),
  R3: bitwise(reverseBits, 24),
  L3: bitwise(Math.clz32, 20),
  T3: bitwise(countTrailingZeros, 22),
  MS: fillBytes,
  S4: fillWords,
  MC: copyBytes,
  C4: copyWords,
  IF: nothing,
  EX: nothing,
  RE: eraseFlash,
  RP: programFlash,
  FC: flushCache,
  CX: nothing,
  UB: (_, host) => {
    host.enterBootloader('program');
    return 1;
  },
};

/** r0: table of (code, address) pairs, r1: code. r0 becomes the address, or 0. */
const lookUp: Service = (core) => {
  const wanted = core.get(1) & 0xffff;
  let entry = core.get(0);
  let cycles = 6;
  for (; core.bus.load16(entry) !== 0; entry += 4, cycles += 8) {
    if (core.bus.load16(entry) !== wanted) continue;
    core.set(0, core.bus.load16(entry + 2));
    return cycles;
  }
  core.set(0, 0);
  return cycles;
};

/** Serves the traps of the boot ROM; see romImage. Returns the cycles. */
export function serveRom(trap: number, core: Core, host: RomHost): number {
  if (trap === romTrap.reset) {
    return host.secondCore ? host.secondCore.reset(core) : startProgram(core, host);
  }
  if (trap === romTrap.launch && host.secondCore) return host.secondCore.launch(core);
  if (trap === romTrap.lookup) return lookUp(core, host);
  if (trap === romTrap.hang) throw new ChipFault('exception before the program set up its vectors');
  const name = romFunctions[trap - romTrap.firstFunction];
  if (name) return functions[name](core, host);
  const cycles = serveFloat(trap - romTrap.firstFloat, core);
  if (cycles === undefined) throw new ChipFault(`boot ROM trap ${trap} without a service`);
  return cycles;
}
