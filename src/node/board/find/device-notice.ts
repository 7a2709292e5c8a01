import { watch } from 'node:fs';
import type { Disposer } from '../listeners';

/** Calls back when a device may have come or gone; undefined where the system does not tell. */
export type DeviceNotice = (listener: () => void) => Disposer | undefined;

/** Where Linux has a file for each device. */
const devices = '/dev';

/** Linux alone tells: elsewhere devices have no folder that can be watched. */
export const deviceNotice: DeviceNotice = (listener) => {
  if (process.platform !== 'linux') return undefined;
  try {
    const watcher = watch(devices, { persistent: false }, listener);
    // One that fails must not end the process; looks go on without it, if seldom.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return undefined;
  }
};
