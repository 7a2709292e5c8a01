import { dirname, join } from 'node:path';
import { ProgressLocation, tasks, window, type CancellationToken, type Progress } from 'vscode';
import { virtualPico } from '../../node/board/find/found-board';
import { StarmindError } from '../../node/starmind-error';
import { flashInterrupted } from '../../node/flash/flash-errors';
import { runFolder } from '../../node/run/folder';
import { isBoard } from '../boards/boards-view';
import { chooseBoard } from '../boards/choose-board';
import { log } from '../log';
import { alreadyFlashing, stillBuilding } from '../command-errors';
import { targetOf } from '../target';
import { runPath, taskType, type StarmindTaskDefinition } from '../tasks/definition';
import { prepare, requireTrust } from '../tasks/prepare';
import type { Subject } from '../tasks/subject';
import type { FlashContext, Flashing } from './flashing';
import { onBoard } from './on-board';
import { onVirtualPico } from './on-virtual-pico';

/** Build & Flash and Flash Model Only. One at a time: builds of a run share its folder. */
export class FlashCommand {
  private isBusy = false;

  constructor(private readonly context: FlashContext) {}

  /**
   * Builds the program if it is stale, lends the port to the flasher, and shows the board's output
   * afterwards.
   *
   * @param argument what the user called the command on: a model, a run or a board
   * @param modelOnly leave the program on the board as it is
   * @throws StarmindError `flash.*`, `build.*`, `board.*` and the errors of preparing the run
   */
  async flash(argument: unknown, modelOnly: boolean): Promise<void> {
    requireTrust();
    if (this.isBusy) throw alreadyFlashing();
    this.isBusy = true;
    try {
      await this.begin(argument, modelOnly);
    } finally {
      this.isBusy = false;
    }
  }

  private async begin(argument: unknown, modelOnly: boolean): Promise<void> {
    const { context } = this;
    // When the user calls it on a board, it uses the model in sight.
    const board = isBoard(argument) ? argument : undefined;
    if (board) await context.boards.choose(board.id);
    const target = await targetOf(board ? undefined : argument);
    const subject = target && (await prepare(target, 'build'));
    if (!subject) return;
    if (isBuilding(subject)) throw stillBuilding(subject.run);
    const id = await chooseBoard(context.boards);
    if (id === undefined) return;
    const run = runFolder(join(dirname(subject.model.uri.fsPath), runPath(subject.run)));
    const title = modelOnly ? 'Flash model' : 'Build & flash';
    const done = await window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      (progress, cancellation) =>
        untilCancelled(cancellation, (signal) => {
          const tell = teller(progress);
          const flashing: Flashing = { ...context, run, modelOnly, signal, tell };
          return id === virtualPico.id ? onVirtualPico(flashing) : onBoard(flashing, id);
        }),
    );
    log.info(done.text);
    if (done.isComplete) context.openMonitor();
    void window.showInformationMessage(done.text);
  }
}

/** Whether a task is building in the folder that this command would build in. */
function isBuilding({ model }: Subject): boolean {
  return tasks.taskExecutions.some(({ task: { definition, scope } }) => {
    const { type, command, file } = definition as Partial<StarmindTaskDefinition>;
    const builds = type === taskType && (command === 'build' || command === 'run');
    return builds && file === model.relativePath && scope === model.folder;
  });
}

/** How a flashing ended, in words. */
interface Ended {
  text: string;
  isComplete: boolean;
}

/**
 * A cancelled flashing is not an error to the user, who asked for it; report only what it left
 * behind.
 */
async function untilCancelled(
  cancellation: CancellationToken,
  use: (signal: AbortSignal) => Promise<string>,
): Promise<Ended> {
  const abort = new AbortController();
  cancellation.onCancellationRequested(() => abort.abort(flashInterrupted('untouched')));
  try {
    return { text: await use(abort.signal), isComplete: true };
  } catch (error) {
    if (!abort.signal.aborted || !(error instanceof StarmindError)) throw error;
    return { text: `${error.message} ${error.remedy}`, isComplete: false };
  }
}

/** VS Code counts progress up to 100; steps without a fraction also go to the log. */
function teller(
  progress: Progress<{ message?: string; increment?: number }>,
): (message: string, fraction?: number) => void {
  let told = 0;
  return (message, fraction) => {
    if (fraction === undefined) log.info(message);
    const increment = fraction === undefined ? undefined : 100 * Math.max(0, fraction - told);
    if (fraction !== undefined) told = Math.max(told, fraction);
    progress.report({ message, ...(increment !== undefined && { increment }) });
  };
}
