import {
  flashBase,
  flashEnd,
  romBytes,
  sioBase,
  sioEnd,
  sramBase,
  sramBytes,
} from '../chip/address-map';
import { isOwnRegister } from '../chip/core-sio';
import type { Core } from './core';
import { tableOf } from './decode';
import { pc } from './instruction';
import { accesses } from './memory';

/** WFE, WFI and SEV speak of other cores; UDF and BKPT call services that change the chip. */
const signals = ['1011111100100000', '1011111100110000', '1011111101000000', '11011110iiiiiiii'];

const addressOf = tableOf(accesses.map(([pattern, , address]) => [pattern, address] as const));
const isSignal = tableOf(signals.map((pattern) => [pattern, true] as const));

/**
 * Whether the next instruction of a core acts on devices that the cores share, or on the other
 * core: such instructions have to be executed in the order of time. Memory is left out, since
 * programs that share it do not rely on single cycles.
 */
export function actsOnShared(core: Core): boolean {
  const opcode = core.bus.peek(core.get(pc));
  const address = addressOf[opcode];
  if (!address) return isSignal[opcode] === true;
  return isShared(address(core, opcode) >>> 0);
}

function isShared(address: number): boolean {
  if (address >= sramBase && address < sramBase + sramBytes) return false;
  if (address >= flashBase && address < flashEnd) return false;
  if (address >= sioBase && address < sioEnd) return !isOwnRegister(address - sioBase);
  return address >= romBytes;
}
