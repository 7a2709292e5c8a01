import type {
  CoreReading,
  VirtualPicoPower,
  VirtualPicoReading,
} from '../../../core/wire/virtual-pico';
import type { CoreNumber, Machine } from '../../../emulator';

/** Counts of a machine at one time. */
interface Counts {
  cycles: number;
  idle: number;
  coreIdle: [number, number];
  busyMs: number;
}

/** Measures the progress of a machine. */
export class Meter {
  /** Wall time spent emulating. */
  private busyMs = 0;
  private before!: Counts;
  private lowest!: [number, number];
  /** The cores whose loads and stacks it reads: a restarted machine has others. */
  private cores!: Machine['cores'];

  constructor(private readonly machine: Machine) {
    this.begin();
  }

  /** Adds the wall time of a piece of emulation. */
  note(milliseconds: number): void {
    this.busyMs += milliseconds;
    this.noticeRestart();
    this.machine.cores.forEach((core, number) => {
      if (core.held || core.SP === 0) return;
      this.lowest[number as CoreNumber] = Math.min(this.lowest[number as CoreNumber], core.SP);
    });
  }

  read(power: VirtualPicoPower, paced: boolean): VirtualPicoReading {
    this.noticeRestart();
    const { machine, before } = this;
    const now = this.counts();
    this.before = now;
    return {
      power,
      cycles: machine.clock.cyclesSinceRestart,
      emulated_seconds: machine.clock.nanos / 1e9,
      awake_cycles: now.cycles - now.idle,
      busy_ms: now.busyMs,
      recent_mhz: megahertz(
        now.cycles - before.cycles - (now.idle - before.idle),
        now.busyMs - before.busyMs,
      ),
      clock_mhz: machine.chip.clkSys / 1e6,
      cores: [this.core(0, before, now), this.core(1, before, now)],
      led: power === 'off' ? 0 : machine.led.look(),
      flash_waits: machine.xip.misses,
      sram_written: power === 'off' ? 0 : writtenBytes(machine.chip.sram),
      paced,
    };
  }

  private noticeRestart(): void {
    if (this.machine.cores !== this.cores) this.begin();
  }

  private begin(): void {
    this.cores = this.machine.cores;
    this.before = this.counts();
    this.lowest = [Infinity, Infinity];
  }

  private core(number: CoreNumber, before: Counts, now: Counts): CoreReading {
    const { machine } = this;
    const passed = now.cycles - before.cycles;
    const idle = now.coreIdle[number] - before.coreIdle[number];
    return {
      load: passed > 0 ? Math.min(1, Math.max(0, 1 - idle / passed)) : 0,
      stack_pointer: machine.cores[number].SP,
      lowest_stack_pointer: Math.min(machine.lowestStack(number), this.lowest[number]),
    };
  }

  private counts(): Counts {
    const { clock, idleCycles } = this.machine;
    return {
      cycles: clock.cycles,
      idle: idleCycles,
      coreIdle: this.machine.coreIdleCycles(),
      busyMs: this.busyMs,
    };
  }
}

/** Bytes of the words that are not zero. */
function writtenBytes(memory: Uint8Array): number {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length / 4);
  let count = 0;
  for (const word of words) if (word !== 0) count++;
  return 4 * count;
}

function megahertz(cycles: number, milliseconds: number): number {
  return milliseconds > 0 ? cycles / milliseconds / 1e3 : 0;
}
