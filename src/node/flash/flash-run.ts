import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { arenaBytes } from '../../core/estimate/arena';
import { readImageHeader } from '../../core/export/image-header';
import { modelUf2, programWithModel } from '../../core/export/model-uf2';
import { readUf2 } from '../../core/export/uf2';
import { assetPath } from '../assets';
import { buildRun, type BuildReport } from '../build/build-run';
import { StarmindError } from '../errors';
import { loadRun, type LoadedRun } from '../run/export';
import type { RunFolder } from '../run/folder';
import { modelAlone, uf2Invalid } from './errors';
import { flashBoard, type FlashOptions, type FlashReport } from './flash-board';
import type { FlashHost } from './flash-host';
import type { FlashTarget } from './job';
import { nodeFlashHost } from './node-flash-host';
import { flashPatience } from './patience';
import { planFlash, type FlashPlan, type Seen, type WantedFirmware } from './plan';

/** The program that takes any model, which comes with the packaged extension. */
const prebuiltProgram = 'firmware/program.uf2';

export interface PrepareOptions {
  /** Flash the model alone, and never build a program. */
  modelOnly?: boolean;
  signal?: AbortSignal | undefined;
  /** What is being done, for people. */
  onLine?: ((line: string) => void) | undefined;
}

/** What is to be flashed, and why. */
export interface PreparedFlash extends FlashPlan {
  uf2: Uint8Array;
  /** Of the program that was built; absent when none was. */
  build?: BuildReport;
}

export interface FlashRunReport extends FlashPlan {
  /** Undefined when there was nothing to flash. */
  report?: FlashReport;
  build?: BuildReport;
}

/**
 * Brings the model of a run onto a board: the model alone where the program can stay, else the
 * program too, built if it is stale; without a compiler, the one that comes with the extension.
 *
 * @throws StarmindError `flash.*`, `build.*`, `tool.missing`, `interrupted`
 */
export async function flashRun(
  run: RunFolder,
  target: FlashTarget,
  options: FlashOptions & PrepareOptions = {},
): Promise<FlashRunReport> {
  const { host = nodeFlashHost(), signal } = options;
  options.onLine?.(`Looking at what ${nameOf(target)} runs`);
  const seen = await inspect(host, target, signal);
  const { uf2, ...plan } = await prepareFlash(run, seen, options);
  if (plan.flash === 'nothing') return plan;
  return { ...plan, report: await flashBoard(uf2, target, { ...options, host }) };
}

/** Decides what to flash for a run, and makes it. */
export async function prepareFlash(
  run: RunFolder,
  seen: Seen,
  { modelOnly = false, signal, onLine }: PrepareOptions = {},
): Promise<PreparedFlash> {
  const loaded = await loadRun(run);
  const plan = planFlash(seen, wantedFirmware(loaded));
  onLine?.(plan.reason);
  if (plan.flash !== 'program') return { ...plan, uf2: modelUf2(loaded.image) };
  if (modelOnly) throw modelAlone(plan.reason);
  try {
    const build = await buildRun(run, { signal, onLine });
    return { ...plan, build, uf2: await readFile(build.uf2) };
  } catch (error) {
    const program = assetPath(prebuiltProgram);
    const lacksTools = error instanceof StarmindError && error.code === 'tool.missing';
    if (!lacksTools || !existsSync(program)) throw error;
    onLine?.('There is no compiler here: the program that comes with Starmind is used.');
    return { ...plan, uf2: await joined(program, loaded.image) };
  }
}

/** What a board says of itself, when it runs a program of ours. */
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
    signal?.throwIfAborted();
    if (!(error instanceof StarmindError)) throw error;
    // A port that cannot be opened is told when it is needed: there may be other ways to flash.
    return { unknown: 'The board runs another program, or none of this version.' };
  }
}

/** The firmware that a run asks for. */
export function wantedFirmware({ config, image }: LoadedRun): WantedFirmware {
  const { architecture, target } = config;
  const header = readImageHeader(image);
  return {
    modelHash: header?.modelHash ?? '',
    tokenizerHash: header?.tokenizerHash ?? '',
    arenaBytes: arenaBytes(architecture).total,
    weightsBytes: target.weights === 'sram' ? (header?.weightsBytes ?? 0) : 0,
    board: target.board,
    clockMhz: target.clock_mhz,
  };
}

async function joined(program: string, image: Uint8Array): Promise<Uint8Array> {
  const { value, problems } = readUf2(await readFile(program));
  if (!value) throw uf2Invalid(problems);
  return programWithModel(value, image);
}

function nameOf(target: FlashTarget): string {
  return target.kind === 'serial' ? target.port : 'the board';
}
