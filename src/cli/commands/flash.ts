import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { imageVersion } from '../../core/export/image-fields';
import { modelImageIn, modelVersionIn } from '../../core/export/model-uf2';
import { readUf2, type Segment } from '../../core/export/uf2';
import { grouped } from '../../core/text';
import { quoted } from '../../node/quoted';
import { exitCodes, StarmindError } from '../../node/starmind-error';
import { chooseTarget } from '../../node/flash/choose-target';
import { noModelInUf2, oldModelInUf2, uf2Invalid } from '../../node/flash/flash-errors';
import { flashBoard, proofOf, type FlashReport } from '../../node/flash/flash-board';
import { flashImage, type FlashImageOptions } from '../../node/flash/flash-image';
import { flashRun, type FlashRunReport } from '../../node/flash/flash-run';
import type { FlashTarget } from '../../node/flash/job';
import type { Problem } from '../../core/problem';
import { describeProblem, requireRun } from '../../node/run/folder';
import type { CommandContext } from '../context';
import type { Output } from '../output';
import { describeBuild } from './build';

export interface FlashCommandOptions {
  /** Port, serial number or drive of the board, or of its debug probe; the only one when left out. */
  board?: string;
  /** Build nothing, and keep the program on the board where it can run the model. */
  modelOnly?: boolean;
}

/** `starmind flash RUN` or `starmind flash FILE.uf2`. */
export async function flash(
  { output, signal }: CommandContext,
  what: string,
  { board, modelOnly = false }: FlashCommandOptions,
): Promise<void> {
  const { flashOnto, problems } = await flasherOf(what, modelOnly);
  for (const problem of problems) output.warning(describeProblem(problem));
  const target = await chooseTarget(board);
  tellFlash(
    output,
    target,
    await flashOnto(target, {
      signal,
      onLine: (line) => output.progress(line),
      onProgress: ({ message }) => output.progress(message),
    }),
    problems,
  );
}

interface Flasher {
  flashOnto: (target: FlashTarget, options: FlashImageOptions) => Promise<FlashRunReport>;
  /** Faults of the file in spite of which it is flashed. */
  problems: readonly Problem[];
}

/** Returns the way to flash the file or run at a path, once a board is chosen. */
async function flasherOf(path: string, modelOnly: boolean): Promise<Flasher> {
  if (!(await isFile(path))) {
    const run = requireRun(path);
    return {
      flashOnto: (target, options) => flashRun(run, target, { ...options, modelOnly }),
      problems: [],
    };
  }
  const uf2 = await readFile(path);
  const { segments, problems } = contentsOf(uf2);
  if (modelOnly) {
    const image = imageIn(segments, path);
    return { flashOnto: (target, options) => flashImage(image, target, options), problems: [] };
  }
  const plan = { flash: 'program', reason: `All of ${path} was flashed.` } as const;
  return {
    flashOnto: async (target, options) => ({
      ...plan,
      report: await flashBoard(uf2, target, options),
    }),
    problems,
  };
}

/** Shows the result of flashing; its keys are part of the command line's contract. */
function tellFlash(
  output: Output,
  target: FlashTarget,
  { build, report, ...plan }: FlashRunReport,
  problems: readonly Problem[],
): void {
  if (build) output.text(describeBuild(build));
  output.text(report ? describeFlash(report) : plan.reason);
  if (report?.port) output.next(`starmind monitor ${quoted(report.port)}`);
  const nothing = { board: target.id, port: null, method: null, bytes: 0, seconds: 0, model: null };
  output.result({ ...(report ?? nothing), ...plan, problems });
}

async function isFile(path: string): Promise<boolean> {
  if (!existsSync(path)) {
    throw new StarmindError(
      'flash.missing',
      exitCodes.input,
      `There is no ${path}.`,
      'Name a UF2 file, or the folder of a run: runs/NAME.',
    );
  }
  return (await stat(path)).isFile();
}

/** The model image in the contents of a UF2 file. */
function imageIn(segments: readonly Segment[], path: string): Uint8Array {
  const image = modelImageIn(segments);
  if (image) return image;
  const version = modelVersionIn(segments);
  if (version === undefined || version === imageVersion) throw noModelInUf2(path);
  throw oldModelInUf2(path, version);
}

/** @throws StarmindError `flash.uf2` before the search for a board */
function contentsOf(uf2: Uint8Array) {
  const { value: segments, problems } = readUf2(uf2);
  if (!segments) throw uf2Invalid(problems);
  return { segments, problems };
}

function describeFlash(report: FlashReport): string {
  const { board, port, method, bytes, seconds } = report;
  const how = { volume: 'over its drive', picotool: 'with picotool', openocd: 'with OpenOCD' };
  const where = port ?? board;
  const what = `Flashed ${grouped(bytes)} bytes to ${where} ${how[method]} in ${seconds.toFixed(1)} s.`;
  return [what, proofOf(report)].filter(Boolean).join(' ');
}
