import { romBytes } from './chip/address-map';
import { Breakpoint, ChipFault } from './fault';
import type { FaultReport } from './machine-event';
import type { Core } from './thumb/core';

const hardFault = 3;
const wordBytes = 4;
/** What a fault is taken from has a higher number, which is a lower priority. */
const hardFaultPriority = -1;
/** `bkpt`, which is all that the pico-sdk's own handler does. */
const breakpoint = { mask: 0xff00, value: 0xbe00 } as const;

/** Lets programs that have a handler of HardFault of their own take their faults. */
export class HardFaults {
  /** What the handlers that have begun were called for. */
  private readonly taken = new Map<Core, FaultReport>();
  private told = false;

  /** @param onFirst told of the first fault that is taken: a program may make many */
  constructor(private readonly onFirst: (report: FaultReport) => void) {}

  /** Enters the handler of a core that has just faulted. False where the program has to stop. */
  take(core: Core, report: FaultReport): boolean {
    if (core.exceptionPriority(core.IPSR) <= hardFaultPriority) return false;
    try {
      if (!hasHandler(core)) return false;
      core.PC = core.current;
      core.exceptionEntry(hardFault);
    } catch (error) {
      // Neither stack nor vectors are to be relied on.
      if (!(error instanceof ChipFault)) throw error;
      return false;
    }
    this.taken.set(core, report);
    if (!this.told) this.onFirst(report);
    this.told = true;
    return true;
  }

  /** What the end of a program is to be told as: a fault in the handler comes of the one before. */
  origin(core: Core, report: FaultReport): FaultReport {
    const before = core.IPSR === hardFault ? this.taken.get(core) : undefined;
    if (!before) return report;
    return { ...before, reason: `${before.reason}; then its HardFault handler: ${report.reason}` };
  }
}

/** `_exit` of the pico-sdk: `bkpt #0`, and back to it. */
const exitCode = [0xbe00, 0xe7fd] as const;

/**
 * Whether a core has come to its end in order: `main` has returned 0 to `exit`. What it comes to is a
 * breakpoint, as after a panic, which leaves another status.
 */
export function hasReturned(core: Core, fault: ChipFault): boolean {
  return (
    fault instanceof Breakpoint &&
    core.get(0) === 0 &&
    exitCode.every((opcode, at) => core.bus.peek(core.current + 2 * at) === opcode)
  );
}

/** Whether the vector leads to more than the default. */
function hasHandler(core: Core): boolean {
  const vector = core.bus.load32(core.VTOR + wordBytes * hardFault) >>> 0;
  const opcode = core.bus.peek((vector & ~1) >>> 0);
  return vector >= romBytes && (opcode & breakpoint.mask) !== breakpoint.value;
}
