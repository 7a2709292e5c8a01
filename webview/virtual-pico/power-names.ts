import type { VirtualPicoPower } from '../../src/core/wire/virtual-pico';

/** The state of the board, in words. */
export const powerNames: Record<VirtualPicoPower, string> = {
  off: 'Off',
  running: 'Running',
  bootloader: 'Waits for a UF2 file',
  crashed: 'Crashed',
  halted: 'Halted by a debugger',
};
