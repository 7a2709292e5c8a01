/**
 * The RP2040 and its flash on a Pico, as the datasheet and the pico-sdk have them. C and CMake get
 * theirs from here: see src/build/chip-constants.mjs. No imports, so that build scripts can load it.
 */
export const chip = {
  romBytes: 0x4000,

  /** Address of the flash in the chip's memory map. */
  flashAddress: 0x10000000,
  flashBytes: 2 * 1024 * 1024,
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

/** An address or a word as the datasheet writes it: `0x` and eight digits. */
export function hex32(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}
