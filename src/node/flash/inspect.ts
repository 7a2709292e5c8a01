import { isBarred } from '../board/board-errors';
import { StarmindError } from '../starmind-error';
import { flashInterrupted, openocdMissing, portProblem } from './flash-errors';
import type { FlashHost } from './flash-host';
import type { FlashTarget } from './job';
import { flashPatience } from './patience';
import type { Seen } from './plan';

/**
 * The board's hello, when it runs our firmware.
 * @throws StarmindError `interrupted`
 */
export async function inspect(
  host: FlashHost,
  target: FlashTarget,
  signal?: AbortSignal,
): Promise<Seen> {
  if (target.kind === 'bootloader') {
    return { unknown: 'The board is in its boot loader, and does not say what it has.' };
  }
  try {
    return { hello: await host.greet(target.port, flashPatience.inspection, signal) };
  } catch (error) {
    if (signal?.aborted) throw flashInterrupted('untouched');
    if (!(error instanceof StarmindError)) throw error;
    const unknown = `What the board runs is not known: ${error.message}`;
    // OpenOCD does not need the port of a probe.
    return { unknown, ...(isBarred(error) && target.kind === 'serial' && { barred: error }) };
  }
}

/**
 * Checks that there is a way to flash a board, before a program is built for it.
 *
 * @throws StarmindError `flash.port-busy`, `flash.port-permission`, `flash.openocd-missing`
 */
export async function requireWay(host: FlashHost, target: FlashTarget, seen: Seen): Promise<void> {
  if (target.kind === 'probe' && !host.findProgram('openocd')) throw openocdMissing(target.port);
  if (!('unknown' in seen) || !seen.barred || host.findProgram('picotool')) return;
  const hasProbe = (await host.boards()).some(({ kind }) => kind === 'probe');
  if (hasProbe && host.findProgram('openocd')) return;
  throw portProblem(seen.barred);
}
