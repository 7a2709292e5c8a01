import { basename, dirname, join } from 'node:path';
import { ProgressLocation, window, type Progress } from 'vscode';
import { programWithModel } from '../../core/export/model-uf2';
import { readUf2 } from '../../core/export/uf2';
import { grouped } from '../../core/text';
import { virtualPico } from '../../node/board/find/found-board';
import { waitForHello } from '../../node/board/session';
import { TransportBoard } from '../../node/board/transport-board';
import type { BuildReport } from '../../node/build/build-run';
import { StarmindError } from '../../node/errors';
import { flashRun, prepareFlash } from '../../node/flash/flash-run';
import type { FlashTarget } from '../../node/flash/job';
import type { Seen } from '../../node/flash/plan';
import type { FlashProgress } from '../../node/flash/progress';
import { loadRun } from '../../node/run/export';
import { runFolder, type RunFolder } from '../../node/run/folder';
import { BenchTransport } from '../boards/bench-transport';
import type { Boards } from '../boards/boards';
import { chooseBoard } from '../boards/choose-board';
import { boardAway } from '../errors';
import { targetOf } from '../target';
import { prepare, requireTrust } from '../tasks/prepare';
import { runPath } from '../tasks/definition';
import type { Bench } from '../virtual-pico/bench';

/** Milliseconds for the answer of the program that is to be replaced. */
const inspectionTime = 5000;

/** What flashing needs of the window. */
export interface FlashContext {
  boards: Boards;
  bench: Bench;
  /** Shows what the chosen board says then. */
  openMonitor: () => void;
}

interface Flashing extends FlashContext {
  run: RunFolder;
  modelOnly: boolean;
  signal: AbortSignal;
  tell: (message: string, fraction?: number) => void;
}

/**
 * Brings a model onto the board that the user works with and shows what it says: builds the program
 * if it is stale, hands the port over, and takes it back.
 *
 * @param argument what the command was called on
 * @param modelOnly leave the program on the board as it is
 */
export async function flash(
  context: FlashContext,
  argument: unknown,
  modelOnly: boolean,
): Promise<void> {
  requireTrust();
  const target = await targetOf(argument);
  const subject = target && (await prepare(target, 'build'));
  if (!subject) return;
  const id = await chooseBoard(context.boards);
  if (id === undefined) return;
  const run = runFolder(join(dirname(subject.model.uri.fsPath), runPath(subject.run)));
  const title = modelOnly ? 'Flash model' : 'Build & flash';
  const done = await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (progress, cancellation) => {
      const abort = new AbortController();
      cancellation.onCancellationRequested(() => abort.abort());
      const tell = teller(progress);
      const flashing = { ...context, run, modelOnly, signal: abort.signal, tell };
      return id === virtualPico.id ? onVirtualPico(flashing) : onBoard(flashing, id);
    },
  );
  context.openMonitor();
  void window.showInformationMessage(done);
}

/** Returns what was done, in words. */
async function onBoard(flashing: Flashing, id: string): Promise<string> {
  const { boards, run, modelOnly, signal, tell } = flashing;
  const board = (await boards.watcher.refresh()).boards.find((other) => other.id === id);
  if (!board || board.kind === 'virtual' || board.kind === 'probe') throw boardAway();
  const target: FlashTarget = board;
  const result = await boards.link(id).lend('flashing', () =>
    flashRun(run, target, {
      modelOnly,
      signal,
      onLine: tell,
      onProgress: ({ message, fraction }: FlashProgress) => tell(message, fraction),
    }),
  );
  if (result.flash === 'nothing') return result.reason;
  const seconds = result.report?.seconds.toFixed(1) ?? '';
  return `${flashed(run, result.flash)} in ${seconds} s.${sizes(result.build)}`;
}

async function onVirtualPico(flashing: Flashing): Promise<string> {
  const { boards, bench, run, modelOnly, signal, tell } = flashing;
  return boards.link(virtualPico.id).lend('flashing', async () => {
    const seen = await inspectBench(bench);
    const prepared = await prepareFlash(run, seen, { modelOnly, signal, onLine: tell });
    if (prepared.flash === 'nothing') return prepared.reason;
    signal.throwIfAborted();
    tell('Starting the virtual Pico');
    const name = basename(run.path);
    const { program } = bench;
    if (prepared.flash === 'model' && program) {
      const { value = [] } = readUf2(program.uf2);
      const { image } = await loadRun(run);
      await bench.load({ ...program, name, uf2: programWithModel(value, image) });
    } else {
      const elf = join(run.build, 'starmind.elf');
      await bench.load({ name, uf2: prepared.uf2, ...(prepared.build && { elf }) });
    }
    return `${flashed(run, prepared.flash)} on the virtual Pico.${sizes(prepared.build)}`;
  });
}

/** What the virtual Pico says of itself, when it runs a program of ours. */
async function inspectBench(bench: Bench): Promise<Seen> {
  const { power } = await bench.read();
  if (power !== 'running') return { unknown: 'The virtual Pico runs no program.' };
  const board = new TransportBoard(new BenchTransport(bench));
  try {
    await board.open();
    return { hello: await waitForHello(board, inspectionTime) };
  } catch (error) {
    if (!(error instanceof StarmindError)) throw error;
    return { unknown: 'The virtual Pico runs another program.' };
  } finally {
    await board.close();
  }
}

function flashed(run: RunFolder, what: 'program' | 'model'): string {
  return `Flashed the ${what} of ${basename(run.path)}`;
}

/** The size that was linked against the one that was estimated. */
function sizes(build: BuildReport | undefined): string {
  if (!build) return '';
  const { linked, estimated } = build.sram;
  return ` SRAM ${grouped(linked)} bytes; estimated ${grouped(estimated)}.`;
}

/** Progress of VS Code counts up to 100. */
function teller(
  progress: Progress<{ message?: string; increment?: number }>,
): (message: string, fraction?: number) => void {
  let told = 0;
  return (message, fraction) => {
    const increment = fraction === undefined ? undefined : 100 * Math.max(0, fraction - told);
    if (fraction !== undefined) told = Math.max(told, fraction);
    progress.report({ message, ...(increment !== undefined && { increment }) });
  };
}
