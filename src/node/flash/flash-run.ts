import { readFile } from 'node:fs/promises';
import { arenaBytes } from '../../core/estimate/arena';
import { placed } from '../../core/estimate/placement';
import { readImageHeader } from '../../core/export/image-header';
import type { HelloRecord } from '../../core/wire/device-records';
import { buildRun, type BuildReport } from '../run/build-run';
import { programHash } from '../build/program-hash';
import { StarmindError } from '../starmind-error';
import { loadRun, type LoadedRun } from '../run/export';
import type { RunFolder } from '../run/folder';
import { flashBoard, type FlashOptions } from './flash-board';
import { withoutBuilding, type FlashImageReport } from './flash-image';
import { inspect, requireWay } from './inspect';
import type { FlashTarget } from './job';
import { hostOf } from './node-flash-host';
import { planFlash, reachInFlash, type FlashPlan, type Seen, type WantedFirmware } from './plan';
import { prebuiltWith } from './prebuilt';

export interface PrepareOptions {
  /** Build nothing: the model alone, or with the program that comes with the extension. */
  modelOnly?: boolean;
  signal?: AbortSignal | undefined;
  /** Reports each step, in words. */
  onLine?: ((line: string) => void) | undefined;
}

export interface FlashRunOptions extends FlashOptions, PrepareOptions {
  /** Hello that the board has sent to a connected client: no need to ask the board again. */
  hello?: HelloRecord | undefined;
  /** Borrows the port from its present owner, for as long as flashing uses the board. */
  lend?: <T>(use: () => Promise<T>) => Promise<T>;
}

/** The contents to flash, and why. */
export interface PreparedFlash extends FlashPlan {
  uf2: Uint8Array;
  /** Report of the build; absent when nothing was built. */
  build?: BuildReport;
}

export interface FlashRunReport extends FlashImageReport {
  build?: BuildReport;
}

/**
 * Flashes the model of a run: the model alone where the program can stay, else the program too,
 * built if it is stale; without a compiler, the one that comes with the extension.
 *
 * @throws StarmindError `flash.*`, `build.*`, `tool.missing`, `interrupted`
 */
export async function flashRun(
  run: RunFolder,
  target: FlashTarget,
  options: FlashRunOptions = {},
): Promise<FlashRunReport> {
  const { host = hostOf(target), signal, hello, lend = (use) => use() } = options;
  options.onLine?.(`Looking at what ${nameOf(target)} runs`);
  const seen = hello ? { hello } : await lend(() => inspect(host, target, signal));
  await requireWay(host, target, seen);
  const { uf2, ...plan } = await prepareFlash(run, seen, options);
  if (plan.flash === 'nothing') return plan;
  return { ...plan, report: await lend(() => flashBoard(uf2, target, { ...options, host })) };
}

/** Decides what to flash for a run, and makes it. */
export async function prepareFlash(
  run: RunFolder,
  seen: Seen,
  { modelOnly = false, signal, onLine }: PrepareOptions = {},
): Promise<PreparedFlash> {
  const loaded = await loadRun(run);
  const { image } = loaded;
  const wanted = await wantedFirmware(loaded);
  const plan = planFlash(seen, wanted, modelOnly);
  onLine?.(plan.reason);
  if (modelOnly || plan.flash !== 'program') {
    return { ...plan, uf2: await withoutBuilding(image, wanted, plan, seen) };
  }
  try {
    const build = await buildRun(run, { signal, onLine });
    return { ...plan, build, uf2: await readFile(build.uf2) };
  } catch (error) {
    const lacksTools = error instanceof StarmindError && error.code === 'tool.missing';
    const uf2 = lacksTools ? await prebuiltWith(image, wanted) : undefined;
    if (!uf2) throw error;
    onLine?.('There is no compiler here: the program that comes with Starmind is used.');
    return { ...plan, uf2 };
  }
}

/** The firmware that a run needs. */
export async function wantedFirmware({ config, image }: LoadedRun): Promise<WantedFirmware> {
  const { target } = config;
  const header = readImageHeader(image);
  return {
    contentHash: header?.contentHash ?? '',
    program: await programHash(),
    arenaBytes: arenaBytes(placed(config)).total,
    weightsBytes: target.weights === 'flash' ? 0 : (header?.weightsBytes ?? 0),
    flashBytes: reachInFlash(image),
    streams: (header?.streamBytes ?? 0) > 0,
    board: target.board,
    clockMhz: target.clock_mhz,
    cores: target.cores,
  };
}

function nameOf(target: FlashTarget): string {
  return target.kind === 'bootloader' ? 'the board' : `the board behind ${target.port}`;
}
