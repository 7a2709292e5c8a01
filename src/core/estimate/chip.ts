/** Memory of the RP2040 with the flash of a Pico. */
export const chip = {
  /** 256 KB striped over four banks, and two scratch banks of 4 KB. */
  sramBytes: 270_336,
  flashBytes: 2 * 1024 * 1024,
  /** Where the model image begins in flash: the program lies before it. */
  modelFlashOffset: 0x40000,
} as const;
