import type { CycleClock } from './chip/cycle-clock';
import { Breakpoint, DeviceFault, type ChipFault } from './fault';
import { hasReturned, HardFaults } from './hard-faults';
import type { FaultReport, MachineEvent } from './machine-event';
import type { CoreNumber } from './chip/core-number';
import type { Core } from './thumb/core';
import type { Cores } from './two-cores';

/** Where the program stands for a debugger, and why. */
export interface Stop {
  core: CoreNumber;
  why: 'asked' | 'step' | 'breakpoint' | 'fault';
}

/** Listeners to what becomes of a fault. */
export interface FaultListener {
  onEvent(event: MachineEvent): void;
  /** The program has ended. */
  end(event: MachineEvent): void;
}

/**
 * What becomes of the faults of one start: the program's own handler takes them, a debugger halts
 * at them, or they end the program.
 */
export class Faults {
  private atStop: { core: Core; report: FaultReport } | undefined;
  private readonly handlers: HardFaults;

  constructor(
    private readonly cores: Cores,
    private readonly clock: CycleClock,
    private readonly listener: FaultListener,
  ) {
    this.handlers = new HardFaults((report) =>
      listener.onEvent({ kind: 'handled-fault', ...report }),
    );
  }

  /**
   * Decides about a fault of the core that ran; returns whether the program goes on.
   *
   * @param onStop a debugger that is attached, which halts at it
   */
  outlives(fault: ChipFault, core: Core, onStop?: (stop: Stop) => void): boolean {
    const number = this.numberOf(core);
    const isDevice = fault instanceof DeviceFault;
    if (onStop) {
      if (!isDevice) {
        this.clock.cycles = Math.max(this.clock.cycles, core.time);
        core.PC = core.current;
      }
      onStop(this.haltAt(core, fault));
      return false;
    }
    if (isDevice) {
      this.listener.end({ kind: 'device-fault', reason: fault.message });
      return false;
    }
    if (hasReturned(core, fault)) {
      core.lockUp();
      this.listener.onEvent({ kind: 'returned', core: number });
      return true;
    }
    const report = reportOf(core, number, fault);
    if (this.handlers.take(core, report)) return true;
    this.clock.cycles = Math.max(this.clock.cycles, core.time);
    this.listener.end({ kind: 'fault', ...this.handlers.origin(core, report) });
    return false;
  }

  /** Where a debugger halts; what it halts for is kept, so that the program may take it then. */
  haltAt(core: Core, fault: ChipFault): Stop {
    const number = this.numberOf(core);
    const isFault = !(fault instanceof Breakpoint || fault instanceof DeviceFault);
    this.atStop = isFault ? { core, report: reportOf(core, number, fault) } : undefined;
    return { core: number, why: fault instanceof Breakpoint ? 'breakpoint' : 'fault' };
  }

  /**
   * Lets the program's own handler take the fault at which a debugger has halted it, unless the
   * debugger has moved it on.
   */
  takeAtStop(): void {
    const { atStop } = this;
    this.atStop = undefined;
    if (!atStop) return;
    const { core, report } = atStop;
    if (core.PC === report.address) this.handlers.take(core, report);
  }

  private numberOf(core: Core): CoreNumber {
    return core === this.cores[0] ? 0 : 1;
  }
}

function reportOf(core: Core, number: CoreNumber, fault: ChipFault): FaultReport {
  return {
    reason: fault.message,
    core: number,
    address: core.current,
    registers: [...core.registers],
    cycles: core.time,
  };
}
