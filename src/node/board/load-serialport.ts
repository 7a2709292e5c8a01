import type { SerialPort } from 'serialport';
import { serialPackageMissing } from './board-errors';

/** Loads the package only when real boards are used: it is a native add-on. */
export async function loadSerialPort(): Promise<typeof SerialPort> {
  try {
    return (await import('serialport')).SerialPort;
  } catch (error) {
    throw serialPackageMissing(error);
  }
}
