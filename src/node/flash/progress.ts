/** The steps of flashing in their order; tools only where the drive does not appear. */
export type FlashStep =
  | 'bootloader' // asking the program to restart in the boot loader
  | 'drive' // waiting for the boot loader's drive
  | 'copy'
  | 'picotool'
  | 'openocd'
  | 'restart' // waiting for the new program's port
  | 'check';

export interface FlashProgress {
  step: FlashStep;
  message: string;
  /** Completed share of this step, from 0 to 1, where it is known. */
  fraction?: number;
}
