import type { RP2040 } from 'rp2040js';
import type { Machine } from '../machine';
import type { CoreNumber } from '../chip/core-number';

/**
 * The chip as rp2040js's server of the protocol knows one, with a core at a time; code may be
 * written as well.
 */
export function debuggedChip(machine: Machine, core: () => CoreNumber): RP2040 {
  return {
    // The machine has a new chip, and new cores, after each reset.
    get core() {
      return machine.cores[core()];
    },
    writeUint8: (address: number, value: number) => machine.debug.poke(address, value),
  } as unknown as RP2040;
}
