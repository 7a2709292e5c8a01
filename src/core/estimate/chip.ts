/** Memory of the RP2040 with the flash of a Pico. */
export const chip = {
  /** 256 KB striped over four banks, and two scratch banks of 4 KB. */
  sramBytes: 270_336,
  flashBytes: 2 * 1024 * 1024,
  /** Where the chip sees its flash. */
  flashAddress: 0x10000000,
  /** Where the model image begins in flash: the program lies before it. */
  modelFlashOffset: 0x40000,
} as const;

/**
 * The cache between flash and cores (RP2040 datasheet, 2.6.3). A miss takes 28 clocks of the flash,
 * two cycles each, in the mode that the boot stage of the Pico sets up, and about 4 to hand over.
 */
export const flashCache = { bytes: 16 * 1024, lineBytes: 8, missCycles: 60 } as const;
