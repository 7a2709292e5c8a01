import { watch } from 'node:fs';
import type { Disposer } from '../listeners';

/**
 * Calls back when a device may have come or gone; undefined where the system does not report it.
 */
export type DeviceNotice = (listener: () => void) => Disposer | undefined;

/** Folder in which Linux has a file for each device. */
const devices = '/dev';

/** Works on Linux alone: other systems have no folder of devices to watch. */
export const deviceNotice: DeviceNotice = (listener) => {
  if (process.platform !== 'linux') return undefined;
  try {
    const watcher = watch(devices, { persistent: false }, listener);
    // A failing watcher must not end the process; looks go on without it, only less often.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return undefined;
  }
};
