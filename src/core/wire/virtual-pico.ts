/** Said where there is nothing to run. */
export const emptyFlash = 'Its flash is empty. Build & Flash brings a model onto it.';

/** What the virtual Pico is doing. */
export type VirtualPicoPower =
  | 'off'
  | 'running'
  /** It waits for a program, as a USB drive does. */
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

/** How the virtual Pico is getting on; real boards have no such figures. */
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
  /** Bytes of SRAM in words that are not zero, which all are when the power comes. */
  sram_written: number;
  /** It keeps to real time. */
  paced: boolean;
}

/** SRAM by what it is used for, in bytes, as the program's greeting tells. */
export type MemoryUse = Readonly<Record<string, number>>;

/** What the host of the virtual Pico's panel tells its webview. */
export type ToVirtualPico =
  | { kind: 'reading'; reading: VirtualPicoReading }
  /** What is in flash, by name; absent when it is empty. */
  | { kind: 'program'; name?: string }
  /** Absent for programs that do not tell. */
  | { kind: 'memory'; memory?: MemoryUse }
  /** Where debuggers may attach; absent when they may not. */
  | { kind: 'debugging'; address?: string }
  /** Something that happened, in words; null: it is over. */
  | { kind: 'notice'; text: string | null };

/** What the webview tells its host. */
export type FromVirtualPico =
  | { kind: 'ready' }
  | { kind: 'power'; on: boolean }
  | { kind: 'restart'; bootsel: boolean }
  | { kind: 'pace'; paced: boolean }
  /** Serve debuggers, or no longer. */
  | { kind: 'debug'; on: boolean }
  /** Attach one. */
  | { kind: 'startDebugging' }
  /** A UF2 file was dropped. */
  | { kind: 'program'; name: string; bytes: Uint8Array }
  /** Let the user choose a UF2 file. */
  | { kind: 'choose' }
  /** Build & Flash onto this board. */
  | { kind: 'flash' }
  | { kind: 'monitor' };
