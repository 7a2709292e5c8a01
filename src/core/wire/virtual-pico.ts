/** Shown where there is no program to run. */
export const emptyFlash = 'Its flash is empty. Build & Flash brings a model onto it.';

/** The state of the virtual Pico. */
export type VirtualPicoPower =
  | 'off'
  | 'running'
  /** The board waits for a program, as a USB drive. */
  | 'bootloader'
  | 'crashed'
  /** A debugger has stopped it. */
  | 'halted';

export interface CoreReading {
  /** Share of the time since the last reading in which it ran, 0 to 1. */
  load: number;
  stack_pointer: number;
  /** The lowest since the start, as far as the stack has been written. */
  lowest_stack_pointer: number;
}

/** Measurements of the virtual Pico; real boards have none. */
export interface VirtualPicoReading {
  power: VirtualPicoPower;
  /** Cycles of the chip's clock since power-on or reset. */
  cycles: number;
  /** Time on the chip's own clock since then. */
  emulated_seconds: number;
  /** Cycles of the chip's clock so far in which a core ran. */
  awake_cycles: number;
  /** Milliseconds of the host's time spent emulating them. */
  busy_ms: number;
  /** The quotient of both since the last reading, in MHz; 0 when it only slept. */
  recent_mhz: number;
  /** clk_sys. */
  clock_mhz: number;
  cores: [CoreReading, CoreReading];
  /** Share of the time since the last reading in which the LED was lit, 0 to 1. */
  led: number;
  /** Accesses to the flash that had to wait for it, since power-on. */
  flash_waits: number;
  /** Bytes of SRAM in words that are not zero; all are zero at power-on. */
  sram_written: number;
  /** The board keeps to real time. */
  paced: boolean;
}

/** SRAM in bytes by purpose, from the program's hello. */
export type MemoryUse = Readonly<Record<string, number>>;

/** Messages of the host of the virtual Pico's panel to its webview. */
export type ToVirtualPico =
  | { kind: 'reading'; reading: VirtualPicoReading }
  /** The program in flash, by name; absent when the flash is empty. */
  | { kind: 'program'; name?: string }
  /** Absent for programs that do not report it. */
  | { kind: 'memory'; memory?: MemoryUse }
  /** Address of the GDB server; absent when it is off. */
  | { kind: 'debugging'; address?: string }
  /** The last event, in words; null: its time is over. */
  | { kind: 'notice'; text: string | null };

/** Messages of the webview to its host. */
export type FromVirtualPico =
  | { kind: 'ready' }
  | { kind: 'power'; on: boolean }
  | { kind: 'restart'; bootsel: boolean }
  | { kind: 'pace'; paced: boolean }
  /** Start or stop the GDB server. */
  | { kind: 'debug'; on: boolean }
  /** Start a debugger and attach it. */
  | { kind: 'startDebugging' }
  /** The user has dropped a UF2 file. */
  | { kind: 'program'; name: string; bytes: Uint8Array }
  /** Let the user choose a UF2 file. */
  | { kind: 'choose' }
  /** Build & Flash onto this board. */
  | { kind: 'flash' }
  | { kind: 'monitor' };
