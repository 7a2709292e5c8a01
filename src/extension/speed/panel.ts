import { Disposable, ProgressLocation, window, type Uri, type WebviewPanel } from 'vscode';
import type { FromSpeedPage, Measurement, ToSpeedPage } from '../../core/bench/speed-messages';
import { StarmindError } from '../../node/starmind-error';
import { log } from '../log';
import { reported } from '../show';
import { SinglePanel } from '../single-panel';
import { targetOf, type Target } from '../target';
import { requireTrust } from '../tasks/prepare';
import { subjectOf, type Subject } from './measure';
import { speedViewType } from './view-type';

/** The page with the speed of a model, which the virtual Pico measures. One measurement at a time. */
export class SpeedPanel {
  private readonly panel: SinglePanel;
  /** Sends to the page; undefined while it is closed. */
  private post: ((message: ToSpeedPage) => void) | undefined;
  /** The last message: a page that opens while a measurement runs needs it. */
  private last: ToSpeedPage | undefined;
  private running: AbortController | undefined;
  private target: Target | undefined;

  constructor(extensionUri: Uri) {
    this.panel = new SinglePanel(extensionUri, {
      viewType: speedViewType,
      title: 'Speed',
      bundle: 'speed',
      connect: (panel) => this.connect(panel),
    });
  }

  /**
   * Measures a model, and shows what it found.
   *
   * @param argument what the user called the command on: a model or a run
   * @throws StarmindError `workspace.*`, `model.*`
   */
  async measure(argument: unknown): Promise<void> {
    requireTrust();
    const target = await targetOf(argument);
    if (target) await this.measureTarget(target);
  }

  dispose(): void {
    this.running?.abort();
    this.panel.dispose();
  }

  private async measureTarget(target: Target): Promise<void> {
    const subject = await subjectOf(target);
    if (!subject) return;
    this.running?.abort();
    const running = (this.running = new AbortController());
    this.target = target;
    this.panel.open();
    const title = `Measuring ${subject.title}`;
    await window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      async (progress, cancellation) => {
        cancellation.onCancellationRequested(() => running.abort());
        const tell = (step: string): void => {
          progress.report({ message: step });
          this.tell(running, { kind: 'measuring', title: subject.title, step });
        };
        tell('Starting');
        const ended = await outcome(subject, running.signal, tell);
        this.tell(running, ended);
      },
    );
  }

  /** Keeps the message for a page that opens later; drops those of an earlier measurement. */
  private tell(running: AbortController, message: ToSpeedPage): void {
    if (this.running !== running) return;
    this.last = message;
    this.post?.(message);
  }

  private connect({ webview }: WebviewPanel): Disposable {
    const post = (message: ToSpeedPage): void => void webview.postMessage(message);
    this.post = post;
    return Disposable.from(
      webview.onDidReceiveMessage((message: FromSpeedPage) => reported(() => this.answer(message))),
      new Disposable(() => {
        if (this.post === post) this.post = undefined;
      }),
    );
  }

  private async answer({ kind }: FromSpeedPage): Promise<void> {
    switch (kind) {
      case 'ready':
        if (this.last) this.post?.(this.last);
        return;
      case 'cancel':
        return this.running?.abort();
      case 'measure':
        requireTrust();
        return this.target ? this.measureTarget(this.target) : this.measure(undefined);
    }
  }
}

/** How a measurement ended. A cancelled one is no error to the user, who asked for it. */
async function outcome(
  subject: Subject,
  signal: AbortSignal,
  tell: (step: string) => void,
): Promise<ToSpeedPage> {
  try {
    const measurement: Measurement = await subject.measure(signal, tell);
    return { kind: 'measured', measurement };
  } catch (error) {
    if (signal.aborted) return { kind: 'ended' };
    // Whatever fails, the page must end: it would say "Measuring" for ever.
    const failure =
      error instanceof StarmindError
        ? `${error.message} ${error.remedy} (${error.code})`
        : String(error);
    log.error(failure);
    return { kind: 'ended', failure };
  }
}
