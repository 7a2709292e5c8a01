import type { SerialPort } from 'serialport';
import { serialPackageMissing } from './board-errors';

/** Loaded only when real boards are looked at: it is a native add-on. */
export async function loadSerialPort(): Promise<typeof SerialPort> {
  try {
    return (await import('serialport')).SerialPort;
  } catch (error) {
    throw serialPackageMissing(error);
  }
}
