import type { CoreNumber } from './chip/core-number';

/** Where a program did what the processor answers with a HardFault. */
export interface FaultReport {
  reason: string;
  core: CoreNumber;
  /** Address of the instruction. */
  address: number;
  /** r0 to r15. */
  registers: number[];
  cycles: number;
}

/** Why the chip has become a USB drive. */
export type BootloaderCause =
  /** There is nothing in flash. */
  | 'empty-flash'
  /** What is in flash does not begin with a boot stage. */
  | 'bad-checksum'
  /** BOOTSEL was held as it started. */
  | 'button'
  /** The program asked the boot ROM for it. */
  | 'program';

/** What happens to the virtual Pico beside its output. */
export type MachineEvent =
  /** The program has stopped at a fault. */
  | (FaultReport & { kind: 'fault' })
  /** The program goes on in its own handler of HardFault; told of the first time only. */
  | (FaultReport & { kind: 'handled-fault' })
  /** A core has returned from `main`, and does nothing more; the rest of the chip goes on. */
  | { kind: 'returned'; core: CoreNumber }
  /** A device of the chip cannot go on; the program has stopped. */
  | { kind: 'device-fault'; reason: string }
  /** The chip waits for a program over USB; the program has ended. */
  | { kind: 'bootloader'; cause: BootloaderCause }
  /** The watchdog, or the program itself, has reset the chip; the program starts again. */
  | { kind: 'reset'; by: 'watchdog' | 'program' };
