import { basename } from 'node:path';
import { grouped } from '../../core/text';
import type { BuildReport } from '../../node/run/build-run';
import type { RunFolder } from '../../node/run/folder';
import type { Boards } from '../boards/boards';
import type { WindowPico } from '../virtual-pico/window-pico';

/** The window's services that flashing needs. */
export interface FlashContext {
  boards: Boards;
  windowPico: WindowPico;
  /** Shows the output of the chosen board afterwards. */
  openMonitor: () => void;
}

/** One flashing. */
export interface Flashing extends FlashContext {
  run: RunFolder;
  modelOnly: boolean;
  signal: AbortSignal;
  tell: (message: string, fraction?: number) => void;
}

/** Describes a finished flashing to the user. */
export function flashed(run: RunFolder, what: 'program' | 'model'): string {
  return `Flashed the ${what} of ${basename(run.path)}`;
}

/** The linked size against the estimated one. */
export function sizes(build: BuildReport | undefined): string {
  if (!build) return '';
  const { linked, estimated } = build.sram;
  return ` SRAM ${grouped(linked)} bytes; estimated ${grouped(estimated)}.`;
}
