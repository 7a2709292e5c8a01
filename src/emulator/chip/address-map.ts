import { chip } from '../../core/chip';

/** Where things are in the address space of the RP2040 (datasheet, 2.2). */

export const { romBytes, sramBytes, stripedBytes, scratchBankBytes } = chip;

export const flashBase = chip.flashAddress;
/** Flash appears four times in its range, with other cache behaviour. */
export const flashEnd = 0x14000000;
/** Addresses of one of those windows: the largest flash that a board can have. */
export const flashMask = 0xffffff;

export const sramBase = chip.sramAddress;
/** log2 of the bytes of the four banks; an offset shifted by it is 0 in them and 1 beyond. */
export const stripedBits = Math.log2(stripedBytes);

export const sioBase = 0xd0000000;
export const sioEnd = 0xd0000180;
export const privateBase = 0xe000e000;
export const privateEnd = 0xe000f000;

/** The memory of the flash cache, while that is switched off. */
export const cacheRamBase = 0x15000000;
export const cacheRamBytes = 16 * 1024;

/** Offsets in SIO of what each core has of its own: its number, divider and interpolators. */
export const ownSio = { coreNumber: 0, first: 0x60, interpolators: 0x80, end: 0x100 } as const;
