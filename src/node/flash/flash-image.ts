import { readImageHeader } from '../../core/export/image-header';
import { modelUf2 } from '../../core/export/model-uf2';
import { programHash } from '../build/program-hash';
import { WasmEngine } from '../wasm/engine';
import { modelAlone, portProblem } from './flash-errors';
import { flashBoard, type FlashOptions, type FlashReport } from './flash-board';
import { inspect, requireWay } from './inspect';
import type { FlashTarget } from './job';
import { hostOf } from './node-flash-host';
import { planFlash, reachInFlash, type FlashPlan, type Seen, type WantedFirmware } from './plan';
import { prebuiltWith } from './prebuilt';

export interface FlashImageOptions extends FlashOptions {
  /** Reports each step, in words. */
  onLine?: ((line: string) => void) | undefined;
}

/** Result of flashing an image, with the reason of its plan. */
export interface FlashImageReport extends FlashPlan {
  /** Undefined when there was nothing to flash. */
  report?: FlashReport;
}

/**
 * Flashes a model image without building anything: alone where the board's program can stay, else
 * with the program that comes with the extension.
 *
 * @throws StarmindError `flash.model-only` when neither is possible; else as flashBoard
 */
export async function flashImage(
  image: Uint8Array,
  target: FlashTarget,
  options: FlashImageOptions = {},
): Promise<FlashImageReport> {
  const { host = hostOf(target), signal, onLine } = options;
  const wanted = await wantedBy(image);
  const seen = await inspect(host, target, signal);
  await requireWay(host, target, seen);
  const plan = planFlash(seen, wanted, true);
  onLine?.(plan.reason);
  if (plan.flash === 'nothing') return plan;
  const uf2 = await withoutBuilding(image, wanted, plan, seen);
  return { ...plan, report: await flashBoard(uf2, target, { ...options, host }) };
}

/**
 * Makes the UF2 of a plan without a compiler.
 * @throws StarmindError `flash.model-only`, `flash.port-busy`, `flash.port-permission`
 */
export async function withoutBuilding(
  image: Uint8Array,
  wanted: WantedFirmware,
  plan: FlashPlan,
  seen: Seen,
): Promise<Uint8Array> {
  if (plan.flash !== 'program') return modelUf2(image);
  const uf2 = await prebuiltWith(image, wanted);
  if (uf2) return uf2;
  // The board's program, hidden behind a busy port, may well run the model.
  if ('unknown' in seen && seen.barred) throw portProblem(seen.barred);
  throw modelAlone(plan.reason);
}

/** The firmware that an image needs by itself. @throws StarmindError `image.invalid` */
async function wantedBy(image: Uint8Array): Promise<WantedFirmware> {
  const { arenaBytes } = await WasmEngine.open(image);
  const header = readImageHeader(image);
  const { contentHash = '', streamBytes = 0 } = header ?? {};
  const streams = streamBytes > 0;
  // Where SRAM has no room for its weights, the engine reads them from flash: not beside a stream.
  const weightsBytes = streams ? (header?.weightsBytes ?? 0) : 0;
  return {
    ...{ contentHash, program: await programHash(), arenaBytes, weightsBytes, streams },
    flashBytes: reachInFlash(image),
  };
}
