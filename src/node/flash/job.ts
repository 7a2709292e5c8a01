import type { Segment } from '../../core/export/uf2';
import type { BootloaderPico, DebugProbe, FoundBoard, SerialPico } from '../board/find/found-board';
import type { FlashHost } from './flash-host';
import type { FlashPatience } from './patience';
import type { FlashProgress } from './progress';

/** A board that is seen over USB. */
export type UsbTarget = SerialPico | BootloaderPico;

/** A board that can be flashed; a probe stands for the one that is wired to it. */
export type FlashTarget = UsbTarget | DebugProbe;

/** Whether the program on a board is still the old one, in part another, or the new one. */
export type ContentsState = 'untouched' | 'incomplete' | 'complete';

/** How the contents came into the flash. */
export type FlashMethod = 'volume' | 'picotool' | 'openocd';

/** One flashing, as its steps see it. */
export interface FlashJob {
  host: FlashHost;
  target: FlashTarget;
  /** The boards that were there when it began, this one included. */
  before: readonly FoundBoard[];
  uf2: Uint8Array;
  /** What is in the UF2. */
  segments: readonly Segment[];
  patience: FlashPatience;
  signal: AbortSignal | undefined;
  /** What has become of the flash. */
  contents: { state: ContentsState };
  tell: (progress: FlashProgress) => void;
}

/**
 * Looks until there is something to see.
 *
 * @returns undefined when the time is over; one look is always taken
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
