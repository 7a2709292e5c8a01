import { stat } from 'node:fs/promises';
import type { Disposer } from '../listeners';

/** Milliseconds between two looks. */
const interval = 500;

/**
 * Calls `gone` once the device of a port is no longer the one that it was. The package serialport
 * does not always notice: on Linux a read from a USB port that was just unplugged gives no bytes and
 * no error, and it asks again at once, for ever (serialport/bindings-cpp#162).
 */
export function watchDeviceNode(path: string, gone: () => void): Disposer {
  // Ports of Windows are no files.
  if (process.platform === 'win32') return () => undefined;
  let ended = false;
  let first: string | undefined;
  const look = async (): Promise<void> => {
    const now = await deviceAt(path);
    if (ended) return;
    first ??= now;
    if (now !== undefined && now === first) return;
    end();
    gone();
  };
  const timer = setInterval(() => void look(), interval);
  const end = (): void => {
    ended = true;
    clearInterval(timer);
  };
  void look();
  return end;
}

/** Which device a path leads to; undefined when there is none. */
async function deviceAt(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, rdev } = await stat(path);
    return `${dev} ${ino} ${rdev}`;
  } catch {
    return undefined;
  }
}
