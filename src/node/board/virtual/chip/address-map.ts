/** Where things are in the address space of the RP2040 (datasheet, 2.2). */

export const romBytes = 0x4000;

export const flashBase = 0x10000000;
/** Flash appears four times in its range, with other cache behaviour. */
export const flashEnd = 0x14000000;
export const flashMask = 0xffffff;

export const sramBase = 0x20000000;
/** All of SRAM: four banks, of which neighbouring words take turns, and two scratch banks. */
export const sramBytes = 264 * 1024;
/** log2 of the bytes of the four banks; an offset shifted by it is 0 in them and 1 beyond. */
export const stripedBits = 18;
export const stripedBytes = 1 << stripedBits;
export const scratchBankBytes = 4096;

export const sioBase = 0xd0000000;
export const sioEnd = 0xd0000180;
export const privateBase = 0xe000e000;
export const privateEnd = 0xe000f000;

/** Registers of the flash cache. */
export const xipControlBase = 0x14000000;
export const xipControlEnd = 0x14000020;

/** Offsets in SIO of what each core has of its own: its number, divider and interpolators. */
export const ownSio = { coreNumber: 0, first: 0x60, end: 0x100 } as const;
