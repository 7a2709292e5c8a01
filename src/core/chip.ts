/**
 * The RP2040 and its flash on a Pico, as the datasheet and the pico-sdk have them. C and CMake get
 * theirs from here: see src/build/chip-constants.mjs. No imports, so that build scripts can load it.
 */
export const chip = {
  romBytes: 0x4000,

  /** Address of the flash in the chip's memory map. */
  flashAddress: 0x10000000,
  /** On a Pico; `boardFlashBytes` has those of other boards. */
  flashBytes: 2 * 1024 * 1024,
  /** Most that the chip can address. */
  mostFlashBytes: 16 * 1024 * 1024,
  /** Units in which the flash erases and programs. */
  flashSectorBytes: 4096,
  flashPageBytes: 256,
  /** The second-stage boot loader, at the start of flash; its last four bytes are its checksum. */
  bootStageBytes: 256,
  /** Offset of the model image in flash: the program lies before it. */
  modelFlashOffset: 0x40000,

  sramAddress: 0x20000000,
  /** Four banks that hold neighbouring words in turn. */
  stripedBytes: 256 * 1024,
  /** Each of the two scratch banks behind them. */
  scratchBankBytes: 4096,
  /** All of SRAM. */
  sramBytes: 264 * 1024,

  /** clk_sys as the pico-sdk sets it up. */
  defaultHertz: 125e6,

  /** Family ID of UF2 blocks that the boot ROM accepts. */
  uf2Family: 0xe48bff56,
  /** USB vendor of Raspberry Pi. */
  usbVendor: 0x2e8a,
} as const;

/**
 * The cache between flash and cores (RP2040 datasheet, 2.6.3): 8-byte lines; a miss fetches only
 * the half that the core reads (raspberrypi/pico-feedback#307). The pico-sdk's boot stage for the
 * flash of a Pico (boot2_w25q080) has the SSI read one 32-bit frame a transfer, in quad mode
 * without a command: 8 clocks of the flash for address and mode, 4 to wait, 8 for the data. Each
 * clock takes two cycles, 40 in all, as Klipper3d/klipper#6464 measured (320 ns at 125 MHz); about
 * 4 more to hand over.
 */
export const flashCache = {
  bytes: 16 * 1024,
  lineBytes: 8,
  /** Bytes that a miss fetches. */
  fetchBytes: 4,
  missCycles: 44,
} as const;

/**
 * Most that the flash of a Pico takes, in Hz (Winbond W25Q16JV: 133 MHz), and the divider between
 * clk_sys and it that the boot stage sets. Together they limit clk_sys to 266 MHz.
 */
export const flashClock = { mostHertz: 133e6, divider: 2 } as const;

/** Clocks from one step to the next, and the core voltage that they need. */
export interface ClockStep {
  upToMhz: number;
  millivolts: number;
  /** Whether the maker of the chip vouches for it. */
  certified: boolean;
}

/**
 * The core voltage for each clock, ascending.
 *
 * - 133 MHz at the standard 1.10 V: RP2040 datasheet, 5.2.3.
 * - 200 MHz at 1.15 V: release notes of the pico-sdk 2.1.1.
 * - 250 MHz at 1.20 V: what Pimoroni's PicoSystem was sold with (micropython/micropython#8208).
 * - 266 MHz at 1.25 V: a step of the regulator more; nobody vouches for it.
 */
export const clockSteps: readonly ClockStep[] = [
  { upToMhz: 133, millivolts: 1100, certified: true },
  { upToMhz: 200, millivolts: 1150, certified: true },
  { upToMhz: 250, millivolts: 1200, certified: false },
  { upToMhz: 266, millivolts: 1250, certified: false },
];

/** An address or a word as the datasheet writes it: `0x` and eight digits. */
export function hex32(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}
