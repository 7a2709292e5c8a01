import type { RP2040 } from 'rp2040js';
import type { Machine } from '../machine';
import type { CoreNumber } from '../thumb/core';

/**
 * The chip as rp2040js's server of the protocol knows one, with a core at a time: accesses never
 * fault, and code may be written.
 */
export function debuggedChip(machine: Machine, core: () => CoreNumber): RP2040 {
  return {
    // The machine has a new chip, and new cores, after each reset.
    get core() {
      return machine.cores[core()];
    },
    readUint8: (address: number) => machine.inspect(address),
    writeUint8: (address: number, value: number) => machine.poke(address, value),
  } as unknown as RP2040;
}
