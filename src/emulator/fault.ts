/**
 * The program did what the processor answers with a HardFault. Thrown in the middle of an
 * instruction; the program's own handler may take it, else the machine stops and tells.
 */
export class ChipFault extends Error {}

/** The program has come to `bkpt`, which is a fault where there is no debugger to take it. */
export class Breakpoint extends ChipFault {}

/** A device has failed, or come to what it does not model; no instruction is to blame. */
export class DeviceFault extends ChipFault {
  static of(error: unknown): DeviceFault {
    if (error instanceof DeviceFault) return error;
    return new DeviceFault((error as Error).message, { cause: error });
  }
}
