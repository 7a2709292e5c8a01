import type { Segment } from '../../core/export/uf2';
import type { BootloaderPico, DebugProbe, FoundBoard, SerialPico } from '../board/find/found-board';
import type { FlashHost } from './flash-host';
import type { FlashPatience } from './patience';
import type { FlashProgress } from './progress';

/** A board that is seen over USB. */
export type UsbTarget = SerialPico | BootloaderPico;

/** A board that can be flashed; a probe stands for the one that is wired to it. */
export type FlashTarget = UsbTarget | DebugProbe;

/** Whether the flash still has the old contents, a part of the new ones, or all of them. */
export type ContentsState = 'untouched' | 'incomplete' | 'complete';

/** How the contents came into the flash. */
export type FlashMethod = 'volume' | 'picotool' | 'openocd';

/** The state of one flashing that its steps share. */
export interface FlashJob {
  host: FlashHost;
  target: FlashTarget;
  /** The boards at the beginning, this one included. */
  before: readonly FoundBoard[];
  uf2: Uint8Array;
  /** The contents of the UF2 file. */
  segments: readonly Segment[];
  patience: FlashPatience;
  signal: AbortSignal | undefined;
  /** How far the flash has been written. */
  contents: { state: ContentsState };
  tell: (progress: FlashProgress) => void;
}

/**
 * Calls `look` until it returns a value.
 *
 * @returns undefined when the time is over; looks at least once
 * @throws the signal's reason when it is aborted
 */
export async function waitFor<T>(
  { host, patience, signal }: FlashJob,
  milliseconds: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = host.now() + milliseconds;
  for (;;) {
    signal?.throwIfAborted();
    const seen = await look();
    if (seen !== undefined || host.now() >= end) return seen;
    await host.sleep(patience.look, signal);
  }
}
