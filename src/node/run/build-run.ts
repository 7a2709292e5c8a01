import { totalOf } from '../../core/estimate/estimate';
import { chip } from '../../core/chip';
import { arenaBytes } from '../../core/estimate/arena';
import { residentWeights } from '../../core/estimate/estimate';
import { placed } from '../../core/estimate/placement';
import { linkedSizes } from '../../core/estimate/linked';
import { tokenizerSectionBytes } from '../../core/export/tokenizer-section';
import { replaceFile, replaceIfChanged } from '../files';
import { loadRun, type LoadedRun } from './export';
import { type RunFolder } from './folder';
import { noteBuilt } from './built-firmware';
import { requireFit } from './require-fit';
import { whileBuilding } from './run-owner';
import { buildFirmware, type BuildOptions, type Firmware } from '../build/build-firmware';
import type { FirmwareInput } from '../build/model-folder';
import { loadElf } from '../build/read-elf';
import { join } from 'node:path';

/** An estimated and a linked size, in bytes. */
export interface SizePair {
  estimated: number;
  linked: number;
}

/** Result of `starmind build`; its keys are part of the command line's contract. */
export interface BuildReport extends Firmware {
  sram: SizePair & { limit: number; parts: Record<string, SizePair> };
  flash: SizePair & { limit: number; parts: Record<string, SizePair> };
}

/** The input of the build of a model's firmware. */
export function firmwareInput({
  config,
  image,
}: Pick<LoadedRun, 'config' | 'image'>): FirmwareInput {
  const { target } = config;
  return {
    image,
    buffers: {
      arenaBytes: arenaBytes(placed(config)).total,
      weightsBytes: residentWeights(config),
    },
    clockMhz: target.clock_mhz,
    cores: target.cores,
  };
}

export type BuildRunOptions = Omit<BuildOptions, 'outFolder' | 'board'> & { board?: string };

/**
 * Builds the firmware of a run and compares its linked size with the estimate.
 * @throws StarmindError `model.too-large` before anything is built when it cannot fit, `run.busy`
 *   while it is being trained
 */
export async function buildRun(run: RunFolder, options: BuildRunOptions): Promise<BuildReport> {
  return whileBuilding(run, options, () => buildOwned(run, options));
}

async function buildOwned(run: RunFolder, options: BuildRunOptions): Promise<BuildReport> {
  const loaded = await loadRun(run);
  const { config, tokenizer, image } = loaded;
  await replaceIfChanged(run.image, image);
  const board = options.board ?? config.target.board;
  const onBoard = { ...config, target: { ...config.target, board } };
  const estimate = requireFit(onBoard, tokenizerSectionBytes(tokenizer));
  const firmware = await buildFirmware(firmwareInput(loaded), {
    ...options,
    board,
    outFolder: run.build,
  });
  const linked = linkedSizes(await loadElf(firmware.elf));
  const { kv_cache, activations, ...constant } = estimate.sram.parts;
  const estimatedSram = { ...constant, arena: kv_cache + activations };
  const report: BuildReport = {
    ...firmware,
    sram: comparison(estimatedSram, linked.sram, chip.sramBytes),
    flash: comparison(estimate.flash.parts, linked.flash, estimate.flash.limit),
  };
  await replaceFile(join(run.build, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await noteBuilt(run, firmwareInput(loaded), board);
  return report;
}

function comparison<Parts extends object>(estimated: Parts, linked: Parts, limit: number) {
  const parts: Record<string, SizePair> = {};
  for (const [part, bytes] of Object.entries(estimated) as [keyof Parts & string, number][]) {
    parts[part] = { estimated: bytes, linked: Number(linked[part]) };
  }
  return { limit, estimated: totalOf(estimated), linked: totalOf(linked), parts };
}
