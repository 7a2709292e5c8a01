import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { modelImageIn, modelUf2 } from '../../core/export/model-uf2';
import { readUf2 } from '../../core/export/uf2';
import { grouped } from '../../core/text';
import { exitCodes, StarmindError } from '../../node/errors';
import { chooseTarget } from '../../node/flash/choose-target';
import { noModelInUf2, uf2Invalid } from '../../node/flash/errors';
import { flashBoard, type FlashReport } from '../../node/flash/flash-board';
import { flashRun } from '../../node/flash/flash-run';
import type { FlashProgress } from '../../node/flash/progress';
import { requireRun } from '../../node/run/folder';
import type { CommandContext } from '../context';
import { describeBuild } from './build';

export interface FlashCommandOptions {
  /** Port, serial number or drive of the board; the only one when left out. */
  board?: string;
  /** Leave the program on the board as it is. */
  modelOnly?: boolean;
}

/** `starmind flash RUN` or `starmind flash FILE.uf2`. */
export async function flash(
  { output, signal }: CommandContext,
  what: string,
  { board, modelOnly = false }: FlashCommandOptions,
): Promise<void> {
  const target = await chooseTarget(board);
  let step: string | undefined;
  const onProgress = (progress: FlashProgress): void => {
    // One line a step: a copy tells of every few blocks.
    if (progress.step !== step || progress.fraction === 1) output.progress(progress.message);
    step = progress.step;
  };
  if (await isFile(what)) {
    const uf2 = await uf2Of(what, modelOnly);
    const report = await flashBoard(uf2, target, { signal, onProgress });
    output.text(describeFlash(report));
    return output.result({ ...report, flash: modelOnly ? 'model' : 'program' });
  }
  const onLine = (line: string): void => output.progress(line);
  const result = await flashRun(requireRun(what), target, {
    modelOnly,
    signal,
    onProgress,
    onLine,
  });
  if (result.build) output.text(describeBuild(result.build));
  output.text(result.report ? describeFlash(result.report) : result.reason);
  if (result.report?.port) {
    output.text(`Next: starmind monitor ${result.report.port}`);
  }
  const nothing = { board: target.id, port: null, method: null, bytes: 0, seconds: 0, model: null };
  output.result({ ...(result.report ?? nothing), flash: result.flash, reason: result.reason });
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

async function uf2Of(path: string, modelOnly: boolean): Promise<Uint8Array> {
  const uf2 = await readFile(path);
  if (!modelOnly) return uf2;
  const { value, problems } = readUf2(uf2);
  if (!value) throw uf2Invalid(problems);
  const image = modelImageIn(value);
  if (!image) throw noModelInUf2(path);
  return modelUf2(image);
}

function describeFlash({ board, port, method, bytes, seconds, model }: FlashReport): string {
  const how = { volume: 'over its drive', picotool: 'with picotool', openocd: 'with OpenOCD' };
  const where = port ?? board;
  const checked = model === null ? '' : ` It reports model ${model}.`;
  return `Flashed ${grouped(bytes)} bytes to ${where} ${how[method]} in ${seconds.toFixed(1)} s.${checked}`;
}
