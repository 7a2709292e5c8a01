import type { CoreNumber } from './thumb/core';

/** What happens to the virtual Pico beside its output. */
export type MachineEvent =
  | {
      /** The program did what the processor answers with a HardFault; it has stopped. */
      kind: 'fault';
      reason: string;
      core: CoreNumber;
      /** Address of the instruction. */
      address: number;
      /** r0 to r15. */
      registers: number[];
      cycles: number;
    }
  /** A device of the chip cannot go on; the program has stopped. */
  | { kind: 'device-fault'; reason: string }
  /** The chip waits for a program over USB; the program has ended. */
  | { kind: 'bootloader'; why: string }
  /** The watchdog, or the program itself, has reset the chip; the program starts again. */
  | { kind: 'reset'; by: 'watchdog' | 'program' };
